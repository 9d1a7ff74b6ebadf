from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

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
