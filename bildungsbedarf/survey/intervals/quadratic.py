"""Upper tails of weighted sums of χ² variables, over an estimated scale with its own degrees of freedom.

P(Σ λ_i χ²_1 > x · χ²_df / df), as R's ``pFsum``: the sum less x / df times another χ²_df exceeds 0.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from bildungsbedarf.survey.arrays import Floats

_NEAR_POLE = 0.99999


def saddlepoint_tail(value: float, weights: Floats, df: float) -> float:
    """Saddlepoint approximation (Kuonen 1999).

    As in R, a broken number of degrees of freedom counts as the whole one below.
    """
    from scipy import optimize

    scaled = np.append(weights, -value / df) / float(weights.max())
    times = np.append(np.ones(len(weights)), np.floor(df))

    def slope(at: float) -> float:
        return float((times * scaled / (1 - 2 * at * scaled)).sum())

    low, high = _NEAR_POLE / (2 * scaled[-1]), _NEAR_POLE / 2
    root = float(optimize.brentq(slope, low, high, xtol=1e-14))
    if abs(root) < 1e-4:
        return exact_tail(value, weights, df)
    cumulant = -float((times * np.log(1 - 2 * root * scaled)).sum()) / 2
    curvature = 2 * float((times * scaled**2 / (1 - 2 * root * scaled) ** 2).sum())
    w = np.sign(root) * np.sqrt(-2 * cumulant)
    v = root * np.sqrt(curvature)
    return float(special.ndtr(-(w + np.log(v / w) / w)))


def exact_tail(value: float, weights: Floats, df: float) -> float:
    """Numerical inversion of the characteristic function (Imhof 1961)."""
    from scipy import integrate

    scaled = np.append(weights, -value / df) / float(weights.max())
    times = np.append(np.ones(len(weights)), df)

    def integrand(u: float) -> float:
        if u == 0:
            return float((times * scaled).sum() / 2)
        angle = float((times * np.arctan(scaled * u)).sum()) / 2
        damping = np.exp(-(times * np.log1p((scaled * u) ** 2)).sum() / 4)
        return float(np.sin(angle) / u * damping)

    area, _ = integrate.quad(integrand, 0, np.inf, limit=2_000, epsabs=1e-10, epsrel=1e-10)
    return float(np.clip(0.5 + area / np.pi, 0.0, 1.0))
