"""What is offered, and what providers should mend."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.language import number, translate
from bildungsbedarf.needs.areas import small_area_of
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures.drawing import figure_block
from bildungsbedarf.show.figures.maps import drawn_map, shaded
from bildungsbedarf.show.tables.cells import Cell, share_or_dash
from bildungsbedarf.show.tables.notes import example_or
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.supply import Offers, field_labels, municipalities
from bildungsbedarf.wave import Wave

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
            Cell(_density(row["per_1000"], language) if is_place else share_or_dash(row["used"], language)),
        ]
        rows.append(Row(labels.get(str(row[by]), str(row[by])) or translate("not said", language), cells))
    known = ["In brackets: offers of which it is not known.", *([] if is_place else ["Used: booked of all places."])]
    notes = [
        " ".join(translate(text, language) for text in known),
        *partial_note(wave),
        source_of_offers(wave),
    ]
    title = title or translate("Offers: {by}", language, by=translate(_BY[by], language))
    return plain_table(
        title,
        translate(_BY[by], language),
        [translate(head, language) for head in heads],
        rows,
        notes,
        language=language,
    )


def offers_map(frame: pd.DataFrame, wave: Wave, *, title: str = "", name: str = "offers-map") -> Block:
    """Offers per 1,000 inhabitants by municipality: tiles, or true boundaries where study.toml names a GeoJSON file.

    Parameters
    ----------
    frame
        A frame of ``supply.coverage`` by ``place``.
    wave
        The audience of offers in one wave.
    title
        Default: what is counted.
    name
        Makes ids unique on a page.

    Returns
    -------
    Block
        Finished HTML with its text.

    Raises
    ------
    ConfigError, DataError
        The frame is not by municipality; the GeoJSON cannot be read, or lacks an area.

    Examples
    --------
    >>> show.offers_map(supply.coverage(provided, "place"), provided).payload["name"]
    'offers-map'
    """
    language = wave.language
    if not {"place", "per_1000"} <= set(frame.columns):
        raise ConfigError("a map needs offers by municipality", expected='supply.coverage(wave, "place")')
    areas = municipalities(wave)
    found = frame.set_index("place").reindex(areas.index)
    values = found["per_1000"].astype(float)
    title = title or translate("Offers per 1,000 inhabitants", language)
    chart = drawn_map(areas, shaded(values, lambda value: number(value, language, 1)), wave)
    rows = [
        Row(str(name), [Cell(number(float(value), language, 1)), Cell(number(int(count), language))])
        for name, value, count in zip(areas["name"], values, found["offers"], strict=True)
    ]
    heads = [translate(head, language) for head in ("Per 1,000 inhabitants", "Offers")]
    twin = plain_table(title, translate("Municipality", language), heads, rows, language=language)
    most, least = str(values.idxmax()), str(values.idxmin())
    alt = translate(
        "{title}. Highest: {top} with {high}; lowest: {bottom} with {low}.",
        language,
        title=title,
        top=areas["name"][most],
        high=number(float(values[most]), language, 1),
        bottom=areas["name"][least],
        low=number(float(values[least]), language, 1),
    )
    notes = [
        translate("Held there; offers online are in no municipality.", language),
        *partial_note(wave),
        source_of_offers(wave),
    ]
    if boundaries := small_area_of(wave).boundaries_source:
        notes.insert(1, boundaries)
    return figure_block(chart, name, title, alt, twin, notes, language)


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


def _known(value: Any, unknown: Any, language: str) -> Cell:
    """A count, and in brackets how many do not say."""
    told = "–" if pd.isna(value) else number(int(value), language)
    return Cell(told, number(int(unknown), language) if unknown else "")


def partial_note(wave: Wave) -> list[str]:
    """That nothing follows from what is not there, where not all offers are in."""
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
    title = wave.config.called(wave.audience, language)
    text = translate(
        "Source: {title} {wave}, {offers} offers, snapshot {snapshot}.",
        language,
        title=title,
        wave=wave.name,
        offers=number(wave.snapshot.manifest.rows, language),
        snapshot=wave.snapshot.short,
    )
    return example_or(text, wave)


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
    return plain_table(
        title, translate("Entry", language), heads, rows, [counted, source_of_offers(wave)], language=language
    )
