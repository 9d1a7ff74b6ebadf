"""One line a wave and audience: what is there, and what is up to date."""

from __future__ import annotations

from typing import Any

from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.findings import read_register
from bildungsbedarf.findings.register import FILE as FINDINGS
from bildungsbedarf.run.fingerprint import fingerprint
from bildungsbedarf.run.pipeline import is_current
from bildungsbedarf.run.steps import folder_of, plan
from bildungsbedarf.wave import Study


def overview(study: Study) -> list[dict[str, Any]]:
    """Rows with wave, audience, responses, snapshot, up_to_date, findings, problem."""
    results = study.files.project.results(study.name)
    registers = sorted(results.glob(f"**/{FINDINGS}"))
    steps = plan(study)
    rows = []
    for name, config in study.files.waves.items():
        for audience in config.audience:
            wave = study.wave(name, audience)
            row: dict[str, Any] = {
                "wave": name,
                "audience": audience,
                "responses": None,
                "snapshot": None,
                "up_to_date": None,
                "findings": None,
                "problem": None,
            }
            try:
                row["responses"], row["snapshot"] = wave.snapshot.manifest.rows, wave.snapshot.short
                own = [step for step in steps if step.folder == folder_of(wave)]
                current = sum(is_current(step, results, fingerprint(step, study, registers)) for step in own)
                row["up_to_date"] = f"{current} of {len(own)}"
                register = results / folder_of(wave) / FINDINGS
                row["findings"] = len(read_register(register).findings) if register.is_file() else 0
            except BildungsbedarfError as error:
                row["problem"] = error.problems[0].what
            rows.append(row)
    return rows
