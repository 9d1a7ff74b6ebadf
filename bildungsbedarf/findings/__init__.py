"""The register: statement ↔ estimate ↔ data; Leitbild and strategic goals."""

from bildungsbedarf.findings.beside import of_survey
from bildungsbedarf.findings.declared import DECLARED, measure_of
from bildungsbedarf.findings.leitbild import GoalEvidence, newest, weigh
from bildungsbedarf.findings.model import Finding, Register
from bildungsbedarf.findings.recording import record
from bildungsbedarf.findings.register import all_findings, read_register, to_json
from bildungsbedarf.findings.wording import item_labels

__all__ = [
    "DECLARED",
    "Finding",
    "GoalEvidence",
    "Register",
    "all_findings",
    "item_labels",
    "measure_of",
    "newest",
    "of_survey",
    "read_register",
    "record",
    "to_json",
    "weigh",
]
