"""A table in a Word file: caption, a head that repeats on each page, notes; the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


_LOCALE = {"de": "de-DE", "en": "en-GB"}
_EARLY = date(2000, 1, 1)


def new_document(title: str, language: str, subject: str = "", day: date = _EARLY) -> Any:
    """An empty document of A4 with its title, language and day; the library's own is US Letter without any."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    core = made.core_properties
    core.title, core.subject, core.author, core.language = title, subject, "bildungsbedarf", _LOCALE[language]
    core.created = core.modified = datetime.combine(day, time(), UTC).replace(tzinfo=None)
    core.last_modified_by, core.comments = "", ""
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    told = OxmlElement("w:lang")
    told.set(qn("w:val"), _LOCALE[language])
    normal.element.get_or_add_rPr().append(told)
    return made


def add_table(
    document: Any, caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], notes: Iterable[str]
) -> Any:
    """Add a table of finished text at the end of a document of python-docx; the table."""
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
    return table


def mark_place(paragraph: Any, name: str, number: int) -> None:
    """Make a paragraph a place that links of the document lead to; ``number`` is its own in the document."""
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def add_link(paragraph: Any, text: str, place: str) -> None:
    """Add a text that leads to a place of the document; underlined, as colour alone would not tell it."""
    run = paragraph.add_run(text)
    run.font.underline = True
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), place)
    link.append(run._r)
    paragraph._p.append(link)


def lay_across(document: Any) -> None:
    """Turn the pages of a document of python-docx for a table of many columns."""
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)


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
