"""A study from nothing but a questionnaire, tried as a new user would."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bildungsbedarf.cli import app
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError
from bildungsbedarf.report import build_site
from bildungsbedarf.run import plan, run
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.starting import start_study
from tests.codebook.made import lss

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "surveys" / "bildungsbefragung"


@pytest.mark.parametrize("version", [126, 164, 362, 400, 640])
def test_every_questionnaire_gives_a_study(project: Project, tmp_path: Path, version: int) -> None:
    letters = "!LOYGI5NDSTU*XMPFHABCEKQ1R" + ("" if version < 145 else ":;|")
    path = tmp_path / "q.lss"
    path.write_text(lss(version, letters), encoding="utf-8")
    start = start_study(project, "neu", path, "2027")
    assert any("no pair of importance" in decision for decision in start.decisions)
    with pytest.raises(BildungsbedarfError) as caught:
        Study.load("neu", project).check()
    assert [problem.what for problem in caught.value.problems] == ["no responses have been imported"]


def test_a_battery_is_found_and_pages_come_out(project: Project) -> None:
    start = start_study(project, "neu", DEMO / "questionnaire.lss", "2026")
    text = (start.folder / "study.toml").read_text(encoding="utf-8")
    assert 'importance = "WICHT"' in text
    assert 'questions = ["WICHT", "ZUFR"], codes = ["9"]' in text
    assert not any("no pair" in decision for decision in start.decisions)
    study = Study.load("neu", project)
    study.import_file(project.root / "data" / "demo" / "responses_2026.csv.gz", "2026")
    study = Study.load("neu", project)
    study.check()
    run(study)
    page = build_site(study, plan(study))
    assert page.is_file()
    assert "00000" in text


@pytest.mark.shared
@pytest.mark.parametrize(
    ("questionnaire", "responses"),
    [
        ("pupils_survey.lsa", "pupils_survey.lsa"),
        ("pupils_survey.tsv", "responses_schule_2026_code_short.csv"),
        ("konferenz2_ballot.lss", "responses_konferenz2_code_short.json"),
    ],
)
def test_other_surveys_lead_to_pages(project: Project, shared: Path, questionnaire: str, responses: str) -> None:
    start_study(project, "schule", shared / "limesurvey" / questionnaire, "2026")
    study = Study.load("schule", project)
    study.import_file(shared / "limesurvey" / responses, "2026")
    study = Study.load("schule", project)
    study.check()
    run(study)
    assert build_site(study, plan(study)).is_file()


def test_what_cannot_be_started(project: Project, tmp_path: Path) -> None:
    before = sorted(project.surveys.iterdir())
    (tmp_path / "bad.lss").write_text("<a/>")
    for name, source, wave, error in (
        ("Groß", DEMO / "questionnaire.lss", "2026", ConfigError),
        ("../weg", DEMO / "questionnaire.lss", "2026", ConfigError),
        ("bildungsbefragung", DEMO / "questionnaire.lss", "2026", ConfigError),
        ("neu", DEMO / "questionnaire.lss", "../2026", ConfigError),
        ("neu", tmp_path / "bad.lss", "2026", DataError),
        ("neu", tmp_path / "gone.lss", "2026", DataError),
    ):
        with pytest.raises(error):
            start_study(project, name, source, wave)
    assert sorted(project.surveys.iterdir()) == before


def test_the_commands(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bildungsbedarf.study.project.Project.find", lambda: project)
    done = CliRunner().invoke(app, ["new", "neu", "--from", str(DEMO / "questionnaire.lss"), "--wave", "2027"])
    assert done.exit_code == 0, done.output
    assert "still to decide" in done.output
    made = CliRunner().invoke(app, ["codebook", "neu", "--to", str(project.root / "out")])
    assert made.exit_code == 0, made.output
    page = (project.root / "out" / "2027_befragung.html").read_text(encoding="utf-8")
    assert "WICHT_F05" in page
    assert "Digitale Kompetenzen" in page
    assert (project.root / "out" / "2027_befragung.xlsx").stat().st_size > 5_000
    again = (project.root / "out" / "2027_befragung.xlsx").read_bytes()
    CliRunner().invoke(app, ["codebook", "neu", "--to", str(project.root / "out")])
    assert (project.root / "out" / "2027_befragung.xlsx").read_bytes() == again
