"""The additive kernel: sums of features by cell and domain.

One pass over blocks of rows; the sums of two blocks are merged by adding them. Estimates and variances
of all variables and domains follow from the sums alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.reading.features import Raw, Variable
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.sums import compiled

_AT_ONCE = 1 << 18
PRODUCTS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
"""Pairs of features of a continuous variable whose w²-weighted sums are kept."""


@dataclass(frozen=True)
class Pairs:
    """The pairs of cell and domain that are kept, domain by domain.

    ``place`` maps cell and domain (domain · cells + cell) to a pair; ``None`` where all are kept.
    """

    cell: Ints
    domain: Ints
    domains: int
    cells: int
    place: Ints | None = None

    def of(self, cell: Ints, domain: Ints) -> Ints:
        """The pair of each row."""
        code = domain * self.cells + cell
        return code if self.place is None else np.searchsorted(self.place, code)

    def __len__(self) -> int:
        return len(self.cell)


def all_pairs(cells: int, domains: int) -> Pairs:
    """Every cell with every domain."""
    return Pairs(np.tile(np.arange(cells), domains), np.repeat(np.arange(domains), cells), domains, cells)


def occurring_pairs(cell: Ints, domain: Ints, cells: int, domains: int) -> Pairs:
    """Only what occurs; for designs with many sampling units."""
    place = np.unique(domain[domain >= 0] * cells + cell[domain >= 0])
    return Pairs(place % cells, place // cells, domains, cells, place)


@dataclass
class Sums:
    """Sums of one set of variables with equally many features.

    ``first`` (systems × variables × pairs × features): system 0 is the weights, 1 counts persons, then
    the weights of the calibration's regression. ``second``: w²-weighted sums of squared features
    (discrete) or of ``PRODUCTS`` (continuous); ``None`` where rows are not sampling units.
    """

    first: Floats
    second: Floats | None

    def merged(self, other: Sums) -> Sums:
        """These sums, with the others added."""
        self.first += other.first
        if self.second is not None and other.second is not None:
            self.second += other.second
        return self

    @staticmethod
    def zeros(variables: Sequence[Variable], pairs: int, systems: int, *, squares: bool) -> Sums:
        """Nothing counted yet."""
        width, count = variables[0].width, len(variables)
        kept = width if variables[0].is_discrete else len(PRODUCTS)
        second = np.zeros((count, pairs, kept)) if squares else None
        return Sums(np.zeros((2 + systems, count, pairs, width)), second)


def accumulate(
    block: Block, variables: Sequence[Variable], pairs: Pairs, domain: Ints, *, squares: bool, fast: bool = False
) -> Sums:
    """Sums of one block; ``domain`` is each row's domain (−1: none); ``fast`` where compiling pays."""
    used = block.inside & (domain >= 0) & (block.weights > 0)
    if fast and variables[0].is_discrete:
        return _compiled(block, variables, pairs, np.where(used, domain, -1), squares=squares)
    pair = pairs.of(block.cells[used], domain[used]) if pairs.cells > 1 else domain[used]
    everyone = bool(used.all())
    sums = Sums.zeros(variables, len(pairs), len(block.fitted), squares=squares)
    weights = [
        block.weights[used],
        None,
        *(None if regression is None else regression[used] for _, regression in block.fitted),
    ]
    add = _add_codes if variables[0].is_discrete else _add_features
    size = max(1, _AT_ONCE // max(len(pair), 1))
    for start in range(0, len(variables), size):
        part = variables[start : start + size]
        add(sums, start, part, block, None if everyone else used, pair, weights)
    return sums


def _compiled(block: Block, variables: Sequence[Variable], pairs: Pairs, domain: Ints, *, squares: bool) -> Sums:
    sums = Sums.zeros(variables, len(pairs), len(block.fitted), squares=squares)
    pair = np.where(domain >= 0, pairs.of(block.cells, np.maximum(domain, 0)), -1)
    weights = [block.weights, None, *(regression for _, regression in block.fitted)]

    def read(number: int) -> Raw:
        return variables[number].raw(block.frame) or Raw(block.codes(variables[number]), 0)

    compiled.add_codes(read, pair, weights, sums.first, sums.second)
    return sums


def _add_codes(
    sums: Sums,
    start: int,
    variables: Sequence[Variable],
    block: Block,
    used: Mask | None,
    pair: Ints,
    weights: Sequence[Floats | None],
) -> None:
    """Histograms of codes; one bin in front of each variable's levels takes the missing ones."""
    pairs, width = sums.first.shape[2], sums.first.shape[3]
    bins = width + 1
    base = pair * bins + 1
    places = np.empty((len(variables), len(pair)), dtype=np.int64)
    for number, variable in enumerate(variables):
        codes = block.codes(variable)
        np.add(codes if used is None else codes[used], base + number * pairs * bins, out=places[number])
    flat = places.reshape(-1)
    shape = (len(variables), pairs, bins)
    stop = start + len(variables)

    def histogram(by: Floats | None) -> Floats:
        repeated = None if by is None else by if len(variables) == 1 else np.tile(by, len(variables))
        counts = np.bincount(flat, weights=repeated, minlength=len(variables) * pairs * bins)
        return np.asarray(counts.reshape(shape)[:, :, 1:], dtype=np.float64)

    for system, by in enumerate(weights):
        sums.first[system, start:stop] = histogram(by)
    if sums.second is not None and weights[0] is not None:
        sums.second[start:stop] = histogram(weights[0] ** 2)


def _add_features(
    sums: Sums,
    start: int,
    variables: Sequence[Variable],
    block: Block,
    used: Mask | None,
    pair: Ints,
    weights: Sequence[Floats | None],
) -> None:
    """Weighted sums of numbers and of their products."""
    pairs = sums.first.shape[2]
    for number, variable in enumerate(variables, start):
        features = variable.features(block.frame)[0]
        features = features if used is None else features[used]
        for system, by in enumerate(weights):
            for column in range(features.shape[1]):
                values = features[:, column] if by is None else features[:, column] * by
                sums.first[system, number, :, column] = np.bincount(pair, weights=values, minlength=pairs)
        if sums.second is not None and weights[0] is not None:
            squares = weights[0] ** 2
            for column, (left, right) in enumerate(PRODUCTS):
                values = squares * features[:, left] * features[:, right]
                sums.second[number, :, column] = np.bincount(pair, weights=values, minlength=pairs)
