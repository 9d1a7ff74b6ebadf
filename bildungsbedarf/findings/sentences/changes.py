"""Changes between waves: risen or fallen only where the simultaneous interval says so."""

from __future__ import annotations

from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.phrasing import Row, direction, is_missing
from bildungsbedarf.needs.about import Says


def change_text(row: Row, facts: Facts, says: Says) -> str:
    """What is said of a difference later − earlier; nothing without an interval."""
    if is_missing(row["sim_low"]):
        return ""
    return {1: says.rises, -1: says.falls, 0: says.stays}[direction(row, facts)]
