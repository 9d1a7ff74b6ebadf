"""Variances from sums by cell and domain (Binder 1983; Särndal, Swensson & Wretman 1992, ch. 4)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.sample.cells import Cells, StageCells
from bildungsbedarf.survey.sums.sums import PRODUCTS, Pairs, Sums

_NOISE = 1e-14
_EPSILON = float(np.finfo(float).eps)


def variances(cells: Cells, pairs: Pairs, sums: Sums, coefficients: Floats, lonely: str) -> Floats:
    """Variances (variables × domains × estimates) of the estimates with these coefficients.

    Raises
    ------
    DesignError
        A stratum has one PSU and ``lonely`` is ``fail``.
    """
    totals = _by_pair(sums.first[0], coefficients, pairs)
    squares = None if sums.second is None else _by_pair(sums.second, _quadratic(coefficients, sums), pairs)
    # squares of features of both signs are differences too: their size is that of what is added up
    size = squares
    if sums.second is not None and _is_continuous(sums, coefficients):
        size = _by_pair(np.abs(sums.second), np.abs(_quadratic(coefficients, sums)), pairs)
    if cells.projections:
        totals, squares, size = _residual(cells, pairs, sums, coefficients, totals, squares, size)
    shape = coefficients.shape[:3]
    found = np.zeros((shape[1], shape[0], shape[2]))
    cells.refuse_lonely(lonely)
    for stage in cells.stages:
        alone, width = stage.alone, len(stage.sampled)
        within = _within_strata(stage, pairs, totals, squares, size, uncentred=alone & (lonely == "adjust"))
        part = np.tensordot(within.reshape(pairs.domains, width, *within.shape[1:]), stage.scale, axes=(1, 0))
        if lonely == "average" and alone.any():
            part = part * width / (width - int(alone.sum()))
        found += part
    return np.asarray(found.transpose(1, 0, 2))


def covariance(cells: Cells, pairs: Pairs, sums: Sums, coefficients: Floats, lonely: str) -> Floats:
    """Covariance of one variable's estimates in all domains (domains · estimates, twice).

    No person is in two domains or on two levels, so sums by cell and domain hold all products; only a
    calibration lets the scores of one domain reach into another.
    """
    cells.refuse_lonely(lonely)
    domains, width = coefficients.shape[1:3]
    totals = _by_pair(sums.first[0], coefficients, pairs)
    explained = None
    if cells.projections:
        explained = _explained(cells, sums, coefficients, pairs)
        totals = totals - explained * np.tile(cells.weights, domains)[:, None, None]

    def wide(values: Floats, place: Ints, rows: int) -> Floats:
        """By unit or stratum (rows × domains · estimates)."""
        by_domain = grouped(values[:, 0], place * domains + pairs.domain, rows * domains)
        return by_domain.reshape(rows, domains * width)

    found = np.zeros((domains * width, domains * width))
    for stage in cells.stages:
        place = (stage.stratum if stage.unit is None else stage.unit)[pairs.cell]
        rows = len(stage.sampled) if stage.unit is None else len(stage.stratum)
        products, size = np.zeros_like(found), None
        if stage.unit is None:
            scale = stage.scale[stage.stratum]
            products = _own_products(sums, coefficients, pairs, scale)
            if explained is not None:
                crossed = _by_pair(_linear(sums, coefficients), coefficients, pairs)
                fitted, linear = (wide(part, pairs.cell, pairs.cells) for part in (explained, crossed))
                mixed, own = square(fitted, scale, other=linear), square(fitted, scale * cells.squares)
                size = np.diag(products) + np.diag(own)
                products = products - mixed - mixed.T + own
        found += finished(stage, wide(totals, place, rows), products, full=True, lonely=lonely, size=size)
    return found


def _own_products(sums: Sums, coefficients: Floats, pairs: Pairs, scale: Floats) -> Floats:
    """Σ scale w² u_e u_f within each domain; 0 between domains."""
    if sums.second is None:
        raise AssertionError("rows are units, but their squares were not summed")
    domains, width = coefficients.shape[1:3]
    scaled = grouped(sums.second[0] * scale[pairs.cell][:, None], pairs.domain, domains)
    found = np.zeros((domains, width, domains, width))
    for domain in range(domains):
        own = coefficients[0, domain]
        if _is_continuous(sums, coefficients):
            moments = np.zeros((3, 3))
            for value, (left, right) in zip(scaled[domain], PRODUCTS, strict=True):
                moments[left, right] = moments[right, left] = value
            found[domain, :, domain] = own @ moments @ own.T
        else:
            found[domain, :, domain] = (own * scaled[domain]) @ own.T
    return found.reshape(domains * width, domains * width)


def _within_strata(
    stage: StageCells,
    pairs: Pairs,
    totals: Floats,
    squares: Floats | None,
    size: Floats | None,
    *,
    uncentred: np.ndarray,
) -> Floats:
    """Σ_i (z_i − z̄)² of units by domain and stratum (domains · strata × variables × estimates).

    Units of the stratum without anyone in the domain count with 0. ``size`` are the squares that were
    added and subtracted to get ``squares``.
    """
    strata = len(stage.sampled)
    groups = pairs.domains * strata
    sampled = np.tile(stage.sampled, pairs.domains)[:, None, None]
    keep = np.tile(uncentred, pairs.domains)[:, None, None]
    if stage.unit is None:
        if squares is None or size is None:
            raise AssertionError("rows are units, but their squares were not summed")
        stratum = pairs.domain * strata + stage.stratum[pairs.cell]
        sums, raw = grouped(totals, stratum, groups), grouped(squares, stratum, groups)
        centred = raw - sums**2 / sampled
        # Below the resolution of a sum of so many numbers a difference is rounding, not spread.
        noise = _EPSILON * np.maximum(64.0, 4 * np.sqrt(sampled)) * grouped(size, stratum, groups)
        return np.where(keep, raw, np.where(centred > noise, centred, 0.0))
    units = int(stage.unit.max()) + 1
    place, unit = np.unique(pairs.domain * units + stage.unit[pairs.cell], return_inverse=True)
    by_unit = totals if len(place) == len(pairs) else grouped(totals, unit, len(place))
    stratum = place // units * strata + stage.stratum[place % units]
    present = np.bincount(stratum, minlength=groups)[:, None, None]
    mean = np.where(keep, 0.0, grouped(by_unit, stratum, groups) / sampled)
    around = grouped((by_unit - mean[stratum]) ** 2, stratum, groups)
    return np.asarray(around + (sampled - present) * mean**2)


def finished(
    stage: StageCells, sums: Floats, products: Floats, *, full: bool, lonely: str, size: Floats | None = None
) -> Floats:
    """One stage's part of the covariance from its sums and products.

    ``size`` are the numbers whose difference the products' diagonal is, where it is one.
    """
    uncentred = stage.alone & (lonely == "adjust")
    if stage.unit is None:
        inner = np.where(uncentred, 0.0, stage.scale / stage.sampled)
        size = (np.diag(products) if full else products) if size is None else size
        centred = without_noise(products - square(sums, inner, full=full), size)
    else:
        means = grouped(sums, stage.stratum, len(stage.sampled)) / stage.sampled[:, None]
        means[uncentred] = 0.0
        centred = square(sums - means[stage.stratum], stage.scale[stage.stratum], full=full)
    if lonely == "average" and stage.alone.any():
        centred = centred * len(stage.sampled) / (len(stage.sampled) - int(stage.alone.sum()))
    return centred


def square(values: Floats, scale: Floats, *, full: bool = True, other: Floats | None = None) -> Floats:
    """Σ scale z z' of the rows of ``values`` (with those of ``other``), or only its diagonal."""
    if full:
        return np.asarray(values.T @ ((values if other is None else other) * scale[:, None]))
    return np.asarray(np.einsum("ij,ij,i->j", values, values, scale))


def without_noise(centred: Floats, size: Floats) -> Floats:
    """Differences below the resolution of the sums are rounding: nothing varies there."""
    is_matrix = centred.ndim > 1
    varies = ((np.diag(centred) if is_matrix else centred) > _NOISE * size).astype(np.float64)
    return np.asarray(centred * (np.outer(varies, varies) if is_matrix else varies))


def _by_pair(sums: Floats, coefficients: Floats, pairs: Pairs) -> Floats:
    """Each estimate's linear function of the sums (pairs × variables × estimates)."""
    count, _, width = sums.shape
    if pairs.place is None:
        shaped = sums.reshape(count, pairs.domains, pairs.cells, width)
        found = shaped @ coefficients.swapaxes(-1, -2)
        return np.asarray(found.reshape(count, len(pairs), -1).transpose(1, 0, 2))
    found = np.empty((len(pairs), count, coefficients.shape[2]))
    edges = np.searchsorted(pairs.domain, np.arange(pairs.domains + 1))
    for domain in range(pairs.domains):
        part = slice(edges[domain], edges[domain + 1])
        found[part] = (sums[:, part] @ coefficients[:, domain].swapaxes(-1, -2)).transpose(1, 0, 2)
    return found


def _quadratic(coefficients: Floats, sums: Sums) -> Floats:
    """Coefficients of the squared scores over the kept products of features."""
    if _is_continuous(sums, coefficients):
        return np.stack([(1 + (a != b)) * coefficients[..., a] * coefficients[..., b] for a, b in PRODUCTS], axis=-1)
    return coefficients**2


def _residual(
    cells: Cells,
    pairs: Pairs,
    sums: Sums,
    coefficients: Floats,
    totals: Floats,
    squares: Floats | None,
    size: Floats | None,
) -> tuple[Floats, Floats | None, Floats | None]:
    """Sums of scores less what the calibrations explain, which is constant within a cell.

    Returns sums, squares, and the size of the numbers whose difference the squares are.
    """
    domains = coefficients.shape[1]
    explained = _explained(cells, sums, coefficients, pairs)
    weights = np.tile(cells.weights, domains)[:, None, None]
    remaining = totals - explained * weights
    if squares is None or size is None:
        return remaining, None, None
    crossed = _by_pair(_linear(sums, coefficients), coefficients, pairs)
    around = np.tile(cells.squares, domains)[:, None, None]
    own = explained**2 * around
    return remaining, squares - 2 * explained * crossed + own, size + own


def _explained(cells: Cells, sums: Sums, coefficients: Floats, pairs: Pairs) -> Floats:
    """What the calibration explains of each cell's scores (pairs × variables × estimates)."""
    count, domains, width = coefficients.shape[:3]
    (projection,) = cells.projections
    scores = _by_pair(sums.first[2], coefficients, pairs).reshape(domains, cells.count, -1)
    slopes = projection.inverse @ (projection.auxiliary.T @ scores)
    return np.asarray((projection.auxiliary @ slopes).reshape(len(pairs), count, width))


def _linear(sums: Sums, coefficients: Floats) -> Floats:
    """The w²-weighted sums of the features themselves."""
    if sums.second is None:
        raise AssertionError("squares without their sums")
    return sums.second[..., :3] if _is_continuous(sums, coefficients) else sums.second


def _is_continuous(sums: Sums, coefficients: Floats) -> bool:
    """The features are 1, y, y², so that products of features were summed."""
    return sums.second is not None and sums.second.shape[2] == len(PRODUCTS) and coefficients.shape[3] == 3


def grouped(values: Floats, codes: Ints, groups: int) -> Floats:
    """Sums of rows with the same code (groups × …)."""
    rows = len(codes)
    if rows == groups and (codes == np.arange(groups)).all():
        return values
    matrix = sparse.csr_matrix((np.ones(rows), (codes, np.arange(rows))), shape=(groups, rows))
    return np.asarray(matrix @ values.reshape(rows, -1)).reshape(groups, *values.shape[1:])
