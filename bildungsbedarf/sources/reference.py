"""Read tables of official statistics from data/reference, as text with their hash."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.delimiters import delimiter_of
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256


def read_reference(path: Path) -> tuple[pd.DataFrame, Provenance]:
    """A CSV of facts (comma, semicolon or tab), all text: keys keep leading zeros, ``NA`` is a key; empty is missing.

    Raises
    ------
    DataError
        Missing or unreadable, or a row with another number of cells than the heading (names its line).
    """
    content = read_bytes(path)
    sign = delimiter_of(content.decode("utf-8-sig", errors="replace"))
    _check_rows(content, path.name, sign)
    try:
        table = pd.read_csv(
            BytesIO(content), sep=sign, dtype="string", encoding="utf-8-sig", keep_default_na=False, na_values=[""]
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"table cannot be read: {error}", where=path.name) from None
    return table, Provenance(path.name, sha256(content), "csv", len(table))


def _check_rows(content: bytes, name: str, sign: str) -> None:
    """A row that breaks off would be read as one with empty cells."""
    reader = csv.reader(StringIO(content.decode("utf-8-sig", errors="replace"), newline=""), delimiter=sign)
    width = 0
    for row in reader:
        width = width or len(row)
        if row and len(row) != width:
            raise DataError(
                "row has another number of cells than the heading",
                where=f"{name}, line {reader.line_num}",
                value=len(row),
                expected=f"{width} cells",
            )
