"""Which of several comparisons are told: what another sentence says already is not said again."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.phrasing import Row
from bildungsbedarf.findings.wording import groups_of
from bildungsbedarf.needs.answers.scales import UNRELIABLE


def chosen(rows: Sequence[Row], facts: Facts) -> list[Row]:
    """The rows whose sentences are told, in their order.

    Of two groups that are each other's rest only the one with more is named: the other sentence is its mirror image.
    Of crossed groups ("65+ without children") only those whose interval lies beyond the difference of every smaller
    statement ("65+") that is told: the others say nothing that it does not say. Of scales that do not measure one
    thing nothing is told.
    """
    weak = facts.details.get(UNRELIABLE, ())
    rows = [row for row in rows if row["variable"] not in weak]
    if facts.kind != "difference":
        return rows
    told: list[Row] = []
    for row in sorted(rows, key=lambda row: len(groups_of(row, facts))):
        if not (_is_mirror(row, rows, facts) or any(_is_implied(row, smaller, facts) for smaller in told)):
            told.append(row)
    kept = {id(row) for row in told}
    return [row for row in rows if id(row) in kept]


def _is_mirror(row: Row, rows: Sequence[Row], facts: Facts) -> bool:
    """Another row has the same two shares the other way round."""
    return row["estimate"] < 0 and any(
        other["variable"] == row["variable"]
        and other["share"] == row["other"]
        and other["other"] == row["share"]
        and groups_of(other, facts).keys() == groups_of(row, facts).keys()
        for other in rows
    )


def _is_implied(row: Row, smaller: Row, facts: Facts) -> bool:
    """A told row is of the same item and a wider group, and its difference lies within this one's interval."""
    wider, own = groups_of(smaller, facts), groups_of(row, facts)
    low, high = (row[end] for end in facts.ends)
    is_wider = len(wider) < len(own) and wider.items() <= own.items()
    return bool(smaller["variable"] == row["variable"] and is_wider and low <= smaller["estimate"] <= high)
