"""Estimates of one family (items × groups of one table): simultaneous intervals and ranks beside each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.estimates import Facts, facts_of
from bildungsbedarf.needs.about import MEASURES
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.moments import Estimates, group_codes
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.survey.intervals.pointwise import Bounds
from bildungsbedarf.survey.intervals.shares import Shares, own_critical, steadied
from bildungsbedarf.survey.intervals.simultaneous import Draws, rank_sets

SAME_ANSWERS = "every answer is the same"
_INFERENCE = ("se", "ci_low", "ci_high", "sim_low", "sim_high", "df", "deff", "p", "p_holm", "p_bh", "certainty")


def estimate_family(
    design: SurveyDesign, columns: pd.DataFrame, by: Names | None, measure: str, *, level: float = 0.95, **facts: Any
) -> pd.DataFrame:
    """Means or shares of ``columns`` (one an item) with what sentences look at (see ``finish``)."""
    groups = as_list(by)
    wide = design.with_columns(columns)
    names = [str(name) for name in columns.columns]
    if MEASURES[measure].unit == "share":
        frame = shares_who(wide, names, groups, level)
    else:
        frame = estimate.mean(wide, names, by=groups or None, level=level)
    covariance = estimate.covariance(wide, "mean", names, by=groups or None).to_numpy()
    return finish(Estimates(frame, covariance, groups), measure, level=level, **facts)


def shares_who(design: SurveyDesign, names: list[str], by: Names | None, level: float = 0.95) -> pd.DataFrame:
    """Shares of those of whom columns are true, one row a column and group; the rest is not told."""
    frame = estimate.proportion(design, names, by=as_list(by) or None, level=level)
    frame = frame[frame["category"] == "True"].reset_index(drop=True)
    frame["category"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    return frame


def shares_of(found: Estimates) -> tuple[Shares, Floats]:
    """Estimates that are shares, and their covariance with a variance where few cases leave none."""
    points, persons = _numbers(found)
    covariance = np.nan_to_num(found.covariance)
    shares = Shares.of(points, np.diag(covariance), persons)
    return shares, steadied(covariance, shares)


def finish(
    found: Estimates,
    measure: str,
    *,
    level: float = 0.95,
    largest_first: bool = True,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    interval: Callable[[float, float], Bounds] | None = None,
    ranked: bool = True,
    **facts: Any,
) -> pd.DataFrame:
    """The tidy frame of ``bb.estimate``, one row an item and group, and beside it what sentences look at.

    ``sim_low`` and ``sim_high`` are simultaneous over the whole frame; ``rank_best``, ``rank_worst`` the ranks
    of the item within its group that its confidence set contains (1 = largest; smallest where not
    ``largest_first``). In a nonprobability sample standard errors, intervals and ranks are missing: nothing
    carries them.

    Parameters
    ----------
    measure
        Key of a declared measure: unit and base come from there.
    bounds
        Smallest and largest possible value.
    interval
        Bounds of all rows from the family's critical value and its degrees of freedom; default: exact intervals of
        shares, estimate ± critical value · standard error of others.
    ranked
        Whether ranks are looked for.
    facts
        Further facts of the frame (``span``, ``kind``, ``details``, …).
    """
    declared = MEASURES[measure]
    told = facts_of(found.frame)
    frame = found.frame.reset_index(drop=True)
    points, persons = _numbers(found)
    covariance, shares = np.nan_to_num(found.covariance), None
    if declared.unit == "share" and interval is None:
        shares, covariance = shares_of(found)
        interval = shares.exact_interval
    draws = Draws.of(covariance, found.df)
    critical = draws.critical(level)
    if interval is not None:
        frame["sim_low"], frame["sim_high"] = interval(critical, found.df)
    else:
        half = own_critical(critical, found.df, persons) * frame["se"]
        frame["sim_low"] = (frame["estimate"] - half).clip(lower=bounds[0])
        frame["sim_high"] = (frame["estimate"] + half).clip(upper=bounds[1])
    if ranked:
        groups = group_codes(frame, found.by) if found.by else None
        ranks = rank_sets(points if largest_first else -points, covariance, found.df, level, groups, draws, shares)
        frame["rank_best"], frame["rank_worst"] = ranks.best, ranks.worst
    same = (frame["se"] == 0) & (frame["n"] > 1) & frame["note"].isna()
    frame["note"] = frame["note"].mask(same, SAME_ANSWERS)
    shape = {"by": tuple(found.by), "level": level, "family": len(frame), "joint": bool(declared.says.above)}
    made = declared_facts(found.frame, measure, **{**shape, **facts}).on(frame)
    return made if told.carries_inference else without_inference(made)


def counted_ranks(frame: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Ranks within each group (1 = largest) of what was counted: exact; ties share the range of their places."""
    points = frame.groupby(by, observed=True)["estimate"] if by else frame["estimate"]
    return frame.assign(
        rank_best=points.rank(method="min", ascending=False).astype("Int64"),
        rank_worst=points.rank(method="max", ascending=False).astype("Int64"),
    )


def _numbers(found: Estimates) -> tuple[Floats, Floats]:
    """Estimates and the persons they rest on."""
    points, persons = (found.frame[name].to_numpy(dtype=float, na_value=np.nan) for name in ("estimate", "n"))
    return points, persons


def declared_facts(frame: pd.DataFrame, measure: str, **changes: Any) -> Facts:
    """The facts of a frame that is a declared measure from now on: unit and base are those of its row."""
    declared = MEASURES[measure]
    own = {"measure": measure, "unit": declared.unit, "base": declared.base}
    return facts_of(frame).but(**{**own, **changes})


def without_inference(frame: pd.DataFrame) -> pd.DataFrame:
    """The same estimates without anything that speaks of others than the persons asked."""
    kept = frame.copy()
    for name in _INFERENCE:
        if name in kept.columns:
            kept[name] = np.nan
    for name in ("rank_best", "rank_worst"):
        if name in kept.columns:
            kept[name] = pd.array([pd.NA] * len(kept), dtype="Int64")
    return facts_of(frame).but(sampling="nonprobability").on(kept)
