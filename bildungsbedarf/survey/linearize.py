"""From a variable to point estimates and the scores whose total has their variance (Binder 1983)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey import statistics
from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.stages import Floats, Mask
from bildungsbedarf.survey.statistics import Statistic

Specify = Callable[["Item", Mask], Statistic]
Missing = Literal["drop", "listwise", "category", "fail"]
MISSING: tuple[Missing, ...] = ("drop", "listwise", "category", "fail")
MISSING_CATEGORY = "(missing)"


@dataclass(frozen=True)
class Item:
    """One variable, or one category of it: values (0 outside the base) and the base by row."""

    variable: str
    category: str | None
    values: Floats
    base: Mask


@dataclass(frozen=True)
class Linearized:
    """One estimate: its labels and point, and its score by row (0 outside the domain)."""

    labels: dict[str, Any]
    n: int
    count: int | None
    weighted_n: float
    estimate: float
    spread: float
    """Weighted variance of the values in the base (R's ``svyvar``)."""
    scores: Floats
    replicated: Floats | None = None
    """The estimate by replicate, where the design has replicates."""


def numeric_items(design: SurveyDesign, names: Sequence[str], missing: Missing) -> list[Item]:
    """Numbers as they are; booleans as 0 and 1.

    Raises
    ------
    DesignError
        A variable is not a number, or has missing values and ``missing="fail"``.
    """
    _check_missing(missing, allowed=("drop", "listwise", "fail"))
    items = []
    for name in names:
        column = design.column(name)
        if not (pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype)):
            raise DesignError("variable is not a number", where=f"variable {name}", value=str(column.dtype))
        values = column.to_numpy(dtype=float, na_value=np.nan)
        base = ~np.isnan(values)
        _refuse_missing(design, name, base, missing)
        items.append(Item(name, None, np.where(base, values, 0.0), base))
    return _listwise(items) if missing == "listwise" else items


def category_items(design: SurveyDesign, names: Sequence[str], missing: Missing) -> list[Item]:
    """One item a category, in the variable's order; categories nobody chose stay."""
    _check_missing(missing, allowed=MISSING)
    items: list[Item] = []
    for name in names:
        column = design.column(name)
        base = column.notna().to_numpy()
        _refuse_missing(design, name, base, missing)
        kept = np.ones(len(base), dtype=bool) if missing == "category" else base
        for category in levels(column):
            hit = (column == category).fillna(False).to_numpy(dtype=bool)
            items.append(Item(name, str(category), hit.astype(float), kept))
        if missing == "category":
            items.append(Item(name, MISSING_CATEGORY, (~base).astype(float), kept))
    return _listwise(items) if missing == "listwise" else items


def levels(column: pd.Series) -> list[Any]:
    """Categories of a variable: all declared ones, else those that occur, sorted."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    if pd.api.types.is_bool_dtype(column.dtype):
        return [False, True]
    return sorted(column.dropna().unique())


def domains(design: SurveyDesign, by: Sequence[str]) -> Iterator[tuple[dict[str, Any], Mask]]:
    """All combinations of the groups' categories with their rows; one domain where ``by`` is empty."""
    columns = [design.column(name) for name in by]
    for combination in product(*(levels(column) for column in columns)):
        inside = design.domain.copy()
        for column, category in zip(columns, combination, strict=True):
            inside &= (column == category).fillna(False).to_numpy(dtype=bool)
        yield dict(zip(by, combination, strict=True)), inside


def linearize(
    design: SurveyDesign, statistic: Statistic, item: Item, inside: Mask, labels: dict[str, Any]
) -> Linearized:
    """One estimate in one domain, with its scores (by row; by replicate where the design has replicates)."""
    base = inside & item.base
    weights = np.where(base, design.weights, 0.0)
    counted = base & (weights > 0)
    n = int(counted.sum())
    point = float(statistic.value(weights[:, None])[0]) if n else float("nan")
    if design.replicates is not None:
        replicated = np.where(base[:, None], design.replicates.weights, 0.0)
        by_replicate = statistic.value(replicated) if n else np.zeros(replicated.shape[1])
        scores = design.replicates.deviations(by_replicate, point)
    else:
        by_replicate = None
        scores = statistic.scores(weights, point) if n else np.zeros(len(base))
    total = float(weights.sum())
    spread = float("nan")
    if n > 1 and total > 0:
        mean = float(weights @ item.values) / total
        spread = float(weights @ (item.values - mean) ** 2) / total * n / (n - 1)
    count = int((counted & (item.values != 0)).sum()) if item.category is not None else None
    named = {"variable": item.variable, "category": item.category, **labels}
    return Linearized(named, n, count, total, point, spread, scores, by_replicate)


def linearize_domains(
    design: SurveyDesign, items: Sequence[Item], by: Sequence[str], specify: Specify
) -> Iterator[list[Linearized]]:
    """The estimates of all items, one list a domain."""
    for labels, inside in domains(design, by):
        yield [linearize(design, specify(item, inside), item, inside, labels) for item in items]


def of_mean(item: Item, inside: Mask) -> Statistic:
    """The item's mean in a domain."""
    return statistics.mean(np.where(inside, item.values, 0.0), item.base & inside)


def of_total(item: Item, inside: Mask) -> Statistic:
    """The item's total in a domain."""
    return statistics.total(np.where(inside, item.values, 0.0), item.base & inside)


def of_variance(item: Item, inside: Mask) -> Statistic:
    """The item's variance in a domain."""
    return statistics.variance(np.where(inside, item.values, 0.0), item.base & inside)


def _listwise(items: list[Item]) -> list[Item]:
    common = np.logical_and.reduce([item.base for item in items])
    return [Item(item.variable, item.category, np.where(common, item.values, 0.0), common) for item in items]


def _check_missing(missing: str, allowed: Sequence[str]) -> None:
    if missing not in allowed:
        raise ConfigError("unknown rule for missing values", value=missing, expected=", ".join(allowed))


def _refuse_missing(design: SurveyDesign, name: str, base: Mask, missing: Missing) -> None:
    holes = int((design.domain & ~base).sum())
    if missing == "fail" and holes:
        raise DesignError("variable has missing values", where=f"variable {name}", value=f"{holes} rows")
