"""Groups crossed with each other: which lack more than all others, over all families at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.about import OPTION
from bildungsbedarf.needs.answers.closed import option_flags
from bildungsbedarf.needs.batteries import battery
from bildungsbedarf.needs.family import declared_facts
from bildungsbedarf.needs.groups.equity import differences
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

CROSS = " × "
"""Between the parts of crossed groups, in ``by`` and ``group``."""
CROSSED = "crossed"
"""Layout of a frame whose rows name their own groups in ``by`` and ``group``."""
_COLUMNS = 100
"""Columns of one family of answers: more would take long, and leave little power."""
_ROW = (
    *("variable", "category", "by", "group", "n", "count", "estimate", "se", "ci_low", "ci_high", "df"),
    *("sim_low", "sim_high", "share", "share_se", "other", "other_se", "n_other", "count_other", "ratio"),
)


@recomputable
def intersections(wave: Wave, groups: Sequence[str] = (), depth: int = 2) -> pd.DataFrame:
    """Which group has a clearly larger unmet need than all others, in which field; groups crossed too.

    Each variable and each pair of variables is one family (items × groups); the level is shared among the
    families (Bonferroni), so that all rows hold together. Groups of fewer persons than
    study.toml's ``analysis.smallest_crossed_group`` (30) take no part.

    Parameters
    ----------
    wave
        One audience in one wave.
    groups
        Grouping variables; default: study.toml's.
    depth
        How many variables are crossed at most.

    Returns
    -------
    Rows of ``equity`` whose simultaneous interval lies above 0, largest share first, with ``by`` (variables) and
    ``group`` (codes) as text. Empty where nothing can be shown.

    Raises
    ------
    ConfigError
        The sampling carries no inference.

    Examples
    --------
    >>> needs.intersections(wave, ["altersgruppe"])[["variable", "group"]].head(1)
      variable group
    0      F05   65+
    """
    _refuse_self_selected(wave)
    names = list(groups) or wave.groups
    families = [combination for size in range(1, depth + 1) for combination in combinations(names, size)]

    def compute() -> pd.DataFrame:
        pair = battery(wave)
        need = pair.unmet()
        return _clear(wave, [(family, need) for family in families], "intersection", "share", pair.definition)

    wave.require()
    return wave.once("intersections", families, compute)


@recomputable
def contrasts(wave: Wave, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Which group gives an answer clearly more often than all others, over every closed question.

    Each option of a single choice and each box of a multiple choice is a column; each variable with at most a hundred
    columns is one family, whose intervals are simultaneous; the level is shared among the families (Bonferroni), so
    that all rows hold together. Options that under 2 % or over 98 % give, questions with more options than
    study.toml's ``analysis.most_categories``, and those that say who people are (a group is made from them) take no
    part.

    Parameters
    ----------
    wave
        One audience in one wave.
    groups
        Grouping variables; default: study.toml's.

    Returns
    -------
    Rows as those of ``intersections``, largest difference first; ``variable`` is ``QUESTION=option`` or
    ``QUESTION_box``.

    Raises
    ------
    ConfigError
        The sampling carries no inference, or there is no closed question to compare.

    Examples
    --------
    >>> frame = needs.contrasts(wave, ["altersgruppe"])
    >>> bool((frame["sim_low"] > 0).all())
    True
    """
    _refuse_self_selected(wave)
    names = list(groups) or wave.groups
    took_part = wave.needs.participation if wave.has_needs else ""
    who_they_are = {_source(wave, name) for name in (*names, *wave.groups)} - {took_part}
    flags = option_flags(wave, who_they_are)
    chunks = [flags.iloc[:, start : start + _COLUMNS] for start in range(0, flags.shape[1], _COLUMNS)]
    families = [((name,), _but(chunk, wave, name)) for name in names for chunk in chunks]
    return _clear(wave, families, "contrast", "estimate")


def _refuse_self_selected(wave: Wave) -> None:
    if not wave.allows_inference:
        raise ConfigError("self-selected answers carry no comparison of groups", where=f"audience {wave.audience}")


def _but(flags: pd.DataFrame, wave: Wave, name: str) -> pd.DataFrame:
    """Without the question the groups are made from."""
    own = _source(wave, name)
    return flags[[c for c in flags.columns if wave.codebook.column(c.split(OPTION, 1)[0]).question != own]]


def _source(wave: Wave, name: str) -> str:
    """The question behind a grouping variable."""
    rule = wave.config.variables.get(name)
    return wave.codebook.column(rule.source if rule is not None else name).question


def _clear(
    wave: Wave,
    families: Sequence[tuple[Sequence[str], pd.DataFrame]],
    measure: str,
    order: str,
    details: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Rows whose simultaneous interval lies above 0, over families of (grouping variables, columns)."""
    parts = []
    for names, columns in families:
        crossed = _crossed(wave, names)
        if crossed.nunique() < 2:
            continue
        design = wave.design.with_columns(pd.DataFrame({"_group": crossed}))
        found = differences(design, columns, "_group", level=1 - 0.05 / len(families), ranked=False, details=details)
        clear = found[(found["sim_low"] > 0) & (found["n"] >= wave.analysis.smallest_crossed_group)]
        facts = declared_facts(found, measure, kind="difference", by=(), layout=CROSSED)
        told = clear.assign(by=CROSS.join(names), group=clear["_group"].astype("string"))[list(_ROW)]
        parts.append(told)
    if not parts:
        raise ConfigError("there is nothing to compare: no groups of enough persons, or no closed questions")
    joined = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    joined = joined.sort_values(order, ascending=False, ignore_index=True)
    return facts.but(family=len(families), level=0.95).on(joined)


def _crossed(wave: Wave, names: Sequence[str]) -> pd.Series:
    """Combinations of categories as text; those of few persons are left out of the comparison."""
    parts = [wave.responses[name].astype("string") for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + CROSS + part
    counts = joined.value_counts()
    return joined.where(joined.map(counts).fillna(0) >= wave.analysis.smallest_crossed_group).astype("category")
