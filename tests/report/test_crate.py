"""What a run was made of and what it made, as RO-Crate: readable by its library, true to the byte, without a clock."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from bildungsbedarf.report.crate import run_crate
from bildungsbedarf.report.publishing import crate_of
from bildungsbedarf.run.ledger import Ledger
from bildungsbedarf.run.names import CRATE, STATES
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


@pytest.fixture
def crate(results: Path) -> ROCrate:
    return ROCrate(results)


def test_every_published_file_is_in_it_with_its_hash(crate: ROCrate, results: Path) -> None:
    told = {one.id: one["sha256"] for one in crate.data_entities}
    there = {path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()}
    kept_apart = {name for name in there if name.rpartition("/")[2] in (STATES, CRATE) or name.startswith(".")}
    assert set(told) == there - kept_apart
    for name in ("2028/findings.json", "site/index.html", "all/documents/leitbild.pdf"):
        assert told[name] == hashlib.sha256((results / name).read_bytes()).hexdigest()


def test_it_names_inputs_software_and_the_run(crate: ROCrate, study: Study) -> None:
    action = next(one for one in crate.contextual_entities if one.type == "CreateAction")
    inputs = {one["name"]: one["sha256"] for one in action["object"]}
    assert inputs["2028 erwachsene"] == study.wave("2028").snapshot.sha256
    config = study.files.folder / "study.toml"
    assert inputs[f"surveys/{study.name}/study.toml"] == hashlib.sha256(config.read_bytes()).hexdigest()
    assert "notebooks/02_bildungsbedarfe.ipynb" in inputs
    software = {one["name"]: one["version"] for one in action["instrument"]}
    assert {"bildungsbedarf", "pandas", "papermill"} <= set(software)
    assert {one.id for one in action["result"]} == {one.id for one in crate.data_entities}


def test_it_has_no_clock_and_the_same_bytes(study: Study, results: Path) -> None:
    ledger = Ledger(study)
    again = crate_of(study, ledger).make()[CRATE]
    assert again == (results / CRATE).read_text(encoding="utf-8")
    root = next(one for one in json.loads(again)["@graph"] if one["@id"] == "./")
    assert root["datePublished"] == "2028-03-30"
    assert root["license"] == "dl-de/by-2-0"


def test_an_ending_nobody_knows_is_bytes(study: Study) -> None:
    told = json.loads(run_crate(study, {"a.svg": "1", "b.xyz": "2"}, {})[CRATE])["@graph"]
    assert {one["@id"]: one["encodingFormat"] for one in told if one["@type"] == "File"} == {
        "a.svg": "image/svg+xml",
        "b.xyz": "application/octet-stream",
    }


def test_a_damaged_snapshot_is_left_out(project: Project) -> None:
    """What a run says of a damaged wave is its own message: the crate stops nothing."""
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    manifest = next((project.snapshots(study.name) / "2026" / "konferenz1").rglob("manifest.json"))
    manifest.write_text("{", encoding="utf-8")
    told = json.loads(run_crate(Study.load(study.name, project), {}, {})[CRATE])["@graph"]
    names = {one["name"] for one in told if one["@id"].startswith("#snapshot-")}
    assert "2026 konferenz1" not in names
    assert "2028 erwachsene" in names
