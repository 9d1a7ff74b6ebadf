"""The area-level model of small areas: direct estimates and covariates borrow strength from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bildungsbedarf.errors import DataError
from bildungsbedarf.survey.arrays import Floats

_ITERATIONS = 500
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class FayHerriot:
    """What the model found, by area.

    ``estimate``, ``mse``, ``shrinkage`` (weight of the direct estimate, 0 without a sample), ``synthetic`` (what
    covariates alone say); ``coefficients``, and ``variance`` between areas.
    """

    estimate: Floats
    mse: Floats
    shrinkage: Floats
    synthetic: Floats
    coefficients: Floats
    variance: float


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
        By area: estimate, mse, shrinkage, synthetic; and the coefficients.

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
    total = variance + psi
    inverse = np.linalg.inv((x.T / total) @ x)
    beta = inverse @ (x.T @ (y / total))
    synthetic = covariates @ beta
    gamma, g1, g3 = np.zeros(len(direct)), np.full(len(direct), variance), np.zeros(len(direct))
    gamma[known] = variance / total
    g1[known] = gamma[known] * psi
    g3[known] = psi**2 / total**3 * (2.0 / np.sum(1 / total**2))
    g2 = (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", covariates, inverse, covariates)
    estimates = gamma * np.where(known, direct, 0.0) + (1 - gamma) * synthetic
    return FayHerriot(estimates, g1 + g2 + 2 * g3, gamma, synthetic, beta, variance)


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
