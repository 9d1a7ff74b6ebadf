"""Means, totals, proportions, ratios and variances, by domain, with design-based standard errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey import intervals, statistics
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.frames import NO_DF, NO_OBSERVATIONS, as_list, finite_or_nan, tidy
from bildungsbedarf.survey.linearize import (
    Item,
    Linearized,
    Missing,
    Specify,
    category_items,
    linearize,
    linearize_domains,
    numeric_items,
    of_mean,
    of_total,
    of_variance,
)
from bildungsbedarf.survey.stages import Mask
from bildungsbedarf.survey.statistics import Statistic
from bildungsbedarf.survey.variance import variances

Names = str | Sequence[str]
Deff = bool | Literal["replace"]


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
    return _frame(d, numeric_items(d, as_list(vars), missing), by, of_mean, level, "mean", deff)


def total(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted totals of numeric variables, or of persons by category for other variables (R's ``svytotal``)."""
    items = [item for name in as_list(vars) for item in items_of(d, name, missing)]
    return _frame(d, items, by, of_total, level, "total", deff, is_total=True)


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
    check_level(level)
    items = category_items(d, as_list(vars), missing)
    whole = {}
    rows = []
    for part, se in _parts(d, items, as_list(by), of_mean):
        row = _row(d, part, se, level, deff, is_total=False)
        if part.n and not row["note"]:
            key = (row["variable"], row["category"])
            if part.estimate in (0.0, 1.0) and key not in whole:
                whole[key] = _whole_deff(d, items, key)
            edge = whole.get(key, float("nan"))
            bounds = intervals.proportion(
                part.estimate, se, row["df"], level, interval, part.n, edge, _logit_se(d, part, interval)
            )
            row["ci_low"], row["ci_high"] = bounds
        rows.append(row)
    return tidy(pd.DataFrame(rows), as_list(by), level, f"proportion, interval {interval}")


def ratio(
    d: SurveyDesign,
    num: str,
    den: str,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """Ratio of two totals (R's ``svyratio``), over rows that have both; ``variable`` is ``num/den``."""
    both = numeric_items(d, [num, den], "listwise" if missing == "drop" else missing)
    item = Item(f"{num}/{den}", None, both[0].values, both[0].base)

    def of_ratio(part: Item, inside: Mask) -> Statistic:
        kept = part.base & inside
        return statistics.ratio(np.where(kept, both[0].values, 0.0), np.where(kept, both[1].values, 0.0), kept)

    return _frame(d, [item], by, of_ratio, level, "ratio")


def variance(
    d: SurveyDesign, vars: Names, by: Names | None = None, level: float = 0.95, missing: Missing = "drop"
) -> pd.DataFrame:
    """Population variances of numeric variables (R's ``svyvar``)."""
    return _frame(d, numeric_items(d, as_list(vars), missing), by, of_variance, level, "variance")


def items_of(d: SurveyDesign, name: str, missing: Missing) -> list[Item]:
    """Numbers as they are, other variables by category."""
    numeric = pd.api.types.is_numeric_dtype(d.column(name).dtype)
    return numeric_items(d, [name], missing) if numeric else category_items(d, [name], missing)


def _frame(
    d: SurveyDesign,
    items: list[Item],
    by: Names | None,
    specify: Specify,
    level: float,
    call: str,
    deff: Deff = False,
    *,
    is_total: bool = False,
) -> pd.DataFrame:
    """The tidy frame of one kind of estimate, with intervals from t."""
    check_level(level)
    parts = _parts(d, items, as_list(by), specify)
    rows = [_row(d, part, se, level, deff, is_total=is_total) for part, se in parts]
    return tidy(pd.DataFrame(rows), as_list(by), level, call)


def _parts(d: SurveyDesign, items: list[Item], by: list[str], specify: Specify) -> Iterator[tuple[Linearized, float]]:
    """Each estimate with its standard error; one domain's scores in memory at a time."""
    for parts in linearize_domains(d, items, by, specify):
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
    part = linearize(d, of_mean(item, d.domain), item, d.domain, {})
    se = float(np.sqrt(variances(d, part.scores[:, None])[0]))
    return _design_effect(part, se, "replace", is_total=False)


def _logit_se(d: SurveyDesign, part: Linearized, interval: intervals.Interval) -> float | None:
    """Replicate designs have a standard error of their own on the logit scale (R's ``svyciprop``)."""
    if d.replicates is None or part.replicated is None or interval != "logit" or not 0 < part.estimate < 1:
        return None
    with np.errstate(divide="ignore"):
        logits = np.log(part.replicated) - np.log1p(-part.replicated)
    point = float(np.log(part.estimate) - np.log1p(-part.estimate))
    return float(np.linalg.norm(d.replicates.deviations(logits, point)))


def check_level(level: float) -> None:
    """Refuse a level outside (0, 1)."""
    if not 0 < level < 1:
        raise ConfigError("level is not between 0 and 1", value=level)
