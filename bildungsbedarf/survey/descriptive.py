"""Means, totals, proportions, ratios and variances, by domain, with design-based standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey import intervals
from bildungsbedarf.survey.assemble import Columns, Deff, Layout, columns, tidy_rows
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.domains import Domains
from bildungsbedarf.survey.estimands import Functionals, Mean, Ratio, Share, Total, Variance
from bildungsbedarf.survey.evaluate import Evaluated, Kind, evaluate
from bildungsbedarf.survey.features import (
    Missing,
    Variable,
    category_variables,
    numeric_variables,
    ratio_variable,
)
from bildungsbedarf.survey.frames import as_list, tidy
from bildungsbedarf.survey.stages import Floats

Names = str | Sequence[str]


def mean(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    deff: Deff = True,
) -> pd.DataFrame:
    """Weighted means Σwy / Σw of numeric variables (R's ``svymean``).

    Parameters
    ----------
    by
        Groups: one row for every combination of their categories.
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
    """
    variables = numeric_variables(d, as_list(vars), missing)
    return _table(d, variables, by, mean_of, level, "mean", deff)


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
    """
    variables = [variable for name in as_list(vars) for variable in variables_of(d, name, missing)]
    return _table(d, variables, by, total_of, level, "total", deff, by_level=None, is_total=True)


def proportion(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    interval: intervals.Interval = "logit",
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
    """
    variables = category_variables(d, as_list(vars), missing)
    return shares(d, variables, as_list(by), level, interval, deff)


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
    Arguments, result and errors as ``mean``; NA where Σwx is 0.
    """
    return _table(d, [ratio_variable(d, num, den, missing)], by, lambda variables: Ratio(), level, "ratio")


def variance(
    d: SurveyDesign, vars: Names, by: Names | None = None, level: float = 0.95, missing: Missing = "drop"
) -> pd.DataFrame:
    """Population variances s² = n/(n − 1) · Σw(y − ȳ)² / Σw of numeric variables (R's ``svyvar``).

    In squared units of ``y``; standard error by linearisation, score w ((y − ȳ)² n/(n − 1) − s²) / Σw
    (Binder 1983). Arguments, result and errors as ``mean``; NA for one person.
    """
    return _table(d, numeric_variables(d, as_list(vars), missing), by, variance_of, level, "variance")


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


def variables_of(d: SurveyDesign, name: str, missing: Missing) -> list[Variable]:
    """Numbers as they are, other variables by category."""
    by_category = d.profile(name).kind in ("bool", "boolean") or not d.profile(name).is_numeric
    return category_variables(d, [name], missing) if by_category else numeric_variables(d, [name], missing)


def shares(
    d: SurveyDesign,
    variables: Sequence[Variable],
    by: Sequence[str],
    level: float,
    interval: intervals.Interval = "logit",
    deff: Deff = True,
) -> pd.DataFrame:
    """The tidy frame of shares of variables by category."""
    check_level(level)
    domains, layout = Domains.of(d, by), Layout.of(variables, by_level=True)
    parts = evaluate(d, variables, by, share_of)
    values = columns(layout, parts, len(domains), deff, is_total=False)
    rows = tidy_rows(d, layout, domains, values, level)
    edges = whole_effects(d, variables, layout, values, by) if interval != "mean" else np.zeros(layout.width)
    set_share_intervals(d, rows, layout, domains, parts, edges, level, interval)
    return tidy(rows, by, level, f"proportion, interval {interval}")


def set_share_intervals(
    d: SurveyDesign,
    rows: dict[str, Any],
    layout: Layout,
    domains: Domains,
    parts: Sequence[Evaluated],
    edges: Floats,
    level: float,
    interval: intervals.Interval,
) -> None:
    """Replace the symmetric intervals of shares; ``edges`` are the design effects for shares of 0 and 1."""
    own = _logit_errors(d, layout, parts, len(domains)) if interval == "logit" else None
    effects = np.tile(edges, len(domains))
    rows["ci_low"], rows["ci_high"] = intervals.proportion(
        rows["estimate"], rows["se"], float(d.df), level, interval, rows["n"], effects, own
    )


def whole_effects(
    d: SurveyDesign, variables: Sequence[Variable], layout: Layout, values: Columns, by: Sequence[str]
) -> Floats:
    """Design effects in the whole design (by estimate), where a share is 0 or 1 and they are needed."""
    if not ((values.points <= 0) | (values.points >= 1)).any() or not by:
        return np.full(layout.width, np.nan)
    parts = evaluate(d, variables, [], share_of)
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
    check_level(level)
    groups = as_list(by)
    domains, layout = Domains.of(d, groups), Layout.of(variables, by_level=by_level)
    parts = evaluate(d, variables, groups, kind)
    values = columns(layout, parts, len(domains), deff, is_total=is_total)
    return tidy(tidy_rows(d, layout, domains, values, level), groups, level, call)


def _logit_errors(d: SurveyDesign, layout: Layout, parts: Sequence[Evaluated], domains: int) -> Floats | None:
    """Replicate designs have a standard error of their own on the logit scale (R's ``svyciprop``)."""
    if d.replicates is None:
        return None
    errors = []
    for part in parts:
        logits, point = special.logit(part.by_replicate), special.logit(part.points)
        deviations = d.replicates.deviations(logits, np.where(np.isfinite(point), point, 0.0))
        errors.append(np.sqrt((deviations**2).sum(axis=0)))
    return layout.spread(parts, errors, domains).reshape(-1)


def check_level(level: float) -> None:
    """Refuse a level outside (0, 1)."""
    if not 0 < level < 1:
        raise ConfigError("level is not between 0 and 1", value=level)
