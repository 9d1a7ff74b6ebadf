"""What became of the responses from one snapshot to the next, by their ids."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Changes:
    """Counts of responses: ``new``, ``finished`` since, ``deleted``, and ``altered`` otherwise."""

    new: int
    finished: int
    deleted: int
    altered: int

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.finished} finished since, {self.altered} altered otherwise, "
            f"{self.deleted} no longer there"
        )


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> Changes:
    """Compare raw tables (text, with ``id`` and ``submitdate``); columns that both have count."""
    old, new = before.set_index("id"), after.set_index("id")
    both = new.index.intersection(old.index)
    shared = [name for name in new.columns if name in old.columns]
    left, right = old.loc[both, shared], new.loc[both, shared]
    finished = (left["submitdate"] == "") & (right["submitdate"] != "")
    altered = (left.to_numpy() != right.to_numpy()).any(axis=1) & ~finished.to_numpy()
    return Changes(
        int((~new.index.isin(old.index)).sum()),
        int(finished.sum()),
        int((~old.index.isin(new.index)).sum()),
        int(altered.sum()),
    )
