"""What pages by subject show beside the registers: needs of groups and municipalities, and offers there; released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf import needs, supply
from bildungsbedarf.disclosure import Released, limits_of, records, release
from bildungsbedarf.findings import held_against_groups, held_against_needs
from bildungsbedarf.needs.areas import small_area_of
from bildungsbedarf.wave import Wave

_DIGITS = 6
_NEAREST = 3
"""Municipalities named as alike."""
Entry = dict[str, Any]
_NO_OFFERS: Entry = {"offers": [], "diagnoses": [], "groups": [], "plan": None}
_ADDED = 10
"""Offers that the plan adds."""


def subjects(wave: Wave) -> Entry:
    """``subjects.json``: rows of released frames, and the municipalities with those most alike.

    Parameters
    ----------
    wave
        An audience with a battery, or with offers.

    Returns
    -------
    dict
        ``rows``: measure, by, item, group, n, estimate, low, high (``weight`` of a municipality's own answers;
        ``rank_best``, ``rank_worst`` of the whole); what may not leave is null. ``areas``: code,
        name, alike. ``offers``: field, place, offers. ``diagnoses``: field, place, diagnosis, also,
        people, people_low, people_high, rank_best, rank_worst. ``groups``: field, by, group, life_phase, offers,
        unassigned, reached, diagnosis, also. ``plan``: people, open, bound, holds, how many rows
        there are (``all``) and may not be told (``hidden``), and ``offers`` to add with field,
        place, reached, reached_low, reached_high, answers; null where offers are held against nothing.

    Examples
    --------
    >>> subjects(wave)["rows"][0]["measure"]
    'unmet_need'
    """
    head: Entry = {"study": wave.study_name, "wave": wave.name, "audience": wave.audience}
    if wave.config.data == "records":
        asked = asked_beside(wave)
        held: Entry = _NO_OFFERS if asked is None else _held(wave, asked)
        return {**head, "rows": [], "areas": [], **held, "offers": _offers(wave)}
    rows = [row for frame in _frames(wave) for row in _rows(release(frame, limits_of(wave)))]
    return {**head, "rows": rows, "areas": _areas(wave) if _has_areas(wave) else [], **_NO_OFFERS}


def asked_beside(wave: Wave) -> Wave | None:
    """The survey that offers are held against: of the same wave, with municipalities and barriers; else none."""
    if wave.files.needs_of_offers not in wave.files.waves[wave.name].audience:
        return None
    asked = supply.asked_with(wave)
    fits = asked.has_needs and bool(asked.needs.barriers) and _has_areas(asked) and asked.has_snapshot
    return asked if fits else None


def _held(wave: Wave, asked: Wave) -> Entry:
    """Offers against needs: by municipality, by group, and what to add."""
    diagnosed = held_against_needs(wave, asked)
    plan = supply.plan_offers(wave, diagnosed, _ADDED)
    ends = ("reached", "reached_low", "reached_high")
    return {
        "diagnoses": _diagnoses(diagnosed),
        "groups": _groups(held_against_groups(wave, asked)),
        "plan": {
            **{name: _plain(value) for name, value in (("people", plan.people), ("open", plan.open))},
            **{name: _plain(value) for name, value in (("bound", plan.bound), ("holds", plan.holds))},
            "all": len(diagnosed),
            "hidden": int(diagnosed["people"].isna().sum()),
            "offers": [
                {
                    "field": str(row["variable"]),
                    "place": str(row["place"]),
                    **{name: _plain(row[name]) for name in ends},
                    "answers": str(row["answers"]).split(", "),
                }
                for row in records(plan.table)
            ],
        },
    }


def _groups(diagnosed: pd.DataFrame) -> list[Entry]:
    """What there is for each group, and for what reason to look."""
    return [
        {
            "field": str(row["variable"]),
            **{name: str(row[name]) for name in ("by", "group", "life_phase", "diagnosis")},
            "also": [name for name in str(row["also"]).split(", ") if name],
            **{name: int(row[name]) for name in ("offers", "unassigned")},
            "reached": _plain(row["reached"]),
        }
        for row in records(diagnosed)
    ]


def _diagnoses(diagnosed: pd.DataFrame) -> list[Entry]:
    """Where a need is not met and for what reason to look; most people first."""
    return [
        {
            "field": str(row["variable"]),
            "place": str(row["place"]),
            "diagnosis": str(row["diagnosis"]),
            "also": [name for name in str(row["also"]).split(", ") if name],
            **{name: _plain(row[name]) for name in ("people", "people_low", "people_high")},
            **{name: int(row[name]) for name in ("rank_best", "rank_worst")},
        }
        for row in records(diagnosed)
        if row["diagnosis"] not in supply.SILENT
    ]


def _frames(wave: Wave) -> Iterator[pd.DataFrame]:
    config = wave.needs
    pages = wave.files.pages
    is_first = wave.audience == wave.files.config.first_audience
    phases = dict.fromkeys(phase.by for phase in pages.life_phase) if pages is not None and is_first else {}
    compared = wave.compared_groups if wave.allows_inference else []
    for by in (None, *dict.fromkeys([*phases, *compared])):
        yield needs.unmet(wave, by=by)
        if by is not None and by not in phases:
            continue
        if config.barriers:
            yield needs.barriers(wave, by=by)
        if config.formats:
            yield needs.formats(wave, statistic="wanted_not_used", by=by)
    if _has_areas(wave):
        for item in wave.codebook[config.importance].items(wave.language):
            yield needs.small_areas(wave, item)


def _has_areas(wave: Wave) -> bool:
    config = wave.files.config.small_area
    return config is not None and wave.allows_inference and config.group in wave.groups


def _rows(released: Released) -> Iterator[Entry]:
    facts = released.facts
    low, high = facts.ends
    by = facts.by[0] if facts.by else ""
    for row in records(released.frame):
        entry: Entry = {
            "measure": facts.measure,
            "by": by,
            "item": str(row["variable"]),
            "group": str(row[by]) if by else "",
            "n": None if pd.isna(row["n"]) else int(row["n"]),
        }
        numbers = {"estimate": row["estimate"], "low": row[low], "high": row[high]}
        if "shrinkage" in row:
            numbers["weight"] = row["shrinkage"]
        if "rank_best" in row and not by:
            numbers |= {"rank_best": row["rank_best"], "rank_worst": row["rank_worst"]}
        yield entry | {name: _plain(value) for name, value in numbers.items()}


def _plain(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), _DIGITS) + 0.0


def _areas(wave: Wave) -> list[Entry]:
    """The municipalities, each with those whose covariates are nearest (in standard deviations)."""
    table = needs.area_table(wave)
    numbers = table[list(small_area_of(wave).covariates)].to_numpy(dtype=float)
    spread = numbers.std(axis=0)
    scaled = (numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    apart = np.linalg.norm(scaled[:, None] - scaled[None, :], axis=2)
    np.fill_diagonal(apart, np.inf)
    codes = [str(code) for code in table.index]
    nearest = np.argsort(apart, axis=1, kind="stable")[:, : min(_NEAREST, len(codes) - 1)]
    return [
        {"code": code, "name": str(name), "alike": [codes[place] for place in near]}
        for code, name, near in zip(codes, table["name"], nearest, strict=True)
    ]


def _offers(wave: Wave) -> Sequence[Entry]:
    """Offers by field and municipality; of a partial survey too: what was reported."""
    found = supply.coverage(wave, ["field", "place"])
    return [
        {"field": str(row["field"]), "place": str(row["place"]), "offers": int(row["offers"])}
        for row in records(found)
        if row["offers"] and row["field"] and row["place"]
    ]
