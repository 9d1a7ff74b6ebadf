"""Blocks of rows, and what is measured over them: results of blocks are merged, whatever their number.

Every pass over the rows of a design is a ``Measured``. A design in memory is one block; a scanned one is
read block by block, here or on a cluster, and only the results travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import pandas as pd

from bildungsbedarf.survey.arrays import Floats, Ints, Mask

T = TypeVar("T")
_MOST_KEPT = 1 << 23
"""Codes (rows × variables) that are kept between passes: 64 MB."""


class Coded(Protocol):
    """Something that has a level in each row."""

    def codes(self, frame: pd.DataFrame) -> Ints:
        """The level of each row; −1 where it has none."""

    def __hash__(self) -> int:
        """Codes are kept by what they are the codes of."""


@dataclass(frozen=True)
class Block:
    """Rows as a pass reads them.

    ``first`` is the number of the first row. ``fitted`` are the calibrations, the last one first: the
    weights they made, and the weights of the regression that gives the residuals (``None`` where they
    are 1). ``read`` keeps codes for further passes over the same rows, as many as fit in memory.
    """

    frame: pd.DataFrame
    weights: Floats
    inside: Mask
    cells: Ints
    fitted: tuple[tuple[Floats, Floats | None], ...] = ()
    first: int = 0
    read: dict[Coded, Ints] | None = field(default=None, compare=False)

    def __len__(self) -> int:
        return len(self.weights)

    def codes(self, variable: Coded) -> Ints:
        """The level of each row."""
        if self.read is None:
            return variable.codes(self.frame)
        found = self.read.get(variable)
        if found is None:
            found = variable.codes(self.frame)
            if (len(self.read) + 1) * len(self) <= _MOST_KEPT:
                self.read[variable] = found
        return found

    def pieces(self, rows: int) -> Iterator[Block]:
        """The same rows, at most ``rows`` at a time."""
        if rows >= len(self):
            yield self
            return
        for start in range(0, len(self), rows):
            part = slice(start, start + rows)
            yield replace(
                self,
                frame=self.frame.iloc[part],
                weights=self.weights[part],
                inside=self.inside[part],
                cells=self.cells[part],
                fitted=tuple((made[part], None if by is None else by[part]) for made, by in self.fitted),
                first=self.first + start,
                read=None,
            )


class Measured(Protocol[T]):
    """What is read of each block; merging is associative, so blocks may be grouped in any way."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs."""

    def of(self, block: Block) -> T:
        """The result of one block."""

    def merge(self, one: T, other: T) -> T:
        """The result of both; may change ``one``."""
