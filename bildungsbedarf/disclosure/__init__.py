"""The gate: the only way out."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.disclosure.gate import agreed, limits_of, release
from bildungsbedarf.disclosure.masking import mask
from bildungsbedarf.disclosure.quotes import Quoted, quotable, quotes
from bildungsbedarf.disclosure.released import Released, records
from bildungsbedarf.disclosure.rules import Limits

__all__ = ["Limits", "Quoted", "Released", "agreed", "limits_of", "mask", "quotable", "quotes", "records", "release"]

opened(globals(), __all__)
