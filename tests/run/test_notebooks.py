from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bildungsbedarf.errors import DataError, DisclosureError, StepError
from bildungsbedarf.run.notebooks import blocks, clean, execute, joined, read_notebook, refuse_unreleased, to_text
from bildungsbedarf.show import MIME
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

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


def test_nothing_is_shown_beside_a_block_and_no_file_hangs_on_a_text() -> None:
    beside = {**BLOCK, "data": {**BLOCK["data"], "image/png": "…"}}
    with pytest.raises(DisclosureError, match="did not pass the disclosure gate"):
        refuse_unreleased(_notebook(beside), "n.ipynb")
    notebook = _notebook(BLOCK)
    notebook["cells"].insert(0, {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": "…"}}})
    with pytest.raises(DisclosureError, match=r"cell 1: a file hangs on a text"):
        refuse_unreleased(notebook, "n.ipynb")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "display({'text/html': '<p>17</p>', 'text/plain': '17', "
            "'application/vnd.bildungsbedarf.block+json': {'kind': 'table'}}, raw=True)",
            "did not pass the disclosure gate",
        ),
        ("bb.show.Block('table', '<p>17</p>', '17')", "makes no blocks of its own"),
        ("import dataclasses; dataclasses.replace(block, html='<p>17</p>')", "makes no blocks of its own"),
        (
            "made = block._repr_mimebundle_(); made['text/html'] += '<p>17</p>'; display(made, raw=True)",
            "did not pass the disclosure gate",
        ),
        ("block", ""),
    ],
)
def test_in_a_run_only_what_the_library_made_is_a_block(project: Project, line: str, told: str) -> None:
    Study.load("bildungsbefragung", project).import_declared()
    source = json.loads((project.notebooks / "03_barrieren.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in source["cells"] if cell["cell_type"] == "code"]
    made = (
        "import bildungsbedarf as bb\n"
        "wave = bb.Study.load(study).wave(wave)\n"
        "block = bb.show.table(bb.disclosure.release(bb.needs.unmet(wave)), wave)"
    )
    own = (("a", made), ("b", line))
    cells = [code[0], *({**code[1], "id": name, "source": text, "outputs": []} for name, text in own)]
    path = project.notebooks / "90_eigenes.ipynb"
    path.write_text(json.dumps({**source, "cells": cells}), encoding="utf-8")
    parameters = {"study": "bildungsbefragung", "wave": "2026", "audience": "erwachsene"}
    if told:
        with pytest.raises((DisclosureError, StepError), match=told):
            execute(path, parameters, project.root)
        return
    done = execute(path, parameters, project.root)
    (shown,) = blocks(json.loads(done.text))
    assert set(shown) == {"kind", "title"}
    assert "seal" not in done.text


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
