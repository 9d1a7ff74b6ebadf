"""Official series of the district beside other regions, along the guideline of municipal education monitoring."""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.monitoring.checking import indicator_problems
from bildungsbedarf.monitoring.series import THEMES, indicator, names, overview, scenario, series

__all__ = ["THEMES", "indicator", "indicator_problems", "names", "overview", "scenario", "series"]

opened(globals(), __all__)
