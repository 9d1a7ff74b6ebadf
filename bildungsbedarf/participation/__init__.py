"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bildungsbedarf.errors import no_attribute
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

if not TYPE_CHECKING:

    def __getattr__(name):
        raise no_attribute(__name__, name, __all__)
