"""Raking and trimming of weights, alone and in turn until both hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.rows.scanned import ScannedRows
from bildungsbedarf.survey.sample.cells import Calibration
from bildungsbedarf.survey.sample.stages import compacted
from bildungsbedarf.survey.weighting.margins import Margins, checked_margins, indicators
from bildungsbedarf.survey.weighting.reports import WeightingReport, WeightSums, build_report
from bildungsbedarf.survey.weighting.scanned import read_margins

_BOUNDS_HOLD = 1e-6
_ROUNDS = 500
_ITERATIONS = 1000


def rake(d: SurveyDesign, margins: Margins, tol: float = 1e-10, max_iterations: int = _ITERATIONS) -> SurveyDesign:
    """Iterative proportional fitting to the margins' totals (Deming & Stephan 1940).

    Works on the cells of all margins crossed, so that its time hardly depends on the rows.

    Parameters
    ----------
    d
        The design.
    margins
        ``{variable: {category: total}}``; every category that occurs needs a total, and all
        margins the same sum.
    tol
        Largest relative distance of any category from its total.
    max_iterations
        Rounds after which raking gives up.

    Returns
    -------
    SurveyDesign
        A new design that carries a ``report``.

    Raises
    ------
    DesignError
        Unknown or missing categories, totals that differ or cannot be reached, no convergence.

    Examples
    --------
    >>> raked = weighting.rake(d, {"sex": {"f": 100.0, "m": 80.0}, "area": {"a": 90.0, "b": 90.0}})
    >>> round(float(raked.weights.sum()), 6)
    180.0
    """
    if isinstance(d.rows, ScannedRows):
        table = read_margins(d.rows, margins)
        cells = _Problem(table.codes, table.totals, table.labels, tol, max_iterations)
        fit = cells.fit(table.weights)
        report = cells.report(table.weight_sums(fit.factors), fit, trimmed=0, rounds=1)
        return d.fitted(table.fitted(fit.factors, raked_to(table.names), is_raked=True), report)
    problem = _Problem(*checked_margins(d.in_memory, margins), _labels(d, margins), tol, max_iterations)
    return problem.design(d, d.weights, problem.fit(d.weights), trimmed=0, rounds=1)


def trim(d: SurveyDesign, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> SurveyDesign:
    """Cut weights to [lower, upper] and spread the difference evenly over the others (R's ``trimWeights``).

    With ``strict`` it is repeated until every weight lies inside. Replicate weights change by the
    same factors.

    Parameters
    ----------
    d
        The design.
    lower
        Smallest weight.
    upper
        Largest weight.
    strict
        Repeat until every weight lies inside.

    Returns
    -------
    SurveyDesign
        A new design that carries a ``report``.

    Raises
    ------
    DesignError
        The limits cannot hold: the weights' mean lies outside.

    Examples
    --------
    >>> float(weighting.trim(d, 12.0, 18.0).weights.max())
    Traceback (most recent call last):
    bildungsbedarf.errors.DesignError: limits leave no weight that could take up the rest
      found: '12–18'
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
    return d.with_weights(
        weights, replicates=replicates, report=build_report(WeightSums.of(weights), int(trimmed.sum()))
    )


def rake_trimmed(d: SurveyDesign, margins: Margins, lower: float, upper: float, tol: float = 1e-10) -> SurveyDesign:
    """Rake and trim in turn until the margins and the limits both hold.

    ``lower`` and ``upper`` are multiples of the mean weight.

    Parameters
    ----------
    d
        The design.
    margins
        ``{variable: {category: total}}``.
    lower
        Smallest weight.
    upper
        Largest weight.
    tol
        Largest relative distance of any category from its total.

    Returns
    -------
    SurveyDesign
        A new design that carries a ``report``.

    Raises
    ------
    DesignError
        As ``rake``; or the limits and the margins cannot both hold (names the margin to merge).

    Examples
    --------
    >>> margins = {"sex": {"f": 100.0, "m": 80.0}}
    >>> round(float(weighting.rake_trimmed(d, margins, 0.5, 2.0).weights.min()), 3)
    8.889
    """
    problem = _Problem(*checked_margins(d.in_memory, margins), _labels(d, margins), tol, _ITERATIONS)
    start = d.weights
    trimmed = np.zeros(len(start), dtype=bool)
    for rounds in range(1, _ROUNDS + 1):
        fit = problem.fit(start)
        weights = start * fit.factors
        mean = weights.mean()
        low, high = lower * mean, upper * mean
        outside = (weights < low * (1 - _BOUNDS_HOLD)) | (weights > high * (1 + _BOUNDS_HOLD))
        if not outside.any():
            return problem.design(d, start, fit, trimmed=int(trimmed.sum()), rounds=rounds)
        trimmed |= outside
        start = np.clip(weights, low, high)
    worst = int(np.argmax(np.maximum(weights / high, low / weights)))
    cells = ", ".join(f"{name} = {d.data[name].iloc[worst]}" for name in margins)
    raise DesignError(
        "margins and trimming limits cannot both hold",
        value=f"weight {weights[worst] / mean:.2f} times the mean at {cells}",
        expected=f"{lower:g} to {upper:g} times the mean",
        remedy="widen the limits in weighting.trim, or merge this category with another",
    )


@dataclass(frozen=True)
class _Fit:
    """Factors by row, relative distance of every category from its total, and the iterations taken."""

    factors: Floats
    deviations: Floats
    iterations: int


@dataclass(frozen=True)
class _Problem:
    """Margins to be reached: codes by row (or by group of rows), totals by code, and labels of all categories."""

    codes: list[Ints]
    totals: list[Floats]
    labels: list[tuple[str, str]]
    tol: float
    max_iterations: int

    @cached_property
    def cells(self) -> tuple[Ints, Ints]:
        """The cells of all margins crossed that occur, and each row's cell."""
        code = np.zeros(len(self.codes[0]), dtype=np.int64)
        for codes, total in zip(self.codes, self.totals, strict=True):
            code = code * len(total) + codes
        first, cell_of_row = compacted(code)
        return np.column_stack([codes[first] for codes in self.codes]), cell_of_row

    def fit(self, start: Floats) -> _Fit:
        """Fit one set of weights.

        Raises
        ------
        DesignError
            No convergence; names the category farthest from its total.
        """
        cells, cell_of_row = self.cells
        base = _sums(cell_of_row, start, len(cells))
        fitted = base
        deviations = np.array([np.inf])
        iteration = 0
        while iteration < self.max_iterations and deviations.max() > self.tol:
            iteration += 1
            for position, total in enumerate(self.totals):
                reached = _sums(cells[:, position], fitted, len(total))
                fitted = fitted * _ratio(total, reached)[cells[:, position]]
            deviations = np.concatenate(
                [
                    np.abs(_ratio(_sums(cells[:, position], fitted, len(total)), total) - 1)
                    for position, total in enumerate(self.totals)
                ]
            )
        worst = int(np.argmax(deviations))
        if deviations[worst] > self.tol:
            raise DesignError(
                f"raking does not converge after {self.max_iterations} iterations",
                where=" = ".join(self.labels[worst]),
                value=f"relative distance {deviations[worst]:.2g}",
                remedy="merge this category with a neighbouring one in the margin and in the variable",
            )
        return _Fit(_ratio(fitted, base)[cell_of_row], deviations, iteration)

    def report(self, weights: WeightSums, fit: _Fit, *, trimmed: int, rounds: int) -> WeightingReport:
        """How it went."""
        worst = int(np.argmax(fit.deviations))
        margins: dict[str, dict[str, float]] = {}
        for (name, level), value in zip(self.labels, np.concatenate(self.totals), strict=True):
            margins.setdefault(name, {})[level] = float(value)
        return build_report(
            weights,
            trimmed,
            iterations=fit.iterations,
            worst=(" = ".join(self.labels[worst]), float(fit.deviations[worst])),
            rounds=rounds,
            margins=margins,
        )

    def design(self, d: SurveyDesign, start: Floats, fit: _Fit, *, trimmed: int, rounds: int) -> SurveyDesign:
        """The design with the fitted weights; replicate weights begin from the same trimming and are fitted each."""
        weights = start * fit.factors
        report = self.report(WeightSums.of(weights), fit, trimmed=trimmed, rounds=rounds)
        replicates = d.replicates
        if replicates is not None:
            begun = replicates.weights * _ratio(start, d.weights)[:, None]
            fitted = [column * self.fit(column).factors for column in begun.T]
            replicates = replace(replicates, weights=np.column_stack(fitted))
        cells, cell_of_row = self.cells
        auxiliary = np.column_stack(
            [indicators(cells[:, position], len(total)) for position, total in enumerate(self.totals)]
        )
        calibration = Calibration(
            auxiliary, cell_of_row, weights, np.ones(len(weights)), raked_to(list(report.margins))
        )
        return d.with_weights(weights, calibration, replicates, report)


def raked_to(names: Sequence[str]) -> str:
    """What is said of raked weights."""
    return f"raked to the margins {', '.join(names)}"


def _labels(d: SurveyDesign, margins: Margins) -> list[tuple[str, str]]:
    """Variable and category of every total, in the order of the totals."""
    return [(name, str(level)) for name in margins for level in d.levels(name)]


def _sums(codes: Ints, values: Floats, groups: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=values, minlength=groups), dtype=np.float64)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Numerator / denominator, 1 where both are 0."""
    return np.divide(numerator, denominator, out=np.ones_like(numerator), where=denominator != 0)
