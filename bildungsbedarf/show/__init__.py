"""Tables and figures, each with title, base, source, alternative text and data; computes no estimate."""

from bildungsbedarf.show.blocks import MIME, Block
from bildungsbedarf.show.choices import choices
from bildungsbedarf.show.field import field_work
from bildungsbedarf.show.figures import change_plot, dot_plot, dumbbell
from bildungsbedarf.show.leitbild import goal_details, goal_matrix
from bildungsbedarf.show.quality import counting, weights
from bildungsbedarf.show.side_by_side import concepts
from bildungsbedarf.show.statements import sentences
from bildungsbedarf.show.tables import source_line, table

__all__ = [
    "MIME",
    "Block",
    "change_plot",
    "choices",
    "concepts",
    "counting",
    "dot_plot",
    "dumbbell",
    "field_work",
    "goal_details",
    "goal_matrix",
    "sentences",
    "source_line",
    "table",
    "weights",
]
