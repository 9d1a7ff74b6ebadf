"""The columns an export has for each question, by the axes of its type, and what the server calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bildungsbedarf.codebook.kinds import CHECKBOX_ATTRIBUTE
from bildungsbedarf.codebook.model import Column, Question, Role


def columns_of_question(question: Question, field: str = "") -> Iterator[Column]:
    """All columns of one question, in the export's order; none for a text display.

    ``field`` is the server's name of the question, ``SIDXGIDXQID``; columns add to it what they are.
    """
    yield from _AXES[question.type.axes](question, field)
    if question.other and question.type.axes != "none":
        yield _extra(question, "other", "other", "other", "other", field)
        if question.type.axes == "subquestions+comments":
            yield _extra(question, "othercomment", "other_comment", "other", "comment", field)


def _single(question: Question, field: str) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    values = question.type.values
    yield Column(question.code, question.code, question.code, "", 0, "answer", values, codes, field)


def _single_with_comment(question: Question, field: str) -> Iterator[Column]:
    yield from _single(question, field)
    yield _extra(question, "comment", "comment", "", "comment", field)


def _file(question: Question, field: str) -> Iterator[Column]:
    yield from _single(question, field)
    name = f"{question.code}_filecount"
    heading = f"{question.code}[filecount]"
    yield Column(name, heading, question.code, "filecount", 0, "answer", "number", (), f"{field}_filecount")


def _subquestions(question: Question, field: str) -> Iterator[Column]:
    codes = ("Y",) if question.type.values == "checkbox" else tuple(question.labels("de"))
    for item in question.rows:
        yield _item(question, item.code, codes, field + item.code)


def _with_comments(question: Question, field: str) -> Iterator[Column]:
    for column in _subquestions(question, field):
        yield column
        yield _extra(question, f"{column.item}comment", f"{column.item}_comment", column.item, "comment", field)


def _grid(question: Question, field: str) -> Iterator[Column]:
    is_boxes = question.attributes.get(CHECKBOX_ATTRIBUTE) == "1"
    for row in question.rows:
        for cell in question.cells:
            item = f"{row.code}_{cell.code}"
            yield _item(question, item, ("0", "1") if is_boxes else (), field + item)


def _dual(question: Question, field: str) -> Iterator[Column]:
    for item in question.rows:
        for scale in (0, 1):
            codes = tuple(question.labels("de", scale))
            name, heading = f"{item.code}_{scale + 1}", f"{item.code}][{scale + 1}"
            yield _item(question, item.code, codes, f"{field}{item.code}#{scale}", name, heading, scale)


def _ranking(question: Question, field: str) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    for place in range(1, _ranks(question) + 1):
        yield _item(question, str(place), codes, f"{field}{place}")


def _nothing(question: Question, field: str) -> Iterator[Column]:
    yield from ()


_AXES: dict[str, Callable[[Question, str], Iterator[Column]]] = {
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
    field: str,
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
        field,
    )


def _extra(question: Question, heading: str, name: str, item: str, role: Role, field: str) -> Column:
    shown, ours = f"{question.code}[{heading}]", f"{question.code}_{name}"
    return Column(ours, shown, question.code, item, 0, role, "text", (), field + heading)


def _ranks(question: Question) -> int:
    """Places of a ranking: as many as the server keeps columns for."""
    for attribute in ("max_subquestions", "max_answers"):
        value = question.attributes.get(attribute, "")
        if value.isdigit() and int(value) > 0:
            return min(int(value), len(question.answers))
    return len(question.answers)
