"""What the readers of offers share: rows of text under our names, and ISO 8601 durations in hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

_DURATION = re.compile(r"P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:\d+(?:\.\d+)?S)?)?")
WEEKDAYS = {
    **dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), strict=True)),
    **dict(
        zip(
            ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"),
            ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
            strict=True,
        )
    ),
}
"""Days as iCalendar and schema.org call them, as our tables do."""


def table_of(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Rows as a table of text, each with an id: of one that has none its number.

    Examples
    --------
    >>> table_of([{"id": "", "title": "Kurs"}, {"id": "1", "title": "Rat"}])["id"].tolist()
    ['#1', '1']
    """
    taken = {row["id"] for row in rows}
    made = []
    for number, row in enumerate(rows, start=1):
        own = row["id"] or (f"{number}" if f"{number}" not in taken else f"#{number}")
        made.append({**row, "id": own})
    return pd.DataFrame(made, dtype="str").fillna("")


def hours_of(duration: str) -> str:
    """Hours of an ISO 8601 duration of days, hours and minutes; "" where days are meant, which are no hours.

    Examples
    --------
    >>> hours_of("PT20H"), hours_of("PT1H30M"), hours_of("P2D"), hours_of("20 Stunden")
    ('20', '1.5', '', '')
    """
    found = _DURATION.fullmatch(duration.strip().upper())
    if not found or found[1] or not (found[2] or found[3]):
        return ""
    return f"{float(found[2] or 0) + float(found[3] or 0) / 60:.4g}"
