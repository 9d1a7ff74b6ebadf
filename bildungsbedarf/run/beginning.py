"""The notebook a researcher begins with: the study's state, what to do next, and three first questions."""

from __future__ import annotations

import json
from pathlib import Path

from bildungsbedarf.language import translate
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.study.config import StudyConfig
from bildungsbedarf.wave import Study

FOLDER = "eigenes"
"""Where a researcher's own notebooks lie: nothing there is run or published."""
HIDDEN = (
    "__pycache__",
    "*.pyc",
    ".*",
    "*.lock",
    "*.egg-info",
    "pyproject.toml",
    "Makefile",
    "conftest.py",
    "node_modules",
    "bildungsbedarf",
    "tests",
    "benchmarks",
)
"""What the file browser does not show: the machine room."""
_TITLE = (
    "Begin here. This notebook is yours: nothing in `{folder}/` is run or published. What you see is for your own "
    "eyes; only what `disclosure.release` lets through is published."
)
_ASK = "What is lacking most? How do groups differ? What has changed?"
_NEXT = (
    "`bildungsbedarf check {name}` names all that does not fit; `bildungsbedarf run {name}` brings everything up to "
    "date.",
    "`bildungsbedarf notebook start --as 60_subject` makes of a notebook one that runs for each wave.",
    "`show.table(…).save(path)` writes for Word, Excel and LaTeX.",
)


def start_notebook(study: Study) -> Path:
    """``eigenes/start.ipynb``, written where there is none; a person's own is never touched.

    Parameters
    ----------
    study
        The study it begins with.

    Returns
    -------
    pathlib.Path
        Where it lies.
    """
    path = study.files.project.root / FOLDER / "start.ipynb"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, json.dumps(_content(study), ensure_ascii=False, indent=1) + "\n")
    return path


def _content(study: Study) -> dict[str, object]:
    config: StudyConfig = study.files.config
    language = study.language

    def say(text: str) -> str:
        return translate(text, language, name=study.name, folder=FOLDER)

    further = "\n".join(f"- {say(text)}" for text in _NEXT)
    wave = next((one for one in reversed(study.waves) if one.has_snapshot), None)
    cells = [
        _text(f"# {config.study.title.get(language)}\n\n{say(_TITLE)}"),
        _code(_FIRST.format(name=study.name)),
        _text(f"## {say('State of the study')}"),
        _code("study"),
    ]
    if wave is not None:
        cells += [_code(f'wave = study.wave("{wave.name}")\nwave')]
        cells += [_text(f"## {say('First questions')}\n\n{say(_ASK)}"), *map(_code, _questions(study, wave.has_needs))]
    cells.append(_text(f"## {say('Further')}\n\n{further}"))
    for place, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{place:02d}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


_FIRST = """import bildungsbedarf as bb
from bildungsbedarf import disclosure, estimate, findings, needs, show

study = bb.Study.load("{name}")"""


def _questions(study: Study, has_needs: bool) -> list[str]:
    if not has_needs:
        return ["wave.codebook", "needs.variables(wave)[:20]"]
    first = next((one for one in reversed(study.waves) if one.has_snapshot), study.waves[-1])
    asked = ["needs.table(wave)"]
    if first.allows_inference and first.compared_groups:
        asked.append(f'show.table(disclosure.release(needs.unmet(wave, by="{first.compared_groups[0]}")), wave)')
    earlier = study.before(first)
    if earlier is not None and earlier.has_snapshot and first.allows_inference:
        asked.append(f'needs.trend(study.wave("{earlier.name}"), wave, needs.satisfaction)')
    return asked


def _text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": source.splitlines(keepends=True)}


def _code(source: str) -> dict[str, object]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": "", "metadata": {}, "outputs": [], "source": lines}
