"""Bring in responses and statistics, each as (table, provenance); changes no value."""

from bildungsbedarf.sources.files import Provenance
from bildungsbedarf.sources.limesurvey import parse_responses, read_responses
from bildungsbedarf.sources.reference import read_reference

__all__ = ["Provenance", "parse_responses", "read_reference", "read_responses"]
