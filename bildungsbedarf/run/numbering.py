"""A numbered notebook from an exploratory one: parameters, metadata, headings; and what is still missing in it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from bildungsbedarf.errors import ConfigError, DataError, nearest
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.notebooks import Notebook, joined, read_notebook
from bildungsbedarf.run.steps import METADATA, Requires
from bildungsbedarf.study import Project

_NAME = re.compile(r"^(?P<number>\d{2})_(?P<words>[a-z0-9_]+)$")
_LONGEST_CELL = 10
_TITLE = "# {title}\n\n**Frage.** ???\n\n**Methode.** ???"
_OPEN = "???"
_PARAMETERS = {"study": "bildungsbefragung", "wave": "2026", "audience": ""}


def number_notebook(project: Project, source: Path, name: str = "", requires: str = "needs") -> tuple[Path, list[str]]:
    """Write ``notebooks/NN_name.ipynb`` from a notebook somebody explored in; the path, and what is left to do.

    Outputs and counts go; a cell with parameters comes first, a heading before it; cells stay as they are.

    Parameters
    ----------
    project
        The project.
    source
        The exploratory notebook.
    name
        ``12_mein_thema``; default: the next free number and the notebook's own name.
    requires
        What a wave must have for it: ``needs``, ``responses``, ``ballot``, …

    Raises
    ------
    ConfigError
        There is a notebook of this name or number, a name that cannot be one, or nothing it could require.
    DataError
        The source is no notebook.
    """
    if requires not in get_args(Requires):
        raise ConfigError("no such requirement", value=requires, expected=nearest(requires, get_args(Requires)))
    found = read_notebook(source)
    taken = {path.stem[:2]: path.stem for path in project.notebooks.glob("*.ipynb")}
    stem = name or f"{_free(taken):02d}_{_words(source.stem)}"
    if not (matched := _NAME.match(stem)):
        raise ConfigError("a notebook is not called so", value=stem, expected="two digits, _, small letters: 12_thema")
    if matched["number"] in taken:
        raise ConfigError(
            "the number is taken", value=stem, expected=f"{_free(taken):02d}_…", where=taken[matched["number"]]
        )
    made, missing = _numbered(found, stem, requires)
    path = project.notebooks / f"{stem}.ipynb"
    write_atomic(path, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    return path, missing


def _free(taken: dict[str, str]) -> int:
    return next(number for number in range(50, 100) if f"{number:02d}" not in taken)


def _words(stem: str) -> str:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    bare = re.sub(r"[^a-z0-9]+", "_", stem.lower().translate(table)).strip("_")
    return re.sub(r"^\d+_", "", bare) or "auswertung"


_LOST_RAW = "a raw cell was left out: a page has none"
_LOST_PICTURE = "a picture pasted into a text was left out: draw it in a cell"


def _numbered(found: Notebook, stem: str, requires: str) -> tuple[Notebook, list[str]]:
    told = [cell for cell in found["cells"] if joined(cell["source"]).strip()]
    cells = [_clean(cell) for cell in told if cell["cell_type"] in ("code", "markdown")]
    lost = [_LOST_RAW] * sum(cell["cell_type"] == "raw" for cell in told)
    lost += [_LOST_PICTURE] * sum(bool(cell.get("attachments")) for cell in told)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    has_parameters = any("parameters" in cell["metadata"].get("tags", []) for cell in code)
    if not has_parameters:
        own, rest = _own_parameters(cells)
        values = _PARAMETERS | own
        text = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
        cells = [_code(text, ["parameters"]), *rest]
    if not cells or cells[0]["cell_type"] != "markdown" or not joined(cells[0]["source"]).startswith("# "):
        title = stem[3:].replace("_", " ").capitalize()
        cells.insert(0, _markdown(_TITLE.format(title=title)))
    for place, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{place:02d}"
    metadata = {
        METADATA: {"requires": requires, "scope": "wave"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return made, [*lost, *_missing(cells)]


def _own_parameters(cells: list[dict[str, Any]]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Study, wave and audience as the notebook first sets them by itself; these lines go into the cell with parameters.

    A second value of one of them stays where it is: it is part of what the notebook does.
    """
    own: dict[str, str] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        text = joined(cell["source"])
        lines = text.splitlines()
        for name, value, number in _assigned(text):
            if name not in own and name in _PARAMETERS:
                own[name] = value
                lines[number - 1] = ""
            elif own.get(name) == value:
                lines[number - 1] = ""
        cell["source"] = "\n".join(lines).strip().splitlines(keepends=True)
    return own, [cell for cell in cells if joined(cell["source"]).strip()]


def _assigned(text: str) -> Iterator[tuple[str, str, int]]:
    """Parameters that get a text in a line of their own: name, text and number of the line."""
    try:
        tree = ast.parse(_python(text))
    except SyntaxError:
        return
    for node in tree.body:
        is_plain = isinstance(node, ast.Assign) and len(node.targets) == 1 and node.lineno == node.end_lineno
        if not is_plain or not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id in _PARAMETERS and isinstance(value, ast.Constant):
            alone = text.splitlines()[node.lineno - 1].strip().partition("#")[0].strip()
            if isinstance(value.value, str) and alone == ast.unparse(node).replace("'", alone[-1]):
                yield target.id, value.value, node.lineno


def _python(text: str) -> str:
    """The cell without commands of the notebook."""
    return re.sub(r"^[%!].*$", "pass", text, flags=re.MULTILINE)


def _clean(cell: dict[str, Any]) -> dict[str, Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    own = cell.get("metadata", {}).get(METADATA)
    metadata = {**({"tags": tags} if tags else {}), **({METADATA: own} if own else {})}
    text = joined(cell["source"]).splitlines(keepends=True)
    if cell["cell_type"] == "code":
        return {
            "cell_type": "code",
            "execution_count": None,
            "id": "",
            "metadata": metadata,
            "outputs": [],
            "source": text,
        }
    return {"cell_type": "markdown", "id": "", "metadata": metadata, "source": text}


def _code(text: str, tags: list[str]) -> dict[str, Any]:
    return _clean({"cell_type": "code", "metadata": {"tags": tags}, "source": text})


def _markdown(text: str) -> dict[str, Any]:
    return _clean({"cell_type": "markdown", "metadata": {}, "source": text})


def _missing(cells: list[dict[str, Any]]) -> Iterator[str]:
    """What a page needs and the notebook has not, by cell."""
    for place, cell in enumerate(cells, start=1):
        text = joined(cell["source"])
        if cell["cell_type"] == "markdown":
            if _OPEN in text:
                yield f"cell {place}: say the question and the method ({_OPEN})"
            if "en" not in cell["metadata"].get(METADATA, {}):
                yield f"cell {place}: no English text in the cell's metadata"
            continue
        if len(text.splitlines()) > _LONGEST_CELL:
            yield f"cell {place}: {len(text.splitlines())} lines; logic belongs into the library"
        yield from (f"cell {place}: {what}" for what in _of_code(text, cell["metadata"].get("tags", [])))


def _of_code(text: str, tags: list[str]) -> Iterator[str]:
    try:
        tree = ast.parse(_python(text))
    except SyntaxError as error:
        yield f"line {error.lineno}: this is no Python"
        return
    if re.search(r"^[%!]", text, flags=re.MULTILINE):
        yield "commands of the notebook (% or !) do not run in a published page"
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    if "print" in called:
        yield "print shows nothing on a page: show.table, show.sentences"
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if "parameters" not in tags and any(re.fullmatch(r"20\d\d", value) for value in texts):
        yield "a wave is named in the code: use the parameter"
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if "estimate" in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} and "release" not in names:
        yield "an estimate is not released: disclosure.release(…)"


def exploratory(project: Project, name: str) -> Path:
    """The notebook a person means by a name: a path, or one anywhere in the project but its numbered ones.

    Raises
    ------
    DataError
        There is none, or several.
    """
    direct = Path(name)
    if direct.suffix == ".ipynb" and direct.is_file():
        return direct
    if direct.is_absolute():
        raise DataError("there is no such notebook", value=name, expected="a path that ends in .ipynb")
    stem = direct.stem if direct.suffix == ".ipynb" else name
    hidden = ("results", ".venv", "data", "node_modules")
    found = [
        path
        for path in sorted(project.root.rglob(f"{stem}.ipynb"))
        if not set(path.relative_to(project.root).parts[:-1]) & {*hidden, "notebooks"}
        and not any(part.startswith(".") for part in path.relative_to(project.root).parts)
    ]
    if len(found) != 1:
        what = "there are several such notebooks" if found else "there is no such notebook"
        known = ", ".join(path.relative_to(project.root).as_posix() for path in found)
        raise DataError(what, value=name, expected=known or "a path to an .ipynb outside notebooks/")
    return found[0]
