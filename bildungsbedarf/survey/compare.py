"""Covariances between estimates, contrasts of them, and differences of two samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.survey import intervals
from bildungsbedarf.survey.arithmetic import Arithmetic
from bildungsbedarf.survey.descriptive import Names, check_level, items_of, mean, proportion, total, variance
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.frames import as_list, tidy
from bildungsbedarf.survey.linearize import (
    Item,
    Missing,
    Specify,
    category_items,
    linearize_domains,
    numeric_items,
    of_mean,
    of_total,
    of_variance,
)
from bildungsbedarf.survey.variance import covariance as score_covariance

Estimator = Literal["mean", "total", "proportion", "variance"]


def covariance(
    d: SurveyDesign, estimator: Estimator, vars: Names, by: Names | None = None, missing: Missing = "drop"
) -> pd.DataFrame:
    """Covariance matrix of the estimates, in the order of the estimator's rows.

    Each estimate enters with its own linearised values, 0 outside its base. Rows and columns are
    labelled ``variable[=category][, group=value…]``.
    """
    return _points_and_covariance(d, estimator, as_list(vars), as_list(by), missing)[1]


def contrast(
    d: SurveyDesign,
    estimator: Estimator,
    vars: Names,
    combination: Mapping[str, float] | str,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """One number made from several estimates, with its standard error (R's ``svycontrast``).

    Parameters
    ----------
    combination
        ``{label: coefficient}`` for a linear contrast, or an expression such as ``"api00 / api99"``
        (+ − * / **, log, exp, sqrt; delta method). Labels are those of ``covariance``, or their last
        part where that is unambiguous (``E`` for ``api00, stype=E``); in an expression they stand in
        backquotes unless they are plain names.

    Raises
    ------
    ConfigError
        A label is unknown or ambiguous, or the expression cannot be read.
    """
    check_level(level)
    points, matrix = _points_and_covariance(d, estimator, as_list(vars), as_list(by), missing)
    labels = [str(label) for label in matrix.index]
    if isinstance(combination, str):
        expression = Arithmetic(combination)
        positions = {name: _position(name, labels) for name in expression.names}
        value, gradient = expression.evaluate(
            {name: (points[place], place) for name, place in positions.items()}, len(labels)
        )
        text = combination
    else:
        gradient = np.zeros(len(labels))
        for label, coefficient in combination.items():
            gradient[_position(label, labels)] += coefficient
        value = float(gradient @ points)
        text = " + ".join(f"{coefficient:g}·{label}" for label, coefficient in combination.items())
    se = float(np.sqrt(gradient @ matrix.to_numpy() @ gradient))
    low, high = intervals.symmetric(value, se, d.df, level)
    row = {"variable": text, "n": len(d), "estimate": value, "se": se, "ci_low": low, "ci_high": high, "df": d.df}
    return tidy(pd.DataFrame([row]), [], level, f"contrast of {estimator}")


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
    if estimator not in _FUNCTIONS:
        raise ConfigError("unknown estimator", value=estimator, expected=", ".join(_FUNCTIONS))
    left, right = (_FUNCTIONS[estimator](d, vars, by=by, level=level, missing=missing) for d in (d_a, d_b))
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


_FUNCTIONS: dict[str, Callable[..., pd.DataFrame]] = {
    "mean": mean,
    "total": total,
    "proportion": proportion,
    "variance": variance,
}


def _points_and_covariance(
    d: SurveyDesign, estimator: Estimator, names: list[str], by: list[str], missing: Missing
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], pd.DataFrame]:
    items, specify = _specification(d, estimator, names, missing)
    parts = [part for domain in linearize_domains(d, items, by, specify) for part in domain]
    matrix = score_covariance(d, np.column_stack([part.scores for part in parts]))
    labels = [_name(part.labels) for part in parts]
    return np.array([part.estimate for part in parts]), pd.DataFrame(matrix, index=labels, columns=labels)


def _position(label: str, labels: list[str]) -> int:
    """Where a label stands; the last part of a label will do where it is the only one."""
    if label in labels:
        return labels.index(label)
    short = [number for number, full in enumerate(labels) if full.split("=")[-1] == label]
    if len(short) != 1:
        what = "several estimates have this label" if short else "no estimate has this label"
        raise ConfigError(what, where="contrast", value=label, expected=nearest(label, labels))
    return short[0]


def _specification(
    d: SurveyDesign, estimator: Estimator, names: list[str], missing: Missing
) -> tuple[list[Item], Specify]:
    if estimator == "mean":
        return numeric_items(d, names, missing), of_mean
    if estimator == "proportion":
        return category_items(d, names, missing), of_mean
    if estimator == "variance":
        return numeric_items(d, names, missing), of_variance
    if estimator == "total":
        return [item for name in names for item in items_of(d, name, missing)], of_total
    raise ConfigError("unknown estimator", value=estimator, expected="mean, total, proportion, variance")


def _name(labels: dict[str, Any]) -> str:
    head = labels["variable"] if labels["category"] is None else f"{labels['variable']}={labels['category']}"
    groups = [f"{name}={value}" for name, value in labels.items() if name not in ("variable", "category")]
    return ", ".join([head, *groups])
