"""What a frame of estimates says of itself, and the seal of the rows it says it of."""

from __future__ import annotations

from bildungsbedarf.estimates.facts import (
    CHOSEN_ROWS,
    KEY,
    SEAL,
    Facts,
    Kind,
    Origin,
    Sampling,
    Unit,
    check_seal,
    facts_of,
    like,
)
from bildungsbedarf.estimates.seals import numbers_of, rows_sealed

__all__ = [
    "CHOSEN_ROWS",
    "KEY",
    "SEAL",
    "Facts",
    "Kind",
    "Origin",
    "Sampling",
    "Unit",
    "check_seal",
    "facts_of",
    "like",
    "numbers_of",
    "rows_sealed",
]
