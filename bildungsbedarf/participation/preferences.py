"""In which order those present put the goals: points (Borda), and what a majority prefers to what (Condorcet).

Of a ranking of k goals the first has k − 1 points, the next k − 2, …; goals somebody did not rank share the mean of the
points that are left (Emerson 2013, *Social Choice and Welfare* 40, 353–358, discusses the alternatives). A goal beats
another where more people rank it above: ranked goals stand above those not ranked, two that are not ranked say nothing.
Majorities may go round in a circle (Condorcet 1785): goals of one circle share a place, and it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.answers.ranking import borda_points, ranked_places
from bildungsbedarf.wave import Wave


@dataclass(frozen=True)
class Preferences:
    """Goals in the order of the majorities.

    ``order`` are places, first first: each goal of a place beats, or ties with, each of the places after it; several
    goals on one place tie, or beat each other in a circle. ``points`` (mean, by goal), ``beats`` (goal × goal). Nothing
    where fewer people ranked than may be told of (``persons`` is 0 then).
    """

    persons: int
    order: tuple[tuple[str, ...], ...]
    points: pd.Series
    beats: pd.DataFrame

    @property
    def winner(self) -> str:
        """The goal that beats every other; "" where there is none."""
        if not self.order or len(self.order[0]) > 1:
            return ""
        first = self.order[0][0]
        return first if self.beats.loc[first].drop(first).all() else ""

    @property
    def circles(self) -> list[tuple[str, ...]]:
        """Places on which goals beat each other in a circle."""
        return [
            place
            for place in self.order
            if len(place) > 1 and self.beats.loc[list(place), list(place)].to_numpy().any()
        ]


def preferences(wave: Wave) -> Preferences:
    """How those present ranked the goals of a ballot.

    Parameters
    ----------
    wave
        One audience in one wave, with a ballot whose ``ranking`` study.toml names.

    Returns
    -------
    Preferences
        A count of those who ranked at least one goal.

    Raises
    ------
    ConfigError
        The ballot has no ranking.

    Examples
    --------
    >>> participation.preferences(conference).order[-1]
    ('G3',)
    """
    question = wave.ballot.ranking
    if not question:
        raise ConfigError("study.toml names no ranking for this ballot", where="study.toml, ballot.ranking")
    places = ranked_places(wave, question)
    return preferred(places[places.notna().any(axis=1)], wave.files.config.disclosure.minimum_base)


def preferred(places: pd.DataFrame, least: int = 1) -> Preferences:
    """The same of a table of places: one row a ranking, one column a goal; missing where it was not ranked."""
    goals = [str(name) for name in places.columns]
    if len(places) < least:
        return Preferences(0, (), pd.Series(dtype="float64"), pd.DataFrame())
    values = places.to_numpy(dtype=float, na_value=np.nan)
    points = borda_points(places).mean().to_numpy(dtype=float)
    # who is not ranked stands behind all who are
    filled = np.where(np.isfinite(values), values, np.inf)
    above = (filled[:, :, None] < filled[:, None, :]).sum(axis=0)
    beats = above > above.T
    order = _places(beats | (above == above.T), points, goals)
    return Preferences(
        len(places),
        order,
        pd.Series(points, index=goals, name="points"),
        pd.DataFrame(beats, index=goals, columns=goals),
    )


def _places(at_least: np.ndarray, points: np.ndarray, goals: list[str]) -> tuple[tuple[str, ...], ...]:
    """Goals that reach each other by "beats or ties with" share a place (the top cycles); within by points."""
    _, component = connected_components(csr_array(at_least.astype(np.int8)), directed=True, connection="strong")
    # a component beats all that come after it: the more goals it is at least as good as, the further in front
    reached = at_least.sum(axis=1)
    ordered = sorted(set(component), key=lambda one: -int(reached[component == one].max()))
    return tuple(
        tuple(goals[number] for number in sorted(np.flatnonzero(component == one), key=lambda n: (-points[n], n)))
        for one in ordered
    )
