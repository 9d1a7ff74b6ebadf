"""Offers as providers and portals hand them over: a spreadsheet, schema.org JSON-LD, or a folder of both.

Nothing is interpreted here: every value stays the text it was, under our name of its column; ``supply`` reads it by
the rules of offers.toml, and says what it cannot read. JSON-LD: ``Course`` with its ``hasCourseInstance``, ``Event``
and ``EducationEvent`` (schema.org, release 28), alone, in a list, or in an ``@graph``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256_of_all
from bildungsbedarf.sources.tables import read_csv_text, read_excel_text

_TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
_LINKED = (".json", ".jsonld")
_COURSES = {"Course"}
_EVENTS = {"CourseInstance", "Event", "EducationEvent"}
_NAMES = ("name", "audienceType", "@value", "value", "@id")
"""What stands for a node where a text is wanted."""
SOURCE = "source"
"""Column that says which file of a folder an offer came from."""


@dataclass(frozen=True)
class OfferFiles:
    """One file of offers, or a folder with several; ``columns`` are our names → headings of the tables."""

    columns: Mapping[str, str] = field(default_factory=dict)
    kind: str = "records"

    def recognises(self, path: Path) -> bool:
        """A table or JSON-LD, or a folder with at least one."""
        return bool(_files(path))

    def read(self, path: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
        """All offers, as text.

        Raises
        ------
        DataError
            A file cannot be read, is no table or JSON-LD of offers, or lacks a column that offers.toml names.
        """
        files = _files(path)
        contents = {file.name: read_bytes(file) for file in files}
        parts = []
        for name, content in contents.items():
            part = _linked(content, name) if _suffix(name) in _LINKED else self._table(content, name)
            if len(contents) > 1:
                stem = name.removesuffix(".gz").rpartition(".")[0]
                part = part.assign(**{SOURCE: name})
                if "id" in part.columns:
                    part["id"] = stem + ":" + part["id"]
            parts.append(part)
        joined = pd.concat(parts, ignore_index=True).fillna("") if len(parts) > 1 else parts[0]
        return {"records": joined}, Provenance(path.name, sha256_of_all(contents), "offers", len(joined))

    def _table(self, content: bytes, name: str) -> pd.DataFrame:
        is_book = _suffix(name) in (".xlsx", ".xlsm")
        table = read_excel_text(content, name) if is_book else read_csv_text(content, name)
        headings = {str(heading).strip(): str(heading) for heading in table.columns}
        lacking = [heading for heading in self.columns.values() if heading not in headings]
        if lacking:
            raise DataError(
                "offers.toml names a column that the table does not have",
                where=name,
                value=lacking[0],
                expected=", ".join(headings),
            )
        named = {headings[heading]: own for own, heading in self.columns.items()}
        others = [str(name) for name in table.columns if name not in named]
        if taken := [own for own in named.values() if own in others]:
            raise DataError(
                "a column of the table is called as one of ours that is read from another",
                where=name,
                value=taken[0],
                remedy=f"rename it, or take {taken[0]!r} out of [columns] in offers.toml",
            )
        return table.rename(columns=named)


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz")).suffix


def _files(path: Path) -> list[Path]:
    candidates = sorted(path.iterdir()) if path.is_dir() else [path]
    return [one for one in candidates if one.is_file() and _suffix(one.name) in (*_TABLES, *_LINKED)]


def _linked(content: bytes, name: str) -> pd.DataFrame:
    """Offers of a JSON-LD document; a course without dates of its own is one offer."""
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
    taken = {row["id"] for row in rows}
    for number, row in enumerate(rows, start=1):
        if not row["id"]:
            row["id"] = f"{number}" if f"{number}" not in taken else f"#{number}"
    return pd.DataFrame(rows, dtype="str").fillna("")


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
    return {
        "id": _text(node, "@id", "identifier", "courseCode"),
        "title": said("name"),
        "provider": said("provider", "organizer"),
        "category": said("about", "category", "keywords"),
        "audience": said("audience"),
        "format": "online" if is_online else modes,
        "place": towns[0] if towns else "",
        "start": said("startDate"),
        "end": said("endDate"),
        "fee": fee or ("0" if free == "true" else ""),
        "language": said("inLanguage"),
        "places": said("maximumAttendeeCapacity"),
        "url": said("url"),
    }


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
