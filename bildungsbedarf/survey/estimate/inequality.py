"""Indices of inequality over an ordered grouping, and marginal effects of one grouping beside others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.survey.models.regression import glm

_NUMBERS = ("estimate", "se", "ci_low", "ci_high", "df")


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
        table = glm(design.with_columns(data), "_need ~ _rank", "poisson" if is_ratio else "gaussian")
    except DesignError as error:
        return {"n": persons, **dict.fromkeys(_NUMBERS, float("nan")), "note": str(error).splitlines()[0]}
    row = table[table["term"] == "_rank"].iloc[0]
    found: dict[str, object] = {name: float(row[name]) for name in _NUMBERS}
    if is_ratio:
        found |= {name: float(np.exp(float(row[name]))) for name in ("estimate", "ci_low", "ci_high")}
    return {"n": persons, **found}


def effects(design: SurveyDesign, need: pd.Series, whole: pd.DataFrame, count: int) -> list[dict[str, object]]:
    """Average marginal effects and odds ratios of the first ``count`` of the dummies ``whole``."""
    formula = "_need ~ " + " + ".join(map(str, whole.columns))
    try:
        table = glm(design.with_columns(whole.assign(_need=need)), formula, "binomial")
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
