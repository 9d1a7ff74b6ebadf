"""A district's own survey: an open one, without strata, weights, groups or Leitbild, leads to pages too."""

from __future__ import annotations

import json
import re

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.report import build_site
from bildungsbedarf.run import plan, run
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

STUDY = """
[study]
title = "Offene Befragung"
region = "06633"
contact = "buero@example.org"

[audience.erwachsene]
questionnaire = "questionnaire.lss"
sampling = "nonprobability"
population = "Personen, die den offenen Fragebogen ausgefüllt haben"

[audience.erwachsene.missing]
dont_know = {questions = ["WICHT", "ZUFR"], codes = ["9"]}

[[needs]]
id = "bedarf"
importance = "WICHT"
satisfaction = "ZUFR"
barriers = "BARR"
groups = ["TEILN"]
important_from = 4
dissatisfied_to = 2
"""


@pytest.fixture
def own(project: Project) -> Study:
    folder = project.surveys / "eigene"
    (folder / "waves").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "waves" / "2026.toml").write_text("[audience.erwachsene]\n", encoding="utf-8")
    questionnaire = (project.surveys / "bildungsbefragung" / "questionnaire.lss").read_bytes()
    (folder / "questionnaire.lss").write_bytes(questionnaire)
    loaded = Study.load("eigene", project)
    loaded.import_file(project.root / "data" / "demo" / "responses_2026.csv.gz", "2026")
    return loaded


def test_no_interval_and_no_rank_in_a_self_selected_sample(own: Study) -> None:
    wave = own.wave("2026")
    for frame in (needs.unmet(wave), needs.gap(wave), needs.barriers(wave), needs.distribution(wave, "BILD")):
        for name in ("se", "ci_low", "ci_high", "sim_low", "rank_best"):
            if name in frame.columns:
                assert frame[name].isna().all()
    said = findings.record(disclosure.release(needs.unmet(wave)), wave)
    assert [finding.kind for finding in said] == ["level"] * 10
    assert said[0].statement["de"].startswith("Von den Befragten, die beides beurteilt haben, finden")
    assert not any("Konfidenzintervall" in finding.statement["de"] for finding in said)
    assert findings.record(disclosure.release(needs.gap(wave)), wave) == []
    assert {finding.ci_low for finding in said} == {None}


@pytest.mark.slow
def test_from_export_to_pages(own: Study) -> None:
    steps = plan(own)
    assert [step.name for step in steps] == [
        "00_grundauszaehlung",
        "01_rueckblick_und_qualitaet",
        "02_bildungsbedarfe",
        "03_barrieren",
        "04_prioritaeten",
        "08_antwortqualitaet",
    ]
    run(own, jobs=2)
    site = build_site(own, steps).parent
    html = (site / "2026" / "02_bildungsbedarfe.html").read_text(encoding="utf-8")
    assert "Ob andere ebenso antworten würden, lässt sich daraus nicht schließen." in html
    for page in site.rglob("*.html"):
        assert "Konfidenzintervall" not in page.read_text(encoding="utf-8"), page.name
    assert not re.search(r"Zufallsstichprobe", (site / "index.html").read_text(encoding="utf-8"))
    register = json.loads((site.parent / "2026" / "findings.json").read_text(encoding="utf-8"))
    assert len(register["findings"]) >= 12
    assert {entry["se"] for entry in register["findings"]} == {None}
