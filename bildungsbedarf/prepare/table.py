"""The whole way from a raw export to the analysis table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import ConfigError, DataError, nearest
from bildungsbedarf.expression import holds
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.prepare import quality as rules
from bildungsbedarf.prepare.derive import derive_variables, set_apart
from bildungsbedarf.prepare.duplicates import flag_duplicates
from bildungsbedarf.prepare.quality import Quality
from bildungsbedarf.prepare.reasons import REASONS, Route, is_finished, trace_route
from bildungsbedarf.prepare.timings import durations, page_seconds, relative_speed
from bildungsbedarf.prepare.typed import type_answers
from bildungsbedarf.store import submitted
from bildungsbedarf.study import AudienceConfig

PARADATA = ("startlanguage", "lastpage", "submitdate", "startdate")
ONLINE, PAPER = "online", "paper"


@dataclass(frozen=True)
class Prepared:
    """``responses`` and ``missing`` have one row per counted person; ``quality`` counts all others.

    ``apart`` names the categories that are no groups of their own, by variable.
    """

    responses: pd.DataFrame
    missing: pd.DataFrame
    quality: Quality
    apart: dict[str, list[str]] = field(default_factory=dict)


def prepare_table(
    raw: pd.DataFrame,
    codebook: Codebook,
    config: AudienceConfig,
    wave: str,
    audience: str,
    core: Sequence[str],
    least_apart: int = 10,
) -> Prepared:
    """Type, explain, derive, and count.

    Parameters
    ----------
    raw
        An export as read: text columns under LimeSurvey's headings.
    core
        Questions whose page a person must have passed to be counted.
    least_apart
        Fewest persons outside all groups of a variable for a category of it to be set apart.

    Raises
    ------
    ConfigError
        study.toml names columns or codes that do not exist.
    DataError
        Nobody is counted, or the export lacks a column.
    """
    _refuse_lacking(raw, codebook, f"wave {wave}, audience {audience}")
    named = pd.DataFrame({column.name: raw[column.heading] for column in codebook.columns})
    route = trace_route(raw, named, codebook)
    answers, reasons = type_answers(named, codebook, route, config)
    variables, variable_reasons = derive_variables(answers, reasons, config.variables)
    paradata = _paradata(raw, wave, audience, config)
    on_paper = _on_paper(pd.concat([answers, variables, paradata], axis=1), config)
    minutes, seconds = durations(raw).mask(on_paper), page_seconds(raw, codebook).mask(on_paper)
    speed = relative_speed(seconds)
    paradata = paradata.assign(mode=on_paper.map({True: PAPER, False: ONLINE}), duration_minutes=minutes)
    if seconds.shape[1]:
        paradata["relative_speed"] = speed
    flags = pd.DataFrame(
        {
            rules.SPEEDING: rules.flag_speeding(minutes, speed, config),
            rules.STRAIGHTLINING: rules.flag_straightlining(answers, codebook, config),
        }
    )
    if config.quality.duplicates is not None:
        flags[rules.DUPLICATE] = flag_duplicates(raw, named, config.quality.duplicates)
    if config.quality.ranges:
        flags[rules.OUT_OF_RANGE] = rules.flag_out_of_range(answers, config)
    reason = rules.reason_not_counted(answers, variables, route.passed_page, codebook, config, core)
    excluding = _excluding(config, flags)
    for name in excluding:
        reason = reason.mask(reason.isna() & flags[name].astype(bool), name)
    counted = reason.isna()
    if not counted.any():
        raise DataError(
            "nobody is counted",
            where=f"wave {wave}, audience {audience}",
            value=", ".join(f"{name}: {count}" for name, count in reason.value_counts().items()),
            remedy="check 'eligible', 'strata' and 'core' in study.toml",
        )
    responses = pd.concat([paradata, answers, variables, flags], axis=1)[counted]
    missing = pd.concat([reasons, variable_reasons], axis=1)[counted]
    missing = missing.reindex(columns=responses.columns).astype(pd.CategoricalDtype(list(REASONS)))
    finished = submitted(raw)
    quality = Quality(
        rows=len(raw),
        counted=int(counted.sum()),
        not_counted={name: int((reason == name).sum()) for name in rules.REASONS_NOT_COUNTED if (reason == name).any()},
        submitted=finished,
        partial=int((counted & ~is_finished(raw)).sum()) if finished is not None else 0,
        flagged={name: int(flags.loc[counted, name].sum()) for name in flags.columns if name not in excluding},
        median_minutes=round(float(minutes[counted].median()), 1) if minutes[counted].notna().any() else None,
        page_minutes={
            str(page): round(float(seconds.loc[counted, page].median()) / 60, 1)
            for page in seconds.columns
            if seconds.loc[counted, page].notna().any()
        },
        modes={str(mode): int(count) for mode, count in paradata.loc[counted, "mode"].value_counts().items()},
        route_contradictions=_contradictions(named, route, codebook),
        not_evaluable=route.not_evaluable,
        item_missing=_item_missing(missing),
        broken_off=_broken_off(raw),
        daily=_daily(raw),
    )
    responses, missing, apart = set_apart(responses, missing, config.variables, least_apart)
    return Prepared(responses.reset_index(drop=True), missing.reset_index(drop=True), quality, apart)


def _refuse_lacking(raw: pd.DataFrame, codebook: Codebook, where: str) -> None:
    """The snapshot was taken while study.toml called a column absent that it calls asked now."""
    lacking = [column.heading for column in codebook.columns if column.heading not in raw.columns]
    if lacking:
        raise DataError(
            "the snapshot lacks columns of the questionnaire",
            where=where,
            value=", ".join(lacking[:5]),
            remedy="import the responses again, or absent = […] in study.toml",
        )


def _excluding(config: AudienceConfig, flags: pd.DataFrame) -> list[str]:
    rule = config.quality
    actions = {
        rules.DUPLICATE: rule.duplicates.action if rule.duplicates else "flag",
        rules.SPEEDING: rule.speeding,
        rules.STRAIGHTLINING: rule.straightlining.action if rule.straightlining else "flag",
        rules.OUT_OF_RANGE: rule.out_of_range,
    }
    return [name for name, action in actions.items() if action == "exclude" and name in flags.columns]


def _on_paper(table: pd.DataFrame, config: AudienceConfig) -> pd.Series:
    """Answers keyed in from paper: their times are those of the person who keyed them in."""
    if not config.paper:
        return pd.Series(False, index=table.index)
    return holds(config.paper, "study.toml, paper", table).fillna(False).astype(bool)


def _paradata(raw: pd.DataFrame, wave: str, audience: str, config: AudienceConfig) -> pd.DataFrame:
    columns: dict[str, object] = {
        "id": raw["id"].astype("int64"),
        "wave": wave,
        "audience": audience,
        "mode": ONLINE,
    }
    if config.panel:
        columns["panel"] = _hashed(raw, config.panel)
    for name in PARADATA:
        if name in raw.columns:
            columns[name] = _paradatum(raw[name], name)
    return pd.DataFrame(columns, index=raw.index)


def _hashed(raw: pd.DataFrame, column: str) -> pd.Series:
    """What tells persons apart from wave to wave, so that it cannot be read back by accident."""
    if column not in raw.columns:
        raise ConfigError(
            "export has no column that tells persons apart",
            where="study.toml, panel",
            value=column,
            expected=nearest(column, map(str, raw.columns)),
        )
    keys = raw[column].map(lambda key: hashlib.sha256(key.encode()).hexdigest()[:16] if key else pd.NA)
    return keys.astype("string")


def _paradatum(text: pd.Series, name: str) -> pd.Series:
    filled = text.mask(text == "")
    if name.endswith("date"):
        return to_dates(filled)
    return pd.to_numeric(filled).astype("Int16") if name == "lastpage" else filled.astype("string")


def _contradictions(named: pd.DataFrame, route: Route, codebook: Codebook) -> int:
    """Answers to questions that, by their condition, were not shown."""
    boxes = {column.name for column in codebook.columns if column.values == "checkbox"}
    return sum(
        int((~named[name].isin(["", "N"] if name in boxes else [""]) & ~shown.fillna(True)).sum())
        for name, shown in route.shown.items()
    )


def _broken_off(raw: pd.DataFrame) -> dict[str, int]:
    pages = pd.to_numeric(raw.loc[raw["submitdate"] == "", "lastpage"], errors="coerce").fillna(0).astype(int)
    return {str(page): int(count) for page, count in pages.value_counts().sort_index().items()}


def _daily(raw: pd.DataFrame) -> dict[str, int]:
    days = raw.loc[is_finished(raw), "submitdate"].str.slice(0, 10)
    return {str(day): int(count) for day, count in days.value_counts().sort_index().items()}


def _item_missing(missing: pd.DataFrame) -> dict[str, dict[str, int]]:
    counts = {name: missing[name].value_counts() for name in missing.columns}
    return {str(name): {str(k): int(v) for k, v in count.items() if v} for name, count in counts.items() if count.any()}
