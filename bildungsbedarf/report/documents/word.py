"""A document as Word file: styles, table heads that repeat, captions, language; the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from bildungsbedarf.report.documents.model import Bullets, Document, Figure, Heading, Paragraph, Table

_LOCALE = {"de": "de-DE", "en": "en-GB"}
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def to_word(document: Document) -> bytes:
    """The document as .docx; drawings are told in words there."""
    made = docx.Document()
    _properties(made, document)
    made.add_paragraph(document.title, style="Title")
    made.add_paragraph(document.subtitle, style="Subtitle")
    for text in (document.state, *document.about):
        made.add_paragraph(text)
    for part in document.parts:
        _add(made, part)
    stream = io.BytesIO()
    made.save(stream)
    return _without_clock(stream.getvalue())


def _properties(made: Any, document: Document) -> None:
    day = datetime.combine(document.day, time(), UTC).replace(tzinfo=None)
    core = made.core_properties
    core.title, core.subject, core.author, core.language = (
        document.title,
        document.subtitle,
        "bildungsbedarf",
        _LOCALE[document.language],
    )
    core.created = core.modified = day
    core.last_modified_by, core.comments = "", ""
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LOCALE[document.language])
    normal.element.get_or_add_rPr().append(language)


def _add(made: Any, part: Heading | Paragraph | Bullets | Table | Figure) -> None:
    if isinstance(part, Heading):
        made.add_heading(part.text, part.level)
    elif isinstance(part, Paragraph):
        run = made.add_paragraph().add_run(part.text)
        run.italic = part.quiet or None
    elif isinstance(part, Bullets):
        for text in part.texts:
            made.add_paragraph(text, style="List Bullet")
    elif isinstance(part, Figure):
        made.add_paragraph(part.caption, style="Caption")
        made.add_paragraph(part.alt)
        _notes(made, part.notes)
    else:
        _add_table(made, part)


def _add_table(made: Any, part: Table) -> None:
    made.add_paragraph(part.caption, style="Caption")
    table = made.add_table(rows=1, cols=len(part.heads), style="Light Grid Accent 1")
    head = table.rows[0]
    for cell, text in zip(head.cells, part.heads, strict=True):
        cell.text = text
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    for row in part.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    _notes(made, part.notes)


def _notes(made: Any, notes: Any) -> None:
    for text in notes:
        made.add_paragraph().add_run(text).italic = True


def _without_clock(content: bytes) -> bytes:
    """The same archive with fixed times: the library writes those of now."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return stream.getvalue()
