"""The needs table: means and distributions of many variables by several groupings, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.assemble import Layout, columns, tidy_rows
from bildungsbedarf.survey.estimate.descriptive import (
    mean_of,
    set_share_intervals,
    share_of,
    whole_effects,
)
from bildungsbedarf.survey.frames import LABELS, NUMBERS, Names, as_list, tidy
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.survey.intervals.pointwise import Interval
from bildungsbedarf.survey.reading.domains import Crossing
from bildungsbedarf.survey.reading.features import Missing, Variable, numeric_variables
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.sums.sums import Sums, all_pairs
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.evaluate import Evaluated, Summed, finish, summed

_MOST_CROSSED = 1 << 16


@of_source
def table(
    d: SurveyDesign,
    vars: Names,
    by: Names | None = None,
    level: float = 0.95,
    missing: Missing = "drop",
    interval: Interval = "logit",
) -> pd.DataFrame:
    """Mean and distribution of numeric variables, overall and by each grouping of ``by`` for itself.

    The same numbers as ``mean`` and ``proportion``, which read the data once for each call; this reads
    them once for all, crossing the groupings where that pays.

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

    Returns
    -------
    The tidy frame with a column ``statistic`` (``mean`` or ``proportion``) in front and one column a
    grouping, missing in the rows that are not by it.

    Raises
    ------
    DesignError
        A variable is not a number, or has too many different values for a distribution.

    Examples
    --------
    >>> estimate.table(d, "x", by="sex").query("statistic == 'mean'")[["sex", "estimate"]].round(3)
       sex  estimate
    0  NaN     2.611
    6    f     2.222
    7    m     3.000
    """
    pointwise.check_level(level)
    groupings = as_list(by)
    variables = numeric_variables(d.rows, as_list(vars), missing)
    means = Layout.of(variables, by_level=False)
    shown = [variable for variable in variables if variable.is_discrete]
    place = {number: position for position, number in enumerate(n for n, v in enumerate(variables) if v.is_discrete)}
    levels = Layout.of(shown, by_level=True)
    parts = []
    effects = np.full(levels.width, np.nan)
    whole = Basis.of(d)
    for basis, sums in _groupings(whole, variables, groupings):
        found = [finish(basis, part, mean_of(part.variables)) for part in sums]
        values = columns(means, found, len(basis.domains), True, is_total=False)
        parts.append(tidy_rows(basis, means, values, level) | {"statistic": "mean"})
        discrete = [part for part in sums if part.variables[0].is_discrete]
        if not discrete:
            continue
        found = [_placed(finish(basis, part, share_of(part.variables)), place) for part in discrete]
        values = columns(levels, found, len(basis.domains), True, is_total=False)
        rows = tidy_rows(basis, levels, values, level) | {"statistic": "proportion"}
        if np.isnan(effects).all():
            effects = whole_effects(basis, shown, levels, values)
        set_share_intervals(basis, rows, levels, found, effects, level, interval)
        parts.append(rows)
    sizes = [len(part["variable"]) for part in parts]
    joined = {
        name: np.concatenate([_filled(part.get(name), size) for part, size in zip(parts, sizes, strict=True)])
        for name in (*LABELS, *groupings, *NUMBERS)
    }
    result = tidy(joined, whole.facts("table", "mixed", level).but(by=tuple(groupings)), "table")
    statistics = np.repeat([part["statistic"] for part in parts], sizes)
    result.insert(0, "statistic", pd.Series(statistics, dtype="string"))
    return result


def _groupings(
    whole: Basis, variables: Sequence[Variable], groupings: Sequence[str]
) -> Iterator[tuple[Basis, list[Summed]]]:
    """Sums of each grouping, from those of all groupings crossed where the crossing is small."""
    rows = whole.rows
    crossing = Crossing(tuple(groupings), tuple(tuple(rows.levels(name)) for name in groupings))
    cells = 1 if whole.replicates is not None else rows.cells.count
    pays = len(crossing) * cells <= _MOST_CROSSED and len(crossing) * cells * 4 <= rows.count
    if not (pays or rows.is_scanned) or not rows.fits_cells(len(crossing)):
        columns = [*groupings, *(name for variable in variables for name in variable.needed)]
        block = None if rows.is_scanned else rows.block(columns)
        for grouping in (None, *groupings):
            basis = whole if grouping is None else whole.by([grouping])
            yield basis, list(summed(basis, variables, block=block))
        return
    crossed = list(summed(whole, variables, crossing))
    for grouping in (None, *groupings):
        basis = whole if grouping is None else whole.by([grouping])
        yield basis, [_margin(part, crossing, grouping) for part in crossed]


def _margin(part: Summed, crossing: Crossing, grouping: str | None) -> Summed:
    sums = part.sums
    second = None if sums.second is None else crossing.margin(sums.second, grouping)
    domains = 1 if grouping is None else len(crossing.levels[crossing.names.index(grouping)])
    pairs = all_pairs(part.pairs.cells, domains)
    return replace(part, pairs=pairs, sums=Sums(crossing.margin(sums.first, grouping), second))


def _placed(found: Evaluated, place: dict[int, int]) -> Evaluated:
    """Positions among the discrete variables alone."""
    return replace(found, positions=tuple(place[position] for position in found.positions))


def _filled(values: Any, size: int) -> np.ndarray[Any, Any]:
    """A part's column; missing where its rows are not by this grouping."""
    if values is None:
        return np.full(size, None, dtype=object)
    return values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
