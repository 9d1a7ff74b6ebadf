"""A series by region and year, what it says now, and where it would go if it went on as it did."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DataError, nearest
from bildungsbedarf.expression import holds
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.sources import read_reference
from bildungsbedarf.sources.genesis import read_genesis
from bildungsbedarf.study.indicators import Indicator, Theme
from bildungsbedarf.wave import Study

THEMES: tuple[Theme, ...] = get_args(Theme)
_WHOLE = "whole"
"""Key of the only region of a file that has none."""


def names(study: Study, theme: str = "") -> list[str]:
    """Ids of the indicators, in the order of the guideline, then of indicators.toml.

    Parameters
    ----------
    study
        The study.
    theme
        Only those of ``context``, ``input``, ``process``, ``output`` or ``outcome``.

    Returns
    -------
    list of str
        Empty where there is no indicators.toml.

    Examples
    --------
    >>> monitoring.names(study, "outcome")
    []
    """
    found = study.files.indicators.indicator if study.files.indicators is not None else []
    ordered = sorted(found, key=lambda one: THEMES.index(one.theme))
    return [one.id for one in ordered if theme in ("", one.theme)]


def indicator(study: Study, name: str) -> Indicator:
    """What indicators.toml says of an indicator.

    Parameters
    ----------
    study
        The study.
    name
        Its id.

    Returns
    -------
    Indicator
        Title, definition, unit, source.

    Raises
    ------
    ConfigError
        There is none of this name.

    Examples
    --------
    >>> monitoring.indicator(study, "arbeitslosenquote").unit
    'percent'
    """
    found = study.files.indicators.indicator if study.files.indicators is not None else []
    for one in found:
        if one.id == name:
            return one
    known = [one.id for one in found]
    raise ConfigError("there is no such indicator", value=name, expected=nearest(name, known) or "an indicators.toml")


def series(study: Study, name: str) -> pd.DataFrame:
    """The series of the district and of the regions beside it.

    Parameters
    ----------
    study
        The study.
    name
        Id of an indicator.

    Returns
    -------
    pandas.DataFrame
        One row a region and period, the district first: ``region``, ``name``, ``period`` (a year), ``value`` (a share
        for percent; missing where official statistics do not tell it), ``part`` (0, 1, … counted up at each break:
        values of different parts are not compared).

    Raises
    ------
    ConfigError
        No such indicator, or a column or region the file does not have.
    DataError
        The file cannot be read, a value is no number, or two rows are of the same region and period.

    Examples
    --------
    >>> monitoring.series(study, "arbeitslosenquote")[["name", "period", "value"]].round(3).head(2)
                   name  period  value
    0  Landkreis Kassel    2015  0.048
    1  Landkreis Kassel    2016  0.043
    """
    config = indicator(study, name)
    table = _table(study, config)
    where = _where(config)
    period = _periods(_column(table, config.columns.period, where), where)
    region = _column(table, config.columns.region, where) if config.columns.region else None
    keys = pd.DataFrame({"region": _WHOLE if region is None else region.str.strip(), "period": period})
    values = _values(_column(table, config.columns.value, where), config, where)
    counted = _rows(table, config.where, where)
    numerator = _summed(keys, values, counted, config, where)
    if config.share_of:
        whole = _summed(keys, values, _rows(table, config.share_of, where), config, where)
        numerator = (numerator / whole).where(whole > 0)
    elif config.unit == "percent":
        numerator = numerator / 100
    return _of_regions(study, config, numerator, _names_in(table, region))


def _where(config: Indicator) -> str:
    return f"data/reference/{config.file}"


def _table(study: Study, config: Indicator) -> pd.DataFrame:
    path = study.files.project.reference / config.file
    table, _ = read_genesis(path) if config.layout == "genesis" else read_reference(path)
    return table


def _column(table: pd.DataFrame, name: str, where: str) -> pd.Series:
    if name not in table.columns:
        known = nearest(name, map(str, table.columns))
        raise ConfigError(
            "indicators.toml names a column the file does not have", where=where, value=name, expected=known
        )
    return table[name]


def _periods(column: pd.Series, where: str) -> pd.Series:
    years = pd.to_numeric(column.str.extract(r"(\d{4})$", expand=False), errors="coerce")
    if years.isna().any():
        raise DataError(
            "period is no year", where=where, value=column[years.isna()].iloc[0], expected="2020, or 31.12.2020"
        )
    return years.astype(int)


def _values(column: pd.Series, config: Indicator, where: str) -> pd.Series:
    found = to_numbers(column)
    if len(bad := column[found.isna() & column.notna()]):
        raise DataError(
            "value is no number", where=f"{where}, column {config.columns.value}", value=bad.iloc[0], expected="5.5"
        )
    return found


def _rows(table: pd.DataFrame, condition: str, where: str) -> pd.Series:
    if not condition:
        return pd.Series(True, index=table.index)
    found = holds(condition, f"indicators.toml ({where})", table)
    return found.fillna(False).astype(bool)


def _summed(keys: pd.DataFrame, values: pd.Series, counted: pd.Series, config: Indicator, where: str) -> pd.Series:
    """One value a region and period; rows are added up only where a condition chose them."""
    chosen = keys[counted].assign(value=values[counted])
    if not (config.where or config.share_of) and (double := chosen.duplicated(["region", "period"])).any():
        row = chosen[double].iloc[0]
        raise DataError(
            "the file has two rows for the same region and period",
            where=where,
            value=f"{row['region']}, {row['period']}",
            remedy="choose rows with 'where' in indicators.toml",
        )
    # a sum with an unknown part is unknown
    return chosen.groupby(["region", "period"])["value"].agg(lambda found: found.sum(skipna=False))


def _names_in(table: pd.DataFrame, region: pd.Series | None) -> dict[str, str]:
    if region is None or "name" not in table.columns:
        return {}
    return dict(zip(region.str.strip(), table["name"].astype(str), strict=True))


def _of_regions(study: Study, config: Indicator, found: pd.Series, named: dict[str, str]) -> pd.DataFrame:
    own = config.region or study.files.config.study.region
    wanted = [own if config.columns.region else _WHOLE, *config.compared_with]
    there = list(dict.fromkeys(found.index.get_level_values("region")))
    if missing := [key for key in wanted if key not in there]:
        raise ConfigError(
            "indicators.toml names a region the file does not have",
            where=_where(config),
            value=missing[0],
            expected=nearest(missing[0], map(str, there)),
        )
    starts = sorted(one.period for one in config.breaks)
    parts = []
    for key in wanted:
        values = found.loc[key].sort_index()
        name = region_name(study, config, key, named.get(key, own if key == _WHOLE else key), study.language)
        frame = pd.DataFrame({"region": key, "name": name, "period": values.index, "value": values.to_numpy()})
        parts.append(frame.assign(part=np.searchsorted(starts, frame["period"], side="right")))
    return pd.concat(parts, ignore_index=True)


def region_name(study: Study, config: Indicator, key: str, told: str, language: str) -> str:
    """What a region is called: in indicators.toml, else in its file."""
    own = config.region or study.files.config.study.region
    words = config.names.get(own if key == _WHOLE else key)
    return told if words is None else words.get(language)


def overview(study: Study) -> pd.DataFrame:
    """What each indicator says last, since when it can be compared, and beside other regions.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    pandas.DataFrame
        One row an indicator: ``indicator``, ``theme``, ``period``, ``value``, ``since`` (the first period after the
        last break), ``change`` (value now less value then; missing where there is one period only), ``beside`` (value
        of the last region it is compared with in the same period; missing where there is none).

    Raises
    ------
    ConfigError, DataError
        As of ``series``.

    Examples
    --------
    >>> monitoring.overview(study)[["indicator", "period", "value"]].round(3).head(1)
               indicator  period  value
    0  anteil_unter_18    2020  0.163
    """
    rows = []
    for name in names(study):
        found = series(study, name)
        regions = list(dict.fromkeys(found["region"]))
        own = found[found["region"] == regions[0]].dropna(subset=["value"])
        if own.empty:
            continue
        last = own.iloc[-1]
        same = own[own["part"] == last["part"]]
        first = same.iloc[0]
        beside = found[(found["region"] == regions[-1]) & (found["period"] == last["period"])]
        rows.append(
            {
                "indicator": name,
                "theme": indicator(study, name).theme,
                "period": int(last["period"]),
                "value": float(last["value"]),
                "since": int(first["period"]),
                "change": float(last["value"] - first["value"]) if len(same) > 1 else np.nan,
                "beside": float(beside["value"].iloc[0]) if len(regions) > 1 and len(beside) else np.nan,
            }
        )
    columns = ["indicator", "theme", "period", "value", "since", "change", "beside"]
    return pd.DataFrame(rows, columns=columns)


def scenario(study: Study, name: str, until: int = 0, years: int = 5) -> pd.DataFrame:
    """The district's series, and what would follow if its mean yearly change of the last years went on.

    A scenario, not a forecast: nothing speaks for its coming true but that it has been so, and it has no margin.

    Parameters
    ----------
    study
        The study.
    name
        Id of an indicator.
    until
        Last year of the scenario; default: as many years ahead as are continued.
    years
        Years whose mean change is continued; only years after the last break count.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``value``, ``kind``: ``observed`` or ``scenario``. A share stays between 0 and 1, a number of
        persons at 0 or more.

    Raises
    ------
    ConfigError
        There are no two years to continue.

    Examples
    --------
    >>> monitoring.scenario(study, "arbeitslosenquote", 2022)["kind"].tolist()[-3:]
    ['observed', 'scenario', 'scenario']
    """
    found = series(study, name)
    own = found[found["region"] == found["region"].iloc[0]].dropna(subset=["value"])
    same = own[own["part"] == own["part"].max()]
    same = same[same["period"] >= same["period"].max() - years]
    if len(same) < 2:
        raise ConfigError("there are no two years to continue", where=name, expected="two years after the last break")
    first, last = same.iloc[0], same.iloc[-1]
    yearly = (last["value"] - first["value"]) / (last["period"] - first["period"])
    periods = np.arange(last["period"] + 1, (until or last["period"] + years) + 1)
    config = indicator(study, name)
    highest = 1.0 if config.unit == "percent" else np.inf
    lowest = -np.inf if config.unit == "number" else 0.0
    values = np.clip(last["value"] + yearly * (periods - last["period"]), lowest, highest)
    going_on = pd.DataFrame({"period": periods, "value": values, "kind": "scenario"})
    made: pd.DataFrame = pd.concat([own[["period", "value"]].assign(kind="observed"), going_on], ignore_index=True)
    return made
