"""Tables and figures, each with title, base, source, alternative text and data; computes no estimate."""

from bildungsbedarf.show.blocks import MIME, Block
from bildungsbedarf.show.choices import choices
from bildungsbedarf.show.field import field_work
from bildungsbedarf.show.figures import change_plot, dot_plot, dumbbell
from bildungsbedarf.show.grids import answers, grid
from bildungsbedarf.show.groups import diverging, forest, small_multiples
from bildungsbedarf.show.leitbild import goal_details, goal_matrix
from bildungsbedarf.show.maps import area_map
from bildungsbedarf.show.priorities import quadrant_plot, rank_plot
from bildungsbedarf.show.quality import counting, weights
from bildungsbedarf.show.scales import reliability
from bildungsbedarf.show.side_by_side import concepts
from bildungsbedarf.show.slopes import slopes
from bildungsbedarf.show.statements import sentences
from bildungsbedarf.show.tables import source_line, table

__all__ = [
    "MIME",
    "Block",
    "answers",
    "area_map",
    "change_plot",
    "choices",
    "concepts",
    "counting",
    "diverging",
    "dot_plot",
    "dumbbell",
    "field_work",
    "forest",
    "goal_details",
    "goal_matrix",
    "grid",
    "quadrant_plot",
    "rank_plot",
    "reliability",
    "sentences",
    "slopes",
    "small_multiples",
    "source_line",
    "table",
    "weights",
]
