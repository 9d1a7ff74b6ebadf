"""What kept people away: shares of persons shown the question who passed its page, or of all mentions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.family import estimate_family, finish
from bildungsbedarf.prepare import ticked_items
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.moments import derived, means
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def barriers(
    wave: Wave, question: str = "", by: Names | None = None, base: Literal["persons", "mentions"] = "persons"
) -> pd.DataFrame:
    """Share of persons who ticked each barrier; several answers were possible.

    The base is everyone shown the question who passed its page, whether or not a box was ticked; a written
    "other" counts as ticked (item ``other``). ``base="mentions"``: share of all ticks, Σw t_j / Σ_k Σw t_k, by
    the delta method; ``n`` are still the persons.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of the question; default: the one study.toml names.
    by
        Grouping variables: one row for every combination of their categories.
    base
        Of whom or of what the share is taken.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Raises
    ------
    ConfigError
        study.toml names no barriers, or the question is no multiple choice.

    Examples
    --------
    >>> needs.barriers(wave)[["variable", "estimate"]].round(3).head(2)
      variable  estimate
    0     ZEIT     0.429
    1     GELD     0.211
    """
    ticked = barrier_boxes(wave, question)
    if base == "persons":
        return estimate_family(wave.design, ticked, by, "barrier")
    items = [str(name) for name in ticked.columns]
    recipes = {item: (items, _part(place)) for place, item in enumerate(items)}
    found = derived(means(wave.design, ticked, by), recipes)
    persons = estimate_family(wave.design, ticked, by, "barrier")
    found.frame["count"] = persons["count"]
    return finish(found, "barrier_mentions")


def barrier_boxes(wave: Wave, question: str = "") -> pd.DataFrame:
    """Which boxes of the question about barriers each person ticked, one column a box; missing where not asked.

    Raises
    ------
    ConfigError
        study.toml names no barriers, or the question is no multiple choice.
    """
    question = question or wave.needs.barriers
    if not question:
        raise ConfigError("study.toml names no question about barriers", where="study.toml, needs.barriers")
    if wave.codebook[question].type.values != "checkbox":
        raise ConfigError("barriers are no multiple choice question", where=f"question {question}")
    return ticked_items(wave.responses, wave.codebook, question)


def _part(place: int) -> Callable[[Floats], Floats]:
    """One estimate's part of the sum of all."""
    return lambda x: x[:, place] / x.sum(axis=1)
