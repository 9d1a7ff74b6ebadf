"""The rules, row by row: what a number must rest on before it may leave the house."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.disclosure.linked import System, protect
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


@with_words
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


_PROTECTED = (SMALL_BASE, SMALL_CELL, COMPLEMENT, UNIFORM)


def add_secondary(frame: pd.DataFrame, facts: Facts, decision: pd.Series, limits: Limits) -> pd.Series:
    """Suppress further numbers until no suppressed one follows from the others of the table.

    Taken as known: the whole of the groups (``by``), the 100 % over the categories of one variable, and that some
    categories are sums of others (``facts.sums``). Wherever one of these sums has a protected row, at least two of
    its rows are hidden, and they stand for ``minimum_cell`` persons or more: two cells of one person each follow from
    the 2 they add up to. Of the numbers shown the one with the smallest base goes first. Rows without persons hide
    nothing and count for nothing. Repeated until nothing changes, as a row hidden for one sum may be alone in another.
    """
    made = decision.to_numpy(dtype=object, copy=True)
    base = _persons(frame["n"])
    size = _persons(frame["count"].astype("Float64").fillna(frame["n"].astype("Float64")))
    known = [rows[base[rows] > 0] for rows in _sums_of(frame, facts)]
    changed = True
    while changed:
        changed = False
        for rows in known:
            own = made[rows]
            hidden = own != SHOWN
            if not hidden.any() or hidden.all() or not np.isin(own, (*_PROTECTED, SECONDARY)).any():
                continue
            if hidden.sum() > 1 and size[rows[hidden]].sum() >= limits.minimum_cell:
                continue
            shown, by_base = rows[~hidden], (own == SMALL_BASE).any()
            made[shown[np.argmin((base if by_base else size)[shown])]] = SECONDARY
            changed = True
    return pd.Series(made, index=decision.index, dtype="object")


def _persons(column: pd.Series) -> np.ndarray:
    return column.astype("Float64").to_numpy(dtype=float, na_value=0.0)


def _sums_of(frame: pd.DataFrame, facts: Facts) -> list[np.ndarray]:
    """Places of rows that add up to something known, or one of which is the sum of the others."""
    by, every = list(facts.by), np.ones(len(frame), dtype=bool)
    found = _together(frame, ["variable", "category"], every) if by else []
    if frame["category"].notna().any():
        found += _together(frame, ["variable", *by], ~frame["category"].isin(list(facts.sums)).to_numpy(dtype=bool))
    for name, parts in facts.sums.items():
        found += _together(frame, ["variable", *by], frame["category"].isin([name, *parts]).to_numpy(dtype=bool))
    return [rows for rows in found if len(rows) > 1]


def add_linked(frame: pd.DataFrame, facts: Facts, decision: pd.Series, limits: Limits) -> pd.Series:
    """Hide further counts until none that is protected can be placed within fewer than ``minimum_cell`` persons.

    Bases of groups of which a share is told are taken as known, and so is the whole of each category over all groups,
    unless it is of few persons itself: then it is hidden where there are no groups, with others, and may not follow
    from this table either. Means have no counts that could be placed.
    """
    made = decision.to_numpy(dtype=object, copy=True)
    counted = frame["count"].notna().to_numpy() & (_persons(frame["n"]) > 0)
    codes, variables = pd.factorize(frame["variable"])
    for code in range(len(variables)):
        rows = np.flatnonzero((codes == code) & counted)
        if np.isin(made[rows], _PROTECTED).any():
            made[rows] = _linked(frame.iloc[rows].reset_index(drop=True), facts, made[rows], limits)
    return pd.Series(made, index=decision.index, dtype="object")


def _linked(table: pd.DataFrame, facts: Facts, decision: np.ndarray, limits: Limits) -> np.ndarray:
    """Decisions on one variable's rows: first its cells, behind them the wholes of its categories."""
    counts, base, small = _persons(table["count"]), _persons(table["n"]), decision == SMALL_BASE
    number = len(table)
    is_sum = table["category"].isin(list(facts.sums)).to_numpy(dtype=bool)
    wholes = _together(table, ["category"], np.ones(number, dtype=bool)) if facts.by else []
    totals = np.array([counts[own].sum() for own in wholes])
    rest = np.array([base[own].sum() for own in wholes]) - totals
    few = np.array([_is_few(n, limits) or _is_few(m, limits) for n, m in zip(totals, rest, strict=True)], dtype=bool)
    parts = np.array([not is_sum[own[0]] for own in wholes], dtype=bool)
    untold = _with_partners(few, totals, parts, limits)
    sums: list[np.ndarray] = []

    def add(places: np.ndarray, values: np.ndarray | float = 1.0) -> None:
        coefficients = np.zeros(number + len(wholes))
        coefficients[places] = values
        sums.append(coefficients)

    for place, own in enumerate(wholes):
        add(np.append(own, number + place), np.append(np.ones(len(own)), -1.0))
    if table["category"].notna().any():
        for own in _together(table, list(facts.by) or ["variable"], ~is_sum & ~small):
            add(own)
        if wholes:
            add(number + np.flatnonzero(parts))
    for name, among in facts.sums.items():
        members = table["category"].isin([name, *among]).to_numpy()
        for own in _together(table, list(facts.by) or ["variable"], members):
            add(own, np.where(table["category"].iloc[own] == name, -1.0, 1.0))
    largest = np.concatenate([np.where(small, np.inf, base), totals + rest])
    system = System(np.concatenate([counts, totals]), largest, np.array(sums).reshape(len(sums), len(largest)))
    protected = np.concatenate([np.isin(decision, _PROTECTED), few])
    hidden = np.concatenate([decision != SHOWN, untold])
    fixed = range(number, number + len(wholes))
    found = protect(system, protected, hidden, system.counts, float(limits.minimum_cell), fixed)[:number]
    return np.where(found & (decision == SHOWN), SECONDARY, decision)


def _is_few(persons: float, limits: Limits) -> bool:
    return bool(0 < persons < limits.minimum_cell)


def _with_partners(few: np.ndarray, totals: np.ndarray, parts: np.ndarray, limits: Limits) -> np.ndarray:
    """Wholes that are not told: those of few persons, and the smallest others until they are enough together."""
    untold = few.copy()
    if not (few & parts).any() or parts.sum() < 2:
        return untold
    for place in np.argsort(totals, kind="stable"):
        hidden = untold & parts
        if hidden.sum() > 1 and totals[hidden].sum() >= limits.minimum_cell:
            break
        untold[place] |= parts[place]
    return untold


def needed_hidden(frame: pd.DataFrame) -> list[bool]:
    """Rows that are hidden for persons' sake: all that are, where their variable has any of few persons.

    What is only too imprecise may be told elsewhere, where it protects nobody beside it.
    """
    protects = frame["decision"].isin([*_PROTECTED, SECONDARY]).groupby(frame["variable"]).transform("any")
    return list((frame["decision"] != SHOWN) & protects)


def _together(frame: pd.DataFrame, names: list[str], among: np.ndarray) -> list[np.ndarray]:
    """Places of the rows that are alike in all of ``names``."""
    places = np.flatnonzero(among)
    if not len(places):
        return []
    codes = frame.iloc[places].groupby(names, dropna=False, observed=True, sort=False).ngroup().to_numpy()
    order = np.argsort(codes, kind="stable")
    return np.split(places[order], np.flatnonzero(np.diff(codes[order])) + 1)


def hidden_bases(frame: pd.DataFrame, facts: Facts, decision: pd.Series, limits: Limits) -> pd.Series:
    """Rows whose base may not be told: too small, or it would give back one that is, from the whole of the groups."""
    hidden = decision.isin([SMALL_BASE, NO_ESTIMATE])
    # of a crosstab by rows each category has its base
    split = ["category"] if facts.details.get("percent") == "row" else list(facts.by)
    if not facts.by or not (decision == SMALL_BASE).any():
        return hidden
    rows = frame[["variable", *split]].assign(
        n=_persons(frame["n"]), small=(decision == SMALL_BASE).to_numpy(), told=(decision == SHOWN).to_numpy()
    )
    groups = rows.groupby(["variable", *split], dropna=False, observed=True, sort=False)
    place = groups.ngroup().to_numpy()
    sizes = groups.agg(n=("n", "max"), small=("small", "any"), told=("told", "any")).reset_index()
    for _, own in sizes[sizes["n"] > 0].groupby("variable", sort=False):
        small = own[own["small"]]
        count, persons = len(small), float(small["n"].sum())
        # of the others first those none of whose numbers is told anyway, the smallest first
        others = own[~own["small"]].sort_values(["told", "n"], kind="stable")["n"].astype(float)
        for group, size in others.items() if count else ():
            if count > 1 and persons >= limits.minimum_cell:
                break
            hidden |= pd.Series(place == group, index=hidden.index)
            count, persons = count + 1, persons + size
    return hidden
