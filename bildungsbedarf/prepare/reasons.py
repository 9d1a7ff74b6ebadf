"""Why a value is missing: the reasons, and which one holds for an empty cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.codebook import Codebook, Column, Question
from bildungsbedarf.codebook.routing.relevance import is_unconditional, parse_relevance
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.limesurvey.words import UNKNOWN_DATE

NOT_SHOWN = "not_shown"
NOT_ANSWERED = "not_answered"
DONT_KNOW = "dont_know"
REFUSED = "refused"
BROKEN_OFF = "broken_off"
NOT_EVALUABLE = "not_evaluable"
UNKNOWN_CODE = "unknown_code"
REASONS = (NOT_SHOWN, NOT_ANSWERED, DONT_KNOW, REFUSED, BROKEN_OFF, NOT_EVALUABLE, UNKNOWN_CODE)

REASON_TYPE = pd.CategoricalDtype(list(REASONS))


@dataclass(frozen=True)
class Route:
    """Which questions each person passed and was shown.

    ``passed_page`` is the last page a person sent off (all pages where the interview was finished);
    ``shown`` is boolean by column name, ``<NA>`` where the condition cannot be evaluated;
    ``not_evaluable`` lists those conditions, once each.
    """

    passed_page: pd.Series
    shown: dict[str, pd.Series]
    not_evaluable: tuple[str, ...]


def is_finished(raw: pd.DataFrame) -> pd.Series:
    """Who sent the questionnaire off; false where the export does not say."""
    return ~raw["submitdate"].isin(["", UNKNOWN_DATE])


def trace_route(raw: pd.DataFrame, named: pd.DataFrame, codebook: Codebook) -> Route:
    """Evaluate the questionnaire's conditions for every response.

    ``raw`` has the export's columns, ``named`` the same answers under our names; both are text.
    """
    last = to_numbers(raw["lastpage"]).fillna(0).astype(int)
    passed_page = last.mask(is_finished(raw), codebook.page_count)
    shown: dict[str, pd.Series] = {}
    failed: dict[str, None] = {}
    known: dict[str, pd.Series | None] = {}
    for column in codebook.columns:
        question = codebook[column.question]
        result = pd.Series(True, index=raw.index, dtype="boolean")
        for text in _conditions(question, column):
            if text not in known:
                known[text] = _evaluate(text, named, codebook, shown)
            condition = known[text]
            if condition is None:
                failed[f"{question.code}: {text}"] = None
                condition = pd.Series(pd.NA, index=raw.index, dtype="boolean")
            result = result & condition
        shown[column.name] = result
    return Route(passed_page, shown, tuple(failed))


def _conditions(question: Question, column: Column) -> list[str]:
    item = next((item.relevance for item in question.subquestions if item.code == column.item), "1")
    texts = (question.group_relevance, question.relevance, item)
    return [text for text in texts if not is_unconditional(text)]


def _evaluate(text: str, named: pd.DataFrame, codebook: Codebook, shown: dict[str, pd.Series]) -> pd.Series | None:
    routing = parse_relevance(text)
    if routing is None:
        return None
    try:
        return routing.evaluate(named, codebook.expression_names, shown)
    except ConfigError:
        return None


def reasons_for_empty(empty: pd.Series, page: int, column: Column, route: Route) -> pd.Series:
    """The reason of each empty cell of one column (``<NA>`` where there is a value)."""
    shown = route.shown[column.name]
    codes = np.full(len(empty), REASONS.index(NOT_ANSWERED), dtype=np.int8)
    codes[shown.isna().to_numpy()] = REASONS.index(NOT_EVALUABLE)
    codes[~shown.fillna(True).to_numpy(dtype=bool)] = REASONS.index(NOT_SHOWN)
    # A page never sent off hides whether the question would have been shown: that comes first.
    codes[(route.passed_page < page).to_numpy()] = REASONS.index(BROKEN_OFF)
    codes[~empty.to_numpy(dtype=bool)] = -1
    return pd.Series(pd.Categorical.from_codes(codes, dtype=REASON_TYPE), index=empty.index)
