"""Entries that may come from one person, found without knowing who it is."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.study.rules import DuplicatesConfig


def flag_duplicates(raw: pd.DataFrame, named: pd.DataFrame, rule: DuplicatesConfig | None) -> pd.Series:
    """True for all entries of a person but the first finished one (the first where none is finished).

    ``raw`` has the export's columns, ``named`` the answers under our names; both are text.

    Raises
    ------
    ConfigError
        The rule ``device`` names a column the export has not.
    """
    flagged = pd.Series(False, index=raw.index)
    if rule is None:
        return flagged.astype("boolean")
    keys = {"token": _column(raw, "token"), "device": _device(raw, rule)}
    for name in rule.rules:
        if name in keys:
            flagged |= _later(raw, keys[name])
        else:
            flagged |= _same_answers(raw, named, rule, is_timed=name == "seconds")
    return flagged.astype("boolean")


def _column(raw: pd.DataFrame, name: str) -> pd.Series:
    return raw[name] if name in raw.columns else pd.Series("", index=raw.index)


def _device(raw: pd.DataFrame, rule: DuplicatesConfig) -> pd.Series:
    if "device" in rule.rules and rule.device not in raw.columns:
        raise ConfigError(
            "export has no column that tells devices apart",
            where="study.toml, quality.duplicates.device",
            value=rule.device,
            expected=nearest(rule.device, map(str, raw.columns)),
        )
    return _column(raw, rule.device)


def _later(raw: pd.DataFrame, key: pd.Series) -> pd.Series:
    """Entries whose key (``""``: none) an entry before them has, finished ones first."""
    order = pd.DataFrame({"open": raw["submitdate"] == "", "id": pd.to_numeric(raw["id"]), "key": key})
    ordered = order[order["key"] != ""].sort_values(["open", "id"])
    return ordered["key"].duplicated().reindex(raw.index, fill_value=False)


def _same_answers(raw: pd.DataFrame, named: pd.DataFrame, rule: DuplicatesConfig, *, is_timed: bool) -> pd.Series:
    enough = (named != "").sum(axis=1) >= rule.minimum_answers
    key = pd.util.hash_pandas_object(named, index=False).astype("str").where(enough, "")
    if not is_timed:
        return _later(raw, key)
    times = pd.DataFrame({"key": key, "id": pd.to_numeric(raw["id"])})
    for name, source in (("start", "startdate"), ("end", "submitdate")):
        times[name] = to_dates(_column(raw, source))
    known = times[(times["key"] != "") & times["start"].notna() & times["end"].notna()].sort_values(["start", "id"])
    gap = (known["start"] - known.groupby("key")["end"].shift()).dt.total_seconds()
    return (gap <= rule.seconds).reindex(raw.index, fill_value=False)
