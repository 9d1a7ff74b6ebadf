"""Claims on the first of several items: only where its rank set is {1}."""

from __future__ import annotations

from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.phrasing import Row, is_largest
from bildungsbedarf.needs.about import Says

HALF = 0.5


def claim_text(row: Row, facts: Facts, says: Says) -> tuple[str, str] | None:
    """(suffix of the id, text), or nothing; "more than half" only where the simultaneous interval is above it."""
    claim = says.claim
    if claim is None or not is_largest(row) or row["estimate"] <= 0:
        # what nobody named is not the most frequent
        return None
    plain, stronger = (
        (claim.in_group, claim.more_than_half_in_group) if facts.by else (claim.text, claim.more_than_half)
    )
    text = stronger if stronger and row["sim_low"] > HALF else plain
    return (claim.suffix, text) if text else None
