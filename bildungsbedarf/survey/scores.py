"""Covariances of the estimates asked for, from their scores by row; a chunk of rows at a time.

A score is w·u: ``u`` is linear in the features, 0 outside the estimate's domain and base. Never more
than one chunk of rows × estimates is in memory, whatever the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.cells import Cells, StageCells
from bildungsbedarf.survey.domains import Domains
from bildungsbedarf.survey.features import Variable
from bildungsbedarf.survey.spread import grouped
from bildungsbedarf.survey.stages import Floats, Ints
from bildungsbedarf.survey.sums import Block

if TYPE_CHECKING:
    from bildungsbedarf.survey.design import SurveyDesign

Chunks = Callable[[], Iterator[tuple[Block, Floats]]]
_AT_ONCE = 1 << 22
_NOISE = 1e-14


@dataclass(frozen=True)
class Scored:
    """Variables with the coefficients (domains × estimates × features) of their scores."""

    variable: Variable
    coefficients: Floats


def covariance(d: SurveyDesign, scored: Sequence[Scored], domains: Domains) -> Floats:
    """Covariance of all estimates, ordered by domain, variable and estimate."""
    width = len(domains) * sum(part.coefficients.shape[1] for part in scored)
    return cross_products(d, partial(_chunks, d, scored, domains, width), width)


def score_variances(d: SurveyDesign, variables: Sequence[Variable], domains: Domains, coefficients: Floats) -> Floats:
    """Variances (variables × domains × estimates), one variable at a time."""
    found = np.empty(coefficients.shape[:3])
    for number, variable in enumerate(variables):
        scored = [Scored(variable, coefficients[number])]
        width = int(np.prod(found.shape[1:]))
        chunks = partial(_chunks, d, scored, domains, width)
        found[number] = cross_products(d, chunks, width, full=False).reshape(found.shape[1:])
    return found


def cross_products(d: SurveyDesign, chunks: Chunks, width: int, *, full: bool = True) -> Floats:
    """Covariance (width × width) of the totals of w·u, or only its diagonal.

    Raises
    ------
    DesignError
        A stratum has one PSU and ``lonely_psu`` is ``fail``.
    """
    cells = d.cells
    slopes = _slopes(cells, chunks, width)
    products = [_products(stage, width, full=full, lonely=d.lonely_psu) for stage in cells.stages]
    for block, unweighted in chunks():
        scores = unweighted * block.weights[:, None] - _explained(cells, slopes, block)
        for part in products:
            part.add(scores, block.cells)
    return np.asarray(sum(part.result() for part in products))


def _slopes(cells: Cells, chunks: Chunks, width: int) -> list[Floats]:
    """Regression of the scores on what each calibration holds fixed, the last calibration first."""
    slopes: list[Floats] = []
    for number, projection in enumerate(cells.projections):
        total = np.zeros((projection.auxiliary.shape[1], width))
        for block, unweighted in chunks():
            scores = unweighted * block.weights[:, None] - _explained(cells, slopes, block)
            weights, regression = block.fitted[number]
            share = np.divide(1.0, weights, out=np.ones_like(weights), where=weights > 0)
            left = scores * (share if regression is None else share * regression)[:, None]
            total += projection.auxiliary[block.cells].T @ left
        slopes.append(projection.inverse @ total)
    return slopes


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


@dataclass
class _Products:
    """Cross-products of one stage, chunk by chunk."""

    stage: StageCells
    full: bool
    lonely: str
    sums: Floats
    products: Floats = field(init=False)

    def __post_init__(self) -> None:
        width = self.sums.shape[1]
        self.products = np.zeros((width, width) if self.full else width)

    def add(self, scores: Floats, cells: Ints) -> None:
        stage = self.stage
        if stage.unit is not None:
            self.sums += grouped(scores, stage.unit[cells], len(self.sums))
            return
        stratum = stage.stratum[cells]
        self.sums += grouped(scores, stratum, len(self.sums))
        self.products += self._square(scores, stage.scale[stratum])

    def result(self) -> Floats:
        stage = self.stage
        uncentred = stage.alone & (self.lonely == "adjust")
        if stage.unit is None:
            raw = self.products
            inner = np.where(uncentred, 0.0, stage.scale / stage.sampled)
            centred = self._without_noise(raw - self._square(self.sums, inner), raw)
        else:
            strata = len(stage.sampled)
            means = grouped(self.sums, stage.stratum, strata) / stage.sampled[:, None]
            means[uncentred] = 0.0
            centred = self._square(self.sums - means[stage.stratum], stage.scale[stage.stratum])
        if self.lonely == "average" and stage.alone.any():
            centred = centred * len(stage.sampled) / (len(stage.sampled) - int(stage.alone.sum()))
        return centred

    def _square(self, values: Floats, scale: Floats) -> Floats:
        if self.full:
            return np.asarray(values.T @ (values * scale[:, None]))
        return np.asarray(np.einsum("ij,ij,i->j", values, values, scale))

    def _without_noise(self, centred: Floats, raw: Floats) -> Floats:
        """Differences below the resolution of the sums are rounding: nothing varies there."""
        found, size = (np.diag(centred), np.diag(raw)) if self.full else (centred, raw)
        varies = (found > _NOISE * size).astype(np.float64)
        return centred * (np.outer(varies, varies) if self.full else varies)


def _products(stage: StageCells, width: int, *, full: bool, lonely: str) -> _Products:
    if stage.alone.any() and lonely == "fail":
        raise DesignError(
            f"{int(stage.alone.sum())} strata have only one PSU",
            remedy="merge strata, or choose lonely_psu: remove, adjust, average or certainty",
        )
    rows = len(stage.sampled) if stage.unit is None else len(stage.stratum)
    return _Products(stage, full, lonely, np.zeros((rows, width)))


def _chunks(d: SurveyDesign, scored: Sequence[Scored], domains: Domains, width: int) -> Iterator[tuple[Block, Floats]]:
    """Rows a chunk at a time, with the unweighted scores of all estimates."""
    columns = [*domains.names, *(name for part in scored for name in part.variable.needed)]
    for block in d.blocks(list(dict.fromkeys(columns)), rows=max(1024, _AT_ONCE // width)):
        domain = np.where(block.inside, domains.codes(block.frame, len(block.weights)), -1)
        rows = np.flatnonzero(domain >= 0)
        estimates = sum(part.coefficients.shape[1] for part in scored)
        values = np.zeros((len(domain), len(domains), estimates))
        start = 0
        for part in scored:
            stop = start + part.coefficients.shape[1]
            values[rows, domain[rows], start:stop] = _unweighted(part, block, rows, domain[rows])
            start = stop
        yield block, values.reshape(len(domain), -1)


def _unweighted(part: Scored, block: Block, rows: Ints, domain: Ints) -> Floats:
    """Scores without weights of the rows of the domains (rows × estimates)."""
    if part.variable.is_discrete:
        codes = part.variable.codes(block.frame)[rows]
        # an empty level in front takes the rows outside the base
        padded = np.concatenate([np.zeros_like(part.coefficients[..., :1]), part.coefficients], axis=2)
        return np.asarray(padded[domain, :, codes + 1])
    features = part.variable.features(block.frame)[0][rows]
    return np.asarray(np.einsum("rf,ref->re", features, part.coefficients[domain]))
