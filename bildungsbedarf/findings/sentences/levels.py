"""Estimates by themselves, and estimates held against zero or against others."""

from __future__ import annotations

from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.phrasing import Row, direction, is_missing
from bildungsbedarf.needs.about import Says


def level_text(row: Row, says: Says) -> str:
    """What is said of an estimate alone; nothing of one that is not the category the text speaks of."""
    if says.category and row["category"] != says.category:
        return ""
    has_interval = not is_missing(row["ci_low"]) and row["se"] > 0
    return says.level if has_interval or not says.needs_interval else ""


def side_text(row: Row, facts: Facts, says: Says) -> str:
    """Above or below, where the simultaneous interval is off 0; else that nothing differs demonstrably."""
    if is_missing(row.get("sim_low")):
        return ""
    return {1: says.above, -1: says.below, 0: says.level_with}[direction(row, facts)]
