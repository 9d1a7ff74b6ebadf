"""The questionnaire that votes answer: what was voted on, as questions like any other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bildungsbedarf.codebook.model import Codebook, Question, Texts
from bildungsbedarf.codebook.readers.small import structure_of

STATEMENTS, GOALS, GROUP = "AUSSAGEN", "PUNKTE", "GRUPPE"
"""Questions of votes: agreement with statements, dots on goals, the group of who voted."""
AGREES, DISAGREES, PASSES = "A", "D", "P"
WITHOUT = "-"
"""Who belongs to no group, where others do: a cell of its own, so that nobody follows from the others."""
NOT_STATED: Texts = {"de": "ohne Angabe", "en": "not stated"}
_POSITIONS: dict[str, Texts] = {
    AGREES: {"de": "stimme zu", "en": "agree"},
    DISAGREES: {"de": "stimme nicht zu", "en": "disagree"},
    PASSES: {"de": "weder noch", "en": "pass"},
}
_TITLES: dict[str, Texts] = {
    STATEMENTS: {"de": "Aussagen, denen zugestimmt werden konnte", "en": "Statements to agree with"},
    GOALS: {"de": "Ziele, auf die Punkte verteilt werden konnten", "en": "Goals to place dots on"},
    GROUP: {"de": "Gruppe der Abstimmenden", "en": "Group of those who voted"},
}
_TYPES = {STATEMENTS: "F", GOALS: "K", GROUP: "L"}


def codebook_of_votes(
    name: str, statements: Mapping[str, str], goals: Mapping[str, str], groups: Sequence[str]
) -> Codebook:
    """The questions that votes answer; those without anything to vote on are left out.

    Parameters
    ----------
    name
        What messages call it.
    statements, goals
        Id → text.
    groups
        Names of the groups, in their order.

    Returns
    -------
    Codebook
        ``AUSSAGEN[id]`` with A, D and P, ``PUNKTE[id]`` with whole numbers, ``GRUPPE`` with the names of groups as
        codes. Texts stay as they were written; an item without one is called by its id.

    Examples
    --------
    >>> from bildungsbedarf.codebook.readers.votes import codebook_of_votes
    >>> book = codebook_of_votes("plattform", {"1": "Mehr Busse"}, {}, ["rot", "blau"])
    >>> [column.heading for column in book.columns], book["GRUPPE"].labels("de")
    (['AUSSAGEN[1]', 'GRUPPE'], {'rot': 'rot', 'blau': 'blau'})
    """
    rows: list[dict[str, str]] = []
    wording: dict[str, Texts] = {}

    def add(question: str, texts: Texts, **place: str) -> None:
        rows.append({"question": question, "type": "", "item": "", "code": "", **place, **texts})

    for question, items in ((STATEMENTS, statements), (GOALS, goals)):
        if items:
            add(question, _TITLES[question], type=_TYPES[question])
        for (item, text), code in zip(items.items(), item_codes(list(items)).values(), strict=True):
            wording[f"{question}/{code}"] = _both(" ".join(text.split()) or item)
            add(question, wording[f"{question}/{code}"], item=code)
        if question == STATEMENTS and items:
            for position, texts in _POSITIONS.items():
                add(question, texts, code=position)
    if groups:
        add(GROUP, _TITLES[GROUP], type=_TYPES[GROUP])
    for group in groups:
        add(GROUP, NOT_STATED if group == WITHOUT else _both(group), code=group)
    said = repr((list(statements.items()), list(goals.items()), list(groups)))
    lines = list(enumerate(rows, start=1))
    book = structure_of(lines, name, hashlib.sha256(said.encode()).hexdigest()).codebook()
    return replace(book, questions=tuple(_as_written(question, wording) for question in book.questions))


def _as_written(question: Question, wording: Mapping[str, Texts]) -> Question:
    """The question with texts as people wrote them: what looks like a placeholder of LimeSurvey is none here."""
    items = tuple(
        replace(item, texts=wording[f"{question.code}/{item.code}"]) if item.scale == 0 else item
        for item in question.subquestions
    )
    return replace(question, subquestions=items)


def item_codes(ids: Sequence[str]) -> dict[str, str]:
    """Codes of items by what a platform calls them: the same where it can be one, told apart where two became alike."""
    found: dict[str, str] = {}
    for one in ids:
        code = re.sub(r"[^\w-]|^(?=-)", "x", one) or "x"
        while code in found.values():
            code += "x"
        found[one] = code
    return found


def _both(text: str) -> Texts:
    return {"de": text, "en": text}
