"""LimeSurvey's XML: one ``<rows>`` a table of its database, read with entity expansion off."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bildungsbedarf.errors import DataError

LARGEST = 50 * 1024 * 1024
"""Bytes of the largest file that is read."""
Tables = dict[str, list[dict[str, str]]]


def read_tables(raw: bytes, name: str) -> tuple[Tables, int]:
    """All ``<rows>`` of the file by table, and its DBVersion."""
    root = parse_xml(raw, name)
    kind = root.findtext("LimeSurveyDocType")
    if kind != "Survey":
        raise DataError(
            "not a LimeSurvey survey structure",
            where=name,
            value=kind or f"<{root.tag}>",
            expected="an .lss file with LimeSurveyDocType 'Survey'",
        )
    tables: Tables = {}
    for table in root:
        rows = [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")]
        tables.setdefault(table.tag, []).extend(rows)
    version = (root.findtext("DBVersion") or "").split(".")[0]
    return tables, int(version) if version.isascii() and version.isdigit() else 0


_AGAIN = "export the survey structure (.lss) from LimeSurvey again"


def parse_xml(raw: bytes, name: str, remedy: str = _AGAIN) -> Element:
    """XML without document types and entities.

    Raises
    ------
    DataError
        Hostile or broken XML.
    """
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise DataError("XML with a document type or entities is refused", where=name) from None
    except (ParseError, LookupError, ValueError) as error:
        raise DataError(
            f"not readable XML: {error}",
            where=name,
            remedy=remedy,
        ) from None
    return root


def only_row(tables: Tables, table: str, name: str) -> dict[str, str]:
    """The one row of a table that describes the survey itself.

    Raises
    ------
    DataError
        The table has none or several.
    """
    rows = tables.get(table, [])
    if len(rows) != 1 or not rows[0].get("sid", "").isdigit():
        raise DataError(f"table <{table}> does not hold exactly one survey", where=name, value=len(rows))
    return rows[0]
