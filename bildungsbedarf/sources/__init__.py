"""Bring in responses and statistics, each as (table, provenance); changes no value."""

from bildungsbedarf.sources.files import Provenance
from bildungsbedarf.sources.kinds import Kind, Votes, read_kind, votes_of
from bildungsbedarf.sources.limesurvey import parse_responses, read_responses
from bildungsbedarf.sources.reference import read_reference

__all__ = [
    "Kind",
    "Provenance",
    "Votes",
    "parse_responses",
    "read_kind",
    "read_reference",
    "read_responses",
    "votes_of",
]
