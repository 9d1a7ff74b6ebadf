"""Text as dates: as the clock showed them, whether or not a time zone stands behind."""

from __future__ import annotations

import numpy as np
import pandas as pd

_ZONE = r"\s*(Z|[+-]\d{2}:?\d{2})$"
_TIME = r".*\d:\d.*"
_DAY = r"\d{4}-?\d{2}-?\d{2}.*"
"""A whole day: of a year or a month alone nobody said which day."""


def to_dates(text: pd.Series) -> pd.Series:
    """``2026-04-03T10:00:00+02:00`` is ten o'clock, as the person's clock said; what names no day is missing."""
    places, values = pd.factorize(text.mask(text == ""))
    plain = pd.Series(values, dtype="string")
    timed = plain.str.fullmatch(_TIME).fillna(False).astype(bool)
    zoneless = plain.where(~timed, plain.str.replace(_ZONE, "", regex=True))
    zoneless = zoneless.where(zoneless.str.fullmatch(_DAY).fillna(False).astype(bool))
    known = pd.to_datetime(zoneless, format="ISO8601", errors="coerce").to_numpy()
    return pd.Series(np.append(known, np.datetime64("NaT"))[places], index=text.index)
