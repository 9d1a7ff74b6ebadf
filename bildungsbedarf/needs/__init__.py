"""What people need: batteries, barriers, groups, areas, scales, trends → tidy frames; formats nothing."""

from bildungsbedarf.needs.answers.barrier import barriers
from bildungsbedarf.needs.answers.closed import answers, closed
from bildungsbedarf.needs.answers.learning import formats, hours, participation
from bildungsbedarf.needs.answers.ranking import ranking
from bildungsbedarf.needs.answers.scales import reliability, scale, scores
from bildungsbedarf.needs.areas import area_table, small_areas
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.changes.sensitivity import sensitivity
from bildungsbedarf.needs.changes.trends import trend, trend_sensitivity
from bildungsbedarf.needs.fields.measures import (
    distribution,
    gap,
    importance,
    ranked_discrepancy,
    satisfaction,
    steps,
    unmet,
    weighted_discrepancy,
)
from bildungsbedarf.needs.fields.people import people
from bildungsbedarf.needs.fields.quadrants import quadrants
from bildungsbedarf.needs.fields.table import closed_questions, intersections, item_title, most_urgent, table, tabulate
from bildungsbedarf.needs.groups.equity import equity
from bildungsbedarf.needs.groups.inequality import adjusted, inequality
from bildungsbedarf.survey.models.fay_herriot import FayHerriot, fay_herriot

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
