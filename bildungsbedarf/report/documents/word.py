"""A document as Word file: styles, table heads that repeat, captions, language; the same bytes for the same content."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from bildungsbedarf.report.documents.model import Bullets, Document, Figure, Heading, Paragraph, Table
from bildungsbedarf.show.word import add_notes, add_table, without_clock

_LOCALE = {"de": "de-DE", "en": "en-GB"}


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
    return without_clock(stream.getvalue())


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
        add_notes(made, part.notes)
    else:
        add_table(made, part.caption, part.heads, part.rows, part.notes)
