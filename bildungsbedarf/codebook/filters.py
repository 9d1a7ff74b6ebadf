"""Array filters: rows of a question that are shown by what was ticked in another, as conditions of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bildungsbedarf.codebook.model import Column, Question, Subquestion

_SHOWN_BY, _HIDDEN_BY = "array_filter", "array_filter_exclude"


def with_array_filters(questions: Sequence[Question], columns: Sequence[Column]) -> list[Question]:
    """The questions with their array filters written into the conditions of their rows.

    As LimeSurvey: a row is shown where the row of the same code in one of the questions of ``array_filter`` has an
    answer, and hidden where one in ``array_filter_exclude`` has; of a row that the other question does not have,
    nothing is said.
    """
    by_question: dict[str, dict[str, list[str]]] = {}
    for column in columns:
        if column.role == "answer" and column.item:
            for row in {column.item, column.item.split("_")[0]}:
                by_question.setdefault(column.question, {}).setdefault(row, []).append(column.name)
    return [_filtered(question, by_question) for question in questions]


def _filtered(question: Question, by_question: Mapping[str, Mapping[str, list[str]]]) -> Question:
    shown_by, hidden_by = (question.attributes.get(name, "").split(";") for name in (_SHOWN_BY, _HIDDEN_BY))
    if not any([*shown_by, *hidden_by]) or question.type.axes == "ranking":
        return question

    def filtered(item: Subquestion) -> Subquestion:
        if item.scale:
            return item
        first, second = (
            [name for code in codes for name in by_question.get(code.strip(), {}).get(item.code, [])]
            for codes in (shown_by, hidden_by)
        )
        conditions = [item.relevance] if item.relevance != "1" else []
        conditions += [" or ".join(f"!is_empty({name}.NAOK)" for name in first)] if first else []
        conditions += [f"is_empty({name}.NAOK)" for name in second]
        return replace(item, relevance=" and ".join(f"({text})" for text in conditions) or "1")

    return replace(question, subquestions=tuple(map(filtered, question.subquestions)))
