"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.participation.ballot import agreement, ballots, dots, positions, quadratic
from bildungsbedarf.participation.grades import Judgement, majority_judgement
from bildungsbedarf.participation.network import actors, at_the_table, has_actors, network
from bildungsbedarf.participation.opinions import Opinions, adjusted_rand, opinions
from bildungsbedarf.participation.preferences import Preferences, preferences
from bildungsbedarf.participation.turnout import attended, turnout

__all__ = [
    "Judgement",
    "Opinions",
    "Preferences",
    "actors",
    "adjusted_rand",
    "agreement",
    "at_the_table",
    "attended",
    "ballots",
    "dots",
    "has_actors",
    "majority_judgement",
    "network",
    "opinions",
    "positions",
    "preferences",
    "quadratic",
    "turnout",
]

opened(globals(), __all__)
