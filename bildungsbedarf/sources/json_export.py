"""Responses as JSON: quickly where the export is sound, exactly where it must be said what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import json as json_reader

from bildungsbedarf.errors import DataError

EXPORT_REMEDY = "export again as CSV or JSON with 'question code' headings and 'answer codes'"
_HEAD = re.compile(rb'\s*\{\s*"responses"\s*:\s*\[\s*(?=\{)')
_TAIL = re.compile(rb"\}\s*\]\s*\}\s*$")
_BETWEEN = re.compile(rb"\}\s*,\s*\{")
_TAIL_LENGTH = 200
_BLOCK = 1 << 24


class _DoubleKeyError(ValueError):
    """A key that stands twice in one object: the second would hide the first."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKeyError(key)
        found[key] = value
    return found


def quick_json(content: bytes) -> pd.DataFrame | None:
    """A sound export in a third of the time; ``None`` where anything is odd, so that the exact reader says what.

    Each response is put on a line of its own. Where a text contains what separates two responses, the line
    is no JSON, and the exact reader takes over; so it does where a response lacks a column.
    """
    head, tail = _HEAD.match(content), _TAIL.search(content, max(len(content) - _TAIL_LENGTH, 0))
    if head is None or tail is None:
        return None
    lines = _BETWEEN.sub(b"}\n{", content[head.end() : tail.start() + 1])
    first = lines.split(b"\n", 1)[0]
    try:
        row = json.loads(first, object_pairs_hook=_once_each)
        if len(row) < 2 or not all(isinstance(value, str | int | None) for value in row.values()):
            return None
        pa.array([first], pa.binary()).cast(pa.string())
        schema = pa.schema([(name, pa.string()) for name, value in row.items() if isinstance(value, str)])
        table = json_reader.read_json(
            BytesIO(lines),
            read_options=json_reader.ReadOptions(block_size=min(max(_BLOCK, 2 * len(first)), len(lines) + 1)),
            parse_options=json_reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
        )
        table.validate(full=True)
    except (ValueError, RecursionError):
        # a key that stands twice is one of them
        return None
    if set(table.column_names) != set(row) or not _is_complete(table, content):
        return None
    return pd.DataFrame({name: _text(table[name]) for name in row}, dtype="str")


def _is_complete(table: pa.Table, content: bytes) -> bool:
    """Whether every response has every column: a missing one reads like null."""
    columns = [name for name in table.column_names if table[name].null_count]
    plain = all(pa.types.is_string(t) or pa.types.is_integer(t) or pa.types.is_null(t) for t in table.schema.types)
    return plain and all(content.count(json.dumps(name).encode() + b":") == table.num_rows for name in columns)


def _text(column: pa.ChunkedArray) -> Any:
    return column.cast(pa.string()).fill_null("").to_pandas()


def json_table(text: str, name: str) -> pd.DataFrame:
    """The table of an export, all text; older versions wrap each response in its id.

    Raises
    ------
    DataError
        No JSON, no responses, or responses of different columns.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once_each)
    except _DoubleKeyError as error:
        raise DataError("column stands twice in a response", where=name, value=str(error)) from None
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
            remedy=EXPORT_REMEDY,
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
    columns = zip(*(entry.values() for entry in flat), strict=True)
    return pd.DataFrame(
        {heading: _texts(values) for heading, values in zip(headings, columns, strict=True)}, dtype="str"
    )


def _unwrapped(entry: Any, number: int, name: str) -> dict[str, Any]:
    """A response; older versions wrap it as ``{"<id>": {…}}``."""
    if isinstance(entry, dict) and len(entry) == 1:
        inner = next(iter(entry.values()))
        entry = inner if isinstance(inner, dict) else entry
    if not isinstance(entry, dict):
        raise DataError("response is not a table of answers", where=f"{name}, response {number}", value=entry)
    return entry


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return "" if value is None else str(value)


def _texts(values: Sequence[Any]) -> Any:
    """Text; ``""`` for null, numbers as they are written."""
    try:
        found = pa.array(values, type=pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        found = pa.array([_written(value) for value in values], type=pa.string())
    return found.fill_null("").to_pandas()
