"""The area-level model of small areas: direct estimates and covariates borrow strength from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from bildungsbedarf.errors import DataError
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.survey.intervals.pointwise import Bounds

_ITERATIONS = 500
_TOLERANCE = 1e-12
_BETWEEN = np.geomspace(1e-3, 1e2, 80)
"""Variances between areas that are weighed against each other, in units of the median sampling variance."""


@dataclass(frozen=True)
class FayHerriot:
    """What the model found, by area.

    ``estimate``, ``mse``, ``shrinkage`` (weight of the direct estimate, 0 without a sample), ``synthetic`` (what
    covariates alone say); ``coefficients``, and ``variance`` between areas; ``interval_mse`` for intervals.
    """

    estimate: Floats
    mse: Floats
    shrinkage: Floats
    synthetic: Floats
    coefficients: Floats
    variance: float
    interval_mse: Floats

    def interval(self, level: float = 0.95) -> Bounds:
        """Intervals of the areas: estimate ± normal quantile · root of ``interval_mse``.

        Few areas leave the variance between them uncertain, often at 0, and ± 1.96 · root of ``mse`` then covers as
        little as 91 % where areas differ a little. ``interval_mse`` averages over all variances the data leave open
        (hierarchical Bayes, flat prior on the variance: Datta, Rao & Smith 2005, Biometrika 92, 183–196; Rao & Molina
        2015, Small Area Estimation, ch. 10); ``benchmarks/interval_coverage.md`` has what it covers.
        """
        half = special.ndtri((1 + level) / 2) * np.sqrt(self.interval_mse)
        return self.estimate - half, self.estimate + half


def fay_herriot(direct: Floats, variances: Floats, covariates: Floats) -> FayHerriot:
    """Empirical best linear unbiased predictors of areas' means, θ_d = x_dᵀβ + u_d.

    Fay, R. E. & Herriot, R. A. (1979): Estimates of income for small places. JASA 74, 269–277. Variance of the
    areas by restricted maximum likelihood (Fisher scoring); mean squared error g1 + g2 + 2 g3 after Prasad, N. G. N.
    & Rao, J. N. K. (1990), JASA 85, 163–171 (for REML: Datta, G. S. & Lahiri, P. 2000, Statistica Sinica 10).

    Parameters
    ----------
    direct, variances
        Direct estimates by area and their sampling variances; an area without a sample has NaN in both and
        gets the synthetic value.
    covariates
        Areas × covariates, with a column of ones.

    Returns
    -------
    FayHerriot
        By area: estimate, mse, shrinkage, synthetic; the coefficients; ``interval(level)``.

    Raises
    ------
    DataError
        Fewer areas with a sample than covariates + 1, or covariates that repeat each other.

    Examples
    --------
    >>> areas = np.array([0.2, 0.3, 0.25, 0.4])
    >>> estimate.fay_herriot(areas, np.full(4, 0.01), np.ones((4, 1))).estimate.round(3)
    array([0.288, 0.288, 0.288, 0.288])
    """
    known = np.isfinite(direct) & np.isfinite(variances) & (variances > 0)
    y, psi, x = direct[known], variances[known], covariates[known]
    if known.sum() < x.shape[1] + 2 or np.linalg.matrix_rank(x) < x.shape[1]:
        raise DataError(
            "too few areas for a model of small areas, or covariates repeat each other",
            value=f"{int(known.sum())} areas, {x.shape[1]} coefficients",
            remedy="take fewer covariates",
        )
    variance = _between(y, psi, x)
    areas = _Areas(known, y, psi, x, covariates)
    found = areas.predicted(variance)
    averaged = np.maximum(areas.averaged_mse(found.estimate), found.mse)
    return FayHerriot(
        found.estimate, found.mse, found.shrinkage, found.synthetic, found.coefficients, variance, averaged
    )


@dataclass(frozen=True)
class _Predicted:
    """What one variance between areas makes of them."""

    estimate: Floats
    mse: Floats
    given: Floats
    """Mean squared error if the variance were known."""
    shrinkage: Floats
    synthetic: Floats
    coefficients: Floats
    likelihood: float
    """Logarithm of the restricted likelihood."""


@dataclass(frozen=True)
class _Areas:
    """Areas with a sample (``known``): direct estimates, sampling variances, covariates; and covariates of all."""

    known: Mask
    direct: Floats
    sampling: Floats
    covariates: Floats
    of_all: Floats

    def predicted(self, variance: float) -> _Predicted:
        """Coefficients, synthetic values, weights of the direct ones and mean squared errors at this variance."""
        psi, x, known = self.sampling, self.covariates, self.known
        total = variance + psi
        information = (x.T / total) @ x
        inverse = np.linalg.inv(information)
        beta = inverse @ (x.T @ (self.direct / total))
        gamma, g1, g3 = np.zeros(len(known)), np.full(len(known), variance), np.zeros(len(known))
        gamma[known] = variance / total
        g1[known] = gamma[known] * psi
        g3[known] = psi**2 / total**3 * (2.0 / np.sum(1 / total**2))
        g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", self.of_all, inverse, self.of_all)
        synthetic = self.of_all @ beta
        estimates = (1 - gamma) * synthetic
        estimates[known] += gamma[known] * self.direct
        residual = self.direct - x @ beta
        lost = np.log(total).sum() + np.linalg.slogdet(information)[1] + (residual**2 / total).sum()
        return _Predicted(estimates, g1 + g2 + 2 * g3, g1 + g2, gamma, synthetic, beta, -float(lost) / 2)

    def averaged_mse(self, estimates: Floats) -> Floats:
        """Mean squared error around ``estimates``, averaged over what the data leave open of the variance."""
        grid = float(np.median(self.sampling)) * _BETWEEN
        found = [self.predicted(float(value)) for value in grid]
        # a step on the logarithmic grid is as long as its value
        plausible = np.array([each.likelihood for each in found]) + np.log(grid)
        weights = np.exp(plausible - plausible.max())
        errors = np.array([each.given + (each.estimate - estimates) ** 2 for each in found])
        return np.asarray(weights @ errors / weights.sum())


def _between(y: Floats, psi: Floats, x: Floats) -> float:
    """Variance between areas by restricted maximum likelihood; 0 where the likelihood is largest there."""
    value = float(np.median(psi))
    for _ in range(_ITERATIONS):
        total = value + psi
        scaled = x / total[:, None]
        projection = np.diag(1 / total) - scaled @ np.linalg.inv(x.T @ scaled) @ scaled.T
        residual = projection @ y
        score = -0.5 * np.trace(projection) + 0.5 * float(residual @ residual)
        before = value
        value = max(value + score / (0.5 * float((projection * projection).sum())), 0.0)
        if abs(value - before) <= _TOLERANCE * max(value, 1e-6):
            break
    return value
