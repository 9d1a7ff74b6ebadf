"""The cells of a design: groups of rows that strata, sampling units and calibrations cannot tell apart.

Variances need sums by cell only. A cell is a unit of the last stage of sampling, or, where each row is
its own unit, a stratum of that stage; calibration splits it further, so that the variables whose totals
are known are constant within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.sample.stages import Stage, compacted

LonelyPsu = Literal["fail", "remove", "adjust", "average", "certainty"]
LONELY_PSU: tuple[LonelyPsu, ...] = ("fail", "remove", "adjust", "average", "certainty")


MOST_UNEVEN = 1e4
"""Largest weight over smallest up to which sums of squared weights keep ten digits of a variance."""


@dataclass(frozen=True)
class Calibration:
    """What the weights were fitted to.

    ``auxiliary`` holds the variables whose totals are known (cells × p; indicators for categories),
    ``cell`` each row's cell, ``weights`` the fitted weights, ``regression`` the weights of the
    regression on ``auxiliary`` that gives the residuals (R: 1 after raking, the weights before for the
    other methods), ``label`` says it in words.
    """

    auxiliary: Floats
    cell: Ints
    weights: Floats
    regression: Floats
    label: str


@dataclass(frozen=True)
class StageCells:
    """One stage of sampling over the cells.

    ``unit`` is each cell's unit (``None`` where rows are units), ``stratum`` each unit's stratum (each
    cell's, where rows are units); by stratum: ``sampled`` units, ``scale`` = f (1 − n/N) n/(n − 1) with
    f the sampling fraction of the stages before, and ``alone``: one unit stands for others.
    """

    unit: Ints | None
    stratum: Ints
    sampled: Floats
    scale: Floats
    alone: Mask


@dataclass(frozen=True)
class Projection:
    """A calibration over the cells: what is left of scores once its totals are known.

    ``auxiliary`` by cell (cells × p), ``inverse`` of Σ r x x' (p × p).
    """

    auxiliary: Floats
    inverse: Floats


@dataclass(frozen=True)
class Cells:
    """All that variances need to know of the design, by cell."""

    count: int
    codes: Ints
    """Each row's cell."""
    stages: tuple[StageCells, ...]
    projections: tuple[Projection, ...]
    """The last calibration first."""
    weights: Floats
    squares: Floats

    @property
    def rows_are_units(self) -> bool:
        """Second moments of rows are needed."""
        return self.stages[-1].unit is None

    def refuse_lonely(self, lonely: str) -> None:
        """Refuse strata with one PSU where the design says so.

        Raises
        ------
        DesignError
            A stratum has one PSU and ``lonely`` is ``fail``.
        """
        for stage in self.stages if lonely == "fail" else ():
            if stage.alone.any():
                raise DesignError(
                    f"{int(stage.alone.sum())} strata have only one PSU",
                    remedy="merge strata, or choose lonely_psu: remove, adjust, average or certainty",
                )


def check_lonely(rule: str) -> None:
    """Refuse an unknown rule.

    Raises
    ------
    DesignError
        Not one of ``LONELY_PSU``.
    """
    if rule not in LONELY_PSU:
        raise DesignError("unknown rule for lonely PSUs", value=rule, expected=", ".join(LONELY_PSU))


def effective_stages(stages: Sequence[Stage]) -> list[Stage]:
    """The stages that add to the variance: none follow one without finite population correction."""
    used: list[Stage] = []
    for stage in stages:
        used.append(stage)
        if not np.isfinite(stage.population).all():
            break
    return used


def cells_of(stages: Sequence[Stage], calibrations: Sequence[Calibration], weights: Floats) -> Cells:
    """The cells of a design in memory."""
    used = effective_stages(stages)
    code = used[-1].stratum if rows_are_units(used[-1]) else used[-1].unit
    for calibration in calibrations:
        code = compacted(code * len(calibration.auxiliary) + calibration.cell)[1]
    first, codes = compacted(code)

    def by_cell(values: Floats) -> Floats:
        return np.asarray(np.bincount(codes, weights=values, minlength=len(first)), dtype=np.float64)

    projections = []
    for calibration in reversed(calibrations):
        auxiliary = calibration.auxiliary[calibration.cell[first]]
        projections.append(Projection(auxiliary, inverse_of(auxiliary, by_cell(calibration.regression))))
    return Cells(
        len(first),
        codes,
        stage_cells(used, first, rows_are_units=rows_are_units(used[-1])),
        tuple(projections),
        by_cell(weights),
        by_cell(weights**2),
    )


def rows_are_units(stage: Stage) -> bool:
    """Each row is a unit of its own."""
    return int(stage.unit.max()) + 1 == len(stage.unit)


def stage_cells(stages: Sequence[Stage], first: Ints, *, rows_are_units: bool) -> tuple[StageCells, ...]:
    """The stages by cell; ``first`` is the first row of each cell; rows may be units of the last stage."""
    made: list[StageCells] = []
    fraction = np.ones(len(stages[0].unit))
    for stage in stages:
        strata = int(stage.stratum.max()) + 1
        row = np.zeros(strata, dtype=np.int64)
        row[stage.stratum] = np.arange(len(stage.stratum))
        sampled, population = stage.sampled[row], stage.population[row]
        if rows_are_units and stage is stages[-1]:
            unit, stratum = None, stage.stratum[first]
        else:
            unit, representative = stage.unit[first], compacted(stage.unit)[0]
            stratum = stage.stratum[representative]
        made.append(stage_of(unit, stratum, sampled, population, fraction[row]))
        fraction = fraction * np.where(np.isfinite(stage.population), stage.sampled / stage.population, 0.0)
    return tuple(made)


def stage_of(unit: Ints | None, stratum: Ints, sampled: Floats, population: Floats, fraction: Floats) -> StageCells:
    """A stage from its numbers by stratum."""
    correction = 1 - np.where(np.isfinite(population), sampled / population, 0.0)
    scale = fraction * correction * np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1), 1.0)
    return StageCells(unit, stratum, sampled, scale, (sampled == 1) & (correction > 1e-12))


def inverse_of(auxiliary: Floats, regression: Floats) -> Floats:
    """Pseudoinverse of Σ r x x'; known totals may repeat each other."""
    return np.asarray(np.linalg.pinv(auxiliary.T @ (auxiliary * regression[:, None]), hermitian=True))
