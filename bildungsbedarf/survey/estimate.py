"""``bb.estimate``: means, totals and proportions with design-based standard errors.

Every function takes a design first and returns the tidy frame of ``bildungsbedarf.survey.frames``:
``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low, ci_high, df, deff, note``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey import intervals
from bildungsbedarf.survey.design import Floats, Mask, SurveyDesign
from bildungsbedarf.survey.frames import NO_DF, NO_OBSERVATIONS, as_list, finite_or_nan, tidy
from bildungsbedarf.survey.linearize import (
    Item,
    Linearized,
    Missing,
    category_items,
    domains,
    linearize_mean,
    linearize_total,
    numeric_items,
)
from bildungsbedarf.survey.variance import covariance as score_covariance
from bildungsbedarf.survey.variance import variances

Names = str | Sequence[str]
Deff = bool | Literal["replace"]
Estimator = Literal["mean", "total", "proportion"]
Linearize = Callable[[SurveyDesign, Item, Mask, dict[str, Any]], Linearized]


def mean(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted means of numeric variables.

    ``deff`` compares with simple random sampling without replacement, ``"replace"`` with it with
    replacement (R's ``svymean``). Intervals use t with the design's degrees of freedom.
    """
    _check_level(level)
    items = numeric_items(d, as_list(vars), missing)
    rows = [
        _row(d, part, se, level, deff, is_total=False) for part, se in _parts(d, items, as_list(by), linearize_mean)
    ]
    return tidy(pd.DataFrame(rows), as_list(by), level, "mean")


def total(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted totals of numeric variables, or of persons by category for other variables (R's ``svytotal``)."""
    _check_level(level)
    items = [item for name in as_list(vars) for item in _items_of(d, name, missing)]
    rows = [
        _row(d, part, se, level, deff, is_total=True) for part, se in _parts(d, items, as_list(by), linearize_total)
    ]
    return tidy(pd.DataFrame(rows), as_list(by), level, "total")


def proportion(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    interval: intervals.Interval = "logit",
    deff: Deff = True,
) -> pd.DataFrame:
    """Shares of every category (R's ``svymean`` on a factor, intervals as ``svyciprop``).

    At 0 or 1 the interval is Clopper–Pearson's with n divided by the item's design effect in the
    whole design (at least 1).
    """
    _check_level(level)
    items = category_items(d, as_list(vars), missing)
    whole = {}
    rows = []
    for part, se in _parts(d, items, as_list(by), linearize_mean):
        row = _row(d, part, se, level, deff, is_total=False)
        if part.n and not row["note"]:
            key = (row["variable"], row["category"])
            if part.estimate in (0.0, 1.0) and key not in whole:
                whole[key] = _whole_deff(d, items, key)
            bounds = intervals.proportion(
                part.estimate, se, row["df"], level, interval, part.n, whole.get(key, float("nan"))
            )
            row["ci_low"], row["ci_high"] = bounds
        rows.append(row)
    return tidy(pd.DataFrame(rows), as_list(by), level, f"proportion, interval {interval}")


def covariance(
    d: SurveyDesign, estimator: Estimator, vars: Names, by: Names | None = None, missing: Missing = "drop"
) -> pd.DataFrame:
    """Covariance matrix of the estimates, in the order of the estimator's rows.

    Each estimate enters with its own linearised values, 0 outside its base. Rows and columns are
    labelled ``variable[=category][, group=value…]``.
    """
    items, linearize = _specification(d, estimator, as_list(vars), missing)
    parts = list(_linearized(d, items, as_list(by), linearize))
    matrix = score_covariance(d, np.column_stack([part.scores for part in parts]))
    names = [_name(part.labels) for part in parts]
    return pd.DataFrame(matrix, index=names, columns=names)


def difference(
    d_a: SurveyDesign,
    d_b: SurveyDesign,
    estimator: Estimator,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """Estimates of ``d_a`` minus those of ``d_b``, two independent samples.

    Variances add; degrees of freedom after Satterthwaite (1946). ``n`` is that of both together.
    """
    functions: dict[str, Callable[..., pd.DataFrame]] = {"mean": mean, "total": total, "proportion": proportion}
    if estimator not in functions:
        raise ConfigError("unknown estimator", value=estimator, expected=", ".join(functions))
    left, right = (functions[estimator](d, vars, by=by, level=level, missing=missing) for d in (d_a, d_b))
    keys = ["variable", "category", *as_list(by)]
    joined = left.merge(right, on=keys, suffixes=("", "_b"), how="outer", sort=False)
    variance_a, variance_b = joined["se"] ** 2, joined["se_b"] ** 2
    joined["se"] = np.sqrt(variance_a + variance_b)
    joined["estimate"] = joined["estimate"] - joined["estimate_b"]
    spread = variance_a**2 / joined["df"] + variance_b**2 / joined["df_b"]
    joined["df"] = ((variance_a + variance_b) ** 2 / spread).where(spread > 0, joined[["df", "df_b"]].min(axis=1))
    numbers = joined[["estimate", "se", "df"]].to_numpy(dtype=float)
    bounds = [intervals.symmetric(estimate, se, df, level) for estimate, se, df in numbers.tolist()]
    joined["ci_low"], joined["ci_high"] = [low for low, _ in bounds], [high for _, high in bounds]
    joined["note"] = joined["note"].fillna(joined["note_b"])
    for name in ("n", "count", "weighted_n"):
        joined[name] = joined[name] + joined[f"{name}_b"]
    joined["deff"] = np.nan
    return tidy(joined, as_list(by), level, f"difference of {estimator}")


def _specification(
    d: SurveyDesign, estimator: Estimator, names: list[str], missing: Missing
) -> tuple[list[Item], Linearize]:
    if estimator == "mean":
        return numeric_items(d, names, missing), linearize_mean
    if estimator == "proportion":
        return category_items(d, names, missing), linearize_mean
    if estimator == "total":
        return [item for name in names for item in _items_of(d, name, missing)], linearize_total
    raise ConfigError("unknown estimator", value=estimator, expected="mean, total, proportion")


def _items_of(d: SurveyDesign, name: str, missing: Missing) -> list[Item]:
    numeric = pd.api.types.is_numeric_dtype(d.column(name).dtype)
    return numeric_items(d, [name], missing) if numeric else category_items(d, [name], missing)


def _linearized(d: SurveyDesign, items: list[Item], by: list[str], linearize: Linearize) -> Iterator[Linearized]:
    for labels, inside in domains(d, by):
        for item in items:
            yield linearize(d, item, inside, labels)


def _parts(
    d: SurveyDesign, items: list[Item], by: list[str], linearize: Linearize
) -> Iterator[tuple[Linearized, float]]:
    """Each estimate with its standard error; one domain's scores in memory at a time."""
    for labels, inside in domains(d, by):
        parts = [linearize(d, item, inside, labels) for item in items]
        if parts:
            standard_errors = np.sqrt(variances(d, np.column_stack([part.scores for part in parts])))
            yield from zip(parts, map(float, standard_errors), strict=True)


def _row(d: SurveyDesign, part: Linearized, se: float, level: float, deff: Deff, *, is_total: bool) -> dict[str, Any]:
    df = float(d.df)
    row: dict[str, Any] = {
        **part.labels,
        "n": part.n,
        "count": part.count,
        "weighted_n": part.weighted_n,
        "estimate": part.estimate,
        "se": se,
        "df": df,
        "note": None,
    }
    if part.n == 0:
        return {**row, "se": np.nan, "note": NO_OBSERVATIONS}
    row["ci_low"], row["ci_high"] = intervals.symmetric(part.estimate, se, df, level)
    row["note"] = NO_DF if df < 1 else None
    row["deff"] = _design_effect(part, se, deff, is_total=is_total)
    return row


def _design_effect(part: Linearized, se: float, deff: Deff, *, is_total: bool) -> float:
    """Variance against simple random sampling of the same size (Kish 1965), as R's ``svymean``."""
    if deff is False:
        return float("nan")
    correction = 1.0 if deff == "replace" else (part.weighted_n - part.n) / part.weighted_n
    scale = part.weighted_n**2 if is_total else 1.0
    reference = part.spread * correction * scale / part.n
    return finite_or_nan(se**2 / reference) if reference > 0 else float("nan")


def _whole_deff(d: SurveyDesign, items: list[Item], key: tuple[str, str]) -> float:
    item = next(item for item in items if (item.variable, item.category) == key)
    part = linearize_mean(d, item, d.domain, {})
    se = float(np.sqrt(variances(d, part.scores[:, None])[0]))
    return _design_effect(part, se, "replace", is_total=False)


def _name(labels: dict[str, Any]) -> str:
    head = labels["variable"] if labels["category"] is None else f"{labels['variable']}={labels['category']}"
    groups = [f"{name}={value}" for name, value in labels.items() if name not in ("variable", "category")]
    return ", ".join([head, *groups])


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ConfigError("level is not between 0 and 1", value=level)


def standard_errors(d: SurveyDesign, scores: Floats) -> Floats:
    """Standard errors of column totals of linearised scores, for estimators of other rooms."""
    return np.sqrt(variances(d, scores))
