"""What people need: batteries, barriers, groups, areas, scales, trends → tidy frames; formats nothing."""

from bildungsbedarf.needs.areas import area_table, small_areas
from bildungsbedarf.needs.barrier import barriers
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.equity import equity
from bildungsbedarf.needs.fay_herriot import FayHerriot, fay_herriot
from bildungsbedarf.needs.inequality import adjusted, inequality
from bildungsbedarf.needs.learning import formats, hours, participation
from bildungsbedarf.needs.measures import (
    distribution,
    gap,
    importance,
    ranked_discrepancy,
    satisfaction,
    steps,
    unmet,
    weighted_discrepancy,
)
from bildungsbedarf.needs.overview import closed_questions, intersections, item_title, most_urgent, table, tabulate
from bildungsbedarf.needs.people import people
from bildungsbedarf.needs.quadrants import quadrants
from bildungsbedarf.needs.questions import answers, closed
from bildungsbedarf.needs.ranking import ranking
from bildungsbedarf.needs.scales import reliability, scale, scores
from bildungsbedarf.needs.sensitivity import sensitivity
from bildungsbedarf.needs.trends import trend, trend_sensitivity

__all__ = [
    "Battery",
    "FayHerriot",
    "adjusted",
    "answers",
    "area_table",
    "barriers",
    "battery",
    "closed",
    "closed_questions",
    "distribution",
    "equity",
    "fay_herriot",
    "formats",
    "gap",
    "hours",
    "importance",
    "inequality",
    "intersections",
    "item_title",
    "most_urgent",
    "participation",
    "people",
    "quadrants",
    "ranked_discrepancy",
    "ranking",
    "reliability",
    "satisfaction",
    "scale",
    "scores",
    "sensitivity",
    "small_areas",
    "steps",
    "table",
    "tabulate",
    "trend",
    "trend_sensitivity",
    "unmet",
    "weighted_discrepancy",
]
