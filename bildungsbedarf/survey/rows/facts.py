"""What is counted of a scanned design before anything is estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bildungsbedarf.survey.arrays import Mask
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.rows.drawn import Drawing
from bildungsbedarf.survey.sample.levels import level_codes


@dataclass(frozen=True)
class Domain:
    """Of a domain: rows, persons with a positive weight, their weights, and whose units occur among them."""

    rows: int
    persons: int
    weight: float
    units: Mask


@dataclass(frozen=True)
class DomainFacts:
    """Counts a domain."""

    drawing: Drawing
    columns: tuple[str, ...] = ()

    def of(self, block: Block) -> Domain:
        """Of one block."""
        used = block.inside & (block.weights > 0)
        occurring = np.zeros(len(self.drawing.base), dtype=bool)
        occurring[self.drawing.unit(block.frame[used])] = True
        return Domain(int(block.inside.sum()), int(used.sum()), float(block.weights[used].sum()), occurring)

    def merge(self, one: Domain, other: Domain) -> Domain:
        """Of both."""
        rows, persons, weight = one.rows + other.rows, one.persons + other.persons, one.weight + other.weight
        return Domain(rows, persons, weight, one.units | other.units)


@dataclass(frozen=True)
class Holes:
    """Rows of the domain without a value."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The variable."""
        return (self.name,)

    def of(self, block: Block) -> int:
        """Of one block."""
        return int((block.inside & block.frame[self.name].isna().to_numpy()).sum())

    def merge(self, one: int, other: int) -> int:
        """Of both."""
        return one + other


@dataclass(frozen=True)
class Occurring:
    """Which levels of a variable persons of the domain have who have a value of another one too."""

    name: str
    beside: str
    levels: tuple[Any, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The variable and the other one."""
        return (self.name, self.beside)

    def of(self, block: Block) -> Mask:
        """By level."""
        kept = block.inside & (block.weights > 0) & block.frame[self.beside].notna().to_numpy()
        codes = level_codes(block.frame[self.name], self.levels)[kept]
        return np.bincount(codes[codes >= 0], minlength=len(self.levels)) > 0

    def merge(self, one: Mask, other: Mask) -> Mask:
        """In either."""
        return one | other
