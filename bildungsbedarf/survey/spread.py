"""Variances from sums by cell and domain (Binder 1983; Särndal, Swensson & Wretman 1992, ch. 4)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.cells import Cells, StageCells
from bildungsbedarf.survey.stages import Floats, Ints
from bildungsbedarf.survey.sums import PRODUCTS, Pairs, Sums

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
    size = squares
    if cells.projections:
        totals, squares, size = _residual(cells, pairs, sums, coefficients, totals, squares)
    shape = coefficients.shape[:3]
    found = np.zeros((shape[1], shape[0], shape[2]))
    width = len(cells.stages[0].sampled)
    for stage in cells.stages:
        alone = stage.alone
        if alone.any() and lonely == "fail":
            raise DesignError(
                f"{int(alone.sum())} strata have only one PSU",
                remedy="merge strata, or choose lonely_psu: remove, adjust, average or certainty",
            )
        width = len(stage.sampled)
        within = _within_strata(stage, pairs, totals, squares, size, uncentred=alone & (lonely == "adjust"))
        part = np.tensordot(within.reshape(pairs.domains, width, *within.shape[1:]), stage.scale, axes=(1, 0))
        if lonely == "average" and alone.any():
            part = part * width / (width - int(alone.sum()))
        found += part
    return np.asarray(found.transpose(1, 0, 2))


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
    if sums.second is not None and sums.second.shape[2] == len(PRODUCTS) and coefficients.shape[3] == 3:
        return np.stack([(1 + (a != b)) * coefficients[..., a] * coefficients[..., b] for a, b in PRODUCTS], axis=-1)
    return coefficients**2


def _residual(
    cells: Cells, pairs: Pairs, sums: Sums, coefficients: Floats, totals: Floats, squares: Floats | None
) -> tuple[Floats, Floats | None, Floats | None]:
    """Sums of scores less what the calibrations explain, which is constant within a cell.

    Returns sums, squares, and the size of the numbers whose difference the squares are.
    """
    count, domains, width = coefficients.shape[:3]
    (projection,) = cells.projections
    scores = _by_pair(sums.first[2], coefficients, pairs).reshape(domains, cells.count, -1)
    slopes = projection.inverse @ (projection.auxiliary.T @ scores)
    fitted = projection.auxiliary @ slopes
    explained = fitted.reshape(len(pairs), count, width)
    weights = np.tile(cells.weights, domains)[:, None, None]
    remaining = totals - explained * weights
    if squares is None:
        return remaining, None, None
    second = sums.second
    if second is None:
        raise AssertionError("squares without their sums")
    linear = second[..., :3] if second.shape[2] == len(PRODUCTS) and coefficients.shape[3] == 3 else second
    crossed = _by_pair(linear, coefficients, pairs)
    around = np.tile(cells.squares, domains)[:, None, None]
    own = explained**2 * around
    return remaining, squares - 2 * explained * crossed + own, squares + own


def grouped(values: Floats, codes: Ints, groups: int) -> Floats:
    """Sums of rows with the same code (groups × …)."""
    rows = len(codes)
    matrix = sparse.csr_matrix((np.ones(rows), (codes, np.arange(rows))), shape=(groups, rows))
    return np.asarray(matrix @ values.reshape(rows, -1)).reshape(groups, *values.shape[1:])
