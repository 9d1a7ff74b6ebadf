"""Where things lie: the project folder and the folders of a study inside it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.errors import ConfigError, nearest

DEMO_STUDY = "bildungsbefragung"
HOME_VARIABLE = "BILDUNGSBEDARF_HOME"
REGISTER = "findings.json"
"""What the register of a folder of results is called."""


@dataclass(frozen=True)
class Project:
    """A folder with ``surveys/``; every path of a run is derived from it."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """The project around ``start`` (default: $BILDUNGSBEDARF_HOME, else the current folder).

        In a kernel that papermill started in another folder it is the project around the notebook.

        Raises
        ------
        ConfigError
            No folder above has ``surveys/``.
        """
        home = os.environ.get(HOME_VARIABLE)
        origin = start or Path(home or _here())
        origins = [origin] if start or home else [origin, *_notebooks_executed()]
        for place in origins:
            for folder in (place.resolve(), *place.resolve().parents):
                if (folder / "surveys").is_dir():
                    return cls(folder)
        raise ConfigError(
            "no project found: neither this folder nor one above it has a folder 'surveys'",
            where=str(origin),
            remedy=f"change into the project, or set {HOME_VARIABLE} to its folder",
        )

    @property
    def surveys(self) -> Path:
        """Folder of the studies."""
        return self.root / "surveys"

    @property
    def notebooks(self) -> Path:
        """Folder of the notebooks."""
        return self.root / "notebooks"

    @property
    def reference(self) -> Path:
        """Folder of the facts: official statistics."""
        return self.root / "data" / "reference"

    def snapshots(self, study: str) -> Path:
        """Folder of a study's snapshots."""
        return self.root / "data" / "waves" / study

    def results(self, study: str) -> Path:
        """Folder of a study's results."""
        return self.root / "results" / study

    def study_names(self) -> list[str]:
        """Names of all studies, sorted."""
        return sorted(path.parent.name for path in self.surveys.glob("*/study.toml"))

    def default_study(self) -> str:
        """The only study besides the demo, else the demo.

        Raises
        ------
        ConfigError
            There are two or more besides the demo, or none at all.
        """
        names = self.study_names()
        own = [name for name in names if name != DEMO_STUDY]
        if len(own) > 1:
            raise ConfigError(
                "there are several studies: name one",
                where=str(self.surveys),
                value=", ".join(own),
                remedy=f"for example: bildungsbedarf run {own[0]}",
            )
        if own:
            return own[0]
        if DEMO_STUDY in names:
            return DEMO_STUDY
        raise ConfigError("there is no study", where=str(self.surveys), expected="surveys/<study>/study.toml")

    def study_folder(self, study: str | os.PathLike[str]) -> Path:
        """Folder of a study given by name or path.

        Raises
        ------
        ConfigError
            No such study; names the nearest one.
        """
        for folder in (self.surveys / str(study), Path(study)):
            if (folder / "study.toml").is_file():
                return folder
        raise ConfigError(
            f"there is no study {str(study)!r}",
            where=str(self.surveys),
            expected=nearest(str(study), self.study_names()),
        )


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise ConfigError("the current folder is gone", remedy="change into the project") from None


def _notebooks_executed() -> list[Path]:
    """Folders of notebooks that the process which started this one names on its command line (papermill's does)."""
    if "ipykernel" not in sys.modules:
        return []
    import psutil

    try:
        parent = psutil.Process().parent()
        words = parent.cmdline() if parent is not None else []
        folder = Path(parent.cwd()) if parent is not None else Path()
    except (psutil.Error, OSError):
        return []
    return [(folder / word).parent for word in words if word.endswith(".ipynb")]
