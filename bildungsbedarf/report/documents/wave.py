"""The report of one wave: its pages as chapters, figures as vectors, for the council's information system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import html
from lxml.html import HtmlElement

from bildungsbedarf.report.content import Page
from bildungsbedarf.report.documents.frame import framed
from bildungsbedarf.report.documents.model import Bullets, Document, Figure, Heading, Paragraph, Part, Table
from bildungsbedarf.wave import Study

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_NARROW = re.compile(r'<div class="bb-narrow">.*?</div>', re.DOTALL)
_LABEL = re.compile(r'aria-label="([^"]*)"')
_LEVELS = {"h2": 2, "h3": 3, "h4": 3}
_WIDEST = 9
"""Columns of a table that fit on paper; wider ones are in the workbook."""


def wave_report(study: Study, wave: str, pages: Sequence[Page]) -> Document:
    """All pages of a wave as chapters of one document."""
    parts: list[Part] = []
    for page in pages:
        parts.append(Heading(1, page.title))
        for piece in (page.lead, *page.parts):
            parts += parts_of(piece)
    return framed(study, "Results of the survey", parts, wave=wave)


def parts_of(piece: str) -> list[Part]:
    """The parts of a piece of a page; drawings are kept as they are, as no HTML parser leaves them so."""
    piece = _NARROW.sub("", piece)
    drawings = _SVG.findall(piece)
    marked = _SVG.sub(lambda _: "<i class='bb-drawing'></i>", piece)
    left = iter(drawings)
    return [part for element in html.fragments_fromstring(marked) for part in _parts(element, left)]


def _parts(element: HtmlElement | str, drawings: Iterator[str]) -> Iterator[Part]:
    name = "" if isinstance(element, str) else element.tag
    if isinstance(element, str):
        yield from [Paragraph(element.strip())] if element.strip() else []
    elif name in _LEVELS:
        yield Heading(_LEVELS[name], _text(element))
    elif name == "p":
        yield Paragraph(_text(element), quiet="meta" in element.classes)
    elif name in ("ul", "ol"):
        yield Bullets([_text(item) for item in element.findall("li")])
        for _ in element.iterfind(".//i[@class='bb-drawing']"):
            next(drawings)
    elif name == "figure":
        yield from [_figure(element, next(drawings))] if "bb-figure" in element.classes else _table(element)
    elif name == "i" and "bb-drawing" in element.classes:
        next(drawings)
    else:
        for child in element:
            yield from _parts(child, drawings)


def _text(element: HtmlElement) -> str:
    for line in element.iterfind(".//br"):
        line.tail = f" {line.tail or ''}"
    return " ".join(str(element.text_content()).split())


def _figure(element: HtmlElement, svg: str) -> Figure:
    title = element.find("p[@class='bb-title']")
    notes = [_text(note) for note in element.findall("figcaption/p")]
    label = _LABEL.search(svg)
    alt = html.fromstring(f"<p>{label[1]}</p>").text_content() if label else ""
    return Figure("" if title is None else _text(title), svg, str(alt), notes)


def _table(element: HtmlElement) -> Iterator[Part]:
    caption = element.find(".//caption")
    heads = [_text(cell) for cell in element.findall(".//thead/tr/th")]
    rows = [[_text(cell) for cell in row.iterchildren("th", "td")] for row in element.findall(".//tbody/tr")]
    notes = [_text(note) for note in element.findall("figcaption/p")]
    if len(heads) <= _WIDEST and all(len(row) == len(heads) for row in rows):
        yield Table("" if caption is None else _text(caption), heads, rows, notes, numbers=True)
