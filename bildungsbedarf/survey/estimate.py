"""``bb.estimate``: estimates with design-based standard errors.

Every function takes a design first and returns the tidy frame of ``bildungsbedarf.survey.frames``:
``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low, ci_high, df, deff, note``.
"""

from __future__ import annotations

from bildungsbedarf.survey.compare import contrast, covariance, difference
from bildungsbedarf.survey.crosstabs import chisq, crosstab, ttest
from bildungsbedarf.survey.describe import describe, effective_n
from bildungsbedarf.survey.descriptive import mean, proportion, ratio, total, variance
from bildungsbedarf.survey.models import glm, ordinal
from bildungsbedarf.survey.quantiles import quantile
from bildungsbedarf.survey.tables import table

__all__ = [
    "chisq",
    "contrast",
    "covariance",
    "crosstab",
    "describe",
    "difference",
    "effective_n",
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
