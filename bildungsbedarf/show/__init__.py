"""Tables and figures, each with title, base, source, alternative text and data; computes no estimate."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.show.blocks import MIME, Block
from bildungsbedarf.show.evidence.ballots import common_ground, divided, opinion_groups
from bildungsbedarf.show.evidence.conferences import goal_order, ledger
from bildungsbedarf.show.evidence.leitbild import goal_details, goal_lacks, goal_matrix
from bildungsbedarf.show.evidence.monitoring import indicator, indicator_overview, scenario
from bildungsbedarf.show.evidence.network import at_the_table, network
from bildungsbedarf.show.evidence.offers import offers_map, offers_table, source_of_offers, to_mend
from bildungsbedarf.show.evidence.quotes import quotes
from bildungsbedarf.show.evidence.side_by_side import concepts, side_by_side
from bildungsbedarf.show.evidence.statements import no_earlier_wave, no_reliable_scale, sentences
from bildungsbedarf.show.evidence.supply import diagnosis, group_diagnosis, offers_to_add
from bildungsbedarf.show.figures.dots import change_plot, dot_plot, dumbbell
from bildungsbedarf.show.figures.groups import diverging, forest, small_multiples
from bildungsbedarf.show.figures.maps import area_map
from bildungsbedarf.show.figures.own import own
from bildungsbedarf.show.figures.plots import estimates
from bildungsbedarf.show.figures.priorities import quadrant_plot, rank_plot
from bildungsbedarf.show.figures.reference import Reference
from bildungsbedarf.show.figures.slopes import slopes
from bildungsbedarf.show.figures.style import palette, theme
from bildungsbedarf.show.process.counting import counting, weights
from bildungsbedarf.show.process.field import field_work
from bildungsbedarf.show.process.methods import methods
from bildungsbedarf.show.saving import save
from bildungsbedarf.show.tables.changes import change_table
from bildungsbedarf.show.tables.choices import choices
from bildungsbedarf.show.tables.firsts import firsts
from bildungsbedarf.show.tables.grids import answers, grid
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.ranks import rank_table
from bildungsbedarf.show.tables.reliability import reliability
from bildungsbedarf.show.tables.tables import table

__all__ = [
    "MIME",
    "Block",
    "Reference",
    "answers",
    "area_map",
    "at_the_table",
    "change_plot",
    "change_table",
    "choices",
    "common_ground",
    "concepts",
    "counting",
    "diagnosis",
    "diverging",
    "divided",
    "dot_plot",
    "dumbbell",
    "estimates",
    "field_work",
    "firsts",
    "forest",
    "goal_details",
    "goal_lacks",
    "goal_matrix",
    "goal_order",
    "grid",
    "group_diagnosis",
    "indicator",
    "indicator_overview",
    "ledger",
    "methods",
    "network",
    "no_earlier_wave",
    "no_reliable_scale",
    "offers_map",
    "offers_table",
    "offers_to_add",
    "opinion_groups",
    "own",
    "palette",
    "quadrant_plot",
    "quotes",
    "rank_plot",
    "rank_table",
    "reliability",
    "save",
    "scenario",
    "sentences",
    "side_by_side",
    "slopes",
    "small_multiples",
    "source_line",
    "source_of_offers",
    "table",
    "theme",
    "to_mend",
    "weights",
]

opened(globals(), __all__)
