"""What is asked of the rows of a sample, wherever they lie.

``RowsInMemory`` answers from a frame, ``ScannedRows`` from Parquet files. Whoever estimates asks these questions
and none besides; where an answer needs all rows at hand, ``RowsInMemory`` alone has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from bildungsbedarf.survey.rows.blocks import Block, Measured
from bildungsbedarf.survey.sample.cells import Cells
from bildungsbedarf.survey.sample.profiles import Profile

T = TypeVar("T")


class Rows(Protocol):
    """The rows of a whole sample, and which of them are in the domain."""

    @property
    def is_scanned(self) -> bool:
        """Rows stay in their files and are read block by block."""

    @property
    def count(self) -> int:
        """Rows of the whole sample, inside the domain or not."""

    @property
    def inside(self) -> int:
        """Rows of the domain."""

    @property
    def weight(self) -> float:
        """Sum of the weights of the domain."""

    @property
    def df(self) -> int:
        """PSUs − strata of the persons of the domain."""

    @property
    def names(self) -> list[str]:
        """The columns."""

    @property
    def texts(self) -> list[str]:
        """The columns that hold texts."""

    @property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibrations cannot tell apart."""

    @property
    def systems(self) -> int:
        """How many weights besides the final ones the sums are kept for."""

    @property
    def fitted_to(self) -> list[str]:
        """What the weights were fitted to, in words."""

    def outline(self) -> list[tuple[int, int, bool]]:
        """By stage: strata, sampling units, and whether there is a finite population correction."""

    def fits_cells(self, domains: int) -> bool:
        """Sums by cell and domain are few enough to be kept; else scores by row give the variances."""

    def look_at(self, names: Sequence[str], *, levels: bool = False) -> None:
        """Learn types and ranges, or the categories too, of all these columns at once."""

    def profile(self, name: str) -> Profile:
        """A column's type and range."""

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted."""

    def holes(self, name: str) -> int:
        """How many rows of the domain lack this variable."""

    def occurring(self, name: str, beside: str) -> list[Any]:
        """Categories of persons of the domain who have a value of ``beside`` too."""

    def gather(self, measured: Measured[T]) -> T:
        """One pass over the rows."""

    def block(self, columns: Sequence[str]) -> Block:
        """All rows at once, with these columns at least; refused where they stay in files."""

    def where(self, condition: Any) -> Rows:
        """The same rows with a smaller domain."""
