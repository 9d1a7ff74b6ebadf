"""The rules, row by row: what a number must rest on before it may leave the house."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.estimates import Facts

SHOWN = "shown"
SMALL_BASE = "base_too_small"
SMALL_CELL = "cell_too_small"
COMPLEMENT = "others_too_few"
UNIFORM = "everyone_in_one_category"
IMPRECISE = "too_imprecise"
SECONDARY = "secondary"
NO_ESTIMATE = "no_estimate"

REMEDIES = {
    SMALL_BASE: "merge groups until the base is large enough",
    SMALL_CELL: "merge categories or groups until the cell is large enough",
    COMPLEMENT: "merge groups until the others are enough too",
    UNIFORM: "merge groups: here everyone gave the same answer",
    IMPRECISE: "merge groups, or ask more people",
    SECONDARY: "merge groups: this number would reveal a suppressed one",
    NO_ESTIMATE: "nobody answered",
}


@dataclass(frozen=True)
class Limits:
    """Defaults of the house; a study may only tighten them."""

    minimum_base: int = 10
    small_base: int = 30
    minimum_cell: int = 5
    share_half_width: float = 0.125
    share_half_width_small_base: float = 0.20
    mean_half_width: float = 0.125
    """In parts of the scale's range."""
    total_relative_se: float = 0.30

    def stricter(self, other: Limits) -> Limits:
        """Of each limit the stricter one: larger bases and cells, narrower intervals."""
        ours, theirs = asdict(self), asdict(other)
        least = {"minimum_base", "small_base", "minimum_cell"}
        return Limits(**{name: (max if name in least else min)(ours[name], theirs[name]) for name in ours})


def decide(frame: pd.DataFrame, facts: Facts, limits: Limits) -> pd.Series:
    """The first rule that forbids each row of a tidy frame, else ``shown``.

    ``count`` are the persons behind a share or total; for means only the base counts.
    The facts' unit says what the estimate is.
    """
    base = frame["n"].astype("Float64").fillna(0)
    count = frame["count"].astype("Float64")
    if facts.kind == "modelled":
        # a modelled number is made of all areas' answers; what the area's own would say is hidden by the gate
        return pd.Series(SHOWN, index=frame.index, dtype="object").mask(
            _too_imprecise(frame, facts, base, limits), IMPRECISE
        )
    others = base - count
    decision = pd.Series(SHOWN, index=frame.index, dtype="object")
    decision = decision.mask(_too_imprecise(frame, facts, base, limits), IMPRECISE)
    decision = decision.mask(((others == 0) & (base < limits.small_base)).fillna(False), UNIFORM)
    decision = decision.mask(((others > 0) & (others < limits.minimum_cell)).fillna(False), COMPLEMENT)
    decision = decision.mask(((count > 0) & (count < limits.minimum_cell)).fillna(False), SMALL_CELL)
    decision = decision.mask(base < limits.minimum_base, SMALL_BASE)
    return decision.mask(base == 0, NO_ESTIMATE)


def _too_imprecise(frame: pd.DataFrame, facts: Facts, base: pd.Series, limits: Limits) -> pd.Series:
    if not facts.carries_inference:
        # There is no interval to look at: a larger base stands for it.
        return base < limits.small_base
    half_width = (frame["ci_high"] - frame["ci_low"]) / 2
    if facts.kind == "modelled":
        return half_width > limits.share_half_width
    unit = facts.unit
    if unit == "share":
        allowed = pd.Series(limits.share_half_width, index=frame.index)
        allowed = allowed.mask(base < limits.small_base, limits.share_half_width_small_base)
        return half_width > allowed
    if unit in ("mean", "points"):
        span = np.inf if facts.span is None else facts.span
        return half_width > limits.mean_half_width * span
    if unit == "total":
        return frame["se"] > limits.total_relative_se * frame["estimate"].abs()
    return pd.Series(False, index=frame.index)


def add_secondary(frame: pd.DataFrame, facts: Facts, decision: pd.Series) -> pd.Series:
    """Suppress a second number wherever a single suppressed one could be computed from its total.

    Two totals are taken as known: the whole of the groups (``by``), and the 100 % over the
    categories of one variable. Of the numbers shown the one with the smallest base goes first.
    """
    by = list(facts.by)
    decision = decision.copy()
    if facts.sums:
        return _with_sums(frame, facts, decision)
    if by:
        decision = _protect(frame, decision, ["variable", "category"])
    if frame["category"].notna().any():
        decision = _protect(frame, decision, ["variable", *by])
    return decision


def _with_sums(frame: pd.DataFrame, facts: Facts, decision: pd.Series) -> pd.Series:
    """Categories that are sums of others (the two highest steps) would give back the one of them that is hidden."""
    is_sum = frame["category"].isin(list(facts.sums))
    plain = frame[~is_sum]
    decision.loc[plain.index] = add_secondary(plain, facts.but(sums={}), decision[plain.index])
    for _, part in frame.groupby(["variable", *facts.by], dropna=False, observed=True, sort=False):
        own = dict(zip(part["category"], part.index, strict=True))
        for name, parts in facts.sums.items():
            hidden = [part for part in parts if decision[own[part]] != SHOWN]
            if len(hidden) == 1 and decision[own[name]] == SHOWN:
                decision.loc[own[name]] = SECONDARY
    return decision


def _protect(frame: pd.DataFrame, decision: pd.Series, total_of: list[str]) -> pd.Series:
    protected = {SMALL_BASE, SMALL_CELL, COMPLEMENT, UNIFORM}
    for _, part in frame.groupby(total_of, dropna=False, observed=True, sort=False):
        rows = part.index
        hidden = decision.loc[rows]
        shown = hidden.index[hidden == SHOWN]
        if len(rows) > 1 and hidden.isin(protected).sum() == 1 and (hidden != SHOWN).sum() == 1 and len(shown):
            sizes = frame.loc[shown, "count"].astype("Float64").fillna(frame.loc[shown, "n"].astype("Float64"))
            decision.loc[sizes.astype(float).idxmin()] = SECONDARY
    return decision
