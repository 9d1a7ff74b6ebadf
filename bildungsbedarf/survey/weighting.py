"""``bb.weighting``: raking and trimming; the designs returned know what they are calibrated to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bildungsbedarf.errors import DesignError, Problem, nearest
from bildungsbedarf.survey.design import Calibration, SurveyDesign
from bildungsbedarf.survey.linearize import levels
from bildungsbedarf.survey.stages import Floats, Ints

Margins = Mapping[str, Mapping[Any, float]]
_TOTALS_AGREE = 1e-6
_BOUNDS_HOLD = 1e-6
_ROUNDS = 500


@dataclass(frozen=True)
class WeightingReport:
    """How a calibration went.

    ``worst_margin`` names the category farthest from its total and ``worst_deviation`` by how much
    (relative); ``kish_deff`` is 1 + cv²(weights), ``effective_n`` the persons divided by it.
    """

    iterations: int
    worst_margin: str
    worst_deviation: float
    weight_min: float
    weight_max: float
    kish_deff: float
    effective_n: float
    trimmed: int = 0
    rounds: int = 1
    margins: dict[str, dict[str, float]] = field(default_factory=dict)


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
    codes, totals = _checked(d, margins)
    return _raked(d, codes, totals, list(margins), d.weights, tol, max_iterations, trimmed=0, rounds=1)


def trim(d: SurveyDesign, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> SurveyDesign:
    """Cut weights to [lower, upper] and spread the difference evenly over the others (R's ``trimWeights``).

    With ``strict`` it is repeated until every weight lies inside.

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
    report = _report(d.weights if not trimmed.any() else weights, int(trimmed.sum()))
    return d.with_weights(weights, d.calibration, report)


def rake_trimmed(d: SurveyDesign, margins: Margins, lower: float, upper: float, tol: float = 1e-10) -> SurveyDesign:
    """Rake and trim in turn until the margins and the limits both hold.

    ``lower`` and ``upper`` are multiples of the mean weight.

    Raises
    ------
    DesignError
        As ``rake``; or the limits and the margins cannot both hold (names the margin to merge).
    """
    codes, totals = _checked(d, margins)
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
    labels = [f"{name} = {level}" for name in names for level in levels(d.data[name])]
    worst = int(np.argmax(deviations))
    if deviations[worst] > tol:
        raise DesignError(
            f"raking does not converge after {max_iterations} iterations",
            where=labels[worst],
            value=f"relative distance {deviations[worst]:.2g}",
            remedy="merge this category with a neighbouring one in the margin and in the variable",
        )
    weights = start * _ratio(fitted, base)[cell_of_row]
    report = _report(
        weights,
        trimmed,
        iterations=iteration,
        worst=(labels[worst], float(deviations[worst])),
        rounds=rounds,
        margins={
            name: {str(level): float(value) for level, value in zip(levels(d.data[name]), total, strict=True)}
            for name, total in zip(names, totals, strict=True)
        },
    )
    return d.with_weights(weights, Calibration(tuple(codes), weights), report)


def _checked(d: SurveyDesign, margins: Margins) -> tuple[list[Ints], list[Floats]]:
    """Codes by row and totals by code of every margin; all problems in one report."""
    problems: list[Problem] = []
    codes: list[Ints] = []
    totals: list[Floats] = []
    for name, wanted in margins.items():
        column = d.column(name)
        categories = levels(column)
        occurring = column.value_counts()
        problems += [
            Problem(
                "margin names an unknown category",
                f"margin {name}",
                category,
                nearest(str(category), map(str, categories)),
            )
            for category in wanted
            if category not in categories
        ]
        for category in categories:
            persons = int(occurring.get(category, 0))
            total = float(wanted.get(category, 0.0))
            if persons and not total > 0:
                problems.append(
                    Problem("category occurs but has no total", f"margin {name}", f"{category} ({persons} persons)")
                )
            if total > 0 and not persons:
                problems.append(
                    Problem(
                        "total cannot be reached: nobody is in this category",
                        f"margin {name}",
                        category,
                        remedy="merge this category with another, or drop it from the margin",
                    )
                )
        if column.isna().any():
            problems.append(
                Problem("variable of a margin has missing values", f"margin {name}", f"{int(column.isna().sum())} rows")
            )
        else:
            codes.append(np.array([categories.index(value) for value in column], dtype=np.int64))
            totals.append(np.array([float(wanted.get(category, 0.0)) for category in categories]))
    sums = {name: float(sum(wanted.values())) for name, wanted in margins.items()}
    if sums and max(sums.values()) - min(sums.values()) > _TOTALS_AGREE * max(sums.values()):
        shown = ", ".join(f"{name}: {value:,.1f}" for name, value in sums.items())
        problems.append(
            Problem("margins have different totals", "margins", shown, remedy="scale one to the other (scale_to)")
        )
    if problems:
        raise DesignError(problems)
    return codes, totals


def _sums(codes: Ints, values: Floats, groups: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=values, minlength=groups), dtype=np.float64)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Numerator / denominator, 1 where both are 0."""
    return np.divide(numerator, denominator, out=np.ones_like(numerator), where=denominator != 0)


def _report(
    weights: Floats,
    trimmed: int,
    *,
    iterations: int = 0,
    worst: tuple[str, float] = ("", 0.0),
    rounds: int = 1,
    margins: dict[str, dict[str, float]] | None = None,
) -> WeightingReport:
    mean = float(weights.mean())
    kish = float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
    return WeightingReport(
        iterations=iterations,
        worst_margin=worst[0],
        worst_deviation=worst[1],
        weight_min=float(weights.min()) / mean,
        weight_max=float(weights.max()) / mean,
        kish_deff=kish,
        effective_n=len(weights) / kish,
        trimmed=trimmed,
        rounds=rounds,
        margins=margins or {},
    )
