"""What was released: ``surveys/<study>/published/<wave>.json``, by whom and when, with every statement as it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from bildungsbedarf.errors import DataError
from bildungsbedarf.study.model import Model

FOLDER = "published"
Statements = dict[str, dict[str, str]]
"""Statements by the finding's id (with its audience before it), in each language."""


class Release(Model):
    """One release of a wave."""

    by: str
    on: date
    snapshots: dict[str, str]
    """Hash of the snapshot, by audience."""
    statements: Statements


class Releases(Model):
    """All releases of a wave, the last one last."""

    releases: list[Release] = []

    @property
    def last(self) -> Release | None:
        """The one that holds."""
        return self.releases[-1] if self.releases else None

    def corrections(self) -> list[tuple[date, list[tuple[dict[str, str], dict[str, str]]]]]:
        """What changed from each release to the next: its day, and each statement before and after; one may be none."""
        found = []
        for before, after in zip(self.releases, self.releases[1:], strict=False):
            found.append((after.on, changes(before.statements, after.statements)))
        return found


def changes(before: Statements, after: Statements) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Statements that are others, new or gone, in the order of their ids."""
    ids = sorted(before.keys() | after.keys())
    return [(before.get(one, {}), after.get(one, {})) for one in ids if before.get(one) != after.get(one)]


def read_releases(folder: Path, wave: str) -> Releases:
    """The releases of a wave; none where it was never released. ``folder`` is the study's.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    path = folder / FOLDER / f"{wave}.json"
    if not path.is_file():
        return Releases()
    try:
        return Releases.model_validate_json(path.read_bytes())
    except (ValidationError, OSError, ValueError) as error:
        raise DataError(
            f"what was released cannot be read: {str(error).splitlines()[0]}",
            where=f"surveys/{folder.name}/{FOLDER}/{wave}.json",
            remedy="take the last version that git has",
        ) from None


def releases_text(releases: Releases) -> str:
    """As it is kept."""
    return json.dumps(releases.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
