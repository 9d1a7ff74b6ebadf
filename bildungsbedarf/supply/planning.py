"""What if: which further offers would reach most people whose need is not met.

A maximal covering problem (Church & ReVelle 1974, Papers of the Regional Science Association 32, 101–118), solved
exactly as an integer programme (HiGHS, through scipy), with the gap that is left where time runs out; the greedy
solution stands beside it, which reaches at least 1 − 1/e of the best (Nemhauser, Wolsey & Fisher 1978, Mathematical
Programming 14, 265–294).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.supply.places import distances, municipalities
from bildungsbedarf.supply.rules import rules_of
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.wave import Wave

OPEN = ("no_offer", "too_far", "wrong_time", "too_expensive", "not_accessible")
"""Diagnoses that an offer nearby, in the evening, for little money and accessible, would answer."""
_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """Offers to add: ``table`` has ``variable``, ``place``, ``name``, ``reached`` (people each adds, in its order).

    ``people`` are reached by all together, ``open`` have an unmet need that an offer would answer; ``bound`` is more
    than any plan of as many offers reaches, ``greedy`` what adding the best one each time reaches.
    """

    table: pd.DataFrame
    people: float
    open: float
    bound: float
    greedy: float


def plan_offers(wave: Wave, diagnosed: pd.DataFrame, count: int = 10, worst_first: int = 0) -> Plan:
    """The ``count`` offers (field and place) that reach most people with an unmet need.

    Each added offer is thought of as near, in the evening, cheap and accessible: it answers what ``OPEN`` names, for
    people of all municipalities within ``rules.reach_km``.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    diagnosed
        What ``diagnose`` returned.
    count
        How many offers are added.
    worst_first
        So many of the rows with the largest share of unmet need must be reached, before the number of people counts.

    Returns
    -------
    Plan
        The same plan for the same input.

    Raises
    ------
    ConfigError
        No offer is to be added, or the worst cannot all be reached with so few.

    Examples
    --------
    >>> areas = disclosure.release(needs.small_areas(later, "F07")).frame
    >>> named = disclosure.release(needs.barriers(later)).frame
    >>> planned = supply.plan_offers(provided, supply.diagnose(provided, areas, named), 2)
    >>> planned.people <= planned.bound
    True
    """
    if count < 1:
        raise ConfigError("no offers to add", value=count, expected="a number from 1 on")
    rows = diagnosed[diagnosed["diagnosis"].isin(OPEN) & diagnosed["people"].notna()].reset_index(drop=True)
    table = municipalities(wave)
    near = distances(table) <= rules_of(wave).rules.reach_km
    places = {code: number for number, code in enumerate(table.index)}
    fields = list(dict.fromkeys(rows["variable"]))
    # a candidate is a field and a municipality; it reaches the open rows of its field near by
    at = rows["place"].map(places).to_numpy(dtype=np.int64)
    field = rows["variable"].map({name: number for number, name in enumerate(fields)}).to_numpy(dtype=np.int64)
    candidates = [(number, place) for number in range(len(fields)) for place in range(len(table))]
    covers = np.array([(field == number) & near[at, place] for number, place in candidates], dtype=bool)
    covers = covers.reshape(len(candidates), len(rows))
    weights = rows["people"].to_numpy(dtype=float)
    needed = np.argsort(-rows["need"].to_numpy(dtype=float), kind="stable")[:worst_first]
    chosen, bound = _best(covers, weights, count, needed) if len(rows) else ([], 0.0)
    greedy = _greedy(covers, weights, count)
    ordered = _ordered(covers, weights, chosen)
    made = [
        {"variable": fields[candidates[number][0]], "place": table.index[candidates[number][1]], "reached": added}
        for number, added in ordered
    ]
    frame = pd.DataFrame(made, columns=["variable", "place", "reached"])
    frame["name"] = frame["place"].map(table["name"])
    reached = float(sum(added for _, added in ordered))
    return Plan(frame, reached, float(weights.sum()), bound, float(sum(added for _, added in greedy)))


def _best(covers: Mask, weights: Floats, count: int, needed: np.ndarray) -> tuple[list[int], float]:
    """Candidates of the best plan, and what no plan exceeds."""
    candidates, rows = covers.shape
    cost = np.concatenate([np.zeros(candidates), -weights])
    budget = np.concatenate([np.ones(candidates), np.zeros(rows)])[None, :]
    link = sparse.hstack([-sparse.csr_array(covers.T.astype(float)), sparse.eye_array(rows)], format="csr")
    low = np.zeros(candidates + rows)
    low[candidates + needed] = 1.0
    found = milp(
        cost,
        integrality=np.concatenate([np.ones(candidates), np.zeros(rows)]),
        bounds=Bounds(low, np.ones(candidates + rows)),
        constraints=[LinearConstraint(budget, 0, count), LinearConstraint(link, -np.inf, 0)],
        options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ConfigError(
            "so few offers cannot reach all that come first",
            value=count,
            expected="more offers, or fewer that come first",
        )
    chosen = np.flatnonzero(found.x[:candidates] > 0.5).tolist()
    best = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
    return chosen, float(max(-best, weights[covers[chosen].any(axis=0)].sum()))


def _greedy(covers: Mask, weights: Floats, count: int) -> list[tuple[int, float]]:
    """The best one each time, the first of equals."""
    return _ordered(covers, weights, range(len(covers)), count)


def _ordered(covers: Mask, weights: Floats, chosen: Iterable[int], count: int = 0) -> list[tuple[int, float]]:
    """Candidates by what each adds to those before."""
    left, open_rows = list(chosen), np.ones(covers.shape[1], dtype=bool)
    found: list[tuple[int, float]] = []
    while left and (not count or len(found) < count):
        gains = [float(weights[covers[number] & open_rows].sum()) for number in left]
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        number = left.pop(best)
        open_rows &= ~covers[number]
        found.append((number, gains[best]))
    return found
