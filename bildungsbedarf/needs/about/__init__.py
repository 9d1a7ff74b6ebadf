"""What each measure of ``bb.needs`` is: one row a measure (``fields``, ``answers``, ``groups``)."""

from bildungsbedarf.needs.about.answers import ANSWERS
from bildungsbedarf.needs.about.fields import FIELDS
from bildungsbedarf.needs.about.groups import GROUPS, OPTION, OPTIONS
from bildungsbedarf.needs.about.model import Claim, Measure, Says, by_key

MEASURES = by_key((*FIELDS, *ANSWERS, *GROUPS))

__all__ = ["MEASURES", "OPTION", "OPTIONS", "Claim", "Measure", "Says"]
