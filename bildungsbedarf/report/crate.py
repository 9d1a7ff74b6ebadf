"""What a run was made of and what it made, as RO-Crate: inputs, software, outputs, each with its hash; no clock.

The crate describes the folder of a study's results. What was answered is named by its hash alone: it stays in the
house. The day of publication is the last day of field work, so that the same run gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import requires, version
from typing import Any

from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.report.documents.frame import last_day
from bildungsbedarf.report.opendata import licence_of
from bildungsbedarf.run.names import CRATE
from bildungsbedarf.wave import Study

_PACKAGE = "bildungsbedarf"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".xml": "application/xml",
}
"""By ending; the tables of the machine differ from one to the next."""


def run_crate(study: Study, made: Mapping[str, str], read: Mapping[str, str]) -> dict[str, str]:
    """``ro-crate-metadata.json`` for a study's results.

    Parameters
    ----------
    study
        The study.
    made
        Outputs, by their path in the results, with their SHA-256.
    read
        Configuration, notebooks and reference data, by their path in the project, with their SHA-256.

    Returns
    -------
    dict
        The file, by its path in the results.
    """
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    config = study.files.config.study
    crate = ROCrate(gen_preview=False)
    crate.datePublished = last_day(study).isoformat()
    crate.name = config.title.get("de")
    crate.description = f"Results of a run of {_PACKAGE} over the study {study.name}."
    crate.license = licence_of(study) or "not stated in pages.toml"

    def entity(place: str, kind: str, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, place, {"@type": kind, **properties}))

    outputs = [
        crate.add_file(dest_path=path, properties={"sha256": found, "encodingFormat": _kind(path)})
        for path, found in sorted(made.items())
    ]
    inputs = [entity(f"#{path}", "CreativeWork", name=path, sha256=found) for path, found in sorted(read.items())]
    inputs += [
        entity(
            f"#snapshot-{name.replace(' ', '-')}",
            "CreativeWork",
            name=name,
            description="Data as they were brought in; not published.",
            sha256=found,
        )
        for name, found in _snapshots(study)
    ]
    software = [
        entity(f"#software-{name}", "SoftwareApplication", name=name, version=version(name)) for name in _software()
    ]
    action = entity(
        "#run", "CreateAction", name="bildungsbedarf run", object=inputs, instrument=software, result=outputs
    )
    crate.root_dataset["mentions"] = action
    return {CRATE: json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"}


def _snapshots(study: Study) -> Iterator[tuple[str, str]]:
    """Wave and audience, and the hash of what was brought in."""
    for wave in study.of_all_audiences:
        try:
            if wave.has_snapshot:
                yield f"{wave.name} {wave.audience}", wave.snapshot.sha256
        except BildungsbedarfError:
            # a damaged one made nothing of this run, which says so itself
            continue


def _software() -> list[str]:
    """The library and what it needs, by their names."""
    needed = [found[0] for text in requires(_PACKAGE) or [] if ";" not in text and (found := _NAME.match(text))]
    return [_PACKAGE, *sorted(needed)]


def _kind(path: str) -> str:
    return _KINDS.get(path[path.rfind(".") :], "application/octet-stream")
