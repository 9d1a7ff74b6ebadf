"""Execute the tutorials and keep their outputs: ``python docs/run_tutorials.py [NAME…]`` after a change of either."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

TUTORIALS = Path(__file__).parent / "tutorials"


def execute(path: Path) -> None:
    """Run a notebook in its folder; without times and with numbered cells: the same outputs are the same file."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(TUTORIALS)}}
    )
    client.execute()
    for place, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{place:02d}"
        for output in cell.get("outputs", []):
            _plain(output)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _plain(output: dict[str, Any]) -> None:
    """Without what is of this machine and this minute: the folder's path, the place of an object in memory."""
    for held, key in ((output, "text"), (output.get("data", {}), "text/plain")):
        if isinstance(held.get(key), str):
            held[key] = _OBJECT.sub("", _FOLDER.sub("musterland", held[key]))


_FOLDER = re.compile(r"\S*musterland-[a-z0-9_]{8}")
_OBJECT = re.compile(r" at 0x[0-9a-f]+")

if __name__ == "__main__":
    for notebook in sorted(TUTORIALS.glob("*.ipynb")):
        if not sys.argv[1:] or notebook.stem in sys.argv[1:]:
            execute(notebook)
            print(notebook.name)  # noqa: T201 - the command's result
