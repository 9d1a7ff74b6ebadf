"""What is there, what is up to date, and what a run would do: one line a wave and audience, or a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.run.fingerprint import of_step
from bildungsbedarf.run.ledger import Ledger
from bildungsbedarf.run.names import FINDINGS, SITE
from bildungsbedarf.run.products import products_of_wave, registers, registers_there
from bildungsbedarf.run.republishing import why_held
from bildungsbedarf.run.steps import ALL, Step, folder_of, left_out, plan
from bildungsbedarf.wave import Study


def overview(study: Study) -> list[dict[str, Any]]:
    """Rows with wave, audience, responses, snapshot, up_to_date, findings, problem."""
    # what reads findings loads all that makes them: only where they are counted
    from bildungsbedarf.findings import read_register

    ledger = Ledger(study)
    there = registers_there(ledger)
    steps = plan(study)
    told = {product.folder: product for product in registers(study, _with_findings(study), ledger)}
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
                wave.snapshot.check(ledger.hashes.of)
                row["responses"], row["snapshot"] = wave.snapshot.manifest.rows, wave.snapshot.short
                folder = folder_of(wave)
                own = [step for step in steps if step.folder == folder]
                keys = [(step.name, of_step(step, study, ledger.hashes, there)) for step in own]
                products = [*products_of_wave(wave, ledger), *([told[folder]] if folder in told else [])] if own else []
                keys += [(product.name, product.inputs) for product in products]
                current = sum(ledger.is_current(folder, name, inputs) for name, inputs in keys)
                row["up_to_date"] = f"{current} of {len(keys)}"
                if current < len(keys) and (held := why_held(wave)) is not None:
                    row["problem"] = f"held back: {held.problems[0].value}"
                register = ledger.results / folder / FINDINGS
                row["findings"] = len(read_register(register).findings) if register.is_file() else 0
            except BildungsbedarfError as error:
                row["problem"] = error.problems[0].what
            rows.append(row)
    return rows


def _with_findings(study: Study) -> list[Step]:
    """Steps whose findings are registered."""
    return [step for step in plan(study) if step.needs.requires != "register"]


def _held(study: Study, pairs: Sequence[tuple[str, str]]) -> str:
    """Why one of these waves may not be published anew; empty where all may."""
    errors = (why_held(study.wave(*pair)) for pair in pairs)
    return next((str(error.problems[0].value) for error in errors if error is not None), "")


@dataclass(frozen=True)
class Planned:
    """What a run would do with one step, and why."""

    title: str
    state: Literal["runs", "held back", "up to date", "does not apply", "cannot run"]
    why: str


def planned(
    study: Study, *, waves: Sequence[str] = (), audience: str = "", only: str = "", force: bool = False
) -> list[Planned]:
    """What ``run`` would do with the same arguments, without doing it: notebooks, then what is made from them."""
    ledger = Ledger(study)
    there = registers_there(ledger)
    steps = plan(study, waves=waves, audience=audience, only=only)
    found: list[Planned] = []
    stale: set[str] = set()
    for step in steps:
        try:
            for pair in step.waves_read():
                study.wave(*pair).snapshot.check(ledger.hashes.of)
            why = ledger.why_stale(step.folder, step.name, of_step(step, study, ledger.hashes, there))
        except BildungsbedarfError as error:
            found.append(Planned(step.title, "cannot run", error.problems[0].what))
            continue
        if not why and stale and step.needs.requires == "register":
            why = "reads the findings of notebooks that run"
        why = why or ("everything is run (--force)" if force else "")
        if why and (held := _held(study, step.waves_told(study))):
            found.append(Planned(step.title, "held back", held))
            continue
        stale |= {step.folder} if why else set()
        found.append(Planned(step.title, "runs" if why else "up to date", why))
    made = "made from notebooks that run"
    products = list(registers(study, _with_findings(study), ledger))
    for pair in sorted({pair for step in steps for pair in step.waves_read()}):
        try:
            own = products_of_wave(study.wave(*pair), ledger)
        except BildungsbedarfError:
            # said of its notebooks already
            continue
        is_stale = any(ledger.why_stale(product.folder, product.name, product.inputs) for product in own)
        if is_stale and (held := _held(study, [pair])):
            found += [Planned(product.title, "held back", held) for product in own]
        else:
            products += own
    told = {(folder, FINDINGS) for folder in stale}
    for product in products:
        why = ledger.why_stale(product.folder, product.name, product.inputs)
        why = made if (product.folder, product.name) in told else why
        stale |= {product.folder} if why else set()
        found.append(Planned(product.title, "runs" if why else "up to date", why))
    is_there = bool(ledger.files_of(ALL, SITE))
    why = made if stale else "" if is_there else "its files were changed or removed"
    found.append(Planned(SITE, "runs" if why else "up to date", why))
    return [*found, *(Planned(title, "does not apply", why) for title, why in left_out(study))]
