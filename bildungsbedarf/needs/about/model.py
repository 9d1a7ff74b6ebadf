"""``Measure``: everything that is to be known of a measure besides how it is computed, in one row.

Texts are English and keys of the language catalogues; nothing here is formatted. ``Says`` holds the sentences: the
fields name what the numbers must carry, the texts what is then said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bildungsbedarf.estimates import Unit
from bildungsbedarf.wave import Wave

Comparison = Literal["groups", "trend", "ranks", "sensitivity", "conference"]
Asks = Callable[[Wave, str], list[str]]
"""(wave, item) → codes of the questions a measure rests on; with ``item`` "" those of any item."""
Labels = Callable[[Wave, str], dict[str, str]]
"""(wave, language) → label of each item, where no question of the wave's own has them."""
Names = Callable[[Wave, Mapping[str, Any], str], dict[str, list[str]]]
"""(wave, details of the facts, language) → labels that the measure's head and sentences name in braces."""


def no_names(wave: Wave, details: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """Texts that name nothing of their own."""
    return {}


@dataclass(frozen=True)
class Claim:
    """What may be said of the first of all items, once its rank set is {1}.

    ``suffix`` ends the finding's id in the item's place; ``in_group`` is said where the estimates are split.
    ``more_than_half`` stands instead where the simultaneous interval lies above one half.
    """

    suffix: str
    text: str
    in_group: str = ""
    more_than_half: str = ""
    more_than_half_in_group: str = ""


@dataclass(frozen=True)
class Says:
    """The sentences of a measure, by what a row must carry.

    ``level``: nothing but the estimate. ``above``, ``below``, ``level_with``: its simultaneous interval lies above,
    below, or over 0. ``rises``, ``falls``, ``stays``: the same of a change between waves. ``category``: the row's
    category is this one. ``needs_interval``: without an interval nothing is said.
    """

    level: str = ""
    above: str = ""
    below: str = ""
    level_with: str = ""
    rises: str = ""
    falls: str = ""
    stays: str = ""
    category: str = ""
    needs_interval: bool = False
    claim: Claim | None = None


@dataclass(frozen=True)
class Measure:
    """One measure.

    ``base`` says of whom an estimate speaks, ``head`` heads its column, ``title`` a table or figure of it,
    ``row`` the column of its items; ``subject`` stands in a title that goes on with "by group" (default: the
    title). ``worse`` is the direction in which more is worse: ``more`` (unmet need), ``less`` (satisfaction), or
    neither. ``has_items`` is false where the question has none (a finding then names the question alone).
    ``compares`` lists the comparisons it takes part in. ``tells`` is the kind of its findings, ``labels`` what its
    items are called where the wave asked nobody. ``names``: labels in the head and the sentences, such as the steps
    that count.
    """

    key: str
    unit: Unit
    head: str
    title: str
    base: str
    asks: Asks
    row: str = "Field"
    subject: str = ""
    together: str = ""
    """What several of its kind are called in one table."""
    worse: Literal["more", "less", ""] = ""
    formula: str = ""
    """How an estimate is computed, with the wave's cut points in braces; w are the weights."""
    reading: tuple[str, ...] = ()
    """What stands beneath its tables and figures, so that they can be read; with cut points in braces."""
    has_items: bool = True
    compares: frozenset[Comparison] = frozenset()
    tells: Literal["level", "difference", "group", "rank", "barrier", "supply"] = "level"
    says: Says = field(default_factory=Says)
    details: Mapping[str, Any] = field(default_factory=dict)
    names: Names = no_names
    labels: Labels | None = None


def by_key(rows: tuple[Measure, ...]) -> dict[str, Measure]:
    """Rows by key; a key that stands twice is a mistake of ours."""
    found = {row.key: row for row in rows}
    if len(found) != len(rows):
        raise AssertionError("a measure is declared twice")
    return found
