"""Offers in open-Qcat, the XML in which German providers hand their courses to KURSNET and other portals.

Specification: open-Qcat V1.1.0, Bundesagentur für Arbeit and Fraunhofer IAO, 2008 (public, free to implement); the
agency's page on its "XML-Upload" names the schema in force. Read are, of each SERVICE that is not deleted: PRODUCT_ID,
TITLE, SUPPLIER_ID_REF (by the suppliers of the HEADER), SERVICE_CLASSIFICATION and KEYWORD, TARGET_GROUP_TEXT,
SERVICE_DATE, INSTRUCTION_FORM, LOCATION, MAX_PARTICIPANTS, SERVICE_PRICE. A SERVICE with several MODULE_COURSE is held
at several places: one offer each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.xml import parse_xml
from bildungsbedarf.sources.offers.rows import local_text, table_of

_MOMENT = re.compile(r"(?<=^\d{4}-\d{2}-\d{2})T.*$")
_ROOT = "OPENQCAT"
_DELETED = "delete"
_AT_A_PLACE = ("präsenz", "blended", "hybrid", "vor ort", "nicht online")
"""Words of a form that is held at a place too."""
_ONLINE = ("e-learning", "online", "virtuell", "fernunterricht", "telelearning", "webinar")
"""Words of an INSTRUCTION_FORM that is held nowhere (table of the specification: type 5 and newer texts)."""
_YES = {"true": "ja", "1": "ja", "false": "nein", "0": "nein"}


def catalogue_offers(content: bytes, name: str) -> pd.DataFrame:
    """Offers of an open-Qcat catalogue.

    Raises
    ------
    DataError
        It is no XML, of another format, or without services.
    """
    root = parse_xml(content, name, "hand in the catalogue as the portal takes it")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2].upper()
    if root.tag != _ROOT:
        raise DataError(
            "this XML is no list of courses that is known",
            where=name,
            value=f"<{root.tag.lower()}>",
            expected="open-Qcat (<OPENQCAT>)",
            remedy="export a table, schema.org JSON-LD or open-Qcat from the course software",
        )
    suppliers = {
        key: _text(one, "NAME")
        for one in root.iter("SUPPLIER")
        if (key := _text(one, "SUPPLIER_ID")) and _text(one, "NAME")
    }
    rows = [row for service in root.iter("SERVICE") for row in _rows(service, suppliers)]
    if not rows:
        expected = "at least one SERVICE that is not deleted"
        raise DataError("there are no courses in this catalogue", where=name, expected=expected)
    return table_of(rows)


def _rows(service: Element, suppliers: Mapping[str, str]) -> Iterator[dict[str, str]]:
    if str(service.get("mode", "")).casefold() == _DELETED:
        return
    modules = list(service.iter("MODULE_COURSE")) or [Element("MODULE_COURSE")]
    for number, module in enumerate(modules, start=1):
        made = _row(service, module, suppliers)
        yield made | {"id": f"{made['id']}#{number}"} if len(modules) > 1 and made["id"] else made


def _row(service: Element, module: Element, suppliers: Mapping[str, str]) -> dict[str, str]:
    form = _text(service, "INSTRUCTION_FORM")
    told = form.casefold()
    is_online = any(word in told for word in _ONLINE) and not any(word in told for word in _AT_A_PLACE)
    supplier = _text(service, "SUPPLIER_ID_REF")
    date = service.find(".//SERVICE_DATE")
    price = service.find("./SERVICE_PRICE_DETAILS/SERVICE_PRICE")
    currency = "" if price is None else _text(price, "PRICE_CURRENCY")
    amount = "" if price is None else _text(price, "PRICE_AMOUNT")
    place = module.find("./LOCATION")
    zip_code, town = ("", "") if place is None else (_text(place, "ZIP"), _text(place, "CITY"))
    return {
        "id": _text(service, "PRODUCT_ID") or _text(service, "COURSE_ID"),
        "title": _text(service, "SERVICE_DETAILS/TITLE") or _text(service, "TITLE"),
        "provider": suppliers.get(supplier, supplier),
        "category": ", ".join(_categories(service)),
        "audience": _text(service, "TARGET_GROUP_TEXT"),
        "format": "online" if is_online else form,
        "place": "" if is_online else f"{zip_code} {town}".strip(),
        "start": "" if date is None else _day(_text(date, "START_DATE")),
        "end": "" if date is None else _day(_text(date, "END_DATE")),
        "fee": amount if not amount or currency.upper() in ("", "EUR") else f"{amount} {currency}",
        "language": _text(service, "INSTRUCTION_LANGUAGE"),
        "accessible": _YES.get(_text(module, "BARRIER_FREE_LOCATION").casefold(), ""),
        "places": _text(module, "MAX_PARTICIPANTS"),
        "url": _text(service, "SERVICE_DETAILS/CONTACT/URL"),
    }


def _categories(service: Element) -> Iterator[str]:
    """Classes of the course systematics; keywords where it has none."""
    classes = [
        text
        for one in service.iter("FEATURE")
        for value in one.iter("FVALUE")
        if (text := " ".join((value.text or "").split()))
    ]
    yield from dict.fromkeys(classes or [" ".join((one.text or "").split()) for one in service.iter("KEYWORD")])


def _text(element: Element, path: str) -> str:
    found = element.find(f".//{path}")
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _day(moment: str) -> str:
    """The day in Germany of an ISO moment (its hour is that of the whole period, mostly midnight); else as written."""
    return _MOMENT.sub("", local_text(moment))
