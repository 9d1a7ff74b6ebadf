"""Rows that stay in Parquet: where they lie, what the files know of their columns, and blocks of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from bildungsbedarf.errors import DesignError, nearest
from bildungsbedarf.survey.arrays import Mask

T = TypeVar("T")
ROWS = 1 << 17
"""Rows of a block: few enough that one column fits into a processor's cache."""
_AHEAD = 3


@dataclass(frozen=True)
class Partition:
    """One row group of one file; ``first`` is the number of its first row."""

    fragment: ds.ParquetFileFragment
    first: int
    rows: int


@dataclass(frozen=True)
class ParquetSource:
    """Parquet files with one schema, cut into row groups."""

    name: str
    schema: pa.Schema
    partitions: tuple[Partition, ...]

    @staticmethod
    def open(source: str | Path | ds.Dataset) -> ParquetSource:
        """Read the files' footers.

        Raises
        ------
        DesignError
            No such file, no Parquet, or no rows; a file lacks a column the first one has.
        """
        name = "dataset" if isinstance(source, ds.Dataset) else str(source)
        try:
            found = source if isinstance(source, ds.Dataset) else ds.dataset(str(source), format="parquet")
            fragments = list(found.get_fragments())
            _refuse_holes(fragments, found.schema, name)
            groups = [group for fragment in fragments for group in _row_groups(fragment, name)]
        except (OSError, pa.ArrowInvalid) as error:
            raise DesignError(
                "no Parquet files can be read there", where=name, value=str(error), expected="a Parquet file or folder"
            ) from None
        partitions: list[Partition] = []
        first = 0
        for fragment in groups:
            rows = sum(group.num_rows for group in fragment.row_groups)
            if rows:
                partitions.append(Partition(fragment, first, rows))
            first += rows
        if not partitions:
            raise DesignError("a design needs at least one row", where=name)
        return ParquetSource(name, found.schema, tuple(partitions))

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return self.partitions[-1].first + self.partitions[-1].rows

    def type(self, name: str) -> pa.DataType:
        """A column's type.

        Raises
        ------
        DesignError
            No such column; names the nearest one.
        """
        if name not in self.schema.names:
            raise DesignError(
                f"there is no variable {name!r}", where=self.name, expected=nearest(name, self.schema.names)
            )
        return self.schema.field(name).type

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Smallest and largest value of the columns where all files know them."""
        groups = [group.statistics or {} for part in self.partitions for group in part.fragment.row_groups]
        found = {}
        for name in self.schema.names:
            known = [group.get(name) or {} for group in groups]
            ends = [end for each in known for end in (each.get("min"), each.get("max"))]
            numbers = [float(end) for end in ends if isinstance(end, (int, float))]
            if len(numbers) == len(ends):
                found[name] = min(numbers), max(numbers)
        return found

    def frames(self, partition: Partition, columns: Sequence[str]) -> Iterator[tuple[pd.DataFrame, int]]:
        """A partition's rows in blocks, each with the number of its first row.

        Raises
        ------
        DesignError
            The file is gone, or broken.
        """
        first = partition.first
        batches = partition.fragment.to_batches(
            schema=self.schema, columns=list(columns), batch_size=ROWS, batch_readahead=_AHEAD
        )
        try:
            for batch in batches:
                if batch.num_rows:
                    yield to_frame(batch, columns), first
                    first += batch.num_rows
        except (OSError, pa.ArrowException) as error:
            raise DesignError("a file cannot be read any more", where=self.name, value=str(error)) from None


def _refuse_holes(fragments: Sequence[ds.Fragment], schema: pa.Schema, name: str) -> None:
    """A column that one of the files lacks would count as missing there without a word."""
    for fragment in fragments:
        own = {*fragment.physical_schema.names, *ds.get_partition_keys(fragment.partition_expression)}
        if lacking := [column for column in schema.names if column not in own]:
            raise DesignError(
                "the files have different columns",
                where=getattr(fragment, "path", name),
                value=f"lacks {lacking[0]}",
                expected=", ".join(schema.names[:8]),
                remedy="write all files with the same columns, a missing one as empty values",
            )


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, read by a thread while the ones before are worked on."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, items, None) for _ in range(_AHEAD))
        while (found := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, items, None))
            yield found


def _row_groups(fragment: ds.Fragment, name: str) -> list[ds.ParquetFileFragment]:
    if not isinstance(fragment, ds.ParquetFileFragment):
        raise DesignError("a scanned design reads Parquet files", where=name, value=type(fragment).__name__)
    return list(fragment.split_by_row_group())


def to_frame(batch: pa.RecordBatch, columns: Sequence[str]) -> pd.DataFrame:
    """A batch as a frame: whole numbers and booleans stay what they are, texts become categories."""
    made = {name: _column(batch.column(name)) for name in columns}
    return pd.DataFrame(made, index=range(batch.num_rows), copy=False)


def _column(array: pa.Array) -> Any:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        array = array.dictionary_encode()
    if pa.types.is_dictionary(array.type):
        return pd.Categorical.from_codes(
            array.indices.fill_null(-1).to_numpy(zero_copy_only=False), array.dictionary.to_pylist()
        )
    if pa.types.is_boolean(kind) and array.null_count:
        return pd.arrays.BooleanArray(array.fill_null(False).to_numpy(zero_copy_only=False), _missing(array))
    if pa.types.is_integer(kind) and array.null_count:
        values = np.frombuffer(array.buffers()[1], dtype=kind.to_pandas_dtype())
        return pd.arrays.IntegerArray(values[array.offset : array.offset + len(array)], _missing(array))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return array.to_numpy(zero_copy_only=False)
    return array.to_pandas()


def _missing(array: pa.Array) -> Mask:
    """Where an array with missing values has them: the zeros of its bitmap."""
    start, skipped = divmod(array.offset, 8)
    bits = np.frombuffer(array.buffers()[0], dtype=np.uint8)[start : start + (skipped + len(array) + 7) // 8]
    present = np.unpackbits(bits, bitorder="little")[skipped : skipped + len(array)]
    return np.asarray(present == 0, dtype=np.bool_)
