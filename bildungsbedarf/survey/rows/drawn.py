"""How the rows of a scanned sample were drawn: found in one pass, held as a table of sampling units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.rows.executors import gather
from bildungsbedarf.survey.rows.parquet import ParquetSource
from bildungsbedarf.survey.sample.cells import Cells, Projection, StageCells, effective_stages, stage_cells
from bildungsbedarf.survey.sample.levels import level_codes, levels_of
from bildungsbedarf.survey.sample.stages import (
    DesignColumns,
    Stage,
    build_stages,
    build_weights,
    compacted,
    refuse_missing,
    refuse_zero,
    weight_column,
)

_ADDED = {"rows": "sum", "positive": "sum", "weight": "sum", "squares": "sum", "low": "min", "high": "max"}


@dataclass(frozen=True)
class Drawing:
    """Units of a sample: which unit a row is of, and what cells they make.

    ``levels`` are the values of each key column, ``place`` the ascending codes of the combinations that
    occur: the units. By unit: ``base`` (cell without any calibration), ``weight`` (from fpc, where no
    column gives it), and ``table``: rows, rows with a positive weight, sums and squares of weights, and
    their range. ``first`` is a unit of each cell.
    """

    columns: DesignColumns
    levels: tuple[list[Any], ...]
    place: Ints
    stages: tuple[Stage, ...]
    base: Ints
    first: Ints
    weight: Floats
    table: pd.DataFrame

    def unit(self, frame: pd.DataFrame) -> Ints:
        """The unit of each row."""
        codes = np.zeros(len(frame), dtype=np.int64)
        for name, levels in zip(self.columns.keys, self.levels, strict=True):
            codes = codes * len(levels) + level_codes(frame[name], levels)
        is_dense = len(self.place) == int(np.prod([len(levels) for levels in self.levels], dtype=np.int64))
        return codes if is_dense else np.searchsorted(self.place, codes)

    def weights(self, frame: pd.DataFrame, unit: Ints) -> Floats:
        """The weight of each row before any calibration."""
        name = self.columns.weights
        return self.weight[unit] if name is None else frame[name].to_numpy(dtype=np.float64)

    @property
    def rows_are_units(self) -> bool:
        """There are no clusters."""
        return not self.columns.clusters

    def stage_cells(self, base: Ints) -> tuple[StageCells, ...]:
        """The stages over cells that lie in these base cells."""
        used = effective_stages(self.stages)
        is_last = len(used) == len(self.stages)
        return stage_cells(used, self.first[base], rows_are_units=self.rows_are_units and is_last)

    def cells(self, base: Ints, weights: Floats, squares: Floats, projections: tuple[Projection, ...]) -> Cells:
        """The design's cells; rows look theirs up block by block."""
        nobody = np.empty(0, dtype=np.int64)
        return Cells(len(base), nobody, self.stage_cells(base), projections, weights, squares)

    def df(self, occurring: Ints, persons: int) -> int:
        """PSUs − strata of the units that occur; ``persons`` where rows are units."""
        first = self.stages[0]
        psus = persons if self.rows_are_units else np.unique(first.unit[occurring]).size
        return int(psus - np.unique(first.stratum[occurring]).size)


def read_drawing(source: ParquetSource, columns: DesignColumns, nested: bool, executor: str) -> Drawing:
    """One pass over the design's own columns.

    Raises
    ------
    DesignError
        As ``SurveyDesign``.
    """
    for name in columns.all:
        source.type(name)
    table = gather(source, columns.all, _Drawing(columns), executor).reset_index()
    table.index = pd.Index([_label(row) for row in table[list(columns.keys)].to_dict("records")])
    refuse_zero(bool(table["positive"].any()), columns.weights)
    counts = table["rows"].to_numpy(dtype=np.float64)
    stages = build_stages(table, columns.strata, list(columns.clusters), list(columns.fpc), nested, counts)
    if columns.weights is None:
        weight = build_weights(table, None, stages, bool(columns.fpc))
        table["weight"], table["squares"] = counts * weight, counts * weight**2
        table["low"] = table["high"] = weight
    else:
        weight = np.ones(len(table))
    levels = tuple(levels_of(table[name]) for name in columns.keys)
    codes = np.zeros(len(table), dtype=np.int64)
    for name, known in zip(columns.keys, levels, strict=True):
        codes = codes * len(known) + level_codes(table[name], known)
    place, one, unit = np.unique(codes, return_index=True, return_inverse=True)
    used = effective_stages(stages)
    of_stratum = not columns.clusters and len(used) == len(stages)
    _, first, base = np.unique(
        (used[-1].stratum if of_stratum else used[-1].unit)[one], return_index=True, return_inverse=True
    )
    kept = tuple(Stage(s.unit[one], s.stratum[one], s.sampled[one], s.population[one]) for s in stages)
    return Drawing(
        columns,
        levels,
        place,
        kept,
        base,
        first,
        weight[one],
        _grouped(table[list(_ADDED)].assign(code=unit), ["code"]),
    )


@dataclass(frozen=True)
class _Drawing:
    """Rows and sums of weights by combination of the design's columns."""

    columns: DesignColumns

    def of(self, frame: pd.DataFrame, first: int) -> pd.DataFrame:
        frame.index = pd.RangeIndex(first, first + len(frame))
        columns = self.columns
        for name in columns.keys:
            refuse_missing(frame, name, "stratum" if name == columns.strata else "cluster")
        for name in columns.fpc:
            refuse_missing(frame, name, "fpc")
        weights = np.ones(len(frame)) if columns.weights is None else weight_column(frame, columns.weights)
        keys = [*columns.keys, *columns.fpc]
        codes = np.zeros(len(frame), dtype=np.int64)
        for name in keys:
            code, distinct = pd.factorize(frame[name])
            codes = codes * max(len(distinct), 1) + code
        found = tallied(weights, codes)
        if not keys:
            return found
        values = frame[keys].iloc[compacted(codes)[0]].apply(_plain)
        return found.set_index(pd.MultiIndex.from_frame(values) if len(keys) > 1 else pd.Index(values[keys[0]]))

    def merge(self, one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
        return merge_tallied(one, other)


def tallied(weights: Floats, codes: Ints) -> pd.DataFrame:
    """Rows, rows with a positive weight, sums and squares of weights, and their range, by code that occurs."""
    first, place = compacted(codes)
    size = len(first)
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, place, weights)
    np.maximum.at(high, place, weights)
    return pd.DataFrame(
        {
            "rows": np.bincount(place, minlength=size),
            "positive": np.bincount(place[weights > 0], minlength=size),
            "weight": np.bincount(place, weights=weights, minlength=size),
            "squares": np.bincount(place, weights=weights**2, minlength=size),
            "low": low,
            "high": high,
        },
        index=pd.Index(codes[first], name="code"),
    )


def merge_tallied(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Sums of weights of two blocks."""
    both = pd.concat([one, other]).reset_index()
    return _grouped(both, [name for name in both.columns if name not in _ADDED])


def _grouped(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    return frame.groupby(list(keys), sort=True, observed=True).agg(_ADDED)


def _plain(column: pd.Series) -> pd.Series:
    """Texts instead of categories, which differ from block to block."""
    return column.astype("object") if isinstance(column.dtype, pd.CategoricalDtype) else column


def _label(values: dict[Any, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "all"
