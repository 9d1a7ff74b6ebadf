"""findings.json: written atomically, read back with its schema."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from bildungsbedarf.errors import ConfigError, DataError, Problem
from bildungsbedarf.findings.consistency import check_consistency
from bildungsbedarf.findings.model import SCHEMA, Finding, Register
from bildungsbedarf.study import Project
from bildungsbedarf.study.project import REGISTER

FILE = REGISTER


def to_json(study: str, wave: str, findings: list[Finding]) -> str:
    """The register as text, sorted by id.

    Parameters
    ----------
    study
        Name of the study.
    wave
        Name of the wave.
    findings
        Findings of the register.

    Returns
    -------
    str
        JSON text.

    Raises
    ------
    ConfigError
        Two findings have the same id, or contradict each other.

    Examples
    --------
    >>> findings.to_json("study", "2026", []).startswith("{")
    True
    """
    double = [name for name, count in Counter(finding.id for finding in findings).items() if count > 1]
    if double:
        raise ConfigError("two findings of one run have the same id", where=f"{study}, {wave}", value=double[0])
    check_consistency(findings)
    ordered = sorted(findings, key=lambda finding: finding.id)
    register = Register(schema=SCHEMA, study=study, wave=wave, findings=ordered)
    return json.dumps(register.model_dump(by_alias=True), ensure_ascii=False, indent=1) + "\n"


def read_register(path: Path) -> Register:
    """Read one findings.json.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    Register
        As checked by its schema.

    Raises
    ------
    DataError
        Not readable, or of another schema.

    Examples
    --------
    >>> from pathlib import Path
    >>> findings.read_register(Path("nowhere.json"))
    Traceback (most recent call last):
    bildungsbedarf.errors.DataError: nowhere.json: register cannot be read
    """
    try:
        return Register.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise DataError(
            f"register cannot be read: {str(error).splitlines()[0]}",
            where="/".join(path.parts[-3:]),
            remedy="run the wave again with --force",
        ) from None


def readable_findings(project: Project, study: str) -> tuple[list[Finding], list[Problem]]:
    """As ``all_findings``, and what is wrong with registers that cannot be read instead of an error.

    Parameters
    ----------
    project
        The project folder.
    study
        Name of the study.

    Returns
    -------
    tuple
        The findings, and one problem a register.

    Examples
    --------
    >>> findings.readable_findings(study.files.project, "nowhere")
    ([], [])
    """
    found: dict[str, Finding] = {}
    problems: list[Problem] = []
    for path in sorted(project.results(study).glob(f"**/{FILE}")):
        try:
            register = read_register(path)
        except DataError as error:
            problems += error.problems
            continue
        for finding in register.findings:
            found.setdefault(finding.model_copy(update={"notebook": ""}).model_dump_json(), finding)
    return list(found.values()), problems


def all_findings(project: Project, study: str) -> list[Finding]:
    """Findings of all waves and audiences of a study, the newest wave's last; what two registers say alike once.

    Parameters
    ----------
    project
        The project folder.
    study
        Name of the study.

    Returns
    -------
    list of Finding
        The newest wave's last.

    Examples
    --------
    >>> isinstance(findings.all_findings(study.files.project, study.name), list)
    True
    """
    found, problems = readable_findings(project, study)
    if problems:
        raise DataError(problems)
    return found
