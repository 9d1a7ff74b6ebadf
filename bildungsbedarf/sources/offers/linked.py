"""Offers in schema.org JSON-LD: ``Course`` with its ``hasCourseInstance``, ``Event``, ``EducationEvent`` (release 28).

Alone, in a list, in an ``ItemList`` or in an ``@graph``. Times stand in ``startDate``, or in a ``Schedule``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.offers.rows import WEEKDAYS, hours_of, table_of

_COURSES = {"Course"}
_EVENTS = {"CourseInstance", "Event", "EducationEvent"}
_NAMES = ("name", "audienceType", "@value", "value", "@id")
"""What stands for a node where a text is wanted."""


def linked_offers(content: bytes, name: str) -> pd.DataFrame:
    """Offers of a JSON-LD document; a course without dates of its own is one offer.

    Raises
    ------
    DataError
        It is no JSON, or holds no offers.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
        nodes = list(_nodes(document))
        by_id = {name: node for node in nodes if (name := _id(node))}
        # an instance that stands beside its course is told with the course
        told = {_id(one) for node in nodes for one in _listed(node.get("hasCourseInstance"))} & by_id.keys()
        held = [node for node in nodes if not (_id(node) in told and "CourseInstance" in _types(node))]
        rows = [row for node in held if not _is_cancelled(node) for row in _offers_of(node, by_id)]
    except (ValueError, RecursionError) as error:
        raise DataError("this is no JSON", where=name, value=str(error).splitlines()[0]) from None
    if not rows:
        raise DataError(
            "there are no offers in this JSON-LD",
            where=name,
            expected="nodes of @type Course, CourseInstance, Event or EducationEvent (schema.org)",
        )
    return table_of(rows)


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, list):
        for entry in document:
            yield from _nodes(entry)
    elif isinstance(document, dict):
        if "@graph" in document:
            yield from _nodes(document["@graph"])
        elif _types(document) & (_COURSES | _EVENTS):
            yield document
        elif "itemListElement" in document:
            listed = _listed(document["itemListElement"])
            yield from _nodes([one.get("item", one) for one in listed if isinstance(one, dict)])


def _types(node: Mapping[str, Any]) -> set[str]:
    found = node.get("@type", "")
    names = found if isinstance(found, list) else [found]
    return {str(name).rpartition("/")[2] for name in names}


def _id(node: Any) -> str:
    """What a node is called, or a reference to it; "" where it has no name."""
    return node.strip() if isinstance(node, str) else _text(node, "@id") if isinstance(node, dict) else ""


def _is_cancelled(node: Mapping[str, Any]) -> bool:
    return "cancelled" in _text(node, "eventStatus").casefold()


def _offers_of(node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, str]]:
    instances = _listed(node.get("hasCourseInstance")) if _types(node) & _COURSES else []
    if not instances:
        yield _row(node, {})
    for number, told in enumerate(instances, start=1):
        is_reference = isinstance(told, str) or (isinstance(told, dict) and set(told) == {"@id"})
        instance = by_id.get(_id(told), {}) if is_reference else told
        if isinstance(instance, dict) and not _is_cancelled(instance):
            made = _row(instance, node)
            own = _text(node, "@id", "identifier")
            yield made | {"id": made["id"] or (f"{own}#{number}" if own else "")}


def _row(node: dict[str, Any], course: dict[str, Any]) -> dict[str, str]:
    """One offer; what its date does not say its course does."""

    def said(*names: str) -> str:
        return _text(node, *names) or _text(course, *names)

    prices = _listed(node.get("offers")) or _listed(course.get("offers"))
    places = _listed(node.get("location")) or _listed(course.get("location"))
    modes = " ".join(map(str, _listed(node.get("courseMode")) or _listed(course.get("courseMode"))))
    is_online = "online" in f"{modes} {said('eventAttendanceMode')}".casefold()
    is_online |= any(isinstance(one, dict) and "VirtualLocation" in _types(one) for one in places)
    towns = [town for one in places if (town := _town(one))]
    free = said("isAccessibleForFree").casefold().rpartition("/")[2]
    amounts = [
        _text(one, *key) for one in prices if isinstance(one, dict) for key in (("price", "lowPrice"), ("highPrice",))
    ]
    amounts += [str(one) for one in prices if not isinstance(one, dict)]
    fee = " / ".join(filter(None, amounts))
    schedules = [
        one
        for name in ("courseSchedule", "eventSchedule")
        for one in _listed(node.get(name)) or _listed(course.get(name))
        if isinstance(one, dict)
    ]
    places_left = said("remainingAttendeeCapacity")
    seats = said("maximumAttendeeCapacity")
    return {
        "id": _text(node, "@id", "identifier", "courseCode"),
        "title": said("name"),
        "provider": said("provider", "organizer"),
        "category": said("about", "category", "keywords"),
        "audience": said("audience"),
        "format": "online" if is_online else modes,
        "place": towns[0] if towns else "",
        "start": said("startDate") or _of_schedules(schedules, "startDate"),
        "end": said("endDate") or _of_schedules(schedules, "endDate"),
        "time": _of_schedules(schedules, "startTime")[: len("18:00")],
        "weekday": ", ".join(dict.fromkeys(day for one in schedules for day in _days(one))),
        "hours": _hours(schedules) or hours_of(said("timeRequired")),
        "fee": fee or ("0" if free == "true" else ""),
        "language": said("inLanguage"),
        "places": seats,
        "booked": f"{int(seats) - int(places_left)}" if seats.isdecimal() and places_left.isdecimal() else "",
        "url": said("url"),
    }


def _of_schedules(schedules: list[dict[str, Any]], name: str) -> str:
    """What the first schedule that says it says."""
    return next((text for one in schedules if (text := _text(one, name))), "")


def _days(schedule: Mapping[str, Any]) -> Iterator[str]:
    """Days of the week of a schedule: ``Monday``, an address that ends so, or iCalendar's ``MO``."""
    for day in _listed(schedule.get("byDay")):
        told = str(day.get("@id", "") if isinstance(day, dict) else day).rpartition("/")[2].upper()
        if told in WEEKDAYS:
            yield WEEKDAYS[told]


def _hours(schedules: list[dict[str, Any]]) -> str:
    """Hours of one schedule, of each date as often as it is held; "" where that is not told."""
    if len(schedules) != 1:
        return ""
    each, count = hours_of(_text(schedules[0], "duration")), _text(schedules[0], "repeatCount")
    return f"{float(each) * int(count):.6g}" if each and count.isdecimal() else ""


def _town(place: Any) -> str:
    """Where a place is; nothing of one that is nowhere."""
    if not isinstance(place, dict):
        return str(place)
    if "VirtualLocation" in _types(place):
        return ""
    address = place if "PostalAddress" in _types(place) else place.get("address", "")
    town = _text(address, "addressLocality") if isinstance(address, dict) else str(address)
    return town or _text(place, "name")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _text(node: Mapping[str, Any], *names: str) -> str:
    """The first of several properties that says something; of a node its name."""
    for name in names:
        for value in _listed(node.get(name)):
            told = next((value[key] for key in _NAMES if value.get(key)), "") if isinstance(value, dict) else value
            if text := str(told).strip():
                return text
    return ""
