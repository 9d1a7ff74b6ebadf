"""What official series say, as findings: the value beside other regions, and the change since the last break."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf import monitoring
from bildungsbedarf.findings.model import Finding, Recipe, Texts, Unit
from bildungsbedarf.language import LANGUAGES, number, percent, signed, translate
from bildungsbedarf.monitoring.series import region_name
from bildungsbedarf.sources.files import read_bytes, sha256
from bildungsbedarf.study.indicators import Indicator, IndicatorUnit
from bildungsbedarf.survey.frames import significant
from bildungsbedarf.wave import Study

FUNCTION = "findings.of_indicators"
METHOD = "Official statistics as published; no sample, no interval."
_UNITS: dict[IndicatorUnit, Unit] = {"percent": "share", "persons": "persons", "number": "mean"}
_DIFFERENCES: dict[IndicatorUnit, Unit] = {"percent": "share_difference", "persons": "persons", "number": "difference"}


def of_indicators(study: Study) -> list[Finding]:
    """Two findings an indicator: what it is now, and how it has changed.

    Parameters
    ----------
    study
        The study, with its indicators.toml.

    Returns
    -------
    list of Finding
        Of kind ``indicator``, without audience; their wave is the year, or the first and last year of a change.

    Raises
    ------
    ConfigError, DataError
        As of ``monitoring.series``.

    Examples
    --------
    >>> findings.of_indicators(study)[0].id
    'indicator.anteil_unter_18'
    """
    found = []
    for row in monitoring.overview(study).to_dict("records"):
        config = monitoring.indicator(study, row["indicator"])
        values = monitoring.series(study, config.id)
        found.append(_level(study, config, row, values))
        if pd.notna(row["change"]):
            found.append(_change(study, config, row, values))
    return found


def indicator_unit(unit: IndicatorUnit, *, is_change: bool) -> Unit:
    """Unit of an indicator's finding."""
    return _DIFFERENCES[unit] if is_change else _UNITS[unit]


def value_text(value: float, unit: IndicatorUnit, language: str, *, is_change: bool = False) -> str:
    """A value of an indicator as its sentences write it: a change with its sign, of shares in percentage points."""
    if unit == "percent" and is_change:
        return translate("{number} percentage points", language, number=signed(100 * value, language, 1))
    if unit == "percent":
        return percent(value, language)
    digits = 0 if unit == "persons" else 1
    shown = signed(value, language, digits) if is_change else number(value, language, digits)
    return translate("{number} people", language, number=shown) if unit == "persons" else shown


def _level(study: Study, config: Indicator, row: dict[Any, Any], values: pd.DataFrame) -> Finding:
    regions = values[values["period"] == row["period"]].dropna(subset=["value"]).drop_duplicates("region")
    statement: Texts = {}
    for language in LANGUAGES:
        named = [
            f"{region_name(study, config, key, told, language)} {value_text(value, config.unit, language)}"
            for key, told, value in zip(regions["region"], regions["name"], regions["value"], strict=True)
        ]
        text = "{title} {period}: {own}." if len(named) == 1 else "{title} {period}: {own}; beside it: {others}."
        statement[language] = translate(  # type: ignore[index]
            text,
            language,
            title=config.title.get(language),
            period=row["period"],
            own=named[0],
            others=", ".join(named[1:]),
        )
    key = f"indicator.{config.id}"
    return _finding(
        study, config, key, row["value"], indicator_unit(config.unit, is_change=False), str(row["period"]), statement
    )


def _change(study: Study, config: Indicator, row: dict[Any, Any], values: pd.DataFrame) -> Finding:
    own = values[values["region"] == values["region"].iloc[0]]
    before = float(own.loc[own["period"] == row["since"], "value"].iloc[0])
    statement: Texts = {}
    for language in LANGUAGES:
        text = "{title}, {name}: from {since} to {period} from {before} to {after} ({change})."
        statement[language] = translate(  # type: ignore[index]
            text,
            language,
            title=config.title.get(language),
            name=region_name(study, config, str(own["region"].iloc[0]), str(own["name"].iloc[0]), language),
            since=row["since"],
            period=row["period"],
            before=value_text(before, config.unit, language),
            after=value_text(row["value"], config.unit, language),
            change=value_text(row["change"], config.unit, language, is_change=True),
        )
    wave = f"{row['since']}–{row['period']}"
    key = f"trend_indicator.{config.id}"
    return _finding(study, config, key, row["change"], indicator_unit(config.unit, is_change=True), wave, statement)


def _finding(
    study: Study, config: Indicator, key: str, value: float, unit: Unit, wave: str, statement: Texts
) -> Finding:
    sources = study.files.config.sources
    leitbild = study.files.leitbild
    goals = [] if leitbild is None else leitbild.goal
    return Finding(
        id=key,
        statement=statement,
        kind="indicator",
        measure=key.partition(".")[0],
        item=config.id,
        study=study.name,
        wave=wave,
        audience="",
        questions=[],
        wording={language: config.definition.get(language) for language in LANGUAGES},
        base={
            language: f"{sources[config.file].get(language) if config.file in sources else config.file}, {config.table}"
            for language in LANGUAGES
        },
        n=0,
        estimate=significant(float(value)),
        se=None,
        ci_low=None,
        ci_high=None,
        unit=unit,
        method=METHOD,
        recipe=Recipe(function=FUNCTION, arguments={}, waves=[]),
        snapshot=[sha256(read_bytes(study.files.project.reference / config.file))],
        disclosure="shown",
        concept=config.concept,
        goals=[
            goal.id
            for goal in goals
            if (config.concept and config.concept in goal.concepts)
            or any(entry.finding == key for entry in goal.evidence)
        ],
    )
