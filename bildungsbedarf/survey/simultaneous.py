"""Intervals and ranks that hold for a whole family of estimates at once.

The critical value is the quantile of the largest |t| of the family, from the estimates' covariance
(max-t; Hothorn, Bretz & Westfall 2008). Rank sets follow Mogstad, Romano, Shaikh & Wilhelm (2024):
from simultaneous intervals of all pairwise differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bildungsbedarf.survey.stages import Floats, Ints

_DRAWS = 40_000
_SEED = 20_260_101


def critical_value(covariance: Floats, df: float, level: float = 0.95) -> float:
    """Quantile of max |t| over the family; estimates without variance don't count.

    Simulated from the multivariate t with a fixed seed: the same input gives the same value; its
    Monte Carlo error is about 0.01. NaN where df < 1 or nothing varies.
    """
    varying = np.diag(covariance) > 0
    if df < 1 or not varying.any():
        return float("nan")
    covariance = covariance[np.ix_(varying, varying)]
    deviations = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(deviations, deviations))
    root = vectors * np.sqrt(np.clip(values, 0, None))
    random = np.random.default_rng(_SEED)
    draws = np.abs(random.standard_normal((_DRAWS, len(values))) @ root.T).max(axis=1)
    scale = np.sqrt(random.chisquare(df, _DRAWS) / df)
    return float(np.quantile(draws / scale, level))


@dataclass(frozen=True)
class RankSets:
    """For each estimate the ranks it may have (1 = largest), jointly with confidence ``level``."""

    best: Ints
    worst: Ints


def rank_sets(
    estimates: Floats, covariance: Floats, df: float, level: float = 0.95, groups: Sequence[int] | Ints | None = None
) -> RankSets:
    """Simultaneous confidence sets for the ranks of all estimates.

    With ``groups`` (one code an estimate) ranks count within each group, and the sets hold for all
    groups together. Estimates that are missing get no claim: the widest set.
    """
    count = len(estimates)
    group = np.zeros(count, dtype=np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
    best = np.ones(count, dtype=np.int64)
    worst = np.bincount(group)[group].astype(np.int64)
    known = np.isfinite(estimates)
    pairs = [
        (left, right)
        for left, right in combinations(range(count), 2)
        if group[left] == group[right] and known[left] and known[right]
    ]
    if not pairs:
        return RankSets(best, worst)
    estimates = np.where(known, estimates, 0.0)
    contrasts = np.zeros((len(pairs), count))
    for row, (left, right) in enumerate(pairs):
        contrasts[row, left], contrasts[row, right] = 1.0, -1.0
    differences = contrasts @ estimates
    spread = contrasts @ covariance @ contrasts.T
    critical = critical_value(spread, df, level)
    errors = np.sqrt(np.clip(np.diag(spread), 0, None))
    for (left, right), difference, error in zip(pairs, differences, errors, strict=True):
        if not abs(difference) > critical * error:
            continue
        higher, lower = (left, right) if difference > 0 else (right, left)
        best[lower] += 1
        worst[higher] -= 1
    return RankSets(best, worst)
