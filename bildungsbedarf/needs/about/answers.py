"""Measures of single questions, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bildungsbedarf.estimates import Unit
from bildungsbedarf.needs.about.model import Asks, Claim, Comparison, Measure, Says
from bildungsbedarf.wave import Wave

_ONE = "{people} who answered the question"
_RANKED: frozenset[Comparison] = frozenset({"groups", "ranks"})
_GROUPS: frozenset[Comparison] = frozenset({"groups"})


def _named(key: str) -> Asks:
    """The question that study.toml names under this key of ``[[needs]]``."""

    def asks(wave: Wave, item: str) -> list[str]:
        return [str(getattr(wave.needs, key))]

    return asks


def _scale(wave: Wave, item: str) -> list[str]:
    """The questions a scale's items belong to, each once."""
    items = [name for scale in wave.scales if item in ("", scale.id) for name in scale.items]
    return list(dict.fromkeys(wave.codebook.column(name).question for name in items))


def _no_question(wave: Wave, item: str) -> list[str]:
    """Words belong to no item of a question; the frame's details name the question."""
    return []


NO_THEME = "no_theme"
"""Row of those whose answer is about none of the themes."""


def _theme_labels(wave: Wave, language: str) -> dict[str, str]:
    """Themes by their titles."""
    declared = wave.files.themes
    return {} if declared is None else {one.id: one.title.get(language) for one in declared.theme}


def _of_variable(wave: Wave, item: str) -> list[str]:
    """The question behind a column, or the one a derived variable is made from."""
    if not item:
        return []
    derived = wave.config.variables.get(item)
    return [wave.codebook.column(derived.source if derived is not None else item).question]


def _ranking(statistic: str, head: str, title: str, says: Says | None = None) -> Measure:
    unit: Unit = "mean" if statistic == "borda" else "share"
    base = "{people} who ranked at least one field"
    return Measure(
        f"ranking_{statistic}",
        unit,
        head,
        title,
        base,
        _named("ranking"),
        formula="Σ w · [put in this place] / Σ w, over persons who ranked" if unit == "share" else "Σ w · points / Σ w",
        compares=_RANKED,
        says=says or Says(),
    )


def _format(statistic: str, head: str, says: Says | None = None) -> Measure:
    key, title = f"format_{statistic}", _FORMATS[statistic]
    found = Measure(key, "share", head, title, _ONE, _named("formats"), compares=_RANKED, says=says or Says())
    formula, together = "Σ w · [answered so] / Σ w, over persons who answered", "Formats: used and wanted"
    return replace(found, row="Format", names=_format_names, formula=formula, together=together)


_FORMATS = {"used": "Formats used", "wanted": "Formats wanted", "wanted_not_used": "Formats wanted and not used"}


def _format_names(wave: Wave, details: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """The answers that count as used, as not used, and as wanted, in the questionnaire's words."""
    used, wanted = (wave.codebook[details["question"]].labels(language, scale) for scale in (0, 1))
    return {
        "used": [text for code, text in used.items() if code in details["used"]],
        "not_used": [text for code, text in used.items() if code not in details["used"]],
        "wanted": [text for code, text in wanted.items() if code in details["wanted"]],
    }


ANSWERS = (
    Measure(
        "barrier",
        "share",
        "Share",
        "Barriers to taking part",
        "{people} who were shown the question and passed its page",
        _named("barriers"),
        row="Barrier",
        worse="more",
        compares=_RANKED | {"trend"},
        tells="barrier",
        formula="Σ w · [reason named] / Σ w, over persons who were asked",
        says=Says(
            level="{share} of {people} who were asked name “{item}” as a reason that kept them from taking "
            "part{interval}.",
            rises="“{item}” is named more often in {after} than in {before} as a reason that kept from taking part, by "
            "{people} who were asked: {change} percentage points{interval}.",
            falls="“{item}” is named less often in {after} than in {before} as a reason that kept from taking part, by "
            "{people} who were asked: {change} percentage points{interval}.",
            stays="Whether “{item}” is named more or less often in {after} than in {before} as a reason that kept from "
            "taking part, by {people} who were asked, cannot be shown{interval}.",
            claim=Claim(
                "most_frequent",
                "The most frequent barrier is “{item}”: {share} of {people} who were asked{interval}.",
                "Among {group}, the most frequent barrier is “{item}”: {share} of those who were asked{interval}.",
            ),
        ),
    ),
    Measure(
        "barrier_mentions",
        "share",
        "Share of all mentions",
        "Barriers, shares of all mentions",
        "{people} who were shown the question and passed its page",
        _named("barriers"),
        row="Barrier",
        worse="more",
        compares=_RANKED,
    ),
    _ranking(
        "first",
        "First place",
        "Put in first place",
        Says(
            level="{share} of {people} who ranked fields put “{item}” first{interval}.",
            claim=Claim(
                "most", "Most often put first is “{item}”: by {share} of {people} who ranked fields{interval}."
            ),
        ),
    ),
    _ranking("top", "Among the first three", "Put among the first three"),
    _ranking("top2", "Among the first two", "Put among the first two"),
    _ranking("top4", "Among the first four", "Put among the first four"),
    _ranking("top5", "Among the first five", "Put among the first five"),
    _ranking("never", "Not ranked", "Never ranked"),
    _ranking("borda", "Points", "Mean points of the ranking"),
    _format("used", "used ({used})"),
    _format("wanted", "wanted ({wanted})"),
    _format(
        "wanted_not_used",
        "wanted ({wanted}), not used ({not_used})",
        Says(
            level="{share} of {people} who answered want “{item}” ({wanted}) and do not use it so far "
            "({not_used}){interval}."
        ),
    ),
    Measure(
        "participation",
        "share",
        "Share",
        "Taking part in further education",
        _ONE,
        _named("participation"),
        row="Question",
        has_items=False,
        compares=_GROUPS,
        formula="Σ w · [yes] / Σ w, over persons who answered",
        says=Says(level="“{item}” – {share} of {people} who answered say yes{interval}."),
    ),
    *(
        Measure(
            f"hours_{base}",
            "total" if base == "total" else "mean",
            "Hours",
            title,
            _ONE,
            _named("hours"),
            row="Question",
            has_items=False,
            compares=_GROUPS,
        )
        for base, title in (
            ("participants", "Hours of further education, mean of those who took part"),
            ("all", "Hours of further education, mean of all"),
            ("total", "Hours of further education, sum of all people"),
        )
    ),
    Measure(
        "scale",
        "mean",
        "Mean",
        "Scales",
        _ONE,
        _scale,
        row="Scale",
        has_items=False,
        compares=_RANKED,
        formula="Σ w · mean of the items / Σ w",
        says=Says(level="{item}: {value} on the scale {scale}, on average of {people} who answered{interval}."),
    ),
    Measure("reliability", "mean", "Coefficient", "Reliability of the scales", _ONE, _scale, row="Scale"),
    Measure("distribution", "share", "Share", "Answers", _ONE, _of_variable, row="Answer", compares=_GROUPS),
    Measure("steps", "share", "Share", "Answers", _ONE, _of_variable, row="Item", compares=_GROUPS),
    Measure("ticked", "share", "Share", "Answers", _ONE, _of_variable, row="Item", compares=_RANKED),
    Measure(
        "words",
        "share",
        "Share",
        "Words in the open answers",
        "{people} who wrote an answer",
        _no_question,
        row="Word",
        compares=_RANKED,
        formula="Σ w · [used the word] / Σ w, over persons who wrote an answer",
    ),
    Measure(
        "keyness",
        "share",
        "Difference",
        "Differences in the words of the open answers",
        "{people} who wrote an answer",
        _no_question,
        row="Word",
        formula="share who used the word in the group − share of all others who wrote",
    ),
    Measure(
        "themes",
        "share",
        "Share",
        "Themes of the open answers",
        "{people} who wrote an answer",
        _no_question,
        row="Theme of the answers",
        compares=_RANKED,
        formula="Σ w · [wrote of the theme] / Σ w, over persons who wrote an answer",
        labels=_theme_labels,
    ),
    Measure("number", "mean", "Mean", "Answers", _ONE, _of_variable, row="Item", compares=_RANKED),
)
