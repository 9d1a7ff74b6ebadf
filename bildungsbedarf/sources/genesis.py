"""Tables of the databases of official statistics (GENESIS) as they are downloaded: CSV with head lines and marks.

Two layouts. The table: Latin-1 or UTF-8, semicolons, lines of title, heads of one or more lines in which a head that
spans several columns stands in the first, rows that begin with a period or a key of a region, a line of underscores
and below it the copyright; the years may stand in a line of the head instead. The flat file: one value a row, its
columns called ``statistics_code``, ``time``, ``1_variable_code``, …, ``value``. Numbers have a decimal comma and no
sign for thousands. The marks are those of official statistics:
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
_REGION = re.compile(r"DG|DINSG|DE|\d{2,3}|\d{5}|\d{8,12}")
"""Keys of regions have no four digits: they are never taken for years."""
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
    frame = _flat(rows, path.name) if _is_flat(rows) else _table(rows, path.name)
    return frame, Provenance(path.name, sha256(content), "genesis", len(frame))


def _table(rows: list[list[str]], file: str) -> pd.DataFrame:
    first, last = _data_rows(rows, file)
    width = len(rows[first])
    heads_above = _lines_above(rows[:first], width)
    keys = _keys(rows[first:last], heads_above)
    lines = _filled([line[len(keys) :] for line in heads_above])
    periods = next((line for line in lines if line and all(_PERIOD.fullmatch(text) for text in line)), None)
    if PERIOD not in keys and periods is None:
        raise DataError("the table's rows have no year", where=file, value=";".join(rows[first][:3]))
    found = _cells(rows, (first, last), keys, file)
    if periods is None:
        return pd.DataFrame(
            [dict(zip([*keys, *_heads(lines, width - len(keys))], row, strict=True)) for row in found], dtype="string"
        )
    # the years stand over the columns: each becomes a row
    heads = _heads([line for line in lines if line is not periods], width - len(keys), once=False)
    made: dict[tuple[str, ...], dict[str, str | None]] = {}
    for number, row in enumerate(found, start=first + 1):
        place = tuple(str(text) for text in row[: len(keys)])
        for head, period, value in zip(heads, periods, row[len(keys) :], strict=True):
            year = _key(PERIOD, period)
            own = made.setdefault((*place, year), {**dict(zip(keys, place, strict=True)), PERIOD: year})
            if (name := head or "value") in own:
                raise DataError(
                    "two values of the same year and region",
                    where=f"{file}, line {number}",
                    value=f"{', '.join(place)}, {year}: {name}",
                )
            own[name] = value
    return pd.DataFrame(list(made.values()), dtype="string")


def _cells(rows: list[list[str]], part: tuple[int, int], keys: list[str], file: str) -> list[list[str | None]]:
    """The rows of data: keys as text, values as numbers or missing."""
    first, last = part
    width = len(rows[first])
    found: list[list[str | None]] = []
    for number, row in enumerate(rows[first:last], start=first + 1):
        where = f"{file}, line {number}"
        if len(row) != width:
            raise DataError(
                "row has another number of cells than the first",
                where=where,
                value=len(row),
                expected=f"{width} cells",
            )
        own: list[str | None] = [_key(name, text) for name, text in zip(keys, row, strict=False)]
        found.append(
            [
                *own,
                *(
                    _value(text, f"{where}, column {place}")
                    for place, text in enumerate(row[len(keys) :], start=len(keys) + 1)
                ),
            ]
        )
    return found


_FLAT = ("statistics_code", "time", "value")


def _is_flat(rows: list[list[str]]) -> bool:
    return bool(rows) and set(_FLAT) <= {text.strip() for text in rows[0]}


def _flat(rows: list[list[str]], file: str) -> pd.DataFrame:
    """One value a row → one row a period and region, one column a measure and its categories."""
    heads = [text.strip() for text in rows[0]]
    body = [dict(zip(heads, map(str.strip, row), strict=False)) for row in rows[1:] if row]
    numbers = [head.partition("_")[0] for head in heads if head.endswith("_variable_code") and head[0].isdigit()]
    region = next((number for number in numbers if body and _are_regions(body, number)), "")
    made: dict[tuple[str, str], dict[str, str | None]] = {}
    for line, row in enumerate(body, start=2):
        if len(row) < len(heads):
            raise DataError(
                "row has another number of cells than the heading",
                where=f"{file}, line {line}",
                value=len(row),
                expected=f"{len(heads)} cells",
            )
        period = _PERIOD.fullmatch(row["time"])
        if period is None:
            raise DataError("period is no year", where=f"{file}, line {line}, column time", value=row["time"])
        key = row.get(f"{region}_variable_attribute_code", "") if region else ""
        own = made.setdefault((period[1], key), {PERIOD: period[1]})
        if region:
            own |= {REGION: key, NAME: " ".join(row.get(f"{region}_variable_attribute_label", "").split())}
        parts = [row.get("value_variable_label", ""), row.get("value_unit", "")]
        parts += [_category(row, number) for number in numbers if number != region]
        head = " / ".join(part for part in parts if part) or "value"
        if head in own:
            raise DataError("two values of the same period and region", where=f"{file}, line {line}", value=head)
        own[head] = _value(row["value"], f"{file}, line {line}, column value")
    return pd.DataFrame(list(made.values()), dtype="string")


def _are_regions(body: list[dict[str, str]], number: str) -> bool:
    codes = [row.get(f"{number}_variable_attribute_code", "") for row in body]
    return all(_REGION.fullmatch(code) for code in codes)


def _category(row: dict[str, str], number: str) -> str:
    """A category's label; the sum over all has none."""
    if not row.get(f"{number}_variable_code"):
        return ""
    return row.get(f"{number}_variable_attribute_label") or _WHOLE


_WHOLE = "Insgesamt"


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


_MOST_KEYS = 3


def _lines_above(rows: list[list[str]], width: int) -> list[list[str]]:
    """The lines of the head: those directly above the data that are as wide and say something."""
    lines: list[list[str]] = []
    for row in reversed(rows):
        if len(row) != width or not any(text.strip() for text in row[1:]):
            break
        lines.insert(0, [text.strip() for text in row])
    return lines


def _keys(rows: list[list[str]], lines: list[list[str]]) -> list[str]:
    """What the first columns are: period, key of a region, its name; all their cells say so, and mostly no head.

    Columns without a head are keys. Where all have one, the first ones that hold nothing but years, keys or names.
    """
    bare = next((place for place in range(len(rows[0])) if any(line[place] for line in lines)), 0) if lines else 0
    found: list[str] = []
    for place in range(min(bare or _MOST_KEYS, _MOST_KEYS, len(rows[0]) - 1)):
        cells = [row[place].strip() for row in rows if len(row) > place]
        kind = _kind(cells)
        if kind in found or (not kind and not bare):
            break
        found.append(kind or NAME)
    return found


def _kind(cells: list[str]) -> str:
    """What a whole column is; nothing where it holds values."""
    if all(_PERIOD.fullmatch(cell) for cell in cells):
        return PERIOD
    if all(_REGION.fullmatch(cell) for cell in cells):
        return REGION
    is_value = any(_NUMBER.fullmatch(cell) or cell in (*MARKS, _ZERO) or not cell for cell in cells)
    return "" if is_value else NAME


def _filled(lines: list[list[str]]) -> list[list[str]]:
    """Heads that span several columns stand over all of them; the finest stand for themselves."""
    for line in lines[:-1]:
        before = ""
        for place, text in enumerate(line):
            before = text or before
            line[place] = before
    return lines


def _heads(lines: list[list[str]], width: int, *, once: bool = True) -> list[str]:
    """The heads of all columns, their parts joined; with ``once`` each is another."""
    heads = [" / ".join(dict.fromkeys(text for text in parts if text)) for parts in zip(*lines, strict=True)]
    heads = heads or [""] * width
    if not once:
        return heads
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
