"""Two-way tables, tests of independence, and the t-test of two groups.

Rao & Scott (1984) for the Pearson statistics, Koch, Freeman & Freeman (1975) for the Wald ones; all
as R's ``svychisq`` and ``svyttest``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.descriptive import mean_of, proportion, share_of, shares, total_of
from bildungsbedarf.survey.frames import refuse_reserved
from bildungsbedarf.survey.intervals import quadratic
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.survey.reading.features import crossed_variable, numeric_variables
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.evaluate import evaluate_one

Percent = Literal["row", "column", "total"]
ChisqStatistic = Literal["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"]
_CELL = "cell"
_LEVEL = 0.95


@of_source
def crosstab(d: SurveyDesign, row: str, col: str, percent: Percent = "column", level: float = 0.95) -> pd.DataFrame:
    """Shares of a two-way table (R's ``svytable`` with standard errors), over rows that have both.

    Parameters
    ----------
    d
        The design.
    row
        Variable of the rows.
    col
        Variable of the columns.
    percent
        Of what the shares add to 1: ``column``, ``row`` or ``total``.
    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    The tidy frame with ``variable`` = ``row``, ``category`` = its category, and a column named
    ``col``. ``percent`` says of what: shares add to 1 within each column, each row, or the table.

    Examples
    --------
    >>> estimate.crosstab(d, "sex", "area")[["category", "area", "estimate"]].round(3)
      category area  estimate
    0        f    a       0.5
    1        m    a       0.5
    2        f    b       0.5
    3        m    b       0.5
    """
    refuse_reserved([row, col])
    _refuse_same(row, col)
    if percent == "column":
        frame = proportion(d, row, by=col, level=level)
        return facts_of(frame).but(measure="crosstab", details={"percent": percent}).on(frame)
    if percent == "row":
        turned = proportion(d, col, by=row, level=level)
        frame = turned.assign(variable=row, category=turned[row].astype("string"), **{col: turned["category"]})
    elif percent == "total":
        crossed = crossed_variable(d.rows, _CELL, row, col)
        frame = shares(Basis.of(d), [crossed], level)
        cells = crossed.levels or ()
        frame = frame.assign(variable=row, category=[str(r) for r, _ in cells])
        frame[col] = pd.Series([c for _, c in cells], dtype="object")
    else:
        raise ConfigError("unknown percent", value=percent, expected="row, column, total")
    ordered = [
        "variable",
        "category",
        col,
        *(name for name in frame.columns if name not in ("variable", "category", row, col)),
    ]
    result = frame[ordered].astype({"variable": "string", "category": "string"})
    result.attrs = {"call": f"crosstab, percent {percent}"}
    return facts_of(frame).but(measure="crosstab", by=(col,), details={"percent": percent}).on(result)


def _refuse_same(row: str, col: str) -> None:
    if row == col:
        raise ConfigError("a table crosses two variables", value=row, expected="another variable in its columns")


@of_source
def chisq(d: SurveyDesign, row: str, col: str, statistic: ChisqStatistic = "F") -> pd.DataFrame:
    """Test whether two variables are independent.

    ``F`` and ``Chisq`` are Pearson's statistic X² = n Σ (p − p_r p_c)² / (p_r p_c) with Rao and Scott's
    (1984) second- and first-order corrections from the design effects δ (F: X²/Σδ with (Σδ)²/Σδ² degrees
    of freedom); ``lincom`` (Imhof 1961) and ``saddlepoint`` (Kuonen 1999) take its distribution as the
    weighted sum Σ δ χ²; ``Wald`` (Koch, Freeman & Freeman 1975) and ``adjWald`` (with df − df1 + 1) compare
    the cells with their covariance directly. Only categories that occur count.

    Parameters
    ----------
    d
        The design.
    row
        Variable of the rows.
    col
        Variable of the columns.
    statistic
        Which statistic.

    Returns
    -------
    One row: ``statistic, df1, df2, p, method``.

    Raises
    ------
    ConfigError
        Unknown statistic.
    DesignError
        A variable has only one category, the covariance of the cells is singular, or the weights were fitted to the
        table itself, so that nothing of it varies.

    Examples
    --------
    >>> round(float(estimate.chisq(d, "sex", "area").loc[0, "p"]), 3)
    1.0
    """
    known = ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")
    if statistic not in known:
        raise ConfigError("unknown statistic", value=statistic, expected=nearest(statistic, known))
    _refuse_same(row, col)
    crossed = crossed_variable(d.rows, _CELL, row, col)
    found, spread = evaluate_one(Basis.of(d), crossed, total_of if "Wald" in statistic else share_of)
    counts = found.levels[0, 0].reshape(len(d.levels(col)), len(d.levels(row)))
    kept = np.ix_(counts.any(axis=1), counts.any(axis=0))
    columns, rows = counts[kept].shape
    if min(rows, columns) < 2:
        raise DesignError("a test of independence needs two categories of each variable", value=f"{rows} × {columns}")
    places = np.arange(counts.size).reshape(counts.shape)[kept].reshape(-1)
    table, spread = found.points[0, 0][places].reshape(columns, rows).T, spread[np.ix_(places, places)]
    if "Wald" in statistic:
        values = _wald(table, spread, d.df, statistic)
    else:
        values = _pearson(table, spread, float(counts.sum()), d.df, statistic)
    frame = pd.DataFrame([{**values, "method": f"test of independence, {statistic}"}])
    return Basis.of(d).facts("chisq", "number", _LEVEL, "test").on(frame)


@of_source
def ttest(d: SurveyDesign, formula: str, level: float = 0.95) -> pd.DataFrame:
    """Difference of the means of two groups, ``"y ~ group"``: second category minus first; or one mean against 0.

    Degrees of freedom as R's ``svyttest``: those of the design less one.

    Parameters
    ----------
    d
        The design.
    formula
        ``"y ~ group"``, or ``"y ~ 0"`` for one sample.
    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    One row: ``statistic, df1, df2, p, estimate, ci_low, ci_high, method`` (``df2`` missing).

    Raises
    ------
    ConfigError
        The formula is not of this form.
    DesignError
        The group has not exactly two categories.

    Examples
    --------
    >>> round(float(estimate.ttest(d, "y ~ sex").loc[0, "estimate"]), 3)
    1.667
    """
    parts = [part.strip() for part in formula.split("~")]
    if len(parts) != 2 or not all(parts):
        raise ConfigError(
            "formula of a t-test is 'variable ~ group'",
            value=formula,
            expected=f'estimate.ttest(wave, "{formula} ~ …")',
        )
    variable, group = parts
    groups = [] if group == "0" else [group]
    found, matrix = evaluate_one(Basis.of(d, groups), numeric_variables(d.rows, [variable], "drop")[0], mean_of)
    if not groups:
        return _tested(d, float(found.points[0, 0, 0]), float(np.sqrt(matrix[0, 0])), level, formula)
    kept = np.flatnonzero(found.persons[0] > 0)
    if len(kept) != 2:
        raise DesignError(
            "a t-test compares two groups",
            where=f"variable {group}",
            value=f"{len(kept)} categories",
            remedy=f"estimate.glm with {variable} ~ {group} compares all, design.where(…) leaves two",
        )
    points, matrix = found.points[0, kept, 0], matrix[np.ix_(kept, kept)]
    contrast = np.array([-1.0, 1.0])
    estimate, se = float(contrast @ points), float(np.sqrt(contrast @ matrix @ contrast))
    return _tested(d, estimate, se, level, formula)


def _tested(d: SurveyDesign, estimate: float, se: float, level: float, formula: str) -> pd.DataFrame:
    if se <= 0:
        raise _fixed("difference")
    df = d.df - 1
    low, high = (float(bound) for bound in symmetric(estimate, se, df, level))
    statistic = estimate / se
    p = 2 * float(special.stdtr(df, -abs(statistic)))
    values = {"statistic": statistic, "df1": float(df), "df2": np.nan, "p": p, "estimate": estimate}
    frame = pd.DataFrame([{**values, "ci_low": low, "ci_high": high, "method": f"t-test, {formula}"}])
    return Basis.of(d).facts("ttest", "number", level, "test").on(frame)


_FIXED = 1e-12
"""Design effects below which nothing varies but the last bits of sums."""


def _fixed(what: str) -> DesignError:
    return DesignError(
        f"nothing of this {what} is left to chance: there is nothing to test",
        expected="variables that the weights were not fitted to together, and that vary",
        remedy="test without weights (wave.unweighted()), or other variables",
    )


def _pearson(table: Floats, spread: Floats, n: float, df: int, statistic: str) -> dict[str, float]:
    """From shares (rows × columns), their covariance (the row running fastest), and persons."""
    rows, columns = table.shape
    found = table.T.reshape(-1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = float(n * ((table - expected) ** 2 / expected).sum())
    contrasts = _interaction_contrasts(rows, columns)
    inverse = np.where(found == 0, 0.0, 1 / np.where(found == 0, 1.0, found))
    scaled = contrasts * inverse[:, None]
    observed = scaled.T @ spread @ scaled
    reference = contrasts.T @ (contrasts * inverse[:, None]) / n
    delta = np.linalg.solve(reference, observed)
    trace, width = float(np.trace(delta)), len(delta)
    if trace <= _FIXED * width:
        raise _fixed("table")
    df1 = trace**2 / float(np.trace(delta @ delta))
    if statistic == "F":
        value = pearson / trace
        return {"statistic": value, "df1": df1, "df2": df1 * df, "p": float(special.fdtrc(df1, df1 * df, value))}
    if statistic == "Chisq":
        p = float(special.chdtrc(width, pearson / (trace / width)))
        return {"statistic": pearson, "df1": float(width), "df2": np.nan, "p": p}
    eigenvalues = np.linalg.eigvals(delta).real
    tail = quadratic.saddlepoint_tail if statistic == "saddlepoint" else quadratic.exact_tail
    return {"statistic": pearson, "df1": np.nan, "df2": np.nan, "p": tail(pearson, eigenvalues, df1 * df)}


def _interaction_contrasts(rows: int, columns: int) -> Floats:
    """What a saturated model has beyond the two main effects, orthogonal to them."""
    row = np.tile(np.arange(rows), columns)
    column = np.repeat(np.arange(columns), rows)
    by_row, by_column = (
        np.equal.outer(code, np.arange(1, top)).astype(float) for code, top in ((row, rows), (column, columns))
    )
    main = np.column_stack([np.ones(len(row)), by_row, by_column])
    interaction = np.column_stack([by_row[:, i] * by_column[:, j] for j in range(columns - 1) for i in range(rows - 1)])
    return np.asarray(interaction - main @ np.linalg.lstsq(main, interaction, rcond=None)[0])


def _wald(table: Floats, covariance: Floats, df: int, statistic: str) -> dict[str, float]:
    """From totals (rows × columns) and their covariance (the row running fastest)."""
    rows, columns = table.shape
    by_row, by_column, whole = table.sum(axis=1), table.sum(axis=0), table.sum()
    residual = table - np.outer(by_row, by_column) / whole
    place = [(r, c) for c in range(columns) for r in range(rows)]
    jacobian = np.array(
        [
            [
                float((r, c) == (i, j))
                - (r == i) * by_column[c] / whole
                - (c == j) * by_row[r] / whole
                + by_row[r] * by_column[c] / whole**2
                for i, j in place
            ]
            for r, c in place
        ]
    )
    used = [number for number, (r, c) in enumerate(place) if r > 0 and c > 0]
    values = np.array([residual[r, c] for r, c in place])[used]
    spread = (jacobian @ covariance @ jacobian.T)[np.ix_(used, used)]
    try:
        wald = float(values @ np.linalg.solve(spread, values))
    except np.linalg.LinAlgError:
        raise DesignError(
            "covariance of the cells is singular", remedy="merge categories, or use statistic='F'"
        ) from None
    df1 = (rows - 1) * (columns - 1)
    df2 = df if statistic == "Wald" else df - df1 + 1
    value = wald / df1 if statistic == "Wald" else wald * df2 / (df1 * df)
    return {"statistic": value, "df1": float(df1), "df2": float(df2), "p": float(special.fdtrc(df1, df2, value))}
