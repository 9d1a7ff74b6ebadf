"""Timings of an archive, beside its responses: under the headings of an export with timings."""

from __future__ import annotations

import re

import pandas as pd

from bildungsbedarf.limesurvey.xml import parse_xml

GROUP, QUESTION = "groupTime", "questionTime"
"""Headings of an export with timings begin so: ``groupTime5``, ``questionTime78``, in seconds."""
_PATTERNS = (
    (re.compile(r"\d+X(\d+)time"), rf"{GROUP}\1"),
    (re.compile(r"\d+X\d+X(\d+)time"), rf"{QUESTION}\1"),
    (re.compile(r"Q(\d+)_Ctime"), rf"{QUESTION}\1"),
    (re.compile(r"(interviewtime)"), r"\1"),
)


def with_timings(table: pd.DataFrame, content: bytes | None, name: str) -> pd.DataFrame:
    """The responses with the seconds of groups and questions, where the archive has them.

    Raises
    ------
    DataError
        Hostile or broken XML.
    """
    if content is None:
        return table
    found: dict[str, dict[str, str]] = {}
    for row in parse_xml(content, name).iterfind("timings/rows/row"):
        cells = {cell.tag.removeprefix("_"): cell.text or "" for cell in row}
        for field, value in cells.items():
            if heading := _heading(field):
                found.setdefault(heading, {})[cells.get("id", "")] = value
    return table.assign(**{heading: table["id"].map(times).fillna("") for heading, times in found.items()})


def _heading(field: str) -> str:
    for pattern, heading in _PATTERNS:
        if match := pattern.fullmatch(field):
            return match.expand(heading)
    return ""
