"""Why needs are not met where people live, and which offers would reach most of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bildungsbedarf.findings.phrasing import reach_words
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.evidence.offers import partial_note, source_of_offers
from bildungsbedarf.show.tables.cells import Cell, share_or_dash
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.supply import SILENT, Plan, asked_with, field_labels
from bildungsbedarf.survey.frames import rounded
from bildungsbedarf.wave import Wave

_SMALL = 1000
_LONGEST = 15
"""Rows of the table of needs that are not met: a page is read in five minutes, and the frame holds all."""
_DIAGNOSES = {
    "enough": "the need is slight",
    "no_offer": "no offer in the district",
    "too_far": "no offer within {reach}",
    "wrong_time": "not in the evening, at the weekend or online",
    "too_expensive": "nothing that costs little",
    "not_accessible": "nothing accessible",
    "unknown_to_people": "people do not know of them",
    "cannot_say": "cannot be said",
}


_OF_GROUPS = {
    "no_offer": "no offer for this phase of life",
    "too_far": "for many no offer for this phase of life within {reach}",
    "wrong_time": "none for this phase of life in the evening, at the weekend or online",
    "too_expensive": "none for this phase of life that costs little",
    "not_accessible": "none for this phase of life that is accessible",
}
"""Where the district as a whole is meant, not a municipality."""


def diagnosis(frame: pd.DataFrame, wave: Wave, *, title: str = "") -> Block:
    """Where needs are not met and why, most people first; of the many rows those that planners begin with.

    Parameters
    ----------
    frame
        A frame of ``supply.diagnose``.
    wave
        The audience of offers in one wave.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> areas = disclosure.release(needs.small_areas(later, "F05")).frame
    >>> named = disclosure.release(needs.barriers(later)).frame
    >>> show.diagnosis(supply.diagnose(provided, areas, named), provided).kind
    'table'
    """
    language = wave.language
    reach = reach_of(wave, language)
    labels = field_labels(wave, language)
    told = frame[~frame["diagnosis"].isin(SILENT)]
    rows = []
    for row in told.head(_LONGEST).to_dict("records"):
        cells = [
            Cell(labels.get(row["variable"], row["variable"])),
            _need(row, language),
            Cell(_people(row, language)),
            Cell(number(int(row["offers"]), language)),
            Cell(why_words(diagnoses_of(row), reach, language)),
        ]
        rows.append(Row(str(row["name"]), cells))
    heads = ("Field", "Unmet need", "People", "Offers within {reach}", "Where to look")
    notes = [
        *_summary(frame, labels, reach, language),
        translate(COUNTED_TWICE, language),
        " ".join(translate(text, language) for text in (_MODELLED, ASKED_IN_GENERAL)),
        *partial_note(wave),
        source_of_offers(wave),
    ]
    title = title or translate("Where a need is not met, and where to look for the reason", language)
    headings = [translate(head, language, reach=reach) for head in heads]
    return plain_table(title, translate("Municipality", language), headings, rows, notes, language=language)


_MODELLED = "Unmet need by municipality is estimated with a model; in brackets its interval of uncertainty."
COUNTED_TWICE = (
    "People are the need's share times all adults, as if those who could not judge needed as much as those who could; "
    "who has a need in two fields counts twice."
)
ASKED_IN_GENERAL = (
    "What keeps people away was asked in general, not by field: the reasons say where to look, they prove nothing."
)


def group_diagnosis(frame: pd.DataFrame, wave: Wave, *, title: str = "") -> Block:
    """For which groups a need is not met, and what is there for their phase of life.

    Parameters
    ----------
    frame
        A frame of ``supply.diagnose_groups``.
    wave
        The audience of offers in one wave.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.group_diagnosis(findings.held_against_groups(provided, later), provided).kind
    'table'
    """
    language = wave.language
    labels, asked = field_labels(wave, language), asked_with(wave)
    reach = reach_of(wave, language)
    told = frame[~frame["diagnosis"].isin(SILENT)]
    rows = []
    for row in told.sort_values("need", ascending=False, kind="stable").to_dict("records"):
        cells = [
            Cell(labels.get(row["variable"], row["variable"])),
            _need(row, language),
            Cell(number(int(row["offers"]), language)),
            Cell(share_or_dash(row["reached"], language)),
            Cell(why_words(diagnoses_of(row), reach, language, of_group=True)),
        ]
        rows.append(Row(asked.labels(row["by"], language).get(row["group"], row["group"]), cells))
    heads = ("Field", "Unmet need", "Offers for this phase of life", "Have one within {reach}", "Where to look")
    notes = [
        translate(
            "Only where the whole interval of the need is above the limit. “Have one”: inhabitants of municipalities "
            "near enough to an offer for this phase of life; offers online are everywhere and are not in it.",
            language,
        ),
        *partial_note(wave),
        source_of_offers(wave),
    ]
    title = title or translate("For whom a need is not met, and what there is for them", language)
    return plain_table(
        title,
        translate("Group", language),
        [translate(one, language, reach=reach) for one in heads],
        rows,
        notes,
        language=language,
    )


def why_words(names: Sequence[str], reach: str, language: str, *, of_group: bool = False) -> str:
    """Where to look for the reason, by the diagnoses' names; ``reach`` in words (``reach_of``)."""
    words = _DIAGNOSES | (_OF_GROUPS if of_group else {})
    return "; ".join(translate(words[name], language, reach=reach) for name in names)


def diagnoses_of(row: Mapping[Any, Any]) -> list[str]:
    """The diagnosis of a row of ``supply.diagnose``, and the others that hold."""
    return [str(row["diagnosis"]), *filter(None, str(row["also"]).split(", "))]


def reach_of(wave: Wave, language: str) -> str:
    """How far is near enough by the rules of offers.toml, in words."""
    file = wave.files.offers
    if file is None:
        return ""
    minutes = file.rules.reach_minutes
    return reach_words(
        file.rules.reach_km if minutes is None else minutes, "km" if minutes is None else "minutes", language
    )


def _need(row: Mapping[Any, Any], language: str) -> Cell:
    """The share with an unmet need, and its interval."""
    low, high = (percent(float(row[end]), language, 0, sign=False) for end in ("need_low", "need_high"))
    return Cell(percent(float(row["need"]), language, 0), translate("{low} to {high}", language, low=low, high=high))


def _people(row: Mapping[Any, Any], language: str) -> str:
    """Expected people, with as many digits as the interval carries."""
    half = (float(row["people_high"]) - float(row["people_low"])) / 4
    return number(rounded(float(row["people"]), half), language)


def _summary(frame: pd.DataFrame, labels: Mapping[str, str], reach: str, language: str) -> list[str]:
    """How often each diagnosis is given, by field; of fields without any that there is none."""
    found, silent = [], []
    for item, part in frame.groupby("variable", sort=True):
        counts = part["diagnosis"].value_counts()
        if not set(counts.index) - set(SILENT):
            silent.append(labels.get(str(item), str(item)))
            continue
        told = ", ".join(
            f"{why_words([str(name)], reach, language)}: {number(int(n), language)}" for name, n in counts.items()
        )
        text = "{field}, municipalities by diagnosis: {told}."
        found.append(translate(text, language, field=labels.get(str(item), str(item)), told=told))
    if silent:
        text = "The need is slight everywhere, or nothing certain can be said: {fields}."
        found.append(translate(text, language, fields=", ".join(silent)))
    return found


def offers_to_add(plan: Plan, wave: Wave) -> Block:
    """Which further offers would reach most people with an unmet need, and how far from the best a plan can be.

    Parameters
    ----------
    plan
        What ``supply.plan_offers`` returned.
    wave
        The audience of offers in one wave.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> areas = disclosure.release(needs.small_areas(later, "F07")).frame
    >>> named = disclosure.release(needs.barriers(later)).frame
    >>> plan = supply.plan_offers(provided, supply.diagnose(provided, areas, named), 2)
    >>> show.offers_to_add(plan, provided).kind
    'table'
    """
    language = wave.language
    labels = field_labels(wave, language)
    reach = reach_of(wave, language)
    rows = []
    for row in plan.table.to_dict("records"):
        low, high = (about(row[end], language) for end in ("reached_low", "reached_high"))
        cells = [
            Cell(labels.get(row["variable"], row["variable"])),
            Cell(about(row["reached"], language), translate("{low} to {high}", language, low=low, high=high)),
            Cell(why_words(row["answers"].split(", "), reach, language)),
        ]
        rows.append(Row(str(row["name"]), cells))
    notes = [*plan_words(plan.people, plan.open, plan.bound, plan.holds, language), source_of_offers(wave)]
    heads = [translate(head, language) for head in ("Field", "People it adds", "What it answers")]
    title = translate("Which further offers would reach most people", language)
    return plain_table(title, translate("Municipality", language), heads, rows, notes, language=language)


def plan_words(people: float, unmet: float, bound: float, holds: float | None, language: str) -> list[str]:
    """How many people a plan reaches of all whose need an offer could answer, how sure that is, and what it assumes."""
    assumed = translate(
        "An added offer is thought of as near, in the evening, cheap and accessible; people of all municipalities "
        "within reach count.",
        language,
    )
    if not people:
        return [translate("There is no need here that a further offer within reach would answer.", language), assumed]
    values = {"people": people, "open": unmet, "bound": bound}
    told = translate(
        "Together these offers reach about {people} of about {open} people with an unmet need that an offer could "
        "answer; no other choice of as many reaches more than about {bound}.",
        language,
        **{name: about(value, language) for name, value in values.items()},
    )
    twice = translate(COUNTED_TWICE, language)
    if holds is None or pd.isna(holds) or people >= unmet:
        return [told, twice, assumed]
    sure = translate(
        "If needs lie elsewhere in their intervals, these offers still reach at least {share} of what others would, in "
        "95 of 100 cases.",
        language,
        share=percent(holds, language, 0),
    )
    return [told, twice, sure, assumed]


def about(value: float, language: str) -> str:
    """An expected number of people, to hundreds: it carries no more; small ones to tens, and never to nothing."""
    step = 100 if value >= _SMALL else 10
    return number(max(int(value / step + 0.5) * step, 10), language)
