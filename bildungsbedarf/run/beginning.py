"""What a researcher begins with: the study's state and first questions in a notebook, templates in the launcher."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.language import translate
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.study.config import StudyConfig
from bildungsbedarf.wave import Study, Wave

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
    "build",
    "dist",
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
    "The launcher (`+`) has templates: *New analysis of a wave*, *New page*.",
    "`bildungsbedarf notebook start --as 60_subject` makes of a notebook one that runs for each wave.",
    "`show.table(…).save(path)` writes for Word, Excel and LaTeX.",
)


@dataclass(frozen=True)
class Lab:
    """What JupyterLab is started with: ``arguments``, and ``variables`` of its environment."""

    arguments: list[str]
    variables: dict[str, str]


def lab_of(study: Study, folder: Path) -> Lab:
    """JupyterLab in the project: what it shows of it, templates in the launcher, and the notebook to begin with.

    Parameters
    ----------
    study
        The study it is about.
    folder
        An empty one for templates and settings, for as long as JupyterLab runs.

    Returns
    -------
    Lab
        A person's own settings of Jupyter hold beside it; of templates these are the ones.
    """
    root = study.files.project.root
    settings = {
        "template_dirs": [str(templates(study, folder / "templates"))],
        "include_default": False,
        "include_core_paths": False,
        "template_label": translate("Template", study.language),
    }
    # the extension reads its settings before it could be told on the command line
    write_atomic(folder / "jupyter_server_config.json", json.dumps({"JupyterLabTemplates": settings}))
    write_atomic(folder / "jupyter_lab_config.json", json.dumps({"LabApp": _ALONE}))
    begin = start_notebook(study).relative_to(root).as_posix()
    hidden = f"--ContentsManager.hide_globs={list(HIDDEN)}"
    paths = [str(folder), *filter(None, [os.environ.get(_PATHS, "")])]
    return Lab([f"--notebook-dir={root}", hidden, begin], {_PATHS: os.pathsep.join(paths)})


_PATHS = "JUPYTER_CONFIG_PATH"
_ALONE = {"news_url": None, "check_for_updates_class": "jupyterlab.NeverCheckForUpdate"}
"""Nobody outside the house is asked for news."""


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
        write_atomic(path, _notebook(_content(study)))
    return path


def templates(study: Study, folder: Path) -> Path:
    """Notebooks that JupyterLab's launcher offers, in a folder of their own.

    Parameters
    ----------
    study
        The study they are about.
    folder
        Where to write them.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    shelf = folder / study.name
    shelf.mkdir(parents=True)
    for title, cells in (("New analysis of a wave", _analysis(study)), ("New page", _page(study))):
        write_atomic(shelf / f"{translate(title, study.language)}.ipynb", _notebook(cells))
    return folder


def _analysis(study: Study) -> list[dict[str, object]]:
    """A question of one's own to a wave: numbers, a figure, a table to take along."""
    wave = _newest(study)
    cells = [
        _text(f"# {translate('New analysis of a wave', study.language)}\n\n{translate(_FREE, study.language)}"),
        _code(_FIRST.format(name=study.name)),
        _code(f'wave = study.wave("{wave.name}")\nwave'),
    ]
    return cells + [_code(line) for line in _own_questions(wave)]


def _own_questions(wave: Wave) -> list[str]:
    if not wave.has_snapshot:
        return ["wave.codebook"]
    if not wave.has_needs:
        return ["needs.variables(wave)[:20]"]
    group = f'"{wave.overview_groups[0]}"' if wave.overview_groups else "None"
    drawn = (
        f"show.estimates(released, wave, facet={group})" if wave.overview_groups else "show.estimates(released, wave)"
    )
    return [
        f"released = disclosure.release(needs.unmet(wave, by={group}))\nshow.table(released, wave)",
        drawn,
        'show.table(released, wave).save("tabelle.docx")',
    ]


def _page(study: Study) -> list[dict[str, object]]:
    """A page in the making: title, question, method, parameters, and from an estimate to a sentence."""
    wave = _newest(study)
    parameters = _code(f'study = "{study.name}"\nwave = "{wave.name}"\naudience = ""')
    parameters["metadata"] = {"tags": ["parameters"]}
    title = translate("New page", study.language)
    words = "\n\n".join(f"**{translate(word, study.language)}.** ???" for word in ("Question", "Method"))
    return [
        _text(f"# {title}\n\n{words}"),
        parameters,
        _code(_OF_PAGE),
        *(map(_code, _RESULT) if wave.has_needs else []),
        _text(translate(_NUMBERED, study.language)),
    ]


def _newest(study: Study) -> Wave:
    waves = study.waves or study.of_all_audiences
    return next((one for one in reversed(waves) if one.has_snapshot), waves[-1])


_FREE = "Ask what you like: nothing of this notebook is published."
_NUMBERED = (
    "`bildungsbedarf notebook NAME` makes of this notebook one that runs for each wave, and says what is still "
    "missing. Take this cell out before."
)
_OF_PAGE = """import bildungsbedarf as bb
from bildungsbedarf import disclosure, findings, needs, show

current = bb.Study.load(study).wave(wave, audience)"""
_RESULT = (
    "released = disclosure.release(needs.unmet(current))\nshow.dot_plot(released, current)",
    "show.sentences(findings.record(released, current), current)",
)


def _content(study: Study) -> list[dict[str, object]]:
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
        cells += [_text(f"## {say('First questions')}\n\n{say(_ASK)}"), *map(_code, _questions(study, wave))]
    return [*cells, _text(f"## {say('Further')}\n\n{further}")]


def _notebook(cells: list[dict[str, object]]) -> str:
    for place, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{place:02d}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


_FIRST = """import bildungsbedarf as bb
from bildungsbedarf import disclosure, estimate, findings, needs, show

study = bb.Study.load("{name}")"""


def _questions(study: Study, first: Wave) -> list[str]:
    if not first.has_needs:
        return ["wave.codebook", "needs.variables(wave)[:20]"]
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
