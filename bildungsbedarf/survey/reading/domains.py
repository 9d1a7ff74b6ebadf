"""Domains: the combinations of the groups' categories, and which of them each row is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.sample.levels import level_codes


@dataclass(frozen=True)
class Domains:
    """All combinations of the groups' categories, the last group running fastest."""

    names: tuple[str, ...]
    levels: tuple[tuple[Any, ...], ...]

    @staticmethod
    def of(rows: Rows, by: Sequence[str]) -> Domains:
        """One domain where ``by`` is empty.

        Raises
        ------
        DesignError
            A group without a category: nobody has a value.
        """
        rows.look_at(by, levels=True)
        found = tuple(tuple(rows.levels(name)) for name in by)
        if empty := [name for name, levels in zip(by, found, strict=True) if not levels]:
            raise DesignError("nobody has a value of this group", where=f"variable {empty[0]}")
        return Domains(tuple(by), found)

    def __len__(self) -> int:
        return int(np.prod([len(levels) for levels in self.levels], dtype=np.int64))

    def labels(self) -> list[tuple[Any, ...]]:
        """The categories of each domain."""
        return list(product(*self.levels))

    def codes(self, frame: pd.DataFrame, rows: int) -> Ints:
        """The domain of each row; −1 where a group is missing."""
        codes = np.zeros(rows, dtype=np.int64)
        missing = np.zeros(rows, dtype=bool)
        for name, levels in zip(self.names, self.levels, strict=True):
            code = level_codes(frame[name], levels)
            missing |= code < 0
            codes = codes * len(levels) + np.maximum(code, 0)
        return np.where(missing, -1, codes)


@dataclass(frozen=True)
class Crossing:
    """Several groupings read in one pass: every combination of their categories, missing ones too."""

    names: tuple[str, ...]
    levels: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return int(np.prod([len(levels) + 1 for levels in self.levels], dtype=np.int64))

    def codes(self, frame: pd.DataFrame, rows: int) -> Ints:
        """Each row's combination; the last category of each grouping is the missing one."""
        codes = np.zeros(rows, dtype=np.int64)
        for name, levels in zip(self.names, self.levels, strict=True):
            code = level_codes(frame[name], levels)
            codes = codes * (len(levels) + 1) + np.where(code < 0, len(levels), code)
        return codes

    def margin(self, sums: Floats, name: str | None) -> Floats:
        """Sums (… × combinations · cells × features) of one grouping's categories alone."""
        sizes = [len(levels) + 1 for levels in self.levels]
        lead, (pairs, width) = sums.shape[:-2], sums.shape[-2:]
        shaped = sums.reshape(*lead, *sizes, pairs // len(self), width)
        others = tuple(len(lead) + axis for axis, known in enumerate(self.names) if known != name)
        kept = shaped.sum(axis=others)
        if name is None:
            return np.asarray(kept.reshape(*lead, -1, width))
        return np.asarray(kept[..., :-1, :, :].reshape(*lead, -1, width))
