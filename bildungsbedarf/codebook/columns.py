"""The columns an export has for each question, by the axes of its type, and what the server calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bildungsbedarf.codebook.kinds import CHECKBOX_ATTRIBUTE
from bildungsbedarf.codebook.model import Column, Question, Role, Subquestion
from bildungsbedarf.limesurvey.words import SYSTEM

Fields = tuple[str, ...]


@dataclass(frozen=True)
class FieldNames:
    """What the server's database calls a question's columns: ``990001X5X78F01``, since version 7 ``Q78_S99``."""

    sid: str
    gid: str
    qid: str

    def own(self, suffix: str = "") -> Fields:
        """The question itself, or what it has beside it (``other``, ``comment``, ``filecount``)."""
        old = f"{self.sid}X{self.gid}X{self.qid}"
        since_7 = f"Q{self.qid}" + (f"_C{suffix.lstrip('_')}" if suffix else "")
        return old + suffix, since_7

    def row(self, item: Subquestion, suffix: str = "") -> Fields:
        """A row of an array, a box of a multiple choice; ``suffix`` is ``comment``, ``#0`` or ``#1``."""
        old, since_7 = self.own()
        own = f"_C{suffix}" if suffix.isalpha() else suffix
        return f"{old}{item.code}{suffix}", f"{since_7}_S{item.qid}{own}"

    def cell(self, row: Subquestion, column: Subquestion) -> Fields:
        """A cell of a grid."""
        old, since_7 = self.own()
        return f"{old}{row.code}_{column.code}", f"{since_7}_S{row.qid}_S{column.qid}"

    def place(self, number: int, question: Question) -> Fields:
        """A place of a ranking; since version 7 what is ranked are subquestions, and lend their ids to the places."""
        old, since_7 = self.own()
        ranked = question.rows[number - 1].qid if number <= len(question.rows) else str(number)
        return f"{old}{number}", f"{since_7}_S{ranked}"


RESERVED = frozenset(
    (
        "id",
        "wave",
        "audience",
        "mode",
        "panel",
        "startlanguage",
        "lastpage",
        "submitdate",
        "startdate",
        "datestamp",
        "token",
        "seed",
        "interviewtime",
        "ipaddr",
        "refurl",
        "duration_minutes",
        "relative_speed",
        "speeding",
        "straightlining",
        "duplicate",
        "out_of_range",
        "weight",
        "variable",
        "category",
        "n",
        "count",
        "weighted_n",
        "estimate",
        "se",
        "ci_low",
        "ci_high",
        "df",
        "deff",
        "note",
        "decision",
        "small",
    )
)
"""Names of columns of ours, and of every frame of estimates."""


def set_apart(column: Column) -> Column:
    """The column under another name where its own is one of ours: a question ``mode`` is ``mode_`` in tables.

    One that is called as an export's own column (``id``) has another heading too: ``id_``.
    """
    if column.name not in RESERVED:
        return column
    heading = f"{column.heading}_" if column.heading in SYSTEM else column.heading
    return replace(column, name=f"{column.name}_", heading=heading)


def columns_of_question(question: Question, names: FieldNames) -> Iterator[Column]:
    """All columns of one question, in the export's order; none for a text display."""
    yield from _AXES[question.type.axes](question, names)
    if question.other and question.type.axes != "none":
        yield _extra(question, "other", "other", "other", "other", names.own("other"))
        if question.type.axes == "subquestions+comments":
            yield _extra(question, "othercomment", "other_comment", "other", "comment", names.own("othercomment"))


def _single(question: Question, names: FieldNames) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    values = question.type.values
    yield Column(question.code, question.code, question.code, "", 0, "answer", values, codes, names.own())


def _single_with_comment(question: Question, names: FieldNames) -> Iterator[Column]:
    yield from _single(question, names)
    yield _extra(question, "comment", "comment", "", "comment", names.own("comment"))


def _file(question: Question, names: FieldNames) -> Iterator[Column]:
    yield from _single(question, names)
    name = f"{question.code}_filecount"
    heading = f"{question.code}[filecount]"
    yield Column(name, heading, question.code, "filecount", 0, "answer", "number", (), names.own("_filecount"))


def _subquestions(question: Question, names: FieldNames) -> Iterator[Column]:
    codes = ("Y",) if question.type.values == "checkbox" else tuple(question.labels("de"))
    for item in question.rows:
        yield _item(question, item.code, codes, names.row(item))


def _with_comments(question: Question, names: FieldNames) -> Iterator[Column]:
    for column, item in zip(_subquestions(question, names), question.rows, strict=True):
        yield column
        heading = f"{column.item}comment"
        yield _extra(question, heading, f"{column.item}_comment", column.item, "comment", names.row(item, "comment"))


def _grid(question: Question, names: FieldNames) -> Iterator[Column]:
    is_boxes = question.attributes.get(CHECKBOX_ATTRIBUTE) == "1"
    for row in question.rows:
        for cell in question.cells:
            item = f"{row.code}_{cell.code}"
            yield _item(question, item, ("0", "1") if is_boxes else (), names.cell(row, cell))


def _dual(question: Question, names: FieldNames) -> Iterator[Column]:
    for item in question.rows:
        for scale in (0, 1):
            codes = tuple(question.labels("de", scale))
            name, heading = f"{item.code}_{scale + 1}", f"{item.code}][{scale + 1}"
            yield _item(question, item.code, codes, names.row(item, f"#{scale}"), name, heading, scale)


def _ranking(question: Question, names: FieldNames) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    for place in range(1, _ranks(question) + 1):
        yield _item(question, str(place), codes, names.place(place, question))


def _nothing(question: Question, names: FieldNames) -> Iterator[Column]:
    yield from ()


_AXES: dict[str, Callable[[Question, FieldNames], Iterator[Column]]] = {
    "single": _single,
    "single+comment": _single_with_comment,
    "file": _file,
    "subquestions": _subquestions,
    "subquestions+comments": _with_comments,
    "grid": _grid,
    "dual": _dual,
    "ranking": _ranking,
    "none": _nothing,
}


def _item(
    question: Question,
    item: str,
    codes: tuple[str, ...],
    fields: Fields,
    name: str = "",
    heading: str = "",
    scale: int = 0,
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
        fields,
    )


def _extra(question: Question, heading: str, name: str, item: str, role: Role, fields: Fields) -> Column:
    shown, ours = f"{question.code}[{heading}]", f"{question.code}_{name}"
    return Column(ours, shown, question.code, item, 0, role, "text", (), fields)


def _ranks(question: Question) -> int:
    """Places of a ranking: as many as the server keeps columns for."""
    value = question.attributes.get("max_subquestions", "")
    if value.isdigit() and int(value) > 0:
        return min(int(value), len(question.answers) or int(value))
    return len(question.answers)
