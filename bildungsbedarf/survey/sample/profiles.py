"""What must be known of a column before its rows are read: is it a number, whole, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError

_LARGEST = 2**53
MOST_CODES = 64
"""Whole numbers within so wide a range are read as codes, not as numbers."""


@dataclass(frozen=True)
class Profile:
    """A column's type and, for numbers, their range (NaN where all are missing).

    Numbers are ``is_whole`` where they are integers by type, or all whole and near each other; ``is_two`` where each
    is ``low`` or ``high`` (of scanned columns only where their rows were looked at).
    """

    kind: str
    is_numeric: bool
    is_whole: bool
    low: float
    high: float
    is_two: bool = False

    def joined(self, other: Profile) -> Profile:
        """Of both columns' rows together."""
        low, high = float(np.fmin(self.low, other.low)), float(np.fmax(self.high, other.high))
        whole = all(part.is_whole or np.isnan(part.low) for part in (self, other)) and np.isfinite(low + high)
        ends = {end for part in (self, other) for end in (part.low, part.high) if not np.isnan(end)}
        is_two = len(ends) <= 2 and all(part.is_two or np.isnan(part.low) for part in (self, other))
        return Profile(self.kind, self.is_numeric, bool(whole), low, high, is_two)


def profile_of(column: pd.Series) -> Profile:
    """Profile of a column in memory; booleans count as the numbers 0 and 1.

    Raises
    ------
    DesignError
        Whole numbers too large to be told apart as numbers.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return Profile(str(column.dtype), True, True, 0.0, 1.0, True)
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_complex_dtype(column.dtype):
        return Profile(str(column.dtype), False, False, np.nan, np.nan)
    kind = str(column.dtype)
    if pd.api.types.is_integer_dtype(column.dtype):
        known = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.dropna().to_numpy()
        if not known.size:
            return Profile(kind, True, False, np.nan, np.nan)
        least, most = int(known.min()), int(known.max())
        refuse_large(least, most)
        return Profile(kind, True, True, float(least), float(most), bool(((known == least) | (known == most)).all()))
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))
    # of numbers that range far nobody asks whether they are whole
    is_near = high - low < MOST_CODES
    whole = is_near and bool((np.isnan(numbers) | (numbers == np.floor(numbers))).all())
    two = bool((np.isnan(numbers) | (numbers == low) | (numbers == high)).all())
    return Profile(kind, True, whole, low, high, two)


def refuse_large(low: float, high: float) -> None:
    """Refuse whole numbers beyond 2^53: as floating point numbers neighbours are the same.

    Raises
    ------
    DesignError
        Such numbers.
    """
    if max(-low, high) > _LARGEST:
        raise DesignError(
            "whole numbers this large cannot be told apart",
            value=f"{low} to {high}",
            expected="numbers up to 2^53",
            remedy="where they name something (a record, a place), make texts of them: data['id'].astype(str)",
        )
