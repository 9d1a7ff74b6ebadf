"""What changed between two waves: only items that are the same question, with intervals of the difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.codebook import compare_items
from bildungsbedarf.codebook.compare import SAME
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.answers.barrier import barrier_boxes
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.changes.sensitivity import Choice, comparable, key_of
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.compare import side_columns
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.survey.intervals.simultaneous import critical_value
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable_of_two

_LEVEL = 0.95


@recomputable_of_two
def trend(
    earlier: Wave,
    later: Wave,
    measure: str | Callable[..., pd.DataFrame],
    *,
    by: Names | None = None,
    pairs: int = 1,
    period: Literal["", "whole", "step"] = "",
) -> pd.DataFrame:
    """Difference later − earlier of a measure, item by item, or item by item in each group.

    Two independent samples: variances add. Where study.toml declares a panel (``panel``), persons of both waves
    are clusters of one stacked design, whose covariance between waves counts; what the calibration of each
    wave takes off the variance is then left out of account (intervals are rather too wide).

    Parameters
    ----------
    earlier
        The earlier wave.
    later
        The later wave.
    measure
        Key of a declared measure, or the function that computes it: ``"satisfaction"``, ``needs.satisfaction``.
    by
        Grouping variables both waves have: one row for every combination of their categories that occurs in both.
    pairs
        How many pairs of waves are compared together: the simultaneous intervals hold for all of them (Bonferroni).
    period
        Of three waves and more: the ``whole`` time, or a ``step`` of it, whose findings have the step in their id.

    Returns
    -------
    The tidy frame of ``bb.estimate`` (``estimate`` = the difference) with ``sim_low``, ``sim_high``
    (simultaneous over all items and groups) and ``before``, ``after``, ``se_before``, ``se_after``,
    ``n_before``, ``n_after``, ``count_before``, ``count_after``. Items that are not the same
    question in both waves have no difference; ``note`` says why.

    Examples
    --------
    >>> needs.trend(wave, later, "satisfaction")[["variable", "estimate"]].round(2).iloc[4:6]
      variable  estimate
    4      F05      0.44
    5      F06      0.00
    >>> needs.trend(wave, later, "satisfaction", by="kinder")[["variable", "kinder", "estimate"]].round(2).iloc[[4, 14]]
       variable       kinder  estimate
    4       F05  mit Kindern      0.54
    14      F05  ohne Kinder      0.41
    """
    groups = as_list(by)
    measure = key_of(measure)
    compute = comparable(measure, "trend")
    _in_order(earlier, later)
    asked = _asked(earlier, measure), _asked(later, measure)
    before, after = (compute(wave, by=groups) if groups else compute(wave) for wave in (earlier, later))
    comparability = _comparability(earlier, later, asked[0].questions)
    items = [str(item) for item in asked[0].columns if item in asked[1].columns]
    rows = [_by_row(source, groups) for source in (before, after)]
    # both waves' tables whole, also what only one of them has: the gate decides on each of them
    keys = [key for key in dict.fromkeys([*rows[0].index, *rows[1].index]) if key[0] in items]
    if groups and not set(rows[0].index) & set(rows[1].index):
        raise ConfigError("no group is in both waves", where=", ".join(groups), value=f"{earlier.name}, {later.name}")
    shared = [_SEPARATOR.join(key) for key in keys]
    columns = [
        _of_groups(wave, one.columns[items].astype("Float64"), groups, keys)
        for wave, one in zip((earlier, later), asked, strict=True)
    ]
    designs = [wave.design.with_columns(data) for wave, data in zip((earlier, later), columns, strict=True)]
    frame = estimate.difference(designs[1], designs[0], "mean", shared, level=_LEVEL)
    # two designs are compared by name: back into the order of the questionnaire, which everything beside it has
    frame = frame.set_index("variable").loc[shared].reset_index()
    covariance = np.asarray(sum(estimate.covariance(design, "mean", shared).to_numpy() for design in designs))
    if is_panel(earlier, later):
        covariance, df = _panel_covariance((earlier, later), columns)
        point, errors = frame["estimate"].to_numpy(dtype=float), np.sqrt(np.clip(np.diag(covariance), 0, None))
        low, high = symmetric(point, errors, np.full(len(point), df), _LEVEL)
        frame = frame.assign(se=errors, ci_low=low, ci_high=high, df=df)
    # a written "other" is the same where all that is offered beside it is
    state = pd.Series([comparability.get(key[0], SAME) for key in keys], dtype="string")
    same = state.eq(SAME).to_numpy(dtype=bool)
    together = 1 - (1 - _LEVEL) / pairs
    critical = critical_value(covariance[np.ix_(same, same)], float(frame["df"].min()), together)
    frame["sim_low"] = frame["estimate"] - critical * frame["se"]
    frame["sim_high"] = frame["estimate"] + critical * frame["se"]
    levels = {name: source.reindex(keys) for name, source in zip(("before", "after"), rows, strict=True)}
    for name, known in levels.items():
        frame[name] = known["estimate"].to_numpy()
        frame[f"se_{name}"] = known["se"].to_numpy()
        frame[f"n_{name}"] = known["n"].to_numpy()
        frame[f"count_{name}"] = known["count"].to_numpy()
    numbers = ["estimate", "se", "ci_low", "ci_high", "sim_low", "sim_high", "df"]
    frame.loc[~same, numbers] = np.nan
    frame["note"] = frame["note"].mask(~same, state)
    frame["variable"] = pd.array([key[0] for key in keys], dtype="string")
    for place, group in enumerate(groups):
        frame.insert(2 + place, group, pd.Series([key[1 + place] for key in keys], dtype="string"))
    if groups:
        frame = _with_levels(frame, levels)
    facts = facts_of(before).but(
        kind="change",
        joint=True,
        span=asked[0].span,
        family=int(same.sum()) * pairs,
        source=f"{earlier.source}; {later.source}",
        details={**facts_of(before).details, **_period(earlier, later, period)},
    )
    frame = facts.on(frame)
    both = earlier.allows_inference and later.allows_inference
    return frame if both else without_inference(frame)


def _period(earlier: Wave, later: Wave, period: str) -> dict[str, Any]:
    """Of which time the change is, where it is one of several."""
    return {"period": f"{earlier.name}–{later.name}", "step": period == "step"} if period else {}


_SEPARATOR = "\x1f"
"""Between an item and its groups in the names of columns; no code holds it."""


def _by_row(frame: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """The frame by item and groups, as texts."""
    keys = zip(*(frame[name].astype(str) for name in ("variable", *groups)), strict=True)
    return frame.set_index(pd.Index(list(keys), tupleize_cols=False))


def _with_levels(frame: pd.DataFrame, levels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The frame with the intervals of both waves' own tables, by which the gate decides what these may show."""
    made = frame.drop(columns=[*side_columns("a").values(), *side_columns("b").values()])
    for name, known in levels.items():
        for end in ("ci_low", "ci_high"):
            made[f"{end}_{name}"] = known[end].to_numpy()
    sides = made[["n_before", "n_after"]].fillna(0), made[["count_before", "count_after"]]
    return made.assign(n=sides[0].sum(axis=1), count=sides[1].sum(axis=1, min_count=1))


def _of_groups(wave: Wave, items: pd.DataFrame, groups: Sequence[str], keys: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """A column for each item in each group, empty for everybody else: its mean is the group's."""
    own = {name: wave.responses[name].astype("string") for name in groups}
    made = {}
    for key in keys:
        inside = pd.Series(data=True, index=items.index)
        for name, value in zip(groups, key[1:], strict=True):
            inside &= own[name].eq(value).fillna(value=False).astype(bool)
        made[_SEPARATOR.join(key)] = items[key[0]].where(inside)
    return pd.DataFrame(made, index=items.index)


def development(waves: Sequence[Wave], measure: str) -> dict[tuple[Wave, Wave], pd.DataFrame]:
    """What changed from each wave to the next, and from the first to the last, as one family.

    Parameters
    ----------
    waves
        Waves of one audience, in their order; two or more.
    measure
        Key of a declared measure.

    Returns
    -------
    dict
        (earlier, later) → the frame of ``trend``: first against last, then, of three waves and more, each step. The
        simultaneous intervals hold for all of them.

    Raises
    ------
    ConfigError
        Fewer than two waves.

    Examples
    --------
    >>> [(one.name, two.name) for one, two in needs.development([wave, later], "satisfaction")]
    [('2026', '2028')]
    """
    if len(waves) < 2:
        raise ConfigError("a development needs two waves", value=len(waves))
    steps = list(pairwise(waves)) if len(waves) > 2 else []
    pairs = [(waves[0], waves[-1]), *steps]
    found = {}
    for earlier, later in pairs:
        period: Literal["", "whole", "step"] = "" if not steps else "step" if (earlier, later) in steps else "whole"
        found[(earlier, later)] = trend(earlier, later, measure, pairs=len(pairs), period=period)
    return found


def is_panel(earlier: Wave, later: Wave) -> bool:
    """Whether persons are told apart in both waves, and some took part in both."""
    waves = (earlier, later)
    keys = [set(wave.responses["panel"].dropna()) for wave in waves if "panel" in wave.responses.columns]
    return len(keys) == len(waves) and bool(keys[0] & keys[1])


def _panel_covariance(waves: tuple[Wave, Wave], columns: list[pd.DataFrame]) -> tuple[Floats, float]:
    """Covariance of later − earlier by item, and its degrees of freedom, from both waves stacked."""
    parts = []
    for place, (wave, data) in enumerate(zip(waves, columns, strict=True)):
        own = wave.responses["id"].astype("string") + f" in {wave.name}"
        strata = wave.responses[wave.config.strata].astype("string") if wave.config.strata else "all"
        head = pd.DataFrame({"_person": wave.responses["panel"].fillna(own), "_weight": wave.design.weights})
        parts.append(pd.concat([head.assign(_stratum=strata), data.add_prefix(f"{place} ")], axis=1))
    stacked = pd.concat(parts, ignore_index=True)
    # one stratum a person: whoever moved stays in the first
    stacked["_stratum"] = stacked.groupby("_person")["_stratum"].transform("first")
    design = SurveyDesign(stacked, weights="_weight", strata="_stratum", clusters="_person", lonely_psu="adjust")
    items = list(columns[0].columns)
    names = [f"{place} {item}" for place in (0, 1) for item in items]
    joint = estimate.covariance(design, "mean", names).to_numpy()
    contrast = np.hstack([-np.eye(len(items)), np.eye(len(items))])
    return np.asarray(contrast @ joint @ contrast.T), float(design.df)


def trend_sensitivity(earlier: Wave, later: Wave, measure: str) -> dict[Choice, pd.DataFrame]:
    """The trend as reported, without flagged answers in both waves, and without weights (see ``sensitivity``).

    Parameters
    ----------
    earlier
        The earlier wave.
    later
        The later wave.
    measure
        Key of a declared measure.

    Returns
    -------
    dict
        Choice → frame of ``needs.trend``.

    Examples
    --------
    >>> list(needs.trend_sensitivity(wave, later, "satisfaction"))
    ['reported', 'flagged_left_out', 'unweighted']
    """
    found: dict[Choice, pd.DataFrame] = {"reported": trend(earlier, later, measure)}
    strict = [wave.with_rules("exclude") for wave in (earlier, later)]
    minimum = later.files.config.disclosure.minimum_cell
    left_out = [
        wave.quality.counted - other.quality.counted for wave, other in zip((earlier, later), strict, strict=True)
    ]
    if min(left_out) >= minimum:
        found["flagged_left_out"] = trend(strict[0], strict[1], measure)
    if all(wave.config.weighting.method != "none" for wave in (earlier, later)):
        found["unweighted"] = trend(earlier.unweighted(), later.unweighted(), measure)
    return found


def _in_order(earlier: Wave, later: Wave) -> None:
    """Refuse a wave beside itself, and waves in the wrong order where their field phases are known."""
    if earlier.source == later.source and not is_panel(earlier, later):
        raise ConfigError(
            "both waves are the same: nothing can have changed",
            value=f"{earlier.name}, {later.name}",
            expected="two waves, the earlier first: needs.trend(earlier, later, …)",
        )
    fields = (earlier.wave_config.field, later.wave_config.field)
    if fields[0] is not None and fields[1] is not None and fields[0].start > fields[1].start:
        raise ConfigError(
            "the first wave is the later one",
            value=f"{earlier.name}, {later.name}",
            expected="the earlier wave first: needs.trend(earlier, later, …)",
        )


def columns_of(pair: Battery, measure: str) -> pd.DataFrame:
    """What the measure is the mean of, one column an item.

    Raises
    ------
    ConfigError
        A measure of which this is not known: its trend would be that of something else.
    """
    known: dict[str, Callable[[], pd.DataFrame]] = {
        "importance": lambda: pair.importance,
        "satisfaction": lambda: pair.satisfaction,
        "gap": pair.gaps,
        "unmet_need": pair.unmet,
    }
    if measure not in known:
        raise ConfigError("of this measure no trend is known", value=measure, expected=nearest(measure, known))
    return known[measure]()


@dataclass(frozen=True)
class _Asked:
    """What a measure is the mean of in one wave, one column an item; its questions, and the width of its scale."""

    columns: pd.DataFrame
    questions: tuple[str, ...]
    span: float


def _asked(wave: Wave, measure: str) -> _Asked:
    if measure == "barrier":
        return _Asked(barrier_boxes(wave), (wave.needs.barriers,), 1.0)
    pair = battery(wave)
    used = {"importance": pair.questions[:1], "satisfaction": pair.questions[1:]}
    return _Asked(columns_of(pair, measure), used.get(measure, pair.questions), float(pair.highest - pair.lowest))


def _comparability(earlier: Wave, later: Wave, questions: Sequence[str]) -> dict[str, str]:
    """Item → ``same``, or what differs in one of the questions the measure uses."""
    result: dict[str, str] = {}
    for question in questions:
        for item, state in compare_items(earlier.codebook, later.codebook, question).items():
            if result.get(item, SAME) == SAME:
                result[item] = state
    return result
