"""One released number as a table cell: value, interval, and the mark of what is hidden or small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.disclosure import rules as gate
from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import number, percent, signed, translate
from bildungsbedarf.survey.frames import rounded

_MARKS = {
    gate.SMALL_BASE: ("a", "fewer than {base} persons"),
    gate.SMALL_CELL: ("b", "rests on 1 to {cell} persons"),
    gate.COMPLEMENT: ("c", "would reveal 1 to {cell} other persons"),
    gate.UNIFORM: ("d", "all persons of a small group gave the same answer"),
    gate.IMPRECISE: ("e", "too imprecise"),
    gate.SECONDARY: ("f", "would reveal another hidden number"),
    gate.NO_ESTIMATE: ("g", "nobody answered"),
}
_EXACT = 1e-9
_SMALL = ("*", "small base (fewer than {small} persons)")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; ``mark`` refers to the legend, ``hidden`` means no number is shown."""

    value: str
    interval: str = ""
    mark: str = ""
    hidden: bool = False


@dataclass
class Legend:
    """The marks that occur in a table, with their meaning."""

    language: str
    entries: dict[str, str] = field(default_factory=dict)

    def mark(self, rule: str, released: Released) -> str:
        """Register a rule and give its mark."""
        sign, text = _SMALL if rule == "small" else _MARKS[rule]
        limits = released.limits
        values = {"base": limits.minimum_base, "cell": limits.minimum_cell - 1, "small": limits.small_base}
        self.entries[sign] = translate(text, self.language, **values)
        return sign


def reasons_of(released: Released, language: str) -> list[str]:
    """Why numbers of a frame are hidden, each reason once."""
    legend = Legend(language)
    hidden = released.frame["decision"][lambda decision: decision != gate.SHOWN]
    for rule in hidden:
        legend.mark(str(rule), released)
    return [reason for _, reason in sorted(legend.entries.items())]


def share_or_dash(value: float | None, language: str) -> str:
    """A share in whole percent; a dash where there is none."""
    return "–" if value is None or pd.isna(value) else percent(value, language, 0)


def cell(row: dict[str, Any], released: Released, legend: Legend) -> Cell:
    """The cell of one released row."""
    language = legend.language
    if row["decision"] != gate.SHOWN:
        return Cell("–", mark=legend.mark(str(row["decision"]), released), hidden=True)
    if pd.isna(row["estimate"]):
        return Cell("–", hidden=True)
    facts = released.facts
    row = with_its_digits(row, facts)
    value = format_value(row["estimate"], facts, language)
    interval = ""
    if facts.carries_inference and not facts.is_census and pd.notna(row[facts.ends[0]]):
        low, high = (row[side] for side in facts.ends)
        # a quantile stands on a step, and its interval too: it has one, however narrow
        is_fixed = facts.kind == "level" and bool(is_without_spread(row["estimate"], row["se"], low, high))
        interval = "" if is_fixed else range_text(low, high, facts, language)
    return Cell(value, interval, legend.mark("small", released) if row["small"] else "")


def with_its_digits(row: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """A row, of a total with no more digits than its standard error carries."""
    names = ("estimate", *facts.ends) if facts.unit == "total" else ()
    return {**row, **{name: rounded(row[name], row["se"]) for name in names}}


def is_without_spread(estimate: Any, se: Any, low: Any, high: Any) -> Any:
    """Whether numbers cannot vary: neither by their standard error nor by their interval, which a share of 0 has."""
    return np.logical_not(np.isnan(se)) & is_exact(estimate, se) & ~(np.abs(high - low) > _EXACT)


def is_exact(estimate: Any, se: Any) -> Any:
    """Whether numbers have no spread at all, as those that weights were fitted to; of one, or of columns."""
    return np.abs(se) <= _EXACT * np.maximum(1.0, np.abs(estimate))


def range_text(low: float, high: float, facts: Facts, language: str) -> str:
    """``44,3–50,9``; with "to" where a sign could be read as the dash."""
    separator = translate(" to ", language) if facts.is_signed or low < 0 else "–"
    return separator.join(format_value(end, facts, language, bare=True) for end in (low, high))


def format_value(value: float, facts: Facts, language: str, *, bare: bool = False) -> str:
    """A number in its unit; ``bare`` leaves out sign of percent."""
    unit = facts.unit
    if facts.is_signed:
        scaled, digits = (100 * value, 1) if unit == "share" else (value, 2)
        return signed(scaled, language, digits)
    if unit == "share":
        digits = 0 if facts.is_census else 1
        return percent(value, language, digits, sign=not bare)
    return number(value, language, 0 if unit in ("dots", "total") else 2)


def base_range(bases: Iterable[Any], language: str) -> str:
    """``1.020–1.049`` or ``1.354``, of the bases that may be told."""
    known = sorted(int(base) for base in bases if pd.notna(base))
    if not known:
        return ""
    low, high = number(known[0], language), number(known[-1], language)
    return low if low == high else f"{low}–{high}"
