"""From released estimates to findings: every shown row a sentence, and the claims the ranks carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.disclosure.rules import SHOWN
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.findings.model import Finding, Kind, Texts, Unit
from bildungsbedarf.findings.phrasing import Context, Row, direction
from bildungsbedarf.findings.sentences import CLAIMS, SENTENCES
from bildungsbedarf.findings.wording import (
    INTERSECTION,
    base_of,
    group_of,
    item_labels,
    question_columns,
    questions_of,
    scale_of,
    wording_of,
)
from bildungsbedarf.needs.fields.table import CROSS
from bildungsbedarf.wave import Wave

_UNITS: dict[str, Unit] = {"share": "share", "mean": "mean", "dots": "dots", "total": "persons"}
_COMPARISONS = ("equity", INTERSECTION, "quadrant")
_METHODS = {
    "census": "Count of the ballots returned; no inference to others.",
    "nonprobability": "Share of the respondents; self-selected, so no interval and no inference to others.",
    "probability": (
        "Weighted estimate with a linearised design-based standard error (strata, calibration weights); "
        "claims rest on intervals simultaneous over the family (max-t)."
    ),
}


def record(released: Released, wave: Wave, *, earlier: Wave | None = None, claims_only: bool = False) -> list[Finding]:
    """Findings of one released frame.

    Parameters
    ----------
    released
        A frame of ``needs`` or ``participation`` that passed the gate.
    wave
        The wave it was computed from (for a trend the later one).
    earlier
        The earlier wave of a trend.
    claims_only
        Only what the ranks carry ("largest", "most frequent"), not a sentence for every row.

    Raises
    ------
    ConfigError
        There are no sentences for this measure.
    """
    measure = str(released.attrs.get("measure"))
    if measure not in SENTENCES:
        raise ConfigError(f"there is no sentence for the measure {measure!r}", expected=nearest(measure, SENTENCES))
    found: list[Finding] = []
    for values in records(released.rows().sort_values("estimate", ascending=False, kind="stable")):
        templates = [] if claims_only else [("", SENTENCES[measure])]
        templates += [CLAIMS[measure]] if measure in CLAIMS else []
        for suffix, template in templates:
            statement = _statement(template, values, released, wave, earlier)
            if statement is not None:
                found.append(_finding(values, released, wave, earlier, suffix, statement))
    return found


def _statement(
    template: Callable[[Row, Context], str | None], row: Row, released: Released, wave: Wave, earlier: Wave | None
) -> Texts | None:
    """The sentence in both languages; nothing where the row does not carry it."""
    german = template(row, _context("de", row, released, wave, earlier))
    english = template(row, _context("en", row, released, wave, earlier))
    return None if german is None or english is None else {"de": german, "en": english}


def _finding(row: Row, released: Released, wave: Wave, earlier: Wave | None, claim: str, statement: Texts) -> Finding:
    attrs = released.attrs
    measure, item = str(attrs["measure"]), str(row["variable"])
    groups = {name: str(row[name]) for name in attrs.get("by", [])}
    if measure == INTERSECTION:
        groups = dict(zip(str(row["by"]).split(CROSS), str(row["group"]).split(CROSS), strict=True))
    persons = _number(row["count"])
    questions = questions_of(measure, wave, item)
    concept = wave.concept_of(item)
    identifier = ".".join([measure, claim or item, *(_slug(f"{name}-{value}") for name, value in groups.items())])
    return Finding(
        id=identifier,
        statement=statement,
        kind=_kind(attrs, claim, wave),
        measure=measure,
        study=wave.study_name,
        wave=wave.name if earlier is None else f"{earlier.name}–{wave.name}",
        audience=wave.audience,
        questions=question_columns(measure, questions, item),
        wording={language: wording_of(wave, questions, item, language) for language in ("de", "en")},
        base={language: base_of(measure, wave, groups, language) for language in ("de", "en")},
        n=int(row["n"]),
        count=None if persons is None or earlier is not None else int(persons),
        estimate=float(row["estimate"]),
        se=_number(row["se"]),
        ci_low=_number(row["ci_low"]),
        ci_high=_number(row["ci_high"]),
        sim_low=_number(row.get("sim_low")),
        sim_high=_number(row.get("sim_high")),
        family=int(attrs.get("family", 1)),
        unit=_unit(attrs),
        groups=groups,
        method=_METHODS[wave.config.sampling],
        snapshot=[w.snapshot.sha256 for w in (earlier, wave) if w is not None],
        disclosure=SHOWN,
        concept=concept,
        goals=_goals(identifier, concept, wave),
        headline=_is_headline(measure, bool(claim), groups, earlier is not None and direction(row) != 0),
    )


def _context(language: str, row: dict[str, Any], released: Released, wave: Wave, earlier: Wave | None) -> Context:
    attrs = released.attrs
    measure, item = str(attrs["measure"]), str(row["variable"])
    by = list(attrs.get("by", []))
    group = group_of(row, by, wave, language)
    labels = item_labels(measure, wave, language)
    return Context(
        language=language,
        people=wave.people(language),
        item=labels.get(item, item),
        group=group,
        before=earlier.name if earlier else "",
        after=wave.name if earlier else "",
        scale=scale_of(measure, item, wave, language) if attrs.get("unit") == "mean" else "",
        total=float(released.frame["estimate"].sum()) if measure == "dots" else 0.0,
    )


def _is_headline(measure: str, is_claim: bool, groups: dict[str, str], is_change: bool) -> bool:
    """First page: what is largest, for whom the need is largest, and what changed."""
    is_group = measure == INTERSECTION and len(groups) == 1
    return is_change or is_group or (is_claim and (not groups or measure == "unmet_need"))


def _kind(attrs: dict[str, Any], claim: str, wave: Wave) -> Kind:
    if wave.config.sampling == "census":
        return "participation"
    if attrs.get("is_difference") and str(attrs["measure"]).startswith("trend"):
        return "trend"
    # what a later wave no longer carries is not told any more
    return "comparison" if claim or attrs["measure"] in _COMPARISONS else "estimate"


def _unit(attrs: dict[str, Any]) -> Unit:
    unit = str(attrs.get("unit"))
    if attrs.get("is_difference"):
        return "share_difference" if unit == "share" else "difference"
    return _UNITS[unit]


def _goals(identifier: str, concept: str, wave: Wave) -> list[str]:
    leitbild = wave.files.leitbild
    if leitbild is None:
        return []
    return [
        goal.id
        for goal in leitbild.goal
        if any(entry.finding == identifier or (concept and entry.concept == concept) for entry in goal.evidence)
    ]


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "+–-_" else "_" for letter in text)


def _number(value: Any) -> float | None:
    """A released number, or nothing."""
    return None if value is None or pd.isna(value) else float(value)
