"""Raw text → typed answers, and beside each missing value its reason."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.codebook import OTHER_CODE, Codebook, Column
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.prepare.reasons import NOT_ANSWERED, NOT_SHOWN, REASON_TYPE, Route, reasons_for_empty
from bildungsbedarf.study import AudienceConfig


def type_answers(
    named: pd.DataFrame, codebook: Codebook, route: Route, config: AudienceConfig
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Typed answers and their missing reasons, one column each by our names.

    ``named`` holds the answers as text under our names.
    """
    answers: dict[str, pd.Series] = {}
    reasons: dict[str, pd.Series] = {}
    boxes = [column for column in codebook.columns if column.values == "checkbox" and column.role == "answer"]
    saying_no = {column.question for column in boxes if (named[column.name] == "N").any()}
    for column in codebook.columns:
        text = named[column.name]
        empty = text != "Y" if column.values == "checkbox" else text == ""
        reason = reasons_for_empty(empty, codebook[column.question].page, column, route)
        if column.role != "answer":
            reason = reason.mask((text == "") & ~_is_asked(named, column, codebook), NOT_SHOWN)
        no_values = config.missing_codes(column.question) if column.role == "answer" else {}
        if no_values:
            is_code = text.isin(no_values)
            reason = reason.mask(is_code, text.map(no_values))
            text = text.mask(is_code, "")
        says_no = column.question in saying_no
        answers[column.name] = _typed(text, column, route, codebook, config, said_no=says_no)
        if column.values == "checkbox":
            if says_no:
                reason = reason.mask((text == "") & (reason == NOT_ANSWERED), NOT_SHOWN)
            reason = reason.mask(answers[column.name].notna())
        reasons[column.name] = reason.astype(REASON_TYPE)
    return pd.DataFrame(answers), pd.DataFrame(reasons)


def value_codes(column: Column, config: AudienceConfig) -> tuple[str, ...]:
    """The column's codes that are values: without those that study.toml calls missing."""
    dropped = config.missing_codes(column.question)
    return tuple(code for code in column.codes if code not in dropped)


def is_numeric_scale(column: Column, config: AudienceConfig) -> bool:
    """Whether the column's codes are the numbers of a scale."""
    codes = value_codes(column, config)
    return column.values == "scale" and bool(codes) and all(code.lstrip("-").isdigit() for code in codes)


def _typed(
    text: pd.Series, column: Column, route: Route, codebook: Codebook, config: AudienceConfig, *, said_no: bool
) -> pd.Series:
    filled = text.mask(text == "")
    if column.role != "answer" or column.values == "text":
        return filled.astype("string")
    if column.values == "checkbox":
        return _ticked(text, column, route, codebook, said_no=said_no)
    if column.values == "number":
        return to_numbers(filled, "raise").astype("Float64")
    if column.values == "date":
        return to_dates(filled)
    if is_numeric_scale(column, config):
        return to_numbers(filled, "raise").astype("Float64").astype("Int16")
    # a list of fields alone does not know the options: what was answered is all there is
    known = value_codes(column, config) or sorted(filled.dropna().unique())
    return filled.astype(pd.CategoricalDtype(list(known)))


def _ticked(text: pd.Series, column: Column, route: Route, codebook: Codebook, *, said_no: bool) -> pd.Series:
    """True where ticked; False where shown and the page was passed; else missing.

    An export that says "No" leaves the cell empty where the box was not seen: there False needs that word too.
    """
    ticked = (text == "Y").astype("boolean")
    passed = route.passed_page >= codebook[column.question].page
    seen = route.shown[column.name].fillna(False) & passed
    return ticked.where((text == "Y") | (seen & ((text == "N") | (not said_no))), pd.NA)


def _is_asked(named: pd.DataFrame, column: Column, codebook: Codebook) -> pd.Series:
    """Whether an "other" text or a comment was open to be written: a list's own comment always is."""
    if column.role == "comment" and column.item:
        return named[f"{column.question}_{column.item}"] == "Y"
    if codebook[column.question].type.values == "choice":
        return named[column.question] == OTHER_CODE
    return pd.Series(True, index=named.index)
