"""What is offered, what providers should mend, why needs are not met, and which offers would reach most people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import EXAMPLE, Row, plain_table
from bildungsbedarf.supply import Offers, Plan, field_labels, municipalities
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
_PROBLEM_COLUMNS = {
    "title": "Title",
    "provider": "Provider",
    "category": "Category",
    "place": "Place",
    "start": "Beginning",
    "end": "End",
    "time": "Hour",
    "weekday": "Weekday",
    "format": "Format",
    "audience": "Target group",
    "fee": "Fee",
    "hours": "Hours",
    "places": "Places",
    "booked": "Booked",
    "accessible": "Accessible",
    "childcare": "Childcare",
    "url": "Link",
    "id": "Number",
}


def offers_table(frame: pd.DataFrame, wave: Wave, *, by: str = "field", title: str = "") -> Block:
    """Offers by field or municipality: how many, places, when, for how much, accessible or not, how well used.

    Parameters
    ----------
    frame
        A frame of ``supply.coverage``, by one thing.
    wave
        The audience of offers in one wave.
    by
        What it is by.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.offers_table(supply.coverage(provided), provided).kind
    'table'
    """
    language = wave.language
    labels = _labels(wave, by)
    # of fields the inhabitants are always those of the district, of municipalities few offers tell how they are used
    is_place = by == "place"
    own = ("Per 1,000 inhabitants",) if is_place else ("Used",)
    heads = ("Offers", "Places", "Evening or weekend", "Costs little", "Accessible", *own)
    rows = []
    for row in frame.to_dict("records"):
        late = int(row["evening"]) + int(row["weekend"])
        cells = [
            Cell(number(int(row["offers"]), language)),
            _known(row["places"], row["places_unknown"], language),
            _known(late, row["evening_unknown"], language),
            _known(row["low_fee"], row["low_fee_unknown"], language),
            _known(row["accessible"], row["accessible_unknown"], language),
            Cell(_density(row["per_1000"], language) if is_place else _used(row["used"], language)),
        ]
        rows.append(Row(labels.get(str(row[by]), str(row[by])) or translate("not said", language), cells))
    known = ["In brackets: offers of which it is not known.", *([] if is_place else ["Used: booked of all places."])]
    notes = [
        " ".join(translate(text, language) for text in known),
        *_partial(wave),
        source_of_offers(wave),
    ]
    title = title or translate("Offers: {by}", language, by=translate(_BY[by], language))
    return plain_table(title, translate(_BY[by], language), [translate(head, language) for head in heads], rows, notes)


_BY = {
    "field": "Field",
    "place": "Municipality",
    "life_phase": "Phase of life",
    "actor_group": "Group of actors",
    "provider": "Provider",
}


def _labels(wave: Wave, by: str) -> dict[str, str]:
    if by == "field":
        return field_labels(wave, wave.language)
    return {str(code): str(name) for code, name in municipalities(wave)["name"].items()} if by == "place" else {}


def _density(value: Any, language: str) -> str:
    return "–" if pd.isna(value) else number(float(value), language, 2)


def _used(value: Any, language: str) -> str:
    return "–" if pd.isna(value) else percent(float(value), language, 0)


def _known(value: Any, unknown: Any, language: str) -> Cell:
    """A count, and in brackets how many do not say."""
    told = "–" if pd.isna(value) else number(int(value), language)
    return Cell(told, number(int(unknown), language) if unknown else "")


def _partial(wave: Wave) -> list[str]:
    rules = wave.files.offers
    if rules is None or rules.coverage == "complete":
        return []
    return [translate("Not all offers are in: where none stands there may be some.", wave.language)]


def source_of_offers(wave: Wave) -> str:
    """Where the offers come from.

    Parameters
    ----------
    wave
        The audience of offers in one wave.

    Returns
    -------
    str
        In the report's language.

    Examples
    --------
    >>> show.source_of_offers(provided)[:30]
    'Beispieldaten, erfunden. Quell'
    """
    language = wave.language
    title = wave.config.title.get(language) if wave.config.title else wave.audience
    text = translate(
        "Source: {title} {wave}, {offers} offers, snapshot {snapshot}.",
        language,
        title=title,
        wave=wave.name,
        offers=number(wave.snapshot.manifest.rows, language),
        snapshot=wave.snapshot.short,
    )
    return f"{translate(EXAMPLE, language)} {text}" if wave.files.config.study.example else text


def to_mend(found: Offers, wave: Wave) -> Block:
    """How many things providers should mend, by column; the rows are in ``found.problems``.

    Parameters
    ----------
    found
        What ``supply.offers`` returned.
    wave
        The audience of offers in one wave.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.to_mend(supply.offers(provided), provided).kind
    'table'
    """
    language = wave.language
    rows = []
    for (column, what), part in found.problems.groupby(["column", "what"], sort=False):
        cells = [Cell(translate(str(what), language)), Cell(number(len(part), language))]
        rows.append(Row(translate(_PROBLEM_COLUMNS.get(str(column), "Number"), language), cells))
    heads = [translate(head, language) for head in ("What", "Offers")]
    title = translate("What providers should mend", language)
    counted = translate(
        "{counted} of {all} offers are counted: those of the period, each once.",
        language,
        counted=number(len(found.counted), language),
        all=number(len(found.table), language),
    )
    return plain_table(title, translate("Entry", language), heads, rows, [counted, source_of_offers(wave)])


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
        why = [_why(name, km, language) for name in (row["diagnosis"], *filter(None, row["also"].split(", ")))]
        cells = [
            Cell(labels.get(row["variable"], row["variable"])),
            Cell(percent(float(row["need"]), language, 0), interval),
            Cell(_people(row, language)),
            Cell(number(int(row["offers"]), language)),
            Cell("; ".join(why)),
        ]
        rows.append(Row(str(row["name"]), cells))
    heads = ("Field", "Unmet need", "People", "Offers within {km} km", "Where to look")
    notes = [*_summary(frame, labels, km, language), translate(_HOW, language), *_partial(wave), source_of_offers(wave)]
    title = title or translate("Where a need is not met, and where to look for the reason", language)
    headings = [translate(head, language, km=km) for head in heads]
    return plain_table(title, translate("Municipality", language), headings, rows, notes)


_HOW = (
    "Unmet need by municipality is estimated with a model; in brackets its interval of uncertainty. What keeps people "
    "away was asked in general, not by field: the reasons say where to look, they prove nothing."
)


def _why(name: str, km: str, language: str) -> str:
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
        told = ", ".join(f"{_why(str(name), km, language)}: {number(int(n), language)}" for name, n in counts.items())
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
