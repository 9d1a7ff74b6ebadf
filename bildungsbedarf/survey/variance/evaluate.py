"""From variables and domains to estimates and their variances: one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.reading.domains import Crossing, Domains
from bildungsbedarf.survey.reading.features import Variable
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.sums.compiled import pays
from bildungsbedarf.survey.sums.sums import Pairs, Sums, accumulate, all_pairs
from bildungsbedarf.survey.variance import replicated
from bildungsbedarf.survey.variance.basis import Basis, pairs_of
from bildungsbedarf.survey.variance.estimands import Estimand, Functionals
from bildungsbedarf.survey.variance.scores import Scored, score_variances
from bildungsbedarf.survey.variance.scores import covariance as score_covariance
from bildungsbedarf.survey.variance.spread import covariance, grouped, variances

Kind = Callable[[Sequence[Variable]], Estimand]
Portion = tuple[tuple[int, ...], tuple[Variable, ...]]
_MOST_SUMS = 1 << 22


@dataclass(frozen=True)
class Evaluated:
    """Estimates of variables with equally many features; arrays variables × domains (× estimates).

    ``levels`` (variables × domains × features) counts persons by level; ``replicates`` (replicates ×
    variables × domains × estimates) are the estimates by replicate, where the design has them.
    """

    positions: tuple[int, ...]
    points: Floats
    variances: Floats
    persons: Floats
    weight: Floats
    spread: Floats
    """Weighted variance of the numbers (R's ``svyvar``)."""
    levels: Floats
    coefficients: Floats
    replicates: Floats | None = None

    @property
    def by_replicate(self) -> Floats:
        """The estimates by replicate of a design that has replicates."""
        if self.replicates is None:
            raise AssertionError("the design has no replicates")
        return self.replicates


@dataclass(frozen=True)
class Summed:
    """The sums of some variables (``positions`` in the order asked for) over pairs of cell and domain."""

    positions: tuple[int, ...]
    variables: tuple[Variable, ...]
    pairs: Pairs
    sums: Sums


def evaluate(basis: Basis, variables: Sequence[Variable], kind: Kind) -> list[Evaluated]:
    """Estimates by domain."""
    return [finish(basis, part, kind(part.variables)) for part in summed(basis, variables)]


def evaluate_one(basis: Basis, variable: Variable, kind: Kind) -> tuple[Evaluated, Floats]:
    """One variable's estimates by domain, and their covariance (domains · estimates, twice), in one pass.

    Replicates, designs with many units, and calibrations one after the other take a second one.
    """
    (part,) = summed(basis, [variable])
    found = finish(basis, part, kind(part.variables))
    size = found.coefficients.shape[1] * found.coefficients.shape[2]
    if basis.replicates is not None:
        points = found.by_replicate.reshape(len(found.by_replicate), -1)
        deviations = np.nan_to_num(basis.replicates.deviations(points, found.points.reshape(-1)))
        return found, deviations.T @ deviations
    if basis.keeps_cells(basis.domains) and basis.cells.count * size <= _MOST_SUMS:
        return found, covariance(basis.cells, part.pairs, part.sums, found.coefficients, basis.lonely)
    return found, score_covariance(basis, [Scored(variable, found.coefficients[0])])


def summed(
    basis: Basis, variables: Sequence[Variable], crossing: Crossing | None = None, block: Block | None = None
) -> Iterator[Summed]:
    """Sums of all variables, in portions that fit in memory; scanned rows are read once.

    ``crossing`` are several groupings at once instead of the domains, ``block`` the rows where they have been
    read before.
    """
    rows, domains = basis.rows, crossing or basis.domains
    in_cells = basis.keeps_cells(domains)
    squares = in_cells and rows.cells.rows_are_units
    pairs = all_pairs(1, len(domains))
    if in_cells:
        pairs = basis.pairs if crossing is None else pairs_of(rows, crossing)
    parts = list(_alike(variables, len(pairs) * (2 + rows.systems)))
    together = [parts] if rows.is_scanned else [[part] for part in parts]
    for group in together:
        task = _Summing(tuple(group), pairs, domains, squares, pays(rows.count, len(variables)))
        found = rows.gather(task) if block is None else task.of(block)
        for sums, (positions, alike) in zip(found, group, strict=True):
            yield Summed(positions, alike, pairs, sums)


@dataclass(frozen=True)
class _Summing:
    """Sums of portions of variables by pair of cell and domain."""

    parts: tuple[Portion, ...]
    pairs: Pairs
    domains: Domains | Crossing
    squares: bool
    fast: bool

    @property
    def columns(self) -> tuple[str, ...]:
        needed = (name for _, alike in self.parts for variable in alike for name in variable.needed)
        return tuple(dict.fromkeys([*self.domains.names, *needed]))

    def of(self, block: Block) -> list[Sums]:
        domain = self.domains.codes(block.frame, len(block))
        return [
            accumulate(block, alike, self.pairs, domain, squares=self.squares, fast=self.fast)
            for _, alike in self.parts
        ]

    def merge(self, one: list[Sums], other: list[Sums]) -> list[Sums]:
        return [left.merged(right) for left, right in zip(one, other, strict=True)]


def finish(basis: Basis, part: Summed, estimand: Estimand) -> Evaluated:
    """Estimates and variances of summed variables."""
    functionals = Functionals.of(part.variables)
    totals, counts = (_by_domain(part.sums.first[system], part.pairs) for system in (0, 1))
    points, coefficients = estimand.points(totals, counts), estimand.coefficients(totals, counts)
    replicates = None
    if basis.replicates is not None:
        replicates = replicated.estimates(basis.rows, basis.replicates, part.variables, basis.domains, estimand)
        deviations = basis.replicates.deviations(replicates, points)
        found = np.einsum("r...,r...->...", deviations, deviations)
    elif basis.keeps_cells(basis.domains):
        found = variances(basis.cells, part.pairs, part.sums, coefficients, basis.lonely)
    else:
        found = score_variances(basis, part.variables, coefficients)
    # what a calibration fixes has no variance: of its sum of squares rounding leaves a trace on either side of 0
    found = np.maximum(found, 0.0)
    persons = counts @ functionals.base
    _, mean, square = functionals.means(totals)
    return Evaluated(
        part.positions,
        points,
        found,
        persons,
        totals @ functionals.base,
        square - mean**2,
        counts,
        coefficients,
        replicates,
    )


def _alike(variables: Sequence[Variable], pairs: int) -> Iterator[Portion]:
    """Variables with equally many features, in portions whose sums fit in memory."""
    shapes: dict[tuple[bool, bool, int], list[int]] = {}
    for position, variable in enumerate(variables):
        shape = variable.is_discrete, variable.values is None, variable.width
        shapes.setdefault(shape, []).append(position)
    for (_, _, width), positions in shapes.items():
        size = max(1, _MOST_SUMS // (pairs * max(width, 1)))
        for start in range(0, len(positions), size):
            chosen = tuple(positions[start : start + size])
            yield chosen, tuple(variables[position] for position in chosen)


def _by_domain(sums: Floats, pairs: Pairs) -> Floats:
    """Totals (variables × domains × features) of sums by pair."""
    if pairs.place is None:
        return np.asarray(sums.reshape(len(sums), pairs.domains, pairs.cells, -1).sum(axis=2))
    return grouped(sums.swapaxes(0, 1), pairs.domain, pairs.domains).swapaxes(0, 1)
