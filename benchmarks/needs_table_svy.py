"""The needs table with the Python package svy. Arguments: DATA.parquet OUT.csv; prints the seconds it took."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import polars as pl
import svy

data = pl.read_parquet(sys.argv[1]).with_columns(pl.col("age", "sex", "edu").cast(pl.String))
items = [name for name in data.columns if name.startswith("q")]
start = time.perf_counter()
sample = svy.Sample(data, svy.Design(stratum="stratum", wgt="w"))
found = []
for by in (None, "age", "sex", "edu"):
    means = sample.estimation.mean(items, by=by, deff="wor")
    shares = sample.estimation.prop(items, by=by, deff="wor")
    if by is None:
        found = [(each.to_polars(), part.to_polars()) for each, part in zip(means, shares, strict=True)]
seconds = time.perf_counter() - start
rows = [
    ",".join(str(value) for value in [*mean["est"], *mean["se"], *share["est"], *share["se"]]) for mean, share in found
]
Path(sys.argv[2]).write_text("\n".join(rows), encoding="utf-8")
print(seconds)
