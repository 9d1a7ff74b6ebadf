"""findings.json: written atomically, read back with its schema."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.findings.model import SCHEMA, Finding, Register
from bildungsbedarf.study import Project

FILE = "findings.json"


def to_json(study: str, wave: str, findings: list[Finding]) -> str:
    """The register as text, sorted by id.

    Raises
    ------
    ConfigError
        Two findings have the same id.
    """
    double = [name for name, count in Counter(finding.id for finding in findings).items() if count > 1]
    if double:
        raise ConfigError("two findings of one run have the same id", where=f"{study}, {wave}", value=double[0])
    ordered = sorted(findings, key=lambda finding: finding.id)
    register = Register(schema=SCHEMA, study=study, wave=wave, findings=ordered)
    return json.dumps(register.model_dump(by_alias=True), ensure_ascii=False, indent=1) + "\n"


def read_register(path: Path) -> Register:
    """Read one findings.json.

    Raises
    ------
    DataError
        Not readable, or of another schema.
    """
    try:
        return Register.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise DataError(
            f"register cannot be read: {str(error).splitlines()[0]}",
            where="/".join(path.parts[-3:]),
            remedy="run the wave again with --force",
        ) from None


def all_findings(project: Project, study: str) -> list[Finding]:
    """Findings of all waves and audiences of a study, the newest wave's last."""
    paths = sorted(project.results(study).glob(f"**/{FILE}"))
    return [finding for path in paths for finding in read_register(path).findings]
