"""Which pages by subject a study has, and the list of all of them from A to Z."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bildungsbedarf.language import translate
from bildungsbedarf.report.subjects.fields import field_pages
from bildungsbedarf.report.subjects.goals import goal_pages
from bildungsbedarf.report.subjects.known import Known
from bildungsbedarf.report.subjects.municipalities import area_pages
from bildungsbedarf.report.subjects.overviews import (
    areas_door,
    barriers_page,
    fields_door,
    participation_page,
    phases_door,
)
from bildungsbedarf.report.subjects.parts import Link, SubjectPage
from bildungsbedarf.report.subjects.phases import phase_pages
from bildungsbedarf.report.subjects.planning import planning_page
from bildungsbedarf.report.subjects.reference import english_page, plain_page
from bildungsbedarf.study.model import Language

INDEX = "a-z.html"


def subject_pages(known: Known) -> list[SubjectPage]:
    """All pages of a study with a battery, but those that pages.toml leaves out.

    Parameters
    ----------
    known
        What pages draw from.

    Returns
    -------
    list of SubjectPage
        The overviews before their pages.
    """
    left_out = known.pages.leave_out
    made: list[SubjectPage | None] = []
    if "fields" not in left_out:
        pages = field_pages(known)
        made += [fields_door(known, pages), *pages]
    if "life_phases" not in left_out and (pages := phase_pages(known)):
        made += [phases_door(known, pages), *pages]
    if "municipalities" not in left_out and known.areas:
        pages = area_pages(known)
        made += [areas_door(known, pages), *pages]
    if "planning" not in left_out:
        made.append(planning_page(known))
    if "barriers" not in left_out:
        made.append(barriers_page(known))
    if "participation" not in left_out:
        made.append(participation_page(known))
    made += [*goal_pages(known), plain_page(known)]
    if known.language != "en":
        made.append(english_page(known))
    return [page for page in made if page is not None]


@dataclass(frozen=True)
class Letter:
    """A letter of the list, and what begins with it."""

    letter: str
    links: list[Link]


def letters(links: list[Link], language: Language) -> list[Letter]:
    """Links by their first letter; umlauts as their vowel.

    Parameters
    ----------
    links
        In any order.
    language
        Of the pages.

    Returns
    -------
    list of Letter
        What begins with no letter comes last.

    Examples
    --------
    >>> [one.letter for one in letters([Link("Öffnung", "a"), Link("Bildung", "b"), Link("65+", "c")], "de")]
    ['B', 'O', '#']
    """
    other = translate("#", language)
    ordered = sorted(links, key=lambda link: (_initial(link.title, other) == other, _key(link.title), link.href))
    return [Letter(letter, list(own)) for letter, own in groupby(ordered, lambda link: _initial(link.title, other))]


_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def _key(title: str) -> str:
    return title.strip("„“\"'( ").casefold().translate(_PLAIN)


def _initial(title: str, other: str) -> str:
    first = _key(title)[:1].upper()
    return first if first.isalpha() else other
