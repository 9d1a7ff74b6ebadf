"""The weighted distribution of a number by domain: rows in memory, distinct values of a scanned design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.survey.estimate.assemble import Columns, Layout, columns
from bildungsbedarf.survey.estimate.descriptive import mean_of
from bildungsbedarf.survey.estimate.quantile_rules import Rule
from bildungsbedarf.survey.estimate.quantile_rules import quantile as by_rule
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.reading.features import Variable, threshold_variable
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.sums.sums import Pairs, Sums, accumulate
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.estimands import Functionals, UpTo
from bildungsbedarf.survey.variance.evaluate import Summed, evaluate, finish

MOST_VALUES = 10_000
"""Up to this many distinct values a scanned design keeps their sums by cell, and needs no second pass."""
_MOST_SUMS = 1 << 23
_MOST_DISTINCT = 1 << 26
_COMPACT_FROM = 1 << 20


@dataclass(frozen=True)
class Distribution:
    """The values of one variable in one domain, ascending, with their weights and numbers of persons."""

    values: Floats
    weights: Floats
    persons: Floats

    def quantile(self, rule: Rule, prob: float) -> float:
        """The quantile; NaN where nobody is in the domain or ``prob`` is none."""
        if not self.values.size or not 0 <= prob <= 1:
            return float("nan")
        return by_rule(rule, self.values, self.weights, prob)


@dataclass(frozen=True)
class Curve:
    """One variable's distributions by domain; ``kept`` are its sums by value and cell, where they were kept."""

    variable: Variable
    distributions: tuple[Distribution, ...]
    kept: Summed | None = None


def read_curves(basis: Basis, variables: Sequence[Variable]) -> list[Curve]:
    """The distributions of numeric variables over persons with a positive weight, in one pass.

    Raises
    ------
    DesignError
        A scanned variable has too many distinct values to keep.
    """
    rows = basis.rows
    if not rows.is_scanned:
        return [Curve(variable, _of_rows(basis, variable)) for variable in variables]
    pairs, squares = basis.pairs, rows.cells.rows_are_units
    tables = rows.gather(_Tabulating(tuple(variables), basis.domains, pairs, 2 + rows.systems, squares))
    return [table.curve(variable, pairs) for table, variable in zip(tables, variables, strict=True)]


def shares_up_to(basis: Basis, curves: Sequence[Curve], limits: Sequence[Floats]) -> list[list[Columns]]:
    """By curve and row of its limits (rows × domains): the shares of persons up to them, with standard errors."""
    domains = basis.domains
    found: list[list[Columns]] = [[] for _ in curves]
    wanted: list[Variable] = []
    for number, (curve, rows) in enumerate(zip(curves, limits, strict=True)):
        layout = Layout.of([curve.variable], by_level=False)
        for row in rows:
            if curve.kept is None:
                wanted.append(threshold_variable(curve.variable, domains, row))
                continue
            levels = np.array(curve.kept.variables[0].levels, dtype=np.float64)
            part = finish(basis, curve.kept, UpTo(Functionals.of(curve.kept.variables), levels, row))
            found[number].append(columns(layout, [part], len(domains), False, is_total=False))
    if wanted:
        layout = Layout.of(wanted, by_level=False)
        every = columns(layout, evaluate(basis, wanted, mean_of), len(domains), False, is_total=False)
        owners = [number for number, curve in enumerate(curves) if curve.kept is None for _ in limits[number]]
        for place, owner in enumerate(owners):
            one = {name: values[:, place : place + 1] for name, values in vars(every).items()}
            found[owner].append(Columns(**one))
    return found


def _of_rows(basis: Basis, variable: Variable) -> tuple[Distribution, ...]:
    domains = basis.domains
    block = basis.rows.block([*domains.names, *variable.needed])
    numbers, base = _read(block, variable)
    domain = np.where(base, domains.codes(block.frame, len(numbers)), -1)
    found = []
    for number in range(len(domains)):
        rows = domain == number
        order = np.argsort(numbers[rows], kind="stable")
        found.append(Distribution(numbers[rows][order], block.weights[rows][order], np.ones(len(order))))
    return tuple(found)


def _read(block: Block, variable: Variable) -> tuple[Floats, Mask]:
    """The numbers, and which rows count."""
    numbers = block.frame[variable.columns[0]].to_numpy(dtype=float, na_value=np.nan)
    base = block.inside & (block.weights > 0) & ~np.isnan(numbers)
    if variable.others:
        base &= block.frame[list(variable.others)].notna().to_numpy().all(axis=1)
    return numbers, base


@dataclass(frozen=True)
class _Table:
    """Distinct values with their sums by pair of cell and domain, or, where these are too many, by domain.

    ``pending`` are parts of the distribution of each domain whose equal values are not yet together.
    """

    values: Floats
    sums: Sums | None
    pending: tuple[tuple[Distribution, ...], ...] = ()

    def curve(self, variable: Variable, pairs: Pairs) -> Curve:
        """The finished distributions."""
        if self.sums is None:
            return Curve(variable, tuple(_merged(parts) for parts in self.pending))
        levels = replace(variable, levels=tuple(self.values.tolist()), values=None, centre=0.0)
        kept = Summed((0,), (levels,), pairs, self.sums)
        return Curve(variable, tuple(_merged(parts) for parts in self.by_domain(pairs)), kept)

    def by_domain(self, pairs: Pairs) -> tuple[tuple[Distribution, ...], ...]:
        """The distribution of each domain, in parts."""
        if self.sums is None:
            return self.pending
        weights, persons = self.sums.first[:2, 0].reshape(2, pairs.domains, pairs.cells, -1).sum(axis=2)
        occurring = [count > 0 for count in persons]
        parts = zip(occurring, weights, persons, strict=True)
        return tuple((Distribution(self.values[rows], w[rows], n[rows]),) for rows, w, n in parts)


@dataclass(frozen=True)
class _Tabulating:
    """The tables of several variables in one pass."""

    variables: tuple[Variable, ...]
    domains: Domains
    pairs: Pairs
    systems: int
    squares: bool

    @property
    def columns(self) -> tuple[str, ...]:
        needed = (name for variable in self.variables for name in variable.needed)
        return tuple(dict.fromkeys([*self.domains.names, *needed]))

    def of(self, block: Block) -> list[_Table]:
        domain = self.domains.codes(block.frame, len(block))
        return [self._table(block, variable, domain) for variable in self.variables]

    def merge(self, one: list[_Table], other: list[_Table]) -> list[_Table]:
        return [self._merged(left, right) for left, right in zip(one, other, strict=True)]

    def _table(self, block: Block, variable: Variable, domain: np.ndarray) -> _Table:
        numbers, base = _read(block, variable)
        values, place = np.unique(numbers[base], return_inverse=True)
        if not self._fits(len(values)):
            parts = []
            for number in range(len(self.domains)):
                rows = base & (domain == number)
                parts.append((Distribution(numbers[rows], block.weights[rows], np.ones(int(rows.sum()))),))
            return _Table(np.empty(0), None, tuple(parts))
        codes = np.full(len(numbers), -1, dtype=np.int64)
        codes[base] = place
        known = Variable(variable.name, variable.columns, tuple(values.tolist()), others=variable.others)
        read = replace(block, read={known: codes})
        return _Table(values, accumulate(read, [known], self.pairs, domain, squares=self.squares))

    def _fits(self, values: int) -> bool:
        return values <= MOST_VALUES and values * len(self.pairs) * self.systems <= _MOST_SUMS

    def _merged(self, left: _Table, right: _Table) -> _Table:
        if left.sums is not None and right.sums is not None:
            values = np.union1d(left.values, right.values)
            if self._fits(len(values)):
                sums = _spread(left, values).merged(_spread(right, values))
                return _Table(values, sums)
        both = zip(left.by_domain(self.pairs), right.by_domain(self.pairs), strict=True)
        return _Table(np.empty(0), None, tuple(_compact((*one, *other)) for one, other in both))


def _spread(table: _Table, values: Floats) -> Sums:
    """The sums over more values; 0 for the new ones."""
    if table.sums is None:
        raise AssertionError("sums by value were not kept")
    if len(values) == len(table.values):
        return table.sums
    place = np.searchsorted(values, table.values)
    first = np.zeros((*table.sums.first.shape[:-1], len(values)))
    first[..., place] = table.sums.first
    if table.sums.second is None:
        return Sums(first, None)
    second = np.zeros((*table.sums.second.shape[:-1], len(values)))
    second[..., place] = table.sums.second
    return Sums(first, second)


def _compact(parts: tuple[Distribution, ...]) -> tuple[Distribution, ...]:
    """Equal values together once enough has come in, so that no part is merged again and again."""
    added = sum(len(part.values) for part in parts[1:])
    if added < max(_COMPACT_FROM, len(parts[0].values)):
        return parts
    merged = _merged(parts)
    if len(merged.values) > _MOST_DISTINCT:
        raise DesignError(
            "variable has too many distinct values for quantiles of a scanned design",
            value=f"more than {_MOST_DISTINCT:,}",
            remedy="round the variable in the file",
        )
    return (merged,)


def _merged(parts: tuple[Distribution, ...]) -> Distribution:
    """Equal values together, ascending."""
    values, place = np.unique(np.concatenate([part.values for part in parts]), return_inverse=True)
    weights, persons = (
        np.asarray(np.bincount(place, weights=np.concatenate(numbers), minlength=len(values)), dtype=np.float64)
        for numbers in ([part.weights for part in parts], [part.persons for part in parts])
    )
    return Distribution(values, weights, persons)
