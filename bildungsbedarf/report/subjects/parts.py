"""What a page by subject is made of; the template ``subject.html`` draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["survey", "conference", "offers", "statistics"]
"""Whose voice a sentence is: each has its own sign, in shape and colour."""


_ON_A_PHONE = 3
"""Columns a phone has room for."""
_BEGINS_NUMBER = frozenset("0123456789−+")


Facts = list[tuple[str, str]]
"""What is known in short: heading and text."""


@dataclass(frozen=True)
class Link:
    """A way to another page: ``href`` is relative to the site's root."""

    title: str
    href: str
    note: str = ""
    mark: str = ""
    """Class of the note, where it is a verdict."""


def neighbours(links: list[Link]) -> list[tuple[Link | None, Link | None]]:
    """For each page of a row of pages, the one before and the one after it.

    Examples
    --------
    >>> first, last = neighbours([Link("A", "a.html"), Link("B", "b.html")])
    >>> first[0], first[1].title
    (None, 'B')
    """
    return list(zip([None, *links[:-1]], [*links[1:], None], strict=True)) if links else []


@dataclass(frozen=True)
class Said:
    """A sentence of the register."""

    text: str
    href: str = ""
    source: Source = "survey"


@dataclass(frozen=True)
class Table:
    """A head and rows of finished text; the first cell of each row is its head."""

    heads: list[str]
    rows: list[list[str]]

    @property
    def is_wide(self) -> bool:
        """Too many columns for a phone: there each row becomes a card."""
        return len(self.heads) > _ON_A_PHONE

    def look(self, column: int) -> str:
        """Class of a column: numbers stand at the right, words at the left.

        Examples
        --------
        >>> table = Table(["Ort", "Anteil", "Grund"], [["A", "zu wenige", "weit"], ["B", "36 %", "teuer"]])
        >>> table.look(1), table.look(2)
        ('num', 'word')
        """
        is_number = any(row[column][:1] and row[column][0] in _BEGINS_NUMBER for row in self.rows)
        return "num" if self.heads and is_number else "word"


@dataclass(frozen=True)
class Figure:
    """A drawing in two widths with what belongs to it, and beneath exactly what is drawn as a table."""

    name: str
    """Names its file: ``<name>.csv`` in ``zahlen/``."""
    title: str
    subtitle: str
    """Measure, unit, whom it speaks of, year."""
    plots: list[dict[str, Any]]
    alt: str
    table: Table
    csv: str
    keys: list[tuple[str, str]] = field(default_factory=list)
    """Class of the mark and what it stands for."""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A heading and what stands beneath it."""

    anchor: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    table: Table | None = None
    links: list[Link] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    """Names and what they mean."""
    markdown: str = ""
    earlier: list[Section] = field(default_factory=list)
    """The same of each earlier wave of the page, newest first: a switch shows one of them in its place."""

    @property
    def is_empty(self) -> bool:
        """Nothing stands beneath the heading, in no wave."""
        return self.is_bare and all(section.is_bare for section in self.earlier)

    @property
    def is_bare(self) -> bool:
        """Nothing stands beneath the heading in this wave."""
        return not (
            self.paragraphs or self.said or self.figures or self.table or self.links or self.terms or self.markdown
        )

    @property
    def most_figures(self) -> int:
        """Figures that are shown at once at most: those of one wave."""
        return max(len(section.figures) for section in (self, *self.earlier))


@dataclass(frozen=True)
class SubjectPage:
    """One page: its title is what was found."""

    path: str
    kicker: str
    title: str
    lead: str
    sections: list[Section]
    short: str = ""
    """What it is called in lists; default: the title."""
    facts: list[Facts] = field(default_factory=list)
    """Of the newest wave, and of each one before it where there is a switch; newest first."""
    waves: list[str] = field(default_factory=list)
    """What the switch offers, newest first; nothing where the page has no earlier wave."""
    spoken: str = ""
    """Language of the page, where it is not the site's."""
    door: str = ""
    """The door of the navigation it lies behind: the path of that page."""
    previous: Link | None = None
    following: Link | None = None

    @property
    def figures(self) -> list[Figure]:
        """All figures, of every wave."""
        own = [section for each in self.sections for section in (each, *each.earlier)]
        return [figure for section in own for figure in section.figures]

    @property
    def tables(self) -> list[Table]:
        """All tables, of every wave, and of the numbers that figures draw."""
        own = [section for each in self.sections for section in (each, *each.earlier)]
        return [*(section.table for section in own if section.table), *(figure.table for figure in self.figures)]

    @property
    def name(self) -> str:
        """What it is called in lists."""
        return self.short or self.title
