"""Each cell of each notebook gives the same when run twice, names no question of the demo, imports what it uses."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _code(path: Path) -> list[str]:
    cells = json.loads(path.read_bytes())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _plain(outputs: list[Any]) -> list[Any]:
    return [output.get("data") for output in outputs]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_can_run_twice(path: Path, results: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code" for cell in (cell, cell.copy())]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number}"
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    for first, second in zip(notebook.cells[::2], notebook.cells[1::2], strict=True):
        assert _plain(first.outputs) == _plain(second.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_is_imported_unused_and_no_question_is_named(path: Path) -> None:
    source = "\n".join(_code(path))
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {name for name in imported if name != "bildungsbedarf"} <= used | {"bb"}
    codes = {
        code
        for lss in (ROOT / "surveys").rglob("*.lss")
        for code in re.findall(r"<title><!\[CDATA\[([A-Z]{4,})\]\]>", lss.read_text())
    }
    assert not [code for code in codes if re.search(rf"\b{code}\b", source)]
    assert not re.search(r"<= ?\d|>= ?\d|\[:\d", source), "a threshold belongs into study.toml"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_texts_stand_in_both_languages(path: Path) -> None:
    for cell in json.loads(path.read_bytes())["cells"]:
        if cell["cell_type"] == "markdown":
            english = cell["metadata"]["bildungsbedarf"]["en"]
            assert english.startswith("".join(cell["source"]).split(" ")[0])
