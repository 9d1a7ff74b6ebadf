"""A design whose rows stay in Parquet: the same estimators, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd
from pyarrow.dataset import Dataset

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.study.expression import Expression
from bildungsbedarf.survey.blocks import Block, Measure
from bildungsbedarf.survey.cells import Cells, LonelyPsu, check_lonely
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.drawn import Drawing, read_drawing
from bildungsbedarf.survey.executors import check_executor, gather
from bildungsbedarf.survey.facts import Domain, DomainFacts, Holes, Occurring
from bildungsbedarf.survey.fitting import Fitting
from bildungsbedarf.survey.looks import Looks
from bildungsbedarf.survey.profiles import Profile
from bildungsbedarf.survey.source import ParquetSource
from bildungsbedarf.survey.stages import DesignColumns, Floats, Mask, count_distinct

T = TypeVar("T")
_MOST_CELLS = 1 << 21
_IN_MEMORY = ("data", "weights", "domain", "stages")


class ScannedDesign(SurveyDesign):
    """What ``SurveyDesign.scan`` returns."""

    is_scanned = True

    def __init__(
        self,
        source: str | Path | Dataset,
        weights: str | None,
        strata: str | None,
        clusters: Sequence[str],
        fpc: Sequence[str],
        lonely_psu: LonelyPsu,
        nested: bool,
        executor: str,
    ) -> None:
        check_lonely(lonely_psu)
        check_executor(executor)
        self.lonely_psu = lonely_psu
        self.executor = executor
        self.source = ParquetSource.open(source)
        self.columns = DesignColumns(weights, strata, tuple(clusters), tuple(fpc))
        self.drawing: Drawing = read_drawing(self.source, self.columns, nested, executor)
        self.conditions: tuple[Expression, ...] = ()
        self.fitting: Fitting | None = None
        self.calibrations = ()
        self.replicates = None
        self.report = None
        self._df = None
        self._cells = None
        self._facts: dict[Any, Any] = {}
        self._looks = Looks(self.source, executor)

    def __getattr__(self, name: str) -> Any:
        """Say what needs the rows in memory."""
        if name in _IN_MEMORY:
            raise DesignError(
                "this is not offered for a scanned design: it needs all rows in memory",
                where=self.source.name,
                remedy="read the columns you need with pandas and make a SurveyDesign of them",
            )
        raise AttributeError(name)

    def __len__(self) -> int:
        return int(self._inside().rows)

    def __repr__(self) -> str:
        inside = self._inside()
        return (
            f"<SurveyDesign, scanned: {inside.rows} of {self.rows} rows, {self.outline()[0][1]} PSUs, "
            f"weights sum to {inside.weight:,.1f}>"
        )

    def outline(self) -> list[tuple[int, int, bool]]:
        """By stage: strata, sampling units, and whether there is a finite population correction."""
        units = [self.rows if self.drawing.rows_are_units else count_distinct(s.unit) for s in self.drawing.stages]
        return [
            (count_distinct(stage.stratum), count, bool(np.isfinite(stage.population).all()))
            for stage, count in zip(self.drawing.stages, units, strict=True)
        ]

    @property
    def fitted_to(self) -> list[str]:
        """What the weights were fitted to, in words."""
        return [] if self.fitting is None else [self.fitting.label]

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return self.source.rows

    @property
    def names(self) -> list[str]:
        """The columns of the files."""
        return [str(name) for name in self.source.schema.names]

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs − strata of the domain."""
        if self._df is None:
            inside = self._inside()
            self._df = self.drawing.df(np.flatnonzero(inside.units), inside.persons)
        return self._df

    @property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibration cannot tell apart."""
        if self.fitting is not None:
            return self.fitting.cells
        if self._cells is None:
            drawing = self.drawing
            base = np.arange(len(drawing.first))
            weights, squares = (
                np.asarray(np.bincount(drawing.base, weights=drawing.table[name]), dtype=np.float64)
                for name in ("weight", "squares")
            )
            self._cells = drawing.cells(base, weights, squares, ())
        return self._cells

    @property
    def systems(self) -> int:
        """How many weights besides the final ones the sums are kept for."""
        return int(self.fitting is not None)

    def fits_cells(self, domains: int) -> bool:
        """Sums by cell and domain are few enough to be kept."""
        return self.cells.count * domains <= _MOST_CELLS

    def where(self, condition: str | pd.Series | Mask) -> SurveyDesign:
        """A domain: rows where the text ``condition`` holds; the design stays whole."""
        if not isinstance(condition, str):
            raise DesignError(
                "a mask is not offered for a scanned design: it would hold all rows",
                expected="a condition such as \"age >= 65 and sex == 'f'\"",
            )
        expression = Expression(condition)
        for name in expression.names:
            if name not in self.names:
                raise ConfigError(
                    f"condition names an unknown column {name!r}",
                    value=condition,
                    expected=nearest(name, self.names),
                )
        return self._with(conditions=(*self.conditions, expression), _facts={})

    def with_fitting(self, fitting: Fitting, report: Any) -> SurveyDesign:
        """The same design with fitted weights."""
        return self._with(fitting=fitting, report=report, _facts={})

    def look_at(self, names: Sequence[str], *, levels: bool = False) -> None:
        """Learn types and ranges, or the categories too, of all these columns in one pass."""
        self._looks.at(names, levels=levels)

    def profile(self, name: str) -> Profile:
        """A column's type and range."""
        return self._looks.profile(name)

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted."""
        return self._looks.levels(name)

    def holes(self, name: str) -> int:
        """How many rows of the domain lack this variable."""
        key = "holes", name
        if key not in self._facts:
            self._facts[key] = self.gather(Holes(name))
        return int(self._facts[key])

    def occurring(self, name: str, beside: str) -> list[Any]:
        """Categories of persons of the domain who have a value of ``beside`` too."""
        key = "occurring", name, beside
        if key not in self._facts:
            self._facts[key] = self.gather(Occurring(name, beside, tuple(self.levels(name))))
        return [level for level, found in zip(self.levels(name), self._facts[key], strict=True) if found]

    def gather(self, measure: Measure[T]) -> T:
        """One pass over the rows."""
        names = [*measure.columns, *self.drawing.columns.all]
        names += [name for condition in self.conditions for name in condition.names]
        names += () if self.fitting is None else self.fitting.names
        for name in measure.columns:
            self.source.type(name)
        reading = Reading(self.drawing, self.fitting, self.conditions)
        return gather(self.source, list(dict.fromkeys(names)), _Pass(reading, measure), self.executor)

    def block(self, columns: Sequence[str]) -> Block:
        """Not offered: it would hold all rows."""
        raise DesignError("a scanned design is read block by block", where=self.source.name, value=", ".join(columns))

    def _inside(self) -> Domain:
        if "inside" not in self._facts:
            self._facts["inside"] = self._whole() if not self.conditions else self.gather(DomainFacts(self.drawing))
        found: Domain = self._facts["inside"]
        return found

    def _whole(self) -> Domain:
        """Without a condition nothing need be read."""
        table = self.drawing.table
        positive = table["positive"].to_numpy()
        weight = float(self.cells.weights.sum())
        return Domain(self.rows, int(positive.sum()), weight, np.asarray(positive > 0))


@dataclass(frozen=True)
class Reading:
    """How blocks are made of a file's rows."""

    drawing: Drawing
    fitting: Fitting | None
    conditions: tuple[Expression, ...]

    def block(self, frame: pd.DataFrame, first: int) -> Block:
        """The rows with their weights, cells, and whether they are in the domain."""
        unit = self.drawing.unit(frame)
        weights = self.drawing.weights(frame, unit)
        inside = np.ones(len(frame), dtype=bool)
        for condition in self.conditions:
            inside &= condition.evaluate(frame).fillna(False).to_numpy(dtype=bool)
        cells = self.drawing.base[unit]
        fitted: tuple[tuple[Floats, Floats | None], ...] = ()
        if self.fitting is not None:
            cells, weights, regression = self.fitting.of(frame, cells, weights)
            fitted = ((weights, regression),)
        return Block(frame, weights, inside, cells, fitted, first)


@dataclass(frozen=True)
class _Pass(Generic[T]):
    """A measure over a file's rows."""

    reading: Reading
    measure: Measure[T]

    def of(self, frame: pd.DataFrame, first: int) -> T:
        return self.measure.of(self.reading.block(frame, first))

    def merge(self, one: T, other: T) -> T:
        return self.measure.merge(one, other)
