"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from bildungsbedarf.participation.ballot import agreement, dots
from bildungsbedarf.participation.opinions import Opinions, adjusted_rand, opinions

__all__ = ["Opinions", "adjusted_rand", "agreement", "dots", "opinions"]
