"""Tables of the databases of official statistics (GENESIS) as they are downloaded: CSV with head lines and marks.

The layout: Latin-1 or UTF-8, semicolons, lines of title, heads of one or more lines in which a head that spans several
columns stands in the first, rows that begin with a period or a key of a region, a line of underscores and below it the
copyright. Numbers have a decimal comma and no sign for thousands. The marks are those of official statistics:
``-`` nothing (exactly zero); ``.`` unknown or secret; ``...`` comes later; ``/`` too unreliable; ``x`` makes no sense.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256

_PERIOD = re.compile(r"(?:\d{1,2}\.\d{1,2}\.)?(\d{4})(?:/\d{2,4})?")
_REGION = re.compile(r"DG|\d{2,12}")
_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
MARKS = {".": "unknown or secret", "...": "comes later", "/": "too unreliable", "x": "makes no sense"}
_ZERO = "-"
PERIOD, REGION, NAME = "period", "region", "name"


def read_genesis(path: Path) -> tuple[pd.DataFrame, Provenance]:
    """The table as text: ``period`` (a year), ``region``, ``name``, and a column a head; marks are missing, ``-`` is 0.

    Raises
    ------
    DataError
        Not this layout, a row with another number of cells, or a cell that is neither number nor mark (names its line).
    """
    content = read_bytes(path)
    rows = list(csv.reader(StringIO(_decoded(content), newline=""), delimiter=";"))
    first, last = _data_rows(rows, path.name)
    width = len(rows[first])
    keys = _keys(rows[first], path.name)
    heads = _heads(rows[:first], width, len(keys))
    table: dict[str, list[str | None]] = {name: [] for name in [*keys, *heads]}
    for number, row in enumerate(rows[first:last], start=first + 1):
        if len(row) != width:
            raise DataError(
                "row has another number of cells than the first",
                where=f"{path.name}, line {number}",
                value=len(row),
                expected=f"{width} cells",
            )
        for name, text in zip(keys, row, strict=False):
            table[name].append(_key(name, text))
        for head, text in zip(heads, row[len(keys) :], strict=True):
            table[head].append(_value(text, f"{path.name}, line {number}, column {head}"))
    frame = pd.DataFrame(table, dtype="string")
    return frame, Provenance(path.name, sha256(content), "genesis", len(frame))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_data(row: list[str]) -> bool:
    starts = [text.strip() for text in row[:2]]
    return len(row) > 1 and bool(_PERIOD.fullmatch(starts[0]) or _REGION.fullmatch(starts[0])) and _has_value(row[1:])


def _has_value(cells: list[str]) -> bool:
    return any(_NUMBER.fullmatch(cell.strip()) or cell.strip() in (*MARKS, _ZERO) for cell in cells)


def _data_rows(rows: list[list[str]], name: str) -> tuple[int, int]:
    first = next((place for place, row in enumerate(rows) if _is_data(row)), None)
    if first is None:
        raise DataError(
            "this is no table of official statistics as they are downloaded",
            where=name,
            expected="rows that begin with a year or the key of a region, separated by semicolons",
        )
    last = next(
        (place for place in range(first, len(rows)) if not rows[place] or rows[place][0].startswith("__")), len(rows)
    )
    return first, last


def _keys(row: list[str], name: str) -> list[str]:
    """What the first columns are: a period, the key of a region and its name, in either order."""
    found: list[str] = []
    for place, text in enumerate(row):
        bare = text.strip()
        is_number = bool(_NUMBER.fullmatch(bare)) or bare in (*MARKS, _ZERO)
        if PERIOD not in found and _PERIOD.fullmatch(bare):
            found.append(PERIOD)
        elif REGION not in found and _REGION.fullmatch(bare):
            found.append(REGION)
        elif NAME not in found and bare and not is_number:
            found.append(NAME)
        else:
            break
        if place == 2:
            break
    if PERIOD not in found:
        raise DataError("the table's rows have no year", where=name, value=";".join(row[:3]))
    return found


def _heads(rows: list[list[str]], width: int, keys: int) -> list[str]:
    """Heads over the values: lines directly above the data, from those that span several columns to the finest."""
    lines: list[list[str]] = []
    for row in reversed(rows):
        if len(row) != width or not any(text.strip() for text in row[keys:]):
            break
        lines.insert(0, row[keys:])
    filled = []
    for place, line in enumerate(lines):
        is_finest = place == len(lines) - 1
        before = ""
        cells = []
        for text in line:
            before = text.strip() or ("" if is_finest else before)
            cells.append(before)
        filled.append(cells)
    heads = [" / ".join(dict.fromkeys(text for text in parts if text)) for parts in zip(*filled, strict=True)]
    heads = heads or [""] * (width - keys)
    counted: dict[str, int] = {}
    named = []
    for place, head in enumerate(heads, start=1):
        own = head or f"column {place}"
        counted[own] = counted.get(own, 0) + 1
        named.append(own if counted[own] == 1 else f"{own} ({counted[own]})")
    return named


def _key(name: str, text: str) -> str:
    bare = " ".join(text.split())
    if name == PERIOD and (found := _PERIOD.fullmatch(bare)):
        return found[1]
    return bare


def _value(text: str, where: str) -> str | None:
    bare = text.strip()
    if bare == _ZERO:
        return "0"
    if not bare or bare in MARKS:
        return None
    # figures in brackets are of limited reliability, and told
    inner = bare.removeprefix("(").removesuffix(")").strip()
    if not _NUMBER.fullmatch(inner):
        raise DataError(
            "cell is neither a number nor a mark of official statistics",
            where=where,
            value=bare,
            expected="12345 or 5,5, or one of - . ... / x",
        )
    return inner.replace(",", ".")
