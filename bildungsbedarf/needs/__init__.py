"""Importance/satisfaction batteries, barriers and trends → tidy frames; formats nothing."""

from bildungsbedarf.needs.barrier import barriers
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.measures import distribution, gap, importance, satisfaction, unmet
from bildungsbedarf.needs.sensitivity import sensitivity
from bildungsbedarf.needs.trends import trend

__all__ = [
    "Battery",
    "barriers",
    "battery",
    "distribution",
    "gap",
    "importance",
    "satisfaction",
    "sensitivity",
    "trend",
    "unmet",
]
