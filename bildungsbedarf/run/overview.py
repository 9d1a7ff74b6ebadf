"""One line a wave and audience: what is there, and what is up to date."""

from __future__ import annotations

from typing import Any

from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.findings import read_register
from bildungsbedarf.run.fingerprint import of_step
from bildungsbedarf.run.ledger import Ledger
from bildungsbedarf.run.names import FINDINGS
from bildungsbedarf.run.products import products_of_wave, registers, registers_there
from bildungsbedarf.run.steps import folder_of, plan
from bildungsbedarf.wave import Study


def overview(study: Study) -> list[dict[str, Any]]:
    """Rows with wave, audience, responses, snapshot, up_to_date, findings, problem."""
    ledger = Ledger(study)
    there = registers_there(ledger)
    steps = plan(study)
    told = {product.folder: product for product in registers(study, steps, ledger)}
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
                folder = folder_of(wave)
                own = [step for step in steps if step.folder == folder]
                keys = [(step.name, of_step(step, study, ledger.hashes, there)) for step in own]
                products = [*products_of_wave(wave, ledger), told[folder]] if own else []
                keys += [(product.name, product.inputs) for product in products]
                current = sum(ledger.is_current(folder, name, inputs) for name, inputs in keys)
                row["up_to_date"] = f"{current} of {len(keys)}"
                register = ledger.results / folder / FINDINGS
                row["findings"] = len(read_register(register).findings) if register.is_file() else 0
            except BildungsbedarfError as error:
                row["problem"] = error.problems[0].what
            rows.append(row)
    return rows
