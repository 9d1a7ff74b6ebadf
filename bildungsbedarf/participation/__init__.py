"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from bildungsbedarf.participation.ballot import agreement, ballots, dots
from bildungsbedarf.participation.opinions import Opinions, adjusted_rand, opinions
from bildungsbedarf.participation.preferences import Preferences, preferences

__all__ = ["Opinions", "Preferences", "adjusted_rand", "agreement", "ballots", "dots", "opinions", "preferences"]
