"""Where a quantile lies: twelve rules, as R's ``svyquantile`` (Hyndman & Fan 1996; Shah & Vaish 2006).

All work on sorted values with their weights; a rule that is a step function needs only the distinct ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from bildungsbedarf.survey.arrays import Floats

Rule = Literal["math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"]
STEPS: tuple[Rule, ...] = ("math", "school", "hf1", "hf2", "hf3")
"""Rules that need only the distinct values."""


def quantile(rule: Rule, values: Floats, weights: Floats, prob: float) -> float:
    """The quantile of values sorted in ascending order, with positive weights."""
    return RULES[rule](values, weights, prob)


def _step(values: Floats, weights: Floats, prob: float, *, at_tie: float) -> float:
    """First value whose cumulative share exceeds ``prob``; at equality between it and the one below."""
    low, high, below, _ = _around(values, weights, prob)
    if below == 0:
        return float(values[low] * (1 - at_tie) + values[high] * at_tie)
    return float(values[high])


def _odd_step(values: Floats, weights: Floats, prob: float) -> float:
    """The even one of two neighbouring distinct values (Hyndman & Fan's rule 3)."""
    distinct, place = np.unique(values, return_inverse=True)
    low, high, below, _ = _around(distinct, np.asarray(np.bincount(place, weights=weights), dtype=np.float64), prob)
    return float(distinct[low] if below == 0 and (low + 1) % 2 == 0 else distinct[high])


def _linear_cdf(values: Floats, weights: Floats, prob: float) -> float:
    """Linear interpolation of the cumulative distribution (rule 4)."""
    low, high, below, above = _around(values, weights, prob)
    share = below / (below + above)
    return float(values[low] * (1 - share) + values[high] * share)


def _around(values: Floats, weights: Floats, prob: float) -> tuple[int, int, float, float]:
    """Places of the values below and above, and the distances of their cumulative shares from ``prob``."""
    sums = _cumulated(weights)
    reached = np.flatnonzero(sums <= prob * sums[-1])
    if not reached.size:
        return 0, 0, prob, float(sums[0] / sums[-1]) - prob
    low = int(reached[-1])
    high = min(low + 1, len(values) - 1)
    return low, high, prob - float(sums[low] / sums[-1]), float(sums[high] / sums[-1]) - prob


def _shah_vaish(values: Floats, weights: Floats, prob: float) -> float:
    """A step function of the shares (S + 1/2 − w/2) / (n + 1), with S the sums of weights of mean 1.

    The w of w/2 is the weight as it stands, as in R's ``survey``: the result hangs on the weights' scale.
    """
    shares = (_cumulated(weights / weights.mean()) + 0.5 - weights / 2) / (len(values) + 1)
    distinct, means = _distinct(shares, values)
    return float(means[max(int(np.searchsorted(distinct, prob, side="right")) - 1, 0)])


def _interpolated(positions: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats, float], float]:
    """Linear interpolation between the values at plotting positions (rules 5 to 9)."""

    def rule(values: Floats, weights: Floats, prob: float) -> float:
        distinct, means = _distinct(positions(_cumulated(weights), weights), values)
        return float(np.interp(prob, distinct, means))

    return rule


def _cumulated(weights: Floats) -> Floats:
    """Running sums, kept as exactly as R keeps them: whether a share is a tie hangs on the last bit."""
    return np.asarray(np.cumsum(weights.astype(np.longdouble)), dtype=np.float64)


def _distinct(positions: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Positions in order; values at the same position count with their mean, as in R's ``approx``."""
    distinct, place = np.unique(positions, return_inverse=True)
    return distinct, np.bincount(place, weights=values) / np.bincount(place)


def _before(sums: Floats) -> Floats:
    return np.concatenate([[0.0], sums[:-1]])


RULES: dict[Rule, Callable[[Floats, Floats, float], float]] = {
    "math": lambda values, weights, prob: _step(values, weights, prob, at_tie=0.0),
    "school": lambda values, weights, prob: _step(values, weights, prob, at_tie=0.5),
    "shahvaish": _shah_vaish,
    "hf1": lambda values, weights, prob: _step(values, weights, prob, at_tie=0.0),
    "hf2": lambda values, weights, prob: _step(values, weights, prob, at_tie=0.5),
    "hf3": _odd_step,
    "hf4": _linear_cdf,
    "hf5": _interpolated(lambda sums, weights: (sums - weights / 2) / sums[-1]),
    "hf6": _interpolated(lambda sums, weights: sums / (sums[-1] + weights[-1])),
    "hf7": _interpolated(lambda sums, weights: _before(sums) / (sums[-2] if len(sums) > 1 else sums[-1])),
    "hf8": _interpolated(lambda sums, weights: (_before(sums) / 3 + sums * 2 / 3) / (sums[-1] + weights[-1] / 3)),
    "hf9": _interpolated(lambda sums, weights: (_before(sums) * 3 / 8 + sums * 5 / 8) / (sums[-1] + weights[-1] / 4)),
}
