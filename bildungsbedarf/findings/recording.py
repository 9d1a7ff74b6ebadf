"""From released estimates to findings: every shown row a sentence, and the claims the ranks carry."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.disclosure.rules import SHOWN
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings.declared import measure_of, unit_of
from bildungsbedarf.findings.model import Finding, Kind, Recipe, Texts, slug
from bildungsbedarf.findings.phrasing import Context, Row, direction, say
from bildungsbedarf.findings.recorded import Recorded
from bildungsbedarf.findings.sentences import texts_of
from bildungsbedarf.findings.sentences.chosen import chosen
from bildungsbedarf.findings.wording import (
    base_of,
    group_words,
    groups_of,
    item_labels,
    left_out,
    named,
    question_columns,
    scale_words,
    wording_of,
)
from bildungsbedarf.language import LANGUAGES
from bildungsbedarf.needs.about import Measure
from bildungsbedarf.needs.groups.crossed import CROSSED
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.deviations import deviations

_METHODS = {
    "census": "Count of the ballots returned; no inference to others.",
    "nonprobability": "Share of the respondents; self-selected, so no interval and no inference to others.",
    "probability": (
        "Weighted estimate with a linearised design-based standard error (strata, calibration weights); "
        "claims rest on intervals simultaneous over the family (max-t)."
    ),
}
_COUNT_OF_OFFERS = (
    "Count of the offers that providers handed over, by the rules of offers.toml; no sample, no interval."
)


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

    Returns
    -------
    list of Finding
        In the order of the estimates, largest first: a row's own sentence, then the claim it carries. Empty where
        nothing can be said; it shows why.

    Raises
    ------
    ConfigError
        The measure is not declared, nothing is ever said of it, or the frame is of another wave or of part of the
        people only; a change without its earlier wave, or with waves in another order.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave, claims_only=True)
    >>> found[0].id
    'unmet_need.largest'
    """
    released.check()
    facts = released.facts
    measure = measure_of(facts)
    _refuse_speechless(facts, measure)
    _refuse_foreign(facts, wave, earlier)
    found: list[Finding] = []
    rows = records(released.rows().sort_values("estimate", ascending=False, kind="stable"))
    for row in chosen(rows, facts):
        for suffix, text in texts_of(row, facts, measure, claims_only=claims_only):
            contexts = [_context(language, row, released, measure, wave, earlier) for language in LANGUAGES]
            statement: Texts = {context.language: say(text, row, facts, context) for context in contexts}  # type: ignore[misc]
            found.append(_finding(row, facts, measure, wave, earlier, suffix, statement))
    return Recorded(found, wave.language, _why_none(rows, claims_only=claims_only))


def _why_none(rows: list[dict[str, Any]], *, claims_only: bool) -> str:
    """Why nothing can be said of released rows, where nothing is."""
    if not rows:
        return "no row may be shown (released.decisions says why)"
    if claims_only:
        return "no rank, majority or change is certain; claims_only=False has a sentence for every row"
    return "none of the rows carries a sentence: no change or difference is certain"


def _refuse_speechless(facts: Facts, measure: Measure) -> None:
    says = measure.says
    texts = (says.rises,) if facts.kind == "change" else (says.level, says.above, says.claim)
    if not any(texts):
        raise ConfigError(
            f"there is no sentence for {measure.key!r}",
            value=facts.kind,
            remedy="show the frame as a table or figure, or declare its sentences in needs/about",
        )


def _refuse_foreign(facts: Facts, wave: Wave, earlier: Wave | None) -> None:
    """A sentence speaks of all people of the waves it names: of these waves, in their order, and of no part of them."""
    is_change = facts.kind == "change"
    if is_change != (earlier is not None):
        raise ConfigError(
            "a change is between two waves, and nothing else is",
            where=facts.measure,
            value=facts.kind,
            remedy="findings.record(released, later, earlier=…) for a trend, findings.record(released, wave) else",
        )
    known = [w.source for w in (earlier, wave) if w is not None]
    if facts.source and facts.source.split("; ") != known:
        raise ConfigError("the frame is of another wave", value=facts.source, expected="; ".join(known))
    if facts.part:
        raise ConfigError(
            "the frame is of part of the people only, and its sentences would speak of all",
            value=facts.part,
            remedy="split by the variable instead (by=…): its sentences name the groups",
        )
    if otherwise := deviations(facts):
        raise ConfigError(
            "these numbers are computed otherwise than study.toml declares, and the sentences are of what it declares",
            where=facts.measure,
            value=", ".join(otherwise),
            remedy="show them as a table, or declare them in study.toml: variables, needs, quality, weighting",
        )


def _finding(
    row: Row, facts: Facts, measure: Measure, wave: Wave, earlier: Wave | None, claim: str, statement: Texts
) -> Finding:
    item, groups = str(row["variable"]), groups_of(row, facts)
    persons = _number(row["count"])
    questions = measure.asks(wave, item)
    concept = wave.concept_of(item)
    key = f"trend_{measure.key}" if facts.kind == "change" else measure.key
    # of three waves and more each step is a finding of its own; the whole time keeps the plain id
    step = [str(facts.details["period"])] if facts.details.get("step") else []
    place = claim or slug(item)
    identifier = ".".join([key, place, *(slug(f"{name}-{value}") for name, value in groups.items()), *step])
    return Finding(
        id=identifier,
        statement=statement,
        kind=_kind(facts, measure, claim),
        measure=key,
        item=item,
        study=wave.study_name,
        wave=wave.name if earlier is None else f"{earlier.name}–{wave.name}",
        audience=wave.audience,
        questions=question_columns(measure, questions, item),
        wording={language: wording_of(wave, questions, item, language) for language in LANGUAGES},
        base={language: base_of(measure, wave, groups, language) for language in LANGUAGES},
        n=int(row["n"]),
        count=None if persons is None or earlier is not None else int(persons),
        left_out={} if groups or earlier is not None else left_out(wave, measure, questions, item, int(row["n"])),
        estimate=float(row["estimate"]),
        se=_number(row["se"]),
        ci_low=_number(row["ci_low"]),
        ci_high=_number(row["ci_high"]),
        sim_low=_number(row.get("sim_low")),
        sim_high=_number(row.get("sim_high")),
        interval="joint" if facts.joint else "pointwise",
        family=facts.family,
        unit=unit_of(facts.unit, is_difference=facts.is_difference),
        groups=groups,
        method=_COUNT_OF_OFFERS if measure.tells == "supply" else _METHODS[wave.config.sampling],
        recipe=Recipe(**facts.recipe) if facts.recipe else None,
        snapshot=[w.snapshot.sha256 for w in (earlier, wave) if w is not None],
        disclosure=SHOWN,
        concept=concept,
        goals=_goals(identifier, concept, wave),
        headline=_is_headline(facts, measure, bool(claim), groups, earlier is not None and direction(row, facts) != 0),
    )


def _context(
    language: str, row: Row, released: Released, measure: Measure, wave: Wave, earlier: Wave | None
) -> Context:
    facts, item = released.facts, str(row["variable"])
    labels = item_labels(measure, wave, language)
    return Context(
        language=language,
        people=wave.people(language),
        item=labels.get(item, item),
        group=group_words(groups_of(row, facts), wave, language),
        before=earlier.name if earlier else "",
        after=wave.name if earlier else "",
        scale=scale_words(measure, item, wave, language) if facts.unit == "mean" else "",
        total=float(released.frame["estimate"].sum()) if facts.unit == "dots" else 0.0,
        names=named(measure, wave, facts, language),
    )


def _is_headline(facts: Facts, measure: Measure, is_claim: bool, groups: dict[str, str], is_change: bool) -> bool:
    """First page: what is largest, for whom the need is largest, and what changed."""
    is_group = facts.layout == CROSSED and len(groups) == 1 and bool(measure.worse)
    is_change = is_change and not facts.details.get("step")
    return is_change or is_group or (is_claim and (not groups or measure.key == "unmet_need"))


def _kind(facts: Facts, measure: Measure, claim: str) -> Kind:
    if facts.is_census:
        return measure.tells if measure.tells == "supply" else "participation"
    if facts.kind == "change":
        return "trend"
    return "rank" if claim else measure.tells


def _goals(identifier: str, concept: str, wave: Wave) -> list[str]:
    leitbild = wave.files.leitbild
    if leitbild is None:
        return []
    return [
        goal.id
        for goal in leitbild.goal
        if concept in goal.concepts
        or any(entry.finding == identifier and entry.audience in ("", wave.audience) for entry in goal.evidence)
    ]


def _number(value: Any) -> float | None:
    """A released number, or nothing."""
    return None if value is None or pd.isna(value) else float(value)
