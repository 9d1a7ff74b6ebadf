"""Freeze what is published of a wave: only what is up to date can be released."""

from __future__ import annotations

from datetime import date

from bildungsbedarf.errors import ConfigError, StepError, nearest
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.names import FINDINGS
from bildungsbedarf.run.overview import planned
from bildungsbedarf.run.republishing import remember
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.study.releases import FOLDER, Release, Releases, Statements, changes, read_releases, releases_text
from bildungsbedarf.wave import Study


def statements_of(study: Study, wave: str) -> Statements:
    """What the registers of a wave's audiences say now."""
    from bildungsbedarf.findings import read_register

    found: Statements = {}
    for audience in study.files.waves[wave].audience:
        path = study.files.project.results(study.name) / folder_of(study.wave(wave, audience)) / FINDINGS
        if path.is_file():
            for one in read_register(path).findings:
                found[f"{audience}: {one.id}"] = {str(language): text for language, text in one.statement.items()}
    return found


def release_wave(study: Study, wave: str, by: str, on: date) -> tuple[Release, int]:
    """Keep what the registers of a wave say, and how many statements are others than at the last release.

    Raises
    ------
    ConfigError
        No such wave, nobody named, or something is still to be decided.
    StepError
        Something of the wave is not up to date.
    """
    if wave not in study.files.waves:
        raise ConfigError(
            "there is no such wave", where=study.name, value=wave, expected=nearest(wave, study.files.waves)
        )
    if not by.strip():
        raise ConfigError("a release names who is responsible for it", expected="--by NAME")
    if study.files.undecided:
        raise ConfigError(
            "something is still to be decided",
            where=study.files.undecided[0].where,
            value=study.files.undecided[0].value,
            remedy="decide it, and run again",
        )
    stale = [step for step in planned(study, waves=[wave]) if step.state in ("runs", "held back", "cannot run")]
    if stale:
        raise StepError(
            "what would be released is not up to date",
            where=stale[0].title,
            value=stale[0].why,
            remedy=f"bildungsbedarf run {study.name}",
        )
    known = read_releases(study.files.folder, wave)
    statements = statements_of(study, wave)
    snapshots = {audience: study.wave(wave, audience).snapshot.sha256 for audience in study.files.waves[wave].audience}
    made = Release(by=by.strip(), on=on, snapshots=snapshots, statements=statements)
    changed = len(changes(known.last.statements, statements)) if known.last is not None else 0
    kept = Releases(releases=[*known.releases, made])
    for audience in study.files.waves[wave].audience:
        remember(study.wave(wave, audience))
    write_atomic(study.files.folder / FOLDER / f"{wave}.json", releases_text(kept))
    return made, changed
