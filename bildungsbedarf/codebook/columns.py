"""The columns an export has for each question, by the axes of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bildungsbedarf.codebook.model import Column, Question, Role


def columns_of_question(question: Question) -> Iterator[Column]:
    """All columns of one question, in the export's order; none for a text display."""
    yield from _AXES[question.type.axes](question)
    if question.other and question.type.axes != "none":
        yield _extra(question, "other", "other", "other", "other")


def _single(question: Question) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    yield Column(question.code, question.code, question.code, "", 0, "answer", question.type.values, codes)


def _subquestions(question: Question) -> Iterator[Column]:
    codes = ("Y",) if question.type.values == "checkbox" else tuple(question.labels("de"))
    for item in question.subquestions:
        yield _item(question, item.code, codes)


def _with_comments(question: Question) -> Iterator[Column]:
    for column in _subquestions(question):
        yield column
        yield _extra(question, f"{column.item}comment", f"{column.item}_comment", column.item, "comment")


def _dual(question: Question) -> Iterator[Column]:
    for item in question.subquestions:
        for scale in (0, 1):
            codes = tuple(question.labels("de", scale))
            yield _item(question, item.code, codes, f"{item.code}_{scale + 1}", f"{item.code}][{scale + 1}", scale)


def _ranking(question: Question) -> Iterator[Column]:
    codes = tuple(question.labels("de"))
    for place in range(1, _ranks(question) + 1):
        yield _item(question, str(place), codes)


def _nothing(question: Question) -> Iterator[Column]:
    yield from ()


_AXES: dict[str, Callable[[Question], Iterator[Column]]] = {
    "single": _single,
    "subquestions": _subquestions,
    "subquestions+comments": _with_comments,
    "dual": _dual,
    "ranking": _ranking,
    "none": _nothing,
}


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
