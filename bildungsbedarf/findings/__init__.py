"""The register: statement ↔ estimate ↔ data; Leitbild and strategic goals."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.findings.against_needs import asked_of_groups, held_against_groups, held_against_needs
from bildungsbedarf.findings.beside import of_survey
from bildungsbedarf.findings.carried_over import CarriedOver, carried_over
from bildungsbedarf.findings.citing import citing_problems
from bildungsbedarf.findings.common_ground import Divided, Shared, common_ground, divided
from bildungsbedarf.findings.consistency import check_consistency
from bildungsbedarf.findings.declared import DECLARED, measure_of
from bildungsbedarf.findings.differences import Difference, differences
from bildungsbedarf.findings.held import Findings, Goals, findings_of, goals_of
from bildungsbedarf.findings.independent import Second, second
from bildungsbedarf.findings.indicators import of_indicators
from bildungsbedarf.findings.lacks import Lacked, lacks
from bildungsbedarf.findings.leitbild import GoalEvidence, Piece, history, newest, weigh, weigh_after
from bildungsbedarf.findings.model import Finding, Register
from bildungsbedarf.findings.progress import Progress, progress
from bildungsbedarf.findings.recording import record
from bildungsbedarf.findings.register import all_findings, read_register, readable_findings, to_json
from bildungsbedarf.findings.side_by_side import side_by_side
from bildungsbedarf.findings.verifying import Check, one_finding, verify
from bildungsbedarf.findings.wording import item_labels

__all__ = [
    "DECLARED",
    "CarriedOver",
    "Check",
    "Difference",
    "Divided",
    "Finding",
    "Findings",
    "GoalEvidence",
    "Goals",
    "Lacked",
    "Piece",
    "Progress",
    "Register",
    "Second",
    "Shared",
    "all_findings",
    "asked_of_groups",
    "carried_over",
    "check_consistency",
    "citing_problems",
    "common_ground",
    "differences",
    "divided",
    "findings_of",
    "goals_of",
    "held_against_groups",
    "held_against_needs",
    "history",
    "item_labels",
    "lacks",
    "measure_of",
    "newest",
    "of_indicators",
    "of_survey",
    "one_finding",
    "progress",
    "read_register",
    "readable_findings",
    "record",
    "second",
    "side_by_side",
    "to_json",
    "verify",
    "weigh",
    "weigh_after",
]

opened(globals(), __all__)
