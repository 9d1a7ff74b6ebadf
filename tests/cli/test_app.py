from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bildungsbedarf
from bildungsbedarf.cli import app
from bildungsbedarf.study import Project

DEMO = "bildungsbefragung"
ROOT = Path(__file__).parents[2]
runner = CliRunner()


@pytest.fixture
def home(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("BILDUNGSBEDARF_HOME", str(project.root))
    return project


def test_help_in_plain_words() -> None:
    result = runner.invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("run", "import", "check", "status", "lab"):
        assert command in result.output
    assert runner.invoke(app, ["--version"]).output.strip() == bildungsbedarf.__version__
    assert "--force" in runner.invoke(app, ["run", "--help"], env={"COLUMNS": "120", "TERM": "dumb"}).output


def test_import_prints_what_it_did(home: Project) -> None:
    path = home.root / "data" / "demo" / "responses_2026.json.gz"
    result = runner.invoke(app, ["import", DEMO, str(path), "--wave", "2026", "--json"])
    assert result.exit_code == 0, result.output
    imported = json.loads(result.stdout)["imported"]
    assert (imported[0]["rows"], imported[0]["new"]) == (1500, True)
    again = runner.invoke(app, ["import", DEMO, str(path), "--wave", "2026"])
    assert "already there as snapshot 0001-" in again.stdout


def test_exit_codes_of_the_contract(home: Project, tmp_path: Path) -> None:
    broken = tmp_path / "export.json"
    broken.write_text("<html>", encoding="utf-8")
    cases = [
        (["import", DEMO, str(broken), "--wave", "2026"], 3, "web page"),
        (["import", DEMO, str(broken), "--wave", "2031"], 2, "there is no wave"),
        (["import", "bildung", str(broken), "--wave", "2026"], 2, "there is no study"),
        (["import", DEMO, str(broken), "--wave", "2026", "--kind", "votes"], 2, "data of another kind"),
        (["run", DEMO, "--wave", "2031"], 2, "there is no wave"),
        (["run", DEMO, "--executor", "dask://localhost:1"], 2, "unknown executor"),
        (["run", "--jobs", "-1"], 2, "jobs"),
        (["check", DEMO], 3, "no responses have been imported"),
    ]
    for arguments, code, message in cases:
        result = runner.invoke(app, arguments)
        assert result.exit_code == code, result.output
        assert message in result.output, result.output
        assert "Traceback" not in result.output
    assert not list(home.snapshots(DEMO).rglob("*.parquet"))


def test_errors_as_json(home: Project) -> None:
    result = runner.invoke(app, ["check", "--json"])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["problems"][0]["what"] == "no responses have been imported"


def test_status_and_check_of_the_demo(study: object) -> None:
    result = runner.invoke(app, ["status", DEMO, "--json"], env={"BILDUNGSBEDARF_HOME": str(ROOT)})
    rows = {(row["wave"], row["audience"]): row for row in json.loads(result.stdout)["waves"]}
    assert rows[("2026", "erwachsene")]["responses"] == 1500
    assert rows[("2026", "erwachsene")]["up_to_date"] == "16 of 16"
    assert rows[("2026", "konferenz1")]["findings"] >= 12
    assert "no problems" in runner.invoke(app, ["check", DEMO], env={"BILDUNGSBEDARF_HOME": str(ROOT)}).stdout


def test_run_prints_the_index_last_and_module_is_the_command() -> None:
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "bildungsbedarf", "run"], env=environment, capture_output=True, text=True, check=True
    )
    index = Path(result.stdout.splitlines()[-1])
    assert index == ROOT / "results" / DEMO / "site" / "index.html"
    assert index.is_file()
    assert "36 of 36 notebooks were up to date" in result.stderr
    quiet = subprocess.run(
        [sys.executable, "-m", "bildungsbedarf", "run", "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert quiet.stderr == ""
    assert quiet.stdout == f"{index}\n"


def test_looking_what_is_up_to_date_loads_nothing_that_makes_something() -> None:
    code = "import sys, bildungsbedarf.run.overview, bildungsbedarf.run.pipeline, bildungsbedarf.report; "
    code += "print([m for m in ('scipy', 'matplotlib', 'jinja2', 'papermill', 'statsmodels') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_importing_offers_tells_what_to_mend(home: Project) -> None:
    export = home.root / "data" / "demo" / "offers_2028.csv.gz"
    words = ["import", "bildungsbefragung", str(export), "--wave", "2028", "--audience", "angebote"]
    result = runner.invoke(app, [*words, "--kind", "offers", "--report", str(home.root / "mend.csv")])
    assert result.exit_code == 0, result.output
    assert "240 of 240 offers count, 43 things to mend" in result.output
    lines = (home.root / "mend.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,provider,column,value,what,expected"
    assert len(lines) == 44
