"""What a condition's words and signs stand for: columns, dates, comparisons."""

from __future__ import annotations

import operator
from collections.abc import Callable, Container
from datetime import datetime
from typing import Any

import pandas as pd

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def plain(token: object) -> str:
    """A column as a condition writes it, without backquotes and ``.NAOK``."""
    name = str(token).removesuffix(".NAOK")
    # an item as exports head it, WICHT[F05], is the column WICHT_F05
    return name.strip("`") if name.startswith("`") else name.replace("[", "_").replace("]", "")


def resolved(token: object, columns: Container[str]) -> str:
    """The column a name stands for; in backquotes one called exactly so comes first."""
    name = plain(token)
    return name if name in columns else plain(name)


def date_of(text: str) -> pd.Timestamp | None:
    """A date as ISO 8601 writes it, without a zone: answers have none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return pd.Timestamp(found) if found.tzinfo is None else None


def is_day(text: str) -> bool:
    """Whether a date stands for a whole day."""
    return len(text) <= len("2026-02-03")


def is_ordered(column: pd.Series) -> bool:
    """Whether it has categories with an order."""
    return isinstance(column.dtype, pd.CategoricalDtype) and bool(column.dtype.ordered)
