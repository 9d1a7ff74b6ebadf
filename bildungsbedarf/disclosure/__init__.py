"""The gate: the only way out."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.disclosure.gate import agreed, limits_of, release
from bildungsbedarf.disclosure.released import Released, records
from bildungsbedarf.disclosure.rules import Limits

__all__ = ["Limits", "Released", "agreed", "limits_of", "records", "release"]

opened(globals(), __all__)
