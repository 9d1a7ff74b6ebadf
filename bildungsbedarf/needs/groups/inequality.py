"""Inequality over an ordered group, and what remains of a group's difference beside other variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import Facts
from bildungsbedarf.expression import is_ordered
from bildungsbedarf.needs.about import MEASURES
from bildungsbedarf.needs.batteries import battery
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.survey.estimate.inequality import effects, slope
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def inequality(wave: Wave, group: str, order: Sequence[str] = (), items: Sequence[str] = ()) -> pd.DataFrame:
    """Slope and relative index of inequality of unmet need over an ordered group.

    Mackenbach, J. P. & Kunst, A. E. (1997): Measuring the magnitude of socio-economic inequalities in health.
    Social Science & Medicine 44 (6), 757–771. Persons get the middle of their category's range in the weighted
    distribution, 0 … 1 from the first category to the last (ridit). SII is the slope of a weighted linear
    regression (share at the top of the order − share at its bottom), RII exp of the slope of a log-linear one
    (their ratio). Ridits are taken as known: standard errors do not contain that they are estimated.

    Parameters
    ----------
    wave
        One audience in one wave.
    group
        A grouping variable.
    order
        Categories from lowest to highest; default: those of a group cut from a number (``cut`` in study.toml).
    items
        Items in question; default: all.

    Returns
    -------
    One row an item and index: ``variable``, ``category`` (``SII``, ``RII``), ``n``, ``estimate``, ``se`` (of the log
    for RII), ``ci_low``, ``ci_high``, ``df``, ``note``.

    Examples
    --------
    >>> needs.inequality(wave, "altersgruppe", items=["F05"])[["category", "estimate"]].round(2)
      category  estimate
    0      SII      0.27
    1      RII      1.79
    """
    levels = list(map(str, wave.design.levels(group)))
    if not order and not is_ordered(wave.design.data[group]):
        raise ConfigError(
            "these categories have no order: from which to which would it be unequal?",
            value=group,
            expected=f"order=[{', '.join(map(repr, levels))}], from lowest to highest",
            remedy="needs.equity compares each category with all others",
        )
    categories = list(order) or [level for level in levels if level != "-oth-"]
    if unknown := [name for name in categories if name not in levels]:
        raise ConfigError(f"{group} has no category {unknown[0]!r}", expected=nearest(unknown[0], levels))
    pair = battery(wave)
    unmet = pair.unmet()
    rows: list[dict[str, object]] = []
    for item in items or list(map(str, unmet.columns)):
        need = unmet[item].astype("Float64")
        for name, is_ratio in (("SII", False), ("RII", True)):
            found = slope(wave.design, need, group, categories, is_ratio=is_ratio)
            rows.append({"variable": item, "category": name, **found})
    return _typed(
        pd.DataFrame(rows), "inequality", wave, details={**pair.definition, "group": group, "order": categories}
    )


@recomputable
def adjusted(
    wave: Wave, group: str, controls: Sequence[str] | None = None, reference: str = "", items: Sequence[str] = ()
) -> pd.DataFrame:
    """Unmet need of each category against a reference, other variables held equal: odds ratio and marginal effect.

    Weighted logistic regression of unmet need on the group and ``controls`` (default: the other groups of
    study.toml with few enough categories). The average marginal effect is the weighted mean over persons of
    the difference of their predicted probabilities in the category and in the reference; its standard error is
    that of the coefficients (delta method), covariates as observed.

    Parameters
    ----------
    wave
        One audience in one wave.
    group
        A grouping variable.
    controls
        Variables held equal; default: the other groups with few enough categories.
    reference
        Category the others are held against.
    items
        Items in question; default: all.

    Returns
    -------
    One row an item and category: ``estimate`` the average marginal effect (``se``, ``ci_low``, ``ci_high``),
    ``odds_ratio`` with ``or_low`` and ``or_high``, ``p``, ``df``, ``n`` persons of the model, ``note`` why there is
    none. The facts' ``details`` name the ``controls``, what was held equal, and ``against`` which category.

    Examples
    --------
    >>> needs.adjusted(wave, "kinder", ["geschlecht"], items=["F05"])[["kinder", "estimate"]].round(3)
            kinder  estimate
    0  mit Kindern    -0.006
    """
    others = [name for name in wave.compared_groups if name != group]
    used = others if controls is None else list(controls)
    pair = battery(wave)
    unmet = pair.unmet()
    own, labels, base = _dummies(wave, group, reference)
    if not labels:
        raise ConfigError("all persons are in one category: there is nothing to compare", where=group)
    whole = pd.concat([own, *(_dummies(wave, name, "")[0] for name in used)], axis=1)
    rows = []
    for item in items or list(map(str, unmet.columns)):
        found = effects(wave.design, unmet[item].astype("Float64"), whole, len(labels))
        rows += [{"variable": item, group: label, **effect} for label, effect in zip(labels, found, strict=True)]
    details = {**pair.definition, "controls": used, "against": [group, base]}
    return _typed(pd.DataFrame(rows), "adjusted", wave, by=(group,), details=details)


def _dummies(wave: Wave, name: str, reference: str) -> tuple[pd.DataFrame, list[str], str]:
    """One column a category but the reference (default: the most frequent), the categories, and the reference.

    Persons of a category of fewer than ten are left out: nothing can be said of it, and it would separate.
    """
    values = wave.responses[name].astype("string")
    counts = values.value_counts()
    levels = [
        level
        for level in map(str, wave.design.levels(name))
        if counts.get(level, 0) >= wave.analysis.smallest_model_category
    ]
    values = values.where(values.isin(levels))
    if reference and reference not in levels:
        raise ConfigError(f"{name} has no category {reference!r}", expected=nearest(reference, levels))
    base = reference or str(counts.idxmax())
    kept = [level for level in levels if level != base]
    made = {f"_{name}_{place}": (values == level).astype("Float64") for place, level in enumerate(kept)}
    return pd.DataFrame(made, index=values.index), kept, base


def _typed(frame: pd.DataFrame, measure: str, wave: Wave, **facts: Any) -> pd.DataFrame:
    for name in ("category", "note"):
        if name not in frame.columns:
            frame[name] = pd.NA
    frame = frame.astype({"variable": "string", "category": "string", "note": "string", "n": "Int64"})
    frame["count"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    declared = MEASURES[measure]
    origin = {"sampling": wave.config.sampling, "source": wave.source, "base": declared.base}
    frame = Facts(measure, declared.unit, "effect", **{**origin, **facts}).on(frame)
    return frame if wave.allows_inference else without_inference(frame)
