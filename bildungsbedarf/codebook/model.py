"""What was asked: ``Codebook``, its questions, and the columns an export of them has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from bildungsbedarf.codebook.kinds import OTHER_CODE, QuestionType
from bildungsbedarf.errors import ConfigError, nearest

Texts = dict[str, str]
Role = Literal["answer", "other", "comment"]


@dataclass(frozen=True)
class Answer:
    """One answer option; ``scale`` is 1 for the second scale of a dual array."""

    code: str
    texts: Texts
    scale: int = 0


@dataclass(frozen=True)
class Subquestion:
    """One row of an array, one box of a multiple choice."""

    code: str
    texts: Texts
    relevance: str = "1"


@dataclass(frozen=True)
class Question:
    """One question as asked. ``texts`` are cleaned for tables, ``original`` are as stored."""

    code: str
    type: QuestionType
    texts: Texts
    original: Texts
    help: Texts
    group: int
    page: int
    mandatory: bool
    other: bool
    relevance: str
    group_relevance: str = ""
    subquestions: tuple[Subquestion, ...] = ()
    answers: tuple[Answer, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The question's wording."""
        return in_language(self.texts, language)

    def labels(self, language: str, scale: int = 0) -> dict[str, str]:
        """Answer code → label of one scale, in the questionnaire's order."""
        labels = {answer.code: in_language(answer.texts, language) for answer in self.answers if answer.scale == scale}
        if self.other and self.type.values == "choice":
            labels[OTHER_CODE] = "Sonstiges" if language == "de" else "Other"
        return labels

    def items(self, language: str) -> dict[str, str]:
        """Subquestion code → label; for a ranking the options ranked."""
        if self.type.axes == "ranking":
            return self.labels(language)
        return {item.code: in_language(item.texts, language) for item in self.subquestions}


@dataclass(frozen=True)
class Column:
    """One column of the export and of the analysis table.

    ``name`` is ours (``WICHT_F01``), ``heading`` is LimeSurvey's (``WICHT[F01]``).
    """

    name: str
    heading: str
    question: str
    item: str
    scale: int
    role: Role
    values: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Codebook:
    """All questions of one questionnaire, in order.

    ``page_count`` is the number of pages a person goes through; a question's ``page`` counts from 1.
    """

    survey_id: int
    language: str
    languages: tuple[str, ...]
    title: Texts
    questions: tuple[Question, ...]
    page_count: int
    sha256: str

    def __repr__(self) -> str:
        return f"<Codebook {self.survey_id}: {len(self.questions)} questions, {', '.join(self.languages)}>"

    def __getitem__(self, code: str) -> Question:
        """The question with this code.

        Raises
        ------
        ConfigError
            No such question; names the nearest one.
        """
        found = self._by_code.get(code)
        if found is None:
            raise ConfigError(
                f"there is no question {code!r} in the questionnaire", expected=nearest(code, self._by_code)
            )
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @cached_property
    def _by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in the export's order, without text displays."""
        return tuple(column for question in self.questions for column in _columns(question))

    def columns_of(self, code: str, role: Role = "answer") -> tuple[Column, ...]:
        """Columns of one question."""
        question = self[code]
        return tuple(column for column in _columns(question) if column.role == role)

    def column(self, name: str) -> Column:
        """A column by our name.

        Raises
        ------
        ConfigError
            No such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise ConfigError(
            f"there is no column {name!r}", expected=nearest(name, [column.name for column in self.columns])
        )

    @property
    def ignored_headings(self) -> tuple[str, ...]:
        """Headings an export has although nothing was asked: text displays."""
        return tuple(question.code for question in self.questions if question.type.axes == "none")


def in_language(texts: Texts, language: str) -> str:
    """The text in a language; where there is none, in any (the questionnaire's first)."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def _columns(question: Question) -> Iterator[Column]:
    kind = question.type
    choice_codes = tuple(question.labels("de"))
    if kind.axes == "single":
        yield Column(question.code, question.code, question.code, "", 0, "answer", kind.values, choice_codes)
    elif kind.axes in ("subquestions", "subquestions+comments"):
        codes = ("Y",) if kind.values == "checkbox" else choice_codes
        for item in question.subquestions:
            yield _item(question, item.code, codes)
            if kind.axes == "subquestions+comments":
                yield _extra(question, f"{item.code}comment", f"{item.code}_comment", item.code, "comment")
    elif kind.axes == "dual":
        for item in question.subquestions:
            for scale in (0, 1):
                codes = tuple(question.labels("de", scale))
                name, heading = f"{item.code}_{scale + 1}", f"{item.code}][{scale + 1}"
                yield _item(question, item.code, codes, name, heading, scale)
    elif kind.axes == "ranking":
        for place in range(1, _ranks(question) + 1):
            yield _item(question, str(place), choice_codes)
    if question.other and kind.axes != "none":
        yield _extra(question, "other", "other", "other", "other")


def _item(
    question: Question, item: str, codes: tuple[str, ...], name: str = "", heading: str = "", scale: int = 0
) -> Column:
    return Column(
        f"{question.code}_{name or item}",
        f"{question.code}[{heading or item}]",
        question.code,
        item,
        scale,
        "answer",
        question.type.values,
        codes,
    )


def _extra(question: Question, heading: str, name: str, item: str, role: Role) -> Column:
    return Column(f"{question.code}_{name}", f"{question.code}[{heading}]", question.code, item, 0, role, "text", ())


def _ranks(question: Question) -> int:
    """Places of a ranking: as many as the server keeps columns for."""
    for attribute in ("max_subquestions", "max_answers"):
        value = question.attributes.get(attribute, "")
        if value.isdigit() and int(value) > 0:
            return min(int(value), len(question.answers))
    return len(question.answers)
