"""Covariances between estimates, contrasts of them, and differences of two samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.arithmetic import Arithmetic
from bildungsbedarf.survey.estimate.assemble import Layout
from bildungsbedarf.survey.estimate.descriptive import (
    framed,
    mean,
    mean_of,
    proportion,
    share_of,
    total,
    total_of,
    variables_of,
    variance,
    variance_of,
)
from bildungsbedarf.survey.frames import Names, as_list, tidy
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.survey.reading.features import Missing, Variable, category_variables, numeric_variables
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.evaluate import Evaluated, Kind, evaluate, evaluate_one
from bildungsbedarf.survey.variance.scores import Scored
from bildungsbedarf.survey.variance.scores import covariance as score_covariance

Estimator = Literal["mean", "total", "proportion", "variance"]


@of_source
def covariance(
    d: SurveyDesign, estimator: Estimator, vars: Names, by: Names | None = None, missing: Missing = "drop"
) -> pd.DataFrame:
    """Covariance matrix of the estimates, in the order of the estimator's rows.

    Each estimate enters with its own linearised values (Binder 1983), 0 outside its base. Rows and columns are
    labelled ``variable[=category][, group=value…]``.

    Parameters
    ----------
    d
        The design.
    estimator
        ``mean``, ``total``, ``proportion`` or ``variance``.
    vars
        One variable, or several.
    by
        Grouping variables: one row for every combination of their categories.
    missing
        What a missing value does: ``drop`` (each variable has its own base), ``listwise``, ``fail``; for shares
        also ``category``.

    Returns
    -------
    pandas.DataFrame
        Square, labelled ``variable[=category][, group=value…]``.

    Examples
    --------
    >>> estimate.covariance(d, "mean", ["y", "x"]).round(4)
            y       x
    y  0.9068  0.4315
    x  0.4315  0.2179
    """
    return _points_and_covariance(d, estimator, as_list(vars), as_list(by), missing)[2]


@of_source
def contrast(
    d: SurveyDesign,
    estimator: Estimator,
    vars: Names,
    combination: Mapping[str, float] | str,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """One number made from several estimates, with its standard error (R's ``svycontrast``).

    Parameters
    ----------
    d
        The design.
    estimator
        ``mean``, ``total``, ``proportion`` or ``variance``.
    vars
        One variable, or several.
    combination
        ``{label: coefficient}`` for a linear contrast, or an expression such as ``"api00 / api99"``
        (``+ - * / **``, log, exp, sqrt; delta method). Labels are those of ``covariance``, or their last
        part where that is unambiguous (``E`` for ``api00, stype=E``); in an expression they stand in
        backquotes unless they are plain names.
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
        ci_high, df, deff, note``, in the variable's unit. One row; ``n`` are the persons of the groups that play a
        part, of several variables of the one that most answered.

    Raises
    ------
    ConfigError
        A label is unknown or ambiguous, or the expression cannot be read.

    Examples
    --------
    >>> round(float(estimate.contrast(d, "mean", ["y", "x"], "y - 2 * x").loc[0, "estimate"]), 4)
    0.1667
    """
    pointwise.check_level(level)
    points, asked, matrix = _points_and_covariance(d, estimator, as_list(vars), as_list(by), missing)
    labels = [str(label) for label in matrix.index]
    if isinstance(combination, str):
        expression = Arithmetic(combination)
        positions = {name: _position(name, labels) for name in expression.names}
        value, gradient = expression.evaluate(
            {name: (points[place], place) for name, place in positions.items()}, len(labels)
        )
        text = combination
    else:
        gradient = np.zeros(len(labels))
        for label, coefficient in combination.items():
            gradient[_position(label, labels)] += coefficient
        parts = np.flatnonzero(gradient)
        value = float(gradient[parts] @ points[parts])
        text = " + ".join(f"{coefficient:g}·{label}" for label, coefficient in combination.items())
    # an estimate that plays no part may be missing: nothing is multiplied with it
    used = gradient != 0
    own = matrix.to_numpy()[np.ix_(used, used)]
    se = float(np.sqrt(gradient[used] @ own @ gradient[used]))
    low, high = (float(bound) for bound in pointwise.symmetric(value, se, d.df, level))
    persons = int(np.where(used.reshape(asked.shape), asked, 0).max(axis=1).sum())
    row = {"variable": text, "n": persons, "estimate": value, "se": se, "ci_low": low, "ci_high": high, "df": d.df}
    facts = Basis.of(d).facts("contrast", "number", level, "difference")
    return tidy(pd.DataFrame([row]), facts, f"contrast of {estimator}")


@of_source
def difference(
    d_a: SurveyDesign,
    d_b: SurveyDesign,
    estimator: Estimator,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
) -> pd.DataFrame:
    """Estimates of ``d_a`` minus those of ``d_b``, two independent samples.

    Two parts of one sample are taken as independent too, and refused where they share persons (``contrast`` and
    ``needs.equity`` count their covariance). Variances add; degrees of freedom after Satterthwaite (1946). ``n`` is
    that of both together; ``a``, ``se_a``, ``n_a``, ``count_a``, ``ci_low_a``, ``ci_high_a`` and the same with ``b``
    are the two sides.

    Parameters
    ----------
    d_a
        The design whose estimates count positive.
    d_b
        An independent sample.
    estimator
        ``mean``, ``total``, ``proportion`` or ``variance``.
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
        ci_high, df, deff, note``, in the variable's unit, then the two sides.

    Examples
    --------
    >>> men, women = d.where("sex == 'm'"), d.where("sex == 'f'")
    >>> round(float(estimate.difference(men, women, "mean", "y").loc[0, "estimate"]), 4)
    1.6667
    """
    if estimator not in _FUNCTIONS:
        raise ConfigError("unknown estimator", value=estimator, expected=", ".join(_FUNCTIONS))
    _refuse_shared(d_a, d_b)
    taken = [name for side in ("a", "b") for name in side_columns(side).values()]
    if doubled := [name for name in as_list(by) if name in taken]:
        raise ConfigError(
            "a group is named like a column of the result", where="by", value=doubled[0], remedy="rename the column"
        )
    left, right = (_FUNCTIONS[estimator](d, vars, by=by, level=level, missing=missing) for d in (d_a, d_b))
    keys = ["variable", "category", *as_list(by)]
    joined = left.merge(right, on=keys, suffixes=("", "_b"), how="outer", sort=False)
    variance_a, variance_b = joined["se"] ** 2, joined["se_b"] ** 2
    joined["se"] = np.sqrt(variance_a + variance_b)
    joined["estimate"] = joined["estimate"] - joined["estimate_b"]
    spread = variance_a**2 / joined["df"] + variance_b**2 / joined["df_b"]
    joined["df"] = ((variance_a + variance_b) ** 2 / spread).where(spread > 0, joined[["df", "df_b"]].min(axis=1))
    numbers = [joined[name].to_numpy(dtype=float) for name in ("estimate", "se", "df")]
    joined["ci_low"], joined["ci_high"] = pointwise.symmetric(numbers[0], numbers[1], numbers[2], level)
    joined["note"] = joined["note"].fillna(joined["note_b"])
    for name in ("n", "count", "weighted_n"):
        joined[name] = joined[name] + joined[f"{name}_b"]
    joined["deff"] = np.nan
    sources = dict.fromkeys(one for one in (facts_of(left).source, facts_of(right).source) if one)
    told: dict[str, Any] = {"part": "; ".join(_parts(left, right)), "source": "; ".join(sources)}
    sides = [{"part": facts_of(side).part, "source": facts_of(side).source} for side in (left, right)]
    told["uncoded"] = tuple(dict.fromkeys((*facts_of(left).uncoded, *facts_of(right).uncoded)))
    details = {"statistic": estimator, "sides": sides}
    facts = facts_of(left).but(measure="difference", kind="difference", details=details, **told)
    result = tidy(joined, facts, f"difference of {estimator}")
    for side, own in (("a", left), ("b", right)):
        known = joined[keys].merge(own, on=keys, how="left", sort=False)
        result = result.assign(**{new: known[old].array for old, new in side_columns(side).items()})
    return facts.on(result)


def side_columns(side: str) -> dict[str, str]:
    """Columns of one side of a difference, by what they are called in its own frame."""
    return {"estimate": side, **{name: f"{name}_{side}" for name in ("se", "n", "count", "ci_low", "ci_high")}}


def _refuse_shared(d_a: SurveyDesign, d_b: SurveyDesign) -> None:
    """Refuse two parts of one sample that share persons: their variances do not add."""
    sources = [one.origin.source for one in (d_a, d_b)]
    snapshots = {source.partition(", ")[0] for source in sources}
    if all(sources) and len(snapshots) == 1 and sources[0] != sources[1]:
        raise DesignError(
            "both sides are one sample, cleaned or weighted otherwise: nothing is known of how they vary together",
            value=" / ".join(sources),
            remedy="look at both beside each other, as needs.sensitivity does; make parts of one and the same wave",
        )
    if d_a.rows.is_scanned or d_b.rows.is_scanned or d_a.in_memory.data is not d_b.in_memory.data:
        return
    shared = int((d_a.domain & d_b.domain).sum())
    if shared:
        raise DesignError(
            "both sides have the same persons in them: as independent samples the difference would be too certain",
            value=f"{shared} persons",
            remedy="make the parts exclude each other; needs.equity compares a group with all others",
        )


def _parts(left: pd.DataFrame, right: pd.DataFrame) -> list[str]:
    """Which side is of part of the people only."""
    named = (("a", facts_of(left).part), ("b", facts_of(right).part))
    return [f"{side}: {part}" for side, part in named if part]


_FUNCTIONS: dict[str, Callable[..., pd.DataFrame]] = {
    "mean": mean,
    "total": total,
    "proportion": proportion,
    "variance": variance,
}


def _points_and_covariance(
    d: SurveyDesign, estimator: Estimator, names: list[str], by: list[str], missing: Missing
) -> tuple[Floats, Floats, pd.DataFrame]:
    """Estimates, the persons of each (groups × estimates of a group), and the labelled covariance."""
    variables, kind, by_level = _specification(d.rows, estimator, names, missing)
    basis, layout = Basis.of(d, by), Layout.of(variables, by_level=by_level)
    parts, matrix = _joint(basis, layout, kind)
    points = layout.spread(parts, [part.points for part in parts], len(basis.domains)).reshape(-1)
    each = [np.broadcast_to(part.persons[..., None], part.points.shape) for part in parts]
    persons = layout.spread(parts, each, len(basis.domains))
    heads = [name if level is None else f"{name}={level}" for name, level in zip(*layout.names(), strict=True)]
    labels = [
        ", ".join([head, *(f"{name}={value}" for name, value in zip(by, values, strict=True))])
        for values in basis.domains.labels()
        for head in heads
    ]
    return points, persons, pd.DataFrame(matrix, index=labels, columns=labels)


def frame_and_covariance(
    d: SurveyDesign, estimator: Literal["mean", "total"], names: list[str], by: list[str], level: float = 0.95
) -> tuple[pd.DataFrame, Floats]:
    """The tidy frame of ``mean`` or ``total`` of numbers and the covariance of its rows, evaluated once."""
    pointwise.check_level(level)
    variables = numeric_variables(d.rows, names, "drop")
    basis, layout = Basis.of(d, by), Layout.of(variables, by_level=False)
    parts, matrix = _joint(basis, layout, mean_of if estimator == "mean" else total_of)
    return framed(basis, variables, parts, level, estimator, is_total=estimator == "total"), matrix


def _joint(basis: Basis, layout: Layout, kind: Kind) -> tuple[list[Evaluated], Floats]:
    """Evaluated estimates, and their covariance matrix (domain by domain)."""
    variables, domains = layout.variables, basis.domains
    if len(variables) == 1:
        found, matrix = evaluate_one(basis, variables[0], kind)
        return [found], matrix
    parts = evaluate(basis, variables, kind)
    if basis.replicates is not None:
        points = layout.spread(parts, [part.points for part in parts], len(domains)).reshape(-1)
        replicates = np.stack(
            [
                layout.spread(parts, [part.by_replicate[number] for part in parts], len(domains)).reshape(-1)
                for number in range(len(basis.replicates.rscales))
            ]
        )
        deviations = np.nan_to_num(basis.replicates.deviations(replicates, points))
        return parts, deviations.T @ deviations
    scored = {
        position: Scored(variables[position], part.coefficients[number])
        for part in parts
        for number, position in enumerate(part.positions)
    }
    return parts, score_covariance(basis, [scored[position] for position in range(len(variables))])


def _position(label: str, labels: list[str]) -> int:
    """Where a label stands; the last part of a label will do where it is the only one."""
    if label in labels:
        return labels.index(label)
    short = [number for number, full in enumerate(labels) if full.split("=")[-1] == label]
    if len(short) != 1:
        what = "several estimates have this label" if short else "no estimate has this label"
        raise ConfigError(what, where="contrast", value=label, expected=nearest(label, labels))
    return short[0]


def _specification(
    rows: Rows, estimator: Estimator, names: list[str], missing: Missing
) -> tuple[list[Variable], Kind, bool | None]:
    if estimator == "mean":
        return numeric_variables(rows, names, missing), mean_of, False
    if estimator == "proportion":
        return category_variables(rows, names, missing), share_of, True
    if estimator == "variance":
        return numeric_variables(rows, names, missing), variance_of, False
    if estimator == "total":
        return [variable for name in names for variable in variables_of(rows, name, missing)], total_of, None
    raise ConfigError("unknown estimator", value=estimator, expected="mean, total, proportion, variance")
