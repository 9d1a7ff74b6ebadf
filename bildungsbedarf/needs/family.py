"""Estimates of one family (items × groups of one table): simultaneous intervals and ranks beside each."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.estimate.moments import Estimates, Names, as_names, group_codes
from bildungsbedarf.survey.intervals.simultaneous import Draws, rank_sets

Unit = Literal["mean", "share", "total", "points"]
SAME_ANSWERS = "every answer is the same"
_INFERENCE = ("se", "ci_low", "ci_high", "sim_low", "sim_high", "df", "deff", "p", "p_holm", "p_bh", "certainty")


def estimate_family(
    design: SurveyDesign,
    columns: pd.DataFrame,
    by: Names,
    unit: Unit,
    measure: str,
    *,
    inference: bool = True,
    level: float = 0.95,
    largest_first: bool = True,
) -> pd.DataFrame:
    """Means or shares of ``columns`` (one an item) with what sentences look at (see ``finish``)."""
    groups = as_names(by)
    wide = design.with_columns(columns)
    names = [str(name) for name in columns.columns]
    if unit == "share":
        frame = estimate.proportion(wide, names, by=groups or None, level=level)
        frame = frame[frame["category"] == "True"].reset_index(drop=True)
        frame["category"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    else:
        frame = estimate.mean(wide, names, by=groups or None, level=level)
    covariance = estimate.covariance(wide, "mean", names, by=groups or None).to_numpy()
    found = Estimates(frame, covariance, groups)
    return finish(found, unit, measure, inference=inference, level=level, largest_first=largest_first)


def finish(
    found: Estimates,
    unit: Unit,
    measure: str,
    *,
    inference: bool = True,
    level: float = 0.95,
    largest_first: bool = True,
    bounds: tuple[float, float] | None = None,
    **attrs: Any,
) -> pd.DataFrame:
    """The tidy frame of ``bb.estimate``, one row an item and group, and beside it what sentences look at.

    ``sim_low`` and ``sim_high`` are simultaneous over the whole frame; ``rank_best``, ``rank_worst`` the ranks
    of the item within its group that its confidence set contains (1 = largest; smallest where not
    ``largest_first``). Without ``inference`` (a nonprobability sample) standard errors, intervals and ranks are
    missing: nothing carries them.
    """
    frame = found.frame.reset_index(drop=True)
    draws = Draws.of(np.nan_to_num(found.covariance), found.df)
    half = draws.critical(level) * frame["se"]
    low, high = bounds or ((0.0, 1.0) if unit == "share" else (-np.inf, np.inf))
    frame["sim_low"] = (frame["estimate"] - half).clip(lower=low)
    frame["sim_high"] = (frame["estimate"] + half).clip(upper=high)
    groups = group_codes(frame, found.by) if found.by else None
    points = frame["estimate"].to_numpy(dtype=float) * (1 if largest_first else -1)
    ranks = rank_sets(points, np.nan_to_num(found.covariance), found.df, level, groups, draws)
    frame["rank_best"], frame["rank_worst"] = ranks.best, ranks.worst
    same = (frame["se"] == 0) & (frame["n"] > 1) & frame["note"].isna()
    frame["note"] = frame["note"].mask(same, SAME_ANSWERS)
    frame.attrs.clear()
    frame.attrs.update(measure=measure, unit=unit, level=level, by=found.by, family=len(frame), **attrs)
    return frame if inference else without_inference(frame)


def without_inference(frame: pd.DataFrame) -> pd.DataFrame:
    """The same estimates without anything that speaks of others than the persons asked."""
    kept = frame.copy()
    for name in _INFERENCE:
        if name in kept.columns:
            kept[name] = np.nan
    for name in ("rank_best", "rank_worst"):
        if name in kept.columns:
            kept[name] = pd.array([pd.NA] * len(kept), dtype="Int64")
    kept.attrs = {**frame.attrs, "nonprobability": True}
    return kept
