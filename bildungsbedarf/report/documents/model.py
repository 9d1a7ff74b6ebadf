"""A document as plain parts: what it says, and nothing of how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

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
    """A list."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table with its caption and heads; the first column heads the rows."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    numbers: bool = False
    """Whether the columns after the first hold numbers."""


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG, with what it shows in words."""

    caption: str
    svg: str
    alt: str
    notes: Sequence[str] = ()


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
