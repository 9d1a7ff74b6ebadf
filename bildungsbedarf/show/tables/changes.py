"""The numbers beneath a figure of two waves: both levels, the change, and both bases."""

from __future__ import annotations

from dataclasses import replace

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell, Legend, base_range, cell, format_value
from bildungsbedarf.show.tables.labels import require_trend, row_labels
from bildungsbedarf.show.tables.notes import source_notes
from bildungsbedarf.show.tables.readings import reading_notes
from bildungsbedarf.show.tables.tables import Row, heading, in_words, plain_table
from bildungsbedarf.wave import Wave


def change_table(released: Released, earlier: Wave, later: Wave, *, title: str = "") -> Block:
    """Items in rows; level before, level after, change with its interval, persons before and after.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned of a trend.
    earlier
        The earlier wave.
    later
        The later wave.
    title
        Default: what the measure is called.

    Returns
    -------
    Block
        Finished HTML with its text and its data.

    Raises
    ------
    ConfigError
        The estimates are no changes between waves.

    Examples
    --------
    >>> released = disclosure.release(needs.trend(wave, later, "satisfaction"))
    >>> show.change_table(released, wave, later).payload["title"]
    'Veränderung: Zufriedenheit mit den Angeboten (in Punkten), 2026–2028'
    """
    require_trend(released, earlier, later, 0)
    facts, language = released.facts, later.language
    legend, labels = Legend(language), row_labels(released, later)
    level = facts.but(kind="level")
    persons = [translate("Persons {wave}", language, wave=wave.name) for wave in (earlier, later)]
    headings = [earlier.name, later.name, translate("Change", language), *persons]
    rows = []
    for row in records(released.frame):
        own = cell(row, released, legend)
        sides = [Cell("–", hidden=True)] * 2
        if not own.hidden:
            sides = [Cell(format_value(row[side], level, language)) for side in ("before", "after")]
        bases = [Cell(base_range([row[side]], language) or "–") for side in ("n_before", "n_after")]
        rows.append(Row(labels[str(row["variable"])], [*sides, own, *bases]))
    named = heading(title, released, later)
    notes = [*reading_notes(facts, later), *source_notes([released], later, earlier=earlier)]
    corner = translate("Field", language)
    block = plain_table(named, corner, headings, rows, notes, sorted(legend.entries.items()), language=language)
    called = [labels[str(name)] for name in released.rows()["variable"]]
    return replace(block, data=in_words(released, called, later))
