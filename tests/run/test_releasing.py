"""What is released stays said: by whom, when, and what was corrected afterwards."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError, DataError, StepError
from bildungsbedarf.report import build_site
from bildungsbedarf.run import run
from bildungsbedarf.run.releasing import release_wave
from bildungsbedarf.study import Project
from bildungsbedarf.study.releases import Releases, changes, read_releases
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"


def _run(project: Project) -> Study:
    study = Study.load(DEMO, project)
    study.import_declared()
    run(study, publish=build_site)
    return study


def _index(project: Project) -> str:
    html = (project.results(DEMO) / "site" / "index.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.slow
def test_a_released_wave_is_no_draft_and_corrections_are_told(project: Project) -> None:
    (project.surveys / DEMO / "waves" / "2028.toml").unlink()
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem != "20_konferenz":
            path.unlink()
    study = Study.load(DEMO, project)
    study.import_declared()
    with pytest.raises(StepError, match="what would be released is not up to date"):
        release_wave(study, "2026", "Bildungsbüro", date(2026, 12, 1))
    study = _run(project)
    assert "Entwurf, noch nicht freigegeben" in _index(project)
    with pytest.raises(ConfigError, match="names who is responsible"):
        release_wave(study, "2026", " ", date(2026, 12, 1))
    made, changed = release_wave(study, "2026", "Bildungsbüro", date(2026, 12, 1))
    assert (len(made.statements) > 5, changed) == (True, 0)
    _run(project)
    assert "Freigegeben am 1. Dezember 2026 von Bildungsbüro" in _index(project)
    assert "Entwurf" not in _index(project)
    wave = study.wave("2026", "konferenz1")
    names = {column.name: column.heading for column in wave.codebook.columns}
    few = project.root / "few.csv"
    wave.snapshot.read().head(40).rename(columns=names).to_csv(few, index=False)
    study.import_file(few, "2026", "konferenz1")
    # of some actor groups one or two are gone: what was published stays, until a person decides otherwise
    study = _run(project)
    assert "Freigegeben am 1. Dezember 2026" in _index(project)
    with pytest.raises(StepError, match="what would be released is not up to date"):
        release_wave(study, "2026", "Bildungsbüro", date(2027, 1, 15))
    path = project.surveys / DEMO / "waves" / "2026.toml"
    decided = '[audience.konferenz1]\nrepublish = "Bildungsbüro, 15.1.2027: Zettel doppelt eingegeben"'
    text = path.read_text(encoding="utf-8").replace("[audience.konferenz1]", decided)
    path.write_text(text, encoding="utf-8")
    study = _run(project)
    assert "Entwurf, noch nicht freigegeben" in _index(project)
    _, changed = release_wave(study, "2026", "Bildungsbüro", date(2027, 1, 15))
    assert changed > 0
    _run(project)
    text = _index(project)
    assert "Freigegeben am 15. Januar 2027" in text
    assert "Berichtigungen" in text
    assert text.count("15. Januar 2027, Befragung 2026: vorher") == changed


def test_changes_are_new_gone_and_other_statements() -> None:
    before, after = {"a": {"de": "x"}, "b": {"de": "y"}}, {"b": {"de": "z"}, "c": {"de": "w"}}
    assert changes(before, after) == [({"de": "x"}, {}), ({"de": "y"}, {"de": "z"}), ({}, {"de": "w"})]
    assert changes(before, before) == []
    assert Releases().corrections() == []


def test_a_damaged_file_of_releases_is_named(tmp_path: Path) -> None:
    assert read_releases(tmp_path, "2026").last is None
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "2026.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"published/2026\.json: what was released cannot be read"):
        read_releases(tmp_path, "2026")
