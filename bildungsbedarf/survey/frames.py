"""The tidy frame every estimator returns: its columns, and how one row comes about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LABELS = ("variable", "category")
NUMBERS = ("n", "count", "weighted_n", "estimate", "se", "ci_low", "ci_high", "df", "deff", "note")

SIGNIFICANT = 12
NO_OBSERVATIONS = "no observations"
NO_DF = "fewer than one degree of freedom"


def tidy(rows: pd.DataFrame, by: Sequence[str], level: float, call: str) -> pd.DataFrame:
    """Order the columns, set their types, and keep how they were made in ``attrs`` (JSON values only)."""
    frame = rows.reindex(columns=[*LABELS, *by, *NUMBERS])
    frame["n"] = frame["n"].astype("Int64")
    frame["count"] = frame["count"].astype("Int64")
    for name in ("weighted_n", "estimate", "se", "ci_low", "ci_high", "df", "deff"):
        frame[name] = frame[name].astype("float64")
    for name in ("variable", "category", "note"):
        frame[name] = frame[name].astype("string")
    frame.attrs = {"level": level, "call": call, "by": list(by)}
    return frame


def significant(value: float, digits: int = SIGNIFICANT) -> float:
    """A number with twelve significant digits: the same on every machine."""
    return float(f"{value:.{digits}g}")


def as_list(names: str | Sequence[str] | None) -> list[str]:
    """A name, a list of names or nothing, as a list."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def finite_or_nan(value: float) -> float:
    """A number, or NaN where it is infinite."""
    return value if np.isfinite(value) else float("nan")
