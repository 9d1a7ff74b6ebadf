"""Confidence intervals of means and proportions, after R's ``svyciprop`` (Korn & Graubard 1998)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from bildungsbedarf.errors import ConfigError

Interval = Literal["logit", "likelihood", "asin", "beta", "mean", "xlogit"]
INTERVALS: tuple[Interval, ...] = ("logit", "likelihood", "asin", "beta", "mean", "xlogit")
Bounds = tuple[float, float]
_NOTHING: Bounds = (np.nan, np.nan)


def symmetric(estimate: float, se: float, df: float, level: float) -> Bounds:
    """Estimate ± t · se; missing where df < 1."""
    if not df >= 1 or np.isnan(se):
        return _NOTHING
    half = float(special.stdtrit(df, (1 + level) / 2)) * se
    return estimate - half, estimate + half


def proportion(
    share: float,
    se: float,
    df: float,
    level: float,
    kind: Interval,
    n: int,
    deff: float,
    logit_se: float | None = None,
) -> Bounds:
    """Interval of a share.

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
        raise ConfigError("unknown interval", value=kind, expected=", ".join(INTERVALS))
    if not df >= 1 or np.isnan(share) or n < 1:
        return _NOTHING
    if kind == "mean":
        return symmetric(share, se, df, level)
    if share <= 0 or share >= 1:
        return clopper_pearson(share, n / max(deff if np.isfinite(deff) else 1.0, 1.0), level)
    if np.isnan(se):
        return _NOTHING
    if se == 0:
        return share, share
    if kind == "logit" and logit_se is not None:
        low, high = symmetric(float(special.logit(share)), logit_se, df, level)
        return float(special.expit(low)), float(special.expit(high))
    return _KINDS[kind](share, se, df, level, n)


def clopper_pearson(share: float, n: float, level: float) -> Bounds:
    """Exact binomial interval; ``n`` need not be whole."""
    tail = (1 - level) / 2
    hits = share * n
    low = 0.0 if share <= 0 else float(special.betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if share >= 1 else float(special.betaincinv(hits + 1, n - hits, 1 - tail))
    return low, high


def _logit(share: float, se: float, df: float, level: float, n: int) -> Bounds:
    centre, spread = float(special.logit(share)), se / (share * (1 - share))
    low, high = symmetric(centre, spread, df, level)
    return float(special.expit(low)), float(special.expit(high))


def _asin(share: float, se: float, df: float, level: float, n: int) -> Bounds:
    centre, spread = float(np.arcsin(np.sqrt(share))), se / (2 * np.sqrt(share * (1 - share)))
    low, high = symmetric(centre, spread, df, level)
    return float(np.sin(max(low, 0.0)) ** 2), float(np.sin(min(high, np.pi / 2)) ** 2)


def _beta(share: float, se: float, df: float, level: float, n: int) -> Bounds:
    tail = (1 - level) / 2
    effective = share * (1 - share) / se**2
    if n > 1:
        effective *= float(special.stdtrit(n - 1, tail) / special.stdtrit(df, tail)) ** 2
    return clopper_pearson(share, effective, level)


def _likelihood(share: float, se: float, df: float, level: float, n: int) -> Bounds:
    """Where the Rao–Scott scaled binomial likelihood ratio reaches its critical value.

    The factor n / (n − 1) is the dispersion of the quasi-binomial fit R profiles.
    """
    # scipy.optimize is only loaded for this rare kind.
    from scipy import optimize

    dispersion = n / (n - 1) if n > 1 else 1.0
    critical = float(special.stdtrit(df, (1 + level) / 2)) ** 2 * dispersion * se**2 / (share * (1 - share))

    def excess(value: float) -> float:
        ratio = share * np.log(share / value) + (1 - share) * np.log((1 - share) / (1 - value))
        return float(2 * ratio - critical)

    edge = 1e-12
    low = optimize.brentq(excess, edge, share, xtol=1e-15) if excess(edge) > 0 else 0.0
    high = optimize.brentq(excess, share, 1 - edge, xtol=1e-15) if excess(1 - edge) > 0 else 1.0
    return float(low), float(high)


_KINDS = {"logit": _logit, "xlogit": _logit, "asin": _asin, "beta": _beta, "likelihood": _likelihood}
