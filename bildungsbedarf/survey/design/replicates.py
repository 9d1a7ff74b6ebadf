"""Replicate weights: jackknife, balanced repeated replication, bootstrap (Wolter 2007; R's ``svrepdesign``).

The variance of any estimator is ``scale · Σ_r rscales_r (θ_r − θ̄)²``, with θ̄ the mean of the
replicates' estimates, or the full sample's where ``mse`` is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.rows.in_memory import RowsInMemory, aligned

Kind = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_RANK_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Replicates:
    """Analysis weights by row and replicate, and how their estimates are put together."""

    kind: Kind
    weights: Floats
    scale: float
    rscales: Floats
    mse: bool

    def deviations(self, estimates: Floats, point: Floats | float) -> Floats:
        """Scaled deviations by replicate (replicates × …): their products are (co)variances.

        A replicate without an estimate (nobody of the domain is in it) is left out, as in R.
        """
        axes = (slice(None), *(None,) * (estimates.ndim - 1))
        used = (self.rscales > 0)[axes] & np.isfinite(estimates)
        kept = np.where(used, estimates, 0.0)
        count = used.sum(axis=0)
        mean = kept.sum(axis=0) / np.maximum(count, 1)
        scaled = np.sqrt(self.scale * self.rscales)[axes] * np.where(used, kept - (point if self.mse else mean), 0.0)
        return np.where(count > 0, scaled, np.nan)

    def df(self, domain: Mask) -> int:
        """Rank of the replicate weights of the domain − 1 (R's ``degf``)."""
        weights = self.weights[domain & self.weights.any(axis=1)]
        if not weights.size:
            return 0
        return int(np.linalg.matrix_rank(weights, tol=_RANK_TOLERANCE * float(np.linalg.norm(weights, 2)))) - 1


def default_scales(kind: Kind, replicates: int, rho: float | None) -> tuple[float, Floats]:
    """Scale and rscales where none are given (R's ``svrepdesign``).

    Raises
    ------
    DesignError
        JKn without rscales, or Fay's method without ρ in [0, 1).
    """
    ones = np.ones(replicates)
    if kind == "JK1":
        return (replicates - 1) / replicates, ones
    if kind in ("BRR", "bootstrap"):
        return 1 / (replicates if kind == "BRR" else replicates - 1), ones
    if kind == "Fay":
        if rho is None or not 0 <= rho < 1:
            raise DesignError("Fay's method needs rho from 0 to below 1", value=rho)
        return 1 / (replicates * (1 - rho) ** 2), ones
    raise DesignError(
        "JKn replicates need scale and rscales", remedy="give (n_h − 1) / n_h of each replicate's stratum"
    )


def from_columns(
    data: pd.DataFrame,
    weights: Floats,
    columns: pd.DataFrame | Sequence[str],
    kind: Kind,
    scale: float | None,
    rscales: Sequence[float] | float | None,
    rho: float | None,
    mse: bool,
    combined: bool,
) -> Replicates:
    """Replicates given as a frame or as columns of the data.

    Raises
    ------
    DesignError
        Unknown kind or columns; missing, infinite or negative replicate weights; scales of another
        length.
    """
    if kind not in KINDS:
        raise DesignError("unknown kind of replicates", value=kind, expected=", ".join(KINDS))
    frame = (
        aligned(columns, data.index, "replicate weights") if isinstance(columns, pd.DataFrame) else data[list(columns)]
    )
    matrix = frame.to_numpy(dtype=float)
    if len(matrix) != len(data) or matrix.shape[1] < 2:
        raise DesignError("replicate weights do not fit the data", value=f"{matrix.shape[0]} × {matrix.shape[1]}")
    if not np.isfinite(matrix).all() or (matrix < 0).any():
        bad = frame.columns[int(np.flatnonzero((~np.isfinite(matrix) | (matrix < 0)).any(axis=0))[0])]
        raise DesignError("replicate weight is missing, infinite or negative", where=f"column {bad}")
    analysis = matrix if combined else matrix * weights[:, None]
    known = scale is not None and rscales is not None
    default = (1.0, np.ones(matrix.shape[1])) if known else default_scales(kind, matrix.shape[1], rho)
    wanted = default[1] if rscales is None else np.broadcast_to(np.asarray(rscales, float), (matrix.shape[1],))
    return Replicates(kind, analysis, default[0] if scale is None else float(scale), np.array(wanted), mse)


def make(rows: RowsInMemory, kind: Kind, n: int | None, rho: float | None, seed: int) -> Replicates:
    """Replicates of the first stage.

    JK1 and JKn leave out one PSU at a time; BRR and Fay need two PSUs in every stratum; the
    bootstrap (Rao & Wu 1988) draws n_h − 1 PSUs of each stratum ``n`` times. Finite population
    corrections enter JK1 and JKn through the scales, and are refused for the others.

    Raises
    ------
    DesignError
        The design does not fit the kind.
    """
    stage = rows.stages[0]
    has_fpc = bool(np.isfinite(stage.population).all())
    if kind in ("JK1", "JKn"):
        return _jackknife(rows, kind, has_fpc)
    if has_fpc:
        raise DesignError(f"{kind} replicates cannot take a finite population correction", remedy="use JK1 or JKn")
    if kind in ("BRR", "Fay"):
        return _balanced(rows, kind, rho if kind == "Fay" else 0.0)
    if kind == "bootstrap":
        return _bootstrap(rows, n or 100, seed)
    raise DesignError("unknown kind of replicates", value=kind, expected=", ".join(KINDS))


def _psus(rows: RowsInMemory) -> tuple[Ints, Ints]:
    """Row of each PSU's first element, and its stratum."""
    stage = rows.stages[0]
    first = np.unique(stage.unit, return_index=True)[1]
    return first, stage.stratum[first]


def _jackknife(rows: RowsInMemory, kind: Kind, has_fpc: bool) -> Replicates:
    stage = rows.stages[0]
    first, stratum = _psus(rows)
    if kind == "JK1" and np.unique(stratum).size > 1:
        raise DesignError("JK1 replicates need a design without strata", remedy="use JKn")
    sampled = stage.sampled[first]
    if (sampled < 2).any():
        raise DesignError("a stratum has only one PSU", remedy="merge strata before making replicates")
    same_stratum = stage.stratum[:, None] == stratum[None, :]
    dropped = stage.unit[:, None] == np.arange(len(first))[None, :]
    factors = np.where(same_stratum, sampled / (sampled - 1), 1.0)
    weights = rows.weights[:, None] * np.where(dropped, 0.0, factors)
    open_share = 1 - sampled / stage.population[first] if has_fpc else np.ones(len(first))
    return Replicates(kind, weights, 1.0, (sampled - 1) / sampled * open_share, mse=False)


def _balanced(rows: RowsInMemory, kind: Kind, rho: float | None) -> Replicates:
    from scipy.linalg import hadamard

    first, stratum = _psus(rows)
    if set(np.bincount(stratum)) != {2}:
        raise DesignError("BRR needs exactly two PSUs in every stratum")
    strata = int(stratum.max()) + 1
    order = 1 << int(np.ceil(np.log2(strata + 1)))
    signs = hadamard(max(order, 2))[:, 1 : strata + 1]
    stage = rows.stages[0]
    is_first = np.zeros(len(first), dtype=bool)
    is_first[np.unique(stratum, return_index=True)[1]] = True
    chosen = np.where(is_first[stage.unit][:, None], signs.T[stage.stratum], -signs.T[stage.stratum]) > 0
    low = 0.0 if rho is None else rho
    scale, rscales = default_scales(kind, signs.shape[0], rho)
    return Replicates(kind, rows.weights[:, None] * np.where(chosen, 2 - low, low), scale, rscales, mse=False)


def _bootstrap(rows: RowsInMemory, n: int, seed: int) -> Replicates:
    first, stratum = _psus(rows)
    stage = rows.stages[0]
    random = np.random.default_rng(seed)
    counts = np.zeros((len(first), n))
    for code in np.unique(stratum):
        units = np.flatnonzero(stratum == code)
        if len(units) < 2:
            raise DesignError("a stratum has only one PSU", remedy="merge strata before making replicates")
        draws = random.multinomial(len(units) - 1, np.full(len(units), 1 / len(units)), size=n).T
        counts[units] = draws * len(units) / (len(units) - 1)
    scale, rscales = default_scales("bootstrap", n, None)
    return Replicates("bootstrap", rows.weights[:, None] * counts[stage.unit], scale, rscales, mse=False)
