"""Why needs are not met where people live, and which offers would reach most of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.evidence.offers import partial_note, source_of_offers
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.supply import Plan, field_labels
from bildungsbedarf.survey.frames import rounded
from bildungsbedarf.wave import Wave

_LONGEST = 15
"""Rows of the table of needs that are not met: a page is read in five minutes, and the frame holds all."""
_DIAGNOSES = {
    "enough": "the need is slight",
    "no_offer": "no offer in the district",
    "too_far": "no offer within {km} km",
    "wrong_time": "not in the evening, at the weekend or online",
    "too_expensive": "nothing that costs little",
    "not_accessible": "nothing accessible",
    "unknown_to_people": "people do not know of them",
    "cannot_say": "cannot be said",
}


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
    rules = wave.files.offers
    km = number(rules.rules.reach_km if rules is not None else 0, language)
    labels = field_labels(wave, language)
    told = frame[~frame["diagnosis"].isin(["enough", "cannot_say"])]
    rows = []
    for row in told.head(_LONGEST).to_dict("records"):
        low, high = (percent(float(row[end]), language, 0, sign=False) for end in ("need_low", "need_high"))
        interval = translate("{low} to {high}", language, low=low, high=high)
        why = [why_words(name, km, language) for name in (row["diagnosis"], *filter(None, row["also"].split(", ")))]
        cells = [
            Cell(labels.get(row["variable"], row["variable"])),
            Cell(percent(float(row["need"]), language, 0), interval),
            Cell(_people(row, language)),
            Cell(number(int(row["offers"]), language)),
            Cell("; ".join(why)),
        ]
        rows.append(Row(str(row["name"]), cells))
    heads = ("Field", "Unmet need", "People", "Offers within {km} km", "Where to look")
    notes = [
        *_summary(frame, labels, km, language),
        translate(_HOW, language),
        *partial_note(wave),
        source_of_offers(wave),
    ]
    title = title or translate("Where a need is not met, and where to look for the reason", language)
    headings = [translate(head, language, km=km) for head in heads]
    return plain_table(title, translate("Municipality", language), headings, rows, notes)


_HOW = (
    "Unmet need by municipality is estimated with a model; in brackets its interval of uncertainty. What keeps people "
    "away was asked in general, not by field: the reasons say where to look, they prove nothing."
)


def why_words(name: str, km: str, language: str) -> str:
    """Where to look for the reason, by the diagnosis' name; ``km`` as the language writes it."""
    return translate(_DIAGNOSES[name], language, km=km)


def _people(row: Mapping[Any, Any], language: str) -> str:
    """Expected people, with as many digits as the interval carries."""
    half = (float(row["people_high"]) - float(row["people_low"])) / 4
    return number(rounded(float(row["people"]), half), language)


def _summary(frame: pd.DataFrame, labels: Mapping[str, str], km: str, language: str) -> list[str]:
    """How often each diagnosis is given, by field; of fields without any that there is none."""
    found, silent = [], []
    for item, part in frame.groupby("variable", sort=True):
        counts = part["diagnosis"].value_counts()
        if not set(counts.index) - {"enough", "cannot_say"}:
            silent.append(labels.get(str(item), str(item)))
            continue
        told = ", ".join(
            f"{why_words(str(name), km, language)}: {number(int(n), language)}" for name, n in counts.items()
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
    rows = [
        Row(
            str(row["name"]),
            [Cell(labels.get(row["variable"], row["variable"])), Cell(number(_hundreds(row["reached"]), language))],
        )
        for row in plan.table.to_dict("records")
    ]
    text = (
        "Together these offers reach about {people} of about {open} people with an unmet need that an offer could "
        "answer; no other choice of as many reaches more than about {bound}."
    )
    if not rows:
        text = "There is no need here that a further offer within reach would answer."
    values = {"people": plan.people, "open": plan.open, "bound": plan.bound}
    told = translate(text, language, **{name: number(_hundreds(value), language) for name, value in values.items()})
    assumed = translate(
        "An added offer is thought of as near, in the evening, cheap and accessible; people of all municipalities "
        "within reach count.",
        language,
    )
    heads = [translate(head, language) for head in ("Field", "People it adds")]
    title = translate("Which further offers would reach most people", language)
    return plain_table(title, translate("Municipality", language), heads, rows, [told, assumed, source_of_offers(wave)])


def _hundreds(value: float) -> int:
    """To hundreds: an expected number carries no more."""
    return round(value / 100) * 100
