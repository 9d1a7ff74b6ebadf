"""Sentences that look at the interval, never at the point alone: which text of a measure a row carries.

Texts stand with their measure (``needs.about``, ``participation.about``); each module here knows one thing that a
row may carry.
"""

from __future__ import annotations

from collections.abc import Iterator

from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.phrasing import Row
from bildungsbedarf.findings.sentences.changes import change_text
from bildungsbedarf.findings.sentences.claims import claim_text
from bildungsbedarf.findings.sentences.levels import level_text, side_text
from bildungsbedarf.needs.about import Measure

__all__ = ["texts_of"]


def texts_of(row: Row, facts: Facts, measure: Measure, *, claims_only: bool = False) -> Iterator[tuple[str, str]]:
    """The texts a released row carries, each with the suffix of its id ("" for the row's own).

    Where estimates are split by groups, a text that names no group would read as one of all: it is not said.
    """
    if facts.kind == "change":
        found = change_text(row, facts, measure.says)
    else:
        found = level_text(row, measure.says) or side_text(row, facts, measure.says)
    if found and not claims_only and _names_whom(found, facts):
        yield "", found
    if facts.kind == "level" and (claim := claim_text(row, facts, measure.says)) and _names_whom(claim[1], facts):
        yield claim


def _names_whom(text: str, facts: Facts) -> bool:
    return not facts.by or "{group}" in text
