"""The rows of a sample that stay in Parquet: the same questions answered block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

import numpy as np
import pandas as pd
from pyarrow.dataset import Dataset

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.expression import Expression
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.frames import texts_among
from bildungsbedarf.survey.rows.blocks import Block, Measured
from bildungsbedarf.survey.rows.drawn import Drawing, read_drawing
from bildungsbedarf.survey.rows.executors import check_executor, gather
from bildungsbedarf.survey.rows.facts import Domain, DomainFacts, Holes, Occurring
from bildungsbedarf.survey.rows.fitted import Fitting
from bildungsbedarf.survey.rows.looks import Looks
from bildungsbedarf.survey.rows.parquet import ParquetSource
from bildungsbedarf.survey.sample.cells import MOST_UNEVEN, Cells
from bildungsbedarf.survey.sample.profiles import Profile
from bildungsbedarf.survey.sample.stages import DesignColumns, count_distinct

T = TypeVar("T")
_MOST_CELLS = 1 << 21


@dataclass(frozen=True, eq=False)
class ScannedRows:
    """Parquet files with what was found in one pass over the design's own columns.

    ``conditions`` make the domain, ``fitting`` are weights fitted to margins. ``looks`` and what is counted are
    kept, so that nothing is read twice.
    """

    source: ParquetSource
    drawing: Drawing
    executor: str
    looks: Looks
    conditions: tuple[Expression, ...] = ()
    fitting: Fitting | None = None
    _counted: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    is_scanned = True

    @staticmethod
    def open(source: str | Path | Dataset, columns: DesignColumns, nested: bool, executor: str) -> ScannedRows:
        """Read the design's own columns of a Parquet file, folder or dataset.

        Raises
        ------
        ConfigError, DesignError
            An unknown executor; no Parquet files, or columns that make no design.
        """
        check_executor(executor)
        opened = ParquetSource.open(source)
        drawing = read_drawing(opened, columns, nested, executor)
        return ScannedRows(opened, drawing, executor, Looks(opened, executor))

    @property
    def count(self) -> int:
        """Rows of all files."""
        return self.source.rows

    @property
    def inside(self) -> int:
        """Rows of the domain."""
        return self._domain.rows

    @property
    def weight(self) -> float:
        """Sum of the weights of the domain."""
        return self._domain.weight

    @property
    def df(self) -> int:
        """PSUs − strata of the persons of the domain."""
        return self.drawing.df(np.flatnonzero(self._domain.units), self._domain.persons)

    @property
    def names(self) -> list[str]:
        """The columns of the files."""
        return [str(name) for name in self.source.schema.names]

    @property
    def texts(self) -> list[str]:
        """The columns of the files that hold texts, also as categories."""
        return texts_among(self.source.schema.empty_table().to_pandas())

    @cached_property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibration cannot tell apart."""
        if self.fitting is not None:
            return self.fitting.cells
        drawing = self.drawing
        weights, squares = (
            np.asarray(np.bincount(drawing.base, weights=drawing.table[name]), dtype=np.float64)
            for name in ("weight", "squares")
        )
        return drawing.cells(np.arange(len(drawing.first)), weights, squares, ())

    @property
    def systems(self) -> int:
        """How many weights besides the final ones the sums are kept for."""
        return int(self.fitting is not None)

    @property
    def fitted_to(self) -> list[str]:
        """What the weights were fitted to, in words."""
        return [] if self.fitting is None else [self.fitting.label]

    def outline(self) -> list[tuple[int, int, bool]]:
        """By stage: strata, sampling units, and whether there is a finite population correction."""
        units = [self.count if self.drawing.rows_are_units else count_distinct(s.unit) for s in self.drawing.stages]
        return [
            (count_distinct(stage.stratum), count, bool(np.isfinite(stage.population).all()))
            for stage, count in zip(self.drawing.stages, units, strict=True)
        ]

    def fits_cells(self, domains: int) -> bool:
        """Sums by cell and domain are few enough to be kept, and weights not too uneven for them."""
        lows, highs = (self.drawing.table[name] for name in ("low", "high"))
        if self.cells.rows_are_units and highs.max() > MOST_UNEVEN * lows[lows > 0].min():
            return False
        return self.cells.count * domains <= _MOST_CELLS

    def look_at(self, names: Sequence[str], *, levels: bool = False) -> None:
        """Learn types and ranges, or the categories too, of all these columns in one pass."""
        self.looks.at(names, levels=levels)

    def profile(self, name: str) -> Profile:
        """A column's type and range."""
        return self.looks.profile(name)

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted."""
        return self.looks.levels(name)

    def holes(self, name: str) -> int:
        """How many rows of the domain lack this variable."""
        key = "holes", name
        if key not in self._counted:
            self._counted[key] = self.gather(Holes(name))
        return int(self._counted[key])

    def occurring(self, name: str, beside: str) -> list[Any]:
        """Categories of persons of the domain who have a value of ``beside`` too."""
        key = "occurring", name, beside
        if key not in self._counted:
            self._counted[key] = self.gather(Occurring(name, beside, tuple(self.levels(name))))
        return [level for level, found in zip(self.levels(name), self._counted[key], strict=True) if found]

    def gather(self, measured: Measured[T]) -> T:
        """One pass over the rows."""
        names = [*measured.columns, *self.drawing.columns.all]
        names += [name for condition in self.conditions for name in condition.names]
        names += () if self.fitting is None else self.fitting.names
        for name in measured.columns:
            self.source.type(name)
        reading = Reading(self.drawing, self.fitting, self.conditions)
        return gather(self.source, list(dict.fromkeys(names)), _Pass(reading, measured), self.executor)

    def block(self, columns: Sequence[str]) -> NoReturn:
        """Not offered: it would hold all rows."""
        raise DesignError("a scanned design is read block by block", where=self.source.name, value=", ".join(columns))

    def where(self, condition: object) -> ScannedRows:
        """A domain: rows where the text ``condition`` holds.

        Raises
        ------
        DesignError, ConfigError
            A mask, which would hold all rows; a condition that cannot be read or names an unknown column.
        """
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
        return replace(self, conditions=(*self.conditions, expression), _counted={})

    def fitted(self, fitting: Fitting) -> ScannedRows:
        """The same rows with fitted weights."""
        return replace(self, fitting=fitting, _counted={})

    @property
    def _domain(self) -> Domain:
        if "inside" not in self._counted:
            self._counted["inside"] = self._whole() if not self.conditions else self.gather(DomainFacts(self.drawing))
        found: Domain = self._counted["inside"]
        return found

    def _whole(self) -> Domain:
        """Without a condition nothing need be read."""
        positive = self.drawing.table["positive"].to_numpy()
        weight = float(self.cells.weights.sum())
        return Domain(self.count, int(positive.sum()), weight, np.asarray(positive > 0))


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
    """What is measured, over a file's rows."""

    reading: Reading
    measured: Measured[T]

    def of(self, frame: pd.DataFrame, first: int) -> T:
        return self.measured.of(self.reading.block(frame, first))

    def merge(self, one: T, other: T) -> T:
        return self.measured.merge(one, other)
