"""Groups of people who voted alike, where there are any: never more than the votes carry.

As Polis does it (Small et al. 2021, *Recerca* 26(2)): votes as −1, 0, 1, what somebody did not vote on at the
statement's mean, two principal components, scores stretched by √(statements / votes cast), k-means with the k of the
largest silhouette. Beyond it, groups are told only where the silhouette is larger than that of 95 % of two kinds of
votes without groups: the same votes of each statement dealt anew among those who voted on it (no connection between
statements), and an even cloud with the same spread in both directions (a connection, but no gap; as the gap statistic
of Tibshirani, Walther & Hastie 2001, *JRSS B* 63); and only where people stay together when they are drawn anew (mean
adjusted Rand index, Hubert & Arabie 1985, of at least 0.8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import comb

import numpy as np
import pandas as pd
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist

from bildungsbedarf.sources.kinds import STATEMENT, Votes
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.wave import Wave

LEAST_VOTES = 7
"""Who voted on fewer statements (or not on all, where there are fewer) belongs to no group."""
LARGEST_K = 5
SMALLEST_GROUP = 10
"""A group of fewer people is none: nothing could be told of it."""
LEAST_STABILITY = 0.8
_SIGNIFICANT = 0.05
_DRAWS, _RESAMPLES, _STARTS = 99, 30, 8
_SAMPLE = 500
"""People that the silhouette and its comparison with chance look at: distances grow with their square."""


@dataclass(frozen=True)
class Opinions:
    """What was found: ``groups`` by participant ("A" is the largest; missing for those who voted on too little).

    ``silhouette`` of the best division into ``k`` groups, the share ``p`` of divisions of votes without groups that
    are as good, and ``stability``, the mean adjusted Rand index over people drawn anew. ``groups`` is without any
    where ``is_found`` is false; ``k`` is 0 where too few people voted on enough.
    """

    k: int
    silhouette: float
    p: float
    stability: float
    voters: int
    """People with enough votes."""
    groups: pd.Series = field(repr=False)

    @property
    def is_found(self) -> bool:
        """Whether the votes carry groups."""
        return self.k > 1 and self.p < _SIGNIFICANT and self.stability >= LEAST_STABILITY


def opinions(source: Wave | Votes, *, seed: int = 1) -> Opinions:
    """Groups of people who voted alike on a ballot's statements.

    Parameters
    ----------
    source
        A wave with a ballot or votes, or the votes themselves.
    seed
        Of the draws; the same votes and seed give the same groups.

    Returns
    -------
    Opinions
        Without groups where chance makes as good ones, where they do not hold, or where fewer than twenty people voted
        on enough of at least two statements.

    Examples
    --------
    >>> participation.opinions(conference).is_found
    False
    """
    votes = source.votes if isinstance(source, Wave) else source
    table = votes.wide(STATEMENT)
    values = table.to_numpy(dtype=float, na_value=np.nan)
    cast = (~np.isnan(values)).sum(axis=1)
    # a statement nobody voted on asks for no vote
    enough = cast >= min(LEAST_VOTES, int((~np.isnan(values)).any(axis=0).sum()))
    groups = pd.Series(pd.NA, index=table.index, dtype="string")
    if values.shape[1] < 2 or enough.sum() < 2 * SMALLEST_GROUP:
        return Opinions(0, 0.0, 1.0, 0.0, int(enough.sum()), groups.astype("category"))
    own = values[enough]
    rng = np.random.default_rng(seed)
    scores = _scores(own)
    sample = np.sort(rng.choice(len(own), min(len(own), _SAMPLE), replace=False))
    k, labels, best = _divided(scores, sample, rng)
    if k < 2:
        return Opinions(1, best, 1.0, 0.0, len(own), groups.astype("category"))
    p = max(
        _as_good(best, lambda: _scores(_dealt(own[sample], rng)), rng),
        _as_good(best, lambda: _cloud(scores[sample], rng), rng),
    )
    stability = _stability(own, labels, k, rng)
    found = Opinions(k, best, p, stability, len(own), groups)
    if found.is_found:
        order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
        names = np.empty(k, dtype=object)
        names[order] = [chr(ord("A") + place) for place in range(k)]
        groups[enough] = names[labels]
    return Opinions(k, best, p, stability, len(own), groups.astype("category"))


def _filled(values: Floats) -> Floats:
    """Votes that were not cast at the statement's mean; statements nobody voted on at 0."""
    count = (~np.isnan(values)).sum(axis=0)
    means = np.divide(np.nansum(values, axis=0), count, out=np.zeros(values.shape[1]), where=count > 0)
    filled: Floats = np.where(np.isnan(values), means, values) - means
    return filled


def _axes(values: Floats) -> Floats:
    """The first two principal components (statements × 2), with a fixed sign."""
    _, vectors = np.linalg.eigh(values.T @ values)
    axes = vectors[:, ::-1][:, :2]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    turned: Floats = axes * np.where(signs == 0, 1, signs)
    return turned


def _stretched(values: Floats, axes: Floats, missing: Floats) -> Floats:
    cast = (~np.isnan(missing)).sum(axis=1)
    return np.asarray((values @ axes) * np.sqrt(missing.shape[1] / np.maximum(cast, 1))[:, None])


def _scores(values: Floats) -> Floats:
    """People in two dimensions."""
    filled = _filled(values)
    return _stretched(filled, _axes(filled), values)


def _divided(scores: Floats, sample: Ints, rng: np.random.Generator) -> tuple[int, Ints, float]:
    """The k of the largest silhouette whose groups are all large enough; 1 where none is."""
    best: tuple[int, Ints, float] = (1, np.zeros(len(scores), dtype=np.int64), -1.0)
    distances = cdist(scores[sample], scores[sample])
    for k in range(2, LARGEST_K + 1):
        labels = _kmeans(scores, k, rng)
        if np.bincount(labels, minlength=k).min() < SMALLEST_GROUP:
            continue
        if (quality := _silhouette(distances, labels[sample], k)) > best[2]:
            best = (k, labels, quality)
    return best


def _kmeans(scores: Floats, k: int, rng: np.random.Generator) -> Ints:
    """The best of several starts."""
    found, least = np.zeros(len(scores), dtype=np.int64), np.inf
    if len(np.unique(scores, axis=0)) < k:
        # all in one place: nothing to divide
        return found
    for _ in range(_STARTS):
        centres, labels = kmeans2(scores, k, minit="++", rng=rng, missing="warn")
        spent = float(((scores - centres[labels]) ** 2).sum())
        if spent < least:
            found, least = labels.astype(np.int64), spent
    return found


def _silhouette(distances: Floats, labels: Ints, k: int) -> float:
    """Mean silhouette (Rousseeuw 1987): of a person alone in a group 0."""
    sizes = np.bincount(labels, minlength=k)
    if (sizes > 0).sum() < 2:
        return -1.0
    sums = distances @ np.eye(k)[labels]
    rows = np.arange(len(labels))
    own = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[rows, labels] = np.inf
    nearest = means.min(axis=1)
    value = (nearest - own) / np.maximum(np.maximum(nearest, own), np.finfo(float).tiny)
    return float(np.where(sizes[labels] > 1, value, 0.0).mean())


def _as_good(best: float, draw: Callable[[], Floats], rng: np.random.Generator) -> float:
    """Share of votes without groups that divide at least as well (the ones at hand counted among them)."""
    better = 0
    for _ in range(_DRAWS):
        scores = draw()
        distances = cdist(scores, scores)
        reached = max(_silhouette(distances, _kmeans(scores, k, rng), k) for k in range(2, LARGEST_K + 1))
        better += reached >= best
    return (1 + better) / (1 + _DRAWS)


def _dealt(values: Floats, rng: np.random.Generator) -> Floats:
    """Each statement's votes dealt anew among those who voted on it."""
    dealt = values.copy()
    for column in dealt.T:
        cast = ~np.isnan(column)
        column[cast] = rng.permutation(column[cast])
    return dealt


def _cloud(scores: Floats, rng: np.random.Generator) -> Floats:
    """As many people in an even cloud that is spread as theirs."""
    half = np.sqrt(3) * scores.std(axis=0)
    drawn: Floats = rng.uniform(-half, half, size=scores.shape)
    return drawn


def _stability(values: Floats, labels: Ints, k: int, rng: np.random.Generator) -> float:
    """Mean adjusted Rand index between the groups and those found among people drawn anew."""
    found = []
    filled = _filled(values)
    for _ in range(_RESAMPLES):
        drawn = rng.integers(0, len(values), len(values))
        other = _filled(values[drawn])
        axes = _axes(other)
        scores = _stretched(other, axes, values[drawn])
        own = _kmeans(scores, k, rng)
        there = [group for group in range(k) if (own == group).any()]
        centres = np.array([scores[own == group].mean(axis=0) for group in there])
        everyone = _stretched(filled, axes, values)
        found.append(adjusted_rand(labels, cdist(everyone, centres).argmin(axis=1)))
    return float(np.mean(found))


def adjusted_rand(one: Ints, other: Ints) -> float:
    """How far two divisions of the same people are alike: 1 the same, 0 as chance would make it.

    Parameters
    ----------
    one
        Group of each person, from 0.
    other
        The same of another division.

    Returns
    -------
    float
        The adjusted Rand index (Hubert & Arabie 1985).

    Examples
    --------
    >>> import numpy as np
    >>> participation.adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.zeros((one.max() + 1, other.max() + 1), dtype=np.int64)
    np.add.at(table, (one, other), 1)

    def pairs(counts: Ints) -> int:
        return sum(comb(int(count), 2) for count in counts.ravel())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / comb(len(one), 2)
    largest = (rows + columns) / 2
    return 1.0 if largest == expected else float((both - expected) / (largest - expected))
