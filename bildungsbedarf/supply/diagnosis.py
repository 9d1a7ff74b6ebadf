"""Supply held against need: why a need is not met where people live, by declared rules.

For each field and municipality: the need's interval (a model's, where few answered), the offers within reach, and the
hindrances that people name. Rules are asked in order; the first that holds is the diagnosis, others stand beside it:

====================  ====================================================================================
``enough``            the whole interval of the need lies below ``slight_below``
``cannot_say``        it does not lie above ``urgent_above`` either, or nothing is known of the need
``no_offer``          the district has no offer of the field, online neither (complete surveys only)
``too_far``           none within reach or online (complete surveys only), and people name the distance
``wrong_time``        none within reach is in the evening, at the weekend or online, and people name time
``too_expensive``     none within reach costs little, and people name cost
``not_accessible``    none within reach is accessible, and people name it
``unknown_to_people``  there are offers within reach, and people name that they did not know
``cannot_say``        nothing of this
====================  ====================================================================================

A hindrance counts where the whole interval of the share who name it lies above ``hindered_above``. People are asked for
hindrances in general, not by field: what stands here is where to look, not proof. Where an offer does not say (time,
fee, access, place), the rule that would need to know does not hold; while an offer has no field, it could be of any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import norm

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study.offers import Hindrance, OfferRules
from bildungsbedarf.supply.measures import counts_by_place, is_low_fee
from bildungsbedarf.supply.nearness import Nearness, nearness
from bildungsbedarf.supply.places import municipalities
from bildungsbedarf.supply.reading import Offers, offers
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.wave import Wave

Diagnosis = Literal[
    "enough",
    "no_offer",
    "too_far",
    "wrong_time",
    "too_expensive",
    "not_accessible",
    "unknown_to_people",
    "cannot_say",
]
DIAGNOSES: tuple[Diagnosis, ...] = get_args(Diagnosis)
SILENT: tuple[Diagnosis, ...] = ("enough", "cannot_say")
"""Those that give nothing to look for."""
LEVEL = 0.95
"""Certainty of the needs' intervals."""
_ENDS = {"estimate": "", "ci_low": "_low", "ci_high": "_high"}
"""A need's columns, and how ours end that come of them."""
COLUMNS = (
    *("variable", "place", "name", "need", "need_low", "need_high", "people", "people_low", "people_high"),
    *(
        "rank_best",
        "rank_worst",
        "offers",
        "nearest_km",
        "nearest_minutes",
        "fitting",
        "fitting_unknown",
        "low_fee",
        "low_fee_unknown",
        "accessible",
    ),
    *("accessible_unknown", "online", "diagnosis", "also"),
)


@dataclass(frozen=True)
class _Supply:
    """Offers of one field, by municipality: how many are within reach, of which kind."""

    counts: Mapping[str, Floats]
    nearest_km: Floats
    nearest_minutes: Floats
    online: int
    total: int
    unsettled: bool
    """Some offers may be of this field, or near, and nobody said: nothing is said to be missing."""


def diagnose(wave: Wave, needed: pd.DataFrame, hindrances: pd.DataFrame, adults: float = 0.0) -> pd.DataFrame:
    """Why the need in each field is not met in each municipality.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    needed
        Released rows of ``needs.small_areas``, of one field or several together: ``variable``, the municipality's
        code in the column that ``[small_area]`` names, ``estimate``, ``ci_low``, ``ci_high`` (missing where they may
        not be shown).
    hindrances
        Released rows of ``needs.barriers``, of everybody.
    adults
        People the need speaks of, in the whole district (the sum of the survey's weights); they are spread over the
        municipalities as all inhabitants are. Default: all inhabitants.

    Returns
    -------
    pandas.DataFrame
        One row a field and municipality, most people first: ``need``, ``people`` (expected, in the need's interval),
        ``rank_best``, ``rank_worst`` (places by ``people`` that its interval allows, all rows at once: ``_rank_sets``),
        ``offers`` within reach, ``nearest_km``, ``nearest_minutes`` (with travel times), ``fitting`` (evening, weekend
        or online), ``low_fee``, ``accessible`` and how many do not say, ``online`` offers of the field,
        ``diagnosis``, ``also`` (others that hold).

    Raises
    ------
    ConfigError
        The frames lack a column.

    Examples
    --------
    >>> areas = disclosure.release(needs.small_areas(later, "F05")).frame
    >>> named = disclosure.release(needs.barriers(later)).frame
    >>> set(supply.diagnose(provided, areas, named)["diagnosis"]) <= set(supply.DIAGNOSES)
    True
    """
    found, table = offers(wave), municipalities(wave)
    group = str(table.index.name)
    for name in ("variable", group, *_ENDS):
        if name not in needed.columns:
            raise ConfigError("the needs lack a column", value=name, expected="released rows of needs.small_areas")
    rules = found.rules.rules
    named = named_hindrances(hindrances, found.rules.hindrances, rules.hindered_above)
    away = nearness(wave, found.rules)
    inhabitants = table["inhabitants"].to_numpy(dtype=float)
    people = inhabitants * (adults / inhabitants.sum() if adults else 1.0)
    parts = []
    for item, rows in needed.groupby("variable", sort=False):
        own = rows.assign(**{group: rows[group].astype("string")}).set_index(group).reindex(table.index)
        needs = {name: own[name].to_numpy(dtype=float, na_value=np.nan) for name in _ENDS}
        supply = _supply_of(found, table, str(item), away, rules)
        holds = _holding(needs, supply, named, rules, complete=found.is_complete)
        first, others = _first(holds, len(table))
        counts = {name: values.astype(int) for name, values in supply.counts.items()}
        parts.append(
            pd.DataFrame(
                {
                    "variable": str(item),
                    "place": table.index.astype("string"),
                    "name": table["name"].to_numpy(),
                    **{f"need{end}": needs[name] for name, end in _ENDS.items()},
                    **{f"people{end}": needs[name] * people for name, end in _ENDS.items()},
                    **counts,
                    "nearest_km": supply.nearest_km,
                    "nearest_minutes": supply.nearest_minutes,
                    "online": supply.online,
                    "diagnosis": first,
                    "also": others,
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    joined = _rank_sets(pd.concat(parts, ignore_index=True))[list(COLUMNS)]
    ordered = joined.sort_values(["people", "variable", "place"], ascending=[False, True, True], kind="stable")
    return ordered.reset_index(drop=True)


def _rank_sets(frame: pd.DataFrame) -> pd.DataFrame:
    """The places each row may have by the number of people, all rows at once.

    Intervals are widened to hold together (Šidák); a row's best place comes after all whose interval lies above its
    own, its worst before all whose lies below (Klein, Wright & Wieczorek 2020, JRSS C 69, 589–606).
    """
    told = frame["people"].notna().to_numpy()
    middle, low, high = (frame.loc[told, name].to_numpy(float) for name in ("people", "people_low", "people_high"))
    count = len(middle)
    wider = norm.ppf((1 + LEVEL ** (1 / max(count, 1))) / 2) / norm.ppf((1 + LEVEL) / 2)
    low, high = middle - wider * (middle - low), middle + wider * (high - middle)
    best = 1 + (low[None, :] > high[:, None]).sum(axis=1)
    worst = count - (high[None, :] < low[:, None]).sum(axis=1)
    ranks = pd.DataFrame({"rank_best": best, "rank_worst": worst}, index=frame.index[told]).astype("Int64")
    return frame.join(ranks)


def has_no_field(counted: pd.DataFrame) -> bool:
    """Whether there are offers that nobody assigned to a field: they could be of any."""
    return bool(counted["field"].isna().any())


def is_nowhere(counted: pd.DataFrame) -> pd.Series:
    """Offers that are not online, and whose municipality is not known."""
    return counted["place"].isna() & ~counted["online"].fillna(False).astype(bool)


def named_hindrances(frame: pd.DataFrame, items: Mapping[Hindrance, str], above: float) -> set[str]:
    """Hindrances that clearly more people name than the limit."""
    whole = frame[frame["ci_low"].notna()].set_index("variable")["ci_low"]
    return {name for name, item in items.items() if item in whole.index and bool(whole[item] > above)}


def _supply_of(found: Offers, table: pd.DataFrame, item: str, away: Nearness, rules: OfferRules) -> _Supply:
    counted = found.counted
    near = away.near
    fitting = counted["evening"] | counted["weekend"]
    kinds = {"fitting": fitting, "low_fee": is_low_fee(found), "accessible": counted["accessible"]}
    there = counts_by_place(counted, table, item)
    within = {"offers": near @ there}
    for name, flags in kinds.items():
        known = flags.astype("boolean")
        yes, unknown = known.fillna(False).to_numpy(dtype=bool), known.isna().to_numpy(dtype=bool)
        within[name] = near @ counts_by_place(counted, table, item, yes)
        within[f"{name}_unknown"] = near @ counts_by_place(counted, table, item, unknown)
    own = (counted["field"] == item).fillna(False).astype(bool)
    online = int(counted.loc[own, "online"].fillna(False).astype(bool).sum())
    has = there > 0
    unsettled = bool(has_no_field(counted) or (own & is_nowhere(counted)).any())
    return _Supply(within, _nearest(away.km, has), _nearest(away.minutes, has), online, int(own.sum()), unsettled)


def _nearest(away: Floats | None, has: Mask) -> Floats:
    """How far the nearest is that has an offer; unknown without distances, or where none has."""
    if away is None or not has.any():
        return np.full(len(has), np.nan)
    return np.asarray(np.where(has[None, :], away, np.inf).min(axis=1))


def _holding(
    needs: Mapping[str, Floats], supply: _Supply, named: set[str], rules: OfferRules, *, complete: bool
) -> dict[Diagnosis, Mask]:
    """Which rules hold in each municipality."""
    with np.errstate(invalid="ignore"):
        urgent = needs["ci_low"] > rules.urgent_above
        slight = needs["ci_high"] < rules.slight_below
    counts = supply.counts
    has = counts["offers"] > 0
    settled = not supply.unsettled
    nothing = np.full(len(has), supply.total == 0 and complete and settled)

    def none_of(kind: str) -> Mask:
        return np.asarray(has & settled & (counts[kind] == 0) & (counts[f"{kind}_unknown"] == 0))

    hindered: dict[Diagnosis, Mask] = {
        "too_far": ~has & ~nothing & complete & settled & (supply.online == 0) & ("too_far" in named),
        "wrong_time": none_of("fitting") & (supply.online == 0) & ("wrong_time" in named),
        "too_expensive": none_of("low_fee") & ("too_expensive" in named),
        "not_accessible": none_of("accessible") & ("not_accessible" in named),
        "unknown_to_people": has & ("unknown_to_people" in named),
    }
    return {
        "enough": slight,
        "no_offer": urgent & nothing,
        **{name: urgent & mask for name, mask in hindered.items()},
    }


def _first(holds: Mapping[Diagnosis, Mask], count: int) -> tuple[list[Diagnosis], list[str]]:
    """The first rule that holds in each row, and the others."""
    first: list[Diagnosis] = []
    others: list[str] = []
    for row in range(count):
        told, also = first_that_holds(name for name, mask in holds.items() if mask[row])
        first.append(told)
        others.append(also)
    return first, others


def first_that_holds(names: Iterable[Diagnosis]) -> tuple[Diagnosis, str]:
    """The first of the rules that hold, and the others; ``cannot_say`` of none."""
    told = list(names)
    return (told[0], ", ".join(told[1:])) if told else ("cannot_say", "")
