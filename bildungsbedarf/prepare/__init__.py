"""Raw codes → analysis table: types, missing reasons, quality, derived variables; drops no row silently."""

from bildungsbedarf.prepare.quality import Quality
from bildungsbedarf.prepare.reasons import REASONS
from bildungsbedarf.prepare.table import Prepared, prepare_table
from bildungsbedarf.prepare.tidy import multiple_response, ranking, ticked_items
from bildungsbedarf.prepare.typed import is_numeric_scale, value_codes
from bildungsbedarf.prepare.votes import answers_of_votes, asked_by_votes, votes_of_ballot, with_codes

__all__ = [
    "REASONS",
    "Prepared",
    "Quality",
    "answers_of_votes",
    "asked_by_votes",
    "is_numeric_scale",
    "multiple_response",
    "prepare_table",
    "ranking",
    "ticked_items",
    "value_codes",
    "votes_of_ballot",
    "with_codes",
]
