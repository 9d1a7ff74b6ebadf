"""The gate: the only way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bildungsbedarf.disclosure.gate import Released, agreed, limits_of, records, release
from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.errors import no_attribute

__all__ = ["Limits", "Released", "agreed", "limits_of", "records", "release"]

if not TYPE_CHECKING:

    def __getattr__(name):
        raise no_attribute(__name__, name, __all__)
