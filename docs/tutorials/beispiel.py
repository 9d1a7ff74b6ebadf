"""The study of the tutorials, laid down in a fresh folder: ``study = beispiel.studie()``."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import bildungsbedarf as bb
from bildungsbedarf.study.laying import lay_down
from bildungsbedarf.study.project import HOME_VARIABLE

FILES = Path(__file__).parent / "beispiel"
NAME = "musterland"


def folder() -> Path:
    """An empty folder to work in; the notebook goes there."""
    place = Path(tempfile.mkdtemp(prefix="musterland-"))
    os.chdir(place)
    os.environ[HOME_VARIABLE] = str(place)
    return place


def studie(waves: tuple[str, ...] = ("2027", "2029")) -> bb.Study:
    """The study with the answers of its waves, in a project of its own."""
    project = lay_down(folder())
    home = project.surveys / NAME
    shutil.copytree(FILES / "waves", home / "waves")
    for name in ("study.toml", "leitbild.toml"):
        shutil.copyfile(FILES / name, home / name)
    shutil.copyfile(FILES / "fragebogen.tsv", home / "questionnaire.tsv")
    shutil.copyfile(FILES / "bevoelkerung.csv", project.reference / "bevoelkerung.csv")
    for wave in {"2027", "2029"} - set(waves):
        (home / "waves" / f"{wave}.toml").unlink()
    study = bb.Study.load(NAME, project)
    for wave in waves:
        study.import_file(FILES / f"antworten_{wave}.csv", wave)
    return study
