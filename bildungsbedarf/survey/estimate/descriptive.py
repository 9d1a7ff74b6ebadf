"""Means, totals, proportions, ratios and variances, by domain, with design-based standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from bildungsbedarf.estimates import Unit, facts_of
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.assemble import Columns, Deff, Layout, columns, tidy_rows
from bildungsbedarf.survey.frames import Names, as_list, tidy
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.survey.reading.features import (
    Missing,
    Variable,
    category_variables,
    numeric_variables,
    ratio_variable,
)
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.estimands import Functionals, Mean, Ratio, Share, Total, Variance
from bildungsbedarf.survey.variance.evaluate import Evaluated, Kind, evaluate

_UNITS: dict[str, Unit] = {"mean": "mean", "total": "total", "variance": "number"}


@of_source
def mean(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted means Σwy / Σw of numeric variables (R's ``svymean``); of boxes and conditions, the shares of yes.

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    by
        Groups: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        ``drop`` (each variable has its own base), ``listwise`` (rows with all of them), ``fail``.
    deff
        Design effect against simple random sampling without replacement, ``"replace"`` with it.

    Returns
    -------
    The tidy frame; standard errors by linearisation (Binder 1983), or from replicate weights;
    intervals with t and the design's degrees of freedom.

    Raises
    ------
    DesignError
        A variable is not a number, or a name is unknown.

    Examples
    --------
    >>> estimate.mean(d, "y", by="sex")[["sex", "n", "estimate", "se"]].round(3)
      sex  n  estimate     se
    0   f  6     4.556  1.285
    1   m  6     6.222  1.293
    """
    variables = numeric_variables(d.rows, as_list(vars), missing)
    frame = _table(d, variables, by, mean_of, level, "mean", deff)
    if not all(_is_condition(d.rows, name) for name in as_list(vars)):
        return frame
    return facts_of(frame).but(unit="share").kept_on(frame)


@of_source
def total(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted totals Σwy of numeric variables, or of persons by category for others (R's ``svytotal``).

    In the unit of ``y`` (persons for categories). The variance is that of the sum of w·y over sampling
    units: by stage Σ_h f (1 − n_h/N_h) n_h/(n_h − 1) Σ_i (z_hi − z̄_h)², with z the units' totals and f the
    sampling fraction of the stages before (Särndal, Swensson & Wretman 1992, ch. 4.3); after a calibration
    z are the residuals (Deville & Särndal 1992). Arguments, result and errors as ``mean``.

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    by
        Grouping variables: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.
    deff
        Design effect against simple random sampling without replacement; ``"replace"`` with it; ``False`` none.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate``: ``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low,
        ci_high, df, deff, note``, in the variable's unit.

    Examples
    --------
    >>> estimate.total(d, "y")[["estimate", "se"]].round(2)
       estimate      se
    0     970.0  171.41
    """
    variables = [variable for name in as_list(vars) for variable in variables_of(d.rows, name, missing)]
    return _table(d, variables, by, total_of, level, "total", deff, by_level=None, is_total=True)


@of_source
def proportion(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    interval: pointwise.Interval = "logit",
    deff: Deff = True,
) -> pd.DataFrame:
    """Shares Σw1[y = k] / Σw of every category (R's ``svymean`` on a factor, intervals as ``svyciprop``).

    Standard errors by linearisation, score w (1[y = k] − p) / Σw (Binder 1983). ``interval``: ``logit`` and
    ``xlogit`` symmetric on the logit scale, ``asin`` on that of arcsin √p, ``beta`` Clopper–Pearson with the
    effective sample size (Korn & Graubard 1998), ``likelihood`` the Rao–Scott scaled likelihood ratio,
    ``mean`` estimate ± t · se (Lumley 2010, ch. 2).

    ``missing="category"`` counts missing answers as a category of their own. At 0 or 1 the interval is
    Clopper–Pearson's with n divided by the item's design effect in the whole design (at least 1;
    Korn & Graubard 1998).

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    by
        Grouping variables: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.
    interval
        Kind of the interval.
    deff
        Design effect against simple random sampling without replacement; ``"replace"`` with it; ``False`` none.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate``: ``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low,
        ci_high, df, deff, note``, in the variable's unit.

    Examples
    --------
    >>> estimate.proportion(d, "sex")[["category", "estimate", "ci_low", "ci_high"]].round(3)
      category  estimate  ci_low  ci_high
    0        f       0.5   0.185    0.815
    1        m       0.5   0.185    0.815
    """
    variables = category_variables(d.rows, as_list(vars), missing)
    return shares(Basis.of(d, as_list(by)), variables, level, interval, deff)


@of_source
def ratio(
    d: SurveyDesign,
    num: str,
    den: str,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """Ratio R = Σwy / Σwx of two totals (R's ``svyratio``), over rows that have both; ``variable`` is ``num/den``.

    Standard error by linearisation, score w (y − R x) / Σwx (Särndal, Swensson & Wretman 1992, ch. 5.6).
    Arguments, result and errors as ``mean``; NA where Σwx is 0. Where the denominator is
    0 for some (and has few whole values), ``n`` are the persons for whom it is not; of a numerator with two values
    ``count`` are those with the higher one. Of two columns of 0 and 1 the ratio is a share with its base and cases.

    Parameters
    ----------
    d
        The design.
    num
        Numerator.
    den
        Denominator.
    by
        Grouping variables: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate``: ``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low,
        ci_high, df, deff, note``, in the variable's unit.

    Examples
    --------
    >>> float(estimate.ratio(d, "y", "x").loc[0, "estimate"].round(4))
    2.0638
    """
    pointwise.check_level(level)
    variables, basis = [ratio_variable(d.rows, num, den, missing)], Basis.of(d, as_list(by))
    layout = Layout.of(variables, by_level=False)
    parts = evaluate(basis, variables, lambda _: Ratio())
    values = columns(layout, parts, len(basis.domains), False, is_total=False)
    rows = tidy_rows(basis, layout, values, level) | _behind_ratio(basis, num, den)
    return tidy(rows, basis.facts("ratio", "number", level), "ratio")


@of_source
def variance(
    d: SurveyDesign, vars: Names, by: Names | None = None, level: float = 0.95, missing: Missing = "drop"
) -> pd.DataFrame:
    """Population variances s² = n/(n − 1) · Σw(y − ȳ)² / Σw of numeric variables (R's ``svyvar``).

    In squared units of ``y``; standard error by linearisation, score w ((y − ȳ)² n/(n − 1) − s²) / Σw
    (Binder 1983). Arguments, result and errors as ``mean``; NA for one person.

    Parameters
    ----------
    d
        The design.
    vars
        One variable, or several.
    by
        Grouping variables: one row for every combination of their categories.
    level
        Confidence level of the intervals, between 0 and 1.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate``: ``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low,
        ci_high, df, deff, note``, in the variable's unit.

    Examples
    --------
    >>> float(estimate.variance(d, "y").loc[0, "estimate"].round(4))
    8.3805
    """
    return _table(d, numeric_variables(d.rows, as_list(vars), missing), by, variance_of, level, "variance")


def _behind_ratio(basis: Basis, num: str, den: str) -> dict[str, Floats]:
    """Persons a ratio rests on, where its columns tell: those with a denominator, and those with the rarer numerator.

    A denominator of 0 counts nobody; of a numerator with two values those with the higher one stand behind the ratio.
    """
    above, below = (
        replace(variable, others=(num, den)) for variable in numeric_variables(basis.rows, [num, den], "drop")
    )
    found: dict[str, Floats] = {}
    if below.values is not None and 0 in (below.levels or ()):
        counts = evaluate(basis, [below], mean_of)[0].levels[0]
        found["n"] = counts @ np.array([float(level != 0) for level in below.levels or ()])
    if above.values is not None and above.width == 2:
        found["count"] = evaluate(basis, [above], mean_of)[0].levels[0][:, 1]
    if len(found) == 2 and (found["count"] > found["n"]).any():
        # numerators outside the denominator: no share
        del found["count"]
    return found


def mean_of(variables: Sequence[Variable]) -> Mean:
    """The estimand of means."""
    return Mean(Functionals.of(variables))


def share_of(variables: Sequence[Variable]) -> Share:
    """The estimand of shares."""
    return Share(Functionals.of(variables))


def variance_of(variables: Sequence[Variable]) -> Variance:
    """The estimand of variances."""
    return Variance(Functionals.of(variables))


def total_of(variables: Sequence[Variable]) -> Total:
    """The estimand of totals: of numbers, or of persons by level."""
    of_levels = variables[0].is_discrete and variables[0].values is None
    return Total(Functionals.of(variables), "levels" if of_levels else "values")


def variables_of(rows: Rows, name: str, missing: Missing) -> list[Variable]:
    """Numbers as they are, other variables by category."""
    by_category = _is_condition(rows, name) or not rows.profile(name).is_numeric
    return category_variables(rows, [name], missing) if by_category else numeric_variables(rows, [name], missing)


def _is_condition(rows: Rows, name: str) -> bool:
    return rows.profile(name).kind in ("bool", "boolean")


def shares(
    basis: Basis,
    variables: Sequence[Variable],
    level: float,
    interval: pointwise.Interval = "logit",
    deff: Deff = True,
) -> pd.DataFrame:
    """The tidy frame of shares of variables by category."""
    pointwise.check_level(level)
    layout = Layout.of(variables, by_level=True)
    parts = evaluate(basis, variables, share_of)
    values = columns(layout, parts, len(basis.domains), deff, is_total=False)
    rows = tidy_rows(basis, layout, values, level)
    edges = whole_effects(basis, variables, layout, values) if interval != "mean" else np.zeros(layout.width)
    set_share_intervals(basis, rows, layout, parts, edges, level, interval)
    return tidy(rows, basis.facts("proportion", "share", level), f"proportion, interval {interval}")


def set_share_intervals(
    basis: Basis,
    rows: dict[str, Any],
    layout: Layout,
    parts: Sequence[Evaluated],
    edges: Floats,
    level: float,
    interval: pointwise.Interval,
) -> None:
    """Replace the symmetric intervals of shares; ``edges`` are the design effects for shares of 0 and 1."""
    own = _logit_errors(basis, layout, parts) if interval == "logit" else None
    effects = np.tile(edges, len(basis.domains))
    rows["ci_low"], rows["ci_high"] = pointwise.proportion(
        rows["estimate"], rows["se"], basis.df, level, interval, rows["n"], effects, own
    )


def whole_effects(basis: Basis, variables: Sequence[Variable], layout: Layout, values: Columns) -> Floats:
    """Design effects in the whole design (by estimate), where a share is 0 or 1 and they are needed."""
    if not ((values.points <= 0) | (values.points >= 1)).any() or not basis.domains.names:
        return np.full(layout.width, np.nan)
    parts = evaluate(basis.by([]), variables, share_of)
    return np.asarray(columns(layout, parts, 1, "replace", is_total=False).deff[0])


def _table(
    d: SurveyDesign,
    variables: Sequence[Variable],
    by: Names | None,
    kind: Kind,
    level: float,
    call: str,
    deff: Deff = False,
    *,
    by_level: bool | None = False,
    is_total: bool = False,
) -> pd.DataFrame:
    """The tidy frame of one kind of estimate, with intervals from t."""
    pointwise.check_level(level)
    basis = Basis.of(d, as_list(by))
    parts = evaluate(basis, variables, kind)
    return framed(basis, variables, parts, level, call, deff, by_level=by_level, is_total=is_total)


def framed(
    basis: Basis,
    variables: Sequence[Variable],
    parts: Sequence[Evaluated],
    level: float,
    call: str,
    deff: Deff = False,
    *,
    by_level: bool | None = False,
    is_total: bool = False,
) -> pd.DataFrame:
    """The tidy frame of what was evaluated, with intervals from t."""
    layout = Layout.of(variables, by_level=by_level)
    values = columns(layout, parts, len(basis.domains), deff, is_total=is_total)
    facts = basis.facts(call, _UNITS[call], level)
    if call == "mean" and all(variable.values is not None and variable.width == 2 for variable in variables):
        # a mean of two neighbouring numbers is as precise as a share has to be
        facts = facts.but(span=1.0)
    return tidy(tidy_rows(basis, layout, values, level), facts, call)


def _logit_errors(basis: Basis, layout: Layout, parts: Sequence[Evaluated]) -> Floats | None:
    """Replicate designs have a standard error of their own on the logit scale (R's ``svyciprop``)."""
    if basis.replicates is None:
        return None
    errors = []
    for part in parts:
        logits, point = special.logit(part.by_replicate), special.logit(part.points)
        deviations = basis.replicates.deviations(logits, np.where(np.isfinite(point), point, 0.0))
        errors.append(np.sqrt((deviations**2).sum(axis=0)))
    return layout.spread(parts, errors, len(basis.domains)).reshape(-1)
