from __future__ import annotations

import inspect
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import bildungsbedarf as bb
from bildungsbedarf.errors import (
    ConfigError,
    DataError,
    DisclosureError,
    ServerError,
    StepError,
    combine,
    nearest,
    shorten,
)

ROOT = Path(__file__).parents[1]


def test_names_of_the_contract() -> None:
    for name in bb.__all__:
        assert getattr(bb, name) is not None
    assert set(bb.__all__) <= set(dir(bb))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = bb.nothing


def test_import_is_light() -> None:
    heavy = "('pandas', 'numpy', 'pydantic', 'matplotlib')"
    code = f"import sys, bildungsbedarf; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_exit_codes() -> None:
    assert combine([DataError("a"), ConfigError("b"), StepError("c")]).exit_code == 2
    assert combine([StepError("c"), DisclosureError("a"), DataError("d")]).exit_code == 3
    codes = {StepError: 1, ConfigError: 2, DataError: 3, DisclosureError: 4, ServerError: 5}
    assert {kind: kind("x").exit_code for kind in codes} == codes


def test_messages() -> None:
    error = DataError(
        "value is wrong", where="f.csv, line 3", value="x" * 200, expected="a number", remedy="export again"
    )
    assert str(error).splitlines()[0] == "f.csv, line 3: value is wrong"
    assert len(max(str(error).splitlines(), key=len)) < 100
    assert nearest("a", []) == "nothing is known here"
    assert shorten("a\nb") == "'a\\nb'"


SMALL = (
    "question;type;item;code;de;en\nA;choice;;;Was?;What?\nA;;;1;Eins;One\nA;;;2;Zwei;Two\nZ;number;;;Wie viele?;N?\n"
)


@pytest.mark.slow
def test_from_the_wheel_in_an_empty_folder_to_pages(tmp_path: Path) -> None:
    """`new` lays a project down, `run` gives pages, papermill started elsewhere finds the notebook's project."""
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next((tmp_path / "dist").glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    empty = tmp_path / "leer"
    empty.mkdir()
    (tmp_path / "q.csv").write_text(SMALL, encoding="utf-8")
    rows = "".join(f"{1 + number % 2};{number}\n" for number in range(40))
    (tmp_path / "a.csv").write_text(f"A;Z\n{rows}", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BILDUNGSBEDARF")}
    environment["PYTHONPATH"] = str(tmp_path / "installed")

    def call(*arguments: str, folder: Path = empty) -> str:
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("bildungsbedarf", "new", "probe", "--from", "../q.csv", "--wave", "2027")
    assert {path.name for path in empty.iterdir()} == {"surveys", "notebooks", "data", ".gitignore"}
    assert "results/" in (empty / ".gitignore").read_text(encoding="utf-8")
    laid = json.loads((empty / "notebooks" / "00_grundauszaehlung.ipynb").read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in laid["cells"])
    call("bildungsbedarf", "import", "probe", "../a.csv", "--wave", "2027")
    index = Path(call("bildungsbedarf", "run", "probe").strip())
    assert index.is_file()
    assert (empty / "results" / "probe" / "site" / "2027" / "00_grundauszaehlung.html").is_file()
    notebook = "leer/notebooks/00_grundauszaehlung.ipynb"
    parameters = ["-p", "study", "probe", "-p", "wave", "2027", "-p", "audience", "befragung"]
    call("papermill", notebook, "out.ipynb", *parameters, "-k", "python3", folder=tmp_path)
    assert (tmp_path / "out.ipynb").is_file()


def test_public_functions_can_be_sent_to_other_processes() -> None:
    for room in (bb.show, bb.findings, bb.needs, bb.weighting):
        for name in room.__all__:
            function = getattr(room, name)
            if inspect.isfunction(function):
                assert pickle.loads(pickle.dumps(function)) is function
