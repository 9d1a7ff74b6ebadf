"""What a run makes beside notebooks: who was counted, registers, the volume of tables, numbers by subject."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.fingerprint import Inputs, of_files, of_wave
from bildungsbedarf.run.ledger import Ledger, Product
from bildungsbedarf.run.names import FINDINGS, QUALITY, SUBJECTS, TABLES
from bildungsbedarf.run.notebooks import blocks, read_notebook
from bildungsbedarf.run.steps import Step, folder_of
from bildungsbedarf.survey.frames import significant
from bildungsbedarf.wave import Study, Wave


def products_of_wave(wave: Wave, ledger: Ledger) -> list[Product]:
    """What is computed from one wave and audience beside notebooks.

    ``quality.json`` and ``tables.xlsx`` where a questionnaire was answered; ``subjects.json`` where it asked about
    needs, or the records are offers.
    """
    folder, inputs = folder_of(wave), of_wave(wave, ledger.hashes)
    if not wave.has_answers:
        return _of_offers(wave, folder, inputs)
    return [
        Product(folder, QUALITY, inputs, partial(_quality, wave)),
        Product(folder, TABLES, inputs, partial(_tables, wave)),
        *([Product(folder, SUBJECTS, inputs, partial(_subjects, wave))] if wave.has_needs else []),
    ]


def _of_offers(wave: Wave, folder: str, inputs: Inputs) -> list[Product]:
    """Offers are held against the answers of a survey: these are inputs too."""
    offers, beside = wave.files.offers, wave.files.needs_of_offers
    if offers is None or offers.audience != wave.audience:
        return []
    if beside in wave.files.waves[wave.name].audience:
        asked = Wave(wave.files, wave.name, beside)
        inputs = {**inputs, "data of the needs": asked.snapshot.sha256 if asked.has_snapshot else ""}
    return [Product(folder, SUBJECTS, inputs, partial(_subjects, wave))]


def registers(study: Study, steps: Iterable[Step], ledger: Ledger) -> list[Product]:
    """``findings.json`` of every folder, collected from the blocks of its executed notebooks."""
    by_folder: dict[str, dict[str, str]] = {}
    for step in steps:
        if files := ledger.files_of(step.folder, step.name):
            by_folder.setdefault(step.folder, {}).update(files)
    return [
        Product(folder, FINDINGS, of_files(files), partial(_register, study.name, folder, files, ledger.results))
        for folder, files in sorted(by_folder.items())
    ]


def registers_there(ledger: Ledger) -> dict[str, str]:
    """The registers a study has, with their hashes, by path in the results."""
    paths = sorted(ledger.results.glob(f"**/{FINDINGS}"))
    return {path.relative_to(ledger.results).as_posix(): ledger.hashes.of(path) for path in paths}


# What makes them is loaded where something is made: looking what is up to date takes a fraction of the time.


def _tables(wave: Wave) -> dict[str, bytes]:
    from bildungsbedarf.run.volume import volume

    return {f"{folder_of(wave)}/{TABLES}": volume(wave)}


def _subjects(wave: Wave) -> dict[str, str]:
    from bildungsbedarf.run.subjects import subjects

    return {f"{folder_of(wave)}/{SUBJECTS}": _json(subjects(wave))}


def _quality(wave: Wave) -> dict[str, str]:
    """Counts that may leave into results; the exact ones are kept beside the snapshot."""
    from bildungsbedarf.disclosure import limits_of

    minimum = limits_of(wave).minimum_cell
    head = {"study": wave.study_name, "wave": wave.name, "audience": wave.audience, "snapshot": wave.snapshot.sha256}
    published = {**head, **wave.quality.published(minimum), "weighting": wave.weighting.published(minimum)}
    exact = {**head, **vars(wave.quality), "weighting": wave.weighting.published(0)}
    path = wave.snapshot.folder.parent / f"quality-{wave.snapshot.short}.json"
    write_atomic(path, _json(exact))
    path.chmod(0o600)
    return {f"{folder_of(wave)}/{QUALITY}": _json(published)}


def _register(study: str, folder: str, files: dict[str, str], results: Path) -> dict[str, str]:
    from bildungsbedarf.findings import Finding, to_json

    found: list[Finding] = []
    told: set[str] = set()
    for path in sorted(results / name for name in files):
        for block in blocks(read_notebook(path)):
            for entry in block.get("findings", []):
                # a summary tells again what another notebook found: the same finding is registered once
                text = json.dumps({**entry, "notebook": ""}, sort_keys=True)
                if text not in told:
                    told.add(text)
                    found.append(Finding.model_validate({**entry, "notebook": path.stem}))
    return {f"{folder}/{FINDINGS}": to_json(study, folder, found)}


def _json(content: object) -> str:
    return json.dumps(_rounded(content), ensure_ascii=False, indent=1, default=str) + "\n"


def _rounded(content: object) -> object:
    """Statistics with twelve significant digits: the same on every machine."""
    if isinstance(content, float):
        return significant(content)
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_rounded(value) for value in content]
    return content
