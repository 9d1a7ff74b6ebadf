"""The hash of everything a step depends on: code, configuration, facts, data, parameters, versions."""

from __future__ import annotations

import json
import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import bildungsbedarf
from bildungsbedarf.run.steps import Step
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.wave import Study

_PACKAGES = ("babel", "matplotlib", "numpy", "pandas", "pyarrow", "scipy")
_SOURCES = (".py", ".po", ".html")
_BELOW_RUN = ("report", "cli")
"""Rooms no notebook can depend on."""


def fingerprint(step: Step, study: Study, registers: list[Path]) -> str:
    """Hash of a step's inputs; ``registers`` are the findings.json a register notebook reads."""
    parts: list[str] = [code_hash(), _source_hash(step.notebook), json.dumps(step.parameters, sort_keys=True)]
    project = study.files.project
    for path in [*study.files.inputs(), *sorted(project.reference.glob("*.csv"))]:
        parts.append(f"{path.relative_to(project.root).as_posix()} {_file_hash(path)}")
    for name in step.waves:
        for audience in study.files.waves[name].audience:
            if step.needs.scope == "study" or audience == step.parameters.get("audience"):
                parts.append(f"{name} {audience} {study.wave(name, audience).snapshot.sha256}")
    if step.needs.requires == "register":
        parts += [f"{path.parent.name} {_file_hash(path)}" for path in registers]
    return _hash("\n".join(parts))


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Hash of the library's rooms a notebook can use, and of the versions beneath."""
    root = Path(bildungsbedarf.__file__).parent
    paths = sorted(path for path in root.rglob("*") if path.suffix in _SOURCES)
    kept = [path for path in paths if path.relative_to(root).parts[0] not in _BELOW_RUN]
    versions = [f"{name} {version(name)}" for name in _PACKAGES] + [platform.python_version()]
    return _hash("\n".join([*versions, *(f"{path.relative_to(root).as_posix()} {_file_hash(path)}" for path in kept)]))


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
    return _hash(json.dumps([cells, content["metadata"].get("bildungsbedarf")], sort_keys=True))


def _file_hash(path: Path) -> str:
    return sha256(path.read_bytes())


def _hash(text: str) -> str:
    return sha256(text.encode())
