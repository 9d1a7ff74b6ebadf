"""Many comparisons at once: adjusted p values, and letters for groups that do not differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr

from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.moments import Estimates, group_codes
from bildungsbedarf.survey.intervals.simultaneous import Draws, pairs_within


def adjusted_p(p: pd.Series, method: str) -> pd.Series:
    """P values adjusted over all that are known; ``holm`` (family-wise error) or ``fdr_bh`` (Benjamini–Hochberg).

    Benjamini–Hochberg may stand beside a table; it never carries a sentence.
    """
    # loaded by those who adjust only: the library takes a second
    from statsmodels.stats.multitest import multipletests

    values = p.to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    if known.any():
        found[known] = multipletests(values[known], method=method)[1]
    return pd.Series(found, index=p.index)


def letters(found: Estimates, level: float = 0.95) -> pd.Series:
    """Compact letters within each item over its groups: groups that share a letter do not differ demonstrably.

    All pairwise differences of the frame are tested at once (max-t); letters by insertion and absorption
    (Piepho 2004, Journal of Computational and Graphical Statistics 13 (2), 456–466). A column of the frame:
    filtering or sorting it keeps each row's letters.
    """
    frame = found.frame
    points = frame["estimate"].to_numpy(dtype=float)
    items = group_codes(frame, ["variable"])
    known = np.isfinite(points)
    covariance = np.nan_to_num(found.covariance)
    pairs = pairs_within(covariance, Draws.of(covariance, found.df), items, known)
    differ = np.abs(points[pairs.left] - points[pairs.right]) > pairs.critical(level) * pairs.errors
    text = pd.Series(pd.NA, index=frame.index, dtype="string")
    for item in np.unique(items):
        members = np.flatnonzero((items == item) & known)
        order = members[np.argsort(-points[members], kind="stable")]
        apart = differ & np.isin(pairs.left, members)
        differing = {(int(one), int(two)) for one, two in zip(pairs.left[apart], pairs.right[apart], strict=True)}
        text.iloc[order] = _letters([int(member) for member in order], differing)
    return text


def _letters(order: list[int], apart: set[tuple[int, int]]) -> list[str]:
    """Letters of each member, in the order given."""
    columns: list[set[int]] = [set(order)]
    for left, right in sorted(apart):
        split: list[set[int]] = []
        for column in columns:
            split += [column - {left}, column - {right}] if {left, right} <= column else [column]
        # what is contained in another column says nothing of its own
        distinct = list(map(set, dict.fromkeys(map(frozenset, split))))
        columns = [column for column in distinct if not any(column < other for other in distinct)]
    place = {member: rank for rank, member in enumerate(order)}
    columns.sort(key=lambda column: sorted(place[member] for member in column))
    names = [chr(ord("a") + number % 26) * (1 + number // 26) for number in range(len(columns))]
    return ["".join(name for name, column in zip(names, columns, strict=True) if m in column) for m in order]


def p_values(estimates: Floats, errors: Floats, df: Floats) -> Floats:
    """Two-sided p of estimate / error under t."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * stdtr(df, -np.abs(estimates / errors)))
