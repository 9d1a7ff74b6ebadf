"""The rows of a design in memory: what estimators ask of them, and the one pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError, nearest
from bildungsbedarf.survey.blocks import Block, Measure
from bildungsbedarf.survey.cells import Calibration, Cells, cells_of
from bildungsbedarf.survey.levels import levels_of
from bildungsbedarf.survey.profiles import Profile, profile_of
from bildungsbedarf.survey.stages import Floats, Mask, Stage

T = TypeVar("T")
_MOST_CELLS = 1 << 21


class RowsInMemory:
    """What a design knows of its rows; a scanned design answers the same questions from its files."""

    data: pd.DataFrame
    weights: Floats
    domain: Mask
    stages: tuple[Stage, ...]
    calibrations: tuple[Calibration, ...]
    _cells: Cells | None
    _profiles: dict[str, Profile]

    is_scanned = False
    """Rows stay in their file and are read block by block."""

    def column(self, name: str) -> pd.Series:
        """A column of the data.

        Raises
        ------
        DesignError
            No such column; names the nearest one.
        """
        if name not in self.data.columns:
            raise DesignError(f"there is no variable {name!r}", expected=nearest(name, map(str, self.data.columns)))
        return self.data[name]

    @property
    def rows(self) -> int:
        """Rows of the whole sample, inside the domain or not."""
        return len(self.weights)

    @property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibrations cannot tell apart."""
        if self._cells is None:
            self._cells = cells_of(self.stages, self.calibrations, self.weights)
        return self._cells

    @property
    def names(self) -> list[str]:
        """The columns."""
        return [str(name) for name in self.data.columns]

    def fits_cells(self, domains: int) -> bool:
        """Sums by cell and domain are few enough to be kept; else scores by row give the variances.

        Residuals of several calibrations, or of weights trimmed afterwards, need the rows too.
        """
        if not self.calibrations:
            return True
        as_fitted = len(self.calibrations) == 1 and np.array_equal(self.calibrations[0].weights, self.weights)
        return as_fitted and self.cells.count * domains <= _MOST_CELLS

    def profile(self, name: str) -> Profile:
        """A column's type and range."""
        if name not in self._profiles:
            self._profiles[name] = profile_of(self.column(name))
        return self._profiles[name]

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted."""
        return levels_of(self.column(name))

    def holes(self, name: str) -> int:
        """How many rows of the domain lack this variable."""
        return int((self.domain & self.column(name).isna().to_numpy()).sum())

    def occurring(self, name: str, beside: str) -> list[Any]:
        """Categories of persons of the domain who have a value of ``beside`` too."""
        kept = self.domain & (self.weights > 0) & self.column(beside).notna().to_numpy()
        inside = set(self.column(name)[kept].dropna())
        return [category for category in self.levels(name) if category in inside]

    def look_at(self, names: Sequence[str], *, levels: bool = False) -> None:
        """Learn what must be known of columns before their rows are read; in memory that is known."""
        for name in names:
            if name not in self.data.columns:
                self.column(name)

    @property
    def systems(self) -> int:
        """How many weights besides the final ones the sums are kept for."""
        return len(self.calibrations)

    def gather(self, measure: Measure[T]) -> T:
        """One pass over the rows."""
        return measure.of(self.block(measure.columns))

    def block(self, columns: Sequence[str]) -> Block:
        """All rows, with these columns at least."""
        self.look_at(columns)
        fitted = tuple(
            (calibration.weights, None if (calibration.regression == 1).all() else calibration.regression)
            for calibration in reversed(self.calibrations)
        )
        return Block(self.data, self.weights, self.domain, self.cells.codes, fitted)
