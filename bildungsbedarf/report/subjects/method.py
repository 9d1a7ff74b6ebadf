"""Data and method: who was asked and answered, how it was weighed, what is hidden, and all the hashes."""

from __future__ import annotations

import json
from typing import Any

from bildungsbedarf import __version__
from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.language import day, number, percent, translate
from bildungsbedarf.report.subjects.parts import Section, SubjectPage, Table
from bildungsbedarf.run.names import QUALITY
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study, Wave

PATH = "daten-und-methode.html"
_SAMPLING = {
    "probability": "Sample by invitation, weighted to the official population figures",
    "nonprobability": "Self-selected respondents; the results say nothing of others",
    "census": "Count of all ballots returned",
}
_EVERYONE = "Everyone was asked; the answers are counted"
_HANDED_OVER = "Count of what providers handed over"


def method_page(study: Study, waves: list[Wave], findings: int) -> SubjectPage:
    """Who was asked, how it was computed, and which data it rests on.

    Parameters
    ----------
    study
        The study.
    waves
        Its waves and audiences that have pages.
    findings
        How many are registered.

    Returns
    -------
    SubjectPage
        Of every study, with needs or without.
    """
    language = study.language
    sections = [_asked(wave, language) for wave in reversed(waves)]
    sections += [_rules(study), _sources(study), _hashes(study, waves, findings)]
    return SubjectPage(
        PATH,
        translate("Data and method", language),
        translate("Who was asked, how it was computed, what it rests on", language),
        translate("Everything on these pages can be computed again from the data named here.", language),
        [section for section in sections if not section.is_empty],
        translate("Data and method", language),
        door=PATH,
    )


def _asked(wave: Wave, language: Language) -> Section:
    field = wave.wave_config.field or wave.wave_config.period
    is_of_things = not wave.has_answers
    rows = [[translate("Whom it speaks of", language), wave.population[language]]]
    rows.append(
        [
            translate("How they were reached", language),
            translate(_HANDED_OVER if is_of_things else _how(wave), language),
        ]
    )
    if field:
        rows.append([translate("Period", language), f"{day(field.start, language)} – {day(field.end, language)}"])
    rows += _things(wave, language) if is_of_things else _persons(wave, language)
    title = wave.config.called(wave.audience, language)
    return Section(f"{wave.audience}-{wave.name}", f"{title} {wave.name}", table=Table([], rows))


def _how(wave: Wave) -> str:
    ballots = {ballot.audience for ballot in wave.files.config.ballot}
    is_survey = wave.config.sampling == "census" and wave.audience not in ballots
    return _EVERYONE if is_survey else _SAMPLING[wave.config.sampling]


def _things(wave: Wave, language: Language) -> list[list[str]]:
    count = number(wave.snapshot.manifest.rows, language)
    return [[translate("Handed over", language), translate("{offers} offers handed over", language, offers=count)]]


def _persons(wave: Wave, language: Language) -> list[list[str]]:
    quality = _quality(wave)
    rows = []
    invited, returned = wave.wave_config.invited, wave.wave_config.returned
    counted = int(quality["counted"])
    if invited:
        reached = invited - (returned or 0)
        text = translate(
            "{count}, of whom {returned} could not be reached",
            language,
            count=number(invited, language),
            returned=number(returned or 0, language),
        )
        rows.append([translate("Invited", language), text])
        rows.append(
            [translate("Counted of those reached", language), percent(counted / reached, language)] if reached else []
        )
    rows.append(
        [
            translate("Counted", language),
            translate(
                "{persons} dots counted" if wave.counts_dots else "{persons} persons counted",
                language,
                persons=number(counted, language),
            ),
        ]
    )
    reasons = [
        f"{translate(_REASONS.get(one['reason'], 'for other reasons'), language)}: {number(one['count'], language)}"
        for one in quality["not_counted"]
        if one["count"] is not None
    ]
    if reasons:
        rows.append([translate("Not counted", language), "; ".join(reasons)])
    if quality.get("median_minutes"):
        minutes = number(float(quality["median_minutes"]), language, 1)
        rows.append(
            [translate("Time it took", language), translate("{minutes} minutes (median)", language, minutes=minutes)]
        )
    rows.append([translate("Weights", language), _weights(wave, quality["weighting"])])
    return [row for row in rows if row]


_REASONS = {
    "not_eligible": "not among those the survey is of",
    "stratum_unknown": "municipality unknown",
    "broken_off_before_core": "broken off before the main questions",
    "duplicate": "filled in twice",
}


def _weights(wave: Wave, weighting: dict[str, Any]) -> str:
    """In a sentence: to which totals, and what it costs."""
    language = wave.language
    margins = weighting.get("margins") or []
    if not margins:
        return translate("none: everyone counts alike", language)
    result = weighting.get("result") or {}
    told = translate(
        "raked to official totals of {margins}; no weight above {largest} times the mean",
        language,
        margins=translate(" and ", language).join(
            " × ".join(wave.title(name) for name in margin["by"]) for margin in margins
        ),
        largest=number(float((weighting.get("trim") or [0, result.get("weight_max", 0)])[1]), language, 1),
    )
    if not result.get("effective_n"):
        return told
    effective = number(float(result["effective_n"]), language)
    return f"{told}; {translate('as precise as {persons} persons drawn by lot', language, persons=effective)}"


def _quality(wave: Wave) -> dict[str, Any]:
    path = wave.files.project.results(wave.study_name) / folder_of(wave) / QUALITY
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def _rules(study: Study) -> Section:
    language = study.language
    limits = limits_of(study.files.config)
    told = [
        translate("A number of fewer than {persons} persons is not shown.", language, persons=limits.minimum_base),
        translate(
            "A count below {persons} persons is not shown, nor what would give it away.",
            language,
            persons=limits.minimum_cell,
        ),
        translate("Numbers that rest on fewer than {persons} persons are marked.", language, persons=limits.small_base),
        translate(
            "Margins of uncertainty hold with a certainty of 95%; where things are compared, for all comparisons "
            "together. What is called certain lies outside of them.",
            language,
        ),
        translate("Where answers are self-selected, no margins are told and nothing is compared.", language),
    ]
    return Section("regeln", translate("Rules", language), told)


def _sources(study: Study) -> Section:
    language = study.language
    rows = [[name, words.get(language)] for name, words in study.files.config.sources.items()]
    table = Table([translate("File", language), translate("Source and licence", language)], rows) if rows else None
    return Section("quellen", translate("Official statistics used", language), table=table)


def _hashes(study: Study, waves: list[Wave], findings: int) -> Section:
    language = study.language
    rows = []
    for wave in waves:
        title = wave.config.called(wave.audience, language)
        # of a wave that is held back what was published was made of other data
        made_of = str(_quality(wave)["snapshot"]) if wave.has_answers else wave.snapshot.sha256
        rows.append([f"{title} {wave.name}", made_of])
    told = [
        translate(
            "Computed with bildungsbedarf {version}; {findings} findings are registered.",
            language,
            version=__version__,
            findings=number(findings, language),
        )
    ]
    heads = [translate("Data", language), translate("SHA-256 of the snapshot", language)]
    return Section("datenstand", translate("State of the data", language), told, table=Table(heads, rows))
