"""Where a sentence comes from: number, wording, base, method, weights, data, notebook; read from what a run wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bildungsbedarf.findings import DECLARED, Finding
from bildungsbedarf.findings.telling import interval_words, value_words
from bildungsbedarf.language import number, translate
from bildungsbedarf.run.names import QUALITY
from bildungsbedarf.run.notebooks import blocks, read_notebook
from bildungsbedarf.run.steps import ALL, folder_of
from bildungsbedarf.show.process.counting import NOT_COUNTED
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study, Wave

_LONGEST_SCALE = 12

_REASONS = {
    "not_shown": "were not asked",
    "not_answered": "gave no answer",
    "dont_know": "could not judge",
    "refused": "refused",
    "broken_off": "had broken off before",
    "not_evaluable": "a condition of the questionnaire cannot be evaluated",
    "unknown_code": "answered with an unknown code",
    "other_reasons": "other reasons",
}


def explain(study: Study, finding: Finding, language: Language = "en") -> list[tuple[str, str]]:
    """Headings and texts, from the sentence back to the answers.

    Nothing is computed: everything stands in the register, in quality.json, or in the executed notebook.
    """
    if finding.kind == "indicator":
        return _of_indicator(study, finding, language)
    waves = [study.wave(*pair) for pair in waves_of(finding)]
    qualities = [_quality(study, wave) for wave in waves]

    def line(heading: str, text: str, wave: str = "") -> tuple[str, str]:
        return f"{translate(heading, language)} {wave}".strip(), text

    def of_each(heading: str, texts: Sequence[str]) -> list[tuple[str, str]]:
        """A line a wave, where there are several each with its wave."""
        return [
            line(heading, text, wave.name if len(waves) > 1 else "") for wave, text in zip(waves, texts, strict=True)
        ]

    lines = [
        line("Statement", finding.statement[language]),
        line("Number", _number(finding, language)),
        line("Question", f"{finding.wording[language]} ({', '.join(finding.questions)})" if finding.questions else ""),
        line("Answers to choose from", _answers(waves[-1], finding, language)),
        line("Base", f"{finding.base[language]}: n = {number(finding.n, language)}"),
        line("Not in the base", _left_out(finding, language)),
        *of_each("Not counted at all", [_not_counted(quality, language) for quality in qualities]),
        line("Computed as", _formula(study, finding, language)),
        line("Method", translate(finding.method, language)),
        line("Computed with", _call(finding)),
        *of_each("Weights", [_weights(quality, language) for quality in qualities]),
        line("Data", _data(study, finding)),
        line("Shown in", _shown_in(study, finding, language)),
        line("Strategic goals", _goals(study, finding, language)),
    ]
    return [(heading, text) for heading, text in lines if text]


def _of_indicator(study: Study, finding: Finding, language: Language) -> list[tuple[str, str]]:
    """Nobody was asked: definition, source and file stand in place of question, base and weights."""
    lines = [
        ("Statement", finding.statement[language]),
        ("Number", value_words(finding.estimate, finding, language)),
        ("Definition", finding.wording[language]),
        ("Source", finding.base[language]),
        ("Method", translate(finding.method, language)),
        ("Data", "; ".join(finding.snapshot)),
        ("Shown in", _shown_in(study, finding, language)),
        ("Strategic goals", _goals(study, finding, language)),
    ]
    return [(translate(heading, language), text) for heading, text in lines if text]


def _goals(study: Study, finding: Finding, language: Language) -> str:
    """Titles of the goals; the id of one that leitbild.toml has no more."""
    leitbild = study.files.leitbild
    known = {} if leitbild is None else {goal.id: goal.title.get(language) for goal in leitbild.goal}
    return ", ".join(known.get(name, name) for name in finding.goals)


def _number(finding: Finding, language: Language) -> str:
    value = value_words(finding.estimate, finding, language)
    if finding.ci_low is None or finding.se is None or finding.kind == "participation":
        if finding.count is None:
            return value
        text = (
            "{value}, given by {count} of {n} persons" if finding.unit == "dots" else "{value}: {count} of {n} persons"
        )
        counts = {"count": number(finding.count, language), "n": number(finding.n, language)}
        return translate(text, language, value=value, **counts)
    interval = interval_words(*finding.ends, finding, language)
    text = "{value}; 95% interval {interval}; standard error {se}"
    if finding.interval == "joint":
        text = "{value}; 95% interval {interval} for all {family} comparisons at once; standard error {se}"
    digits = 0 if finding.unit == "persons" else 4
    told = {"value": value, "interval": interval, "se": number(finding.se, language, digits), "family": finding.family}
    return translate(text, language, **told)


def _left_out(finding: Finding, language: Language) -> str:
    return ", ".join(
        f"{number(count, language)} {translate(_REASONS[reason], language)}"
        for reason, count in finding.left_out.items()
    )


def _answers(wave: Wave, finding: Finding, language: Language) -> str:
    """Codes and labels of the questions with a scale, as they were asked; of long lists nothing."""
    if not wave.has_answers:
        return ""
    told = {}
    for code in dict.fromkeys(name.partition("[")[0] for name in finding.questions):
        labels = wave.codebook[code].labels(language) if code in wave.codebook else {}
        if 1 < len(labels) <= _LONGEST_SCALE:
            told[code] = ", ".join(f"{key} = {text}" for key, text in labels.items())
    return "; ".join(f"{code}: {text}" for code, text in told.items())


def _not_counted(quality: dict[str, Any] | None, language: Language) -> str:
    """Persons of a wave's export who are in no estimate, by reason."""
    if quality is None:
        return ""
    return ", ".join(
        f"{number(entry['count'], language)} {translate(NOT_COUNTED[entry['reason']], language)}"
        for entry in quality["not_counted"]
        if entry["count"] is not None
    )


def _formula(study: Study, finding: Finding, language: Language) -> str:
    measure = DECLARED.get(finding.measure.removeprefix("trend_"))
    if measure is None or not measure.formula:
        return ""
    audience = finding.audience
    first = study.files.config.first_audience
    cuts = next((entry for entry in study.files.config.needs if (entry.audience or first) == audience), None)
    values = {} if cuts is None else {"important_from": cuts.important_from, "dissatisfied_to": cuts.dissatisfied_to}
    if "{" in measure.formula and not values:
        return ""
    text = translate(measure.formula, language, **values)
    return (
        translate("{formula}; later wave − earlier wave", language, formula=text) if finding.kind == "trend" else text
    )


def _call(finding: Finding) -> str:
    if finding.recipe is None:
        return ""
    waves = [f"{name}/{audience}" for name, audience in finding.recipe.waves]
    arguments = [f"{name}={value!r}" for name, value in finding.recipe.arguments.items()]
    return f"{finding.recipe.function}({', '.join([*waves, *arguments])})"


def _weights(quality: dict[str, Any] | None, language: Language) -> str:
    if quality is None:
        return ""
    weighting = quality["weighting"]
    if weighting["method"] == "none" or not weighting["result"]:
        return translate("none: each counts once", language)
    margins = [f"{' × '.join(entry['by'])} ({entry['file']})" for entry in weighting["margins"]]
    result = weighting["result"]
    return translate(
        "{method} to {margins}; weights from {low} to {high}, Kish design effect {deff}",
        language,
        method=weighting["method"],
        margins=", ".join(margins),
        low=number(result["weight_min"], language, 2),
        high=number(result["weight_max"], language, 2),
        deff=number(result["kish_deff"], language, 2),
    )


def waves_of(finding: Finding) -> list[tuple[str, str]]:
    """Wave and audience of each wave a finding was computed from, the earliest first."""
    return list(finding.recipe.waves) if finding.recipe is not None else [(finding.wave, finding.audience)]


def _data(study: Study, finding: Finding) -> str:
    names = [f"{study.name} {name} {audience}" for name, audience in waves_of(finding)]
    return "; ".join(f"{name}: {sha}" for name, sha in zip(names, finding.snapshot, strict=False))


def _shown_in(study: Study, finding: Finding, language: Language) -> str:
    places = (ALL,) if finding.kind == "indicator" else (_folder(study, finding), ALL)
    for place in places:
        path = study.files.project.results(study.name) / place / "notebooks" / f"{finding.notebook}.ipynb"
        cell = cell_of(path, finding)
        if cell:
            return translate("notebook {name}, cell {cell} ({place})", language, name=path.stem, cell=cell, place=place)
    return finding.notebook


def cell_of(path: Path, finding: Finding) -> int:
    """Number of the cell of an executed notebook that shows a finding; 0 where none does."""
    if not path.is_file():
        return 0
    return _cells(path, path.stat().st_mtime_ns).get((finding.id, finding.wave), 0)


@lru_cache(maxsize=64)
def _cells(path: Path, written: int) -> dict[tuple[str, str], int]:
    """The first cell of each finding of a notebook, as it was written then."""
    found: dict[tuple[str, str], int] = {}
    for place, cell in enumerate(read_notebook(path)["cells"], start=1):
        for block in blocks({"cells": [cell]}):
            for entry in block.get("findings", []):
                found.setdefault((entry["id"], entry["wave"]), place)
    return found


def _quality(study: Study, wave: Wave) -> dict[str, Any] | None:
    path = study.files.project.results(study.name) / folder_of(wave) / QUALITY
    return dict(json.loads(path.read_bytes())) if path.is_file() else None


def _folder(study: Study, finding: Finding) -> str:
    return folder_of(study.wave(*waves_of(finding)[-1]))
