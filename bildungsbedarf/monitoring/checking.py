"""What indicators.toml names and there is not, before anything is computed."""

from __future__ import annotations

from bildungsbedarf.errors import BildungsbedarfError, Problem, nearest
from bildungsbedarf.monitoring.series import names, series
from bildungsbedarf.study.places import Written
from bildungsbedarf.wave import Study


def indicator_problems(study: Study) -> list[Problem]:
    """Concepts, phases of life, files, columns and regions that are not there; sources that are not named.

    Parameters
    ----------
    study
        The study, with indicators.toml or without.

    Returns
    -------
    list of Problem
        Each with its line; empty where nothing is wrong.

    Examples
    --------
    >>> monitoring.indicator_problems(study)
    []
    """
    config = study.files.indicators
    if config is None:
        return []
    written = Written(study.files.folder / "indicators.toml", study.files.project.root)
    pages = study.files.pages
    phases = [phase.id for phase in pages.life_phase] if pages is not None else []
    known = {"concept": list(study.files.config.concept), "life_phase": phases}
    problems = []
    for number, one in enumerate(config.indicator):

        def at(key: str, place: int = number) -> str:
            return written.at("indicator", place, key)

        for key, value in (("concept", one.concept), ("life_phase", one.life_phase)):
            if value and value not in known[key]:
                problems.append(Problem(f"unknown {key.replace('_', ' ')}", at(key), value, nearest(value, known[key])))
        if one.file not in study.files.config.sources:
            problems.append(
                Problem("nobody says whose data the file is", at("file"), one.file, "an entry in study.toml, [sources]")
            )
    for name in names(study):
        try:
            series(study, name)
        except BildungsbedarfError as error:
            problems += [
                Problem(f"indicator {name!r}: {one.what}", one.where, one.value, one.expected) for one in error.problems
            ]
    return problems
