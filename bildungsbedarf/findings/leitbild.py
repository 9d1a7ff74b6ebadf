"""Goal × evidence: which findings support a strategic goal, weaken it, or leave it open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bildungsbedarf.findings.model import Finding
from bildungsbedarf.study import Leitbild
from bildungsbedarf.study.leitbild import Evidence, Goal

Verdict = Literal["supports", "weakens", "open", "context"]
"""``context``: on the same concept, but no limit was declared for it."""


@dataclass(frozen=True)
class Piece:
    """One finding that speaks to a goal; ``criterion`` is the limit it was held against."""

    finding: Finding
    verdict: Verdict
    criterion: str


@dataclass(frozen=True)
class GoalEvidence:
    """A goal with everything known about it; ``missing`` names findings it waits for."""

    goal: Goal
    pieces: list[Piece]
    missing: list[str]

    @property
    def has_evidence(self) -> bool:
        """Whether anything decides for or against the goal."""
        return any(piece.verdict in ("supports", "weakens") for piece in self.pieces)


def weigh(leitbild: Leitbild, findings: list[Finding]) -> list[GoalEvidence]:
    """Hold every goal against the register; of a finding in several waves the newest counts.

    Parameters
    ----------
    leitbild
        The Leitbild of leitbild.toml.
    findings
        Findings of the register.

    Returns
    -------
    list of GoalEvidence
        One a goal.

    Examples
    --------
    >>> len(findings.weigh(study.files.leitbild, []))
    4
    """
    known = newest(findings)
    return [_weigh_goal(goal, known) for goal in leitbild.goal]


def newest(findings: list[Finding]) -> list[Finding]:
    """Each finding in its newest wave; a claim ("largest") only where the newest wave carries it.

    Parameters
    ----------
    findings
        Findings of the register.

    Returns
    -------
    list of Finding
        Each once.

    Examples
    --------
    >>> findings.newest([])
    []
    """
    last: dict[tuple[str, bool], str] = {}
    latest: dict[tuple[str, str], Finding] = {}
    for finding in sorted(findings, key=lambda finding: finding.wave):
        last[(finding.audience, finding.kind == "trend")] = finding.wave
        latest[(finding.id, finding.audience)] = finding
    return [
        finding
        for finding in latest.values()
        if finding.kind != "comparison" or finding.wave == last[(finding.audience, False)]
    ]


def _weigh_goal(goal: Goal, known: list[Finding]) -> GoalEvidence:
    pieces: list[Piece] = []
    missing: list[str] = []
    for entry in goal.evidence:
        if entry.concept:
            named = {piece.finding.id for piece in pieces} | {other.finding for other in goal.evidence}
            pieces += [Piece(f, "context", "") for f in known if f.concept == entry.concept and f.id not in named]
            continue
        matches = [finding for finding in known if finding.id == entry.finding]
        pieces += [Piece(finding, verdict(finding, entry), criterion(entry)) for finding in matches]
        missing += [] if matches else [entry.finding]
    return GoalEvidence(goal, pieces, missing)


def verdict(finding: Finding, entry: Evidence) -> Verdict:
    """Only a whole interval beyond a limit decides: the one the sentence prints, not rounded."""
    low, high = finding.ends
    if _above(low, entry.supports_above) or _below(high, entry.supports_below):
        return "supports"
    if _above(low, entry.weakens_above) or _below(high, entry.weakens_below):
        return "weakens"
    return "open"


def criterion(entry: Evidence) -> str:
    """The limits in short, e.g. ``supports_above=0.2``."""
    limits = entry.model_dump(exclude={"finding", "concept"}, exclude_none=True)
    return ", ".join(f"{name}={value:g}" for name, value in limits.items())


def _above(value: float, limit: float | None) -> bool:
    return limit is not None and value > limit


def _below(value: float, limit: float | None) -> bool:
    return limit is not None and value < limit
