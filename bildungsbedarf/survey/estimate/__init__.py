"""``bb.estimate``: estimates with design-based standard errors.

Every function takes a design or a wave first; of a wave columns may be called as in the questionnaire or its reports.
It returns the tidy frame of ``bildungsbedarf.survey.frames``:
``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low, ci_high, df, deff, note``.
"""

from __future__ import annotations

from bildungsbedarf.calls import opened
from bildungsbedarf.survey.estimate.compare import contrast, covariance, difference
from bildungsbedarf.survey.estimate.crosstabs import chisq, crosstab, ttest
from bildungsbedarf.survey.estimate.describe import describe, effective_n
from bildungsbedarf.survey.estimate.descriptive import mean, proportion, ratio, total, variance
from bildungsbedarf.survey.estimate.quantiles import quantile
from bildungsbedarf.survey.estimate.tables import table
from bildungsbedarf.survey.models.fay_herriot import FayHerriot, fay_herriot
from bildungsbedarf.survey.models.regression import glm, ordinal

__all__ = [
    "FayHerriot",
    "chisq",
    "contrast",
    "covariance",
    "crosstab",
    "describe",
    "difference",
    "effective_n",
    "fay_herriot",
    "glm",
    "mean",
    "ordinal",
    "proportion",
    "quantile",
    "ratio",
    "table",
    "total",
    "ttest",
    "variance",
]

opened(globals(), __all__)
