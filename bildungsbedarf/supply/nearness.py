"""Which municipalities are near enough to each other: by distance, or by a table of travel times where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.study.offers import OffersFile, TravelTimes
from bildungsbedarf.supply.places import distances, municipalities
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.wave import Wave

Unit = Literal["km", "minutes"]
_MINUTES = r"\d{1,4}(?:[.,]\d{1,2})?"


@dataclass(frozen=True)
class Nearness:
    """How far it is from each municipality (rows) to each other (columns), and what is near enough."""

    km: Floats
    """Straight between the centres."""
    minutes: Floats | None
    """Travel times, where offers.toml names a table of them."""
    limit: float
    unit: Unit

    @property
    def near(self) -> Mask:
        """Which are near enough."""
        away = self.km if self.unit == "km" or self.minutes is None else self.minutes
        return np.asarray(away <= self.limit)


def nearness(wave: Wave, rules: OffersFile, km: float = 0.0) -> Nearness:
    """The distances a study goes by: travel times where offers.toml has them, else kilometres.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    rules
        offers.toml.
    km
        A distance of one's own in place of what the rules say.

    Returns
    -------
    Nearness
        In the order of ``municipalities``.

    Raises
    ------
    ConfigError
        The table of travel times lacks a column.
    DataError
        It lacks a pair of municipalities, has one twice, or a time that is none.

    Examples
    --------
    >>> found = nearness(provided, provided.files.offers)
    >>> found.unit, found.limit, bool(found.near.diagonal().all())
    ('km', 10.0, True)
    """
    table = municipalities(wave)
    away = distances(table)
    if rules.travel is None or rules.rules.reach_minutes is None:
        return Nearness(away, None, km or rules.rules.reach_km, "km")
    minutes = _minutes(wave, rules.travel, table)
    return Nearness(away, minutes, km or rules.rules.reach_minutes, "km" if km else "minutes")


def _minutes(wave: Wave, travel: TravelTimes, table: pd.DataFrame) -> Floats:
    """The table of travel times as a square: every pair must be there, in both directions."""
    where = f"data/reference/{travel.file}"
    raw = wave.reference_table(travel.file)
    names = {own: travel.columns.get(own, own) for own in ("from", "to", "minutes")}
    if lacking := [name for name in names.values() if name not in raw.columns]:
        raise ConfigError("file has no such column", where=where, value=lacking[0], expected=", ".join(raw.columns))
    region, digits = wave.files.config.study.region, len(str(table.index[0]))
    full = [raw[names[end]].astype("string").str.strip().fillna("") for end in ("from", "to")]
    # keys with the region, or without it; ways to other districts do not matter here
    own = [keys.str.startswith(region) if region else keys == "" for keys in full]
    plain = [keys.str.fullmatch(rf"\d{{{digits}}}") for keys in full]
    raw = raw[((own[0] | plain[0]) & (own[1] | plain[1])).to_numpy(dtype=bool)]
    keys = [one.loc[raw.index].str[-digits:] for one in full]
    told = raw[names["minutes"]].astype("string").str.strip()
    values = pd.to_numeric(told.where(told.str.fullmatch(_MINUTES)).str.replace(",", "."), errors="coerce")
    values = values.astype("Float64")
    if len(bad := raw.loc[~(values >= 0).fillna(False).to_numpy(dtype=bool), names["minutes"]]):
        raise DataError("a travel time that is none", where=where, value=bad.iloc[0], expected="minutes, 0 or more")
    found = pd.DataFrame({"from": keys[0], "to": keys[1], "minutes": values.astype(float)})
    if len(double := found[found.duplicated(["from", "to"])]):
        row = double.iloc[0]
        raise DataError("two travel times for one way", where=where, value=f"{row['from']} → {row['to']}")
    square = found.pivot(index="from", columns="to", values="minutes").reindex(index=table.index, columns=table.index)
    times = square.to_numpy(dtype=float, copy=True)
    np.fill_diagonal(times, np.where(np.isnan(times.diagonal()), 0.0, times.diagonal()))
    if np.isnan(times).any():
        start, end = (table.index[place] for place in np.argwhere(np.isnan(times))[0])
        raise DataError(
            "a way without a travel time", where=where, value=f"{start} → {end}", expected="every pair, both directions"
        )
    return times
