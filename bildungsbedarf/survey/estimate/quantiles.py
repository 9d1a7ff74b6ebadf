"""Quantiles with Woodruff's intervals and the inverted score test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import special

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.assemble import Columns, Layout, tidy_rows
from bildungsbedarf.survey.estimate.distributions import MOST_VALUES, Curve, read_curves, shares_up_to
from bildungsbedarf.survey.estimate.quantile_rules import STEPS, Rule
from bildungsbedarf.survey.frames import Names, as_list, tidy
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.survey.intervals.pointwise import Bounds
from bildungsbedarf.survey.reading.features import Missing, numeric_variables
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.variance.basis import Basis

QuantileInterval = Literal["mean", "beta", "xlogit", "asin", "score"]
REACHES_OUTSIDE = "interval reaches beyond the distribution"


@of_source
def quantile(
    d: SurveyDesign,
    vars: Names,
    probs: float | Sequence[float] = (0.25, 0.5, 0.75),
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    interval: QuantileInterval = "mean",
    rule: Rule = "math",
) -> pd.DataFrame:
    """Quantiles of numeric variables (R's ``svyquantile``).

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    probs
        Probabilities between 0 and 1.
    by
        Grouping variables: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.
    interval
        Woodruff's (1952): the interval of the share up to the quantile (``mean``, ``beta``, ``xlogit``,
        ``asin`` as for proportions), read back through the distribution; ``score`` inverts the test of
        that share (Francisco & Fuller 1991), as R from the unweighted distribution.
    rule
        What counts as the quantile: ``math`` and ``hf1`` the smallest value reaching the share,
        ``school`` and ``hf2`` the middle at a tie, ``hf3`` … ``hf9`` Hyndman & Fan (1996),
        ``shahvaish`` Shah & Vaish (2006).

    Returns
    -------
    The tidy frame with ``prob`` after the groups; ``se`` is the interval's length over 2 t.

    Raises
    ------
    ConfigError
        Unknown interval or rule, or a probability outside 0 to 1.
    DesignError
        A variable is not a number; a rule or interval that replicate weights or a scan don't offer.

    Examples
    --------
    >>> float(estimate.quantile(d, "y", [0.5]).loc[0, "estimate"])
    5.0
    """
    pointwise.check_level(level)
    wanted = [float(prob) for prob in np.atleast_1d(np.asarray(probs, dtype=float))]
    _check(d, wanted, interval, rule)
    groups = as_list(by)
    basis = Basis.of(d, groups)
    curves = read_curves(basis, numeric_variables(d.rows, as_list(vars), missing))
    points = [np.array([[part.quantile(rule, p) for part in c.distributions] for p in wanted]) for c in curves]
    frames = []
    for curve, at, bases in zip(curves, points, shares_up_to(basis, curves, points), strict=True):
        for row, prob, base in zip(at, wanted, bases, strict=True):
            low, high = _bounds(basis, curve, prob, base, level, interval)
            frames.append(_rows(basis, curve, row, base, (low, high), level, rule).assign(prob=prob))
    # rows as everywhere: domain by domain, then variables, then probabilities
    size = len(basis.domains)
    order = [part * size + domain for domain in range(size) for part in range(len(frames))]
    rows = pd.concat(frames, ignore_index=True).iloc[order].reset_index(drop=True)
    facts = basis.facts("quantile", "number", level, "quantile")
    result = tidy(rows, facts, f"quantile, interval {interval}, rule {rule}")
    result.insert(2 + len(groups), "prob", rows["prob"])
    return facts.on(result)


def _rows(
    basis: Basis,
    curve: Curve,
    points: Floats,
    base: Columns,
    shares: Bounds,
    level: float,
    rule: Rule,
) -> pd.DataFrame:
    """One quantile of one variable by domain; ``shares`` are the limits of the share up to it."""
    rows = pd.DataFrame(tidy_rows(basis, Layout.of([curve.variable], by_level=False), base, level))
    rows["estimate"] = points
    for name, limits in zip(("ci_low", "ci_high"), shares, strict=True):
        rows[name] = [part.quantile(rule, at) for part, at in zip(curve.distributions, limits, strict=True)]
    outside = rows[["ci_low", "ci_high"]].isna().any(axis=1) & rows["estimate"].notna() & rows["note"].isna()
    rows.loc[outside, "note"] = REACHES_OUTSIDE
    rows["se"] = (rows["ci_high"] - rows["ci_low"]) / (2 * special.stdtrit(max(basis.df, 1.0), (1 + level) / 2))
    return rows.assign(deff=np.nan, count=_tails(curve, rows))


def _tails(curve: Curve, rows: pd.DataFrame) -> Floats:
    """By domain the fewest persons at or beyond the quantile or an end of its interval: whose answers these show."""
    ends = rows[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)
    found = np.full(len(rows), np.nan)
    for place, part in enumerate(curve.distributions):
        known = ends[place][~np.isnan(ends[place])]
        below = [part.persons[part.values <= end].sum() for end in known]
        above = [part.persons[part.values >= end].sum() for end in known]
        found[place] = min([*below, *above], default=np.nan)
    return found


def _bounds(
    basis: Basis,
    curve: Curve,
    prob: float,
    base: Columns,
    level: float,
    interval: QuantileInterval,
) -> Bounds:
    """Limits of the share up to the quantile, by domain."""
    if interval == "score":
        return _score_bounds(basis, curve, prob, level)
    return _share_interval(base.points[:, 0], base.se[:, 0], basis.df, level, interval, base.persons[:, 0])


def _share_interval(
    share: Floats, se: Floats, df: float, level: float, kind: QuantileInterval, persons: Floats
) -> Bounds:
    """Interval of the share up to the quantile; NaN where it leaves 0 to 1."""
    low, high = pointwise.symmetric(share, se, df, level)
    inner = (share > 0) & (share < 1) & (se > 0) & (df >= 1)
    if kind != "mean":
        functions = {"beta": pointwise.beta, "xlogit": pointwise.logit, "asin": pointwise.asin}
        low, high = np.full(share.shape, np.nan), np.full(share.shape, np.nan)
        low[inner], high[inner] = functions[kind](share[inner], se[inner], df, level, persons[inner])
    flat = (se == 0) & (df >= 1)
    low, high = np.where(flat, share, low), np.where(flat, share, high)
    return np.where(low < 0, np.nan, low), np.where(high > 1, np.nan, high)


def _score_bounds(basis: Basis, curve: Curve, prob: float, level: float) -> Bounds:
    """Shares at which the test of the share up to a value just does not reject, by domain.

    The statistic (p − F(θ)) / se is a step function of θ: its change of sign is found by bisection over
    the distinct values, for all domains at once. Of the two sides of a step the nearer one counts, and
    shares are those of persons without weights, both as in R.
    """
    if basis.rows.is_scanned and curve.kept is None:
        raise DesignError(
            "a scanned variable with so many distinct values has no score interval",
            where=f"variable {curve.variable.name}",
            expected=f"at most {MOST_VALUES:,} distinct values",
            remedy="choose mean, beta, xlogit or asin, or round the variable",
        )
    critical = float(special.stdtrit(basis.df, (1 + level) / 2)) if basis.df >= 1 else float("nan")
    sides = [_sign_change(basis, curve, prob, limit) for limit in (critical, -critical)]
    return sides[0], sides[1]


def _sign_change(basis: Basis, curve: Curve, prob: float, critical: float) -> Floats:
    found = curve.distributions
    distinct = [np.unique(part.values) for part in found]
    low = np.zeros(len(found), dtype=np.int64)
    high = np.array([max(len(values) - 1, 0) for values in distinct])

    def statistic(places: Ints) -> Floats:
        limits = [values[place] if values.size else np.nan for values, place in zip(distinct, places, strict=True)]
        below = shares_up_to(basis, [curve], [np.array([limits])])[0][0]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((prob - below.points[:, 0]) / below.se[:, 0] - critical)

    while (high - low > 1).any():
        middle = (low + high) // 2
        above = statistic(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    nearer = np.where(np.abs(statistic(low)) < np.abs(statistic(high)), low, high)
    shares = np.full(len(found), np.nan)
    for number, (part, values) in enumerate(zip(found, distinct, strict=True)):
        if values.size and np.isfinite(critical):
            shares[number] = part.persons[part.values <= values[nearer[number]]].sum() / part.persons.sum()
    return shares


def _check(d: SurveyDesign, probs: Sequence[float], interval: str, rule: str) -> None:
    if interval not in get_args(QuantileInterval):
        raise ConfigError("unknown interval", value=interval, expected=nearest(interval, get_args(QuantileInterval)))
    if rule not in get_args(Rule):
        raise ConfigError("unknown rule for quantiles", value=rule, expected=nearest(rule, get_args(Rule)))
    if not probs or not all(0 < prob < 1 for prob in probs):
        raise ConfigError(
            "probability of a quantile is not between 0 and 1",
            value=", ".join(f"{prob:g}" for prob in probs),
            expected="0.5 is the median, 0.9 what nine of ten lie below",
        )
    if interval == "score" and d.replicates is not None:
        raise DesignError("replicate weights have no score interval", remedy="choose mean, beta, xlogit or asin")
    if d.rows.is_scanned and rule not in STEPS:
        raise DesignError(
            f"rule {rule!r} needs every row in memory", expected=", ".join(STEPS), remedy="choose one of these rules"
        )
