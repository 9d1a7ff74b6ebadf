"""Many measures at once: the needs table, every closed question, and who lacks most."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.batteries import Source, battery
from bildungsbedarf.needs.changes.sensitivity import MEASURES
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.needs.fields import measures
from bildungsbedarf.needs.groups.equity import differences
from bildungsbedarf.survey import estimate
from bildungsbedarf.survey.estimate.moments import Names, as_names
from bildungsbedarf.wave import Wave

_IN_TABLE = {
    **MEASURES,
    "weighted_discrepancy": measures.weighted_discrepancy,
    "ranked_discrepancy": measures.ranked_discrepancy,
}
_CLOSED = ("choice", "scale", "checkbox")
_SMALLEST_CROSSED = 30
CROSS = " × "
"""Between the parts of crossed groups, in ``by`` and ``group``."""
_ROW = (
    *("variable", "category", "by", "group", "n", "count", "estimate", "se", "ci_low", "ci_high", "df"),
    *("sim_low", "sim_high", "share", "share_se", "other", "other_se", "n_other", "count_other", "ratio"),
)


def table(source: Source, by: Names = None, **options: Any) -> pd.DataFrame:
    """All measures of the battery side by side, one row an item and group.

    ``options`` are those of ``battery``: other cut points, questions or columns, to see what a choice does.

    Returns
    -------
    Index: item and groups; columns: (measure, ``n | estimate | se | ci_low | ci_high``), and the rank set of unmet
    need (``rank_best``, ``rank_worst``).
    """
    keys = ["variable", *as_names(by)]
    shown = ["n", "estimate", "se", "ci_low", "ci_high"]
    parts = {}
    for name, measure in _IN_TABLE.items():
        frame = measure(source, by=by, **options).set_index(keys)
        parts[name] = frame[[*shown, "rank_best", "rank_worst"] if name == "unmet_need" else shown]
    made: pd.DataFrame = pd.concat(parts, axis=1, names=["measure", "statistic"])
    made.index.names = ["item", *as_names(by)]
    return made


def most_urgent(wave: Wave, count: int = 5) -> list[str]:
    """Items by unmet need, largest first; without an estimate last."""
    frame = measures.unmet(wave).sort_values("estimate", ascending=False, kind="stable")
    return [str(item) for item in frame["variable"].head(count)]


def item_title(wave: Wave, item: str) -> str:
    """What an item of the battery is called."""
    return wave.codebook[wave.needs.importance].items(wave.language).get(item, item)


def closed_questions(wave: Wave) -> list[str]:
    """Columns of every closed question and derived variables; not the places of rankings."""
    rankings = {question.code for question in wave.codebook.questions if question.type.axes == "ranking"}
    asked = [c for c in wave.codebook.columns if c.role == "answer" and c.values in _CLOSED]
    names = [column.name for column in asked if column.question not in rankings]
    return [*names, *(name for name in wave.config.variables if name not in names)]


def tabulate(wave: Wave, by: Names = None, variables: Sequence[str] = ()) -> pd.DataFrame:
    """Weighted shares of all categories of every closed question, by group: one long frame (``bb.estimate``'s)."""
    names = list(variables) or closed_questions(wave)
    frame = estimate.proportion(wave.design, names, by=as_names(by) or None)
    frame.attrs = {"measure": "distribution", "unit": "share", "level": 0.95, "by": as_names(by)}
    return frame if wave.allows_inference else without_inference(frame)


def intersections(wave: Wave, groups: Sequence[str] = (), depth: int = 2) -> pd.DataFrame:
    """Which group has a clearly larger unmet need than all others, in which field; groups crossed too.

    Each variable and each pair of variables is one family (items × groups); the level is shared among the
    families (Bonferroni), so that all rows hold together. Groups under 30 persons take no part.

    Returns
    -------
    Rows of ``equity`` whose simultaneous interval lies above 0, largest share first, with ``by`` (variables) and
    ``group`` (codes) as text. Empty where nothing can be shown.

    Raises
    ------
    ConfigError
        The sampling carries no inference.
    """
    if not wave.allows_inference:
        raise ConfigError("self-selected answers carry no comparison of groups", where=f"audience {wave.audience}")
    names = list(groups) or wave.groups
    families = [combination for size in range(1, depth + 1) for combination in combinations(names, size)]
    need = battery(wave).unmet()
    parts = []
    for family in families:
        crossed = _crossed(wave, family)
        if crossed.nunique() < 2:
            continue
        design = wave.design.with_columns(pd.DataFrame({"_group": crossed}))
        found = differences(design, need, "_group", level=1 - 0.05 / len(families))
        clear = found[(found["sim_low"] > 0) & (found["n"] >= _SMALLEST_CROSSED)]
        parts.append(clear.assign(by=CROSS.join(family), group=clear["_group"].astype("string"))[list(_ROW)])
    if not parts:
        raise ConfigError("there are no groups of enough persons to compare", value=", ".join(names))
    joined = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    joined = joined.sort_values("share", ascending=False, ignore_index=True)
    joined.attrs = {"measure": "intersection", "unit": "share", "by": [], "family": len(families), "level": 0.95}
    joined.attrs["is_difference"] = True
    return joined


def _crossed(wave: Wave, names: Sequence[str]) -> pd.Series:
    """Combinations of categories as text; those of few persons are left out of the comparison."""
    parts = [wave.responses[name].astype("string") for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + CROSS + part
    counts = joined.value_counts()
    return joined.where(joined.map(counts).fillna(0) >= _SMALLEST_CROSSED).astype("category")
