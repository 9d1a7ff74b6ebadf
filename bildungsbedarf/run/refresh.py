"""Renew the committed notebooks: execute each with its own parameters and keep the outputs.

``python -m bildungsbedarf.run.refresh`` (``make notebooks``) after a change that alters what they show.
"""

from __future__ import annotations

from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.notebooks import execute
from bildungsbedarf.study import Project


def refresh(project: Project) -> list[str]:
    """Execute every committed notebook in place; the names of those that changed."""
    changed = []
    inputs = [project.root / name for name in ("surveys", "data/reference", "data/waves", "results")]
    for path in sorted(project.notebooks.glob("*.ipynb")):
        if write_atomic(path, execute(path, {}, project.root, inputs=inputs).text):
            changed.append(path.stem)
    return changed


if __name__ == "__main__":
    for name in refresh(Project.find()):
        print(name)  # noqa: T201 - the command's result
