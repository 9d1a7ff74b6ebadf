"""What a notebook may open, print and take; and that nothing of it is left."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from bildungsbedarf.errors import StepError
from bildungsbedarf.run.notebooks import execute
from bildungsbedarf.run.processes import MARK, clear_leftovers
from bildungsbedarf.study.config import RunConfig

START = "import bildungsbedarf as bb\n"


def _execute(root: Path, line: str, limits: RunConfig | None = None) -> tuple[str, ...]:
    for name in ("surveys/s", "data/reference", "data/waves/s", "notebooks", "results/s"):
        (root / name).mkdir(parents=True, exist_ok=True)
    cells = [
        {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [], "source": "wave = ''"},
        {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "source": line},
    ]
    path = root / "notebooks" / "99_neu.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8")
    inputs = [root / name for name in ("surveys/s", "data/reference", "data/waves/s")]
    return execute(path, {}, root, inputs=inputs, limits=limits or RunConfig()).reads


@pytest.mark.slow
def test_what_is_opened_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "data" / "reference").mkdir(parents=True)
    (tmp_path / "data" / "reference" / "a.geojson").write_text("{}", encoding="utf-8")
    reads = _execute(tmp_path, "from pathlib import Path\nkept = Path('../data/reference/a.geojson').read_text()")
    assert reads == ("data/reference/a.geojson",)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("open('../data/waves/other/rows.csv')", r"data/waves/other/rows\.csv is no input of this notebook"),
        ("import pandas as pd\npd.read_csv('../data/own.csv')", r"data/own\.csv is no input"),
        ("open('../results/s/rows.csv', 'w')", r"writes no file: results/s/rows\.csv"),
        ("open('../data/reference/a.csv', 'a')", r"writes no file: data/reference/a\.csv"),
        ("import pandas as pd\npd.DataFrame({'a': [1]}).to_csv('../results/s/a.csv')", r"writes no file: results/s"),
        (
            "import os, tempfile\nfrom pathlib import Path\nf = Path(tempfile.mkdtemp(), 'x')\nf.write_text('1')\n"
            "os.replace(f, '../results/s/x')",
            r"writes no file: results/s/x",
        ),
        ("import os\nos.symlink('/etc/hosts', '../data/reference/b')", r"writes no file: data/reference/b"),
    ],
)
def test_what_was_not_declared_is_refused_and_named(tmp_path: Path, line: str, what: str) -> None:
    (tmp_path / "data" / "waves" / "other").mkdir(parents=True)
    for name in ("data/waves/other/rows.csv", "data/own.csv"):
        (tmp_path / name).write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(StepError, match=what) as caught:
        _execute(tmp_path, line)
    assert "notebooks/99_neu.ipynb, cell 2" in str(caught.value)
    assert list((tmp_path / "results" / "s").iterdir()) == []


@pytest.mark.slow
def test_printing_without_end_and_taking_too_long_and_too_much(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="prints at most 10,000,000 characters"):
        _execute(tmp_path, "while True:\n    print('x' * 100_000)")
    with pytest.raises(StepError, match="the notebook took too long"):
        _execute(tmp_path, "import time\ntime.sleep(60)", RunConfig(notebook_seconds=4))
    if sys.platform == "linux":
        with pytest.raises(StepError, match="MemoryError"):
            _execute(tmp_path, "kept = bytearray(3_000_000_000)", RunConfig(memory_mb=1500))


@pytest.mark.slow
def test_the_servers_password_reaches_no_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMESURVEY_PASSWORD", "geheim")
    _execute(tmp_path, "import os\nassert 'geheim' not in str(dict(os.environ))")
    assert os.environ["LIMESURVEY_PASSWORD"] == "geheim"


@pytest.mark.slow
def test_another_interpreter_called_python3_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    content = {"argv": ["/bin/false"], "display_name": "Other", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    _execute(tmp_path, "import sys\nassert sys.version_info >= (3, 11)")


@pytest.mark.slow
def test_long_folders_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", None)
    _execute(tmp_path, "kept = 1")
    assert list(long.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sessions are of POSIX")
def test_processes_in_a_session_of_their_own_are_ended(tmp_path: Path) -> None:
    line = "import subprocess\nkept = subprocess.Popen(['sleep', '4711'], start_new_session=True)"
    _execute(tmp_path, line)
    assert [
        process for process in psutil.process_iter(["cmdline"]) if process.info["cmdline"] == ["sleep", "4711"]
    ] == []


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are of POSIX")
def test_what_a_killed_run_left_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = psutil.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, other = tmp_path / f"bildungsbedarf-{gone.pid}-x", tmp_path / f"bildungsbedarf-{os.getpid()}-x"
    for folder in (left, other):
        folder.mkdir()
    process = psutil.Popen(["sleep", "60"], env={**os.environ, MARK: str(left)})
    time.sleep(0.2)
    clear_leftovers()
    assert process.wait(timeout=5) != 0
    assert [path.name for path in tmp_path.iterdir()] == [other.name]
