"""Official series of the district beside other regions, along the guideline of municipal education monitoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bildungsbedarf.errors import no_attribute
from bildungsbedarf.monitoring.checking import indicator_problems
from bildungsbedarf.monitoring.series import THEMES, indicator, names, overview, scenario, series

__all__ = ["THEMES", "indicator", "indicator_problems", "names", "overview", "scenario", "series"]

if not TYPE_CHECKING:

    def __getattr__(name):
        raise no_attribute(__name__, name, __all__)
