from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from bildungsbedarf.errors import DataError, DisclosureError, StepError
from bildungsbedarf.report import build_site, publish
from bildungsbedarf.run import notebooks, plan, run
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.state import StepState, read_states, write_state
from bildungsbedarf.study import Project
from bildungsbedarf.study.config import RunConfig
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"


def _loaded(project: Project) -> Study:
    loaded = Study.load(DEMO, project)
    loaded.import_declared()
    return loaded


def _change(project: Project, notebook: str, line: str) -> None:
    path = project.notebooks / f"{notebook}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    cells[-1]["source"] = line
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.slow
def test_two_runs_are_byte_identical(project: Project, results: Path) -> None:
    loaded = _loaded(project)
    run(loaded, jobs=2, publish=publish)
    fresh = project.results(DEMO)
    names = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    names = [name for name in names if name.name not in ("run.json", ".lock")]
    assert len(names) > 25
    for name in names:
        assert (fresh / name).read_bytes() == (results / name).read_bytes(), name


@pytest.mark.slow
def test_a_failing_notebook_is_named_and_all_others_are_published(project: Project) -> None:
    _change(project, "03_barrieren", "kept = 1\nkept / 0")
    loaded = _loaded(project)
    events: list[tuple[str, str]] = []
    outcome = run(loaded, waves=["2026"], jobs=2, listen=lambda event, step: events.append((event, step.name)))
    with pytest.raises(StepError, match=r"03_barrieren\.ipynb, cell \d+, line 2: cell failed: ZeroDiv") as caught:
        outcome.raise_failures()
    assert caught.value.exit_code == 1
    assert "'kept / 0'" in str(caught.value)
    assert ("failed", "03_barrieren") in events
    folder = project.results(DEMO) / "2026"
    states = {name: state.state for name, state in read_states(folder).items()}
    assert states.pop("03_barrieren") == "failed"
    assert len(states) == 15
    assert set(states.values()) == {"done"}
    assert not (folder / "notebooks" / "03_barrieren.ipynb").exists()
    assert (folder / "findings.json").is_file()
    assert (folder / "quality.json").is_file()
    assert "division" not in (folder / "run.json").read_text(encoding="utf-8")
    kept = project.snapshots(DEMO) / ".failed" / "2026" / "03_barrieren.ipynb"
    assert kept.stat().st_mode & 0o077 == 0
    unfinished = [failure.step for failure in outcome.failures]
    index = build_site(loaded, outcome.finished, unfinished).read_text(encoding="utf-8")
    assert "Nicht fertig geworden" in index
    assert "Befragung 2026: Hindernisse und Formate" in index
    assert "03_barrieren.html" not in index


@pytest.mark.slow
def test_a_wave_without_responses_stops_no_other(project: Project) -> None:
    text = (project.surveys / DEMO / "waves" / "2028.toml").read_text(encoding="utf-8")
    (project.surveys / DEMO / "waves" / "2030.toml").write_text(
        re.sub(r"^(export|snapshot) = .*\n", "", text, flags=re.M), encoding="utf-8"
    )
    outcome = run(_loaded(project), only="07_demokratie", jobs=2)
    assert [step.folder for step in outcome.finished] == ["2026", "2028"]
    assert {failure.step.folder for failure in outcome.failures} == {"2030"}
    with pytest.raises(DataError, match="wave 2030, audience erwachsene: no responses have been imported"):
        outcome.raise_failures()
    with pytest.raises(DataError, match="no responses have been imported"):
        run(_loaded(project), waves=["2030"])


@pytest.mark.slow
def test_a_worker_that_dies_takes_no_other_step_with_it(project: Project) -> None:
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem not in ("01_rueckblick_und_qualitaet", "07_demokratie"):
            path.unlink()
    worker = "psutil.Process(os.getppid()).ppid()" if sys.platform == "linux" else "os.getppid()"
    line = f"import os, signal, time, psutil\nos.kill({worker}, signal.SIGKILL)\ntime.sleep(60)"
    _change(project, "07_demokratie", line)
    outcome = run(_loaded(project), waves=["2026"], audience="erwachsene", jobs=2)
    assert [step.name for step in outcome.finished] == ["01_rueckblick_und_qualitaet"]
    with pytest.raises(StepError, match="the process of this notebook was killed"):
        outcome.raise_failures()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "what"), [("import os\nos._exit(1)", "the kernel died"), ("import time\ntime.sleep(9)", "took too long")]
)
def test_a_kernel_that_dies_or_hangs_is_named(project: Project, line: str, what: str) -> None:
    path = project.notebooks / "99_neu.ipynb"
    cells = [
        {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [], "source": "wave = ''"}
    ]
    cells.append({"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "source": line})
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    with pytest.raises(StepError, match=what):
        notebooks.execute(path, {"wave": "2026"}, project.root, limits=RunConfig(cell_seconds=4))


@pytest.mark.slow
def test_rows_of_people_are_refused_and_written_nowhere(project: Project) -> None:
    _change(project, "03_barrieren", "current.responses.head()")
    outcome = run(_loaded(project), waves=["2026"], only="03_barrieren")
    with pytest.raises(DisclosureError, match=r"03_barrieren\.ipynb, cell \d+") as caught:
        outcome.raise_failures()
    assert caught.value.exit_code == 4
    assert not list(project.results(DEMO).rglob("03_barrieren.ipynb"))


@pytest.mark.slow
def test_ctrl_c_leaves_a_state_the_next_run_goes_on_from(project: Project) -> None:
    command = [sys.executable, "-m", "bildungsbedarf", "run", DEMO, "--wave", "2026", "--jobs", "1"]
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(project.root)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    first = project.results(DEMO) / "2026" / "notebooks" / "01_rueckblick_und_qualitaet.ipynb"
    deadline = time.monotonic() + 90
    while not first.is_file() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "the next run goes on from there" in stderr
    events: list[tuple[str, str]] = []
    loaded = _loaded(project)
    run(loaded, waves=["2026"], jobs=2, listen=lambda event, step: events.append((event, step.name)))
    assert ("current", "01_rueckblick_und_qualitaet") in events
    # a run of one wave has a site of its own pages
    site = build_site(loaded, plan(loaded)).parent
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert "2026/02_bildungsbedarfe.html" in pages
    assert not any(page.startswith("2028/") for page in pages)


def test_what_is_up_to_date_is_not_run_again(study: Study) -> None:
    events: list[str] = []
    outcome = run(study, listen=lambda event, step: events.append(event))
    assert outcome.executed == []
    assert events == ["current"] * 36


def test_a_locked_study_says_so(project: Project) -> None:
    loaded = Study.load(DEMO, project)
    folder = project.results(DEMO)
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"), pytest.raises(StepError, match="another run") as caught:
        run(loaded)
    assert caught.value.exit_code == 1


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a" / "f.txt"
    assert write_atomic(path, "eins")
    assert not write_atomic(path, "eins")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StepError, match="disk is full"):
        write_atomic(path, "zwei")
    assert path.read_text(encoding="utf-8") == "eins"
    assert list(path.parent.iterdir()) == [path]


def test_a_lost_state_only_costs_a_rerun(tmp_path: Path) -> None:
    assert read_states(tmp_path) == {}
    write_state(tmp_path, "n", StepState("done", 1.0, {"code": "in"}, {"a": "out"}))
    assert read_states(tmp_path)["n"].inputs == {"code": "in"}
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    assert read_states(tmp_path) == {}
