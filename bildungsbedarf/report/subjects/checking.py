"""What pages.toml and indicators.toml name for pages and nobody knows, before anything is made."""

from __future__ import annotations

from bildungsbedarf.errors import Problem, nearest
from bildungsbedarf.findings import DECLARED, item_labels
from bildungsbedarf.study.places import Written
from bildungsbedarf.wave import Study


def pages_problems(study: Study) -> list[Problem]:
    """Fields of phases of life that the first audience was never asked about.

    Parameters
    ----------
    study
        The study, with pages.toml or without.

    Returns
    -------
    list of Problem
        Each with its line; empty where nothing is wrong.

    Examples
    --------
    >>> pages_problems(study)
    []
    """
    pages = study.files.pages
    asked = [wave for wave in study.waves if wave.has_needs]
    if pages is None or not asked:
        return []
    written = Written(study.files.folder / "pages.toml", study.files.project.root)
    known = {item for wave in asked for item in item_labels(DECLARED["unmet_need"], wave, study.language)}
    return [
        Problem(
            f"phase of life {phase.id!r} names a field that is not asked about",
            written.at("life_phase", number, "fields"),
            item,
            nearest(item, known),
        )
        for number, phase in enumerate(pages.life_phase)
        for item in phase.fields
        if item not in known
    ]


def theme_problems(study: Study) -> list[Problem]:
    """Findings of themes in indicators.toml that no measure makes.

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
    >>> theme_problems(study)
    []
    """
    file = study.files.indicators
    if file is None or not file.findings:
        return []
    written = Written(study.files.folder / "indicators.toml", study.files.project.root)
    return [
        Problem(
            f"theme {theme!r} names a finding that no measure makes",
            written.at("findings", theme),
            name,
            nearest(measure, DECLARED),
        )
        for theme, names in file.findings.items()
        for name in names
        if (measure := name.partition(".")[0]).removeprefix("trend_") not in DECLARED
    ]
