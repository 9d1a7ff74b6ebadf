"""Lay down a project in an empty folder: its folders, the notebooks the library brings, and what git leaves out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bildungsbedarf.errors import StepError
from bildungsbedarf.study.project import Project

_FOLDERS = ("surveys", "notebooks", "data/reference")
_IGNORED = (
    "# what a run makes, what people answered, and what somebody explores\n"
    "results/\ndata/waves/\neigenes/\n.ipynb_checkpoints/\n"
)
_README = "Official statistics: a CSV each, with its source and date in a text beside it.\n"


def shipped_notebooks() -> Path:
    """The folder of the notebooks the library brings: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped" / "notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def lay_down(root: Path) -> Project:
    """Make ``root`` a project; what is there stays.

    Raises
    ------
    StepError
        The folder cannot be written.
    """
    try:
        for folder in _FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for path in sorted(shipped_notebooks().glob("*.ipynb")):
            _write(root / "notebooks" / path.name, _without_outputs(path))
        _write(root / ".gitignore", _IGNORED)
        _write(root / "data" / "reference" / "README.md", _README)
    except OSError as error:
        raise StepError(f"project cannot be laid down: {error.strerror}", where=root.name) from None
    return Project(root)


def _write(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _without_outputs(path: Path) -> str:
    """The notebook without what it showed of the demo study."""
    content: dict[str, Any] = json.loads(path.read_bytes())
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
