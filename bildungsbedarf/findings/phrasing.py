"""Building blocks of sentences: what they need beside the numbers, and how intervals are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bildungsbedarf.language import number, percent, translate

Row = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What a sentence needs beside the numbers, in one language."""

    language: str
    people: str
    item: str
    group: str = ""
    before: str = ""
    after: str = ""
    scale: str = ""
    total: float = 0.0


def interval(row: Row, unit: str, language: str) -> str:
    """`` (95 % confidence interval 44.3 to 50.9 %)``; nothing where the sampling carries no interval."""
    text = interval_text(row, unit, language)
    return f" ({text})" if text else ""


def interval_text(row: Row, unit: str, language: str) -> str:
    """The same without brackets."""
    if is_missing(row["ci_low"]):
        return ""
    if unit in ("share", "share_difference"):
        low, high = (percent(row[side], language, sign=False) for side in ("ci_low", "ci_high"))
        if unit == "share_difference":
            return translate("95% confidence interval {low} to {high} percentage points", language, low=low, high=high)
        return translate("95% confidence interval {low} to {high}%", language, low=low, high=high)
    low, high = (number(row[side], language, 2) for side in ("ci_low", "ci_high"))
    return translate("95% confidence interval {low} to {high}", language, low=low, high=high)


def is_largest(row: Row) -> bool:
    """Whether the confidence set for the row's rank is {1}."""
    return not is_missing(row["rank_worst"]) and int(row["rank_worst"]) == 1


def direction(row: Row) -> int:
    """1 or −1 where the simultaneous interval lies above or below 0, else 0."""
    return int(row["sim_low"] > 0) - int(row["sim_high"] < 0)


def is_missing(value: Any) -> bool:
    """Whether a released number is not there."""
    return bool(pd.isna(value))


def say(template: str, context: Context, **values: str) -> str:
    """The template in the context's language, filled in."""
    names = {
        "people": context.people,
        "item": context.item,
        "group": context.group,
        "before": context.before,
        "after": context.after,
        "scale": context.scale,
    }
    return translate(template, context.language, **names, **values)
