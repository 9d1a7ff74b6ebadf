from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bildungsbedarf.cli import app
from bildungsbedarf.run.auditing import Hole
from bildungsbedarf.study import Project

DEMO = "bildungsbefragung"
ROOT = Path(__file__).parents[2]
runner = CliRunner()


@pytest.fixture
def home(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("BILDUNGSBEDARF_HOME", str(project.root))
    return project


def test_before_anything_was_made_each_command_says_what_to_do(home: Project) -> None:
    for arguments, code, told in (
        (["serve", DEMO], 3, "there are no pages yet"),
        (["audit", DEMO], 1, "nothing was published yet"),
        (["watch", DEMO], 2, "no field is open today"),
        (["watch", DEMO, "--every", "bald"], 2, "no time to wait"),
        (["notebook", "nirgends"], 3, "there is no such notebook"),
    ):
        result = runner.invoke(app, arguments)
        assert result.exit_code == code, (arguments, result.output)
        assert told in result.output


def test_prune_says_and_only_then_removes(home: Project) -> None:
    failed = home.snapshots(DEMO) / ".failed"
    failed.mkdir(parents=True)
    (failed / "x.ipynb").write_text("{}", encoding="utf-8")
    told = runner.invoke(app, ["prune", DEMO])
    assert told.exit_code == 0
    assert ".failed" in told.output
    assert failed.is_dir()
    gone = runner.invoke(app, ["prune", DEMO, "--yes", "--json"])
    assert json.loads(gone.stdout.splitlines()[-1])["removed"] is True
    assert not failed.exists()
    assert "nothing can go" in runner.invoke(app, ["prune", DEMO]).output


def test_audit_ends_with_four_where_it_finds_something(monkeypatch: pytest.MonkeyPatch) -> None:
    home = {"BILDUNGSBEDARF_HOME": str(ROOT)}
    fine = runner.invoke(app, ["audit", DEMO], env=home)
    assert fine.exit_code == 0, fine.output
    assert "found nothing" in fine.output
    hole = Hole("2026/tables.xlsx, sheet Alter", "2 persons", "from the sums")
    monkeypatch.setattr("bildungsbedarf.run.auditing.audit", lambda study, tell: [hole])
    found = runner.invoke(app, ["audit", DEMO], env=home)
    assert found.exit_code == 4
    assert "sheet Alter" in found.output


def test_notebook_writes_one_and_says_what_is_missing(home: Project) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": None}
    path = home.root / "probe.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    result = runner.invoke(app, ["notebook", "probe", "--as", "60_probe", "--requires", "responses"])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "notebooks/60_probe.ipynb"
    assert "say the question" in result.output
    assert (home.notebooks / "60_probe.ipynb").is_file()
