"""The stages of a sample as drawn: units, strata and population sizes, checked; and its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError, nearest
from bildungsbedarf.survey.arrays import Floats, Ints, Mask

_ROWS_SHOWN = 5
_SPARSE = 4


@dataclass(frozen=True)
class DesignColumns:
    """The columns of a design."""

    weights: str | None
    strata: str | None
    clusters: tuple[str, ...]
    fpc: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """What tells sampling units apart (strata, where rows are units)."""
        return (() if self.strata is None else (self.strata,)) + self.clusters

    @property
    def all(self) -> tuple[str, ...]:
        """Everything a design is read from."""
        weights = () if self.weights is None else (self.weights,)
        return tuple(dict.fromkeys([*self.keys, *self.fpc, *weights]))


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, by row: unit and stratum as codes 0, 1, …; sampled and population units of the stratum.

    ``population`` is infinite where there is no finite population correction.
    """

    unit: Ints
    stratum: Ints
    sampled: Floats
    population: Floats


def build_stages(
    data: pd.DataFrame,
    strata: str | None,
    clusters: list[str],
    fpc: list[str],
    nested: bool,
    counts: Floats | None = None,
) -> tuple[Stage, ...]:
    """Stages from columns; ids of later stages count within the units of earlier ones.

    Without clusters each row is a unit, or stands for ``counts`` of them.

    Raises
    ------
    DesignError
        Missing strata or clusters, or an fpc that cannot be.
    """
    rows = len(data)
    stratum = _codes(data, strata, "stratum") if strata else np.zeros(rows, dtype=np.int64)
    levels = [_codes(data, name, "cluster") for name in clusters] or [np.arange(rows)]
    if len(fpc) > len(levels):
        raise DesignError("more columns for fpc than stages", value=", ".join(fpc), expected=f"at most {len(levels)}")
    stages: list[Stage] = []
    parent = stratum
    for number, level in enumerate(levels):
        if number == 0 and not nested:
            _refuse_shared_ids(data, clusters[0] if clusters else "", level, stratum)
        unit = _combine(parent, level)
        if counts is None or clusters:
            sampled = _distinct_per(unit, parent)[parent].astype(float)
        else:
            sampled = np.bincount(parent, weights=counts)[parent].astype(float)
        population = np.full(rows, np.inf)
        if number < len(fpc):
            population = _population(data, fpc[number], sampled, parent)
        stages.append(Stage(unit, parent, sampled, population))
        parent = unit
    return tuple(stages)


def _codes(data: pd.DataFrame, name: str, kind: str) -> Ints:
    if name not in data.columns:
        raise DesignError(f"there is no column {name!r} for the {kind}", expected=nearest(name, map(str, data.columns)))
    codes = pd.factorize(data[name], sort=True)[0]
    _refuse_rows(data, codes < 0, f"{kind} is missing", name)
    return codes.astype(np.int64)


def _combine(outer: Ints, inner: Ints) -> Ints:
    """Codes of the pairs that occur."""
    pairs: Ints = outer * (int(inner.max()) + 1) + inner
    return compacted(pairs)[1]


def _distinct_per(unit: Ints, parent: Ints) -> Ints:
    """How many distinct units each parent has (indexed by parent code)."""
    first = compacted(unit)[0]
    counts: Ints = np.bincount(parent[first], minlength=int(parent.max()) + 1)
    return counts


def _refuse_shared_ids(data: pd.DataFrame, name: str, cluster: Ints, stratum: Ints) -> None:
    pairs = np.unique(np.column_stack([cluster, stratum]), axis=0)
    shared = np.flatnonzero(np.bincount(pairs[:, 0]) > 1)
    if shared.size:
        raise DesignError(
            "cluster id occurs in more than one stratum",
            where=f"column {name}",
            value=data[name].iloc[int(np.flatnonzero(cluster == shared[0])[0])],
            remedy="give every cluster its own id, or say nested=True where ids count anew in each stratum",
        )


def _population(data: pd.DataFrame, name: str, sampled: Floats, parent: Ints) -> Floats:
    values = _numbers(data, name, "fpc")
    _refuse_rows(data, ~(values > 0), "fpc is not positive", name)
    population = np.where(values <= 1, sampled / values, values)
    if (values < 1).any() and (values > 1).any():
        raise DesignError("fpc mixes population sizes and fractions", where=f"column {name}")
    _refuse_rows(data, population < sampled * (1 - 1e-12), "fpc is smaller than the sample", name)
    lowest, highest = np.full(int(parent.max()) + 1, np.inf), np.zeros(int(parent.max()) + 1)
    np.minimum.at(lowest, parent, population)
    np.maximum.at(highest, parent, population)
    _refuse_rows(data, (highest - lowest > 1e-9 * highest)[parent], "fpc varies within a stratum", name)
    return population


def build_weights(data: pd.DataFrame, name: str | None, stages: tuple[Stage, ...], has_fpc: bool) -> Floats:
    """Weights from their column, else from the population sizes of all stages, else 1.

    Raises
    ------
    DesignError
        Missing, infinite, negative or all-zero weights.
    """
    if name is None:
        weights = np.ones(len(data))
        for stage in stages:
            if has_fpc and np.isfinite(stage.population).all():
                weights = weights * stage.population / stage.sampled
        return weights
    weights = weight_column(data, name)
    refuse_zero(bool((weights > 0).any()), name)
    return weights


def weight_column(data: pd.DataFrame, name: str) -> Floats:
    """A column of weights.

    Raises
    ------
    DesignError
        Missing, infinite or negative weights.
    """
    weights = _numbers(data, name, "weight")
    _refuse_rows(data, ~np.isfinite(weights), "weight is infinite", name)
    _refuse_rows(data, weights < 0, "weight is negative", name)
    return weights


def refuse_zero(any_positive: bool, name: str | None) -> None:
    """Refuse a sample in which nobody has a weight."""
    if not any_positive:
        raise DesignError("all weights are zero", where=f"column {name}")


def _numbers(data: pd.DataFrame, name: str, kind: str) -> Floats:
    if name not in data.columns:
        raise DesignError(f"there is no column {name!r} for the {kind}", expected=nearest(name, map(str, data.columns)))
    if not pd.api.types.is_numeric_dtype(data[name].dtype):
        raise DesignError(f"{kind} is not a number", where=f"column {name}", value=data[name].iloc[0])
    values = data[name].to_numpy(dtype=float, na_value=np.nan)
    _refuse_rows(data, np.isnan(values), f"{kind} is missing", name)
    return values


def refuse_missing(data: pd.DataFrame, name: str, kind: str) -> None:
    """Refuse rows without this value."""
    _refuse_rows(data, data[name].isna().to_numpy(), f"{kind} is missing", name)


def _refuse_rows(data: pd.DataFrame, bad: Mask, what: str, name: str) -> None:
    """Name the rows by the frame's index."""
    if bad.any():
        rows = data.index[bad]
        shown = ", ".join(map(str, rows[:_ROWS_SHOWN])) + (", …" if len(rows) > _ROWS_SHOWN else "")
        raise DesignError(what, where=f"column {name}, rows {shown}", value=f"{len(rows)} rows")


def compacted(codes: Ints) -> tuple[Ints, Ints]:
    """The first row of each code that occurs, in the codes' order, and each row's place among them.

    As ``np.unique``, but without sorting where the codes lie close together, as they do here.
    """
    top = int(codes.max()) + 1
    if top > _SPARSE * len(codes) + _SPARSE:
        _, first, place = np.unique(codes, return_index=True, return_inverse=True)
        return first.astype(np.int64), place.astype(np.int64)
    first = np.full(top, -1, dtype=np.int64)
    # of rows with the same code the last one written stays: the first, when written backwards
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    occurs = first >= 0
    return first[occurs], (np.cumsum(occurs) - 1)[codes]


def count_distinct(codes: Ints) -> int:
    """How many different codes occur."""
    return int(np.count_nonzero(np.bincount(codes))) if codes.size else 0
