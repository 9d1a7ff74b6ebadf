"""What there is: offers in one shape, how many, for whom, and held against what people need."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.supply.about import asked_with, field_labels
from bildungsbedarf.supply.diagnosis import DIAGNOSES, SILENT, diagnose
from bildungsbedarf.supply.groups import diagnose_groups
from bildungsbedarf.supply.measures import coverage, reach
from bildungsbedarf.supply.places import distances, municipalities
from bildungsbedarf.supply.planning import Plan, plan_offers
from bildungsbedarf.supply.reading import Offers, offers
from bildungsbedarf.supply.rules import offers_problems

__all__ = [
    "DIAGNOSES",
    "SILENT",
    "Offers",
    "Plan",
    "asked_with",
    "coverage",
    "diagnose",
    "diagnose_groups",
    "distances",
    "field_labels",
    "municipalities",
    "offers",
    "offers_problems",
    "plan_offers",
    "reach",
]

opened(globals(), __all__)
