"""The tidy frame every estimator returns: its columns, and how one row comes about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import Facts
from bildungsbedarf.survey.arrays import Floats

Names = str | Sequence[str]
"""One name, or several."""
LABELS = ("variable", "category")
RESERVED = ("prob", "term", "sim_low", "sim_high", "rank_best", "rank_worst", "decision", "small")
"""What later steps call their columns."""
NUMBERS = ("n", "count", "weighted_n", "estimate", "se", "ci_low", "ci_high", "df", "deff", "note")

SIGNIFICANT = 12
NO_OBSERVATIONS = "no observations"
NOT_DEFINED = "not defined: an infinite value, a denominator of 0, or too few persons"
NO_DF = "fewer than one degree of freedom"


def refuse_reserved(by: Sequence[str]) -> None:
    """Refuse groups named like a column of the result: one would overwrite the other.

    Raises
    ------
    ConfigError
        Such a name.
    """
    if taken := [name for name in by if name in (*LABELS, *NUMBERS, *RESERVED)]:
        raise ConfigError(
            "a group is named like a column of the result",
            where="by",
            value=taken[0],
            remedy=f"rename the column, for example to {taken[0]}_group",
        )


def texts_among(table: pd.DataFrame) -> list[str]:
    """Columns that hold texts, also as categories."""
    return [str(name) for name, column in table.items() if _is_text(column)]


def _is_text(column: pd.Series) -> bool:
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _is_text(kind.categories.to_series())
    if pd.api.types.is_object_dtype(kind):
        return pd.api.types.infer_dtype(column, skipna=True) not in ("boolean", "integer", "floating", "decimal")
    return isinstance(kind, pd.StringDtype) or (isinstance(kind, pd.ArrowDtype) and kind.kind in "OSU")


def tidy(rows: Mapping[str, Any] | pd.DataFrame, facts: Facts, call: str) -> pd.DataFrame:
    """Order the columns, set their types, and keep what the frame says of itself (``bildungsbedarf.estimates``)."""
    by = facts.by
    if isinstance(rows, pd.DataFrame):
        rows = {name: rows[name] for name in rows.columns}
    size = len(rows["variable"])
    columns: dict[str, Any] = {}
    for name in (*LABELS, *by, *NUMBERS):
        values = rows.get(name)
        if name in by:
            columns[name] = values
        elif name in (*LABELS, "note"):
            nothing = np.full(size, None, dtype=object)
            columns[name] = pd.array(nothing if values is None else np.asarray(values, dtype=object), dtype="string")
        else:
            numbers = np.full(size, np.nan) if values is None else _numbers(values)
            columns[name] = _whole(numbers) if name in ("n", "count") else numbers
    frame = pd.DataFrame(columns, copy=False)
    frame.attrs = {"call": call}
    return facts.on(frame)


def _numbers(values: Any) -> Floats:
    if isinstance(values, pd.Series):
        return np.array(values.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(values, dtype=np.float64)


def _whole(numbers: Floats) -> pd.arrays.IntegerArray:
    """Counts, missing where a number is."""
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0.0, numbers).astype(np.int64), missing)


def significant(value: float, digits: int = SIGNIFICANT) -> float:
    """A number with twelve significant digits: the same on every machine."""
    return float(f"{value:.{digits}g}")


def rounded(value: float, error: float) -> float:
    """A number with no more digits than its standard error carries: to the error's leading power of ten."""
    if not np.isfinite(value) or not np.isfinite(error) or error <= 0:
        return value
    step = 10.0 ** np.floor(np.log10(error))
    return float(np.round(value / step) * step)


def as_list(names: str | Sequence[str] | None) -> list[str]:
    """A name, a list of names or nothing, as a list.

    Raises
    ------
    ConfigError
        Something else than names.
    """
    if names is None:
        return []
    listed = [names] if isinstance(names, str) else list(names) if isinstance(names, Iterable) else [names]
    for name in listed:
        if not isinstance(name, str):
            raise ConfigError("a variable is named by a text", value=repr(name), expected="a name, or a list of names")
    return listed
