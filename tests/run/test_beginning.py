from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from bildungsbedarf.run.beginning import start_notebook
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

ROOT = Path(__file__).parents[2]


def test_a_persons_own_is_never_touched(project: Project) -> None:
    study = Study.load("bildungsbefragung", project)
    path = start_notebook(study)
    assert path == project.root / "eigenes" / "start.ipynb"
    path.write_text("mine", encoding="utf-8")
    assert start_notebook(study) == path
    assert path.read_text(encoding="utf-8") == "mine"


def test_without_responses_it_says_what_to_do_and_asks_nothing(project: Project) -> None:
    made = json.loads(start_notebook(Study.load("bildungsbefragung", project)).read_bytes())
    code = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    assert code[-1] == "study"
    assert "bildungsbedarf check bildungsbefragung" in "".join(made["cells"][-1]["source"])


@pytest.mark.slow
def test_the_start_notebook_of_the_demo_runs(project: Project, study: Study) -> None:
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    path = start_notebook(Study.load("bildungsbefragung", project))
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)  # type: ignore[no-untyped-call]
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(project.root), "PYTHONPATH": str(ROOT)}
    client = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, timeout=300)
    client.execute(env=environment)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len(shown) == 5
    assert "1,500 in " in shown[0]["data"]["text/html"]
