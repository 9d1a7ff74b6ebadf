"""Offers in schema.org JSON-LD: ``Course`` with its ``hasCourseInstance``, ``Event``, ``EducationEvent`` (release 28).

Alone, in a list, in an ``ItemList`` or in an ``@graph``, whose references to places, providers and instances are
followed. Times stand in ``startDate``, or in a ``Schedule``. Of several values in a place for one all are told, so that
``supply`` lists what nobody decided.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.offers.rows import WEEKDAYS, decoded, hours_of, table_of

_COURSES = {"Course"}
_EVENTS = {"CourseInstance", "Event", "EducationEvent"}
_NAMES = ("name", "audienceType", "@value", "value", "@id")
"""What stands for a node where a text is wanted."""
_SECONDS = re.compile(r"(?<=:\d\d):\d\d$")
_ADDRESSED = re.compile(r"(?:^|,)\s*(?:D-)?(\d{5} [^,]+?)\s*$")
_MOST_DATES = 4
"""Digits of a number of dates that is one."""
Node = dict[str, Any]


def linked_offers(content: bytes, name: str) -> pd.DataFrame:
    """Offers of a JSON-LD document; a course without dates of its own is one offer.

    Raises
    ------
    DataError
        It is no JSON, or holds no offers.
    """
    try:
        document = json.loads(decoded(content, name))
        nodes = list(_nodes(document))
        by_id = {name: node for node in _everything(document) if (name := _id(node))}
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


def _nodes(document: Any) -> Iterator[Node]:
    """Courses and events."""
    for node in _everything(document):
        if _types(node) & (_COURSES | _EVENTS):
            yield node


def _everything(document: Any) -> Iterator[Node]:
    """Every node that stands by itself: of lists, graphs and item lists."""
    if isinstance(document, list):
        for entry in document:
            yield from _everything(entry)
    elif isinstance(document, dict):
        if "@graph" in document:
            yield from _everything(document["@graph"])
        elif "itemListElement" in document and not _types(document) & (_COURSES | _EVENTS):
            listed = _listed(document["itemListElement"])
            yield from _everything([one.get("item", one) for one in listed if isinstance(one, dict)])
        else:
            yield document


def _types(node: Mapping[str, Any]) -> set[str]:
    found = node.get("@type", "")
    names = found if isinstance(found, list) else [found]
    return {str(name).rpartition("/")[2] for name in names}


def _id(node: Any) -> str:
    """What a node is called, or a reference to it; "" where it has no name."""
    return node.strip() if isinstance(node, str) else _text(node, "@id") if isinstance(node, dict) else ""


def _followed(value: Any, by_id: Mapping[str, Node]) -> Any:
    """The node that a reference means; everything else as it is."""
    is_reference = isinstance(value, str) or (isinstance(value, dict) and set(value) == {"@id"})
    return by_id.get(_id(value), value) if is_reference else value


def _is_cancelled(node: Mapping[str, Any]) -> bool:
    return "cancelled" in _text(node, "eventStatus").casefold()


def _offers_of(node: Node, by_id: Mapping[str, Node]) -> Iterator[dict[str, str]]:
    instances = _listed(node.get("hasCourseInstance")) if _types(node) & _COURSES else []
    if not instances:
        yield _row(node, {}, by_id)
    for number, told in enumerate(instances, start=1):
        instance = _followed(told, by_id)
        if isinstance(instance, str) or (isinstance(instance, dict) and set(instance) == {"@id"}):
            # referred to, and not here: what is known is the course
            instance = {}
        if isinstance(instance, dict) and not _is_cancelled(instance):
            made = _row(instance, node, by_id)
            own = _text(node, "@id", "identifier")
            yield made | {"id": made["id"] or (f"{own}#{number}" if own else "")}


def _row(node: Node, course: Node, by_id: Mapping[str, Node]) -> dict[str, str]:
    """One offer; what its date does not say its course does."""

    def said(*names: str) -> str:
        return _text(node, *names) or _text(course, *names)

    def of(*names: str) -> list[Any]:
        """Values of the first property that has some, with references followed."""
        found = (_listed(one.get(name)) for one in (node, course) for name in names)
        return [_followed(value, by_id) for value in next(filter(None, found), [])]

    places = of("location")
    modes = " ".join(map(str, of("courseMode")))
    told = f"{modes} {said('eventAttendanceMode')}".casefold()
    towns = list(dict.fromkeys(town for one in places if (town := _town(one, by_id))))
    is_virtual = any(isinstance(one, dict) and "VirtualLocation" in _types(one) for one in places)
    # what is held at a place too can be gone to
    is_mixed = any(word in told for word in ("mixed", "blended", "onsite", "hybrid"))
    is_online = not is_mixed and ("online" in told or (is_virtual and not towns))
    schedules = [one for one in of("courseSchedule", "eventSchedule") if isinstance(one, dict)]
    seats, left = said("maximumAttendeeCapacity"), said("remainingAttendeeCapacity")
    return {
        "id": _text(node, "@id", "identifier", "courseCode"),
        "title": said("name"),
        "provider": _joined(of("provider", "organizer")),
        "category": _joined(of("about", "category", "keywords")),
        "audience": _joined(of("audience")),
        "format": "online" if is_online else "" if is_mixed else modes,
        "place": " / ".join(towns),
        "start": said("startDate") or _of_schedules(schedules, "startDate", min),
        "end": said("endDate") or _of_schedules(schedules, "endDate", max),
        "time": _clock(schedules),
        "weekday": ", ".join(dict.fromkeys(day for one in schedules for day in _days(one))),
        "hours": _hours(schedules) or hours_of(said("timeRequired")),
        "fee": _fee(of("offers")) or ("0" if said("isAccessibleForFree").casefold().endswith("true") else ""),
        "language": said("inLanguage"),
        "places": seats,
        "booked": f"{int(seats) - int(left)}" if _is_count(seats) and _is_count(left) else "",
        "url": said("url"),
    }


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DATES


def _joined(values: list[Any]) -> str:
    """The names of several, a comma between them."""
    return ", ".join(dict.fromkeys(text for value in values if (text := _text({"of": value}, "of"))))


def _fee(offers: list[Any]) -> str:
    """Prices, the higher beside the lower; with their currency where it is not the euro."""
    amounts = []
    for one in offers:
        if not isinstance(one, dict):
            amounts.append(str(one))
            continue
        nested = [part for part in _listed(one.get("priceSpecification")) if isinstance(part, dict)]
        for part in [one, *nested]:
            currency = _text(part, "priceCurrency") or _text(one, "priceCurrency")
            for names in (("price", "lowPrice"), ("highPrice",)):
                if amount := _text(part, *names):
                    amounts.append(amount if currency.upper() in ("", "EUR") else f"{amount} {currency}")
    return " / ".join(filter(None, amounts))


def _of_schedules(schedules: list[Node], name: str, which: Callable[[list[str]], str]) -> str:
    """The first or last day of all schedules; "" where one of them does not say it."""
    told = [_text(one, name) for one in schedules]
    return which(told) if told and all(told) else ""


def _clock(schedules: list[Node]) -> str:
    """The hour all schedules begin at; of several all of them, which is listed."""
    told = (_text(one, "startTime") for one in schedules)
    return " / ".join(dict.fromkeys(_SECONDS.sub("", text) for text in told if text))


def _days(schedule: Mapping[str, Any]) -> Iterator[str]:
    """Days of the week of a schedule: ``Monday``, an address that ends so, iCalendar's ``MO``; others as written."""
    for day in _listed(schedule.get("byDay")):
        for part in str(day.get("@id", "") if isinstance(day, dict) else day).split(","):
            told = part.strip().rpartition("/")[2].removeprefix("schema:")
            if told:
                yield WEEKDAYS.get(told.lstrip("+-0123456789").upper(), told)


def _hours(schedules: list[Node]) -> str:
    """Hours of one schedule, of each date as often as it is held; "" where that is not told."""
    if len(schedules) != 1:
        return ""
    each, count = hours_of(_text(schedules[0], "duration")), _text(schedules[0], "repeatCount")
    return f"{float(each) * int(count):.6g}" if each and _is_count(count) else ""


def _town(place: Any, by_id: Mapping[str, Node]) -> str:
    """Where a place is; nothing of one that is nowhere."""
    if not isinstance(place, dict):
        return _of_address(str(place))
    if "VirtualLocation" in _types(place):
        return ""
    address = place if "PostalAddress" in _types(place) else _followed(place.get("address", ""), by_id)
    town = _text(address, "addressLocality") if isinstance(address, dict) else _of_address(str(address))
    return town or _text(place, "name")


def _of_address(text: str) -> str:
    """Postcode and town of an address in a line; the whole where none stands there."""
    found = _ADDRESSED.search(text)
    return found[1] if found else text.strip()


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
