"""LimeSurvey's question types and what each means for the columns of an export.

A new type laid out like another one is one row of ``TYPES``; what reads old files or asks the server knows letters
too (``readers``, ``sources.server``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Axes = Literal[
    "single", "single+comment", "file", "subquestions", "subquestions+comments", "grid", "dual", "ranking", "none"
]
Values = Literal["choice", "scale", "number", "date", "text", "checkbox", "language", "none"]


@dataclass(frozen=True)
class QuestionType:
    """How a type of question is laid out.

    ``axes`` says which columns it has, ``values`` what stands in them, ``codes`` the answer codes
    that LimeSurvey fixes itself (empty where the questionnaire lists them).
    """

    letter: str
    name: str
    axes: Axes
    values: Values
    codes: tuple[tuple[str, str, str], ...] = ()
    """(code, German label, English label)"""


def _steps(last: int) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(step), str(step), str(step)) for step in range(1, last + 1))


_YES_NO = (("Y", "Ja", "Yes"), ("N", "Nein", "No"))
_UNCERTAIN = (("Y", "Ja", "Yes"), ("U", "Unsicher", "Uncertain"), ("N", "Nein", "No"))
_CHANGE = (("I", "Zunahme", "Increase"), ("S", "Gleich", "Same"), ("D", "Abnahme", "Decrease"))
_GENDER = (("F", "weiblich", "Female"), ("M", "männlich", "Male"))

TYPES: dict[str, QuestionType] = {
    entry.letter: entry
    for entry in (
        QuestionType("!", "list (dropdown)", "single", "choice"),
        QuestionType("L", "list (radio)", "single", "choice"),
        QuestionType("W", "list with label set (dropdown)", "single", "choice"),
        QuestionType("Z", "list with label set (radio)", "single", "choice"),
        QuestionType("O", "list with comment", "single+comment", "choice"),
        QuestionType("Y", "yes/no", "single", "choice", _YES_NO),
        QuestionType("G", "gender", "single", "choice", _GENDER),
        QuestionType("I", "language switch", "single", "language"),
        QuestionType("5", "five point choice", "single", "scale", _steps(5)),
        QuestionType("N", "number", "single", "number"),
        QuestionType("D", "date", "single", "date"),
        QuestionType("S", "short text", "single", "text"),
        QuestionType("T", "long text", "single", "text"),
        QuestionType("U", "huge text", "single", "text"),
        QuestionType("*", "equation", "single", "text"),
        QuestionType("|", "file upload", "file", "text"),
        QuestionType("X", "text display", "none", "none"),
        QuestionType("M", "multiple choice", "subquestions", "checkbox"),
        QuestionType("P", "multiple choice with comments", "subquestions+comments", "checkbox"),
        QuestionType("F", "array", "subquestions", "scale"),
        QuestionType("H", "array by column", "subquestions", "scale"),
        QuestionType("A", "array (5 point)", "subquestions", "scale", _steps(5)),
        QuestionType("B", "array (10 point)", "subquestions", "scale", _steps(10)),
        QuestionType("C", "array (yes/no/uncertain)", "subquestions", "scale", _UNCERTAIN),
        QuestionType("E", "array (increase/same/decrease)", "subquestions", "scale", _CHANGE),
        QuestionType("K", "multiple numbers", "subquestions", "number"),
        QuestionType("Q", "multiple short texts", "subquestions", "text"),
        QuestionType(":", "array (numbers)", "grid", "number"),
        QuestionType(";", "array (texts)", "grid", "text"),
        QuestionType("1", "array (dual scale)", "dual", "scale"),
        QuestionType("R", "ranking", "ranking", "choice"),
    )
}

OTHER_CODE = "-oth-"
CHECKBOX_ATTRIBUTE = "multiflexible_checkbox"
"""Set where the cells of an array of numbers are boxes: 1 or nothing."""
