"""Importance, satisfaction, gap and unmet need of every field (docs/methods.md has the formulas)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.batteries import Battery, Columns, Source, battery, steps_of
from bildungsbedarf.needs.family import declared_facts, estimate_family, finish, shares_of, without_inference
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.estimate.moments import Estimates, derived, means
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.survey.intervals.pointwise import Bounds
from bildungsbedarf.survey.intervals.shares import correlations, difference_interval
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

Base = Literal["all", "important"]
TOP, BOTTOM = "top2", "bottom2"
"""Categories of ``steps`` that are sums: the two highest and the two lowest steps."""
_ABOVE = "above "


@recomputable
def importance(source: Source, /, importance: Columns = "", by: Names | None = None, **options: Any) -> pd.DataFrame:
    """Weighted mean importance of each item, on the questionnaire's scale.

    ``options`` here and below: those of ``battery`` (``satisfaction``, ``scale``, cut points).

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    The family frame of ``needs.family`` with ``variable`` = item code.

    Examples
    --------
    >>> needs.importance(wave)[["variable", "estimate"]].round(2).head(2)
      variable  estimate
    0      F01      3.60
    1      F02      4.18
    """
    pair = battery(source, importance, **_with_partner(source, importance, options, "satisfaction"))
    return _scale_mean(pair, pair.importance, by, "importance")


@recomputable
def satisfaction(
    source: Source, /, satisfaction: Columns = "", by: Names | None = None, **options: Any
) -> pd.DataFrame:
    """Weighted mean satisfaction with the offers of each item, as ``importance``.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.satisfaction(wave)[["variable", "estimate"]].round(2).head(2)
      variable  estimate
    0      F01      3.37
    1      F02      3.01
    """
    options = _with_partner(source, satisfaction, options, "importance")
    pair = battery(source, options.pop("importance", ""), satisfaction, **options)
    return _scale_mean(pair, pair.satisfaction, by, "satisfaction")


@recomputable
def gap(
    source: Source, /, importance: Columns = "", satisfaction: Columns = "", by: Names | None = None, **options: Any
) -> pd.DataFrame:
    """Weighted mean of importance − satisfaction, of persons with both answers.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.gap(wave)[["variable", "estimate"]].round(2).head(2)
      variable  estimate
    0      F01      0.23
    1      F02      1.15
    """
    pair = battery(source, importance, satisfaction, **options)
    return estimate_family(pair.design, pair.gaps(), by, "gap", span=pair.highest - pair.lowest)


@recomputable
def weighted_discrepancy(
    source: Source, /, importance: Columns = "", satisfaction: Columns = "", by: Names | None = None, **options: Any
) -> pd.DataFrame:
    """Mean weighted discrepancy score, mean(I − S) · mean(I), of persons with both answers.

    Borich, G. D. (1980): A needs assessment model for conducting follow-up studies. Journal of Teacher
    Education 31 (3), 39–42: the mean over persons of (I − S) times the item's mean importance. Standard error
    by linearising the product.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.weighted_discrepancy(wave)[["variable", "estimate"]].round(2).head(2)
      variable  estimate
    0      F01      0.83
    1      F02      4.78
    """
    pair = battery(source, importance, satisfaction, **options)
    gaps, important = pair.gaps(), pair.importance.mask(~pair.paired)
    columns = pd.concat([gaps.add_prefix("gap "), important.add_prefix("importance ")], axis=1)
    recipes = {item: ((f"gap {item}", f"importance {item}"), lambda x: x[:, 0] * x[:, 1]) for item in pair.items}
    found = derived(means(pair.design, columns, by), recipes)
    span = (pair.highest - pair.lowest) * pair.highest
    return finish(found, "weighted_discrepancy", span=span)


@recomputable
def ranked_discrepancy(
    source: Source, /, importance: Columns = "", satisfaction: Columns = "", by: Names | None = None, **options: Any
) -> pd.DataFrame:
    """Ranked discrepancy score, 100 · (share(S > I) − share(S < I)): −100 … 100, negative = need.

    Narine, L. & Harder, A. (2021): Comparing the Borich model with the ranked discrepancy model for
    competency assessment. Advancements in Agricultural Development 2 (3), 96–111. Rank 1 is the largest need.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.ranked_discrepancy(wave)[["variable", "estimate"]].round(1).head(2)
      variable  estimate
    0      F01     -13.2
    1      F02     -57.8
    """
    pair = battery(source, importance, satisfaction, **options)
    gaps = pair.gaps().astype("Float64")
    above, below = ((gaps < 0).astype("Float64").mask(gaps.isna()), (gaps > 0).astype("Float64").mask(gaps.isna()))
    found = means(pair.design, 100.0 * (above - below), by)
    both = means(pair.design, pd.concat([above.add_prefix(_ABOVE), below.add_prefix("below ")], axis=1), by)
    interval = partial(_between_shares, both)
    return finish(found, "ranked_discrepancy", largest_first=False, interval=interval, span=200.0)


def _between_shares(both: Estimates, critical: float, df: float) -> Bounds:
    """100 · (one share − the other) of the same persons, from the intervals of both: honest at few cases too.

    ``both`` holds in each group all shares above, then all below, in the same order.
    """
    shares, covariance = shares_of(both)
    low, high = shares.exact_interval(critical, df)
    is_above = both.frame["variable"].str.startswith(_ABOVE).to_numpy(dtype=bool)
    one, two = np.flatnonzero(is_above), np.flatnonzero(~is_above)
    together = correlations(covariance, one, two)
    points = shares.points
    ends = difference_interval(points[one], points[two], (low[one], high[one]), (low[two], high[two]), together)
    return 100.0 * ends[0], 100.0 * ends[1]


@recomputable
def unmet(
    source: Source,
    /,
    importance: Columns = "",
    satisfaction: Columns = "",
    by: Names | None = None,
    base: Base = "all",
    **options: Any,
) -> pd.DataFrame:
    """Share for whom the field is important and who are dissatisfied, of persons with both answers.

    Cut points are ``important_from`` and ``dissatisfied_to`` of study.toml. "Cannot judge" is no answer: these
    persons are not in the base. ``base="important"``: of those only for whom the field is important.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    base
        Of whom or of what the share is taken.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.unmet(wave)[["variable", "n", "estimate"]].round(3).head(2)
      variable     n  estimate
    0      F01  1022     0.100
    1      F02  1031     0.242
    """
    pair = battery(source, importance, satisfaction, **options)
    columns = pair.unmet()
    measure = "unmet_need"
    if base == "important":
        columns, measure = columns.mask(~pair.important().fillna(False)), "unmet_need_of_important"
    return estimate_family(pair.design, columns, by, measure, details=pair.definition)


@recomputable
def steps(source: Wave, question: str, by: Names | None = None) -> pd.DataFrame:
    """All steps of each item's scale as shares, and the two highest and two lowest together.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    question
        Code of the question; default: the one study.toml names.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    One row an item and step: ``category`` is the step's code, ``top2`` or ``bottom2``.

    Examples
    --------
    >>> needs.steps(wave, "ZUFR")[["variable", "category", "estimate"]].round(3).head(2)
      variable category  estimate
    0      F01        1     0.019
    1      F01        2     0.158
    """
    scale = steps_of(source, question)
    parts = []
    for column in source.codebook.columns_of(question):
        values = source.responses[column.name]
        kinds = {str(step): values == step for step in scale}
        kinds |= {TOP: values >= scale[-2], BOTTOM: values <= scale[1]}
        flags = pd.DataFrame({name: flag.astype("boolean").mask(values.isna()) for name, flag in kinds.items()})
        frame = estimate_family(source.design, flags, by, "steps")
        parts.append(frame.assign(category=frame["variable"], variable=column.item))
    joined = pd.concat(parts, ignore_index=True).astype({"variable": "string", "category": "string"})
    joined = joined.drop(columns=["sim_low", "sim_high", "rank_best", "rank_worst"])
    sums = {TOP: [str(step) for step in scale[-2:]], BOTTOM: [str(step) for step in scale[:2]]}
    facts = facts_of(parts[0]).but(question=question, family=len(joined), sums=sums)
    return facts.on(joined)


@recomputable
def distribution(wave: Wave, variable: str, *, weighted: bool = True, by: Names | None = None) -> pd.DataFrame:
    """Shares of all categories of one variable; unweighted ones describe only who answered.

    Returns the tidy frame of ``bb.estimate``; unweighted shares have no interval.

    Parameters
    ----------
    wave
        One audience in one wave.
    variable
        A question, an item's column, or a derived variable.
    weighted
        With weights; without them only who answered is described.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> needs.distribution(wave, "kinder")[["category", "estimate"]].round(3)
          category  estimate
    0  mit Kindern     0.225
    1  ohne Kinder     0.775
    """
    design = wave.design if weighted else _unweighted(wave.design)
    frame = estimate.proportion(design, variable, by=as_list(by) or None)
    if not weighted:
        frame[["se", "ci_low", "ci_high"]] = float("nan")
    frame = declared_facts(
        frame, "distribution", source=wave.source, sampling=wave.config.sampling, details={"weighted": weighted}
    ).on(frame)
    return frame if wave.allows_inference else without_inference(frame)


def _with_partner(source: Source, named: Columns, options: dict[str, Any], partner: str) -> dict[str, Any]:
    """For the mean of one question the other one matters only as a second column; by itself it is its own."""
    is_alone = partner not in options and (isinstance(source, SurveyDesign) or not source.has_needs)
    return {**options, partner: named} if is_alone else dict(options)


def _scale_mean(pair: Battery, columns: pd.DataFrame, by: Names | None, measure: str) -> pd.DataFrame:
    ends = (pair.lowest, pair.highest)
    return estimate_family(pair.design, columns.astype("Float64"), by, measure, span=ends[1] - ends[0], scale=ends)


def _unweighted(design: SurveyDesign) -> SurveyDesign:
    plain = SurveyDesign(design.data).described(design.origin)
    return plain.declared(set(design.data.columns) - set(design.origin.uncoded))


MEASURES: dict[str, Callable[..., pd.DataFrame]] = {
    "importance": importance,
    "satisfaction": satisfaction,
    "gap": gap,
    "unmet_need": unmet,
    "weighted_discrepancy": weighted_discrepancy,
    "ranked_discrepancy": ranked_discrepancy,
}
"""The battery's measures by their declared keys."""
