"""What estimators read of each row: a code per row, or a few numbers per row.

A discrete variable has one indicator a level; a continuous one the features 1, y, y². Every estimate
is a function of the features' weighted sums, and its score is linear in the features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.sample.levels import crossed_codes, level_codes, whole_codes
from bildungsbedarf.survey.sample.profiles import MOST_CODES

Missing = Literal["drop", "listwise", "category", "fail"]
MISSING: tuple[Missing, ...] = ("drop", "listwise", "category", "fail")
MISSING_CATEGORY = "(missing)"


@dataclass(frozen=True)
class Threshold:
    """A number by domain: rows are 1 where their value is not above it, else 0."""

    domains: Domains
    limits: tuple[float, ...]

    def codes(self, frame: pd.DataFrame, name: str) -> Ints:
        """1 or 0; −1 where the value or the domain is missing."""
        numbers = frame[name].to_numpy(dtype=float, na_value=np.nan)
        domain = self.domains.codes(frame, len(numbers))
        limits = np.array(self.limits)[domain]
        missing = (domain < 0) | np.isnan(numbers) | np.isnan(limits)
        return np.where(missing, -1, (numbers <= limits).astype(np.int64))


class Raw(NamedTuple):
    """Numbers whose levels are the values less ``low``; what is no level is missing."""

    values: NDArray[Any]
    low: int


@dataclass(frozen=True)
class Variable:
    """One variable as it is read.

    ``levels`` are the categories or numbers of a discrete variable, ``None`` for a continuous one.
    ``values`` are the numbers of the levels less ``centre``, where they are numbers, ``step`` apart. A variable of
    two columns is a ratio (features 1, numerator, denominator), or, with levels, their crossing.
    ``others`` are the columns that must not be missing either (listwise deletion).
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[Any, ...] | None = None
    values: tuple[float, ...] | None = None
    centre: float = 0.0
    step: float = 1.0
    missing_level: bool = False
    others: tuple[str, ...] = ()
    threshold: Threshold | None = None

    @property
    def is_discrete(self) -> bool:
        """Rows have codes, not numbers."""
        return self.levels is not None

    @property
    def width(self) -> int:
        """How many features."""
        return len(self.levels) if self.levels is not None else 3

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns it is read from."""
        return tuple(dict.fromkeys((*self.columns, *self.others)))

    def codes(self, frame: pd.DataFrame) -> Ints:
        """The level of each row of a discrete variable, −1 where it is missing."""
        if self.levels is None:
            raise TypeError(f"{self.name} is continuous")
        if self.threshold is not None:
            codes = self.threshold.codes(frame, self.columns[0])
        elif self.values is not None and self.step != 1:
            codes = _ends_codes(frame[self.columns[0]], self.levels)
        elif self.values is not None:
            codes = whole_codes(frame[self.columns[0]], self.values[0] + self.centre, self.width)
        elif len(self.columns) > 1:
            codes = crossed_codes(frame, self.columns, self.levels)
        else:
            known = self.levels[:-1] if self.missing_level else self.levels
            codes = level_codes(frame[self.columns[0]], known)
            if self.missing_level:
                codes = np.where(codes < 0, len(known), codes)
        return np.where(_present(frame, self.others), codes, -1) if self.others else codes

    def raw(self, frame: pd.DataFrame) -> Raw | None:
        """Numbers as they stand, where the level of a row is its number less the lowest."""
        column = frame[self.columns[0]]
        if self.values is None or self.threshold is not None or self.others or self.step != 1:
            return None
        low = int(self.values[0] + self.centre)
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
            return Raw(column.to_numpy(), low)
        if isinstance(column.array, pd.arrays.IntegerArray):
            # one below the lowest is no level, and stands for the missing ones where the type has it
            size = 8 * column.array.dtype.itemsize
            if low > -(2 ** (size - 1)) if column.array.dtype.kind == "i" else low > 0:
                return Raw(column.to_numpy(dtype=f"{column.array.dtype.kind}{size // 8}", na_value=low - 1), low)
        return None

    def features(self, frame: pd.DataFrame) -> tuple[Floats, Mask]:
        """Features (rows × 3, 0 outside the base) and base of a continuous variable."""
        numbers = [frame[name].to_numpy(dtype=float, na_value=np.nan) for name in self.columns]
        base = np.logical_and.reduce([~np.isnan(column) for column in numbers])
        if self.others:
            base &= _present(frame, self.others)
        first = np.where(base, numbers[0] - self.centre, 0.0)
        second = first**2 if len(numbers) == 1 else np.where(base, numbers[1], 0.0)
        return np.column_stack([base.astype(float), first, second]), base


def numeric_variables(rows: Rows, names: Sequence[str], missing: Missing) -> list[Variable]:
    """Numbers as they are; booleans as 0 and 1.

    Raises
    ------
    DesignError
        A variable is not a number, or has missing values and ``missing="fail"``.
    """
    _check_missing(missing, allowed=("drop", "listwise", "fail"))
    _refuse_none(names)
    rows.look_at(names)
    variables = []
    for name in names:
        profile = rows.profile(name)
        if not profile.is_numeric:
            raise DesignError(
                "variable is not a number",
                where=f"variable {name}",
                value=profile.kind,
                remedy="estimate.proportion gives the share of each category",
            )
        _refuse_missing(rows, name, missing)
        low, high = profile.low, profile.high
        if profile.is_whole and high - low < MOST_CODES:
            levels = np.arange(low, high + 1)
            centre = float(np.floor((low + high) / 2))
            variables.append(
                Variable(name, (name,), tuple(map(int, levels)), tuple((levels - centre).tolist()), centre)
            )
        elif profile.is_two and np.isfinite(low + high) and low < high:
            centre = (low + high) / 2
            values = (low - centre, high - centre)
            variables.append(Variable(name, (name,), (low, high), values, centre, high - low))
        else:
            centre = (low + high) / 2 if np.isfinite(low + high) else 0.0
            variables.append(Variable(name, (name,), centre=centre))
    return _listwise(variables, names) if missing == "listwise" else variables


def threshold_variable(variable: Variable, domains: Domains, limits: Floats) -> Variable:
    """Whether a number is not above a limit that differs between domains."""
    threshold = Threshold(domains, tuple(limits.tolist()))
    return Variable(
        variable.name,
        (variable.columns[0], *domains.names),
        (0, 1),
        (0.0, 1.0),
        others=variable.others,
        threshold=threshold,
    )


def category_variables(rows: Rows, names: Sequence[str], missing: Missing) -> list[Variable]:
    """Variables by category, in the variable's order; categories nobody chose stay."""
    _check_missing(missing, allowed=MISSING)
    _refuse_none(names)
    rows.look_at(names, levels=True)
    variables = []
    for name in names:
        _refuse_missing(rows, name, missing)
        known = tuple(rows.levels(name))
        as_level = missing == "category"
        variables.append(
            Variable(name, (name,), (*known, MISSING_CATEGORY) if as_level else known, missing_level=as_level)
        )
    return _listwise(variables, names) if missing == "listwise" else variables


def _refuse_none(names: Sequence[str]) -> None:
    if not names:
        raise ConfigError("no variable is named", expected="one name, or a list of names")


def ratio_variable(rows: Rows, num: str, den: str, missing: Missing) -> Variable:
    """Two numbers of the rows that have both."""
    numeric_variables(rows, [num, den], missing)
    return Variable(f"{num}/{den}", (num, den))


def crossed_variable(rows: Rows, name: str, row: str, col: str) -> Variable:
    """The cells of a two-way table; the first variable runs fastest."""
    rows.look_at([row, col], levels=True)
    cells = tuple((r, c) for c, r in product(rows.levels(col), rows.levels(row)))
    return Variable(name, (row, col), cells)


def _ends_codes(column: pd.Series, levels: Sequence[Any]) -> Ints:
    """0 and 1 for two numbers, −1 for what is neither."""
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(numbers == levels[0], 0, np.where(numbers == levels[1], 1, -1)).astype(np.int64)


def _listwise(variables: list[Variable], names: Sequence[str]) -> list[Variable]:
    return [replace(variable, others=tuple(names)) for variable in variables]


def _present(frame: pd.DataFrame, names: Sequence[str]) -> Mask:
    return np.asarray(frame[list(names)].notna().to_numpy().all(axis=1), dtype=bool)


def _check_missing(missing: str, allowed: Sequence[str]) -> None:
    if missing not in allowed:
        raise ConfigError("unknown rule for missing values", value=missing, expected=", ".join(allowed))


def _refuse_missing(rows: Rows, name: str, missing: Missing) -> None:
    holes = rows.holes(name) if missing == "fail" else 0
    if holes:
        raise DesignError("variable has missing values", where=f"variable {name}", value=f"{holes} rows")
