"""Raking and poststratification of a scanned design: one pass sums the weights by cell, the rest needs no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.blocks import Block
from bildungsbedarf.survey.cells import Cells, Projection, inverse_of
from bildungsbedarf.survey.drawn import Drawing, merge_tallied, tallied
from bildungsbedarf.survey.levels import level_codes
from bildungsbedarf.survey.margins import Margins, indicators, reachable_totals
from bildungsbedarf.survey.reports import WeightSums
from bildungsbedarf.survey.stages import Floats, Ints, Mask

if TYPE_CHECKING:
    from bildungsbedarf.survey.scanned import ScannedDesign


@dataclass(frozen=True)
class Fitting:
    """Weights fitted to margins: a factor by combination of their categories.

    ``place`` are the ascending codes of base cell and combination that occur: the design's cells; by
    cell: ``factor`` and ``auxiliary`` (cells × totals). ``is_raked`` says how residuals are weighted.
    """

    names: tuple[str, ...]
    levels: tuple[list[Any], ...]
    place: Ints
    factor: Floats
    cells: Cells
    label: str
    is_raked: bool

    def of(self, frame: pd.DataFrame, base: Ints, weights: Floats) -> tuple[Ints, Floats, Floats | None]:
        """Each row's cell, its fitted weight, and the weight of the regression (``None``: 1)."""
        cell = np.searchsorted(self.place, _codes(self.names, self.levels, frame, base)[0])
        return cell, weights * self.factor[cell], None if self.is_raked else weights


@dataclass(frozen=True)
class MarginTable:
    """Sums of weights by cell of the design and combination of the margins' categories.

    ``base`` cell and ``codes`` (one array a margin) by row of ``sums``; ``totals`` and ``labels`` are
    those of all categories.
    """

    names: tuple[str, ...]
    levels: tuple[list[Any], ...]
    place: Ints
    base: Ints
    codes: list[Ints]
    totals: list[Floats]
    labels: list[tuple[str, str]]
    sums: pd.DataFrame

    @property
    def weights(self) -> Floats:
        """Sums of weights."""
        return self.sums["weight"].to_numpy(dtype=np.float64)

    def weight_sums(self, factors: Floats) -> WeightSums:
        """What a report needs to know of the fitted weights."""
        table = self.sums
        return WeightSums(
            float(table["rows"].sum()),
            float((self.weights * factors).sum()),
            float((table["squares"].to_numpy() * factors**2).sum()),
            float((table["low"].to_numpy() * factors).min()),
            float((table["high"].to_numpy() * factors).max()),
        )

    def fitting(self, drawing: Drawing, factors: Floats, label: str, *, is_raked: bool) -> Fitting:
        """The fitted weights, with the residuals' regression: on counts after raking, else on the weights before."""
        auxiliary = np.column_stack(
            [indicators(codes, len(total)) for codes, total in zip(self.codes, self.totals, strict=True)]
        )
        regression = self.sums["rows"].to_numpy(dtype=np.float64) if is_raked else self.weights
        squares = self.sums["squares"].to_numpy(dtype=np.float64) * factors**2
        projection = Projection(auxiliary, inverse_of(auxiliary, regression))
        cells = drawing.cells(self.base, self.weights * factors, squares, (projection,))
        return Fitting(self.names, self.levels, self.place, factors, cells, label, is_raked)


def read_margins(d: ScannedDesign, margins: Margins) -> MarginTable:
    """One pass over the margins' columns, and checks as for a design in memory.

    Raises
    ------
    DesignError
        As ``rake``; or the weights are fitted already.
    """
    if d.fitting is not None:
        raise DesignError("weights of a scanned design are fitted once", remedy="give all margins to one call of rake")
    names = tuple(margins)
    d.look_at(names, levels=True)
    levels = tuple(d.levels(name) for name in names)
    sums, missing = d.gather(_MarginSums(names, levels))
    place = sums.index.to_numpy(dtype=np.int64)
    codes: list[Ints] = []
    left = place
    for known in reversed(levels):
        codes.insert(0, left % len(known))
        left = left // len(known)
    persons = {
        name: dict(zip(known, np.bincount(code, weights=sums["rows"], minlength=len(known)).astype(int), strict=True))
        for name, known, code in zip(names, levels, codes, strict=True)
    }
    totals = reachable_totals(margins, persons, missing)
    labels = [(name, str(level)) for name, known in zip(names, levels, strict=True) for level in known]
    return MarginTable(names, levels, place, left, codes, totals, labels, sums)


@dataclass(frozen=True)
class _MarginSums:
    """Sums of weights by base cell and combination, and missing values by margin."""

    names: tuple[str, ...]
    levels: tuple[list[Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.names

    def of(self, block: Block) -> tuple[pd.DataFrame, Mapping[str, int]]:
        codes, known = _codes(self.names, self.levels, block.frame, block.cells)
        missing = {name: int(block.frame[name].isna().sum()) for name in self.names}
        return tallied(block.weights[known], codes[known]), missing

    def merge(
        self, one: tuple[pd.DataFrame, Mapping[str, int]], other: tuple[pd.DataFrame, Mapping[str, int]]
    ) -> tuple[pd.DataFrame, Mapping[str, int]]:
        missing = {name: one[1][name] + other[1][name] for name in self.names}
        return merge_tallied(one[0], other[0]), missing


def _codes(names: tuple[str, ...], levels: tuple[list[Any], ...], frame: pd.DataFrame, base: Ints) -> tuple[Ints, Mask]:
    """Base cell and combination as one number, and the rows that have all."""
    codes, known = base, np.ones(len(frame), dtype=bool)
    for name, categories in zip(names, levels, strict=True):
        code = level_codes(frame[name], categories)
        known &= code >= 0
        codes = codes * len(categories) + np.maximum(code, 0)
    return codes, known
