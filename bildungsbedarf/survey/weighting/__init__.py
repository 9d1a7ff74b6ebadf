"""``bb.weighting``: fit weights to known totals; the designs returned know what they are calibrated to.

Each function returns a new design that carries a ``report`` (iterations, worst margin, range of the
weights, Kish's design effect).
"""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.survey.weighting.calibration import calibrate, poststratify
from bildungsbedarf.survey.weighting.raking import rake, rake_trimmed, trim
from bildungsbedarf.survey.weighting.reports import WeightingReport

__all__ = ["WeightingReport", "calibrate", "poststratify", "rake", "rake_trimmed", "trim"]

opened(globals(), __all__)
