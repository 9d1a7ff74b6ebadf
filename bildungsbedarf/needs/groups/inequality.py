"""Inequality over an ordered group, and what remains of a group's difference beside other variables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.needs.batteries import battery
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.wave import Wave

_MOST_CATEGORIES = 8
_SMALLEST = 10
_NUMBERS = ("estimate", "se", "ci_low", "ci_high", "df")


def inequality(wave: Wave, group: str, order: Sequence[str] = (), items: Sequence[str] = ()) -> pd.DataFrame:
    """Slope and relative index of inequality of unmet need over an ordered group.

    Mackenbach, J. P. & Kunst, A. E. (1997): Measuring the magnitude of socio-economic inequalities in health.
    Social Science & Medicine 44 (6), 757–771. Persons get the middle of their category's range in the weighted
    distribution, 0 … 1 from the first category to the last (ridit). SII is the slope of a weighted linear
    regression (share at the top of the order − share at its bottom), RII exp of the slope of a log-linear one
    (their ratio). Ridits are taken as known: standard errors do not contain that they are estimated.

    Parameters
    ----------
    order
        Categories from lowest to highest; default: the questionnaire's, without "other".

    Returns
    -------
    One row an item and index: ``variable``, ``category`` (``SII``, ``RII``), ``n``, ``estimate``, ``se`` (of the log
    for RII), ``ci_low``, ``ci_high``, ``df``, ``note``.
    """
    levels = list(map(str, wave.design.levels(group)))
    categories = list(order) or [level for level in levels if level != "-oth-"]
    if unknown := [name for name in categories if name not in levels]:
        raise ConfigError(f"{group} has no category {unknown[0]!r}", expected=nearest(unknown[0], levels))
    unmet = battery(wave).unmet()
    rows: list[dict[str, object]] = []
    for item in items or list(map(str, unmet.columns)):
        need = unmet[item].astype("Float64")
        for name, is_ratio in (("SII", False), ("RII", True)):
            found = slope(wave.design, need, group, categories, is_ratio=is_ratio)
            rows.append({"variable": item, "category": name, **found})
    return _typed(pd.DataFrame(rows), "inequality", wave)


def slope(
    design: SurveyDesign, need: pd.Series, group: str, categories: Sequence[str], *, is_ratio: bool
) -> dict[str, object]:
    """SII, or RII where ``is_ratio``, of a 0/1 column over the categories in their order."""
    values = design.data[group].astype("string")
    sums = pd.Series(design.weights, index=values.index).groupby(values).sum().reindex(list(categories)).fillna(0.0)
    middle = (sums.cumsum() - sums / 2) / sums.sum()
    data = pd.DataFrame({"_need": need, "_rank": values.map(middle).astype("Float64")})
    persons = int(data.notna().all(axis=1).sum())
    try:
        table = estimate.glm(design.with_columns(data), "_need ~ _rank", "poisson" if is_ratio else "gaussian")
    except DesignError as error:
        return {"n": persons, **dict.fromkeys(_NUMBERS, float("nan")), "note": str(error).splitlines()[0]}
    row = table[table["term"] == "_rank"].iloc[0]
    found: dict[str, object] = {name: float(row[name]) for name in _NUMBERS}
    if is_ratio:
        found |= {name: float(np.exp(float(row[name]))) for name in ("estimate", "ci_low", "ci_high")}
    return {"n": persons, **found}


def adjusted(
    wave: Wave, group: str, controls: Sequence[str] | None = None, reference: str = "", items: Sequence[str] = ()
) -> pd.DataFrame:
    """Unmet need of each category against a reference, other variables held equal: odds ratio and marginal effect.

    Weighted logistic regression of unmet need on the group and ``controls`` (default: the other groups of
    study.toml with at most eight categories). The average marginal effect is the weighted mean over persons of
    the difference of their predicted probabilities in the category and in the reference; its standard error is
    that of the coefficients (delta method), covariates as observed.

    Returns
    -------
    One row an item and category: ``estimate`` the average marginal effect (``se``, ``ci_low``, ``ci_high``),
    ``odds_ratio`` with ``or_low`` and ``or_high``, ``p``, ``df``, ``n`` persons of the model, ``note`` why there is
    none. ``attrs["controls"]`` names what was held equal.
    """
    others = [name for name in wave.groups if name != group and len(wave.design.levels(name)) <= _MOST_CATEGORIES]
    used = others if controls is None else list(controls)
    unmet = battery(wave).unmet()
    own, labels = _dummies(wave, group, reference)
    if not labels:
        raise ConfigError("all persons are in one category: there is nothing to compare", where=group)
    whole = pd.concat([own, *(_dummies(wave, name, "")[0] for name in used)], axis=1)
    rows = []
    for item in items or list(map(str, unmet.columns)):
        found = effects(wave.design, unmet[item].astype("Float64"), whole, len(labels))
        rows += [{"variable": item, group: label, **effect} for label, effect in zip(labels, found, strict=True)]
    frame = _typed(pd.DataFrame(rows), "adjusted", wave)
    frame.attrs.update(controls=used, by=[group])
    return frame


def effects(design: SurveyDesign, need: pd.Series, whole: pd.DataFrame, count: int) -> list[dict[str, object]]:
    """Average marginal effects and odds ratios of the first ``count`` of the dummies ``whole``."""
    formula = "_need ~ " + " + ".join(map(str, whole.columns))
    try:
        table = estimate.glm(design.with_columns(whole.assign(_need=need)), formula, "binomial")
    except DesignError as error:
        note = str(error).splitlines()[0]
        return [{"n": 0, **dict.fromkeys(_NUMBERS, np.nan), "note": note}] * count
    complete = (whole.notna().all(axis=1) & need.notna()).to_numpy()
    matrix = np.column_stack([np.ones(complete.sum()), whole[complete].to_numpy(dtype=float)])
    weights = design.weights[complete]
    at, covariance = table["estimate"].to_numpy(), np.array(table.attrs["covariance"])
    plain = matrix.copy()
    plain[:, 1 : count + 1] = 0.0
    rows: list[dict[str, object]] = []
    for column in range(1, count + 1):
        moved = plain.copy()
        moved[:, column] = 1.0
        effect, gradient = _contrast(moved, plain, at, weights)
        se, df = float(np.sqrt(gradient @ covariance @ gradient)), float(table["df"].iloc[0])
        low, high = symmetric(effect, se, df, 0.95)
        term = table.iloc[column]
        numbers = {"estimate": effect, "se": se, "ci_low": float(low), "ci_high": float(high), "df": df}
        odds = {"odds_ratio": term["estimate"], "or_low": term["ci_low"], "or_high": term["ci_high"]}
        ratios = {name: float(np.exp(value)) for name, value in odds.items()}
        rows.append({"n": int(complete.sum()), **numbers, **ratios, "p": float(term["p"])})
    return rows


def _contrast(moved: Floats, plain: Floats, at: Floats, weights: Floats) -> tuple[float, Floats]:
    """Mean difference of predicted probabilities, and its gradient by the coefficients."""
    one, two = expit(moved @ at), expit(plain @ at)
    total = weights.sum()
    gradient = ((weights * one * (1 - one)) @ moved - (weights * two * (1 - two)) @ plain) / total
    return float(weights @ (one - two) / total), gradient


def _dummies(wave: Wave, name: str, reference: str) -> tuple[pd.DataFrame, list[str]]:
    """One column a category but the reference (default: the most frequent), and the categories.

    Persons of a category of fewer than ten are left out: nothing can be said of it, and it would separate.
    """
    values = wave.responses[name].astype("string")
    counts = values.value_counts()
    levels = [level for level in map(str, wave.design.levels(name)) if counts.get(level, 0) >= _SMALLEST]
    values = values.where(values.isin(levels))
    if reference and reference not in levels:
        raise ConfigError(f"{name} has no category {reference!r}", expected=nearest(reference, levels))
    base = reference or str(counts.idxmax())
    kept = [level for level in levels if level != base]
    made = {f"_{name}_{place}": (values == level).astype("Float64") for place, level in enumerate(kept)}
    return pd.DataFrame(made, index=values.index), kept


def _typed(frame: pd.DataFrame, measure: str, wave: Wave) -> pd.DataFrame:
    for name in ("category", "note"):
        if name not in frame.columns:
            frame[name] = pd.NA
    frame = frame.astype({"variable": "string", "category": "string", "note": "string", "n": "Int64"})
    frame["count"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    frame.attrs = {"measure": measure, "unit": "index", "level": 0.95, "by": [], "is_model": True}
    return frame if wave.allows_inference else without_inference(frame)
