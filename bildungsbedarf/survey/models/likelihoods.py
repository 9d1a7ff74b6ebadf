"""Log-likelihoods of generalised linear models and of the ordered logit, with their derivatives.

All are concave in their coefficients, so that Newton's method finds the maximum; all are sums over rows,
so that blocks of rows add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy import special

from bildungsbedarf.survey.arrays import Floats

Family = Literal["gaussian", "binomial", "poisson"]
FAMILIES: tuple[Family, ...] = ("gaussian", "binomial", "poisson")


class Likelihood(Protocol):
    """Rows enter as model matrix and response; results are by row, without weights.

    The search is settled once the weighted value changes by less than ``tolerance`` of itself and no
    coefficient by more than ``step``.
    """

    @property
    def tolerance(self) -> float:
        """Relative change of the value at the maximum."""

    @property
    def step(self) -> float:
        """Relative change of the coefficients at the maximum."""

    def value(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """Log-likelihood by row, less what does not depend on the coefficients."""

    def scores(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """Gradient by row (rows × coefficients)."""

    def information(self, matrix: Floats, response: Floats, weights: Floats, coefficients: Floats) -> Floats:
        """Minus the Hessian of the weighted sum (coefficients × coefficients)."""

    def working(self, matrix: Floats, coefficients: Floats, before: Floats) -> Floats:
        """By row, what the scores are multiplied by when the weights are those of the last step but one."""


@dataclass(frozen=True)
class Linear:
    """Canonical generalised linear model (McCullagh & Nelder 1989): score x (y − μ), information Σ w V(μ) x x'.

    Settled as R's ``glm.fit``, at a change of the deviance below 1e-8.
    """

    family: Family
    tolerance = 1e-8
    step = 1e-2

    def value(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """Minus half the deviance: y η − b(η) less its maximum over η."""
        at = matrix @ coefficients
        if self.family == "gaussian":
            return -((response - at) ** 2) / 2
        if self.family == "binomial":
            best = special.xlogy(response, response) + special.xlog1py(1 - response, -response)
            return np.asarray(response * at - np.logaddexp(0.0, at) - best)
        best = special.xlogy(response, response) - response
        return np.asarray(response * at - np.exp(np.minimum(at, 700.0)) - best)

    def scores(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """X (y − μ)."""
        return matrix * (response - self._mean(matrix @ coefficients))[:, None]

    def information(self, matrix: Floats, response: Floats, weights: Floats, coefficients: Floats) -> Floats:
        """Σ w V(μ) x x'."""
        spread = self._spread(self._mean(matrix @ coefficients))
        return np.asarray(matrix.T @ (matrix * (weights * spread)[:, None]))

    def working(self, matrix: Floats, coefficients: Floats, before: Floats) -> Floats:
        """V(μ before) / V(μ): R's scores are working residuals times the weights they were fitted with."""
        if self.family == "gaussian":
            return np.ones(len(matrix))
        return self._spread(self._mean(matrix @ before)) / self._spread(self._mean(matrix @ coefficients))

    def opening(self, response: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Where R's search starts, by row: the linear predictor η, V(μ), and η + (y − μ) / V(μ)."""
        if self.family == "gaussian":
            return response, np.ones_like(response), response
        if self.family == "binomial":
            mean = (weights * response + 0.5) / (weights + 1)
            at = special.logit(mean)
        else:
            mean = response + 0.1
            at = np.log(mean)
        spread = self._spread(mean)
        return at, spread, at + (response - mean) / spread

    def _spread(self, mean: Floats) -> Floats:
        """V(μ)."""
        if self.family == "gaussian":
            return np.ones_like(mean)
        return mean * (1 - mean) if self.family == "binomial" else mean

    def _mean(self, at: Floats) -> Floats:
        if self.family == "gaussian":
            return at
        return np.asarray(special.expit(at) if self.family == "binomial" else np.exp(np.minimum(at, 700.0)))


@dataclass(frozen=True)
class OrderedLogit:
    """P(y ≤ k) = expit(θ_k − x'β) (McCullagh 1980); coefficients β, then the thresholds θ.

    The response is the level's number 0, 1, …; the matrix has no intercept.
    """

    levels: int
    tolerance = 1e-12
    step = 1e-5

    def value(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """log(F(θ_k − η) − F(θ_{k−1} − η)); −∞ where thresholds are not in order."""
        high, low = self._ends(matrix, response, coefficients)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(special.expit(high) - special.expit(low))
        return np.where(np.isfinite(found), found, -np.inf)

    def scores(self, matrix: Floats, response: Floats, coefficients: Floats) -> Floats:
        """By the chain rule from the two ends."""
        high, low = self._slopes(matrix, response, coefficients)[:2]
        upper, lower = self._directions(matrix, response)
        return upper * high[:, None] + lower * low[:, None]

    def information(self, matrix: Floats, response: Floats, weights: Floats, coefficients: Floats) -> Floats:
        """Minus the second derivatives."""
        _, _, upper2, lower2, mixed = self._slopes(matrix, response, coefficients)
        upper, lower = self._directions(matrix, response)
        crossed = upper.T @ (lower * (weights * mixed)[:, None])
        hessian = upper.T @ (upper * (weights * upper2)[:, None]) + lower.T @ (lower * (weights * lower2)[:, None])
        return np.asarray(-(hessian + crossed + crossed.T))

    def working(self, matrix: Floats, coefficients: Floats, before: Floats) -> Floats:
        """At the maximum itself: 1."""
        return np.ones(len(matrix))

    def _ends(self, matrix: Floats, response: Floats, coefficients: Floats) -> tuple[Floats, Floats]:
        width = matrix.shape[1]
        thresholds = np.concatenate([[-np.inf], coefficients[width:], [np.inf]])
        place = response.astype(np.int64)
        at = matrix @ coefficients[:width]
        return thresholds[place + 1] - at, thresholds[place] - at

    def _slopes(self, matrix: Floats, response: Floats, coefficients: Floats) -> tuple[Floats, ...]:
        """First and second derivatives of log(F(a) − F(b)) in a and b."""
        high, low = (special.expit(end) for end in self._ends(matrix, response, coefficients))
        gap = high - low
        first, second = high * (1 - high) / gap, low * (1 - low) / gap
        return first, -second, first * (1 - 2 * high) - first**2, -second * (1 - 2 * low) - second**2, first * second

    def _directions(self, matrix: Floats, response: Floats) -> tuple[Floats, Floats]:
        """Derivatives of the two ends in the coefficients; 0 where an end is infinite."""
        count = self.levels - 1
        place = response.astype(np.int64)
        upper = np.equal.outer(place, np.arange(count)).astype(np.float64)
        lower = np.equal.outer(place - 1, np.arange(count)).astype(np.float64)
        return (
            np.hstack([-matrix * (place < count)[:, None], upper]),
            np.hstack([-matrix * (place > 0)[:, None], lower]),
        )
