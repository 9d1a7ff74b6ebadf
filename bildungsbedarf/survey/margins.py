"""Margins of a sample: the categories of each variable and the totals they shall reach, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bildungsbedarf.errors import DesignError, Problem, nearest
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.levels import level_codes, levels_of
from bildungsbedarf.survey.stages import Floats, Ints

Margins = Mapping[str, Mapping[Any, float]]
_TOTALS_AGREE = 1e-6


def checked_margins(d: SurveyDesign, margins: Margins) -> tuple[list[Ints], list[Floats]]:
    """Codes by row and totals by code of every margin; all problems in one report."""
    problems: list[Problem] = []
    codes: list[Ints] = []
    totals: list[Floats] = []
    for name, wanted in margins.items():
        column = d.column(name)
        categories = levels_of(column)
        occurring = column.value_counts()
        problems += [
            Problem(
                "margin names an unknown category",
                f"margin {name}",
                category,
                nearest(str(category), map(str, categories)),
            )
            for category in wanted
            if category not in categories
        ]
        for category in categories:
            persons = int(occurring.get(category, 0))
            total = float(wanted.get(category, 0.0))
            if persons and not total > 0:
                problems.append(
                    Problem("category occurs but has no total", f"margin {name}", f"{category} ({persons} persons)")
                )
            if total > 0 and not persons:
                problems.append(
                    Problem(
                        "total cannot be reached: nobody is in this category",
                        f"margin {name}",
                        category,
                        remedy="merge this category with another, or drop it from the margin",
                    )
                )
        if column.isna().any():
            problems.append(
                Problem("variable of a margin has missing values", f"margin {name}", f"{int(column.isna().sum())} rows")
            )
        else:
            codes.append(level_codes(column, categories))
            totals.append(np.array([float(wanted.get(category, 0.0)) for category in categories]))
    sums = {name: float(sum(wanted.values())) for name, wanted in margins.items()}
    if sums and max(sums.values()) - min(sums.values()) > _TOTALS_AGREE * max(sums.values()):
        shown = ", ".join(f"{name}: {value:,.1f}" for name, value in sums.items())
        problems.append(
            Problem("margins have different totals", "margins", shown, remedy="scale one to the other (scale_to)")
        )
    if problems:
        raise DesignError(problems)
    return codes, totals


def indicators(codes: Ints, categories: int) -> Floats:
    """One column of 0 and 1 a category."""
    return np.equal.outer(codes, np.arange(categories)).astype(np.float64)
