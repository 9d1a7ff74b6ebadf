from __future__ import annotations

import doctest
import inspect
import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bildungsbedarf import __version__
from bildungsbedarf.errors import ConfigError, DataError, DesignError, DisclosureError, ServerError, StepError
from bildungsbedarf.study import Project
from tests.documented import namespace, public

ROOT = Path(__file__).parents[1]
WRITER = runpy.run_path(str(ROOT / "docs" / "write_schemas.py"))


@pytest.mark.parametrize("name", WRITER["SCHEMAS"])
def test_schemas_are_current(name: str) -> None:
    written = (ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == WRITER["text"](WRITER["SCHEMAS"][name]), "run: make schemas"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = project["dependencies"] + [name for names in project["optional-dependencies"].values() for name in names]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in listed:
        name = re.split(r"[><=\[ ]", requirement)[0]
        assert f"| {name} |" in page, name


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for link in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


@pytest.mark.slow
def test_the_handbook_is_built_without_a_warning_and_asks_nobody(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert {"index.html", "errors.html", "04_eigene_seite.html", "needs.html"} <= {page.name for page in pages}
    asked = [re.findall(r'(?:src|<link[^>]*href)="(https?:[^"]*)"', page.read_text(encoding="utf-8")) for page in pages]
    assert [one for one in asked if one] == []
    reference = (tmp_path / "site" / "reference" / "show.html").read_text(encoding="utf-8")
    assert 'id="bildungsbedarf.show.estimates"' in reference


def test_errors_by_code_are_all_told() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    for kind in (StepError, ConfigError, DataError, DesignError, DisclosureError, ServerError):
        assert f"`{kind.__name__}`" in page
        assert re.search(rf"^\| {kind.exit_code} \|.*`{kind.__name__}`", page, re.MULTILINE)


def test_the_version_to_cite_is_this_one() -> None:
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"Version {__version__}" in (ROOT / "docs" / "cite.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "tutorials").glob("*.ipynb")), ids=lambda path: path.stem)
def test_tutorials_are_short_cells_with_outputs_and_say_nothing_of_this_machine(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert cells[0]["source"][0].startswith("# ")
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert max(len(cell["source"]) for cell in code) <= 10
    assert all(cell["execution_count"] for cell in code)
    outputs = json.dumps([cell["outputs"] for cell in code])
    assert not re.search(r"/(tmp|home|work|root)/|at 0x[0-9a-f]{6}", outputs)


WITHOUT_EXAMPLE = ("Study.forget", "Study.import_file", "Study.pull", "SurveyDesign.scan", "SurveyDesign.fitted")
"""They need a file or a server; their tests are the example."""
PUBLIC = dict(public())


@pytest.fixture(scope="module")
def names() -> dict[str, object]:
    return namespace(Project(ROOT))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_says_what_it_takes_and_gives(name: str) -> None:
    function = PUBLIC[name]
    text = inspect.getdoc(function) or ""
    parameters = [part for part in inspect.signature(function).parameters if part not in ("self", "cls")]
    assert not parameters or "Parameters\n---" in text
    told = text.partition("Parameters\n---")[2].partition("Returns\n---")[0]
    for part in parameters:
        assert re.search(rf"^(.*\W)?{part}\b", told, re.MULTILINE), part
    assert "Returns\n---" in text
    assert ">>> " in text or name in WITHOUT_EXAMPLE


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in WITHOUT_EXAMPLE])
def test_examples_run(name: str, names: dict[str, object]) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL)
    found = doctest.DocTestParser().get_doctest(inspect.getdoc(PUBLIC[name]) or "", dict(names), name, None, 0)
    assert found.examples
    assert runner.run(found).failed == 0


def test_examples_of_estimates_run() -> None:
    import bildungsbedarf.estimates as module

    assert doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL).failed == 0
