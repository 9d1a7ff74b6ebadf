"""What if: which further offers would reach most people whose need is not met.

A maximal covering problem (Church & ReVelle 1974, Papers of the Regional Science Association 32, 101–118), solved
exactly as an integer programme (HiGHS, through scipy), with the gap that is left where time runs out; the greedy
solution stands beside it, which reaches at least 1 − 1/e of the best (Nemhauser, Wolsey & Fisher 1978, Mathematical
Programming 14, 265–294).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import norm

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.supply.diagnosis import LEVEL
from bildungsbedarf.supply.nearness import nearness
from bildungsbedarf.supply.places import municipalities
from bildungsbedarf.supply.rules import rules_of
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.wave import Wave

OPEN = ("no_offer", "too_far", "wrong_time", "too_expensive", "not_accessible")
"""Diagnoses that an offer nearby, in the evening, for little money and accessible, would answer."""
PLANNED = ("variable", "place", "name", "reached", "reached_low", "reached_high", "answers")
"""Columns of a plan."""
_PEOPLE = ("people", "people_low", "people_high")
_SECONDS = 60.0
_DRAWS, _SEED = 2000, 0
_DIGITS = 2
"""What so many draws carry of a share at their 5 % point."""


@dataclass(frozen=True)
class Plan:
    """Offers to add, each with the people it adds to those before it.

    ``table`` has ``variable``, ``place``, ``name``, ``reached``, ``reached_low``, ``reached_high`` (the ends of the
    needs' intervals added up: together they are surer than that), ``answers`` (the diagnoses it meets).
    ``people`` are reached by all together, ``open`` have an unmet need that an offer would answer (who has one in two
    fields counts twice); ``bound`` is more
    than any plan of as many offers reaches, ``greedy`` what adding the best one each time reaches. ``holds``: with
    needs drawn anew from their intervals, the plan reaches in 95 of 100 cases at least this share of what one chosen
    anew, one offer after the other, does; missing where there is nothing to plan.
    """

    table: pd.DataFrame
    people: float
    open: float
    bound: float
    greedy: float
    holds: float


def plan_offers(wave: Wave, diagnosed: pd.DataFrame, count: int = 10, worst_first: int = 0) -> Plan:
    """The ``count`` offers (field and place) that reach most people with an unmet need.

    Each added offer is thought of as near, in the evening, cheap and accessible: it answers what ``OPEN`` names, for
    people of all municipalities within reach.

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
        The same plan for the same input, where it is found within 60 s; else ``bound`` says how far it may be off.

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
    if not isinstance(count, int) or count < 1:
        raise ConfigError("no offers to add", value=count, expected="a whole number from 1 on")
    if not isinstance(worst_first, int) or worst_first < 0:
        raise ConfigError("so many rows cannot come first", value=worst_first, expected="a whole number from 0 on")
    if lacking := [name for name in ("variable", "place", "need", *_PEOPLE, "diagnosis") if name not in diagnosed]:
        raise ConfigError("the diagnoses lack a column", value=lacking[0], expected="what supply.diagnose returned")
    rows = diagnosed[diagnosed["diagnosis"].isin(OPEN) & diagnosed["people"].notna()].reset_index(drop=True)
    table = municipalities(wave)
    near = nearness(wave, rules_of(wave)).near
    places = {code: number for number, code in enumerate(table.index)}
    fields = list(dict.fromkeys(rows["variable"]))
    # a candidate is a field and a municipality; it reaches the open rows of its field near by
    if unknown := sorted(set(rows["place"]) - set(places)):
        raise ConfigError("there is no such municipality", value=unknown[0], expected=", ".join(places))
    at = rows["place"].map(places).to_numpy(dtype=np.int64)
    field = rows["variable"].map({name: number for number, name in enumerate(fields)}).to_numpy(dtype=np.int64)
    candidates = [(number, place) for number in range(len(fields)) for place in range(len(table))]
    covers = np.array([(field == number) & near[at, place] for number, place in candidates], dtype=bool)
    covers = covers.reshape(len(candidates), len(rows))
    weights = rows["people"].to_numpy(dtype=float)
    needed = np.argsort(-rows["need"].to_numpy(dtype=float), kind="stable")[:worst_first]
    chosen, bound = _best(covers, weights, count, needed) if len(rows) else ([], 0.0)
    greedy = _greedy(covers, weights, count)
    made, left = [], np.ones(len(rows), dtype=bool)
    for number, added in _ordered(covers, weights, chosen):
        own = covers[number] & left
        left &= ~covers[number]
        item, place = candidates[number]
        made.append(
            {
                "variable": fields[item],
                "place": table.index[place],
                "name": table["name"].iloc[place],
                "reached": added,
                "reached_low": float(rows.loc[own, "people_low"].sum()),
                "reached_high": float(rows.loc[own, "people_high"].sum()),
                "answers": ", ".join(name for name in OPEN if (rows.loc[own, "diagnosis"] == name).any()),
            }
        )
    frame = pd.DataFrame(made, columns=list(PLANNED))
    reached = float(frame["reached"].sum())
    best_each = float(sum(added for _, added in greedy))
    return Plan(
        frame, reached, float(weights.sum()), max(bound, reached), best_each, _holds(covers, rows, chosen, count)
    )


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


def _holds(covers: Mask, rows: pd.DataFrame, chosen: Sequence[int], count: int) -> float:
    """What a plan still reaches of what choosing anew would, with needs drawn from their intervals; the 5 % point."""
    if not len(rows) or rows[["people_low", "people_high"]].isna().any(axis=None):
        return float("nan")
    middle, low, high = (rows[name].to_numpy(dtype=float) for name in ("people", "people_low", "people_high"))
    spread = (high - low) / (2 * norm.ppf((1 + LEVEL) / 2))
    reached = covers[list(chosen)].any(axis=0)
    generator = np.random.default_rng(_SEED)
    shares = []
    for _ in range(_DRAWS):
        weights = np.clip(middle + spread * generator.standard_normal(len(middle)), 0, None)
        best = sum(added for _, added in _greedy(covers, weights, count))
        shares.append(min(weights[reached].sum() / best, 1.0) if best > 0 else 1.0)
    return round(float(np.quantile(shares, 0.05)), _DIGITS)


def _greedy(covers: Mask, weights: Floats, count: int) -> list[tuple[int, float]]:
    """The best one each time, the first of equals."""
    return _ordered(covers, weights, range(len(covers)), count)


def _ordered(covers: Mask, weights: Floats, chosen: Sequence[int], count: int = 0) -> list[tuple[int, float]]:
    """Candidates by what each adds to those before."""
    numbers = np.asarray(chosen, dtype=np.int64)
    reach, left = covers[numbers].astype(float), weights.astype(float)
    found: list[tuple[int, float]] = []
    for _ in range(min(len(numbers), count or len(numbers))):
        gains = reach @ left
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        number = int(numbers[best])
        left = np.where(covers[number], 0.0, left)
        found.append((number, float(gains[best])))
    return found
