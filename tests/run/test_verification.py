"""One byte changed anywhere in what was published is found and named."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bildungsbedarf.findings import all_findings, one_finding
from bildungsbedarf.report.publishing import publish, published
from bildungsbedarf.run import run
from bildungsbedarf.run.explaining import explain
from bildungsbedarf.run.verification import verify_study
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which one small audience was run; tests work on copies."""
    root = tmp_path_factory.mktemp("verified")
    for name in ("surveys", "notebooks", "data/reference", "data/demo"):
        shutil.copytree(Path(__file__).parents[2] / name, root / name)
    project = Project(root)
    (project.surveys / DEMO / "waves" / "2028.toml").unlink()
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem not in ("20_konferenz", "30_leitbild", "02_bildungsbedarfe"):
            path.unlink()
    study = Study.load(DEMO, project)
    study.import_declared()
    run(study, publish=publish)
    return project


@pytest.fixture
def made(finished: Project, tmp_path: Path) -> Project:
    shutil.copytree(finished.root, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def _doubts(project: Project, *, remake: bool = False) -> dict[str, str]:
    found = verify_study(Study.load(DEMO, project), published, remake=remake)
    return {doubt.about: doubt.what for doubt in found.doubts}


def test_nothing_differs_after_a_run(made: Project) -> None:
    found = verify_study(Study.load(DEMO, made), published, independent=True, remake=True)
    assert (found.doubts, found.other_code, found.without_recipe) == ([], 0, [])
    assert found.findings > 30
    assert found.files > 8
    assert found.independent > 20
    assert sum(found.uncovered.values()) + found.independent == found.findings


@pytest.mark.parametrize(
    "name",
    [
        "2026/findings.json",
        "2026/quality.json",
        "2026/tables.xlsx",
        "2026/notebooks/02_bildungsbedarfe.ipynb",
        "2026/konferenz1/findings.json",
        "site/index.html",
        "site/2026/02_bildungsbedarfe.html",
    ],
)
def test_one_byte_of_an_output(made: Project, name: str) -> None:
    path = made.results(DEMO) / name
    content = bytearray(path.read_bytes())
    place = content.rfind(b"2") if path.suffix != ".xlsx" else len(content) // 2
    content[place] ^= 1
    path.write_bytes(content)
    assert _doubts(made)[name] == "is not what was made"


def test_a_changed_number_in_a_register(made: Project) -> None:
    path = made.results(DEMO) / "2026" / "findings.json"
    register = json.loads(path.read_text(encoding="utf-8"))
    entry = next(one for one in register["findings"] if one["id"] == "unmet_need.F05")
    entry["estimate"] = 0.5
    path.write_text(json.dumps(register, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    doubts = _doubts(made)
    assert doubts["2026/unmet_need.F05"].startswith("differs: estimate: registered 0.5, computed 0.4759")


def test_one_byte_of_a_snapshot_and_of_a_questionnaire(made: Project) -> None:
    snapshots = made.snapshots(DEMO)
    table = next(snapshots.glob("2026/erwachsene/*/responses.parquet"), None) or next(
        path for path in snapshots.rglob("responses.parquet") if "erwachsene" in path.as_posix()
    )
    table.chmod(0o600)
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    doubts = _doubts(made)
    assert any(about == "2026 erwachsene: snapshot" for about in doubts)
    assert any(what.startswith("cannot be computed") for what in doubts.values())


def test_a_changed_rule_makes_results_stale_and_says_from_what(made: Project) -> None:
    path = made.surveys / DEMO / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("dissatisfied_to = 2", "dissatisfied_to = 3"), "utf-8")
    found = verify_study(Study.load(DEMO, made), published)
    told = {doubt.about: doubt for doubt in found.doubts}
    assert "configuration" in told["2026 · 02_bildungsbedarfe"].what
    assert told["2026 · 02_bildungsbedarfe"].since[:2] == "20"
    assert told["2026/unmet_need.F05"].what.startswith("differs: ")


def test_a_file_that_is_gone(made: Project) -> None:
    (made.results(DEMO) / "2026" / "tables.xlsx").unlink()
    assert _doubts(made)["2026/tables.xlsx"] == "is not there any more"


def test_a_sentence_leads_back_to_the_answers(finished: Project) -> None:
    study = Study.load(DEMO, finished)
    one = one_finding(all_findings(finished, DEMO), "unmet_need.F05")[0]
    told = dict(explain(study, one))
    assert told["Number"] == "47.6%; 95% interval 44.3 to 50.9%; standard error 0.0168"
    assert told["Question"].endswith("(WICHT[F05], ZUFR[F05])")
    assert told["Not in the base"] == "245 could not judge, 86 gave no answer"
    assert told["Computed as"].startswith("Σ w · [importance ≥ 4 and satisfaction ≤ 2] / Σ w")
    assert told["Computed with"] == "needs.unmet(2026/erwachsene)"
    assert "municipalities_06633.csv" in told["Weights"]
    assert told["Data"].endswith(study.wave("2026").snapshot.sha256)
    assert told["Shown in"].startswith("notebook 02_bildungsbedarfe, cell ")
    german = dict(explain(study, one, "de"))
    assert german["Nicht dabei"] == "245 konnten es nicht beurteilen, 86 haben nicht geantwortet"


def test_whom_the_base_leaves_out_adds_up(finished: Project) -> None:
    study = Study.load(DEMO, finished)
    counted = study.wave("2026").quality.counted
    for one in all_findings(finished, DEMO):
        if one.audience == "erwachsene" and one.left_out and not one.groups:
            assert one.n + sum(one.left_out.values()) == counted
            assert min(one.left_out.values()) >= 5


def test_another_leitbild_makes_what_is_made_of_it_stale_and_no_number_wrong(made: Project) -> None:
    path = made.surveys / DEMO / "leitbild.toml"
    text = path.read_text(encoding="utf-8").replace('concepts = ["digitale_kompetenzen"]', "concepts = []", 1)
    path.write_text(text, encoding="utf-8")
    told = _doubts(made)
    assert not [about for about, what in told.items() if what.startswith("differs: ")]
    assert any(what.startswith("stale, changed: ") for what in told.values())


def _with_its_hash(project: Project, name: str, old: str, new: str) -> None:
    """Somebody changes a file, and what run.json says of it."""
    path = project.results(DEMO) / name
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    changed = 0
    for states in project.results(DEMO).rglob("run.json"):
        told = states.read_text(encoding="utf-8")
        changed += told.count(before)
        states.write_text(told.replace(before, after), encoding="utf-8")
    assert changed


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("site/2026/02_bildungsbedarfe.html", "47,6", "99,9"),
        ("2026/findings.json", '"recipe": {', '"recipe": null, "was": {'),
        ("2026/findings.json", '"headline": false', '"headline": true'),
        ("2026/quality.json", '"rows": ', '"rows": 1'),
    ],
)
def test_who_changes_the_hash_too_is_found(made: Project, name: str, old: str, new: str) -> None:
    _with_its_hash(made, name, old, new)
    told = _doubts(made, remake=name.endswith(".html"))
    assert [about for about in told if about in name or name in about], told


def test_a_page_that_no_step_made(made: Project) -> None:
    page = made.results(DEMO) / "site" / "2026" / "mehr.html"
    page.write_text("<p>99 %</p>", encoding="utf-8")
    assert _doubts(made)["site/2026/mehr.html"] == "was made by no step"


@pytest.mark.parametrize("name", ["all/documents/x.pdf", "2026/notebooks/99_fremd.ipynb", "fremd/x.txt", "2026/x.json"])
def test_a_file_that_no_step_made_is_found_anywhere(made: Project, name: str) -> None:
    path = made.results(DEMO) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("99 %", encoding="utf-8")
    assert _doubts(made) == {name: "was made by no step"}


def test_a_damaged_snapshot_accuses_nothing_else_made_of_all_waves(made: Project) -> None:
    data = next((made.snapshots(DEMO) / "2026" / "konferenz1").rglob("responses.parquet"))
    content = bytearray(data.read_bytes())
    content[100] ^= 1
    data.write_bytes(bytes(content))
    study = Study.load(DEMO, made)
    found = verify_study(study, published, remake=True)
    told = {doubt.about: doubt.what for doubt in found.doubts}
    assert [about for about in told if about.startswith("2026 konferenz1: snapshot")]
    assert not [about for about, what in told.items() if what == "is not what its inputs make"]
    assert found.computed < found.findings


def test_lost_records_of_a_folder_are_named_once(made: Project) -> None:
    (made.results(DEMO) / "2026" / "konferenz1" / "run.json").unlink()
    told = _doubts(made)
    own = {about: what for about, what in told.items() if about.startswith("2026/konferenz1/run.json")}
    assert own == {"2026/konferenz1/run.json": "is not there any more: nothing is known of the files beside it"}
    assert "was never made" not in told.values()
