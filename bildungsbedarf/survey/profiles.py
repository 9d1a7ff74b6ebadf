"""What must be known of a column before its rows are read: is it a number, whole, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Profile:
    """A column's type and, for numbers, their range (NaN where all are missing)."""

    kind: str
    is_numeric: bool
    is_whole: bool
    low: float
    high: float

    def joined(self, other: Profile) -> Profile:
        """Of both columns' rows together."""
        low, high = float(np.fmin(self.low, other.low)), float(np.fmax(self.high, other.high))
        whole = all(part.is_whole or np.isnan(part.low) for part in (self, other)) and np.isfinite(low + high)
        return Profile(self.kind, self.is_numeric, bool(whole), low, high)


def profile_of(column: pd.Series) -> Profile:
    """Profile of a column in memory; booleans count as the numbers 0 and 1."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return Profile(str(column.dtype), True, True, 0.0, 1.0)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return Profile(str(column.dtype), False, False, np.nan, np.nan)
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(numbers).all():
        return Profile(str(column.dtype), True, False, np.nan, np.nan)
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))
    whole = pd.api.types.is_integer_dtype(column.dtype) or bool(
        (np.isnan(numbers) | (numbers == np.floor(numbers))).all()
    )
    return Profile(str(column.dtype), True, whole and np.isfinite(low + high), low, high)
