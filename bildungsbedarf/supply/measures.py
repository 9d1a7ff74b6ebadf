"""How much is offered, of what kind, for how many people, and who has it within reach.

Offers are things, and are counted; what their providers do not say is counted apart, never as a no. In a partial
survey of offers nothing follows from what is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import Facts
from bildungsbedarf.needs.family import counted_ranks
from bildungsbedarf.supply.about import MEASURES, field_labels
from bildungsbedarf.supply.nearness import nearness
from bildungsbedarf.supply.places import municipalities
from bildungsbedarf.supply.reading import Offers, offers
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.survey.frames import tidy
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

UNKNOWN = ""
"""Group of the offers of which nothing is said."""
GROUPS = ("field", "place", "life_phase", "actor_group", "provider")
_SUMS = ("places", "hours", "booked")
_YES = ("online", "evening", "weekend", "accessible", "childcare")


def coverage(wave: Wave, by: str | Sequence[str] = "field") -> pd.DataFrame:
    """Offers, places and hours by field, municipality, life phase or provider.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    by
        One or several of ``field``, ``place``, ``life_phase``, ``actor_group``, ``provider``.

    Returns
    -------
    pandas.DataFrame
        One row a combination (empty where nothing is said); all fields and all municipalities are there, with 0
        offers too. ``offers``; ``places``, ``hours``, ``booked`` (sums of what is known) and ``places_unknown``, …,
        the offers that do not say;
        ``per_1000``, ``places_per_1000``, ``hours_per_1000`` inhabitants (of the municipality, else of the district);
        ``online``, ``evening``, ``weekend``, ``accessible``, ``childcare``, ``low_fee`` (offers known to be), each
        with ``…_unknown``; ``used``, booked of all places where both are known.

    Raises
    ------
    ConfigError
        Offers cannot be told apart by it.

    Examples
    --------
    >>> supply.coverage(provided)[["field", "offers"]].head(1)
      field  offers
    0   F01      24
    """
    names = [by] if isinstance(by, str) else list(by)
    if not names or len(set(names)) < len(names):
        raise ConfigError(
            "offers are counted by something, each thing once", value=", ".join(names), expected=GROUPS[0]
        )
    if odd := [name for name in names if name not in GROUPS]:
        raise ConfigError("offers are not counted by this", value=odd[0], expected=nearest(odd[0], GROUPS))
    found = offers(wave)
    table = found.counted.assign(low_fee=is_low_fee(found))
    table = table.assign(**{name: table[name].fillna(UNKNOWN) for name in names})
    grouped = table.groupby(names, sort=True, observed=True)
    made = pd.DataFrame({"offers": grouped.size()})
    for name in _SUMS:
        made[name] = grouped[name].sum(min_count=1).astype("Float64")
        made[f"{name}_unknown"] = grouped[name].apply(lambda values: int(values.isna().sum()))
    for name in (*_YES, "low_fee"):
        made[name] = grouped[name].sum().astype("Int64")
        made[f"{name}_unknown"] = grouped[name].apply(lambda values: int(values.isna().sum()))
    both = table[table["places"].notna() & table["booked"].notna() & (table["places"] > 0)]
    used = both.groupby(names, sort=True)[["booked", "places"]].sum()
    made["used"] = (used["booked"] / used["places"]).reindex(made.index).astype("Float64")
    whole = made.reindex(_all_rows(wave, names, made.index))
    counts = [name for name in whole.columns if name not in ("used", *_SUMS)]
    whole[counts] = whole[counts].astype("Int64").fillna(0)
    people = _inhabitants(wave, whole.index, names)
    for name, source in (("per_1000", "offers"), ("places_per_1000", "places"), ("hours_per_1000", "hours")):
        whole[name] = (whole[source].astype("Float64") / people * 1000).to_numpy()
    return whole.reset_index()


def is_low_fee(found: Offers) -> pd.Series:
    """Offers that cost little, at least for some; missing where nothing is said of the fee."""
    fees = found.counted["least_fee"]
    return (fees <= found.rules.rules.low_fee).astype("boolean").mask(fees.isna())


def _all_rows(wave: Wave, names: Sequence[str], found: pd.Index) -> pd.Index:
    """Every field and every municipality, and what else occurs; last the offers of which nothing is said."""
    known: dict[str, list[Any]] = {
        "field": list(field_labels(wave, wave.language)),
        "place": list(municipalities(wave).index),
    }
    levels: list[list[Any]] = []
    for name in names:
        own = known.get(name, [])
        others = set(found.get_level_values(name)) - set(own)
        levels.append([*own, *sorted(others, key=lambda value: (value == UNKNOWN, value))])
    if len(names) == 1:
        index: pd.Index = pd.Index(levels[0], dtype="object", name=names[0])
        return index
    return pd.MultiIndex.from_product(levels, names=list(names))


def _inhabitants(wave: Wave, index: pd.Index, names: Sequence[str]) -> Floats:
    people = municipalities(wave)["inhabitants"]
    if "place" not in names:
        return np.full(len(index), float(people.sum()))
    return np.asarray(people.reindex(index.get_level_values("place")).to_numpy(dtype=float))


@recomputable
def reach(wave: Wave, km: float = 0.0) -> pd.DataFrame:
    """Share of the inhabitants who have an offer within reach, by field.

    By the centre of each municipality: its people all have an offer within reach, or none has; by a table of travel
    times where offers.toml names one. Offers online are left out: they are everywhere, for those who can use them.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    km
        A distance in place of what the rules of offers.toml say.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate`` with ``variable`` = field, ``n`` all inhabitants, ``count`` those who have;
        a count, without intervals; ``offers`` with a known place.

    Raises
    ------
    ConfigError
        A distance that is none, or offers.toml says ``partial``: nothing follows from what is not there.

    Examples
    --------
    >>> supply.reach(provided, 5)[["variable", "estimate"]].round(2).head(1)
      variable  estimate
    0      F01      0.71
    """
    found = offers(wave)
    if not km >= 0:
        raise ConfigError("a reach is a distance", value=km, expected="kilometres, above 0")
    if not found.is_complete:
        raise ConfigError(
            "of a partial survey of offers nobody knows whom none reaches",
            where="offers.toml, coverage",
            value="partial",
            remedy='say coverage = "complete" where all offers are in, or use supply.coverage',
        )
    table = municipalities(wave)
    people = table["inhabitants"].to_numpy(dtype=np.int64)
    away = nearness(wave, found.rules, km)
    rows = []
    for item in field_labels(wave, wave.language):
        there = counts_by_place(found.counted, table, item)
        reached = int(people[reached_from(away.near, there > 0)].sum())
        rows.append({"variable": item, "count": reached, "offers": int(there.sum())})
    total = int(people.sum())
    frame = pd.DataFrame(rows)
    declared = MEASURES["reach"]
    facts = Facts(
        declared.key,
        declared.unit,
        sampling="census",
        base=declared.base,
        source=wave.source,
        span=1.0,
        details={"reach": away.limit, "by": away.unit},
    )
    counted = frame.assign(n=total, weighted_n=total, estimate=frame["count"] / total)
    return facts.on(counted_ranks(tidy(counted, facts, "reach").assign(offers=frame["offers"])))


def counts_by_place(table: pd.DataFrame, places: pd.DataFrame, item: str, only: Mask | None = None) -> Floats:
    """Offers of a field that are held in each municipality; those online have no place."""
    own = table[(table["field"] == item).fillna(False).to_numpy(dtype=bool) & (True if only is None else only)]
    held = own.loc[~own["online"].fillna(False).astype(bool), "place"].value_counts()
    return np.asarray(held.reindex(places.index).fillna(0).to_numpy(dtype=float))


def reached_from(near: Mask, has: Mask) -> Mask:
    """Municipalities that lie near one that has an offer."""
    return np.asarray((near & has[None, :]).any(axis=1))
