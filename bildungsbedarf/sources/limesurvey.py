"""Read LimeSurvey's response exports (code headings, short answers; JSON or CSV) as text, unchanged."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.checks import check_export
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256

SYSTEM_COLUMNS = ("id", "submitdate", "lastpage", "startlanguage")
OPTIONAL_COLUMNS = ("seed", "startdate", "datestamp", "token", "interviewtime")
PERSONAL_COLUMNS = ("ipaddr", "refurl")
"""Never taken over: nothing is computed from them, and they can point to a person."""

_EXPORT_REMEDY = "export again as CSV or JSON with 'question code' headings and 'answer codes'"


def read_responses(path: Path, codebook: Codebook) -> tuple[pd.DataFrame, Provenance]:
    """Read one export and check it against the questionnaire.

    Returns
    -------
    table
        One row a response; columns are the export's headings, values text (``""`` = nothing).
    provenance
        File name, hash, format and rows.

    Raises
    ------
    DataError
        Not an export, of another survey, with labels instead of codes, truncated, ….
    """
    return parse_responses(read_bytes(path), path.name, codebook)


def parse_responses(content: bytes, name: str, codebook: Codebook) -> tuple[pd.DataFrame, Provenance]:
    """The same from an export's content; ``name`` is what messages call it."""
    text = _decode(content, name)
    start = text.lstrip()[:200].lower()
    if start.startswith("<"):
        raise DataError(
            "this is a web page or XML, not an export",
            where=name,
            value=text.lstrip()[:40],
            expected="JSON or CSV",
            remedy="log in again and save the export itself, not the page around it",
        )
    if start.startswith(("{", "[")):
        rows, headings, kind = *_json_rows(text, name), "json"
    else:
        rows, headings, kind = *_csv_rows(text, name), "csv"
    table = pd.DataFrame(rows, columns=headings, dtype="str")
    check_export(table, codebook, name, SYSTEM_COLUMNS, OPTIONAL_COLUMNS + PERSONAL_COLUMNS)
    left_out = tuple(name for name in PERSONAL_COLUMNS if name in table.columns)
    return table.drop(columns=list(left_out)), Provenance(name, sha256(content), kind, len(table), left_out)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8 (byte {error.start})", where=name, remedy="export with the encoding UTF-8"
        ) from None


def _json_rows(text: str, name: str) -> tuple[list[list[str]], list[str]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        truncated = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        what = "JSON ends too early: the file is truncated" if truncated else f"not valid JSON: {error.msg}"
        raise DataError(what, where=f"{name}, line {error.lineno}", remedy="export or copy the file again") from None
    except RecursionError:
        raise DataError("JSON is nested too deeply for an export", where=name) from None
    responses = document.get("responses") if isinstance(document, dict) else None
    if not isinstance(responses, list):
        status = document.get("status") if isinstance(document, dict) else None
        raise DataError(
            "JSON has no list of responses",
            where=name,
            value=status or text[:60],
            expected='{"responses": […]}',
            remedy=_EXPORT_REMEDY,
        )
    flat = [_unwrapped(entry, number, name) for number, entry in enumerate(responses, start=1)]
    if not flat:
        raise DataError("export has no responses", where=name, remedy="export once there are answers")
    headings = list(flat[0])
    for number, entry in enumerate(flat, start=1):
        if entry.keys() != flat[0].keys():
            odd = sorted(entry.keys() ^ flat[0].keys())[0]
            raise DataError(
                "response has other columns than the first one", where=f"{name}, response {number}", value=odd
            )
    return [[_text(value) for value in entry.values()] for entry in flat], headings


def _unwrapped(entry: Any, number: int, name: str) -> dict[str, Any]:
    """A response; older versions wrap it as ``{"<id>": {…}}``."""
    if isinstance(entry, dict) and len(entry) == 1:
        inner = next(iter(entry.values()))
        entry = inner if isinstance(inner, dict) else entry
    if not isinstance(entry, dict):
        raise DataError("response is not a table of answers", where=f"{name}, response {number}", value=entry)
    return entry


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _csv_rows(text: str, name: str) -> tuple[list[list[str]], list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first_line.count)
    lines = _checked_lines(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), name)
    headings = next(lines, [])
    if len(headings) < 2:
        raise DataError("not a table with a heading line", where=name, value=first_line[:60], remedy=_EXPORT_REMEDY)
    rows = list(lines)
    if not rows:
        raise DataError("export has no responses", where=name, remedy="export once there are answers")
    return rows, headings


def _checked_lines(reader: Any, name: str) -> Iterator[list[str]]:
    """Rows as the reader gives them; a row of another length or an open quote is an error with its line."""
    width = 0
    try:
        for row in reader:
            if not row:
                continue
            width = width or len(row)
            if len(row) != width:
                raise DataError(
                    "row has another number of cells than the heading",
                    where=f"{name}, line {reader.line_num}",
                    value=len(row),
                    expected=f"{width} cells",
                    remedy="the file may be truncated or edited by hand; export it again",
                )
            yield row
    except csv.Error as error:
        raise DataError(
            f"CSV cannot be read: {error}",
            where=f"{name}, line {reader.line_num}",
            remedy="the file may be truncated or edited by hand; export it again",
        ) from None
