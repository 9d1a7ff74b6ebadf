"""Workbooks for other readers: nothing in them is executed, and the same content gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter


def new_workbook(stream: BytesIO, title: str = "") -> Any:
    """An empty workbook; questions and labels are foreign text: none of it may become a formula or a link."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": pd.Timestamp(2000, 1, 1).to_pydatetime(), **({"title": title} if title else {})})
    return book
