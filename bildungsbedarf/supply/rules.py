"""offers.toml for an audience, held against what there is: fields, hindrances, municipalities."""

from __future__ import annotations

from collections.abc import Iterable

from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.study.offers import OffersFile
from bildungsbedarf.supply.about import asked_with
from bildungsbedarf.supply.places import Gazetteer, municipalities
from bildungsbedarf.wave import Study, Wave


def rules_of(wave: Wave) -> OffersFile:
    """offers.toml, for the audience it is of.

    Raises
    ------
    ConfigError
        There is none, or it is of another audience.
    """
    rules = wave.files.offers
    if rules is None or rules.audience != wave.audience:
        raise ConfigError(
            "there is no offers.toml for this audience",
            where=f"audience {wave.audience}",
            expected=rules.audience if rules is not None else f"surveys/{wave.study_name}/offers.toml",
        )
    if problems := rule_problems(wave):
        raise ConfigError(problems)
    return rules


def rule_problems(wave: Wave) -> list[Problem]:
    """What offers.toml names and nobody knows: fields, hindrances, municipalities; empty for another audience."""
    rules = wave.files.offers
    if rules is None or rules.audience != wave.audience:
        return []
    asked = asked_with(wave)
    if not asked.has_needs:
        return [
            Problem("the audience has no battery", "offers.toml, needs", asked.audience, "an audience with [[needs]]")
        ]
    battery = asked.needs
    items = asked.codebook[battery.importance].items(asked.language)
    reasons = asked.codebook[battery.barriers].items(asked.language) if battery.barriers else {}
    table = municipalities(wave)
    codes = {str(code): str(name) for code, name in table["name"].items()}
    known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("fields", rules.fields, items),
        ("hindrances", rules.hindrances.values(), reasons),
        ("places", rules.places, codes),
    )
    problems = [
        Problem(f"offers.toml names in [{section}] what there is not", "offers.toml", name, nearest(name, there))
        for section, names, there in known
        for name in names
        if name not in there
    ]
    problems += [
        Problem("offers.toml names a group that there is not", f"offers.toml, groups.{phase}", name, expected)
        for phase, names in rules.groups.items()
        for name in names
        if (expected := _lacking_group(asked, name)) is not None
    ]
    own = Gazetteer(table, {}, wave.files.config.study.region)
    return problems + [
        Problem("a name that is another municipality's", f"offers.toml, places.{code}", word, codes[other])
        for code, words in rules.places.items()
        for word in words
        if (other := own.find(word)) not in (None, code)
    ]


def _lacking_group(asked: Wave, name: str) -> str | None:
    """What could be meant by a group that the survey does not have; None where it has it."""
    by, _, category = name.partition("=")
    if by not in asked.groups:
        return nearest(by, asked.groups)
    if not asked.has_snapshot:
        # categories of a cut are those of the answers
        return None
    known = list(asked.labels(by))
    return None if category in known else nearest(category, known)


def offers_problems(study: Study) -> list[Problem]:
    """What offers.toml names and nobody knows, in the last wave that has offers.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    list of Problem
        Empty where there is no offers.toml.

    Examples
    --------
    >>> supply.offers_problems(study)
    []
    """
    rules = study.files.offers
    if rules is None:
        return []
    names = [name for name, config in study.files.waves.items() if rules.audience in config.audience]
    return rule_problems(study.wave(names[-1], rules.audience)) if names else []
