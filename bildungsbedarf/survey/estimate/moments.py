"""Weighted means of many columns with their joint covariance, and smooth numbers made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bildungsbedarf.estimates import facts_of
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.estimate.compare import frame_and_covariance
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.survey.intervals import pointwise

_STEP = 1e-30
"""Step of the complex-step derivative: exact to the last bits for functions written with plain arithmetic."""


@dataclass(frozen=True)
class Estimates:
    """Rows of a tidy frame with the covariance of their estimates, in the frame's order."""

    frame: pd.DataFrame
    covariance: Floats
    by: list[str]

    @property
    def df(self) -> float:
        """Degrees of freedom of the family."""
        known = self.frame["df"].dropna()
        return float(known.min()) if len(known) else float("nan")


def group_codes(frame: pd.DataFrame, by: list[str]) -> Ints:
    """One number a combination of groups."""
    return np.asarray(frame.groupby(by, observed=True, sort=False, dropna=False).ngroup(), dtype=np.int64)


def means(design: SurveyDesign, columns: pd.DataFrame, by: Names | None = None, level: float = 0.95) -> Estimates:
    """Weighted means of ``columns`` (numbers; one row each and group), each over its own base."""
    return _estimated("mean", design, columns, by, level)


def totals(design: SurveyDesign, columns: pd.DataFrame, by: Names | None = None, level: float = 0.95) -> Estimates:
    """Weighted totals of ``columns``, as ``means``."""
    return _estimated("total", design, columns, by, level)


def _estimated(
    kind: Literal["mean", "total"], design: SurveyDesign, columns: pd.DataFrame, by: Names | None, level: float
) -> Estimates:
    groups = as_list(by)
    names = [str(name) for name in columns.columns]
    # one block of numbers: a hundred columns with masks of their own take ten times as long to read
    numbers = columns.to_numpy(dtype=np.float64, na_value=np.nan)
    wide = design.with_columns(pd.DataFrame(numbers, index=columns.index, columns=names))
    return Estimates(*frame_and_covariance(wide, kind, names, groups, level), groups)


def derived(
    source: Estimates, recipes: Mapping[str, tuple[Sequence[str], Callable[[Floats], Floats]]], level: float = 0.95
) -> Estimates:
    """Numbers made from estimates of the same group, by the delta method.

    Parameters
    ----------
    recipes
        New row → (names of the estimates it is made from, function of their values). The function gets an
        array rows × inputs and returns one value a row; it must be plain arithmetic (it is evaluated with
        complex numbers to differentiate it).

    Returns
    -------
    One row a recipe and group, in the order groups × recipes. ``n`` is the smallest base of the inputs;
    standard error √(∇fᵀ Σ ∇f), interval with t.
    """
    frame, by = source.frame, source.by
    keys = frame[by].astype("string").fillna("").agg("\x1f".join, axis=1) if by else pd.Series("", index=frame.index)
    groups = list(dict.fromkeys(keys))
    place = {(key, name): row for row, (key, name) in enumerate(zip(keys, frame["variable"], strict=True))}
    points = frame["estimate"].to_numpy(dtype=float)
    counted = {name: frame[name].to_numpy(dtype=float, na_value=np.nan) for name in ("n", "weighted_n", "df")}
    labels = {column: list(frame[column]) for column in by}
    rows: list[dict[str, object]] = []
    jacobian = np.zeros((len(groups) * len(recipes), len(frame)))
    for group in groups:
        for name, (inputs, function) in recipes.items():
            places = [place[group, item] for item in inputs]
            at = points[places]
            moved = np.repeat(at[None, :].astype(complex), len(places) + 1, axis=0)
            moved[np.arange(1, len(places) + 1), np.arange(len(places))] += 1j * _STEP
            values = function(moved)
            jacobian[len(rows), places] += np.imag(values[1:]) / _STEP
            own = {column: values_[places[0]] for column, values_ in labels.items()}
            bases = {column: known[places].min() for column, known in counted.items()}
            rows.append({"variable": name, "category": pd.NA, **own, **bases, "estimate": float(np.real(values[0]))})
    with np.errstate(invalid="ignore"):
        covariance = jacobian @ np.nan_to_num(source.covariance) @ jacobian.T
    made = pd.DataFrame(rows)
    se = np.sqrt(np.clip(np.diag(covariance), 0, None))
    numbers = made["estimate"].to_numpy(dtype=float)
    made["se"] = np.where(np.isfinite(numbers), se, np.nan)
    made["ci_low"], made["ci_high"] = pointwise.symmetric(numbers, made["se"].to_numpy(), made["df"].to_numpy(), level)
    for column in by:
        made[column] = made[column].astype(frame[column].dtype)
    return Estimates(facts_of(frame).on(_completed(made, by)), covariance, by)


def _completed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The tidy frame's columns and types."""
    frame = frame.assign(
        count=pd.array([pd.NA] * len(frame), dtype="Int64"),
        deff=np.nan,
        note=pd.array([pd.NA] * len(frame), dtype="string"),
    )
    frame["note"] = frame["note"].mask(frame["n"].fillna(0) == 0, "nobody answered")
    typed = {"variable": "string", "category": "string", "n": "Int64", "df": "float64", "weighted_n": "float64"}
    order = ["variable", "category", *by, "n", "count", "weighted_n", "estimate", "se", "ci_low", "ci_high"]
    return frame.astype(typed)[[*order, "df", "deff", "note"]]
