"""What a condition's words stand for: columns, and dates."""

from __future__ import annotations

from datetime import datetime

import pandas as pd


def plain(token: object) -> str:
    """A column as a condition writes it, without backquotes and ``.NAOK``."""
    name = str(token).removesuffix(".NAOK")
    # an item as exports head it, WICHT[F05], is the column WICHT_F05
    return name.strip("`") if name.startswith("`") else name.replace("[", "_").replace("]", "")


def resolved(token: object, columns: pd.Index) -> str:
    """The column a name stands for; in backquotes one called exactly so comes first."""
    name = plain(token)
    return name if name in columns else plain(name)


def date_of(text: str) -> pd.Timestamp | None:
    """A date as ISO 8601 writes it."""
    try:
        return pd.Timestamp(datetime.fromisoformat(text))
    except ValueError:
        return None
