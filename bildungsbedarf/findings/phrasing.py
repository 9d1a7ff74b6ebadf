"""Building blocks of sentences: what stands in the braces of a text, and how intervals are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import number, percent, signed, translate
from bildungsbedarf.survey.frames import rounded

Row = dict[str, Any]
_SUREST = 0.999
"""A certainty is never told as 100 %."""


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
    names: Mapping[str, str] = field(default_factory=dict)


def say(text: str, row: Row, facts: Facts, context: Context) -> str:
    """The text in the context's language, its braces filled from the row."""
    return translate(text, context.language).format_map(_Braces(row, facts, context))


class _Braces(dict[str, str]):
    """The words a text may name; each is made when it is named."""

    def __init__(self, row: Row, facts: Facts, context: Context) -> None:
        super().__init__(
            people=context.people,
            item=context.item,
            group=context.group,
            before=context.before,
            after=context.after,
            scale=context.scale,
            **context.names,
        )
        self.row, self.facts, self.context = row, facts, context

    def __missing__(self, name: str) -> str:
        return _WORDS[name](self.row, self.facts, self.context)


def _share(row: Row, facts: Facts, context: Context) -> str:
    """The estimate as a share; of a difference the side it speaks of."""
    value = row["share"] if facts.is_difference else row["estimate"]
    return percent(value, context.language, 0 if facts.is_census else 1)


def _value(row: Row, facts: Facts, context: Context) -> str:
    return number(row["estimate"], context.language, 0 if facts.unit == "dots" else 2)


def _change(row: Row, facts: Facts, context: Context) -> str:
    scaled, digits = (100 * row["estimate"], 1) if facts.unit == "share" else (row["estimate"], 2)
    return signed(scaled, context.language, digits)


def _rounded(name: str) -> Callable[[Row, Facts, Context], str]:
    return lambda row, facts, context: number(rounded(row[name], row["se"]), context.language)


def _whole(name: str) -> Callable[[Row, Facts, Context], str]:
    return lambda row, facts, context: number(row[name], context.language)


def _below(row: Row, facts: Facts) -> Row:
    """A row below 0 as the size that stands beside "less" and "below": both ends without their sign."""
    low, high = facts.ends
    return row if is_missing(row[low]) else {**row, low: -row[high], high: -row[low]}


_WORDS: dict[str, Callable[[Row, Facts, Context], str]] = {
    "share": _share,
    "other": lambda row, facts, context: percent(row["other"], context.language),
    "part": lambda row, facts, context: percent(row["share"], context.language, 0),
    "value": _value,
    "size": lambda row, facts, context: number(abs(row["estimate"]), context.language, 2),
    "points": lambda row, facts, context: number(abs(100 * row["estimate"]), context.language, 1),
    "change": _change,
    "count": _whole("count"),
    "n": _whole("n"),
    "total_dots": lambda row, facts, context: number(context.total, context.language),
    "rounded": _rounded("estimate"),
    "judged": _rounded("judged"),
    "all": _whole("weighted_n"),
    "of_all": lambda row, facts, context: percent(row["estimate"] / row["weighted_n"], context.language, 0),
    "certainty": lambda row, facts, context: percent(min(row["certainty"], _SUREST), context.language),
    "reach": lambda row, facts, context: reach_words(facts.details["reach"], facts.details["by"], context.language),
    "interval": lambda row, facts, context: in_brackets(interval_text(row, facts, context.language)),
    "size_interval": lambda row, facts, context: _WORDS["interval"](_below(row, facts), facts, context),
}


def reach_words(limit: float, unit: str, language: str) -> str:
    """How far is near enough: ``10 km``, or ``30 minutes`` by a table of travel times."""
    text = "{limit} km" if unit == "km" else "{limit} minutes"
    return translate(text, language, limit=number(limit, language))


def in_brackets(text: str) -> str:
    """`` (between 44.3 and 50.9%; 95% certainty)``; nothing where the sampling carries no interval."""
    return f" ({text})" if text else ""


def interval_text(row: Row, facts: Facts, language: str) -> str:
    """The interval the sentence was decided on, in words; empty where there is none."""
    if is_missing(row[facts.ends[0]]):
        return ""
    ends = [row[side] for side in facts.ends]
    if facts.unit == "share":
        low, high = (percent(end, language, sign=False) for end in ends)
        text = "between {low} and {high} percentage points" if facts.is_difference else "between {low} and {high}%"
    elif facts.unit == "total":
        low, high = (number(rounded(end, row["se"]), language) for end in ends)
        text = "between {low} and {high}"
    else:
        low, high = (number(end, language, 2) for end in ends)
        text = "between {low} and {high}"
    return f"{translate(text, language, low=low, high=high)}; {certainty_text(facts, language)}"


def certainty_text(facts: Facts, language: str) -> str:
    """How sure the interval is, and whether it holds for all comparisons of the family at once."""
    text = "certainty {level} for all comparisons at once" if facts.joint else "certainty {level}"
    return translate(text, language, level=percent(facts.level, language, 0))


def is_largest(row: Row) -> bool:
    """Whether the confidence set for the row's rank is {1}."""
    return not is_missing(row.get("rank_worst")) and int(row["rank_worst"]) == 1


def direction(row: Row, facts: Facts) -> int:
    """1 or −1 where the simultaneous interval lies above or below 0, also as it is printed; else 0."""
    digits = 3 if facts.unit == "share" else 2
    return int(round(row["sim_low"], digits) > 0) - int(round(row["sim_high"], digits) < 0)


def is_missing(value: Any) -> bool:
    """Whether a released number is not there."""
    return bool(pd.isna(value))
