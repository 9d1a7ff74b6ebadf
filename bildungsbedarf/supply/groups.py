"""Offers held against what groups need: each group of the survey beside the offers for its phase of life.

The rules are those of ``diagnosis``, over the whole district. ``too_far`` holds where offers for the phase of life are
within reach of less than ``rules.reached_below`` of the inhabitants, and the group names the distance. An offer whose
target group nobody assigned could be for anybody: of a field that has such offers nothing is said to be missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study.offers import OfferRules
from bildungsbedarf.supply.diagnosis import (
    Diagnosis,
    first_that_holds,
    has_no_field,
    is_nowhere,
    named_hindrances,
)
from bildungsbedarf.supply.measures import counts_by_place, is_low_fee, reached_from
from bildungsbedarf.supply.nearness import nearness
from bildungsbedarf.supply.places import municipalities
from bildungsbedarf.supply.reading import Offers, offers
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.wave import Wave

COLUMNS = (
    *("variable", "by", "group", "life_phase", "need", "need_low", "need_high", "people", "people_low", "people_high"),
    *("offers", "unassigned", "reached", "fitting", "low_fee", "accessible", "online", "diagnosis", "also"),
)


def diagnose_groups(
    wave: Wave,
    needed: pd.DataFrame,
    hindrances: pd.DataFrame,
    sizes: Mapping[tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """Why the need in each field is not met for the groups that ``[groups]`` of offers.toml assigns to phases of life.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    needed
        Released rows of ``needs.unmet`` by group: ``by``, ``group``, ``variable``, ``estimate``, ``ci_low``,
        ``ci_high`` (missing where they may not be shown).
    hindrances
        Released rows of ``needs.barriers`` by group: ``by``, ``group``, ``variable``, ``ci_low``.
    sizes
        People of each group; without them ``people`` is missing.

    Returns
    -------
    pandas.DataFrame
        One row a group and field, as the survey's rows stand: ``life_phase``, ``need``, ``people`` (expected, in the
        need's interval), ``offers`` of the field for the phase of life, ``unassigned`` (of the field, for nobody in
        particular), ``reached`` (share of the inhabitants with one of ``offers`` within reach, offers online apart;
        missing in a partial survey, and where the place of one of them is not known),
        ``fitting`` (evening, weekend or online), ``low_fee``, ``accessible``, ``online`` of ``offers``,
        ``diagnosis``, ``also``.

    Raises
    ------
    ConfigError
        The frames lack a column.

    Examples
    --------
    >>> asked = findings.asked_of_groups(later, provided.files.offers)
    >>> supply.diagnose_groups(provided, *asked)["life_phase"].nunique()
    3
    """
    found, table = offers(wave), municipalities(wave)
    ends = ("by", "group", "variable", "ci_low")
    for frame, names in ((needed, (*ends, "estimate", "ci_high")), (hindrances, ends)):
        if lacking := [name for name in names if name not in frame.columns]:
            raise ConfigError("the rows of groups lack a column", value=lacking[0], expected=", ".join(names))
    rules = found.rules
    near = nearness(wave, rules).near
    inhabitants = table["inhabitants"].to_numpy(dtype=float)
    rows = []
    for phase, groups in rules.groups.items():
        for by, _, group in (name.partition("=") for name in groups):
            own = needed[(needed["by"] == by) & (needed["group"] == group)]
            said = hindrances[(hindrances["by"] == by) & (hindrances["group"] == group)]
            named = named_hindrances(said, rules.hindrances, rules.rules.hindered_above)
            people = (sizes or {}).get((by, group), np.nan)
            for row in own.to_dict("records"):
                there = _offered(found, table, str(row["variable"]), phase, near, inhabitants)
                need = {
                    end: float("nan" if pd.isna(row[end]) else row[end]) for end in ("estimate", "ci_low", "ci_high")
                }
                first, also = _diagnosed(need, there, named, rules.rules, complete=found.is_complete)
                told = {"need": need["estimate"], "need_low": need["ci_low"], "need_high": need["ci_high"]}
                expected = {name.replace("need", "people"): value * people for name, value in told.items()}
                head = {"variable": str(row["variable"]), "by": by, "group": group, "life_phase": phase}
                counts = {name: value for name, value in there.items() if name in COLUMNS}
                rows.append({**head, **told, **expected, **counts, "diagnosis": first, "also": also})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _offered(
    found: Offers, table: pd.DataFrame, item: str, phase: str, near: Mask, inhabitants: Floats
) -> dict[str, float]:
    """Offers of a field for a phase of life: how many, of which kind, within whose reach."""
    counted = found.counted
    in_field = (counted["field"] == item).fillna(False).to_numpy(dtype=bool)
    own = in_field & (counted["life_phase"] == phase).fillna(False).to_numpy(dtype=bool)
    flags = {
        "fitting": counted["evening"] | counted["weekend"] | counted["online"],
        "low_fee": is_low_fee(found),
        "accessible": counted["accessible"],
    }
    made: dict[str, float] = {
        "offers": int(own.sum()),
        "unassigned": int((in_field & counted["life_phase"].isna().to_numpy(dtype=bool)).sum()),
        "online": int(counted.loc[own, "online"].fillna(False).astype(bool).sum()),
    }
    for name, values in flags.items():
        known = values.astype("boolean")[own]
        made |= {name: int(known.fillna(False).sum()), f"{name}_unknown": int(known.isna().sum())}
    held = counts_by_place(counted, table, item, own) > 0
    # nothing follows from what is not there, or is nobody knows where
    is_known = found.is_complete and not (own & is_nowhere(counted).to_numpy(dtype=bool)).any()
    made["reached"] = float(inhabitants[reached_from(near, held)].sum() / inhabitants.sum()) if is_known else np.nan
    made["unsettled"] = float(made["unassigned"] > 0 or has_no_field(counted))
    return made


def _diagnosed(
    need: Mapping[str, float], there: Mapping[str, float], named: set[str], rules: OfferRules, *, complete: bool
) -> tuple[Diagnosis, str]:
    """The first rule that holds, and the others."""
    urgent = need["ci_low"] > rules.urgent_above
    has = there["offers"] > 0
    settled = not there["unsettled"]

    def none_of(kind: str) -> bool:
        return has and settled and there[kind] == 0 and there[f"{kind}_unknown"] == 0

    holds: dict[Diagnosis, bool] = {
        "enough": need["ci_high"] < rules.slight_below,
        "no_offer": urgent and complete and settled and not has,
        "too_far": urgent
        and complete
        and settled
        and has
        and there["online"] == 0
        and there["reached"] < rules.reached_below
        and "too_far" in named,
        "wrong_time": urgent and none_of("fitting") and "wrong_time" in named,
        "too_expensive": urgent and none_of("low_fee") and "too_expensive" in named,
        "not_accessible": urgent and none_of("accessible") and "not_accessible" in named,
        "unknown_to_people": urgent and has and "unknown_to_people" in named,
    }
    return first_that_holds(name for name, held in holds.items() if held)
