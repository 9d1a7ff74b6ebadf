"""``SurveyDesign``: data with weights, strata, clusters and finite population corrections.

Immutable: every method returns a new design. Variances follow R's ``survey`` (Lumley 2010,
*Complex Surveys*; Särndal, Swensson & Wretman 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bildungsbedarf.errors import DesignError, nearest
from bildungsbedarf.study.expression import Expression

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
LonelyPsu = Literal["fail", "remove", "adjust", "average", "certainty"]
LONELY_PSU: tuple[LonelyPsu, ...] = ("fail", "remove", "adjust", "average", "certainty")
_ROWS_SHOWN = 5


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, by row: unit and stratum as codes 0, 1, …; sampled and population units of the stratum.

    ``population`` is infinite where there is no finite population correction.
    """

    unit: Ints
    stratum: Ints
    sampled: Floats
    population: Floats


@dataclass(frozen=True)
class Calibration:
    """What the weights were fitted to: categories by margin (codes, one array a margin), and the fitted weights."""

    margins: tuple[Ints, ...]
    weights: Floats


class SurveyDesign:
    """A sample as drawn.

    Parameters
    ----------
    data
        One row an element.
    weights
        Column of sampling weights; without it, weights follow from ``fpc`` (population sizes by
        stage), else are 1.
    strata
        Column of strata of the first stage.
    clusters
        Columns of sampling units by stage, the first being the PSU; none: each row is its own PSU.
    fpc
        Columns of population sizes (numbers above 1) or sampling fractions (up to 1), by stage.
    lonely_psu
        What a stratum with one PSU adds to the variance: ``fail`` refuses, ``remove`` and
        ``certainty`` nothing, ``adjust`` its distance from the grand mean, ``average`` the mean of
        the other strata.
    nested
        PSU ids are unique within strata only (R's ``nest=TRUE``); with ``False`` an id in two
        strata is an error.

    Raises
    ------
    DesignError
        Unknown columns; negative, missing, infinite or all-zero weights; missing strata or
        clusters; an fpc smaller than the sample; names variable and rows.
    """

    def __init__(
        self,
        data: pd.DataFrame,
        weights: str | None = None,
        strata: str | None = None,
        clusters: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        lonely_psu: LonelyPsu = "fail",
        nested: bool = True,
    ) -> None:
        if lonely_psu not in LONELY_PSU:
            raise DesignError("unknown rule for lonely PSUs", value=lonely_psu, expected=", ".join(LONELY_PSU))
        if data.empty:
            raise DesignError("a design needs at least one row")
        self.data = data.reset_index(drop=True)
        self.lonely_psu = lonely_psu
        self.stages = _stages(self.data, strata, _names(clusters), _names(fpc), nested)
        self.weights = _weights(self.data, weights, self.stages, bool(fpc))
        self.domain: Mask = np.ones(len(data), dtype=bool)
        self.calibration: Calibration | None = None
        self.report: Any = None
        self.stratum_name = strata

    def __len__(self) -> int:
        return int(self.domain.sum())

    def __repr__(self) -> str:
        first = self.stages[0]
        return (
            f"<SurveyDesign: {len(self)} of {len(self.data)} rows, {_count(first.stratum)} strata, "
            f"{_count(first.unit)} PSUs, weights sum to {self.weights[self.domain].sum():,.1f}>"
        )

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs − strata of the domain (R's ``degf``)."""
        first = self.stages[0]
        inside = self.domain & (self.weights > 0)
        return _count(first.unit[inside]) - _count(first.stratum[inside])

    def where(self, condition: str | pd.Series | Mask) -> SurveyDesign:
        """A domain: rows where ``condition`` holds; the design stays whole.

        ``condition`` is a boolean mask, or a text such as ``"ALTER >= 65 and MIGR == 'Y'"``.
        Rows where it is unknown are outside.
        """
        if isinstance(condition, str):
            condition = Expression(condition).evaluate(self.data)
        mask = pd.Series(condition).astype("boolean").fillna(False).to_numpy(dtype=bool)
        if len(mask) != len(self.data):
            raise DesignError("mask has another length than the data", value=len(mask), expected=str(len(self.data)))
        return self._with(domain=self.domain & mask)

    def with_columns(self, columns: pd.DataFrame) -> SurveyDesign:
        """The same design with further columns (same rows, in the same order)."""
        if len(columns) != len(self.data):
            raise DesignError("columns have another length than the data", value=len(columns))
        extra = columns.set_axis(self.data.index)
        return self._with(data=pd.concat([self.data.drop(columns=extra.columns, errors="ignore"), extra], axis=1))

    def with_weights(self, weights: Floats, calibration: Calibration | None, report: Any = None) -> SurveyDesign:
        """The same design with other weights and what they are calibrated to."""
        return self._with(weights=weights, calibration=calibration, report=report)

    def column(self, name: str) -> pd.Series:
        """A column of the data.

        Raises
        ------
        DesignError
            No such column; names the nearest one.
        """
        if name not in self.data.columns:
            raise DesignError(f"there is no variable {name!r}", expected=nearest(name, map(str, self.data.columns)))
        return self.data[name]

    def _with(self, **changes: Any) -> SurveyDesign:
        new = object.__new__(SurveyDesign)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(changes)
        return new


def _names(columns: str | Sequence[str] | None) -> list[str]:
    if columns is None:
        return []
    return [columns] if isinstance(columns, str) else list(columns)


def _stages(
    data: pd.DataFrame, strata: str | None, clusters: list[str], fpc: list[str], nested: bool
) -> tuple[Stage, ...]:
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
        sampled = _distinct_per(unit, parent)[parent].astype(float)
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
    _refuse_rows(codes < 0, f"{kind} is missing", name)
    return codes.astype(np.int64)


def _combine(outer: Ints, inner: Ints) -> Ints:
    """Codes of the pairs that occur."""
    pairs: Ints = outer * (int(inner.max()) + 1) + inner
    return np.unique(pairs, return_inverse=True)[1].astype(np.int64)


def _distinct_per(unit: Ints, parent: Ints) -> Ints:
    """How many distinct units each parent has (indexed by parent code)."""
    first = np.unique(unit, return_index=True)[1]
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
    _refuse_rows(~(values > 0), "fpc is not positive", name)
    population = np.where(values <= 1, sampled / values, values)
    if (values < 1).any() and (values > 1).any():
        raise DesignError("fpc mixes population sizes and fractions", where=f"column {name}")
    _refuse_rows(population < sampled * (1 - 1e-12), "fpc is smaller than the sample", name)
    lowest, highest = np.full(int(parent.max()) + 1, np.inf), np.zeros(int(parent.max()) + 1)
    np.minimum.at(lowest, parent, population)
    np.maximum.at(highest, parent, population)
    _refuse_rows((highest - lowest > 1e-9 * highest)[parent], "fpc varies within a stratum", name)
    return population


def _weights(data: pd.DataFrame, name: str | None, stages: tuple[Stage, ...], has_fpc: bool) -> Floats:
    if name is None:
        weights = np.ones(len(data))
        for stage in stages:
            if has_fpc and np.isfinite(stage.population).all():
                weights = weights * stage.population / stage.sampled
        return weights
    weights = _numbers(data, name, "weight")
    _refuse_rows(~np.isfinite(weights), "weight is infinite", name)
    _refuse_rows(weights < 0, "weight is negative", name)
    if not (weights > 0).any():
        raise DesignError("all weights are zero", where=f"column {name}")
    return weights


def _numbers(data: pd.DataFrame, name: str, kind: str) -> Floats:
    if name not in data.columns:
        raise DesignError(f"there is no column {name!r} for the {kind}", expected=nearest(name, map(str, data.columns)))
    if not pd.api.types.is_numeric_dtype(data[name].dtype):
        raise DesignError(f"{kind} is not a number", where=f"column {name}", value=data[name].iloc[0])
    values = data[name].to_numpy(dtype=float, na_value=np.nan)
    _refuse_rows(np.isnan(values), f"{kind} is missing", name)
    return values


def _refuse_rows(bad: Mask, what: str, name: str) -> None:
    if bad.any():
        rows = np.flatnonzero(bad)
        shown = ", ".join(map(str, rows[:_ROWS_SHOWN])) + (", …" if rows.size > _ROWS_SHOWN else "")
        raise DesignError(what, where=f"column {name}, rows {shown}", value=f"{rows.size} rows")


def _count(codes: Ints) -> int:
    return int(np.unique(codes).size)
