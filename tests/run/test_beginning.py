from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from bildungsbedarf.run.beginning import lab_of, start_notebook, templates
from bildungsbedarf.run.numbering import number_notebook
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


def test_templates_are_told_to_jupyterlab_and_nobody_outside_is_asked(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    lab = lab_of(Study.load("bildungsbefragung", project), tmp_path / "lab")
    assert lab.arguments[0] == f"--notebook-dir={project.root}"
    assert lab.arguments[-1] == "eigenes/start.ipynb"
    assert lab.variables == {"JUPYTER_CONFIG_PATH": os.pathsep.join([str(tmp_path / "lab"), "/mine"])}
    told = json.loads((tmp_path / "lab" / "jupyter_server_config.json").read_text(encoding="utf-8"))
    shelf = Path(told["JupyterLabTemplates"]["template_dirs"][0])
    assert sorted(path.name for path in shelf.rglob("*.ipynb")) == [
        "Neue Auswertung einer Welle.ipynb",
        "Neue Seite.ipynb",
    ]
    news = json.loads((tmp_path / "lab" / "jupyter_lab_config.json").read_text(encoding="utf-8"))
    assert news["LabApp"]["news_url"] is None


@pytest.mark.slow
def test_templates_run_and_a_page_can_be_numbered(project: Project, study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    shelf = templates(Study.load("bildungsbefragung", project), tmp_path / "shelf") / "bildungsbefragung"
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(project.root), "PYTHONPATH": str(ROOT)}
    for path in sorted(shelf.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)  # type: ignore[no-untyped-call]
        client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=300)
        client.execute(env=environment)
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        assert len(outputs) >= 2
    assert (tmp_path / "tabelle.docx").is_file()
    made, missing = number_notebook(project, shelf / "Neue Seite.ipynb", "60_mein_thema")
    assert made.name == "60_mein_thema.ipynb"
    assert missing == [
        "cell 1: say the question and the method (???)",
        "cell 1: no English text in the cell's metadata",
        "cell 6: no English text in the cell's metadata",
    ]


@pytest.mark.slow
@pytest.mark.browser
def test_jupyterlab_shows_the_project_and_makes_a_notebook_of_a_template(
    project: Project, study: Study, tmp_path: Path
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or pytest.skip("Chromium is not installed")
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    lab = lab_of(Study.load("bildungsbefragung", project), tmp_path / "lab")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["--no-browser", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=", "--allow-root"]
    variables = {**os.environ, **lab.variables, "BILDUNGSBEDARF_HOME": str(project.root)}
    variables |= {
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
    }
    variables |= {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyterlab", *lab.arguments, *flags]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=variables, stdout=log, stderr=subprocess.STDOUT, cwd=project.root)
    try:
        with playwright.sync_playwright() as started:
            browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            _answering(port)
            page.goto(f"http://127.0.0.1:{port}/lab")
            page.wait_for_selector(".jp-LauncherCard >> text=Vorlage", timeout=60_000)
            shown = {one.inner_text().strip() for one in page.query_selector_all(".jp-DirListing-itemName")}
            assert {"notebooks", "surveys", "eigenes"} <= shown
            assert not {"bildungsbedarf", "tests", "Makefile"} & shown
            page.click(".jp-LauncherCard >> text=Vorlage")
            page.click(".jp-Dialog button >> text=GO")
            page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
            page.wait_for_selector("#jp-main-statusbar >> text=/\\| Idle/", timeout=60_000)
            page.click(".lm-MenuBar-itemLabel >> text=Run")
            page.click(".lm-Menu-itemLabel >> text=/^Run All Cells$/")
            page.wait_for_selector(".jp-OutputArea-output table", timeout=120_000)
            page.wait_for_selector(".jp-OutputArea-output img", timeout=120_000)
            assert "Traceback" not in page.inner_text(".jp-Notebook")
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=30)


def _answering(port: int) -> None:
    """Wait until the server answers."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail("JupyterLab does not answer")


@pytest.mark.slow
def test_a_real_kernel_completes_what_a_person_types() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        code = "import bildungsbedarf as bb\nstudy = bb.Study.load('bildungsbefragung')\nwave = study.wave('2026')"
        assert client.execute_interactive(code, timeout=60)["content"]["status"] == "ok"
        wanted = {"wave.": "needs", "study.": "waves", "wave.needs.": "importance", 'wave["WICHT_F0': "WICHT_F05"}
        for typed, expected in wanted.items():
            found = client.complete(typed, reply=True, timeout=60)["content"]["matches"]
            assert any(one.split(".")[-1].strip("\"'").endswith(expected) for one in found), (typed, found[:10])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
