"""Votes, ballots and statements of conferences → the same tidy frames as the survey's."""

from bildungsbedarf.participation.ballot import agreement, dots

__all__ = ["agreement", "dots"]
