"""A seal of a frame's rows: it breaks when rows are lacking, doubled, or hold other numbers.

Against mistakes, not against malice: whoever wants to can seal anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bildungsbedarf.errors import ConfigError

_LABELS = ("variable", "category", "prob", "term", "by", "group", "decision")
"""What tells the rows of a frame apart, beside its groups; ``decision`` once it passed the gate."""
_FREE = {"weighted_n", "df", "deff"}
"""Numbers no rule looks at: a frame may do without them."""


def seal(frame: pd.DataFrame, by: Sequence[str]) -> str:
    """The seal of a frame's rows, whatever their order, as a text."""
    return json.dumps(_sums(frame, by))


def numbers_of(sealed: str) -> frozenset[str]:
    """The columns of numbers that a seal is of."""
    return frozenset(json.loads(sealed)["numbers"])


def rows_sealed(sealed: str) -> int:
    """How many rows a seal is of."""
    return int(json.loads(sealed)["rows"])


def check(frame: pd.DataFrame, by: Sequence[str], sealed: str) -> None:
    """Refuse a frame whose rows are not those that were sealed.

    Raises
    ------
    ConfigError
        Rows or labels are lacking, rows stand in it twice, or numbers differ.
    """
    kept = json.loads(sealed)
    labels, rows = kept["labels"], f"{len(frame)} of {kept['rows']} rows"
    if not frame.columns.is_unique:
        doubled = frame.columns[frame.columns.duplicated()][0]
        raise ConfigError("a column of this table stands in it twice", value=doubled, remedy="drop one of them")
    needed = [*labels, *(name for name in kept["numbers"] if name not in _FREE)]
    if lost := [name for name in needed if name not in frame.columns]:
        raise ConfigError(
            "this table lacks a column it was computed with",
            value=lost[0],
            remedy="release the table as it was computed, and choose its columns afterwards",
        )
    if len(frame) < kept["rows"]:
        raise ConfigError(
            "rows of this table are lacking: what is hidden could follow from the others",
            value=rows,
            remedy="release the whole table, then choose: released.only(items, group=[…])",
        )
    if len(frame) > kept["rows"]:
        raise ConfigError(
            "this table has more rows than were computed: some stand in it twice, or are of another one",
            value=rows,
            remedy="release each table as it was computed: show.table takes several",
        )
    plain = frame[[name for name in frame.columns if name in {*labels, *kept["numbers"]}]]
    # pandas copies attrs with every column that is read
    plain.attrs = {}
    found = _sums(plain, by)["numbers"]
    for name, total in kept["numbers"].items():
        # a column of texts or objects is none of numbers any more
        if name in plain.columns and found.get(name) != total:
            raise ConfigError(
                "numbers of this table are not those that were computed",
                where=f"column {name}",
                remedy="release it as it was computed; needs.equity and needs.trend subtract, show.table rounds",
            )


def _sums(frame: pd.DataFrame, by: Sequence[str]) -> dict[str, Any]:
    """Number of rows, and by column the sum over them of hashes of labels and number."""
    columns = {str(name): column.array for name, column in frame.items()}
    labels = [name for name in dict.fromkeys((*_LABELS, *by)) if name in columns]
    rows = zip(*(columns[name] for name in labels), strict=True) if labels else [()] * len(frame)
    keys = np.array([_hash(row) for row in rows], dtype=np.uint64)
    numbers = {
        name: column.to_numpy(dtype=np.float64, na_value=np.nan)
        for name, column in columns.items()
        if name not in labels and column.dtype.kind in "iuf"
    }
    values = np.array(list(numbers.values()), dtype=np.float64).reshape(len(numbers), len(frame))
    # equal numbers have equal bits: one 0, one missing value
    bits = np.where(np.isnan(values), np.nan, values + 0.0).view(np.uint64)
    sums = _mixed(keys ^ _mixed(bits)).sum(axis=1, dtype=np.uint64).tolist()
    return {
        "rows": len(frame),
        "labels": labels,
        "numbers": {name: f"{total:016x}" for name, total in zip(numbers, sums, strict=True)},
    }


def _hash(row: Sequence[object]) -> int:
    text = "\x1f".join("\x00" if pd.isna(value) else _text(value) for value in row)  # type: ignore[call-overload]
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _text(value: object) -> str:
    """The same whatever type holds a label: 1 and 1.0, a day with and without its midnight."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit depends on every other."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
