"""The gate: the only way out."""

from bildungsbedarf.disclosure.gate import Released, agreed, limits_of, records, release
from bildungsbedarf.disclosure.rules import Limits

__all__ = ["Limits", "Released", "agreed", "limits_of", "records", "release"]
