"""What the readers of offers share: rows of text under our names, and ISO 8601 durations in hours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from bildungsbedarf.errors import DataError

_DURATION = re.compile(r"P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:\d+(?:\.\d+)?S)?)?")
WEEKDAYS = {
    name: own
    for own, names in {
        "Mo": ("MO", "MONDAY"),
        "Di": ("TU", "TUESDAY"),
        "Mi": ("WE", "WEDNESDAY"),
        "Do": ("TH", "THURSDAY"),
        "Fr": ("FR", "FRIDAY"),
        "Sa": ("SA", "SATURDAY"),
        "So": ("SU", "SUNDAY"),
    }.items()
    for name in names
}
"""Days as iCalendar and schema.org call them, as our tables do."""
_ZONE = ZoneInfo("Europe/Berlin")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})", re.I)


def decoded(content: bytes, name: str) -> str:
    """The text of a file of a standard that is UTF-8.

    Raises
    ------
    DataError
        It is not.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("the file is not UTF-8", where=name, remedy="save it as UTF-8") from None


def local(moment: date) -> date:
    """A moment as German clocks show it; a day, or one without a zone, as it is."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(_ZONE)
    except OverflowError:
        return moment


def local_text(text: str) -> str:
    """An ISO moment with a zone as German clocks show it; everything else as it is.

    Examples
    --------
    >>> local_text("2028-06-05T16:30:00Z"), local_text("2028-01-31T23:30Z"), local_text("2028-03-01")
    ('2028-06-05T18:30', '2028-02-01T00:30', '2028-03-01')
    """
    if not _ZONED.fullmatch(text.strip()):
        return text
    try:
        return f"{local(datetime.fromisoformat(text.strip().upper())):%Y-%m-%dT%H:%M}"
    except ValueError:
        return text


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
        own = row["id"] or f"{number}"
        while not row["id"] and own in taken:
            own = f"#{own}"
        taken.add(own)
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
