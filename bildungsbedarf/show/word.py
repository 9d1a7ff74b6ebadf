"""A table in a Word file: caption, a head that repeats on each page, notes; the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def add_table(
    document: Any, caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], notes: Iterable[str]
) -> None:
    """Add a table of finished text at the end of a document of python-docx."""
    document.add_paragraph(caption, style="Caption")
    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    head = table.rows[0]
    for cell, text in zip(head.cells, heads, strict=True):
        cell.text = text
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    add_notes(document, notes)


def add_notes(document: Any, notes: Iterable[str]) -> None:
    """Lines beneath a table or figure."""
    for text in notes:
        document.add_paragraph().add_run(text).italic = True


def without_clock(content: bytes) -> bytes:
    """The same archive with fixed times: the library writes those of now."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return stream.getvalue()
