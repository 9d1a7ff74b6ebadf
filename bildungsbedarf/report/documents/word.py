"""A document as Word file: styles, table heads that repeat, captions, language; the same bytes for the same content."""

from __future__ import annotations

import io
from typing import Any

from bildungsbedarf.report.documents.model import Bullets, Document, Figure, Heading, Paragraph, Table, cited_pieces
from bildungsbedarf.show.word import add_link, add_notes, add_table, mark_place, new_document, without_clock


def to_word(document: Document) -> bytes:
    """The document as .docx; drawings are told in words there."""
    made = new_document(document.title, document.language, document.subtitle, document.day)
    made.add_paragraph(document.title, style="Title")
    made.add_paragraph(document.subtitle, style="Subtitle")
    for text in (document.state, *document.about):
        made.add_paragraph(text)
    for part in document.parts:
        _add(made, part)
    stream = io.BytesIO()
    made.save(stream)
    return without_clock(stream.getvalue())


def _add(made: Any, part: Heading | Paragraph | Bullets | Table | Figure) -> None:
    if isinstance(part, Heading):
        made.add_heading(part.text, part.level)
    elif isinstance(part, Paragraph):
        run = made.add_paragraph().add_run(part.text)
        run.italic = part.quiet or None
    elif isinstance(part, Bullets):
        for text in part.texts:
            line = made.add_paragraph(style="List Bullet")
            for piece, row in cited_pieces(text) if part.cites else [(text, 0)]:
                add_link(line, piece, f"befund-{row}") if row else line.add_run(piece)
    elif isinstance(part, Figure):
        made.add_paragraph(part.caption, style="Caption")
        made.add_paragraph(part.alt)
        add_notes(made, part.notes)
    else:
        table = add_table(made, part.caption, part.heads, part.rows, part.notes)
        for place, row in enumerate(table.rows[1:], start=1) if part.is_cited else ():
            mark_place(row.cells[0].paragraphs[0], f"befund-{place}", place)
