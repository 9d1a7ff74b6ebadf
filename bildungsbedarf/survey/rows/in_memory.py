"""The rows of a sample in memory: what estimators ask of them, and the one pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError, nearest
from bildungsbedarf.expression import Expression
from bildungsbedarf.survey.arrays import Floats, Ints, Mask
from bildungsbedarf.survey.frames import texts_among
from bildungsbedarf.survey.rows.blocks import Block, Coded, Measured
from bildungsbedarf.survey.sample.cells import MOST_UNEVEN, Calibration, Cells, cells_of
from bildungsbedarf.survey.sample.levels import levels_of
from bildungsbedarf.survey.sample.profiles import Profile, profile_of
from bildungsbedarf.survey.sample.stages import Stage, count_distinct

T = TypeVar("T")
_MOST_CELLS = 1 << 21


@dataclass(frozen=True, eq=False)
class RowsInMemory:
    """A frame with what is known of each of its rows.

    ``weights`` are the final ones, ``domain`` says who is in it, ``stages`` how the sample was drawn,
    ``calibrations`` what the weights were fitted to, in order.
    """

    data: pd.DataFrame
    weights: Floats
    domain: Mask
    stages: tuple[Stage, ...]
    calibrations: tuple[Calibration, ...] = ()
    _profiles: dict[str, Profile] = field(default_factory=dict, repr=False, compare=False)
    _kept_cells: list[Cells] = field(default_factory=list, repr=False, compare=False)
    """The cells, once they are known: further columns and smaller domains leave them as they are."""

    _read: dict[Coded, Ints] = field(default_factory=dict, repr=False, compare=False)
    """Codes of columns that a pass has read: weights and domains leave them as they are."""

    is_scanned = False

    @property
    def count(self) -> int:
        """Rows of the whole sample, inside the domain or not."""
        return len(self.weights)

    @property
    def texts(self) -> list[str]:
        """The columns that hold texts, also as categories."""
        return texts_among(self.data)

    @property
    def inside(self) -> int:
        """Rows of the domain."""
        return int(self.domain.sum())

    @property
    def weight(self) -> float:
        """Sum of the weights of the domain."""
        return float(self.weights[self.domain].sum())

    @cached_property
    def df(self) -> int:
        """PSUs − strata of the persons of the domain (R's ``degf``)."""
        first, used = self.stages[0], self.domain & (self.weights > 0)
        return count_distinct(first.unit[used]) - count_distinct(first.stratum[used])

    @cached_property
    def _is_uneven(self) -> bool:
        used = self.weights[self.weights > 0]
        return bool(used.max() > MOST_UNEVEN * used.min())

    @property
    def names(self) -> list[str]:
        """The columns."""
        return [str(name) for name in self.data.columns]

    @property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibrations cannot tell apart."""
        if not self._kept_cells:
            self._kept_cells.append(cells_of(self.stages, self.calibrations, self.weights))
        return self._kept_cells[0]

    @property
    def systems(self) -> int:
        """How many weights besides the final ones the sums are kept for."""
        return len(self.calibrations)

    @property
    def fitted_to(self) -> list[str]:
        """What the weights were fitted to, in words."""
        return [calibration.label for calibration in self.calibrations]

    def outline(self) -> list[tuple[int, int, bool]]:
        """By stage: strata, sampling units, and whether there is a finite population correction."""
        return [
            (count_distinct(stage.stratum), count_distinct(stage.unit), bool(np.isfinite(stage.population).all()))
            for stage in self.stages
        ]

    def fits_cells(self, domains: int) -> bool:
        """Sums by cell and domain are few enough to be kept; else scores by row give the variances.

        Residuals of several calibrations, or of weights trimmed afterwards, need the rows too, and so do weights of
        very different size: in sums of their squares what makes the variance is rounded away.
        """
        if self._is_uneven and self.cells.rows_are_units:
            return False
        if not self.calibrations:
            return True
        as_fitted = len(self.calibrations) == 1 and np.array_equal(self.calibrations[0].weights, self.weights)
        return as_fitted and self.cells.count * domains <= _MOST_CELLS

    def column(self, name: str) -> pd.Series:
        """A column of the data.

        Raises
        ------
        DesignError
            No such column; names the nearest one.
        """
        if name not in self.data.columns:
            raise DesignError(f"there is no variable {name!r}", expected=nearest(name, map(str, self.data.columns)))
        return self.data[name]

    def look_at(self, names: Sequence[str], *, levels: bool = False) -> None:
        """In memory everything is known; an unknown column is refused."""
        for name in names:
            if name not in self.data.columns:
                self.column(name)

    def profile(self, name: str) -> Profile:
        """A column's type and range."""
        if name not in self._profiles:
            self._profiles[name] = profile_of(self.column(name))
        return self._profiles[name]

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted."""
        return levels_of(self.column(name))

    def holes(self, name: str) -> int:
        """How many rows of the domain lack this variable."""
        return int((self.domain & self.column(name).isna().to_numpy()).sum())

    def occurring(self, name: str, beside: str) -> list[Any]:
        """Categories of persons of the domain who have a value of ``beside`` too."""
        kept = self.domain & (self.weights > 0) & self.column(beside).notna().to_numpy()
        inside = set(self.column(name)[kept].dropna())
        return [category for category in self.levels(name) if category in inside]

    def gather(self, measured: Measured[T]) -> T:
        """One pass over the rows."""
        return measured.of(self.block(measured.columns))

    def block(self, columns: Sequence[str]) -> Block:
        """All rows, with these columns at least."""
        self.look_at(columns)
        fitted = tuple(
            (calibration.weights, None if (calibration.regression == 1).all() else calibration.regression)
            for calibration in reversed(self.calibrations)
        )
        return Block(self.data, self.weights, self.domain, self.cells.codes, fitted, read=self._read)

    def where(self, condition: str | pd.Series | Mask) -> RowsInMemory:
        """A domain within the domain: rows where a condition or mask holds; unknown is outside.

        A Series belongs to the rows by its index, an array by position.

        Raises
        ------
        DesignError
            A mask of other rows, or of anything but true, false and unknown.
        """
        if isinstance(condition, str):
            expression = Expression(condition)
            expression.check_codes(self.data)
            condition = expression.evaluate(self.data)
        if isinstance(condition, pd.Series):
            condition = aligned(condition.to_frame(), self.data.index, "mask").iloc[:, 0]
        mask = _truth(condition).to_numpy(dtype=bool)
        if len(mask) != self.count:
            raise DesignError("mask has another length than the data", value=len(mask), expected=str(self.count))
        return replace(self, domain=self.domain & mask)

    def with_columns(self, columns: pd.DataFrame) -> RowsInMemory:
        """The same rows with further columns; what is known of the others stays known.

        Raises
        ------
        DesignError
            Columns of other rows, or without a name of their own.
        """
        if not isinstance(columns, pd.DataFrame):
            raise DesignError("further columns are no table", value=type(columns).__name__, expected="a DataFrame")
        check_names(columns)
        extra = aligned(columns, self.data.index, "columns")
        kept = self.data.drop(columns=extra.columns, errors="ignore")
        known = {name: profile for name, profile in self._profiles.items() if name not in extra.columns}
        read = dict(self._read) if kept.shape[1] == self.data.shape[1] else {}
        return replace(self, data=pd.concat([kept, extra], axis=1), _profiles=known, _read=read)

    def with_weights(self, weights: Floats | pd.Series, calibration: Calibration | None) -> RowsInMemory:
        """The same rows with other weights, and what they were fitted to.

        Raises
        ------
        DesignError
            Weights of other rows, or that cannot be; only fitted ones may be negative.
        """
        if isinstance(weights, pd.Series):
            weights = aligned(weights.to_frame(), self.data.index, "weights").iloc[:, 0].to_numpy(dtype=float)
        if np.shape(weights) != (self.count,):
            found = type(weights).__name__ if np.ndim(weights) != 1 else f"{len(weights)} weights"
            raise DesignError("weights do not fit the data", value=found, expected=f"one weight for {self.count} rows")
        weights = np.array(weights, dtype=float)
        odd = ~np.isfinite(weights) | ((weights < 0) & (calibration is None))
        if odd.any() or not (weights > 0).any():
            raise DesignError(
                "a weight is missing, infinite or negative" if odd.any() else "all weights are zero",
                where=f"row {int(np.flatnonzero(odd)[0])}" if odd.any() else "",
                value=float(weights[odd][0]) if odd.any() else None,
            )
        added = () if calibration is None else (calibration,)
        return replace(self, weights=weights, calibrations=(*self.calibrations, *added), _kept_cells=[])


def _truth(condition: Any) -> pd.Series:
    """True where it is true; unknown is false."""
    if isinstance(condition, pd.DataFrame) or np.ndim(condition) != 1:
        raise DesignError(
            "a mask is one column", value=type(condition).__name__, expected="a boolean Series or array, or a text"
        )
    is_sparse = isinstance(getattr(condition, "dtype", None), pd.SparseDtype)
    mask = pd.Series(np.asarray(condition) if is_sparse else condition)
    try:
        is_truth = mask.dropna().map(lambda value: isinstance(value, (bool, np.bool_))).all()
        if not is_truth:
            raise TypeError
        return mask.astype("boolean").fillna(False)
    except TypeError:
        raise DesignError(
            "a mask says true or false of each row",
            value=mask.dropna().iloc[0],
            expected="a boolean Series or array, such as d.data['age'] >= 65, or a text, such as 'age >= 65'",
        ) from None


def check_names(table: pd.DataFrame) -> None:
    """Refuse columns that cannot be named: no text, or the same name twice.

    Raises
    ------
    DesignError
        Such a column.
    """
    for name in table.columns:
        if not isinstance(name, str):
            raise DesignError(
                "a column's name is no text", value=repr(name), remedy="rename the columns: data.rename(columns=str)"
            )
    if (doubled := table.columns[table.columns.duplicated()]).size:
        raise DesignError("two columns have the same name", value=doubled[0], remedy="rename or drop one of them")


def aligned(table: pd.DataFrame, index: pd.Index, what: str) -> pd.DataFrame:
    """A table in the order of the data's rows, found by its index.

    Raises
    ------
    DesignError
        Its rows are not those of the data, or an index with doubles does not say which row is which.
    """
    if table.index.equals(index):
        return table.set_axis(index)
    if len(table) != len(index):
        raise DesignError(f"{what} of another length than the data", value=len(table), expected=f"{len(index)} rows")
    same_kind = table.index.nlevels == index.nlevels
    if not (same_kind and table.index.is_unique and index.is_unique and index.isin(table.index).all()):
        raise DesignError(
            f"{what} cannot be matched with the data: the index has other rows, or some twice",
            value=", ".join(map(str, table.index[:3])) + ", …",
            expected=", ".join(map(str, index[:3])) + ", …",
            remedy="keep the index of the design's data (d.data.index; one with doubles was numbered anew), or hand "
            "over an array in the order of its rows",
        )
    return table.reindex(index)
