"""Weights fitted to margins, as scanned rows carry them: a factor by combination of the margins' categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.sample.cells import Cells
from bildungsbedarf.survey.sample.levels import level_codes


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
        cell = np.searchsorted(self.place, margin_codes(self.names, self.levels, frame, base)[0])
        return cell, weights * self.factor[cell], None if self.is_raked else weights


def margin_codes(
    names: tuple[str, ...], levels: tuple[list[Any], ...], frame: pd.DataFrame, base: Ints
) -> tuple[Ints, Mask]:
    """Base cell and combination as one number, and the rows that have all."""
    codes, known = base, np.ones(len(frame), dtype=bool)
    for name, categories in zip(names, levels, strict=True):
        code = level_codes(frame[name], categories)
        known &= code >= 0
        codes = codes * len(categories) + np.maximum(code, 0)
    return codes, known
