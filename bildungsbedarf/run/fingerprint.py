"""The hash of everything a step depends on beside the files it opens: code, configuration, data, parameters, versions.

What a notebook opens is told by its kernel (``run.guard``) and compared file by file (``run.ledger``).
"""

from __future__ import annotations

import json
import platform
import sysconfig
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import bildungsbedarf
from bildungsbedarf.errors import DataError
from bildungsbedarf.run.hashes import Hashes
from bildungsbedarf.run.steps import Step
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.study import StudyFiles
from bildungsbedarf.study.releases import FOLDER
from bildungsbedarf.wave import Study, Wave

_SOURCES = (".py", ".po", ".html", ".css", ".js", ".svg", ".typ")
_OF_NOTEBOOKS = ("report", "cli")
"""Rooms no notebook can depend on."""


Inputs = dict[str, str]
"""Hashes by what they are of: what a step depends on, and what has changed where one differs."""


def of_step(step: Step, study: Study, hashes: Hashes, registers: Mapping[str, str]) -> Inputs:
    """Hashes of a notebook's inputs; ``registers`` are the findings a register notebook reads, by path."""
    data = [
        f"{name} {audience} {_kept(study.wave(name, audience))}"
        for name in step.waves
        for audience in study.files.waves[name].audience
        if step.needs.scope == "study" or step.needs.requires == "supply" or audience == step.parameters.get("audience")
    ]
    found = {
        "code": code_hash(),
        "notebook": _source_hash(step.notebook),
        "parameters": _hash([json.dumps(step.parameters, sort_keys=True)]),
        "configuration": _configuration(study.files, hashes),
        "data": _hash(data),
    }
    return {**found, "findings": _hash(_listed(registers))} if step.needs.requires == "register" else found


def _kept(wave: Wave) -> str:
    """The hash of a wave's data; nothing where they cannot be read: who reads them is told."""
    try:
        return wave.snapshot.sha256
    except DataError:
        if not wave.is_damaged:
            raise
        return ""


def of_wave(wave: Wave, hashes: Hashes) -> Inputs:
    """Hashes of what is computed from one wave by the library itself: all reference data count as opened."""
    project = wave.files.project
    reference = sorted(path for path in project.reference.rglob("*") if path.is_file())
    return {
        "code": code_hash(),
        "reference data": _hash(_hashed(reference, project.root, hashes)),
        "configuration": _configuration(wave.files, hashes),
        "data": _hash([wave.name, wave.audience, wave.snapshot.sha256]),
    }


def of_files(files: Mapping[str, str]) -> Inputs:
    """Hashes of what is made from other steps' files: path → hash of each."""
    return {"code": code_hash(), "notebooks": _hash(_listed(files))}


def of_site(study: Study, hashes: Hashes, files: Mapping[str, str], told: Iterable[str]) -> Inputs:
    """Hashes of what pages are made from: the configuration, other steps' files, and what else they tell."""
    released = sorted((study.files.folder / FOLDER).glob("*.json"))
    return {
        "code": code_hash(everything=True),
        "configuration": _configuration(study.files, hashes),
        "releases": _hash(_hashed(released, study.files.project.root, hashes)),
        "files": _hash(_listed(files)),
        "unfinished": _hash(told),
    }


def _configuration(files: StudyFiles, hashes: Hashes) -> str:
    return _hash(_hashed(files.inputs(), files.project.root, hashes))


def _hashed(paths: Iterable[Path], root: Path, hashes: Hashes) -> list[str]:
    return [f"{path.relative_to(root).as_posix()} {hashes.of(path)}" for path in paths]


def _listed(files: Mapping[str, str]) -> list[str]:
    return [f"{path} {found}" for path, found in sorted(files.items())]


@lru_cache(maxsize=2)
def code_hash(*, everything: bool = False) -> str:
    """Hash of the library's rooms a notebook can use (or of all), and of every package installed beneath."""
    root = Path(bildungsbedarf.__file__).parent
    paths = sorted(path for path in root.rglob("*") if path.suffix in _SOURCES)
    kept = [path for path in paths if everything or path.relative_to(root).parts[0] not in _OF_NOTEBOOKS]
    code = [f"{path.relative_to(root).as_posix()} {sha256(path.read_bytes())}" for path in kept]
    return _hash([platform.python_version(), *_packages(), *code])


def _packages() -> list[str]:
    """Names and versions of what is installed, as the folders beside the packages are called."""
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return sorted(path.name for place in places for path in Path(place).glob("*.dist-info"))


def _source_hash(notebook: Path) -> str:
    """Hash of a notebook's cells and metadata, without its outputs."""
    content = json.loads(notebook.read_bytes())
    cells = [
        [
            cell["cell_type"],
            cell["source"],
            cell.get("metadata", {}).get("tags", []),
            cell.get("metadata", {}).get("bildungsbedarf"),
        ]
        for cell in content["cells"]
    ]
    return _hash([json.dumps([cells, content["metadata"].get("bildungsbedarf")], sort_keys=True)])


def _hash(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode())
