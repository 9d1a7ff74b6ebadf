"""What was asked: ``Codebook``, its questions, and the columns an export of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.codebook.kinds import OTHER_CODE, QuestionType
from bildungsbedarf.displays import Display, Displayed, folded_html
from bildungsbedarf.errors import ConfigError, nearest

Texts = dict[str, str]
_SETTINGS = (
    "min_answers",
    "max_answers",
    "max_subquestions",
    "min_num_value_n",
    "max_num_value_n",
    "equals_num_value",
    "random_order",
    "answer_order",
    "exclude_all_others",
    "other_comment_mandatory",
    "multiflexible_checkbox",
    "hidden",
)
Role = Literal["answer", "other", "comment"]


@dataclass(frozen=True)
class Answer:
    """One answer option; ``scale`` is 1 for the second scale of a dual array."""

    code: str
    texts: Texts
    scale: int = 0


@dataclass(frozen=True)
class Subquestion:
    """One row of an array, one box of a multiple choice; ``scale`` 1: a column of a grid."""

    code: str
    texts: Texts
    relevance: str = "1"
    scale: int = 0
    qid: str = field(default="", compare=False)
    """The server's number; another one on every server, so it does not tell questions apart."""


@dataclass(frozen=True, repr=False)
class Question(Displayed):
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
    section: Texts = field(default_factory=dict, compare=False)
    """What the group of questions is called, where the questionnaire names it."""
    qid: str = field(default="", compare=False)
    gid: str = field(default="", compare=False)

    def _display(self) -> Display:
        language = next(iter(self.texts), "")
        told = {
            "type": self.type.name,
            "items": self.items(language),
            "answers": self.labels(language),
            "condition": "" if self.relevance in ("", "1") else self.relevance,
            "settings": self.settings,
            "page": self.page,
            "mandatory": "yes" if self.mandatory else "",
        }
        return Display.of(f"{self.code}: {self.text(language)}", told, "")

    def text(self, language: str) -> str:
        """The question's wording."""
        return in_language(self.texts, language)

    def labels(self, language: str, scale: int = 0) -> dict[str, str]:
        """Answer code → label of one scale, in the questionnaire's order."""
        labels = {answer.code: in_language(answer.texts, language) for answer in self.answers if answer.scale == scale}
        if self.other and self.type.values == "choice":
            labels[OTHER_CODE] = "Sonstiges" if language == "de" else "Other"
        return labels

    @property
    def rows(self) -> tuple[Subquestion, ...]:
        """Rows of an array, boxes of a multiple choice."""
        return tuple(item for item in self.subquestions if item.scale == 0)

    @property
    def cells(self) -> tuple[Subquestion, ...]:
        """Columns of a grid of numbers or texts."""
        return tuple(item for item in self.subquestions if item.scale == 1)

    @property
    def exclusive(self) -> tuple[str, ...]:
        """Boxes that exclude all others."""
        return tuple(code for code in self.attributes.get("exclude_all_others", "").split(";") if code)

    def header(self, scale: int) -> str:
        """What stands above one of two scales; empty where the questionnaire does not name it."""
        return self.attributes.get(f"dualscale_header{'AB'[scale]}", "")

    @property
    def settings(self) -> dict[str, str]:
        """Attributes that matter for the data and are set."""
        return {name: self.attributes[name] for name in _SETTINGS if self.attributes.get(name, "0") not in ("", "0")}

    def items(self, language: str) -> dict[str, str]:
        """Subquestion code → label; for a ranking the options ranked."""
        if self.type.axes == "ranking":
            return self.labels(language)
        rows = {item.code: in_language(item.texts, language) for item in self.rows}
        if self.type.axes != "grid":
            return rows
        cells = {item.code: in_language(item.texts, language) for item in self.cells}
        return {f"{row}_{cell}": f"{text}: {own}" for row, text in rows.items() for cell, own in cells.items()}


@dataclass(frozen=True)
class Column:
    """One column of the export and of the analysis table.

    ``name`` is ours (``WICHT_F01``), ``heading`` is that of LimeSurvey's exports (``WICHT[F01]``),
    ``fields`` its database's (``990001X5X78F01``, since version 7 ``Q78_S99``).
    """

    name: str
    heading: str
    question: str
    item: str
    scale: int
    role: Role
    values: str
    codes: tuple[str, ...]
    fields: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it holds what somebody wrote: no category of anything, and nothing that leaves as it is."""
        return self.role != "answer" or self.values == "text"


@with_words
@dataclass(frozen=True, repr=False)
class Codebook(Displayed):
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

    def _line(self) -> str:
        return f"Codebook {self.survey_id}: {len(self.questions)} questions, {', '.join(self.languages)}"

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
                f"there is no question {code!r} in the questionnaire", expected=nearest(str(code), self._by_code)
            )
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    @cached_property
    def _by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    columns: tuple[Column, ...] = ()
    """All columns in the export's order, without text displays."""

    def columns_of(self, code: str, role: Role = "answer") -> tuple[Column, ...]:
        """Columns of one question.

        Parameters
        ----------
        code
            Question code.
        role
            ``answer``, ``other`` or ``comment``.

        Returns
        -------
        tuple of Column
            In the order of the export.

        Examples
        --------
        >>> [column.name for column in wave.codebook.columns_of("KIND")]
        ['KIND']
        """
        asked = self[code].code
        return tuple(column for column in self.columns if column.question == asked and column.role == role)

    def column(self, name: str) -> Column:
        """A column by our name.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        Column
            The one of this name.

        Raises
        ------
        ConfigError
            No such column.

        Examples
        --------
        >>> wave.codebook.column("WICHT_F05").question
        'WICHT'
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise ConfigError(
            f"there is no column {name!r}", expected=nearest(name, [column.name for column in self.columns])
        )

    def without(self, absent: Iterable[str]) -> Codebook:
        """The same without some questions or columns, which were asked but are not in the data.

        Parameters
        ----------
        absent
            Questions or columns to leave out.

        Returns
        -------
        Codebook
            Another one.

        Raises
        ------
        ConfigError
            One of them was never asked.

        Examples
        --------
        >>> "KIND" in wave.codebook.without(["KIND"])
        False
        """
        dropped = set(absent)
        known = {name for column in self.columns for name in (column.name, column.heading, column.question)}
        for name in sorted(dropped - known):
            raise ConfigError(
                "absent names what was not asked",
                where="study.toml, absent",
                value=name,
                expected=nearest(name, sorted(known)),
            )
        kept = tuple(c for c in self.columns if not dropped & {c.name, c.heading, c.question})
        left: dict[str, list[Column]] = {}
        for column in kept:
            left.setdefault(column.question, []).append(column)
        questions = (_kept(q, left.get(q.code, [])) for q in self.questions if q.code in left or q.type.axes == "none")
        return replace(self, questions=tuple(questions), columns=kept)

    def table(self, language: str = "") -> pd.DataFrame:
        """One row a column: ``column, heading, type, question, item, answers, condition, settings, page, mandatory``.

        ``settings`` are those that matter for the data: fewest and most answers, limits, random order,
        exclusive options, hidden questions.

        Parameters
        ----------
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        pandas.DataFrame
            One row a question or item.

        Examples
        --------
        >>> wave.codebook.table("de").columns[0]
        'column'
        """
        language = language or self.language
        rows = []
        for column in self.columns:
            question = self[column.question]
            labels = question.labels(language, column.scale) if column.role == "answer" and column.codes else {}
            boxes = question.type.values == "checkbox"
            rows.append(
                {
                    "column": column.name,
                    "heading": column.heading,
                    "type": question.type.name if column.role == "answer" else column.role,
                    "question": question.text(language),
                    "item": question.items(language).get(column.item, column.item),
                    "answers": "" if boxes else "; ".join(f"{code} = {label}" for code, label in labels.items()),
                    "condition": "" if question.relevance in ("", "1") else question.relevance,
                    "settings": "; ".join(f"{name} = {value}" for name, value in question.settings.items()),
                    "page": question.page,
                    "mandatory": "Y" if question.mandatory else "",
                }
            )
        return pd.DataFrame(rows)

    def search(self, text: str, language: str = "") -> pd.DataFrame:
        """Rows of ``table`` in which a text occurs: in a code, a wording, an item, an answer.

        Parameters
        ----------
        text
            Any part of it; small and capital letters are alike.
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        pandas.DataFrame
            As ``table``; empty where it occurs nowhere.

        Examples
        --------
        >>> wave.codebook.search("demokratie")["column"].tolist()
        ['WICHT_F07', 'ZUFR_F07', 'RANG_1', 'RANG_2', 'RANG_3']
        """
        told = self.table(language)
        is_found = [any(text.lower() in str(cell).lower() for cell in row) for row in told.itertuples(index=False)]
        return told[is_found].reset_index(drop=True)

    def _display(self) -> Display:
        language = self.language
        rows = [[one.code, one.type.name, one.text(language)] for one in self.questions]
        return Display(self._title, ["code", "type", "question"], rows, _SEARCHED)

    def _repr_html_(self) -> str:
        # folded: a questionnaire is long, and a browser's own search opens what it finds
        parts = [
            (one.code, f"{one.text(self.language)} ({one.type.name})", one._repr_html_()) for one in self.questions
        ]
        return folded_html(self._title, parts, _SEARCHED)

    @property
    def _title(self) -> str:
        return f"{self.title.get(self.language, '')}: {len(self.questions)} questions, {', '.join(self.languages)}"

    @cached_property
    def expression_names(self) -> dict[str, str]:
        """Names of the expression language (``WICHT_F01``, ``FORMAT_ONL_0``, ``990001X5X78F01``) → our columns."""
        found: dict[str, str] = {}
        for column in self.columns:
            item = f"{column.item}_{column.scale}" if self[column.question].type.axes == "dual" else column.item
            parts = {"answer": item, "other": "other", "comment": f"{column.item}comment"}[column.role]
            name = f"{column.question}_{parts}" if parts else column.question
            for known in (column.name, name, *column.fields):
                found.setdefault(known, column.name)
        return found

    @property
    def ignored_headings(self) -> tuple[str, ...]:
        """Headings an export has although nothing was asked: text displays."""
        return tuple(question.code for question in self.questions if question.type.axes == "none")


_SEARCHED = 'codebook.search("…") finds a word, codebook["CODE"] a question, codebook.table() is all of it.'


def _kept(question: Question, columns: list[Column]) -> Question:
    """The question as the columns that are left ask it: without rows, boxes and "other" that have none."""
    items = {column.item for column in columns}
    rows = question.subquestions
    if question.type.axes in ("subquestions", "subquestions+comments", "dual"):
        rows = tuple(item for item in rows if item.code in items)
    has_other = any(column.role == "other" for column in columns)
    return replace(question, subquestions=rows, other=question.other and has_other)


def in_language(texts: Texts, language: str) -> str:
    """The text in a language; where there is none, in any (the questionnaire's first)."""
    return texts.get(language) or next((text for text in texts.values() if text), "")
