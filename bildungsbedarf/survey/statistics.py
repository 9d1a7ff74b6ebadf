"""Estimators as functions of the weights: their value, and the scores whose total has their variance.

``value`` serves replicate weights (many weightings at once), ``scores`` linearisation (Binder 1983).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey.stages import Floats, Mask


@dataclass(frozen=True)
class Statistic:
    """One estimator of one item.

    ``value`` maps weights (rows × R, 0 outside the domain) to R values; ``scores`` maps weights
    (rows) and the value to scores by row. ``base`` are the rows it rests on, ``values`` their
    numbers (0 elsewhere).
    """

    values: Floats
    base: Mask
    value: Callable[[Floats], Floats]
    scores: Callable[[Floats, float], Floats]


def mean(values: Floats, base: Mask) -> Statistic:
    """Σwy / Σw; score w (y − ȳ) / Σw."""

    def value(weights: Floats) -> Floats:
        return _divide(values @ weights, base.astype(float) @ weights)

    def scores(weights: Floats, point: float) -> Floats:
        return np.array(weights * np.where(base, values - point, 0.0) / weights[base].sum())

    return Statistic(values, base, value, scores)


def total(values: Floats, base: Mask) -> Statistic:
    """Σwy; score w y."""

    def value(weights: Floats) -> Floats:
        return np.array(values @ weights, dtype=np.float64)

    def scores(weights: Floats, point: float) -> Floats:
        return weights * values

    return Statistic(values, base, value, scores)


def ratio(numerator: Floats, denominator: Floats, base: Mask) -> Statistic:
    """Σwy / Σwx; score w (y − R x) / Σwx (Särndal, Swensson & Wretman 1992, ch. 5.6)."""

    def value(weights: Floats) -> Floats:
        return _divide(numerator @ weights, denominator @ weights)

    def scores(weights: Floats, point: float) -> Floats:
        return weights * (numerator - point * denominator) / float(denominator @ weights)

    return Statistic(numerator, base, value, scores)


def variance(values: Floats, base: Mask) -> Statistic:
    """Σw(y − ȳ)² / Σw · n / (n − 1), as R's ``svyvar``; score w ((y − ȳ)² n/(n − 1) − s²) / Σw."""

    def correction(weights: Floats) -> float:
        n = int((weights.reshape(len(base), -1).any(axis=1) & base).sum())
        return n / (n - 1) if n > 1 else float("nan")

    def value(weights: Floats) -> Floats:
        sums = base.astype(float) @ weights
        first, second = _divide(values @ weights, sums), _divide(values**2 @ weights, sums)
        return (second - first**2) * correction(weights)

    def scores(weights: Floats, point: float) -> Floats:
        centre = float(weights @ values) / weights[base].sum()
        squares = (values - centre) ** 2 * correction(weights)
        return np.array(weights * np.where(base, squares - point, 0.0) / weights[base].sum())

    return Statistic(values, base, value, scores)


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient; NaN where nobody is in the domain."""
    quotient: Floats = np.full_like(denominator, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient
