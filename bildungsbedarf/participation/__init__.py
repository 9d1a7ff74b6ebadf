"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.participation.ballot import agreement, ballots, dots, positions, quadratic
from bildungsbedarf.participation.grades import Judgement, majority_judgement
from bildungsbedarf.participation.opinions import Opinions, adjusted_rand, opinions
from bildungsbedarf.participation.preferences import Preferences, preferences

__all__ = [
    "Judgement",
    "Opinions",
    "Preferences",
    "adjusted_rand",
    "agreement",
    "ballots",
    "dots",
    "majority_judgement",
    "opinions",
    "positions",
    "preferences",
    "quadratic",
]

opened(globals(), __all__)
