from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bildungsbedarf.errors import DataError, DisclosureError
from bildungsbedarf.run.notebooks import blocks, clean, joined, read_notebook, refuse_unreleased, to_text
from bildungsbedarf.show import MIME

ROOT = Path(__file__).parents[2]


def _notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "id": "x7",
        "metadata": {"papermill": {"start_time": "2026-01-01"}, "tags": ["a"]},
        "execution_count": 1,
        "source": ["wave\n", "wave.responses"],
        "outputs": list(outputs),
    }
    injected = {**cell, "id": "8f", "metadata": {"tags": ["injected-parameters"]}, "outputs": []}
    metadata = {"papermill": {"duration": 3}, "bildungsbedarf": {"scope": "wave"}, "language_info": {"version": "3.11"}}
    return {"cells": [injected, cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


BLOCK = {"output_type": "execute_result", "data": {MIME: {"kind": "table"}, "text/html": "<p>"}, "metadata": {"x": 1}}


def test_cleaning_removes_clock_times_and_random_ids() -> None:
    notebook = _notebook(BLOCK)
    clean(notebook)
    text = to_text(notebook)
    assert "papermill" not in text
    assert "2026-01-01" not in text
    assert [cell["id"] for cell in notebook["cells"]] == ["injected-parameters", "cell-01"]
    assert notebook["metadata"] == {"bildungsbedarf": {"scope": "wave"}, "language_info": {"name": "python"}}
    assert blocks(notebook) == [{"kind": "table"}]


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "execute_result", "data": {"text/html": '<table role="table"', "text/plain": "id age"}},
        {"output_type": "display_data", "data": {"image/png": "…"}},
        {"output_type": "stream", "name": "stdout", "text": "17 Jahre"},
    ],
)
def test_only_released_displays_leave(output: dict[str, Any]) -> None:
    with pytest.raises(DisclosureError, match=r"notebooks/n\.ipynb, cell 2") as caught:
        refuse_unreleased(_notebook(BLOCK, output), "n.ipynb")
    assert "wave.responses" in str(caught.value)


def test_blocks_may_leave_and_warnings_are_dropped() -> None:
    notebook = _notebook(BLOCK, {"output_type": "stream", "name": "stderr", "text": "17 Jahre"})
    clean(notebook)
    refuse_unreleased(notebook, "n.ipynb")
    assert "17 Jahre" not in to_text(notebook)


def test_files_that_are_no_notebooks(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    for text in ("", "{}", "[]", '{"nbformat": 3, "cells": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="notebook"):
            read_notebook(path)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_committed_notebooks_are_short_clean_and_executed(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    before = to_text(notebook)
    clean(notebook)
    assert to_text(notebook) == before == path.read_text(encoding="utf-8")
    refuse_unreleased(notebook, path.name)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(len(joined(cell["source"]).splitlines()) <= 10 for cell in code)
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    assert any(cell["outputs"] for cell in code)
    first = joined(notebook["cells"][0]["source"])
    assert first.startswith("# ")
    assert "**Frage.**" in first
    assert "**Methode.**" in first
