"""Workbooks and CSV for other readers: nothing in them is executed, and the same content gives the same bytes."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import xlsxwriter


def new_workbook(stream: BytesIO, title: str = "") -> Any:
    """An empty workbook; questions and labels are foreign text: none of it may become a formula or a link."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime(), **({"title": title} if title else {})})
    return book


_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(?:\.\d+)?$)")
"""How a text begins that a spreadsheet computes; a negative number is one."""


def csv_text(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value for value in row])
    return stream.getvalue()
