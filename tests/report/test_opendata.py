"""Open data: valid by frictionless, the numbers of the register, addresses that stay."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from frictionless import validate

from bildungsbedarf.findings import read_register
from bildungsbedarf.report.opendata import address, catalogue_entry, claim, findings_files
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


@pytest.mark.parametrize("folder", ["2026", "2028", "2026/konferenz1", "all"])
def test_packages_are_valid_and_hold_the_register(results: Path, folder: str) -> None:
    place = results / folder / "opendata"
    report = validate(str(place / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    register = read_register(results / folder / "findings.json").findings
    with (place / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(row["id"], row["wave"]): row for row in csv.DictReader(stream)}
    assert len(rows) == len(register)
    for one in register:
        row = rows[one.id, one.wave]
        assert float(row["estimate"]) == one.estimate
        assert (float(row["ci_low"]) if row["ci_low"] else None) == one.ci_low
        assert row["statement_de"].removeprefix("'") == one.statement["de"]
        assert [name for name in row["questions"].split("|") if name] == one.questions


def test_the_goals_are_data_too(results: Path) -> None:
    place = results / "all" / "opendata"
    assert validate(str(place / "goals.datapackage.json"), type="package").valid
    with (place / "goals.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    verdicts = {(row["goal"], row["role"]): row["verdict"] for row in rows}
    assert verdicts["sprache-und-ankommen", "need"] == "contradicts"
    assert verdicts["lernorte-im-laendlichen-raum", ""] == ""
    graph = json.loads((place / "goals.jsonld").read_text(encoding="utf-8"))["@graph"]
    assert len(graph) == 7


def test_claims_rest_on_observations(results: Path, study: Study) -> None:
    one = next(f for f in read_register(results / "2028" / "findings.json").findings if f.id == "unmet_need.F05")
    told = claim(one)
    assert told["@type"] == "Claim"
    assert told["@id"] == address(one) == "urn:bildungsbedarf:bildungsbefragung:2028:erwachsene:unmet_need.F05"
    assert told["isBasedOn"]["value"] == one.estimate
    assert told["isBasedOn"]["marginOfError"]["minValue"] == one.ci_low
    assert told["isBasedOn"]["measurementDenominator"]["value"] == one.n


@pytest.mark.parametrize("folder", ["2026", "2028", "2026/konferenz1", "all"])
def test_a_catalogue_can_take_the_register(results: Path, study: Study, folder: str) -> None:
    place = results / folder / "opendata"
    entry = json.loads((place / "dcat.jsonld").read_text(encoding="utf-8"))
    assert entry == catalogue_entry(study, folder)
    # what DCAT-AP.de requires of a data set
    assert {"dcterms:title", "dcterms:description"} <= entry.keys()
    assert entry["dcatde:politicalGeocodingURI"]["@id"].endswith("/districtKey/06633")
    for told in entry["dcat:distribution"]:
        assert (place / told["dcat:downloadURL"]["@id"]).is_file()
        assert told["dcterms:license"] == entry["dcterms:license"]
    prefixes = set(entry["@context"])
    used = {key.partition(":")[0] for key in entry if ":" in key}
    assert used <= prefixes


def test_no_cell_is_a_formula(results: Path, study: Study) -> None:
    one = read_register(results / "2028" / "findings.json").findings[0]
    hostile = one.model_copy(update={"statement": {"de": "=1+1", "en": "+cmd"}, "estimate": -0.5})
    row = findings_files(study, "2028", [hostile])["findings.csv"].splitlines()[1]
    assert "'=1+1" in row and "'+cmd" in row
    assert ",-0.5," in row


@pytest.mark.parametrize(
    ("licence", "uri"), [("CC-BY-4.0", "cc-by/4.0"), ("dl-de/zero-2-0", "dl-zero-de/2.0"), ("Eigene", "other-open")]
)
def test_open_data_carry_the_licence_of_the_pages(project: Project, licence: str, uri: str) -> None:
    path = project.surveys / "bildungsbefragung" / "pages.toml"
    path.write_text(f'licence = "{licence}"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    assert catalogue_entry(loaded, "2028")["dcterms:license"]["@id"].endswith(f"/{uri}")
    package = json.loads(findings_files(loaded, "2028", [])["datapackage.json"])
    assert package["licenses"][0]["name"] == licence
