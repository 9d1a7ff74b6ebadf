"""Two publications are not differenced: a released wave is published anew where nobody changed, or enough did."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import DataError
from bildungsbedarf.report import build_site
from bildungsbedarf.run import run
from bildungsbedarf.run.overview import planned
from bildungsbedarf.run.republishing import remember, why_held
from bildungsbedarf.store import Store
from bildungsbedarf.study import Project
from bildungsbedarf.study.releases import Release, Releases, releases_text
from bildungsbedarf.wave import Study, Wave

DEMO = "bildungsbefragung"


def _loaded(project: Project) -> Study:
    study = Study.load(DEMO, project)
    study.import_declared()
    return study


def _released(project: Project, audience: str = "erwachsene") -> Wave:
    """The first wave, released with what has come in until now."""
    wave = _loaded(project).wave("2026", audience)
    folder = project.surveys / DEMO / "published"
    folder.mkdir(exist_ok=True)
    made = Release(by="ab", on=date(2026, 12, 1), snapshots={audience: wave.snapshot.sha256}, statements={})
    (folder / "2026.json").write_text(releases_text(Releases(releases=[made])), encoding="utf-8")
    remember(wave)
    return wave


def _import(project: Project, table: pd.DataFrame, audience: str = "erwachsene") -> Wave:
    """The same questionnaire with other responses, as another export brings them in."""
    study = Study.load(DEMO, project)
    wave = study.wave("2026", audience)
    names = {column.name: column.heading for column in wave.codebook.columns}
    path = project.root / f"late-{len(table)}.csv"
    table.rename(columns=names).to_csv(path, index=False)
    study.import_file(path, "2026", audience)
    return Study.load(DEMO, project).wave("2026", audience)


def _edit(project: Project, old: str, new: str, name: str) -> Wave:
    path = project.surveys / DEMO / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return _loaded(project).wave("2026")


def test_nothing_is_held_before_a_release_or_where_nobody_changed(project: Project) -> None:
    assert why_held(_loaded(project).wave("2026")) is None
    wave = _released(project)
    assert why_held(wave) is None
    path = wave.snapshot.folder.parent / "released.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(path.read_text())) == {"snapshot", "counted", "forgotten"}


@pytest.mark.parametrize("persons", [1, 4])
def test_few_late_answers_hold_a_released_wave_back(project: Project, persons: int) -> None:
    table = _released(project).snapshot.read()
    counted = Study.load(DEMO, project).wave("2026").responses["id"].astype(str).tolist()
    wave = _import(project, table[~table["id"].isin(counted[:persons])])
    error = why_held(wave)
    assert error is not None
    assert error.exit_code == 4
    assert f"{persons} of {len(counted)} persons changed" in str(error.problems[0].value)


def test_five_who_are_alone_in_their_municipality_hold_it_too(project: Project) -> None:
    wave = _released(project)
    table, people = wave.snapshot.read(), wave.responses
    large = people["gemeinde"].value_counts().index[:12]
    alone = people[people["gemeinde"].isin(large)].drop_duplicates("gemeinde")["id"].astype(str)
    error = why_held(_import(project, table[~table["id"].isin(alone)]))
    assert error is not None
    assert "12 of" in str(error.problems[0].value)
    assert re.search(r", [1-4] of them in \w+ = ", str(error.problems[0].value))


def test_an_altered_answer_counts_as_a_change(project: Project) -> None:
    wave = _released(project)
    table = wave.snapshot.read()
    own = table["id"] == str(wave.responses["id"].iloc[0])
    other = "4" if table.loc[own, "WICHT[F05]"].iloc[0] != "4" else "5"
    error = why_held(_import(project, table.assign(**{"WICHT[F05]": table["WICHT[F05]"].where(~own, other)})))
    assert error is not None
    assert "1 of" in str(error.problems[0].value)


def test_a_rule_that_leaves_few_out_is_a_change_without_new_data(project: Project) -> None:
    wave = _released(project)
    counted = set(wave.responses["id"].astype(str))
    left_out = counted - set(wave.with_rules("exclude").responses["id"].astype(str))
    folder = wave.snapshot.folder.parent
    told = json.loads((folder / "released.json").read_text())
    # as if all but two of them had been left out at the release by another rule
    told["counted"] = sorted(counted - set(sorted(left_out)[:2]))
    (folder / "released.json").write_text(json.dumps(told))
    error = why_held(_loaded(project).wave("2026"))
    assert error is not None
    assert "2 of" in str(error.problems[0].value)


def test_enough_changes_in_every_group_are_published(project: Project) -> None:
    wave = _released(project)
    table = wave.snapshot.read()
    assert why_held(_import(project, table.assign(**{"WICHT[F05]": "3"}))) is None


def test_who_was_forgotten_holds_it_whatever_else_changes(project: Project) -> None:
    wave = _released(project)
    Study.load(DEMO, project).forget(str(wave.responses["id"].iloc[0]), "2026", "erwachsene")
    later = Study.load(DEMO, project).wave("2026")
    error = why_held(later)
    assert error is not None
    assert error.problems[0].value == "1 forgotten since"
    assert (
        str(wave.responses["id"].iloc[0])
        not in json.loads((later.snapshot.folder.parent / "released.json").read_text())["counted"]
    )


def test_a_person_may_decide_to_publish_all_the_same(project: Project) -> None:
    wave = _released(project)
    Study.load(DEMO, project).forget(str(wave.responses["id"].iloc[0]), "2026", "erwachsene")
    later = _edit(
        project,
        "[audience.erwachsene]",
        '[audience.erwachsene]\nrepublish = "ab, 2026-12-03: asked for"',
        "waves/2026.toml",
    )
    assert why_held(later) is None


def test_without_the_memory_the_released_snapshot_is_compared(
    project: Project,
) -> None:
    wave = _released(project)
    folder = wave.snapshot.folder.parent
    (folder / "released.json").unlink()
    table = wave.snapshot.read()
    counted = wave.responses["id"].astype(str)
    later = _import(project, table[table["id"] != counted.iloc[0]])
    error = why_held(later)
    assert error is not None
    assert "1 of" in str(error.problems[0].value)
    for one in Store(project.snapshots(DEMO), DEMO).all("2026", "erwachsene"):
        if one.sha256 == wave.snapshot.sha256:
            for path in one.folder.iterdir():
                path.unlink()
            one.folder.rmdir()
    error = why_held(Study.load(DEMO, project).wave("2026"))
    assert error is not None
    assert "not here any more" in str(error.problems[0].value)


def test_a_memory_that_cannot_be_read_is_named(project: Project) -> None:
    wave = _released(project)
    (wave.snapshot.folder.parent / "released.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="who was counted at the last release cannot be read"):
        why_held(_loaded(project).wave("2026"))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("run.json", ".lock")
    }


@pytest.mark.slow
def test_what_was_published_of_a_wave_that_is_held_back_stays_to_the_byte(project: Project) -> None:
    (project.surveys / DEMO / "waves" / "2028.toml").unlink()
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem not in ("00_grundauszaehlung", "03_barrieren"):
            path.unlink()
    study = _loaded(project)
    run(study, publish=build_site)
    wave = _released(project)
    study = Study.load(DEMO, project)
    run(study, publish=build_site)
    results = project.results(DEMO)
    before = _files(results)
    table = wave.snapshot.read()
    _import(project, table[table["id"] != str(wave.responses["id"].iloc[0])])
    study = Study.load(DEMO, project)
    states = {step.title: step.state for step in planned(study)}
    assert states["2026 · 03_barrieren"] == "held back"
    assert states["2026 · quality.json"] == "held back"
    assert states["2026/schule · 00_grundauszaehlung"] == "up to date"
    events: list[tuple[str, str]] = []
    outcome = run(study, publish=build_site, listen=lambda event, made: events.append((event, made.title)))
    assert outcome.failures == []
    assert ("held", "2026 · 03_barrieren") in events
    assert "1 of" in str(outcome.held[0].problems[0].value)
    assert _files(results) == before
    # what is lost of it is not made of other data
    (results / "2026" / "quality.json").unlink()
    outcome = run(Study.load(DEMO, project), publish=build_site)
    assert {failure.error.exit_code for failure in outcome.failures} == {4}
    assert not (results / "2026" / "quality.json").exists()
    assert (results / "2026" / "schule" / "quality.json").exists()
