"""From variables and domains to estimates and their variances: one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey import replicated
from bildungsbedarf.survey.blocks import Block
from bildungsbedarf.survey.compiled import pays
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.domains import Crossing, Domains
from bildungsbedarf.survey.estimands import Estimand, Functionals
from bildungsbedarf.survey.features import Variable
from bildungsbedarf.survey.scores import Scored, score_variances
from bildungsbedarf.survey.scores import covariance as score_covariance
from bildungsbedarf.survey.spread import covariance, grouped, variances
from bildungsbedarf.survey.stages import Floats
from bildungsbedarf.survey.sums import Pairs, Sums, accumulate, all_pairs, occurring_pairs

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


def evaluate(d: SurveyDesign, variables: Sequence[Variable], by: Sequence[str], kind: Kind) -> list[Evaluated]:
    """Estimates by domain."""
    domains = Domains.of(d, by)
    return [finish(d, part, domains, kind(part.variables)) for part in summed(d, variables, domains)]


def evaluate_one(d: SurveyDesign, variable: Variable, by: Sequence[str], kind: Kind) -> tuple[Evaluated, Floats]:
    """One variable's estimates by domain, and their covariance (domains · estimates, twice), in one pass.

    Replicates, designs with many units, and calibrations one after the other take a second one.
    """
    domains = Domains.of(d, by)
    (part,) = summed(d, [variable], domains)
    found = finish(d, part, domains, kind(part.variables))
    size = found.coefficients.shape[1] * found.coefficients.shape[2]
    if d.replicates is not None:
        points = found.by_replicate.reshape(len(found.by_replicate), -1)
        deviations = np.nan_to_num(d.replicates.deviations(points, found.points.reshape(-1)))
        return found, deviations.T @ deviations
    if d.fits_cells(len(domains)) and d.cells.count * size <= _MOST_SUMS:
        return found, covariance(d.cells, part.pairs, part.sums, found.coefficients, d.lonely_psu)
    return found, score_covariance(d, [Scored(variable, found.coefficients[0])], domains)


def summed(
    d: SurveyDesign, variables: Sequence[Variable], domains: Domains | Crossing, block: Block | None = None
) -> Iterator[Summed]:
    """Sums of all variables, in portions that fit in memory; a scanned design is read once.

    ``block`` are the rows where they have been read before.
    """
    in_cells = d.replicates is None and d.fits_cells(len(domains))
    squares = in_cells and d.cells.rows_are_units
    pairs = design_pairs(d, domains) if in_cells else all_pairs(1, len(domains))
    parts = list(_alike(variables, len(pairs) * (2 + d.systems)))
    together = [parts] if d.is_scanned else [[part] for part in parts]
    for group in together:
        measure = _Summing(tuple(group), pairs, domains, squares, pays(d.rows, len(variables)))
        found = d.gather(measure) if block is None else measure.of(block)
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


def finish(d: SurveyDesign, part: Summed, domains: Domains, estimand: Estimand) -> Evaluated:
    """Estimates and variances of summed variables."""
    functionals = Functionals.of(part.variables)
    totals, counts = (_by_domain(part.sums.first[system], part.pairs) for system in (0, 1))
    points, coefficients = estimand.points(totals, counts), estimand.coefficients(totals, counts)
    replicates = None
    if d.replicates is not None:
        replicates = replicated.estimates(d, part.variables, domains, estimand)
        deviations = d.replicates.deviations(replicates, points)
        found = np.einsum("r...,r...->...", deviations, deviations)
    elif d.fits_cells(len(domains)):
        found = variances(d.cells, part.pairs, part.sums, coefficients, d.lonely_psu)
    else:
        found = score_variances(d, part.variables, domains, coefficients)
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


def design_pairs(d: SurveyDesign, domains: Domains | Crossing) -> Pairs:
    """All pairs of cell and domain, or only those that occur where there are many units."""
    every = d.cells.count * len(domains)
    if d.is_scanned or d.cells.projections or every <= max(1 << 14, d.rows // 8):
        return all_pairs(d.cells.count, len(domains))
    block = d.block(domains.names)
    domain = np.where(block.inside, domains.codes(block.frame, len(block)), -1)
    return occurring_pairs(block.cells, domain, d.cells.count, len(domains))


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
