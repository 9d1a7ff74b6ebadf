"""Categories of a column, and where among them each row stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.sample.profiles import refuse_large

_MOST_CODES = 64


def levels_of(column: pd.Series) -> list[Any]:
    """Categories of a variable: all declared ones, else those that occur, sorted.

    Raises
    ------
    DesignError
        They cannot be told apart or put in order.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    if pd.api.types.is_bool_dtype(column.dtype):
        return [False, True]
    try:
        found = sorted(column.dropna().unique())
    except TypeError:
        kinds = sorted({type(value).__name__ for value in column.dropna()})
        raise DesignError(
            "categories of different kinds, or of one that has none",
            where=f"variable {column.name}",
            value=", ".join(kinds),
            expected="texts, numbers or truth values, one kind a column",
        ) from None
    if found and pd.api.types.is_integer_dtype(column.dtype):
        refuse_large(int(found[0]), int(found[-1]))
    return found


def level_codes(column: pd.Series, levels: Sequence[Any]) -> Ints:
    """Where each row's value stands among the levels; −1 where it is none of them."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        categories = list(column.cat.categories)
        if categories == list(levels):
            return codes.astype(np.int64)
        # one look-up a category, not one a row; the last place takes the missing ones
        place = np.append(_places(pd.Series(categories, dtype="object"), levels), -1)
        return np.asarray(place[codes])
    if pd.api.types.is_bool_dtype(column.dtype) and tuple(levels) == (False, True):
        return np.asarray(column.astype("Int8").fillna(-1).to_numpy(dtype=np.int64))
    if len(levels) and pd.api.types.is_numeric_dtype(column.dtype):
        low, high = float(levels[0]), float(levels[-1])
        if high - low < _MOST_CODES and all(float(level).is_integer() for level in levels):
            place = np.full(int(high - low) + 2, -1)
            place[[int(level - low) for level in levels]] = np.arange(len(levels))
            return np.asarray(place[whole_codes(column, low, len(place) - 1)])
        return _sorted_places(column.to_numpy(dtype=np.float64, na_value=np.nan), np.array(levels, dtype=np.float64))
    return _places(column, levels)


def _places(column: pd.Series, levels: Sequence[Any]) -> Ints:
    index = pd.Index(list(levels), dtype="object")
    return np.asarray(index.get_indexer(column.astype("object")), dtype=np.int64)


def _sorted_places(values: Floats, levels: Floats) -> Ints:
    """Places among ascending numbers."""
    place = np.minimum(np.searchsorted(levels, values), len(levels) - 1)
    return np.where(levels[place] == values, place, -1).astype(np.int64)


def whole_codes(column: pd.Series, low: float, width: int) -> Ints:
    """Whole numbers as codes from ``low``; −1 where missing, outside or broken."""
    if pd.api.types.is_integer_dtype(column.dtype):
        is_plain = isinstance(column.dtype, np.dtype)
        whole = (
            column.to_numpy().astype(np.int64)
            if is_plain
            else np.array(column.to_numpy(dtype=np.int64, na_value=int(low) - 1))
        )
        whole -= int(low)
        outside = whole.view(np.uint64) >= width
        if outside.any():
            whole[outside] = -1
        return whole
    codes = column.to_numpy(dtype=np.float64, na_value=np.nan) - low
    with np.errstate(invalid="ignore"):
        whole = codes.astype(np.int64)
    outside = (whole.view(np.uint64) >= width) | (whole != codes)
    if outside.any():
        whole[outside] = -1
    return whole


def crossed_codes(frame: pd.DataFrame, names: Sequence[str], cells: Sequence[tuple[Any, ...]]) -> Ints:
    """Which of the cells (combinations of the columns' values) each row is in; −1 for none."""
    axes = [list(dict.fromkeys(cell[axis] for cell in cells)) for axis in range(len(names))]
    codes = np.zeros(len(frame), dtype=np.int64)
    outside = np.zeros(len(frame), dtype=bool)
    for name, axis in zip(names, axes, strict=True):
        code = level_codes(frame[name], axis)
        outside |= code < 0
        codes = codes * len(axis) + np.maximum(code, 0)
    place = {cell: number for number, cell in enumerate(cells)}
    lookup = np.array([place.get(cell, -1) for cell in product(*axes)], dtype=np.int64)
    return np.where(outside, -1, lookup[codes]) if lookup.size else np.full(len(frame), -1, dtype=np.int64)
