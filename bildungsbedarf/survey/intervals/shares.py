"""Intervals of shares and of their differences that are honest at small counts.

Where a group has no or few cases, the estimated variance of a share is 0 or worth little, and estimate ± t · se claims
what nobody knows. Score intervals (Wilson 1927) ask which true shares are compatible with the estimate; under a design
they use the effective sample size n* = p(1 − p) / var (Korn & Graubard 1998; Dean & Pagano 2015, Journal of Survey
Statistics and Methodology 3, 484–503, find them the best of seven). Far out in the tail, where the intervals of a whole
family lie, they are too narrow for shares near 0 or 1 (a family at 98 % in a group of 45 is covered in 92 % of
samples); families therefore have exact intervals on the effective sample size. Differences come from both sides'
intervals (MOVER; Newcombe 1998, Statistics in Medicine 17, 873–890; with correlation Zou & Donner 2008, ibid. 27,
1693–1702).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.intervals.pointwise import Bounds

_RELIABLE = 10
"""Cases on either side from which on a share's own variance tells its effective sample size."""
_HALVINGS = 40
"""Steps of the search for the ends of an interval: to 1e-12."""
_ADDED = 2.0
"""Successes and failures added to a share whose variance is not known (Agresti & Coull 1998)."""


@dataclass(frozen=True)
class Shares:
    """A family of shares: estimates, effective sample sizes, persons."""

    points: Floats
    effective: Floats
    persons: Floats

    @classmethod
    def of(cls, points: Floats, variances: Floats, persons: Floats) -> Shares:
        """With the effective sample sizes that the variances tell (``effective_persons``)."""
        return cls(points, effective_persons(points, variances, persons), persons)

    def before(self, others: Shares) -> Shares:
        """These shares and then the others, as one family; each keeps its effective sample size."""
        return Shares(
            np.concatenate([self.points, others.points]),
            np.concatenate([self.effective, others.effective]),
            np.concatenate([self.persons, others.persons]),
        )

    def interval(self, critical: float, df: float) -> Bounds:
        """Score intervals; ``critical`` is the family's, told by ``df`` degrees of freedom."""
        return score_interval(self.points, self.effective, own_critical(critical, df, self.persons))

    def exact_interval(self, critical: float, df: float) -> Bounds:
        """Exact intervals (``exact_interval``); ``critical`` is the family's, told by ``df`` degrees of freedom."""
        tail = float(special.stdtr(df, -critical))
        ratio = special.ndtri(tail) / own_critical(critical, df, self.persons)
        return exact_interval(self.points, self.effective * ratio**2, tail)


def is_reliable(shares: Floats, persons: Floats) -> Mask:
    """At least ten cases have the property, and ten have not."""
    with np.errstate(invalid="ignore"):
        return np.asarray((shares * persons >= _RELIABLE) & ((1 - shares) * persons >= _RELIABLE))


def effective_persons(shares: Floats, variances: Floats, persons: Floats) -> Floats:
    """Effective sample size of each share, never more than its persons.

    Reliable shares by their own variance; the others by the median design effect of the reliable ones (1 where
    there is none).
    """
    simple = np.clip(shares * (1 - shares), 0.0, None)
    own = is_reliable(shares, persons) & (variances > 0)
    effects = np.ones(len(shares))
    effects[own] = variances[own] * persons[own] / simple[own]
    typical = max(float(np.median(effects[own])), 1.0) if own.any() else 1.0
    return np.asarray(persons / np.maximum(np.where(own, effects, typical), 1.0))


def steadied(covariance: Floats, shares: Shares) -> Floats:
    """The covariance with a variance for shares that have none of their own: two cases added on either side.

    Correlations stay as they are.
    """
    points, effective, persons = shares.points, shares.effective, shares.persons
    variances = np.clip(np.diag(covariance), 0.0, None)
    with np.errstate(invalid="ignore", divide="ignore"):
        padded = (points * effective + _ADDED) / (effective + 2 * _ADDED)
        least = padded * (1 - padded) / (effective + 2 * _ADDED)
    weak = ~is_reliable(points, persons) & np.isfinite(points) & (persons > 0)
    wanted = np.where(weak, np.maximum(variances, np.nan_to_num(least)), variances)
    scale = np.sqrt(np.divide(wanted, variances, out=np.ones_like(wanted), where=variances > 0))
    found = covariance * np.outer(scale, scale)
    np.fill_diagonal(found, wanted)
    return np.asarray(found)


def score_interval(shares: Floats, effective: Floats, critical: Floats | float) -> Bounds:
    """Wilson's interval with the effective sample size; ``critical`` is the quantile, one a share or one for all."""
    square = np.asarray(critical, dtype=np.float64) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        widened = 1 + square / effective
        centre = (shares + square / (2 * effective)) / widened
        half = np.sqrt(square * (shares * (1 - shares) / effective + square / (4 * effective**2))) / widened
    known = np.isfinite(shares) & (effective > 0)
    low, high = np.where(shares <= 0, 0.0, centre - half), np.where(shares >= 1, 1.0, centre + half)
    return np.where(known, np.clip(low, 0, 1), np.nan), np.where(known, np.clip(high, 0, 1), np.nan)


def exact_interval(shares: Floats, effective: Floats, tail: float) -> Bounds:
    """Mid-P interval with the effective sample size; ``tail`` is the probability left on either side.

    The binomial test inverted, of what was found itself only half counted (Lancaster 1961; Newcombe 1998, method 6):
    Clopper and Pearson's interval, which Korn & Graubard (1998) use under a design, without its excess.
    """
    known = np.isfinite(shares) & (effective > 0)
    size = np.where(known, effective, 1.0)
    cases = np.where(known, shares, 0.5) * size
    low = _where(cases, size, tail)
    high = 1 - _where(size - cases, size, tail)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _where(cases: Floats, size: Floats, tail: float) -> Floats:
    """The share at which as many cases or more, the same number half counted, have the probability ``tail``."""
    some, rest = cases > 0, size - cases
    inside = rest > 0
    at_least, more = np.where(some, cases, 1.0), np.where(inside, rest, 1.0)
    low, high = np.zeros(len(cases)), np.ones(len(cases))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = np.where(some, special.betainc(at_least, np.maximum(rest, 0) + 1, middle), 1.0)
        passed = np.where(inside, special.betainc(cases + 1, more, middle), 0.0)
        below = (reached + passed) / 2 < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(some, (low + high) / 2, 0.0)


def difference_interval(one: Floats, two: Floats, first: Bounds, second: Bounds, correlation: Floats) -> Bounds:
    """Interval of ``one`` − ``two`` from the intervals of both sides and the correlation of their estimates."""
    below, above = one - first[0], first[1] - one
    other_below, other_above = two - second[0], second[1] - two
    low = below**2 + other_above**2 - 2 * correlation * below * other_above
    high = above**2 + other_below**2 - 2 * correlation * above * other_below
    gap = one - two
    return gap - np.sqrt(np.clip(low, 0, None)), gap + np.sqrt(np.clip(high, 0, None))


def correlations(covariance: Floats, left: Ints, right: Ints) -> Floats:
    """Correlation of pairs of estimates; 0 where one does not vary."""
    errors = np.sqrt(np.clip(np.diag(covariance), 0, None))
    product = errors[left] * errors[right]
    found = np.divide(covariance[left, right], product, out=np.zeros(len(left)), where=product > 0)
    return np.asarray(np.clip(found, -1.0, 1.0))


def own_critical(critical: float, df: float, persons: Floats) -> Floats:
    """The critical value of a family, for each estimate with the degrees of freedom its own persons give it.

    The tail that ``critical`` cuts off with the design's degrees of freedom is kept; in a group of few persons the
    variance is known less well than in the whole design.
    """
    own = np.clip(np.minimum(df, persons - 1), 1.0, None)
    tail = special.stdtr(df, -critical)
    return np.asarray(-special.stdtrit(own, tail))
