"""Nothing in the results is trusted: what a run finds is what it made, of the inputs there are, or it is made again."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError, DataError, StepError
from bildungsbedarf.report import build_site
from bildungsbedarf.run import Outcome, plan, run
from bildungsbedarf.run.hashes import Hashes
from bildungsbedarf.run.ledger import Ledger
from bildungsbedarf.run.lock import locked
from bildungsbedarf.run.overview import overview, planned
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"
Events = list[tuple[str, str]]
CURRENT = [
    ("current", "2026/konferenz1 · 20_konferenz"),
    ("current", "2026/konferenz1 · 22_umfrage_und_beteiligung"),
    ("current", "all · 42_bildungsmonitoring"),
    ("current", "all · 30_leitbild"),
]


def _bring(project: Project, *, in_full: bool = False) -> tuple[Outcome, Events]:
    study = Study.load(DEMO, project)
    study.import_declared()
    events: Events = []
    outcome = run(
        study,
        waves=["2026"],
        audience="konferenz1",
        in_full=in_full,
        listen=lambda event, about: events.append((event, about.title)),
        publish=build_site,
    )
    return outcome, [event for event in events if event[0] not in ("started", "done")]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which one small audience was run; tests work on copies."""
    root = tmp_path_factory.mktemp("finished")
    for name in ("surveys", "notebooks", "data/reference", "data/demo"):
        shutil.copytree(Path(__file__).parents[2] / name, root / name)
    project = Project(root)
    _bring(project)
    return project


@pytest.fixture
def made(finished: Project, tmp_path: Path) -> Project:
    shutil.copytree(finished.root, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def _files(project: Project) -> dict[str, bytes]:
    results = project.results(DEMO)
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in results.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "2026/konferenz1/quality.json",
        "2026/konferenz1/tables.xlsx",
        "2026/konferenz1/findings.json",
        "2026/konferenz1/notebooks/20_konferenz.ipynb",
        "site/index.html",
        "site/2026/konferenz1/20_konferenz.html",
    ],
)
def test_what_somebody_changed_is_made_again_and_said(made: Project, name: str) -> None:
    before = _files(made)
    assert name in before
    path = made.results(DEMO) / name
    path.write_bytes(before[name].replace(b"62", b"99").replace(b"PK", b"PX", 1) + b" ")
    _, events = _bring(made)
    assert ("changed", name) in events
    assert any(event == "restored" for event, _ in events)
    assert _files(made) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["site/rows.csv", "2026/konferenz1/notes.txt", "2031/findings.json"])
def test_what_no_step_made_is_removed_and_said(made: Project, name: str) -> None:
    before = _files(made)
    path = made.results(DEMO) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id;age\n1;17\n", encoding="utf-8")
    _, events = _bring(made)
    assert events[0] == ("removed", name)
    assert _files(made) == before


@pytest.mark.slow
def test_with_everything_as_it_was_nothing_is_done(made: Project) -> None:
    stamps = {path: path.stat().st_mtime_ns for path in made.results(DEMO).rglob("*") if path.name != ".lock"}
    outcome, events = _bring(made)
    assert outcome.executed == []
    assert events == CURRENT
    assert {path: path.stat().st_mtime_ns for path in stamps if path.is_file()} == {
        path: stamp for path, stamp in stamps.items() if path.is_file()
    }


@pytest.mark.slow
def test_a_run_of_one_notebook_keeps_the_register_of_the_others(made: Project) -> None:
    register = made.results(DEMO) / "2026" / "konferenz1" / "findings.json"
    before = register.read_bytes()
    assert before.count(b'"id"') > 5
    notebook = made.notebooks / "99_neu.ipynb"
    content = json.loads((made.notebooks / "20_konferenz.ipynb").read_text(encoding="utf-8"))
    content["cells"] = content["cells"][:3]
    notebook.write_text(json.dumps(content), encoding="utf-8")
    run(Study.load(DEMO, made), waves=["2026"], audience="konferenz1", only="99_neu", publish=build_site)
    assert register.read_bytes() == before


@pytest.mark.slow
def test_after_a_mended_failure_nothing_old_is_left(made: Project) -> None:
    """40 ballots instead of 62, one broken notebook, mended: quality, tables and index tell of the 40."""
    export = made.root / "data" / "demo" / "konferenz1.json"
    source = next(path for path in (made.root / "data" / "demo").iterdir() if "konferenz1" in path.name)
    study = Study.load(DEMO, made)
    wave = study.wave("2026", "konferenz1")
    table = wave.snapshot.read().head(40)
    few = export.with_suffix(".csv")
    names = {column.name: column.heading for column in wave.codebook.columns}
    table.rename(columns=names).to_csv(few, index=False)
    study.import_file(few, "2026", "konferenz1")
    notebook = made.notebooks / "20_konferenz.ipynb"
    whole = notebook.read_text(encoding="utf-8")
    content = json.loads(whole)
    content["cells"][-1] = {**content["cells"][1], "cell_type": "code", "source": "1 / 0", "outputs": []}
    notebook.write_text(json.dumps(content), encoding="utf-8")
    outcome, _ = _bring(made)
    assert len(outcome.failures) == 1
    assert not (made.results(DEMO) / "2026/konferenz1/notebooks/20_konferenz.ipynb").exists()
    notebook.write_text(whole, encoding="utf-8")
    outcome, _ = _bring(made)
    assert outcome.failures == []
    assert source.is_file()
    quality = json.loads((made.results(DEMO) / "2026/konferenz1/quality.json").read_text(encoding="utf-8"))
    assert quality["counted"] == 40
    method = (made.results(DEMO) / "site" / "daten-und-methode.html").read_text(encoding="utf-8")
    assert "40 gezählte Personen" in method
    assert "62 gezählte Personen" not in method
    rows = {row["audience"]: row for row in overview(Study.load(DEMO, made)) if row["wave"] == "2026"}
    assert (rows["konferenz1"]["responses"], rows["konferenz1"]["up_to_date"]) == (40, "5 of 5")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda folder: _flip(folder / "responses.parquet"), "snapshot was changed"),
        (lambda folder: _say(folder, "rows", 61), "manifest was changed"),
        (lambda folder: _say(folder, "submitted", 61), "manifest was changed"),
        (lambda folder: (folder / "responses.parquet").unlink(), "lost its table"),
        (lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"), "manifest cannot be read"),
    ],
)
def test_a_damaged_snapshot_is_refused(made: Project, change: object, what: str) -> None:
    folder = next((made.snapshots(DEMO) / "2026" / "konferenz1").glob("0001-*"))
    change(folder)  # type: ignore[operator]
    with pytest.raises(DataError, match=what) as caught:
        _bring(made)[0].raise_failures()
    assert caught.value.exit_code == 3


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _say(folder: Path, key: str, value: int) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), key: value}), encoding="utf-8")


@pytest.mark.slow
def test_verify_sees_what_keeps_size_and_time(made: Project) -> None:
    path = made.results(DEMO) / "2026/konferenz1/quality.json"
    old = path.stat().st_mtime_ns - 10_000_000_000
    os.utime(path, ns=(old, old))
    _bring(made)
    content = path.read_bytes()
    with path.open("r+b") as stream:
        stream.write(content.replace(b"62", b"99"))
    os.utime(path, ns=(old, old))
    assert _bring(made)[1] == CURRENT
    assert ("changed", "2026/konferenz1/quality.json") in _bring(made, in_full=True)[1]
    assert path.read_bytes() == content


@pytest.mark.slow
def test_a_file_a_notebook_opened_counts_as_its_input(made: Project) -> None:
    study = Study.load(DEMO, made)
    opened = json.loads((made.results(DEMO) / "2026/konferenz1/run.json").read_text(encoding="utf-8"))
    reads = opened["steps"]["20_konferenz"]["reads"]
    assert "surveys/bildungsbefragung/study.toml" in reads
    assert any(name.endswith("responses.parquet") for name in reads)
    ledger = Ledger(study)
    inputs = opened["steps"]["20_konferenz"]["inputs"]
    assert ledger.is_current("2026/konferenz1", "20_konferenz", inputs)
    snapshot = next(name for name in reads if name.endswith("manifest.json"))
    (made.root / snapshot).write_text("{}", encoding="utf-8")
    assert not Ledger(study).is_current("2026/konferenz1", "20_konferenz", inputs)


def test_hashes_are_read_again_where_a_file_was_written(tmp_path: Path) -> None:
    path, kept = tmp_path / "a", tmp_path / "kept.json"
    path.write_text("eins", encoding="utf-8")
    os.utime(path, ns=(1_000_000_000, 1_000_000_000))
    hashes = Hashes(kept)
    first = hashes.of(path)
    hashes.save()
    assert Hashes(kept).of(path) == first
    path.write_text("zwei", encoding="utf-8")
    assert Hashes(kept).of(path) not in ("", first)
    path.unlink()
    assert Hashes(kept).of(path) == ""
    kept.write_text("[]", encoding="utf-8")
    assert Hashes(kept).of(kept) != ""


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    with (
        locked(tmp_path, "s"),
        pytest.raises(StepError, match=rf"process {os.getpid()} on .* since 20"),
        locked(tmp_path, "s"),
    ):
        raise AssertionError
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


@pytest.mark.slow
def test_what_would_run_and_why_is_told_without_running_it(made: Project) -> None:
    title = "2026/konferenz1 · 20_konferenz"
    asked = {"waves": ["2026"], "audience": "konferenz1"}

    def told(**options: bool) -> dict[str, tuple[str, str]]:
        steps = planned(Study.load(DEMO, made), **asked, **options)  # type: ignore[arg-type]
        return {step.title: (step.state, step.why) for step in steps}

    assert told()[title] == ("up to date", "")
    assert told()["site"] == ("up to date", "")
    assert told(force=True)[title] == ("runs", "everything is run (--force)")
    assert told()["2026/konferenz1 · 02_bildungsbedarfe"][0] == "does not apply"
    study = made.surveys / DEMO / "study.toml"
    study.write_text(study.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    state, why = told()[title]
    assert state == "runs"
    assert why.startswith("changed: configuration")
    before = _files(made)
    assert _files(made) == before
    _flip(next((made.snapshots(DEMO) / "2026" / "konferenz1").glob("*/responses.parquet")))
    assert told()[title] == ("cannot run", "snapshot was changed after it was written")


@pytest.mark.slow
def test_a_crafted_state_removes_nothing_outside(made: Project, tmp_path: Path) -> None:
    victim, other = tmp_path / "victim.txt", made.surveys / DEMO / "leitbild.toml"
    victim.write_text("x", encoding="utf-8")
    path = made.results(DEMO) / "2026" / "konferenz1" / "run.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    crafted = {str(victim): "0", "../../surveys/bildungsbefragung/leitbild.toml": "0"}
    content["steps"]["20_konferenz"]["files"] |= crafted
    content["steps"]["other"] = {"state": "done", "seconds": "1", "inputs": [], "files": None, "reads": 3}
    path.write_text(json.dumps(content), encoding="utf-8")
    before = _files(made)
    _bring(made)
    assert victim.is_file()
    assert other.is_file()
    assert _files(made) == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="links and pipes are of POSIX")
def test_links_and_pipes_in_the_results_are_removed(made: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.html").write_text("x", encoding="utf-8")
    site, before = made.results(DEMO) / "site", _files(made)
    shutil.rmtree(site)
    site.symlink_to(outside)
    os.mkfifo(made.results(DEMO) / "2026" / "pipe")
    (made.results(DEMO) / "dangling").symlink_to(tmp_path / "nothing")
    _, events = _bring(made)
    assert {title for event, title in events if event == "removed"} == {"site", "2026/pipe", "dangling"}
    assert (outside / "kept.html").read_text(encoding="utf-8") == "x"
    assert _files(made) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("responses.parquet", "snapshot was changed after it was written"),
        ("manifest.json", "snapshot's manifest cannot be read"),
    ],
)
def test_a_damaged_snapshot_leaves_no_old_statements(made: Project, name: str, what: str) -> None:
    """Whatever of it is damaged, only its own wave is: everything else is finished."""
    path = next((made.snapshots(DEMO) / "2026" / "konferenz1").glob(f"*/{name}"))
    if name == "manifest.json":
        path.write_text("{", encoding="utf-8")
    else:
        _flip(path)
    outcome, _ = _bring(made)
    assert outcome.failures
    folder = made.results(DEMO) / "2026" / "konferenz1"
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["run.json"]
    rows = {row["audience"]: row for row in overview(Study.load(DEMO, made)) if row["wave"] == "2026"}
    assert rows["konferenz1"]["problem"].startswith(what)
    # a later run of something else still says what is missing
    study = Study.load(DEMO, made)
    run(study, waves=["2026"], audience="schule", only="01_rueckblick_und_qualitaet", publish=build_site)
    index = (made.results(DEMO) / "site" / "index.html").read_text(encoding="utf-8")
    assert "Erste Bildungskonferenz (2026): Abstimmung" in index


@pytest.mark.slow
def test_a_project_in_a_folder_with_braces(made: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("p") / "p{x}"
    shutil.copytree(made.root, root)
    (root / "notebooks" / "20_konferenz.ipynb").rename(root / "notebooks" / "20_{y}.ipynb")
    outcome, _ = _bring(Project(root))
    assert outcome.failures == []
    assert (root / "results" / DEMO / "site" / "2026" / "konferenz1" / "20_{y}.html").is_file()


def test_notebooks_that_are_none_are_named(project: Project) -> None:
    study = Study.load(DEMO, project)
    for name, text in (("a.b", "{}"), ("c", '{"metadata": {}}'), ("d", '{"cells": [{}], "metadata": {}}')):
        path = project.notebooks / f"{name}.ipynb"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=rf"notebooks/{name}\.ipynb"):
            plan(study)
        path.unlink()


@pytest.mark.slow
def test_a_file_written_while_a_notebook_reads_it_makes_it_run_again(made: Project) -> None:
    read = made.reference / "own.csv"
    read.write_text("a\n", encoding="utf-8")
    content = json.loads((made.notebooks / "20_konferenz.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    code[1]["source"] = f"import os\nfrom pathlib import Path\nkept = Path({str(read)!r}).read_text()"
    ahead = "\nimport time\ntime.sleep(3)"
    code[1]["source"] += ahead
    content["cells"] = code[:2]
    (made.notebooks / "20_konferenz.ipynb").write_text(json.dumps(content), encoding="utf-8")

    def touch(event: str, about: object) -> None:
        if event == "started":
            later = time.time() + 30
            os.utime(read, (later, later))

    study = Study.load(DEMO, made)
    run(study, waves=["2026"], audience="konferenz1", only="20_konferenz", listen=touch)
    states = json.loads((made.results(DEMO) / "2026/konferenz1/run.json").read_text(encoding="utf-8"))
    assert states["steps"]["20_konferenz"]["reads"]["data/reference/own.csv"] == "written while the notebook ran"
    outcome = run(study, waves=["2026"], audience="konferenz1", only="20_konferenz")
    assert [step.name for step in outcome.executed] == ["20_konferenz"]


@pytest.mark.slow
def test_a_conference_needs_no_survey_beside_it(project: Project) -> None:
    waves = project.surveys / DEMO / "waves"
    (waves / "2028.toml").unlink()
    whole = (waves / "2026.toml").read_text(encoding="utf-8")
    conference = whole[whole.index("[audience.konferenz1]") :].split("\n[audience.", 1)[0]
    (waves / "2026.toml").write_text(conference, encoding="utf-8")
    study = Study.load(DEMO, project)
    study.import_declared()
    outcome = run(study, publish=build_site)
    assert outcome.failures == []
    page = project.results(DEMO) / "site" / "2026" / "konferenz1" / "22_umfrage_und_beteiligung.html"
    text = page.read_text(encoding="utf-8")
    assert "Wer zu den Konferenzen kam, nach Bereich" in text
    # beneath this heading there is nothing to say without a survey
    assert "Was beide nach vorn setzen" not in text
