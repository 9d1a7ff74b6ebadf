"""Raking and trimming of weights, alone and in turn until both hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.design import Calibration, SurveyDesign
from bildungsbedarf.survey.linearize import levels
from bildungsbedarf.survey.margins import Margins, checked_margins, indicators
from bildungsbedarf.survey.reports import build_report
from bildungsbedarf.survey.stages import Floats, Ints

_BOUNDS_HOLD = 1e-6
_ROUNDS = 500


def rake(d: SurveyDesign, margins: Margins, tol: float = 1e-10, max_iterations: int = 1000) -> SurveyDesign:
    """Iterative proportional fitting to the margins' totals (Deming & Stephan 1940).

    Works on the cells of all margins crossed, so that its time hardly depends on the rows.

    Parameters
    ----------
    margins
        ``{variable: {category: total}}``; every category that occurs needs a total, and all
        margins the same sum.
    tol
        Largest relative distance of any category from its total.

    Raises
    ------
    DesignError
        Unknown or missing categories, totals that differ or cannot be reached, no convergence.
    """
    codes, totals = checked_margins(d, margins)
    return _raked(d, codes, totals, list(margins), d.weights, tol, max_iterations, trimmed=0, rounds=1)


def trim(d: SurveyDesign, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> SurveyDesign:
    """Cut weights to [lower, upper] and spread the difference evenly over the others (R's ``trimWeights``).

    With ``strict`` it is repeated until every weight lies inside. Replicate weights change by the
    same factors.

    Raises
    ------
    DesignError
        The limits cannot hold: the weights' mean lies outside.
    """
    weights = d.weights
    if not lower <= weights.mean() <= upper:
        raise DesignError(
            "limits exclude the mean weight", value=f"{weights.mean():g}", expected=f"{lower:g}–{upper:g}"
        )
    trimmed = np.zeros(len(weights), dtype=bool)
    while True:
        outside = (weights < lower) | (weights > upper)
        if not outside.any():
            break
        trimmed |= outside
        clipped = np.clip(weights, lower, upper)
        rest = ~outside
        if not rest.any():
            raise DesignError("limits leave no weight that could take up the rest", value=f"{lower:g}–{upper:g}")
        clipped[rest] += (weights - clipped).sum() / rest.sum()
        weights = clipped
        if not strict:
            break
    replicates = d.replicates
    if replicates is not None:
        replicates = replace(replicates, weights=replicates.weights * _ratio(weights, d.weights)[:, None])
    return d.with_weights(weights, replicates=replicates, report=build_report(weights, int(trimmed.sum())))


def rake_trimmed(d: SurveyDesign, margins: Margins, lower: float, upper: float, tol: float = 1e-10) -> SurveyDesign:
    """Rake and trim in turn until the margins and the limits both hold.

    ``lower`` and ``upper`` are multiples of the mean weight.

    Raises
    ------
    DesignError
        As ``rake``; or the limits and the margins cannot both hold (names the margin to merge).
    """
    codes, totals = checked_margins(d, margins)
    names = list(margins)
    start = d.weights
    trimmed = np.zeros(len(start), dtype=bool)
    raked = d
    for rounds in range(1, _ROUNDS + 1):
        raked = _raked(d, codes, totals, names, start, tol, 1000, trimmed=int(trimmed.sum()), rounds=rounds)
        mean = raked.weights.mean()
        low, high = lower * mean, upper * mean
        outside = (raked.weights < low * (1 - _BOUNDS_HOLD)) | (raked.weights > high * (1 + _BOUNDS_HOLD))
        if not outside.any():
            return raked
        trimmed |= outside
        start = np.clip(raked.weights, low, high)
    worst = int(np.argmax(np.maximum(raked.weights / high, low / raked.weights)))
    cells = ", ".join(f"{name} = {d.data[name].iloc[worst]}" for name in names)
    raise DesignError(
        "margins and trimming limits cannot both hold",
        value=f"weight {raked.weights[worst] / mean:.2f} times the mean at {cells}",
        expected=f"{lower:g} to {upper:g} times the mean",
        remedy="widen the limits in weighting.trim, or merge this category with another",
    )


def _raked(
    d: SurveyDesign,
    codes: list[Ints],
    totals: list[Floats],
    names: list[str],
    start: Floats,
    tol: float,
    max_iterations: int,
    *,
    trimmed: int,
    rounds: int,
) -> SurveyDesign:
    factors, deviations, iterations = _fit(codes, totals, start, tol, max_iterations)
    labels = [f"{name} = {level}" for name in names for level in levels(d.data[name])]
    worst = int(np.argmax(deviations))
    if deviations[worst] > tol:
        raise DesignError(
            f"raking does not converge after {max_iterations} iterations",
            where=labels[worst],
            value=f"relative distance {deviations[worst]:.2g}",
            remedy="merge this category with a neighbouring one in the margin and in the variable",
        )
    weights = start * factors
    auxiliary = np.column_stack([indicators(code, len(total)) for code, total in zip(codes, totals, strict=True)])
    report = build_report(
        weights,
        trimmed,
        iterations=iterations,
        worst=(labels[worst], float(deviations[worst])),
        rounds=rounds,
        margins={
            name: {str(level): float(value) for level, value in zip(levels(d.data[name]), total, strict=True)}
            for name, total in zip(names, totals, strict=True)
        },
    )
    replicates = d.replicates
    if replicates is not None:
        begun = replicates.weights * _ratio(start, d.weights)[:, None]
        fitted = [column * _fit(codes, totals, column, tol, max_iterations)[0] for column in begun.T]
        replicates = replace(replicates, weights=np.column_stack(fitted))
    calibration = Calibration(auxiliary, weights, np.ones(len(weights)))
    return d.with_weights(weights, calibration, replicates, report)


def _fit(
    codes: list[Ints], totals: list[Floats], start: Floats, tol: float, max_iterations: int
) -> tuple[Floats, Floats, int]:
    """Factors by row, relative distance of every category from its total, and the iterations taken."""
    cells, cell_of_row = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    cell_of_row = cell_of_row.reshape(-1)
    base = _sums(cell_of_row, start, len(cells))
    fitted = base
    deviations = np.array([np.inf])
    iteration = 0
    while iteration < max_iterations and deviations.max() > tol:
        iteration += 1
        for position, total in enumerate(totals):
            reached = _sums(cells[:, position], fitted, len(total))
            fitted = fitted * _ratio(total, reached)[cells[:, position]]
        deviations = np.concatenate(
            [
                np.abs(_ratio(_sums(cells[:, position], fitted, len(total)), total) - 1)
                for position, total in enumerate(totals)
            ]
        )
    return _ratio(fitted, base)[cell_of_row], deviations, iteration


def _sums(codes: Ints, values: Floats, groups: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=values, minlength=groups), dtype=np.float64)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Numerator / denominator, 1 where both are 0."""
    return np.divide(numerator, denominator, out=np.ones_like(numerator), where=denominator != 0)
