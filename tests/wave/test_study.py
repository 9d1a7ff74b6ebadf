from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

DEMO = "bildungsbefragung"


def test_names_of_the_contract(study: Study) -> None:
    wave = study.wave(2026)
    assert wave.name == "2026"
    assert [each.name for each in study.waves] == ["2026", "2028"]
    assert wave.codebook.survey_id == 990001
    assert wave.responses.shape[0] == wave.missing.shape[0] == len(wave.design)
    assert study.wave("2026", audience="konferenz1").audience == "konferenz1"
    assert Study.load(study.files.folder).name == DEMO


def test_unknown_waves_and_audiences(study: Study) -> None:
    with pytest.raises(ConfigError, match="did you mean '2026'"):
        study.wave("206")
    with pytest.raises(ConfigError, match="has no audience"):
        study.wave("2028", "konferenz1")
    with pytest.raises(ConfigError, match=r"no \[\[ballot\]\]"):
        _ = study.wave("2026").ballot


def test_nothing_imported_says_what_to_do(project: Project) -> None:
    with pytest.raises(DataError, match="bildungsbedarf import bildungsbefragung FILE --wave 2026"):
        _ = Study.load(DEMO, project).wave("2026").responses


def test_import_is_repeatable_and_a_wrong_file_writes_nothing(project: Project) -> None:
    loaded = Study.load(DEMO, project)
    first, is_new = loaded.import_file(project.root / "data/demo/responses_2026.csv.gz", "2026")
    assert is_new
    again, is_new = loaded.import_file(project.root / "data/demo/responses_2026.csv.gz", "2026")
    assert (again.sha256, is_new) == (first.sha256, False)
    before = sorted(path for path in project.snapshots(DEMO).rglob("*"))
    with pytest.raises(DataError):
        loaded.import_file(project.root / "data/demo/responses_konferenz1.csv.gz", "2026")
    assert sorted(path for path in project.snapshots(DEMO).rglob("*")) == before


def test_a_changed_questionnaire_wants_a_new_import(project: Project) -> None:
    loaded = Study.load(DEMO, project)
    assert len(loaded.import_declared()) == 6
    assert loaded.import_declared() == []
    path = loaded.files.folder / "questionnaire.lss"
    path.write_text(path.read_text(encoding="utf-8").replace("Wie alt sind Sie?", "Ihr Alter?"), encoding="utf-8")
    changed = Study.load(DEMO, project)
    with pytest.raises(DataError, match="questionnaire was changed"):
        _ = changed.wave("2026").responses
    assert len(changed.import_declared()) == 2
    assert len(changed.wave("2026").responses) == 1354


def test_check_lists_every_problem(project: Project) -> None:
    path = project.surveys / DEMO / "study.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('barriers = "BARR"', 'barriers = "BAR"').replace(
        'core = ["WICHT", "ZUFR"]', 'core = ["WICHTIG"]'
    )
    path.write_text(text.replace("year_end == 2019", "year == 2019"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Study.load(DEMO, project).check()
    problems = [str(problem) for problem in caught.value.problems]
    assert len(set(problems)) == len(problems)
    assert any("did you mean 'BARR'" in problem for problem in problems)
    assert any("did you mean 'WICHT'" in problem for problem in problems)
    assert any("unknown column 'year'" in problem for problem in problems)
    assert any("no responses have been imported" in problem for problem in problems)


def test_data_problems_alone_have_their_own_exit_code(project: Project) -> None:
    with pytest.raises(DataError, match="no responses have been imported") as caught:
        Study.load(DEMO, project).check()
    assert caught.value.exit_code == 3


def test_demo_has_no_problems(study: Study) -> None:
    study.check()


def test_titles_and_labels(wave: Wave) -> None:
    assert wave.title("altersgruppe") == "Altersgruppe"
    assert wave.title("WICHT_F05") == "Digitale Kompetenzen"
    assert wave.labels("gemeinde")["003"] == "Baunatal"
    assert wave.labels("BILD", "en")["-oth-"] == "Other"
    assert wave.concept_of("F05") == "digitale_kompetenzen"
    assert Path(wave.files.folder).name == DEMO


@pytest.mark.parametrize(
    ("condition", "told"),
    [("GESCHL == 'weiblich'", "GESCHL has no code 'weiblich'"), ("DATUM > '03.02.2026'", "DATUM is a date")],
)
def test_who_is_asked_is_checked_like_any_condition(project: Project, condition: str, told: str) -> None:
    path = project.root / "surveys" / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert 'eligible = "ALTER >= 18"' in text
    path.write_text(text.replace('eligible = "ALTER >= 18"', f'eligible = "{condition}"'), encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    with pytest.raises(ConfigError, match=f"study.toml, eligible: {told}"):
        study.wave("2026").require()
