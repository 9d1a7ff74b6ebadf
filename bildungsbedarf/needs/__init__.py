"""What people need: batteries, barriers, groups, areas, scales, trends → tidy frames; formats nothing."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.needs.answers.barrier import barriers
from bildungsbedarf.needs.answers.closed import answers, questions, tabulate, variables
from bildungsbedarf.needs.answers.learning import formats, hours, took_part
from bildungsbedarf.needs.answers.ranking import ranking
from bildungsbedarf.needs.answers.scales import reliability, reliable_scales, scale, scale_questions, scores
from bildungsbedarf.needs.answers.themes import coding, decide, kappa, open_questions, themes
from bildungsbedarf.needs.answers.words import words
from bildungsbedarf.needs.areas import area_table, small_areas
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.changes.sensitivity import sensitivity
from bildungsbedarf.needs.changes.trends import development, trend, trend_sensitivity
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
from bildungsbedarf.needs.fields.table import in_focus, item_title, most_urgent, table
from bildungsbedarf.needs.groups.crossed import contrasts, intersections
from bildungsbedarf.needs.groups.equity import equity
from bildungsbedarf.needs.groups.inequality import adjusted, inequality
from bildungsbedarf.needs.groups.keyness import keyness

__all__ = [
    "Battery",
    "adjusted",
    "answers",
    "area_table",
    "barriers",
    "battery",
    "coding",
    "contrasts",
    "decide",
    "development",
    "distribution",
    "equity",
    "formats",
    "gap",
    "hours",
    "importance",
    "in_focus",
    "inequality",
    "intersections",
    "item_title",
    "kappa",
    "keyness",
    "most_urgent",
    "open_questions",
    "people",
    "quadrants",
    "questions",
    "ranked_discrepancy",
    "ranking",
    "reliability",
    "reliable_scales",
    "satisfaction",
    "scale",
    "scale_questions",
    "scores",
    "sensitivity",
    "small_areas",
    "steps",
    "table",
    "tabulate",
    "themes",
    "took_part",
    "trend",
    "trend_sensitivity",
    "unmet",
    "variables",
    "weighted_discrepancy",
    "words",
]

opened(globals(), __all__)
