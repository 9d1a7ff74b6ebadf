"""What can go: snapshots nothing rests on any more, notebooks kept because they failed, results of studies gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.errors import StepError
from bildungsbedarf.findings import all_findings
from bildungsbedarf.run.lock import locked
from bildungsbedarf.run.names import FAILED, FINDINGS
from bildungsbedarf.store import Store
from bildungsbedarf.study.releases import read_releases
from bildungsbedarf.wave import Study


@dataclass(frozen=True)
class Spare:
    """A folder that can go, and why."""

    path: Path
    why: str
    size: int
    """Bytes."""


def spare(study: Study, keep: int = 2) -> list[Spare]:
    """What of a study nothing rests on.

    Kept are, of each wave and audience, the ``keep`` newest snapshots, those that a wave file names, and every one that
    a registered finding or a release was computed from; all of them where nothing was registered yet.

    Parameters
    ----------
    study
        The study.
    keep
        Newest snapshots of each wave and audience that stay.

    Returns
    -------
    list of Spare
        Nothing is removed.

    Raises
    ------
    DataError
        A register cannot be read: what it cites might be removed.

    Examples
    --------
    >>> [one.why for one in spare(study) if "snapshot" in one.why]
    []
    """
    return [*_snapshots(study, keep), *_failed(study)]


def _snapshots(study: Study, keep: int) -> Iterator[Spare]:
    project = study.files.project
    if not list(project.results(study.name).glob(f"**/{FINDINGS}")):
        # nobody could say what rests on what
        return
    cited = {sha for one in all_findings(project, study.name) for sha in one.snapshot}
    for name in study.files.waves:
        cited |= {
            sha for release in read_releases(study.files.folder, name).releases for sha in release.snapshots.values()
        }
    store = Store(project.snapshots(study.name), study.name)
    for wave in study.of_all_audiences:
        held = store.all(wave.name, wave.audience)
        newest = sorted(held, key=lambda snapshot: snapshot.manifest.number)[-max(keep, 1) :]
        for snapshot in held:
            is_named = wave.wave_config.snapshot != "latest" and snapshot.sha256.startswith(wave.wave_config.snapshot)
            if snapshot in newest or is_named or snapshot.sha256 in cited:
                continue
            why = f"snapshot {wave.name} {wave.audience} that nothing rests on"
            yield Spare(snapshot.folder, why, _size(snapshot.folder))


def _failed(study: Study) -> Iterator[Spare]:
    folder = study.files.project.snapshots(study.name) / FAILED
    if folder.is_dir():
        yield Spare(folder, "notebooks that failed, kept to be looked at", _size(folder))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove(study: Study, keep: int = 2) -> list[Spare]:
    """Remove what nothing rests on, looked up again while no run can register anything; what was removed.

    Raises
    ------
    StepError
        A run is working on the study, or a folder cannot be removed; what was removed before stays so.
    DataError
        As of ``spare``.
    """
    with locked(study.files.project.results(study.name), study.name):
        spared = spare(study, keep)
        for one in spared:
            try:
                shutil.rmtree(one.path)
            except OSError as error:
                place = one.path.relative_to(study.files.project.root).as_posix()
                raise StepError(f"folder cannot be removed: {error.strerror}", where=place) from None
    return spared
