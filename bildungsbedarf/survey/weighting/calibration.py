"""Poststratification and calibration to known totals (Deville & Särndal 1992)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.frames import as_list
from bildungsbedarf.survey.rows.scanned import ScannedRows
from bildungsbedarf.survey.sample.cells import Calibration
from bildungsbedarf.survey.sample.stages import compacted
from bildungsbedarf.survey.weighting.margins import checked_margins, indicators
from bildungsbedarf.survey.weighting.reports import WeightingReport, WeightSums, build_report
from bildungsbedarf.survey.weighting.scanned import read_margins

Distance = Literal["linear", "raking", "logit"]
Totals = Mapping[str, float | Mapping[Any, float]]
INTERCEPT = "(Intercept)"
_TOLERANCE = 1e-11
_ITERATIONS = 100


def poststratify(d: SurveyDesign, vars: str | Sequence[str], totals: Mapping[Any, float]) -> SurveyDesign:
    """Bring the cells of one or several crossed variables to known totals (R's ``postStratify``).

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    totals
        ``{category: total}``, or ``{(category, category): total}`` for several variables.

    Returns
    -------
    SurveyDesign
        A new design that carries a ``report``.

    Raises
    ------
    DesignError
        A cell that occurs has no total, or a total has nobody.

    Examples
    --------
    >>> weighting.poststratify(d, "sex", {"f": 100.0, "m": 80.0}).rows.fitted_to
    ['poststratified by sex']
    """
    names = as_list(vars)
    if isinstance(d.rows, ScannedRows):
        return _poststratified(d, d.rows, names, totals)
    name = " × ".join(names)
    column = d.in_memory.column(names[0]) if len(names) == 1 else _crossed(d, names)
    wanted = {key if len(names) == 1 else " × ".join(map(str, key)): total for key, total in totals.items()}
    if len(names) > 1:
        d = d.with_columns(column.rename(name).to_frame())
    codes, sums = checked_margins(d.in_memory, {name: wanted})
    auxiliary = indicators(codes[0], len(sums[0]))

    def factors(weights: Floats) -> Floats:
        reached = auxiliary.T @ weights
        share = np.divide(sums[0], reached, out=np.zeros_like(reached), where=reached > 0)
        return share[codes[0]]

    worst = f"{name} = {d.levels(name)[0]}"

    def report(weights: Floats) -> WeightingReport:
        return build_report(WeightSums.of(weights), 0, iterations=1, worst=(worst, 0.0))

    return _fitted(d, auxiliary, factors, report, f"poststratified by {name}")


def _poststratified(d: SurveyDesign, rows: ScannedRows, names: list[str], totals: Mapping[Any, float]) -> SurveyDesign:
    if len(names) > 1:
        raise DesignError(
            "crossed variables are not offered for a scanned design",
            value=" × ".join(names),
            remedy="write them as one column to the file, or rake to each",
        )
    table = read_margins(rows, {names[0]: totals})
    reached = np.bincount(table.codes[0], weights=table.weights, minlength=len(table.totals[0]))
    share = np.divide(table.totals[0], reached, out=np.zeros_like(reached), where=reached > 0)
    factors = share[table.codes[0]]
    report = build_report(table.weight_sums(factors), 0, iterations=1, worst=(" = ".join(table.labels[0]), 0.0))
    return d.fitted(table.fitted(factors, f"poststratified by {names[0]}", is_raked=False), report)


def calibrate(
    d: SurveyDesign, totals: Totals, distance: Distance = "linear", bounds: tuple[float, float] | None = None
) -> SurveyDesign:
    """Change the weights as little as possible so that they reach known totals (R's ``calibrate``).

    Parameters
    ----------
    d
        The design.
    totals
        ``{numeric variable: total}``, ``{variable: {category: total}}``, and ``"(Intercept)"`` for
        the size of the population where no categories give it.
    distance
        ``linear``: factors 1 + x'λ; ``raking``: exp(x'λ); ``logit``: between the bounds.
    bounds
        Smallest and largest factor; needed for ``logit``, cuts the factors of the others.

    Returns
    -------
    SurveyDesign
        A new design that carries a ``report``.

    Raises
    ------
    DesignError
        Missing values, totals that cannot be reached, bounds that cannot hold.

    Examples
    --------
    >>> round(float(weighting.calibrate(d, {"(Intercept)": 200.0}).weights.sum()), 6)
    200.0
    """
    function = _factor_function(distance, bounds)
    auxiliary, wanted, labels = _auxiliary(d, totals)

    def factors(weights: Floats) -> Floats:
        return _solve(auxiliary, weights, wanted, labels, function)

    def report(weights: Floats) -> WeightingReport:
        distances = np.abs(auxiliary.T @ weights - wanted) / np.maximum(np.abs(wanted), 1.0)
        worst = int(np.argmax(distances))
        return build_report(WeightSums.of(weights), 0, worst=(labels[worst], float(distances[worst])))

    label = f"calibrated ({distance} distance) to the totals of {', '.join(totals)}"
    return _fitted(d, auxiliary, factors, report, label)


def _fitted(
    d: SurveyDesign,
    auxiliary: Floats,
    factors: Callable[[Floats], Floats],
    report: Callable[[Floats], WeightingReport],
    label: str,
) -> SurveyDesign:
    """The design with fitted weights; replicate weights are each fitted to the same totals."""
    weights = d.weights * factors(d.weights)
    replicates = d.replicates
    if replicates is not None:
        columns = [column * factors(column) for column in replicates.weights.T]
        replicates = replace(replicates, weights=np.column_stack(columns))
    cell, constant = cells_of_rows(auxiliary)
    return d.with_weights(weights, Calibration(constant, cell, weights, d.weights, label), replicates, report(weights))


def cells_of_rows(auxiliary: Floats) -> tuple[Ints, Floats]:
    """Rows with the same auxiliary variables share a cell: each row's cell, and the variables by cell."""
    cell = np.zeros(len(auxiliary), dtype=np.int64)
    for column in auxiliary.T:
        codes = np.unique(column, return_inverse=True)[1]
        cell = compacted(cell * (int(codes.max()) + 1) + codes)[1]
    return cell, auxiliary[compacted(cell)[0]]


def _crossed(d: SurveyDesign, names: list[str]) -> pd.Series:
    combinations = [" × ".join(map(str, cell)) for cell in product(*(d.levels(name) for name in names))]
    texts = [d.in_memory.column(name).astype("string") for name in names]
    crossed = texts[0]
    for text in texts[1:]:
        crossed = crossed + " × " + text
    return crossed.astype(pd.CategoricalDtype(combinations))


def _auxiliary(d: SurveyDesign, totals: Totals) -> tuple[Floats, Floats, list[str]]:
    """Auxiliary variables by row, their totals, and what they are called."""
    columns: list[Floats] = []
    wanted: list[float] = []
    labels: list[str] = []
    for name, total in totals.items():
        if isinstance(total, Mapping):
            codes, sums = checked_margins(d.in_memory, {name: total})
            columns += list(indicators(codes[0], len(sums[0])).T)
            wanted += list(sums[0])
            labels += [f"{name} = {level}" for level in d.levels(name)]
            continue
        values = np.ones(len(d.data)) if name == INTERCEPT else _numbers(d, name)
        columns.append(values)
        wanted.append(float(total))
        labels.append(name)
    return np.column_stack(columns), np.array(wanted), labels


def _numbers(d: SurveyDesign, name: str) -> Floats:
    column = d.in_memory.column(name)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise DesignError("a variable with one total is a number", where=f"variable {name}", value=str(column.dtype))
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(values).any():
        raise DesignError(
            "variable has missing values", where=f"variable {name}", value=f"{int(np.isnan(values).sum())} rows"
        )
    return np.array(values, dtype=np.float64)


@dataclass(frozen=True)
class _Factor:
    """Factor and derivative as functions of x'λ."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _factor_function(distance: Distance, bounds: tuple[float, float] | None) -> _Factor:
    low, high = bounds or (-np.inf, np.inf)
    if bounds is not None and not low < 1 < high:
        raise ConfigError("bounds need a lower limit below 1 and an upper limit above 1", value=bounds)
    if distance == "logit":
        return _logit(low, high)
    plain = {
        "linear": _Factor(lambda u: 1 + u, np.ones_like),
        "raking": _Factor(lambda u: np.exp(np.minimum(u, 500)), lambda u: np.exp(np.minimum(u, 500))),
    }.get(distance)
    if plain is None:
        raise ConfigError("unknown distance", value=distance, expected=nearest(distance, ("linear", "raking", "logit")))

    def inside(u: Floats) -> Mask:
        return (plain.value(u) > low) & (plain.value(u) < high)

    return _Factor(lambda u: np.clip(plain.value(u), low, high), lambda u: np.where(inside(u), plain.slope(u), 0.0))


def _logit(low: float, high: float) -> _Factor:
    """Factors between the bounds (Deville & Särndal 1992, case 6)."""
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ConfigError("distance 'logit' needs bounds", expected="for example bounds=(0.4, 2.5)")
    steepness = (high - low) / ((1 - low) * (high - 1))

    def value(u: Floats) -> Floats:
        growth = np.exp(np.clip(steepness * u, -500, 500))
        return np.asarray((low * (high - 1) + high * (1 - low) * growth) / (high - 1 + (1 - low) * growth))

    def slope(u: Floats) -> Floats:
        factor = value(u)
        return np.asarray(steepness * (factor - low) * (high - factor) / (high - low))

    return _Factor(value, slope)


def _solve(auxiliary: Floats, weights: Floats, wanted: Floats, labels: list[str], function: _Factor) -> Floats:
    """Newton's method with halved steps for Σ w F(x'λ) x = totals."""
    multipliers = np.zeros(auxiliary.shape[1])
    scale = np.maximum(np.abs(wanted), 1.0)

    def distance(at: Floats) -> Floats:
        return np.asarray(wanted - auxiliary.T @ (weights * function.value(auxiliary @ at)))

    left = distance(multipliers)
    for _ in range(_ITERATIONS):
        if np.abs(left / scale).max() <= _TOLERANCE:
            return function.value(auxiliary @ multipliers)
        slopes = weights * function.slope(auxiliary @ multipliers)
        step = np.linalg.pinv(auxiliary.T @ (auxiliary * slopes[:, None]), hermitian=True) @ left
        size = 1.0
        while size > 1e-6 and np.abs(distance(multipliers + size * step) / scale).max() > np.abs(left / scale).max():
            size /= 2
        multipliers = multipliers + size * step
        left = distance(multipliers)
    worst = int(np.argmax(np.abs(left / scale)))
    raise DesignError(
        "calibration does not reach its totals",
        where=labels[worst],
        value=f"{wanted[worst] - left[worst]:,.1f} instead of {wanted[worst]:,.1f}",
        remedy="widen the bounds, merge categories, or check that the totals belong together",
    )
