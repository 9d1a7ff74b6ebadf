"""What must be known of a column before its rows are read: is it a number, whole, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_CODES = 64
"""Whole numbers within so wide a range are read as codes, not as numbers."""


@dataclass(frozen=True)
class Profile:
    """A column's type and, for numbers, their range (NaN where all are missing).

    Numbers are ``is_whole`` where they are integers by type, or all whole and near each other.
    """

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
    kind = str(column.dtype)
    if pd.api.types.is_integer_dtype(column.dtype):
        known = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.dropna().to_numpy(dtype=np.int64)
        if not known.size:
            return Profile(kind, True, False, np.nan, np.nan)
        return Profile(kind, True, True, float(known.min()), float(known.max()))
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))
    # of numbers that range far nobody asks whether they are whole
    is_near = high - low < MOST_CODES
    whole = is_near and bool((np.isnan(numbers) | (numbers == np.floor(numbers))).all())
    return Profile(kind, True, whole, low, high)
