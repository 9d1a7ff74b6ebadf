"""The numbers beneath a figure of ranks: each item's place, and the places its confidence set contains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell, Legend, base_range, cell
from bildungsbedarf.show.tables.labels import require_frame, require_released, row_labels
from bildungsbedarf.show.tables.notes import source_notes
from bildungsbedarf.show.tables.tables import Row, head_of, heading, in_words, plain_table
from bildungsbedarf.wave import Wave


def rank_table(released: Released, wave: Wave, *, title: str = "") -> Block:
    """Items by place; possible places, the estimate with its interval, persons.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned, with ranks.
    wave
        One audience in one wave.
    title
        Default: what the measure is called.

    Returns
    -------
    Block
        Finished HTML with its text and its data.

    Examples
    --------
    >>> show.rank_table(disclosure.release(needs.unmet(wave)), wave).content.rows[0]
    ['Digitale Kompetenzen', '1.', '1.', '47,6\u202f% (44,3–50,9)', '1.023']
    """
    require_released(released, wave)
    require_frame(released, "needs.unmet(wave)", ("rank_best", "rank_worst"), 0)
    facts, language, labels = released.facts, wave.language, row_labels(released, wave)
    legend = Legend(language)
    shown = released.rows()
    ordered = shown[shown["estimate"].notna()].sort_values("estimate", ascending=facts.measure == "ranked_discrepancy")
    rows = []
    for place, row in enumerate(records(ordered), start=1):
        key = _key(row)
        persons = Cell(base_range([row["n"]], language) or "–")
        rows.append(Row(labels[key], [Cell(_ordinal(place)), _places(row), cell(row, released, legend), persons]))
    hidden = len(released.frame) - len(ordered)
    # of what is hidden nobody knows where it would stand
    heads = ("Place among those shown" if hidden else "Place", "Possible places")
    headings = [*(translate(head, language) for head in heads), head_of(released, wave), translate("Persons", language)]
    named = heading(title, released, wave)
    text = "{hidden} of {all} rows may not be shown and have no place here; they may be larger."
    missing = [translate(text, language, hidden=hidden, all=len(released.frame))] if hidden else []
    notes = [*missing, *source_notes([released], wave)]
    block = plain_table(
        named, translate("Field", language), headings, rows, notes, sorted(legend.entries.items()), language=language
    )
    return replace(block, data=in_words(released, [labels[_key(row)] for row in records(shown)], wave))


def _key(row: Mapping[str, object]) -> str:
    """What tells a row: its item, or the category of one question."""
    return str(row["variable"] if pd.isna(row["category"]) else row["category"])  # type: ignore[call-overload]


def _places(row: dict[str, object]) -> Cell:
    """The ranks the confidence set contains; none where the sampling carries no inference."""
    best, worst = row["rank_best"], row["rank_worst"]
    if pd.isna(best) or pd.isna(worst):  # type: ignore[call-overload]
        return Cell("–", hidden=True)
    low, high = (_ordinal(int(end)) for end in (best, worst))  # type: ignore[call-overload]
    return Cell(low if low == high else f"{low}–{high}")


def _ordinal(place: int) -> str:
    """A place is no count: ``1.``."""
    return f"{place}."
