"""The made-up data of the benchmarks, written as Parquet and CSV for all peers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ITEMS = 60
STRATA = 28
GROUPS = {"age": 4, "sex": 2, "edu": 5}
MARGINS = {"age": 4, "sex": 2, "edu": 5, "stratum": STRATA}


def people(rows: int, seed: int = 1, share_missing: float = 0.0) -> pd.DataFrame:
    """60 items from 1 to 5, weights, 28 strata, three groupings."""
    random = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    for number in range(ITEMS):
        answers = random.integers(1, 6, rows).astype("int8")
        is_missing = random.random(rows) < share_missing
        columns[f"q{number}"] = pd.arrays.IntegerArray(answers, is_missing) if share_missing else answers
    columns["w"] = random.uniform(0.5, 3, rows)
    columns["stratum"] = random.integers(0, STRATA, rows).astype("int8")
    for name, levels in GROUPS.items():
        columns[name] = pd.Categorical.from_codes(
            random.integers(0, levels, rows), [f"{name}{level}" for level in range(levels)]
        )
    return pd.DataFrame(columns)


def write_large(path: Path, rows: int) -> None:
    """A Parquet file in row groups of a million, with 5 % missing answers."""
    writer: pq.ParquetWriter | None = None
    for number in range(rows // 1_000_000):
        table = pa.Table.from_pandas(people(1_000_000, number, 0.05), preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is None:
        sys.exit("a large file has at least a million rows")
    writer.close()


def items() -> list[str]:
    """The names of the items."""
    return [f"q{number}" for number in range(ITEMS)]
