"""Offers in a calendar (iCalendar, RFC 5545): one event is one offer, however often it is repeated.

Read are UID, SUMMARY, DTSTART, DTEND or DURATION, RRULE and RDATE, LOCATION, CATEGORIES, ORGANIZER, URL, STATUS. Times
are told as the clock on the wall shows them: those in UTC are turned to German time. Exceptions to a repetition
(RECURRENCE-ID) belong to their event, and what was cancelled is left out. A value that cannot be read stays as it is
written: ``supply`` lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd
from dateutil.rrule import rrulestr

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.offers.rows import WEEKDAYS, decoded, local, table_of

if TYPE_CHECKING:
    from icalendar import Event

_ADDRESSED = re.compile(r"(?:^|,|\s)(?:D-)?(\d{5} [^\d,(]+?)\s*(?:\(|,|$|Deutschland)")
_DAY = timedelta(days=1)
_REPEATED = re.compile(r"FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY)", re.IGNORECASE)
_ONLINE = re.compile(r"https?://|\b(?:online|zoom|webinar|teams|bigbluebutton|webex)\b", re.IGNORECASE)
GOES_ON = date(2099, 12, 31)
"""The last day of what is repeated without an end."""
_MOST = 5_000
"""Repetitions that are followed to find the last."""


def calendar_offers(content: bytes, name: str) -> pd.DataFrame:
    """Offers of a calendar's events.

    Raises
    ------
    DataError
        It is no calendar, or has no events.
    """
    # loaded where there is a calendar: most studies have none
    from icalendar import Calendar, Event

    try:
        calendars = Calendar.from_ical(decoded(content, name), multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise DataError(
            "this is no calendar", where=name, value=str(error).splitlines()[0], expected="iCalendar (RFC 5545)"
        ) from None
    events = [one for calendar in calendars for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    held = [one for one in events if "RECURRENCE-ID" not in one and _text(one, "STATUS").upper() != "CANCELLED"]
    if not held:
        found = "all of them cancelled" if events else ""
        raise DataError("there are no events in this calendar", where=name, value=found, expected="at least one VEVENT")
    return table_of([_row(event) for event in held])


def _row(event: Event) -> dict[str, str]:
    start, rules = _moment(event, "DTSTART"), _listed(event, "RRULE")
    end = _end(event, start)
    place = _text(event, "LOCATION")
    is_online = bool(_ONLINE.search(place)) and not _ADDRESSED.search(place)
    is_repeated = bool(rules) or "RDATE" in event
    organiser = event.get("ORGANIZER")
    return {
        # written as an address of e-mail, which it is not
        "id": _text(event, "UID").replace("@", "/"),
        "title": _text(event, "SUMMARY"),
        "provider": str(getattr(organiser, "params", {}).get("CN", "")),
        "category": ", ".join(_categories(event)),
        "format": "online" if is_online else "",
        "place": "" if is_online else _town(place),
        "start": _day(start) or _text(event, "DTSTART"),
        "end": _day(_last(event, start, rules)) if is_repeated else _day(end),
        "time": f"{start:%H:%M}" if isinstance(start, datetime) else "",
        "weekday": ", ".join(dict.fromkeys(day for rule in rules for day in _days(rule))),
        "hours": "" if is_repeated else _hours(start, end),
        "url": _text(event, "URL"),
    }


def _listed(event: Event, name: str) -> list[str]:
    """Values of a property as the file has them."""
    found = event.get(name)
    values = found if isinstance(found, list) else [] if found is None else [found]
    return [value if isinstance(value, str) else value.to_ical().decode("utf-8") for value in values]


def _text(event: Event, name: str) -> str:
    return " ".join(next(iter(_listed(event, name)), "").replace("\\n", " ").replace("\\", "").split())


def _categories(event: Event) -> Iterator[str]:
    found = event.get("CATEGORIES")
    for one in found if isinstance(found, list) else [] if found is None else [found]:
        yield from (str(word).strip() for word in getattr(one, "cats", [one]))


def _moment(event: Event, name: str) -> date | datetime | None:
    """The first value of a property, as German clocks show it; nothing where it is no moment."""
    found = event.get(name)
    found = found[0] if isinstance(found, list) else found
    # a value that cannot be read has no ``dt``, and says so by an error of its own
    told = None if found is None or isinstance(found, str) else getattr(found, "dt", None)
    return local(told) if isinstance(told, date) else None


def _end(event: Event, start: date | None) -> date | datetime | None:
    """When it ends; of whole days the last one, as DTEND names the day after."""
    end = _moment(event, "DTEND")
    found = event.get("DURATION")
    lasts = None if found is None or isinstance(found, (str, list)) else getattr(found, "dt", None)
    if end is None and start is not None and isinstance(lasts, timedelta):
        try:
            end = start + lasts
        except OverflowError:
            return None
    if end is None or isinstance(end, datetime):
        return end
    first = start.date() if isinstance(start, datetime) else start
    return end if first is None or end <= first else end - _DAY


def _last(event: Event, start: date | None, rules: list[str]) -> date | None:
    """The last day of what is repeated: of a rule without an end that it goes on."""
    days = [] if start is None else [start.date() if isinstance(start, datetime) else start]
    for rule in rules:
        if not _REPEATED.search(rule):
            return None
        if "UNTIL=" not in rule.upper() and "COUNT=" not in rule.upper():
            return GOES_ON
        if days:
            # days alone: hours and zones of start and end need not fit each other
            plain = re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule, flags=re.IGNORECASE)
            try:
                begin = datetime.combine(days[0], datetime.min.time())
                days += [one.date() for one in list(islice(rrulestr(plain, dtstart=begin), _MOST))[-1:]]
            except ValueError:
                return None
    for value in _listed(event, "RDATE"):
        try:
            days += [date.fromisoformat(told) for told in re.findall(r"\b\d{8}", value)]
        except ValueError:
            return None
    return max(days, default=None)


def _days(rule: str) -> Iterator[str]:
    """Days of the week that a rule names; of what is held daily all."""
    found = re.search(r"BYDAY=([^;]+)", rule, flags=re.IGNORECASE)
    if found is None and re.search(r"FREQ=DAILY", rule, flags=re.IGNORECASE) and "INTERVAL" not in rule.upper():
        yield "täglich"
    for day in found[1].split(",") if found else ():
        if (own := day.strip()[-2:].upper()) in WEEKDAYS:
            yield WEEKDAYS[own]


def _town(place: str) -> str:
    """Postcode and town of an address; the whole where none stands there."""
    found = _ADDRESSED.findall(place)
    return str(found[-1]).strip() if found else place


def _day(moment: date | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def _hours(start: date | None, end: date | None) -> str:
    """Hours of what begins and ends on one day."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)) or start.date() != end.date():
        return ""
    # a start without a zone and an end with one cannot be taken from each other
    seconds = (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds()
    return f"{seconds / 3600:.4g}" if seconds > 0 else ""
