"""Intervals and ranks that hold for a whole family of estimates at once.

The critical value is the quantile of the largest |t| of the family, from the estimates' covariance
(max-t; Hothorn, Bretz & Westfall 2008). Rank sets follow Mogstad, Romano, Shaikh & Wilhelm (2024):
from simultaneous intervals of all pairwise differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.intervals.shares import Shares, correlations, difference_interval

_DRAWS = 40_000
_DRAWS_OF_MANY = 10_000
_MANY = 30
_SEED = 20_260_101
_NOTHING = 1e-10
"""Part of the largest eigenvalue below which one is what rounding has left of 0."""
_DIGITS = 8


@dataclass(frozen=True)
class Draws:
    """Deviations of a family of estimates from the truth, as their covariance lets them vary (multivariate t).

    ``values`` are draws × estimates, in the estimates' unit; ``errors`` their standard errors. Fixed seed: the
    same input gives the same draws.
    """

    values: Floats
    errors: Floats

    @classmethod
    def of(cls, covariance: Floats, df: float) -> Draws:
        """Draw; estimates without variance never deviate."""
        errors = np.sqrt(np.clip(np.diag(covariance), 0, None))
        varying = errors > 0
        count = _DRAWS if varying.sum() <= _MANY else _DRAWS_OF_MANY
        values = np.zeros((count, len(errors)))
        if df >= 1 and varying.any():
            known = errors[varying]
            root = _symmetric_root(covariance[np.ix_(varying, varying)] / np.outer(known, known))
            random = np.random.default_rng(_SEED)
            normal = random.standard_normal((count, len(known))) @ root
            values[:, varying] = normal / np.sqrt(random.chisquare(df, count) / df)[:, None] * known
        return cls(values, errors)

    def critical(self, level: float) -> float:
        """Quantile of the largest |t|; NaN where nothing varies."""
        varying = self.errors > 0
        if not varying.any() or not self.values.any():
            return float("nan")
        largest = np.abs(self.values[:, varying] / self.errors[varying]).max(axis=1)
        return _settled(np.quantile(largest, level))


def _symmetric_root(matrix: Floats) -> Floats:
    """The symmetric square root: the only one, where eigenvectors depend on how many threads computed them."""
    spread, vectors = np.linalg.eigh(matrix)
    kept = np.where(spread > _NOTHING * spread.max(initial=0.0), spread, 0.0)
    return np.asarray((vectors * np.sqrt(kept)) @ vectors.T)


def _settled(quantile: np.floating) -> float:
    """With the digits that are the same on every machine, far more than the simulation gives."""
    return float(np.round(quantile, _DIGITS))


def critical_value(covariance: Floats, df: float, level: float = 0.95) -> float:
    """Quantile of max |t| over the family; estimates without variance don't count.

    Simulated from the multivariate t with a fixed seed: the same input gives the same value; its
    Monte Carlo error is about 0.01 (0.02 where there are more than 30 estimates). NaN where df < 1 or nothing varies.
    """
    return Draws.of(covariance, df).critical(level)


@dataclass(frozen=True)
class RankSets:
    """For each estimate the ranks it may have (1 = largest), jointly with confidence ``level``."""

    best: Ints
    worst: Ints


@dataclass(frozen=True)
class Differences:
    """Differences of estimates within groups: positions of both, standard errors, and the largest |t| by draw."""

    left: Ints
    right: Ints
    errors: Floats
    largest: Floats

    def critical(self, level: float) -> float:
        """Quantile of the largest |t| of all pairs."""
        return _settled(np.quantile(self.largest, level)) if self.largest.any() else float("nan")


def pairs_within(covariance: Floats, draws: Draws, groups: Ints, known: Mask) -> Differences:
    """All pairs of known estimates of one group, with what their largest |t| may be, group by group."""
    lefts, rights, errors = [], [], []
    largest = np.zeros(len(draws.values))
    for group in np.unique(groups):
        members = np.flatnonzero((groups == group) & known)
        left, right = (members[side] for side in np.triu_indices(len(members), 1))
        spread = np.diag(covariance)[left] + np.diag(covariance)[right] - 2 * covariance[left, right]
        error = np.sqrt(np.clip(spread, 0, None))
        moves = error > 0
        for start in range(0, int(moves.sum()), _MANY):
            some = np.flatnonzero(moves)[start : start + _MANY]
            apart = np.abs(draws.values[:, left[some]] - draws.values[:, right[some]]) / error[some]
            largest = np.maximum(largest, apart.max(axis=1))
        lefts.append(left)
        rights.append(right)
        errors.append(error)
    return Differences(np.concatenate(lefts), np.concatenate(rights), np.concatenate(errors), largest)


def rank_sets(
    estimates: Floats,
    covariance: Floats,
    df: float,
    level: float = 0.95,
    groups: Sequence[int] | Ints | None = None,
    draws: Draws | None = None,
    shares: Shares | None = None,
) -> RankSets:
    """Simultaneous confidence sets for the ranks of all estimates.

    With ``groups`` (one code an estimate) ranks count within each group, and the sets hold for all
    groups together. Estimates that are missing get no claim: the widest set. Of ``shares`` a pair is apart where
    the interval of their difference excludes 0 (``intervals.shares``), which is honest at small counts too.
    """
    count = len(estimates)
    group = np.zeros(count, dtype=np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
    best = np.ones(count, dtype=np.int64)
    worst = np.bincount(group)[group].astype(np.int64)
    known = np.isfinite(estimates)
    if count == 0:
        return RankSets(best, worst)
    pairs = pairs_within(covariance, draws or Draws.of(covariance, df), group, known)
    differences = np.where(known, estimates, 0.0)[pairs.left] - np.where(known, estimates, 0.0)[pairs.right]
    critical = pairs.critical(level)
    clear = np.abs(differences) > critical * pairs.errors
    if shares is not None:
        bounds = shares.interval(critical, df)
        left, right = ((bounds[0][side], bounds[1][side]) for side in (pairs.left, pairs.right))
        together = correlations(covariance, pairs.left, pairs.right)
        one, two = shares.points[pairs.left], shares.points[pairs.right]
        low, high = difference_interval(one, two, left, right, together)
        clear = (low > 0) | (high < 0)
    above = differences > 0
    higher, lower = np.where(above, pairs.left, pairs.right)[clear], np.where(above, pairs.right, pairs.left)[clear]
    np.add.at(best, lower, 1)
    np.add.at(worst, higher, -1)
    return RankSets(best, worst)
