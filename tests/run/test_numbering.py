from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.run.numbering import exploratory, number_notebook
from bildungsbedarf.run.steps import plan, read_needs
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


def _notebook(path: Path, *cells: tuple[str, str]) -> Path:
    made = [
        {"cell_type": kind, "metadata": {"collapsed": True}, "source": text}
        | ({"outputs": [{"output_type": "stream", "name": "stdout", "text": "geheim"}], "execution_count": 7})
        if kind == "code"
        else {"cell_type": kind, "metadata": {}, "source": text}
        for kind, text in cells
    ]
    content = {"cells": made, "metadata": {"kernelspec": {"name": "conda"}}, "nbformat": 4, "nbformat_minor": 4}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_bytes()))


EXPLORED = (
    "code",
    'study = "bildungsbefragung"\nwave = "2028"\n'
    "import bildungsbedarf as bb\nfrom bildungsbedarf import disclosure, needs, show",
)
SHOWN = (
    "code",
    "current = bb.Study.load(study).wave(wave, audience)\n"
    "show.table(disclosure.release(needs.unmet(current)), current)",
)


def test_parameters_metadata_and_headings_are_added_and_outputs_go(project: Project) -> None:
    source = _notebook(project.root / "eigenes" / "Übergänge & Schule.ipynb", EXPLORED, SHOWN)
    path, missing = number_notebook(project, source)
    assert path.name == "50_uebergaenge_schule.ipynb"
    assert read_needs(path).requires == "needs"
    made = _read(path)
    assert "geheim" not in path.read_text(encoding="utf-8")
    assert made["cells"][0]["source"][0] == "# Uebergaenge schule\n"
    parameters = made["cells"][1]
    assert parameters["metadata"]["tags"] == ["parameters"]
    assert "".join(parameters["source"]) == 'study = "bildungsbefragung"\nwave = "2028"\naudience = ""'
    assert "".join(made["cells"][2]["source"]).startswith("import bildungsbedarf as bb")
    assert len({cell["id"] for cell in made["cells"]}) == 4
    assert missing == [
        "cell 1: say the question and the method (???)",
        "cell 1: no English text in the cell's metadata",
    ]
    steps = [step.title for step in plan(Study.load("bildungsbefragung", project)) if step.name == path.stem]
    assert steps == [f"{wave} · 50_uebergaenge_schule" for wave in ("2026", "2028")]


def test_what_a_page_cannot_show_is_named_with_its_cell(project: Project) -> None:
    source = _notebook(
        project.root / "probe.ipynb",
        ("markdown", "# Probe"),
        ("code", "%matplotlib inline\nprint(1)"),
        ("code", 'other = "2026"\nfrom bildungsbedarf import estimate\nestimate.mean(other, "ALTER")'),
        ("code", "\n".join(f"x{number} = {number}" for number in range(12))),
        ("code", "if True print"),
    )
    _, missing = number_notebook(project, source, "60_probe")
    told = "\n".join(missing)
    for part in (
        "commands of the notebook",
        "print shows nothing",
        "a wave is named in the code",
        "an estimate is not released",
        "12 lines",
        "this is no Python",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("name", "requires", "told"),
    [
        ("02_noch_eins", "needs", "number is taken"),
        ("Thema", "needs", "not called so"),
        ("60_thema", "bedarf", "no such requirement"),
    ],
)
def test_names_that_cannot_be_are_refused_and_nothing_is_written(
    project: Project, name: str, requires: str, told: str
) -> None:
    source = _notebook(project.root / "probe.ipynb", EXPLORED)
    before = sorted(project.notebooks.iterdir())
    with pytest.raises(ConfigError, match=told):
        number_notebook(project, source, name, requires)
    assert sorted(project.notebooks.iterdir()) == before


def test_a_notebook_is_found_by_its_name_and_asked_for_where_there_are_two(project: Project) -> None:
    first = _notebook(project.root / "eigenes" / "probe.ipynb", EXPLORED)
    assert exploratory(project, "probe") == first
    assert exploratory(project, str(first)) == first
    _notebook(project.root / "anderes" / "probe.ipynb", EXPLORED)
    with pytest.raises(DataError, match="several such notebooks"):
        exploratory(project, "probe")
    with pytest.raises(DataError, match="no such notebook"):
        exploratory(project, "02_bildungsbedarfe")


def test_a_second_value_of_a_parameter_stays_where_it_is(project: Project) -> None:
    source = _notebook(
        project.root / "probe.ipynb",
        ("code", 'wave = "2026"  # the first\na = 1'),
        ("code", 'wave = "2028"\nb = 2\nb - a'),
        ("code", 'text = """\nstudy = "x"\n"""'),
    )
    path, missing = number_notebook(project, source, "60_probe")
    cells = ["".join(cell["source"]) for cell in _read(path)["cells"] if cell["cell_type"] == "code"]
    assert 'wave = "2026"' in cells[0]
    assert cells[1:] == ["a = 1", 'wave = "2028"\nb = 2\nb - a', 'text = """\nstudy = "x"\n"""']
    assert any("a wave is named in the code" in text for text in missing)


def test_what_a_page_cannot_hold_is_left_out_and_said(project: Project) -> None:
    source = _notebook(
        project.root / "probe.ipynb", ("raw", "geheim"), ("markdown", "![a](attachment:a.png)"), EXPLORED
    )
    content = _read(source)
    content["cells"][1]["attachments"] = {"a.png": {"image/png": ""}}
    source.write_text(json.dumps(content), encoding="utf-8")
    path, missing = number_notebook(project, source, "60_probe")
    assert "geheim" not in path.read_text(encoding="utf-8")
    assert [text for text in missing if "left out" in text] == [
        "a raw cell was left out: a page has none",
        "a picture pasted into a text was left out: draw it in a cell",
    ]
    with pytest.raises(DataError, match="no such notebook"):
        exploratory(project, str(project.root / "nirgends"))
