"""Functions of LimeSurvey's expression language, over columns: what conditions of real questionnaires use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.expression import COMPARE
from bildungsbedarf.limesurvey.numbers import to_numbers

Value = pd.Series
_MANY = 500
_LONGEST_PATTERN = 300
# nested repetitions let a short text take hours
_NESTED = re.compile(r"[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]")


def as_numbers(value: Value) -> Value:
    """Numbers; missing where a text is none."""
    if pd.api.types.is_bool_dtype(value.dtype):
        return value.astype("float64")
    return to_numbers(value)


def as_texts(value: Value) -> Value:
    """Texts; whole numbers without decimals, missing ones as ``''``."""
    if pd.api.types.is_bool_dtype(value.dtype):
        return value.map({True: "1", False: ""}).astype("object")
    if isinstance(value.dtype, pd.StringDtype):
        return value.fillna("")
    places, values = pd.factorize(value)
    texts = np.array([*map(_text, values), ""], dtype="object")
    return pd.Series(texts[places], index=value.index)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def truth(value: Value, index: pd.Index) -> Value:
    """What counts as true: not empty, not zero."""
    if pd.api.types.is_bool_dtype(value.dtype):
        return value.astype(bool)
    texts = as_texts(value)
    return ((texts != "") & (as_numbers(texts) != 0)).astype(bool)


def compare(left: Value, symbol: str, right: Value) -> Value:
    """As numbers where both are, else as texts; nothing is less or greater than an empty value."""
    one, two = as_numbers(left), as_numbers(right)
    texts = as_texts(left), as_texts(right)
    by_text = COMPARE[symbol](*texts)
    if symbol not in ("==", "!="):
        by_text = by_text & (texts[0] != "") & (texts[1] != "")
    both = one.notna() & two.notna()
    return pd.Series(COMPARE[symbol](one, two).where(both, by_text).astype(bool))


def _is_empty(value: Value) -> Value:
    return as_texts(value).str.strip() == ""


def _count(*values: Value) -> Value:
    return pd.concat([as_texts(value) != "" for value in values], axis=1).sum(axis=1).astype("float64")


def _count_if(match: Value, *values: Value) -> Value:
    return pd.concat([compare(value, "==", match) for value in values], axis=1).sum(axis=1).astype("float64")


def _sum(*values: Value) -> Value:
    return pd.concat([as_numbers(value).fillna(0) for value in values], axis=1).sum(axis=1)


def _extreme(name: str) -> Callable[..., Value]:
    def work(*values: Value) -> Value:
        return pd.Series(getattr(pd.concat([as_numbers(value) for value in values], axis=1), name)(axis=1))

    return work


def _if(condition: Value, yes: Value, no: Value) -> Value:
    return yes.astype("object").where(truth(condition, condition.index), no.astype("object"))


def _match(pattern: Value, text: Value) -> Value:
    """``regexMatch('/…/i', text)``; patterns that can take for ever are refused."""
    written = str(pattern.iloc[0]) if len(pattern) else ""
    if not len(pattern):
        return pattern.astype(bool)
    found = re.fullmatch(r"/(.*)/([a-z]*)", written, re.DOTALL)
    if found is None or len(written) > _LONGEST_PATTERN or _NESTED.search(found[1]):
        raise ValueError(f"pattern {written!r} is not evaluated")
    try:
        compiled = re.compile(found[1], re.IGNORECASE if "i" in found[2] else 0)
    except re.error as error:
        raise ValueError(f"pattern {written!r}: {error}") from None
    return as_texts(text).map(lambda value: compiled.search(value[:_LONGEST_PATTERN]) is not None).astype(bool)


def _numeric(work: Callable[[Value], Any]) -> Callable[[Value], Value]:
    return lambda value: work(as_numbers(value))


def _round(value: Value, digits: Value | None = None) -> Value:
    places = 0 if digits is None or not len(digits) else int(as_numbers(digits).fillna(0).iloc[0])
    return as_numbers(value).round(places)


def _in(value: Value, *options: Value) -> Value:
    found = pd.Series(False, index=value.index)
    for option in options:
        found |= compare(value, "==", option)
    return found


def _seconds(value: Value) -> Value:
    """Seconds since 1970 of a date; missing where it is none."""
    dates = pd.to_datetime(as_texts(value), errors="coerce", format="ISO8601")
    return ((dates - pd.Timestamp(0)).dt.total_seconds()).astype("float64")


def _year_of(form: Value, seconds: Value) -> Value:
    letters = {"Y": "%Y", "m": "%m", "d": "%d", "Y-m-d": "%Y-%m-%d", "H": "%H", "i": "%M"}
    wanted = str(form.iloc[0]) if len(form) else "Y"
    if wanted not in letters:
        raise ValueError(f"date format {wanted!r} is not evaluated")
    return pd.to_datetime(as_numbers(seconds), unit="s", errors="coerce").dt.strftime(letters[wanted]).astype("object")


def _valid_date(month: Value, day: Value, year: Value) -> Value:
    parts = pd.DataFrame({"year": as_numbers(year), "month": as_numbers(month), "day": as_numbers(day)})
    return pd.to_datetime(parts, errors="coerce").notna()


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Value]]] = {
    "is_empty": (1, 1, _is_empty),
    "is_null": (1, 1, _is_empty),
    "is_numeric": (1, 1, lambda value: as_numbers(value).notna()),
    "count": (1, _MANY, _count),
    "countif": (2, _MANY, _count_if),
    "sum": (1, _MANY, _sum),
    "min": (1, _MANY, _extreme("min")),
    "max": (1, _MANY, _extreme("max")),
    "if": (3, 3, _if),
    "in": (2, _MANY, _in),
    "regexMatch": (2, 2, _match),
    "abs": (1, 1, _numeric(lambda numbers: numbers.abs())),
    "floor": (1, 1, _numeric(np.floor)),
    "ceil": (1, 1, _numeric(np.ceil)),
    "intval": (1, 1, _numeric(lambda numbers: np.trunc(numbers.fillna(0)))),
    "floatval": (1, 1, _numeric(lambda numbers: numbers.fillna(0))),
    "round": (1, 2, _round),
    "strlen": (1, 1, lambda value: as_texts(value).str.len().astype("float64")),
    "trim": (1, 1, lambda value: as_texts(value).str.strip()),
    "strtolower": (1, 1, lambda value: as_texts(value).str.lower()),
    "strtoupper": (1, 1, lambda value: as_texts(value).str.upper()),
    "strtotime": (1, 1, _seconds),
    "date": (2, 2, _year_of),
    "checkdate": (3, 3, _valid_date),
}
"""Name → (fewest arguments, most arguments, what it does)."""
