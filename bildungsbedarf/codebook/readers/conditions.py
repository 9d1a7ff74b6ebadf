"""Conditions of LimeSurvey before 1.92, which had no relevance yet: rows that name a field, a method and a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bildungsbedarf.codebook.structure import Row

_METHODS = {"==", "!=", "<", "<=", ">", ">="}
_PREVIOUS = re.compile(r"^@(.+)@$")


def relevance_from_conditions(questions: Iterable[Row], conditions: Iterable[Row]) -> list[Row]:
    """The questions with their conditions as a relevance over field names.

    Rows of one scenario and field are alternatives, fields of a scenario must all hold, and one
    scenario suffices. A method that is no comparison makes the condition one that cannot be evaluated.
    """
    by_question: dict[str, dict[str, dict[str, list[str]]]] = {}
    for row in conditions:
        scenarios = by_question.setdefault(row.get("qid", ""), {})
        field = row.get("cfieldname", "").lstrip("+")
        fields = scenarios.setdefault(row.get("scenario") or "1", {})
        fields.setdefault(field, []).append(_comparison(field, row))
    return [{**row, "relevance": _joined(by_question.get(row.get("qid", ""), {}))} for row in questions]


def _comparison(field: str, row: Row) -> str:
    method = row.get("method", "").strip() or "=="
    value = row.get("value", "")
    if method not in _METHODS or _PREVIOUS.match(value) or "'" in value:
        return f"{field} {method} {value}"
    number = re.fullmatch(r"-?\d+(\.\d+)?", value)
    return f"{field} {method} {value}" if number and method not in ("==", "!=") else f"{field} {method} '{value}'"


def _joined(scenarios: dict[str, dict[str, list[str]]]) -> str:
    parts = [
        " and ".join(f"({' or '.join(alternatives)})" for alternatives in fields.values())
        for _, fields in sorted(scenarios.items())
    ]
    return " or ".join(f"({part})" for part in parts) or "1"
