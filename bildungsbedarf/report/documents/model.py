"""A document as plain parts: what it says, and nothing of how it looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bildungsbedarf.study.model import Language


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 is that of a chapter."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``quiet`` ones are notes."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; where it ``cites``, ``[3]`` in a text leads to the third row of the table of what is cited."""

    texts: Sequence[str]
    cites: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption and heads; the first column heads the rows."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    numbers: bool = False
    """Whether the columns after the first hold numbers."""
    is_cited: bool = False
    """Whether its rows are what lists of the document cite by their number."""


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG, with what it shows in words."""

    caption: str
    svg: str
    alt: str
    notes: Sequence[str] = ()


_MARK = re.compile(r"(\[(\d+)\])")


def cited_pieces(text: str) -> list[tuple[str, int]]:
    """A text in pieces, each with the number of the row it leads to; 0 where it leads nowhere.

    Examples
    --------
    >>> from bildungsbedarf.report.documents.model import cited_pieces
    >>> cited_pieces("So viele [3] sind es.")
    [('So viele ', 0), ('[3]', 3), (' sind es.', 0)]
    """
    found, end = [], 0
    for mark in _MARK.finditer(text):
        found += [(text[end : mark.start()], 0), (mark[1], int(mark[2]))]
        end = mark.end()
    return [piece for piece in [*found, (text[end:], 0)] if piece[0]]


def plain(part: Part) -> dict[str, Any]:
    """A part as JSON values, with its kind, and the pieces of texts that cite."""
    pieces = [cited_pieces(text) for text in part.texts] if isinstance(part, Bullets) and part.cites else []
    return {"kind": type(part).__name__.lower(), **asdict(part), "pieces": pieces}


Part = Heading | Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Document:
    """A document: ``state`` and ``about`` stand on its first page, ``day`` is that of its newest data."""

    title: str
    subtitle: str
    language: Language
    state: str
    about: Sequence[str]
    day: date
    parts: Sequence[Part] = field(default_factory=list)
    contents: bool = True
    """Whether a table of contents follows the title."""
