"""A document as tagged PDF (PDF/UA-1), set by Typst; texts are data there, never markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Literal

from bildungsbedarf.errors import StepError
from bildungsbedarf.language import day as day_words
from bildungsbedarf.language import translate
from bildungsbedarf.report.documents.model import Document, plain

_STANDARD: Literal["ua-1"] = "ua-1"


Template = Literal["document", "slides"]


def to_pdf(document: Document, template: Template = "document") -> bytes:
    """The document as PDF, as pages to read or as slides (a figure each); the same bytes for the same content.

    Raises
    ------
    StepError
        The typesetter refuses it.
    """
    import typst

    source = files(__package__).joinpath(f"{template}.typ").read_bytes()
    try:
        made = typst.compile(
            source,
            format="pdf",
            sys_inputs={"document": json.dumps(_plain(document), ensure_ascii=False)},
            pdf_standards=_STANDARD,
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise StepError("document cannot be set as PDF", where=document.title, value=str(error)) from None
    return bytes(made)


def _plain(document: Document) -> dict[str, Any]:
    words = ("Contents", "Page", "Figure", "Table", "of")
    return {
        **asdict(document),
        "parts": [plain(part) for part in document.parts],
        "day": [document.day.year, document.day.month, document.day.day],
        "shown_day": day_words(document.day, document.language),
        "words": {word: translate(word, document.language) for word in words},
    }
