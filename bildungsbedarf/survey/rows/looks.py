"""What is looked up once of the columns of a scanned design: types and ranges, and categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.rows.executors import gather
from bildungsbedarf.survey.rows.parquet import ParquetSource
from bildungsbedarf.survey.sample.profiles import MOST_CODES, Profile, profile_of

MOST_LEVELS = 10_000


@dataclass
class Looks:
    """Profiles and categories of columns, as far as they were asked for.

    The files' footers know the range of numbers. Where they do not, or where it must be known whether
    decimal numbers are whole, or which categories there are, one pass reads these columns.
    """

    source: ParquetSource
    executor: str
    _profiles: dict[str, Profile] = field(default_factory=dict)
    _levels: dict[str, list[Any]] = field(default_factory=dict)

    def at(self, names: Sequence[str], *, levels: bool) -> None:
        """Learn of all these columns what is not yet known."""
        for name in names:
            if name not in self._profiles and (known := self._from_footer(name)) is not None:
                self._profiles[name] = known
        unknown = [name for name in names if name not in self._profiles]
        listed = [name for name in names if name not in self._levels and (levels or name in unknown)]
        listed = [name for name in listed if levels or not self._is_number(name)]
        read = list(dict.fromkeys([*unknown, *listed]))
        if not read:
            return
        found = gather(self.source, read, _Look(tuple(unknown), tuple(listed)), self.executor)
        self._profiles |= found[0]
        for name, values in found[1].items():
            if len(values) > MOST_LEVELS:
                raise DesignError(
                    "variable has too many categories", where=f"variable {name}", expected=f"at most {MOST_LEVELS:,}"
                )
            declared = pa.types.is_dictionary(self.source.type(name))
            self._levels[name] = list(values) if declared else sorted(values)

    def profile(self, name: str) -> Profile:
        """A column's type and range."""
        self.at([name], levels=False)
        return self._profiles[name]

    def levels(self, name: str) -> list[Any]:
        """Categories: of dictionaries all, in the files' order; else the values that occur, sorted."""
        self.at([name], levels=True)
        return self._levels[name]

    def _is_number(self, name: str) -> bool:
        kind = self.source.type(name)
        return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))

    def _from_footer(self, name: str) -> Profile | None:
        kind = self.source.type(name)
        if pa.types.is_boolean(kind):
            self._levels[name] = [False, True]
            return Profile("boolean", True, True, 0.0, 1.0)
        if not self._is_number(name):
            return Profile(str(kind), False, False, np.nan, np.nan)
        if name not in self.source.ranges:
            return None
        low, high = self.source.ranges[name]
        could_be_codes = low == np.floor(low) and high == np.floor(high) and high - low < MOST_CODES
        if pa.types.is_floating(kind) and could_be_codes:
            return None
        return Profile(str(kind), True, bool(pa.types.is_integer(kind)), low, high)


Found = tuple[dict[str, Profile], dict[str, dict[Any, None]]]


@dataclass(frozen=True)
class _Look:
    """Profiles and distinct values, the latter in the order in which they were met."""

    profiles: tuple[str, ...]
    levels: tuple[str, ...]

    def of(self, frame: pd.DataFrame, first: int) -> Found:
        return (
            {name: profile_of(frame[name]) for name in self.profiles},
            {name: _distinct(frame[name]) for name in self.levels},
        )

    def merge(self, one: Found, other: Found) -> Found:
        profiles = {name: one[0][name].joined(other[0][name]) for name in self.profiles}
        return profiles, {
            name: one[1][name] | other[1][name] if len(one[1][name]) <= MOST_LEVELS else one[1][name]
            for name in self.levels
        }


def _distinct(column: pd.Series) -> dict[Any, None]:
    is_coded = isinstance(column.dtype, pd.CategoricalDtype)
    return dict.fromkeys(column.cat.categories if is_coded else column.dropna().unique().tolist())
