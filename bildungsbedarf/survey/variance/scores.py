"""Covariances of the estimates asked for, from their scores by row; a piece of a block at a time.

A score is w·u: ``u`` is linear in the features, 0 outside the estimate's domain and base. Never more
than one piece of rows × estimates is in memory, whatever the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.reading.features import Variable
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.sample.cells import Cells, StageCells
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.spread import finished, grouped, square

_AT_ONCE = 1 << 22


class Scores(Protocol):
    """Scores by row, without the weights."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns they are read from."""

    @property
    def width(self) -> int:
        """How many estimates."""

    def of(self, block: Block) -> Floats:
        """Rows × estimates."""


@dataclass(frozen=True)
class Scored:
    """Variables with the coefficients (domains × estimates × features) of their scores."""

    variable: Variable
    coefficients: Floats


@dataclass(frozen=True)
class ItemScores:
    """Scores of estimates by domain, ordered by domain, variable and estimate."""

    scored: tuple[Scored, ...]
    domains: Domains

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the groups and the variables."""
        needed = (name for part in self.scored for name in part.variable.needed)
        return tuple(dict.fromkeys([*self.domains.names, *needed]))

    @property
    def width(self) -> int:
        """Domains × estimates of all variables."""
        return len(self.domains) * sum(int(part.coefficients.shape[1]) for part in self.scored)

    def of(self, block: Block) -> Floats:
        """0 outside the domain and the base."""
        domain = np.where(block.inside, self.domains.codes(block.frame, len(block)), -1)
        rows = np.flatnonzero(domain >= 0)
        values = np.zeros((len(block), len(self.domains), self.width // len(self.domains)))
        start = 0
        for part in self.scored:
            stop = start + part.coefficients.shape[1]
            values[rows, domain[rows], start:stop] = _unweighted(part, block, rows, domain[rows])
            start = stop
        return values.reshape(len(block), -1)


def covariance(basis: Basis, scored: Sequence[Scored]) -> Floats:
    """Covariance of all estimates, ordered by domain, variable and estimate."""
    return cross_products(basis, ItemScores(tuple(scored), basis.domains))


def score_variances(basis: Basis, variables: Sequence[Variable], coefficients: Floats) -> Floats:
    """Variances (variables × domains × estimates), one variable at a time."""
    found = np.empty(coefficients.shape[:3])
    for number, variable in enumerate(variables):
        scores = ItemScores((Scored(variable, coefficients[number]),), basis.domains)
        found[number] = cross_products(basis, scores, full=False).reshape(found.shape[1:])
    return found


def cross_products(basis: Basis, scores: Scores, *, full: bool = True) -> Floats:
    """Covariance (width × width) of the totals of w·u, or only its diagonal.

    Raises
    ------
    DesignError
        A stratum has one PSU and ``lonely_psu`` is ``fail``.
    """
    cells = basis.cells
    cells.refuse_lonely(basis.lonely)
    slopes: list[Floats] = []
    for _ in cells.projections:
        total = basis.rows.gather(_Regression(scores, cells, tuple(slopes)))
        slopes.append(cells.projections[len(slopes)].inverse @ total)
    found = basis.rows.gather(_Products(scores, cells, tuple(slopes), full))
    parts = zip(cells.stages, found, strict=True)
    return np.asarray(sum(finished(stage, *part, full=full, lonely=basis.lonely) for stage, part in parts))


@dataclass(frozen=True)
class _Regression:
    """What a calibration explains of the scores: Σ r x u', the calibrations before already taken out."""

    scores: Scores
    cells: Cells
    slopes: tuple[Floats, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.scores.columns

    def of(self, block: Block) -> Floats:
        number = len(self.slopes)
        projection = self.cells.projections[number]
        total = np.zeros((projection.auxiliary.shape[1], self.scores.width))
        for piece in block.pieces(_piece(self.scores)):
            weighted = self.scores.of(piece) * piece.weights[:, None] - _explained(self.cells, self.slopes, piece)
            weights, regression = piece.fitted[number]
            share = np.divide(1.0, weights, out=np.ones_like(weights), where=weights > 0)
            left = weighted * (share if regression is None else share * regression)[:, None]
            total += projection.auxiliary[piece.cells].T @ left
        return total

    def merge(self, one: Floats, other: Floats) -> Floats:
        return one + other


Moments = list[tuple[Floats, Floats]]


@dataclass(frozen=True)
class _Products:
    """By stage: sums of the scores by unit (by stratum, where rows are units), and Σ of their scaled products."""

    scores: Scores
    cells: Cells
    slopes: tuple[Floats, ...]
    full: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return self.scores.columns

    def of(self, block: Block) -> Moments:
        found = [self._nothing(stage) for stage in self.cells.stages]
        for piece in block.pieces(_piece(self.scores)):
            weighted = self.scores.of(piece) * piece.weights[:, None] - _explained(self.cells, self.slopes, piece)
            found = self.merge(found, [self._moments(stage, weighted, piece.cells) for stage in self.cells.stages])
        return found

    def merge(self, one: Moments, other: Moments) -> Moments:
        return [(left[0] + right[0], left[1] + right[1]) for left, right in zip(one, other, strict=True)]

    def _moments(self, stage: StageCells, weighted: Floats, cells: Ints) -> tuple[Floats, Floats]:
        sums, products = self._nothing(stage)
        if stage.unit is not None:
            return grouped(weighted, stage.unit[cells], len(sums)), products
        stratum = stage.stratum[cells]
        return grouped(weighted, stratum, len(sums)), square(weighted, stage.scale[stratum], full=self.full)

    def _nothing(self, stage: StageCells) -> tuple[Floats, Floats]:
        width = self.scores.width
        rows = len(stage.sampled) if stage.unit is None else len(stage.stratum)
        return np.zeros((rows, width)), np.zeros((width, width) if self.full else width)


def _piece(scores: Scores) -> int:
    return max(1024, _AT_ONCE // scores.width)


def _explained(cells: Cells, slopes: Sequence[Floats], block: Block) -> Floats | float:
    """What the calibrations before explain of the scores: fitted weight · x'β (Deville & Särndal 1992).

    The last calibration's totals hold exactly, so its residuals come first (R takes them in the order
    of application). After raking R approaches them in ten sweeps, here they are solved exactly.
    """
    parts = zip(cells.projections, slopes, block.fitted, strict=False)
    return sum(
        (weights[:, None] * (projection.auxiliary[block.cells] @ slope) for projection, slope, (weights, _) in parts),
        start=0.0,
    )


def _unweighted(part: Scored, block: Block, rows: Ints, domain: Ints) -> Floats:
    """Scores without weights of the rows of the domains (rows × estimates)."""
    if part.variable.is_discrete:
        codes = block.codes(part.variable)[rows]
        # an empty level in front takes the rows outside the base
        padded = np.concatenate([np.zeros_like(part.coefficients[..., :1]), part.coefficients], axis=2)
        return np.asarray(padded[domain, :, codes + 1])
    features = part.variable.features(block.frame)[0][rows]
    return np.asarray(np.einsum("rf,ref->re", features, part.coefficients[domain]))
