"""pages.toml: which pages by subject a study has, whom they speak of, and what only its office can say on them."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Shown, Words, words_from_text

Subject = Literal["fields", "life_phases", "municipalities", "planning", "barriers", "participation"]
_GROUP = re.compile(r"^(?P<variable>[^=]+)=(?P<category>.+)$")
_READABLE = 4.5
"""Contrast of text with what is behind it (WCAG 2.2, 1.4.3)."""


class LifePhase(Model):
    """A phase of life that has a page, and who of the first audience speaks for it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    """Part of the page's address."""
    title: Words
    group: str
    """``variable=category``: whose answers the page shows beside those of all."""
    fields: list[Code] = []
    """Fields of education that are about this phase itself, shown first."""
    audience: str = ""
    """An audience that is asked in a survey of its own, whose pages are linked."""
    note: Words | None = None
    """Who speaks, where it is not the people themselves: parents for their children."""

    _words = field_validator("title", "note", mode="before")(words_from_text)

    @field_validator("group")
    @classmethod
    def _of_group(cls, value: str) -> str:
        if not _GROUP.match(value):
            raise ValueError("a group is written as variable=category")
        return value

    @property
    def by(self) -> str:
        """The grouping variable."""
        return self.group.partition("=")[0]

    @property
    def category(self) -> str:
        """Its category."""
        return self.group.partition("=")[2]


class Logo(Model):
    """A picture in the head or the foot of every page."""

    file: Annotated[str, Field(pattern=r"^[\w.-]+\.(svg|png)$")]
    """SVG or PNG in the study's folder."""
    text: Words
    """What it says, for those who do not see it."""

    _words = field_validator("text", mode="before")(words_from_text)


class PagesFile(Model):
    """pages.toml. Texts are Markdown without HTML; a text that is not there is named on its page as missing."""

    leave_out: list[Subject] = []
    """Subjects that get no pages."""
    life_phase: list[LifePhase] = []
    imprint: Words | None = None
    data_protection: Words | None = None
    retention: Words | None = None
    """How long answers are kept, for the page on data protection."""
    legal_basis: Words | None = None
    """On what answers are asked and processed (Article 6 of the General Data Protection Regulation)."""
    accessibility: Words | None = None
    """What the accessibility statement says beside what holds for all pages: whom to turn to, who enforces it."""
    plain_language: Words | None = None
    """Text of the page in plain language, beside what is made from the findings."""
    accent: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] = ""
    """Colour of the head and of links, ``#004488``."""
    logo: Logo | None = None
    funding: list[Logo] = []
    """Logos of those who fund the project, in the foot."""
    address: Annotated[str, Field(pattern=r"^https://[^\s\"<>]+/$")] = ""
    """Where the pages will stand, with a slash at its end: shared pages then show a picture, and citations tell it."""
    licence: Shown = "dl-de/by-2-0"
    """Licence of the open data."""

    _words = field_validator(
        "imprint", "data_protection", "retention", "legal_basis", "accessibility", "plain_language", mode="before"
    )(words_from_text)

    @field_validator("accent")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value and (found := contrast(value, "#ffffff")) < _READABLE:
            raise ValueError(
                f"white text on this colour, and text of this colour on white, cannot be read: contrast {found:.1f}, "
                f"needed {_READABLE}"
            )
        return value

    @model_validator(mode="after")
    def _ids(self) -> PagesFile:
        ids = [phase.id for phase in self.life_phase]
        if double := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"life_phase {double[0]!r} is defined twice")
        return self


def contrast(one: str, other: str) -> float:
    """Ratio of the relative luminances of two colours, 1 to 21 (WCAG 2.2, *contrast ratio*).

    Parameters
    ----------
    one, other
        ``#rrggbb``.

    Returns
    -------
    float
        At least 1.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
