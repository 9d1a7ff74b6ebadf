"""Who of those present at a conference returned a ballot, by group of actors."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.estimates import Origin, facts_of
from bildungsbedarf.needs.family import shares_who
from bildungsbedarf.participation.about import MEASURES, TURNOUT
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

_FILE = "waves/{wave}.toml, audience.{audience}.attended"


@recomputable
def turnout(wave: Wave, by: str | None = None) -> pd.DataFrame:
    """Share of those present who returned a ballot; by group only of the groups that the list of those present has.

    Parameters
    ----------
    wave
        A ballot whose wave file says who was there (``attended``): persons by group.
    by
        The ballot's group (study.toml's ``ballot.group``): those present are known by no other.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate`` with ``variable`` = ``turnout``, ``n`` = persons present and ``count`` =
        ballots returned.

    Raises
    ------
    ConfigError
        Nobody was counted, a group is none of the ballot's, more ballots than persons, or another grouping variable.

    Examples
    --------
    >>> participation.turnout(conference)[["variable", "count", "n"]]
      variable  count   n
    0  turnout     62  82
    """
    group = wave.ballot.group
    if by is not None and by != group:
        raise ConfigError("those present are known by the ballot's group alone", where="by", value=by, expected=group)
    present = attended(wave)
    voted = wave.responses[group].dropna().astype(str).value_counts() if group else pd.Series(dtype="int64")
    if strange := sorted(set(voted.index) - set(present)):
        raise ConfigError(
            "a group voted of whom nobody is said to have been there",
            where=_where(wave),
            value=", ".join(wave.labels(group).get(one, one) for one in strange),
            expected="all groups of the ballot, also small ones",
        )
    if by is None:
        # who names no group voted too
        present, voted = {"": sum(present.values())}, pd.Series({"": len(wave.responses)})
    voted = voted.reindex(list(present)).fillna(0).astype(int)
    problems = [
        Problem("more ballots than persons present", _where(wave), f"{name or 'all'}: {voted[name]} of {count}")
        for name, count in present.items()
        if voted[name] > count
    ]
    if problems:
        raise ConfigError(problems)
    rows = [(name, place < voted[name]) for name, count in present.items() for place in range(count)]
    persons = pd.DataFrame(rows, columns=[group or "group", TURNOUT])
    persons[group or "group"] = pd.Categorical(persons[group or "group"], list(present))
    persons[TURNOUT] = persons[TURNOUT].astype("boolean")
    limits = wave.files.config.disclosure.model_dump()
    # all who were there: nothing is drawn, nothing varies
    persons[_PRESENT] = float(len(persons))
    design = SurveyDesign(persons, fpc=_PRESENT).described(Origin("census", "{people}", wave.source, limits))
    design = design.declared(persons.columns)
    frame = shares_who(design, [TURNOUT], by)
    declared = MEASURES[TURNOUT]
    # how many voted stands at every other number of a ballot: beside it a base would tell who did not
    details = {"bases_tell": True}
    return facts_of(frame).but(measure=TURNOUT, unit=declared.unit, base=declared.base, details=details).on(frame)


_PRESENT = "present"


def attended(wave: Wave) -> dict[str, int]:
    """Persons present by category of the ballot's group, in its order; all together under "" without groups.

    Parameters
    ----------
    wave
        A ballot.

    Returns
    -------
    dict
        Category → persons.

    Raises
    ------
    ConfigError
        Nobody was counted, or a group is none of the ballot's.

    Examples
    --------
    >>> list(participation.attended(conference).values())
    [27, 23, 32]
    """
    given = wave.wave_config.attended
    if not given:
        raise ConfigError(
            "nobody counted who was there",
            where=_where(wave),
            expected="attended = {SCH = 13, FB = 10}: persons by group",
            remedy="bildungsbedarf attendance STUDY LIST --wave W --column NAME counts a list and keeps no name",
        )
    group = wave.ballot.group
    if not group:
        return {"": sum(given.values())}
    levels = [str(level) for level in wave.design.levels(group)]
    codes = groups_of(wave)
    problems = [
        Problem("this is no group of the ballot", _where(wave), name, nearest(name, codes))
        for name in given
        if name not in codes
    ]
    if problems:
        raise ConfigError(problems)
    found = dict.fromkeys(levels, 0)
    for name, count in given.items():
        found[codes[name]] += count
    return {name: count for name, count in found.items() if count}


def groups_of(wave: Wave) -> Mapping[str, str]:
    """What a list of those present may call a group → its category: the category, its label, a code merged in it.

    Raises
    ------
    ConfigError
        The ballot has no groups.
    """
    group = wave.ballot.group
    if not group:
        raise ConfigError(
            "the ballot has no groups", where="study.toml, ballot.group", expected="a variable of its own"
        )
    levels = [str(level) for level in wave.design.levels(group)]
    labels = wave.labels(group)
    found = {labels.get(level, level): level for level in levels} | {level: level for level in levels}
    derived = wave.config.variables.get(group)
    if derived is not None and derived.merge:
        merged = {code: category for category, codes in derived.merge.items() for code in codes}
        own = wave.labels(derived.source)
        found |= {own[code]: category for code, category in merged.items() if code in own} | merged
    return found


def _where(wave: Wave) -> str:
    return _FILE.format(wave=wave.name, audience=wave.audience)
