"""Estimates of one family (items × groups of one table): simultaneous intervals and ranks beside each."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.simultaneous import critical_value, rank_sets

Unit = Literal["mean", "share"]


def estimate_family(
    design: SurveyDesign,
    columns: pd.DataFrame,
    by: str | None,
    unit: Unit,
    measure: str,
    *,
    inference: bool = True,
    level: float = 0.95,
) -> pd.DataFrame:
    """Means or shares of ``columns`` (one an item) with what sentences look at.

    Returns
    -------
    The tidy frame of ``bb.estimate``, one row an item and group, and beside it ``sim_low`` and
    ``sim_high`` (simultaneous over the whole frame) and ``rank_best``, ``rank_worst`` (ranks of the
    item within its group that its confidence set contains, 1 = largest). Without ``inference`` (a
    nonprobability sample) standard errors, intervals and ranks are missing: nothing carries them.
    """
    wide = design.with_columns(columns)
    names = [str(name) for name in columns.columns]
    if unit == "share":
        frame = estimate.proportion(wide, names, by=by, level=level)
        frame = frame[frame["category"] == "True"].reset_index(drop=True)
        frame["category"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    else:
        frame = estimate.mean(wide, names, by=by, level=level)
    covariance = estimate.covariance(wide, "mean", names, by=by).to_numpy()
    df = float(frame["df"].min())
    points = frame["estimate"].to_numpy(dtype=float)
    critical = critical_value(covariance, df, level)
    half = critical * frame["se"]
    low, high = (0.0, 1.0) if unit == "share" else (-np.inf, np.inf)
    frame["sim_low"] = (frame["estimate"] - half).clip(lower=low)
    frame["sim_high"] = (frame["estimate"] + half).clip(upper=high)
    groups = pd.factorize(frame[by].astype("string"))[0] if by else None
    ranks = rank_sets(points, covariance, df, level, groups)
    frame["rank_best"], frame["rank_worst"] = ranks.best, ranks.worst
    frame.attrs = {"measure": measure, "unit": unit, "level": level, "by": [by] if by else [], "family": len(frame)}
    return frame if inference else without_inference(frame)


def without_inference(frame: pd.DataFrame) -> pd.DataFrame:
    """The same estimates without anything that speaks of others than the persons asked."""
    kept = frame.copy()
    for name in ("se", "ci_low", "ci_high", "sim_low", "sim_high", "df", "deff"):
        if name in kept.columns:
            kept[name] = np.nan
    for name in ("rank_best", "rank_worst"):
        if name in kept.columns:
            kept[name] = pd.array([pd.NA] * len(kept), dtype="Int64")
    kept.attrs = {**frame.attrs, "nonprobability": True}
    return kept
