"""What people put first: a ranking question, partial rankings kept."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

Statistic = Literal["first", "top", "never", "borda"]


@recomputable
def ranking(
    wave: Wave, question: str = "", statistic: Statistic = "first", by: Names | None = None, top: int = 3
) -> pd.DataFrame:
    """How items were ranked, of persons who ranked at least one.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Default: the one study.toml names.
    statistic
        ``first``: share with the item in first place; ``top``: among the first ``top``; ``never``: not ranked;
        ``borda``: mean points, J − place for a ranked item of J (J − 1 for the first) and the mean of the
        remaining points, (J − m − 1)/2, for each item not among a person's m ranked ones.
    by
        Grouping variables: one row for every combination of their categories.
    top
        How many places count as top, from 2 to 5.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Raises
    ------
    ConfigError
        study.toml names no ranking, or the question is none; ``top`` without its statistic, or of no such number.

    Examples
    --------
    >>> needs.ranking(wave)[["variable", "estimate"]].round(3).head(2)
      variable  estimate
    0      F01     0.089
    1      F02     0.201
    """
    question = question or wave.needs.ranking
    if not question:
        raise ConfigError("study.toml names no ranking", where="study.toml, needs.ranking")
    if wave.codebook[question].type.axes != "ranking":
        known = [one.code for one in wave.codebook if one.type.axes == "ranking"]
        told = ", ".join(known) or "this questionnaire has none"
        raise ConfigError("question is no ranking", where=f"question {question}", expected=told)
    if top != _TOP and statistic != "top":
        raise ConfigError("top is of another statistic", value=top, expected=f'statistic="top", top={top}')
    if top not in _TOPS:
        raise ConfigError(
            "no such number of places", where="top", value=top, expected='2 to 5; statistic="first" is the first alone'
        )
    places = ranked_places(wave, question)
    no_rank = pd.DataFrame(dict.fromkeys(places.columns, places.isna().all(axis=1)))
    if statistic == "borda":
        points = borda_points(places).mask(no_rank)
        return estimate_family(wave.design, points, by, "ranking_borda", span=places.shape[1] - 1)
    kinds = {"first": places == 1, "top": places <= top, "never": places.isna()}
    flags = kinds[statistic].fillna(False).astype("boolean").mask(no_rank)
    key = statistic if statistic != "top" or top == _TOP else f"top{top}"
    return estimate_family(wave.design, flags, by, f"ranking_{key}")


_TOP, _TOPS = 3, range(2, 6)
"""How many places count as top: a measure each, in words of its own."""


def borda_points(places: pd.DataFrame) -> pd.DataFrame:
    """J − place for a ranked item of J, and the mean of the remaining points for each that a person did not rank."""
    count = places.shape[1]
    rest = (count - places.notna().sum(axis=1) - 1) / 2
    return pd.DataFrame({item: (count - places[item]).fillna(rest) for item in places.columns})


def ranked_places(wave: Wave, question: str) -> pd.DataFrame:
    """Place of each item (1 = first), one column an item; missing where not ranked."""
    columns = wave.codebook.columns_of(question)
    items = list(wave.codebook[question].items("de"))
    found = {item: pd.Series(pd.NA, index=wave.responses.index, dtype="Float64") for item in items}
    for column in columns:
        chosen = wave.responses[column.name]
        for item in items:
            found[item] = found[item].mask((chosen == item).fillna(False), float(column.item))
    return pd.DataFrame(found)
