"""Raking and poststratification of a scanned design: one pass sums the weights by cell, the rest needs no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.rows.drawn import merge_tallied, tallied
from bildungsbedarf.survey.rows.fitted import Fitting, margin_codes
from bildungsbedarf.survey.rows.scanned import ScannedRows
from bildungsbedarf.survey.sample.cells import Projection, inverse_of
from bildungsbedarf.survey.weighting.margins import Margins, indicators, reachable_totals
from bildungsbedarf.survey.weighting.reports import WeightSums


@dataclass(frozen=True)
class MarginTable:
    """Sums of weights by cell of the design and combination of the margins' categories.

    ``base`` cell and ``codes`` (one array a margin) by row of ``sums``; ``totals`` and ``labels`` are
    those of all categories.
    """

    rows: ScannedRows
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

    def fitted(self, factors: Floats, label: str, *, is_raked: bool) -> ScannedRows:
        """The rows with fitted weights; residuals are regressed on counts after raking, else on the weights before."""
        auxiliary = np.column_stack(
            [indicators(codes, len(total)) for codes, total in zip(self.codes, self.totals, strict=True)]
        )
        regression = self.sums["rows"].to_numpy(dtype=np.float64) if is_raked else self.weights
        squares = self.sums["squares"].to_numpy(dtype=np.float64) * factors**2
        projection = Projection(auxiliary, inverse_of(auxiliary, regression))
        cells = self.rows.drawing.cells(self.base, self.weights * factors, squares, (projection,))
        return self.rows.fitted(Fitting(self.names, self.levels, self.place, factors, cells, label, is_raked))


def read_margins(rows: ScannedRows, margins: Margins) -> MarginTable:
    """One pass over the margins' columns, and checks as for a design in memory.

    Raises
    ------
    DesignError
        As ``rake``; or the weights are fitted already.
    """
    if rows.fitting is not None:
        raise DesignError("weights of a scanned design are fitted once", remedy="give all margins to one call of rake")
    names = tuple(margins)
    rows.look_at(names, levels=True)
    levels = tuple(rows.levels(name) for name in names)
    sums, missing = rows.gather(_MarginSums(names, levels))
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
    return MarginTable(rows, names, levels, place, left, codes, totals, labels, sums)


@dataclass(frozen=True)
class _MarginSums:
    """Sums of weights by base cell and combination, and missing values by margin."""

    names: tuple[str, ...]
    levels: tuple[list[Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.names

    def of(self, block: Block) -> tuple[pd.DataFrame, Mapping[str, int]]:
        codes, known = margin_codes(self.names, self.levels, block.frame, block.cells)
        missing = {name: int(block.frame[name].isna().sum()) for name in self.names}
        return tallied(block.weights[known], codes[known]), missing

    def merge(
        self, one: tuple[pd.DataFrame, Mapping[str, int]], other: tuple[pd.DataFrame, Mapping[str, int]]
    ) -> tuple[pd.DataFrame, Mapping[str, int]]:
        missing = {name: one[1][name] + other[1][name] for name in self.names}
        return merge_tallied(one[0], other[0]), missing
