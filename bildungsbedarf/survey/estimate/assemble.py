"""Evaluated estimates as the tidy frame: rows domain by domain, in the order of the variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.frames import NO_DF, NO_OBSERVATIONS, NOT_DEFINED
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.survey.reading.features import Variable
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.estimands import corrected
from bildungsbedarf.survey.variance.evaluate import Evaluated

Deff = bool | Literal["replace"]


@dataclass(frozen=True)
class Layout:
    """Which estimate of which variable stands in which column of a domains × estimates array."""

    variables: tuple[Variable, ...]
    by_level: tuple[bool, ...]
    starts: tuple[int, ...]
    width: int

    @staticmethod
    def of(variables: Sequence[Variable], *, by_level: bool | None = None) -> Layout:
        """One estimate a level, or one a variable; ``None``: a level where the levels aren't numbers."""
        flags = tuple(_has_levels(variable, by_level) for variable in variables)
        sizes = [variable.width if flag else 1 for variable, flag in zip(variables, flags, strict=True)]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int).tolist()
        return Layout(tuple(variables), flags, tuple(starts[:-1]), starts[-1])

    def spread(self, parts: Sequence[Evaluated], values: Sequence[Floats], domains: int) -> Floats:
        """One array (domains × estimates) of the parts' (variables × domains × estimates)."""
        if len(parts) == 1:
            # its variables are all there are, in their order
            return np.ascontiguousarray(values[0].transpose(1, 0, 2)).reshape(domains, self.width)
        found = np.full((domains, self.width), np.nan)
        for part, array in zip(parts, values, strict=True):
            for number, position in enumerate(part.positions):
                start = self.starts[position]
                found[:, start : start + array.shape[2]] = array[number]
        return found

    def names(self) -> tuple[list[str], list[str | None]]:
        """Variable and category of every estimate."""
        names: list[str] = []
        categories: list[str | None] = []
        for variable, by_level in zip(self.variables, self.by_level, strict=True):
            found = [str(level) for level in variable.levels or ()] if by_level else [None]
            names += [variable.name] * len(found)
            categories += found
        return names, categories


@dataclass(frozen=True)
class Columns:
    """The numbers of a tidy frame, each domains × estimates."""

    points: Floats
    se: Floats
    persons: Floats
    count: Floats
    weight: Floats
    deff: Floats


def columns(layout: Layout, parts: Sequence[Evaluated], domains: int, deff: Deff, *, is_total: bool) -> Columns:
    """Estimates, standard errors, bases and design effects."""

    def placed(values: Sequence[Floats]) -> Floats:
        return layout.spread(parts, values, domains)

    def wide(base: Floats, part: Evaluated) -> Floats:
        return np.broadcast_to(base[..., None], part.points.shape)

    levels = [layout.by_level[part.positions[0]] for part in parts]
    counts = [part.levels if by else _persons_behind(layout, part) for part, by in zip(parts, levels, strict=True)]
    effects = [
        _design_effect(part, deff, by_level=by, is_total=is_total) for part, by in zip(parts, levels, strict=True)
    ]
    errors = [np.sqrt(np.where(wide(part.persons, part) > 0, part.variances, np.nan)) for part in parts]
    return Columns(
        placed([part.points for part in parts]),
        placed(errors),
        placed([wide(part.persons, part) for part in parts]),
        placed(counts),
        placed([wide(part.weight, part) for part in parts]),
        placed(effects),
    )


def _persons_behind(layout: Layout, part: Evaluated) -> Floats:
    """Of numbers with two values the persons with the higher one, as behind a share; all where all gave the same."""
    found = np.full(part.points.shape, np.nan)
    for number, position in enumerate(part.positions):
        if layout.variables[position].values is None:
            continue
        persons = part.levels[number]
        occurring = np.flatnonzero(persons.any(axis=0)) if persons.shape[1] > 2 else np.arange(persons.shape[1])
        same = (persons > 0).sum(axis=1) == 1
        found[number, same, 0] = part.persons[number, same]
        if len(occurring) == 2:
            found[number, :, 0] = persons[:, occurring[1]]
    return found


def tidy_rows(basis: Basis, layout: Layout, values: Columns, level: float) -> dict[str, Any]:
    """The columns of the tidy frame, with intervals from t."""
    names, categories = layout.names()
    domains, df = basis.domains, basis.df
    number = len(domains)
    rows: dict[str, Any] = {
        "variable": np.tile(np.array(names, dtype=object), number),
        "category": np.tile(np.array(categories, dtype=object), number),
    }
    labels = domains.labels()
    for axis, name in enumerate(domains.names):
        rows[name] = [combination[axis] for combination in labels for _ in range(layout.width)]
    flat = {key: array.reshape(-1) for key, array in vars(values).items()}
    empty = flat["persons"] == 0
    undefined = ~empty & ~np.isfinite(flat["points"])
    flat["se"] = np.where(undefined, np.nan, flat["se"])
    low, high = symmetric(flat["points"], flat["se"], df, level)
    return rows | {
        "n": flat["persons"],
        "count": flat["count"],
        "weighted_n": flat["weight"],
        "estimate": flat["points"],
        "se": flat["se"],
        "ci_low": low,
        "ci_high": high,
        "df": np.full(len(low), df),
        "deff": np.where(empty, np.nan, flat["deff"]),
        "note": np.array([NO_DF if df < 1 else None, NO_OBSERVATIONS, NOT_DEFINED], dtype=object)[
            empty.astype(int) + 2 * undefined.astype(int)
        ],
    }


def _has_levels(variable: Variable, by_level: bool | None) -> bool:
    if by_level is None:
        return variable.levels is not None and variable.values is None
    return by_level


def _design_effect(part: Evaluated, deff: Deff, *, by_level: bool, is_total: bool) -> Floats:
    """Variance against simple random sampling of the same size (Kish 1965), as R's ``svymean``."""
    if deff is False:
        return np.full(part.points.shape, np.nan)
    weight, persons = part.weight[..., None], part.persons[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        if by_level:
            share = part.points / weight if is_total else part.points
            spread = share * (1 - share)
        else:
            spread = part.spread[..., None]
        correction = 1.0 if deff == "replace" else (weight - persons) / weight
        scale = weight**2 if is_total else 1.0
        reference = spread * corrected(persons) * correction * scale / persons
        effect = part.variances / reference
    return np.where((reference > 0) & np.isfinite(effect), effect, np.nan)
