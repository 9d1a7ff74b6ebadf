"""Confidence intervals of means and proportions, after R's ``svyciprop`` (Korn & Graubard 1998).

All of them take arrays: one element an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from scipy import special

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.survey.arrays import Floats

Interval = Literal["logit", "likelihood", "asin", "beta", "mean", "xlogit"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
Bounds = tuple[Floats, Floats]


def check_level(level: object) -> None:
    """Refuse a level outside (0, 1), or none at all."""
    if not isinstance(level, (float, int)):
        raise ConfigError("level is no number", value=repr(level), expected="0.95")
    if not 0 < level < 1:
        meant = f"{level / 100:g} for {level:g} %" if 1 < level < 100 else "0.95"
        raise ConfigError("level is not between 0 and 1", value=level, expected=meant)


def symmetric(estimate: Floats | float, se: Floats | float, df: Floats | float, level: float) -> Bounds:
    """Estimate ± t · se; missing where df < 1."""
    df = np.asarray(df, dtype=np.float64)
    quantile = special.stdtrit(np.where(df >= 1, df, np.nan), (1 + level) / 2)
    return np.asarray(estimate - quantile * se), np.asarray(estimate + quantile * se)


def proportion(
    share: Floats,
    se: Floats,
    df: float,
    level: float,
    kind: Interval,
    n: Floats,
    deff: Floats,
    logit_se: Floats | None = None,
) -> Bounds:
    """Intervals of shares.

    Parameters
    ----------
    n
        Unweighted persons of the base.
    deff
        The item's design effect in the whole design; used where the share is 0 or 1: there the
        interval is Clopper–Pearson's with n / max(deff, 1).
    logit_se
        Standard error on the logit scale, where the design has one of its own (replicates).
    """
    if kind not in INTERVALS:
        raise ConfigError("unknown interval", value=kind, expected=nearest(kind, INTERVALS))
    nothing = np.full(share.shape, np.nan)
    if not df >= 1:
        return nothing, nothing.copy()
    low, high = symmetric(share, se, df, level)
    if kind == "mean":
        return low, high
    inner = (share > 0) & (share < 1) & (n > 0)
    varying = inner & (se > 0)
    low, high = np.where(inner, share, np.nan), np.where(inner, share, np.nan)
    if kind == "logit" and logit_se is not None:
        bounds = symmetric(special.logit(share[varying]), logit_se[varying], df, level)
        low[varying], high[varying] = special.expit(bounds[0]), special.expit(bounds[1])
    else:
        low[varying], high[varying] = _KINDS[kind](share[varying], se[varying], df, level, n[varying])
    edge = ((share <= 0) | (share >= 1)) & (n > 0)
    effective = n[edge] / np.maximum(np.where(np.isfinite(deff[edge]), deff[edge], 1.0), 1.0)
    low[edge], high[edge] = clopper_pearson(share[edge], effective, level)
    return low, high


def clopper_pearson(share: Floats, n: Floats, level: float) -> Bounds:
    """Exact binomial intervals; ``n`` need not be whole."""
    tail = (1 - level) / 2
    hits = share * n
    with np.errstate(invalid="ignore"):
        low = np.where(share <= 0, 0.0, special.betaincinv(hits, n - hits + 1, tail))
        high = np.where(share >= 1, 1.0, special.betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


def logit(share: Floats, se: Floats, df: float, level: float, n: Floats) -> Bounds:
    """Symmetric on the logit scale."""
    low, high = symmetric(special.logit(share), se / (share * (1 - share)), df, level)
    return special.expit(low), special.expit(high)


def asin(share: Floats, se: Floats, df: float, level: float, n: Floats) -> Bounds:
    """Symmetric on the scale of arcsin √p."""
    low, high = symmetric(np.arcsin(np.sqrt(share)), se / (2 * np.sqrt(share * (1 - share))), df, level)
    return np.sin(np.maximum(low, 0.0)) ** 2, np.sin(np.minimum(high, np.pi / 2)) ** 2


def beta(share: Floats, se: Floats, df: float, level: float, n: Floats) -> Bounds:
    """Clopper–Pearson with the effective sample size, for small samples scaled by t (Korn & Graubard 1998)."""
    tail = (1 - level) / 2
    effective = share * (1 - share) / se**2
    rescaled = (special.stdtrit(np.maximum(n - 1, 1), tail) / special.stdtrit(df, tail)) ** 2
    return clopper_pearson(share, effective * np.where(n > 1, rescaled, 1.0), level)


def _likelihood(share: Floats, se: Floats, df: float, level: float, n: Floats) -> Bounds:
    """Where the Rao–Scott scaled binomial likelihood ratio reaches its critical value.

    The factor n / (n − 1) is the dispersion of the quasi-binomial fit R profiles.
    """
    quantile = float(special.stdtrit(df, (1 + level) / 2))
    dispersion = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    critical = quantile**2 * dispersion * se**2 / (share * (1 - share))
    limits = np.array([_limits(*pair) for pair in zip(share.tolist(), critical.tolist(), strict=True)])
    return limits.reshape(-1, 2)[:, 0], limits.reshape(-1, 2)[:, 1]


def _limits(share: float, critical: float) -> tuple[float, float]:
    # scipy.optimize is only loaded for this rare kind.
    from scipy import optimize

    def excess(value: float) -> float:
        ratio = share * np.log(share / value) + (1 - share) * np.log((1 - share) / (1 - value))
        return float(2 * ratio - critical)

    edge = 1e-12
    low = optimize.brentq(excess, edge, share, xtol=1e-15) if excess(edge) > 0 else 0.0
    high = optimize.brentq(excess, share, 1 - edge, xtol=1e-15) if excess(1 - edge) > 0 else 1.0
    return float(low), float(high)


_KINDS: dict[str, Callable[[Floats, Floats, float, float, Floats], Bounds]] = {
    "logit": logit,
    "xlogit": logit,
    "asin": asin,
    "beta": beta,
    "likelihood": _likelihood,
}
