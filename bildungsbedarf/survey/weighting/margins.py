"""Margins of a sample: the categories of each variable and the totals they shall reach, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bildungsbedarf.errors import DesignError, Problem, nearest
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.rows.in_memory import RowsInMemory
from bildungsbedarf.survey.sample.levels import level_codes, levels_of

Margins = Mapping[str, Mapping[Any, float]]
_TOTALS_AGREE = 1e-6


def checked_margins(rows: RowsInMemory, margins: Margins) -> tuple[list[Ints], list[Floats]]:
    """Codes by row and totals by code of every margin; all problems in one report."""
    persons: dict[str, dict[Any, int]] = {}
    missing: dict[str, int] = {}
    for name in margins:
        column = rows.column(name)
        occurring = column.value_counts()
        persons[name] = {category: int(occurring.get(category, 0)) for category in levels_of(column)}
        missing[name] = int(column.isna().sum())
    totals = reachable_totals(margins, persons, missing)
    return [level_codes(rows.data[name], list(persons[name])) for name in margins], totals


def reachable_totals(
    margins: Margins, persons: Mapping[str, Mapping[Any, int]], missing: Mapping[str, int]
) -> list[Floats]:
    """Totals in the order of each variable's categories; ``persons`` by category, ``missing`` by variable.

    Raises
    ------
    DesignError
        No margins; every problem: unknown categories, categories without a total, totals without a person, missing
        values, margins that differ in their sum.
    """
    if not margins:
        raise DesignError("there is nothing to fit the weights to", expected='{"sex": {"f": 100.0, "m": 80.0}, …}')
    problems: list[Problem] = []
    for name, wanted in margins.items():
        problems += _problems(name, wanted, persons[name], missing[name])
    sums = {name: float(sum(wanted.values())) for name, wanted in margins.items()}
    if sums and max(sums.values()) - min(sums.values()) > _TOTALS_AGREE * max(sums.values()):
        shown = ", ".join(f"{name}: {value:,.1f}" for name, value in sums.items())
        problems.append(
            Problem("margins have different totals", "margins", shown, remedy="scale one to the other (scale_to)")
        )
    if problems:
        raise DesignError(problems)
    return [np.array([float(margins[name].get(category, 0.0)) for category in persons[name]]) for name in margins]


def _problems(name: str, wanted: Mapping[Any, float], persons: Mapping[Any, int], missing: int) -> list[Problem]:
    where = f"margin {name}"
    problems = [
        Problem("margin names an unknown category", where, category, nearest(str(category), map(str, persons)))
        for category in wanted
        if category not in persons
    ]
    for category, count in persons.items():
        total = float(wanted.get(category, 0.0))
        if count and not total > 0:
            problems.append(Problem("category occurs but has no total", where, f"{category} ({count} persons)"))
        if total > 0 and not count:
            problems.append(
                Problem(
                    "total cannot be reached: nobody is in this category",
                    where,
                    category,
                    remedy="merge this category with another, or drop it from the margin",
                )
            )
    if missing:
        problems.append(Problem("variable of a margin has missing values", where, f"{missing} rows"))
    return problems


def indicators(codes: Ints, categories: int) -> Floats:
    """One column of 0 and 1 a category."""
    return np.equal.outer(codes, np.arange(categories)).astype(np.float64)
