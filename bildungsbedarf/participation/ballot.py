"""A conference's ballot: agreement with statements and dots on goals, as the same tidy frames.

A ballot is a census of those who returned it: shares are exact for them, and say nothing of others.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.family import counted_ranks, shares_who
from bildungsbedarf.participation.about import COUNTED, MEASURES
from bildungsbedarf.prepare import votes_of_ballot
from bildungsbedarf.sources.kinds import AGREE, DISAGREE, GOAL, PASS, STATEMENT
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def agreement(wave: Wave, by: str | None = None) -> pd.DataFrame:
    """Share who agree with each statement, of those who took a position or passed on it.

    Returns the tidy frame of ``bb.estimate`` with ``variable`` = statement code; ``count`` are the
    persons who agree.

    Parameters
    ----------
    wave
        One audience in one wave.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> participation.agreement(conference)[["variable", "count", "n"]].head(2)
      variable  count   n
    0      Z01     53  59
    1      Z02     37  61
    """
    _named(wave.ballot.statements, "statements")
    positions = _by_person(wave, STATEMENT)
    agrees = (positions == AGREE).astype("boolean").mask(positions.isna())
    frame = shares_who(wave.design.with_columns(agrees), list(agrees.columns), by)
    return _census(counted_ranks(frame, by), "agreement")


@recomputable
def positions(wave: Wave, by: str | None = None) -> pd.DataFrame:
    """Shares who agree, disagree and pass on each statement, of those who did one of the three.

    All three stand in one frame, so that the gate sees that they add up: what is hidden in one does not follow from the
    others. Beside ``agreement`` only statements may be told of which all three are shown (``findings.divided``).

    Parameters
    ----------
    wave
        One audience in one wave.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate`` with ``variable`` = statement code and ``category`` = ``agree``, ``disagree``
        or ``pass``.

    Examples
    --------
    >>> participation.positions(conference)[["variable", "category", "count", "n"]].head(3)
      variable  category  count   n
    0      Z01     agree     53  59
    1      Z01  disagree      3  59
    2      Z01      pass      3  59
    """
    _named(wave.ballot.statements, "statements")
    taken = _by_person(wave, STATEMENT).apply(lambda votes: votes.map(_POSITIONS, na_action="ignore").astype(_POSITION))
    # the three positions are declared, though no questionnaire has them
    design = wave.design.with_columns(taken).declared(taken.columns)
    return _census(estimate.proportion(design, list(taken.columns), by=by), "positions")


_POSITIONS = {AGREE: "agree", DISAGREE: "disagree", PASS: "pass"}
_POSITION = pd.CategoricalDtype(list(_POSITIONS.values()))


@recomputable
def dots(wave: Wave, by: str | None = None) -> pd.DataFrame:
    """Dots each goal received, of all persons who placed at least one; of a poster or a live poll, of all dots.

    Returns the tidy frame with ``variable`` = goal code, ``estimate`` = dots, ``count`` = persons
    who gave the goal a dot (of a poster the dots themselves), and ``share`` = its share of all dots, or of those of
    the group.

    Parameters
    ----------
    wave
        One audience in one wave.
    by
        Grouping variables: one row for every combination of their categories; the colours of a poster.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> participation.dots(conference)[["variable", "estimate"]].head(2)
      variable  estimate
    0       G1      73.0
    1       G2      63.0
    """
    return _placed(wave, "dots", lambda given: given, by)


def _placed(
    wave: Wave, measure: str, worth: Callable[[pd.DataFrame], pd.DataFrame], by: str | None = None
) -> pd.DataFrame:
    """What each goal received of those who placed a dot, and of how many."""
    _named(wave.ballot.points, "points")
    given = _by_person(wave, GOAL)
    placed = given.notna().any(axis=1)
    filled = given.where(given.notna() | ~placed.to_numpy()[:, None], 0.0).astype("Float64")
    frame = estimate.total(wave.design.with_columns(worth(filled)), list(filled.columns), by=by)
    groups = wave.design.data[by].astype("str") if by else pd.Series("", index=filled.index)
    persons = (filled > 0).groupby(groups).sum()
    places = zip(frame[by].astype("str") if by else [""] * len(frame), frame["variable"], strict=True)
    frame["count"] = pd.array([persons.loc[place] for place in places], dtype="Int64")
    sums = frame.groupby(by, observed=True)["estimate"].transform("sum") if by else frame["estimate"].sum()
    frame["share"] = frame["estimate"] / sums
    found = _census(counted_ranks(frame, by), measure)
    return facts_of(found).but(base=COUNTED).on(found) if wave.counts_dots else found


@recomputable
def quadratic(wave: Wave) -> pd.DataFrame:
    """Votes each goal received where dots are its price: the root of a person's dots on a goal, summed.

    Quadratic voting (Posner & Weyl 2018, *Radical Markets*, chapter 2): the second vote on one goal costs three dots
    more, so that many who want something a little weigh more than few who want it much.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    pandas.DataFrame
        As ``dots``, with ``estimate`` = votes and ``share`` = their share of all votes.

    Examples
    --------
    >>> participation.quadratic(conference)[["variable", "estimate"]].round(1).head(1)
      variable  estimate
    0       G1      57.7
    """
    return _placed(wave, "quadratic", lambda given: given**0.5)


def ballots(study: Study) -> list[Wave]:
    """Conferences whose ballots have come in, in the order of the waves.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    list of Wave
        Those with a ``[[ballot]]`` and answers.

    Examples
    --------
    >>> [wave.audience for wave in participation.ballots(study)]
    ['konferenz1', 'konferenz2']
    """
    voted = {entry.audience for entry in study.files.config.ballot}
    return [wave for wave in study.of_all_audiences if wave.audience in voted and wave.has_snapshot]


def _by_person(wave: Wave, kind: str) -> pd.DataFrame:
    """Votes of one kind, one column a statement or goal, rows as in the responses."""
    # votes that came in as such are answers here too: of the persons who count
    votes = votes_of_ballot(wave.responses, wave.codebook, wave.ballot, wave.language)
    return votes.wide(kind).set_axis(wave.responses.index).rename_axis(columns=None)


def _census(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A ballot counts those present, whatever else is declared of them."""
    declared = MEASURES[measure]
    return facts_of(frame).but(measure=measure, unit=declared.unit, base=declared.base, sampling="census").on(frame)


def _named(question: str, key: str) -> str:
    if not question:
        raise ConfigError(f"study.toml names no {key} for this ballot", where=f"study.toml, ballot.{key}")
    return question
