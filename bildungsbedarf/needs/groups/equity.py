"""Who lacks more: differences and ratios of groups, and inequality over an ordered one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import facts_of, like
from bildungsbedarf.needs.batteries import Columns, Source, battery
from bildungsbedarf.needs.family import finish, shares_of, without_inference
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.survey.estimate.moments import Estimates, means
from bildungsbedarf.survey.estimate.multiplicity import adjusted_p, letters, p_values
from bildungsbedarf.survey.intervals.pointwise import Bounds, symmetric
from bildungsbedarf.survey.intervals.shares import Shares, correlations, difference_interval, steadied
from bildungsbedarf.wave.recipes import recomputable

REST = "rest"
_POINTWISE = 0.95
"""Level of the intervals of single rows; ``level`` is that of all rows together."""
_JOIN = "\x1f"
_LEAST_EXPECTED = 5.0
TOO_FEW = "too few cases for a comparison"


@recomputable
def equity(
    source: Source,
    /,
    group: str,
    importance: Columns = "",
    satisfaction: Columns = "",
    reference: str = REST,
    columns: pd.DataFrame | None = None,
    level: float = 0.95,
    **options: Any,
) -> pd.DataFrame:
    """Unmet need of each group against the others: difference and ratio, with intervals.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    group
        A variable with categories.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    reference
        ``rest``: all other persons; else a category of ``group``.
    columns
        Something else than unmet need: boolean columns, one an item, rows as in the design.
    level
        Level of the simultaneous intervals.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    One row an item and group: ``estimate`` = share of the group − share of the reference (``se`` by linearisation,
    intervals from the exact intervals of both sides, ``sim_low``/``sim_high`` simultaneous over all items and groups),
    ``share``, ``other``, ``ratio`` with ``ratio_low``, ``ratio_high`` (on the log scale), ``p``, ``p_holm``, ``p_bh``
    (missing where there are too few cases), and ``letters`` (groups of an item that share one do not differ
    demonstrably). ``n`` and ``count`` are those of the group.

    Raises
    ------
    ConfigError
        The group or reference is unknown, or all persons are in one category.

    Examples
    --------
    >>> needs.equity(wave, "kinder")[["variable", "kinder", "estimate"]].round(3).head(2)
      variable       kinder  estimate
    0      F01  mit Kindern      0.01
    1      F01  ohne Kinder     -0.01
    """
    design = source if isinstance(source, SurveyDesign) else source.design
    unmet, details = columns, {}
    if unmet is None:
        pair = battery(source, importance, satisfaction, **options)
        unmet, details = pair.unmet(), pair.definition
    frame = differences(design, unmet, group, reference, level, details=details)
    numbers = (frame[name].to_numpy(dtype=float) for name in ("estimate", "se", "df"))
    frame["p"] = p_values(*numbers)
    frame["p"] = frame["p"].mask(frame["note"].eq(TOO_FEW).fillna(False).astype(bool))
    frame["p_holm"], frame["p_bh"] = adjusted_p(frame["p"], "holm"), adjusted_p(frame["p"], "fdr_bh")
    by_group = means(design, unmet, group)
    by_group = replace(by_group, covariance=shares_of(by_group)[1])
    keys = zip(by_group.frame["variable"], by_group.frame[group].astype("string"), strict=True)
    known = dict(zip(keys, letters(by_group), strict=True))
    own = zip(frame["variable"], frame[group].astype("string"), strict=True)
    frame["letters"] = pd.array([known[key] for key in own], dtype="string")
    if reference != REST:
        # a category held against itself says nothing, and would read as a group without any difference
        own_row = frame[group].astype("string").eq(reference).fillna(value=False).astype(bool)
        numbers_ = [
            name for name in frame.select_dtypes("float").columns if name not in ("weighted_n", "share", "other")
        ]
        held = frame.assign(**{name: frame[name].mask(own_row) for name in numbers_})
        told = facts_of(frame).but(family=int((~own_row).sum()))
        frame = told.on(held.assign(note=held["note"].mask(own_row, "reference")))
    if facts_of(frame).carries_inference:
        return frame
    hidden = frame.assign(ratio_low=np.nan, ratio_high=np.nan, letters=pd.array([pd.NA] * len(frame), dtype="string"))
    return without_inference(like(hidden, frame))


def differences(
    design: SurveyDesign,
    unmet: pd.DataFrame,
    group: str,
    reference: str = REST,
    level: float = 0.95,
    *,
    measure: str = "equity",
    ranked: bool = True,
    details: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Differences and ratios of ``equity``, without tests and letters, and without ranks where not ``ranked``."""
    labels = _categories(design, group)
    if reference != REST and reference not in labels:
        raise ConfigError(f"{group} has no category {reference!r}", expected=nearest(reference, labels))
    parts = _parts(design, unmet, group, labels, reference)
    moments = means(design, parts)
    place = {name: row for row, name in enumerate(moments.frame["variable"])}
    names = [f"{item}{_JOIN}{label}{_JOIN}" for item in unmet.columns for label in labels]
    inside, outside = (np.array([place[name + side] for name in names]) for side in ("in", "out"))
    points, bases = (moments.frame[name].to_numpy(dtype=float) for name in ("estimate", "n"))
    spread = np.nan_to_num(moments.covariance)
    one, two = points[inside], points[outside]
    own, others, across = np.diag(spread)[inside], np.diag(spread)[outside], spread[inside, outside]
    frame = moments.frame.iloc[inside].reset_index(drop=True)
    frame = _labelled(frame.assign(estimate=one - two, deff=np.nan), group, labels)
    frame["df"] = np.minimum(frame["df"], moments.frame["df"].to_numpy()[outside])
    known = np.isfinite(frame["estimate"])
    frame["se"] = np.where(known, np.sqrt(np.clip(own + others - 2 * across, 0, None)), np.nan)
    df = frame["df"].to_numpy(dtype=float)
    cases = _cases(design, parts)
    frame["count"] = pd.array([cases[name + "in"] for name in names], dtype="Int64")
    order = np.concatenate([inside, outside])
    sides = Sides(
        Shares.of(one, own, bases[inside]), Shares.of(two, others, bases[outside]), spread[np.ix_(order, order)]
    )
    found = Estimates(frame, sides.covariance(), [group])
    frame["ci_low"], frame["ci_high"] = sides.interval(float(stdtrit(found.df, (1 + _POINTWISE) / 2)), found.df)
    told = {**(details or {}), "reference": reference}
    frame = finish(found, measure, level=level, interval=sides.interval, ranked=ranked, kind="difference", details=told)
    frame["note"] = frame["note"].mask(sides.too_few(), TOO_FEW)
    frame = frame.assign(share=one, other=two, n_other=moments.frame["n"].to_numpy()[outside])
    frame["count_other"] = pd.array([cases[name + "out"] for name in names], dtype="Int64")
    frame = frame.assign(share_se=np.sqrt(own), other_se=np.sqrt(others))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where((one > 0) & (two > 0), np.log(one / two), np.nan)
        relative = own / one**2 + others / two**2 - 2 * across / (one * two)
        low, high = symmetric(logs, np.sqrt(np.clip(relative, 0, None)), df, _POINTWISE)
    return frame.assign(ratio=np.exp(logs), ratio_low=np.exp(low), ratio_high=np.exp(high))


@dataclass(frozen=True)
class Sides:
    """Shares of groups and of what each is held against; ``spread`` is the covariance of the first, then the others."""

    one: Shares
    two: Shares
    spread: Floats

    def covariance(self) -> Floats:
        """Covariance of the differences; shares of few cases have a variance all the same."""
        whole = steadied(self.spread, self.one.before(self.two))
        count = len(self.one.points)
        across = whole[:count, count:]
        return np.asarray(whole[:count, :count] + whole[count:, count:] - across - across.T)

    def interval(self, critical: float, df: float) -> Bounds:
        """Interval of each difference from both sides' exact intervals (``survey.intervals.shares``)."""
        first, second = (side.exact_interval(critical, df) for side in (self.one, self.two))
        place = np.arange(len(self.one.points))
        together = correlations(self.spread, place, place + len(place))
        return difference_interval(self.one.points, self.two.points, first, second, together)

    def too_few(self) -> Mask:
        """Fewer than five effective cases would be expected on one side if both shares were the same."""
        sizes = self.one.effective, self.two.effective
        with np.errstate(invalid="ignore"):
            pooled = (self.one.points * sizes[0] + self.two.points * sizes[1]) / (sizes[0] + sizes[1])
            expected = np.minimum(*sizes) * np.minimum(pooled, 1 - pooled)
        return np.asarray(expected < _LEAST_EXPECTED)


def _cases(design: SurveyDesign, parts: pd.DataFrame) -> dict[str, int]:
    """Persons of the domain who have each; who has no weight does not count."""
    counted = np.asarray(design.domain, dtype=bool) & (np.asarray(design.weights) > 0)
    having = parts.to_numpy()[counted] == 1
    return {str(name): int(count) for name, count in zip(parts.columns, having.sum(axis=0), strict=True)}


def _parts(
    design: SurveyDesign, unmet: pd.DataFrame, group: str, labels: Sequence[str], reference: str
) -> pd.DataFrame:
    """Each item within a group, and within what the group is held against: one column each."""
    values = design.data[group].astype("string")
    is_known = values.notna().to_numpy(dtype=bool)
    members = {label: (values == label).fillna(False).to_numpy(dtype=bool) for label in labels}
    found = {}
    for item in unmet.columns:
        numbers = unmet[item].to_numpy(dtype=float, na_value=np.nan)
        for label, inside in members.items():
            others = is_known & ~inside if reference == REST else members[reference]
            for side, persons in (("in", inside), ("out", others)):
                found[f"{item}{_JOIN}{label}{_JOIN}{side}"] = np.where(persons, numbers, np.nan)
    return pd.DataFrame(np.column_stack(list(found.values())), index=unmet.index, columns=list(found))


def _categories(design: SurveyDesign, group: str) -> list[str]:
    labels = [str(level) for level in design.levels(group)]
    present = set(design.data[group].dropna().astype("string"))
    labels = [label for label in labels if label in present]
    if len(labels) < 2:
        raise ConfigError("all persons are in one category: there is nothing to compare", where=group, value=labels)
    return labels


def _labelled(frame: pd.DataFrame, group: str, labels: Sequence[str]) -> pd.DataFrame:
    """Item and group out of the joint name."""
    parts = frame["variable"].str.split(_JOIN, expand=True)
    made = frame.assign(variable=parts[0].astype("string"))
    made[group] = pd.Categorical(parts[1], categories=list(labels))
    first = ["variable", "category", group]
    return made[[*first, *(name for name in made.columns if name not in first)]]
