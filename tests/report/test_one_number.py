"""One number: each finding reads the same in register, open data, workbook, page, PDF and the numbers of a figure."""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from bildungsbedarf.findings import DECLARED, Finding, item_labels, read_register
from bildungsbedarf.wave import Study

WAVES = ("2026", "2028")
MEASURES = ("unmet_need", "barrier")


def _squeezed(text: str) -> str:
    # the typesetter breaks words
    return re.sub(r"[\s\u00ad-]+", "", text)


def _levels(results: Path, wave: str) -> list[Finding]:
    found = read_register(results / wave / "findings.json").findings
    return [one for one in found if one.measure in MEASURES and one.kind in ("level", "barrier") and not one.groups]


@pytest.mark.parametrize("wave", WAVES)
def test_open_data_tell_the_registers_numbers(results: Path, wave: str) -> None:
    place = results / wave / "opendata"
    with (place / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream)}
    graph = {one["identifier"]: one for one in json.loads((place / "findings.jsonld").read_bytes())["@graph"]}
    levels = _levels(results, wave)
    assert len(levels) > 15
    for one in levels:
        assert float(rows[one.id]["estimate"]) == one.estimate == graph[one.id]["isBasedOn"]["value"]
        assert float(rows[one.id]["ci_low"]) == one.ci_low == graph[one.id]["isBasedOn"]["marginOfError"]["minValue"]


@pytest.mark.parametrize("wave", WAVES)
def test_the_workbook_tells_the_registers_numbers(results: Path, study: Study, wave: str) -> None:
    sheet = load_workbook(results / wave / "tables.xlsx", read_only=True)["Bedarf und Hindernisse"]
    told = {(row[1], row[2]): row for row in sheet.iter_rows(min_row=5, values_only=True) if row[6] == "Prozent"}
    own = study.wave(wave)
    for one in _levels(results, wave):
        labels = item_labels(DECLARED[one.measure], own, "de")
        codes = ", ".join(DECLARED[one.measure].asks(own, one.item))
        row = told[codes, labels[one.item]]
        assert row[3:6] == tuple(round(100 * value, 1) for value in (one.estimate, one.ci_low or 0, one.ci_high or 0))
        assert row[7] == one.n


@pytest.mark.parametrize("wave", WAVES)
def test_pages_and_pdf_tell_the_registers_sentences(results: Path, wave: str) -> None:
    pdf = _squeezed("".join(page.extract_text() for page in PdfReader(results / wave / "report.pdf").pages))
    pages = {path.stem: unescape(path.read_text(encoding="utf-8")) for path in (results / "site" / wave).glob("*.html")}
    register = read_register(results / wave / "findings.json").findings
    # changes stand in the pages of all waves
    found = [one for one in register if one.kind != "trend" and (one.headline or one.measure in MEASURES)]
    assert found
    for one in found:
        assert one.statement["de"] in pages[one.notebook]
        assert _squeezed(one.statement["de"]) in pdf, one.id


def test_the_numbers_of_a_figure_are_the_registers(results: Path, study: Study) -> None:
    labels = item_labels(DECLARED["barrier"], study.wave("2028"), "de")
    with (results / "site" / "zahlen" / "hindernisse.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(row["Grund"], row["series"]): row for row in csv.DictReader(stream)}
    compared = 0
    for wave in WAVES:
        for one in _levels(results, wave):
            row = rows.get((labels.get(one.item, ""), wave)) if one.measure == "barrier" else None
            if row is not None:
                assert float(row["estimate"]) == pytest.approx(one.estimate, abs=1e-6)
                assert int(row["n"]) == one.n
                compared += 1
    assert compared >= 15
