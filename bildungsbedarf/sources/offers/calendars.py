"""Offers in a calendar (iCalendar, RFC 5545): one event is one offer, however often it is repeated.

Read are UID, SUMMARY, DTSTART, DTEND or DURATION, RRULE, LOCATION, CATEGORIES, ORGANIZER, URL, STATUS. Times are told
as the clock on the wall shows them: those in UTC are turned to German time. Exceptions to a repetition (RECURRENCE-ID)
belong to their event, and what was cancelled is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from icalendar import Calendar, Event

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.offers.rows import WEEKDAYS, table_of

_ZONE = ZoneInfo("Europe/Berlin")
_ADDRESSED = re.compile(r"(?:^|,|\s)(\d{5} [^,\d]+)")
_DAY = timedelta(days=1)
_ONLINE = ("https://", "http://")


def calendar_offers(content: bytes, name: str) -> pd.DataFrame:
    """Offers of a calendar's events.

    Raises
    ------
    DataError
        It is no calendar, or has no events.
    """
    try:
        calendars = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
        rows = [row for calendar in calendars for row in _rows(calendar)]
    except (ValueError, IndexError, KeyError) as error:
        raise DataError(
            "this is no calendar", where=name, value=str(error).splitlines()[0], expected="iCalendar (RFC 5545)"
        ) from None
    if not rows:
        raise DataError("there are no events in this calendar", where=name, expected="at least one VEVENT")
    return table_of(rows)


def _rows(calendar: Calendar) -> Iterator[dict[str, str]]:
    for event in calendar.walk("VEVENT"):
        if isinstance(event, Event) and "RECURRENCE-ID" not in event and _text(event, "STATUS") != "CANCELLED":
            yield _row(event)


def _row(event: Event) -> dict[str, str]:
    start, end = _moment(event, "DTSTART"), _end(event)
    rule = event.get("RRULE")
    rule = rule[0] if isinstance(rule, list) else rule
    until = [] if rule is None else rule.get("UNTIL", [])
    days = [] if rule is None else rule.get("BYDAY", [])
    place = _text(event, "LOCATION")
    organiser = event.get("ORGANIZER")
    named = getattr(organiser, "params", {}).get("CN", "") if organiser is not None else ""
    return {
        # written as an address of e-mail, which it is not
        "id": _text(event, "UID").replace("@", "/"),
        "title": _text(event, "SUMMARY"),
        "provider": str(named),
        "category": ", ".join(_categories(event)),
        "format": "online" if place.startswith(_ONLINE) else "",
        "place": "" if place.startswith(_ONLINE) else _town(place),
        "start": _day(start) or _text(event, "DTSTART"),
        "end": _day(_local(until[0])) if until else "" if rule is not None else _day(end),
        "time": f"{start:%H:%M}" if isinstance(start, datetime) else "",
        "weekday": ", ".join(WEEKDAYS[str(day)[-2:].upper()] for day in days if str(day)[-2:].upper() in WEEKDAYS),
        "hours": _hours(start, end) if rule is None else "",
        "url": _text(event, "URL"),
    }


def _town(place: str) -> str:
    """Postcode and town of an address; the whole where none stands there."""
    found = _ADDRESSED.findall(place)
    return str(found[-1]).strip() if found else place


def _text(event: Event, name: str) -> str:
    found = event.get(name)
    found = found[0] if isinstance(found, list) else found
    return "" if found is None else " ".join(str(found).split())


def _categories(event: Event) -> Iterator[str]:
    found = event.get("CATEGORIES")
    for one in found if isinstance(found, list) else [] if found is None else [found]:
        yield from (str(word).strip() for word in getattr(one, "cats", [one]))


def _local(moment: Any) -> date | datetime | None:
    if isinstance(moment, datetime):
        return moment.astimezone(_ZONE) if moment.tzinfo is not None else moment
    return moment if isinstance(moment, date) else None


def _moment(event: Event, name: str) -> date | datetime | None:
    found = event.get(name)
    return None if found is None else _local(getattr(found, "dt", None))


def _end(event: Event) -> date | datetime | None:
    """When it ends; of whole days the last one, as DTEND names the day after."""
    end, start = _moment(event, "DTEND"), _moment(event, "DTSTART")
    lasts = getattr(event.get("DURATION"), "dt", None)
    if end is None and start is not None and isinstance(lasts, timedelta):
        end = start + lasts
    if end is None or isinstance(end, datetime):
        return end
    return max(end - _DAY, start) if isinstance(start, date) else end - _DAY


def _day(moment: date | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def _hours(start: date | None, end: date | None) -> str:
    """Hours of what begins and ends on one day."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)) or start.date() != end.date():
        return ""
    # a start without a zone and an end with one cannot be taken from each other
    seconds = (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds()
    return f"{seconds / 3600:.4g}" if seconds > 0 else ""
