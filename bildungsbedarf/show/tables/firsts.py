"""What comes first in each group: a line a group, its largest items beside each other."""

from __future__ import annotations

from dataclasses import replace

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import number, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell, Legend, cell
from bildungsbedarf.show.tables.labels import require_frame, require_released, row_keys, row_labels
from bildungsbedarf.show.tables.notes import source_notes
from bildungsbedarf.show.tables.tables import Row, in_words, plain_table, title_of, with_part
from bildungsbedarf.wave import Wave


def firsts(released: Released, wave: Wave, *, count: int = 2, title: str = "") -> Block:
    """The largest items of each group with their intervals, where all of its items may be shown.

    What is largest in another group is not known: what is hidden there may be larger.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned of a frame split by one variable.
    wave
        One audience in one wave.
    count
        How many items of each group.
    title
        Default: from the measure.

    Returns
    -------
    Block
        Finished HTML with its text and its data: the rows of ``released.largest(count)``.

    Examples
    --------
    >>> block = show.firsts(disclosure.release(needs.unmet(wave, by="altersgruppe")), wave, count=1)
    >>> block.content.rows[0]
    ['18–29', '– u', '8 von 10']
    """
    require_released(released, wave)
    require_frame(released, "needs.unmet(wave, by=group)", (), 1)
    language, by = wave.language, released.facts.by[0]
    first, labels, legend = released.largest(count), row_labels(released, wave), Legend(language)
    groups = {str(group): part for group, part in first.frame.groupby(by, sort=False, observed=True)}
    named, items = wave.labels(by), dict.fromkeys(row_keys(released.frame, released.frame))
    seen = released.rows().dropna(subset=["estimate"])[by].astype(str).value_counts()
    rows = []
    for group in dict.fromkeys(released.frame[by].astype(str)):
        part = groups.get(group, first.frame.iloc[:0])
        keys = [labels[key] for key in row_keys(part, released.frame)]
        told = [_told(key, cell(row, released, legend)) for key, row in zip(keys, records(part), strict=True)]
        if part.empty:
            legend.entries[_UNKNOWN[0]] = translate(_UNKNOWN[1], language)
        told += [Cell("–", mark=_UNKNOWN[0] if part.empty else "", hidden=True)] * (count - len(told))
        of = {"shown": number(int(seen.get(group, 0)), language), "all": number(len(items), language)}
        rows.append(Row(named.get(group, group), [*told, Cell(translate("{shown} of {all}", language, **of))]))
    places = [translate("Place {place}", language, place=place) for place in range(1, count + 1)]
    text = translate("Largest values: {subject}", language, subject=title_of(released, wave))
    notes = [translate(_ORDER, language), *source_notes([released], wave)]
    block = plain_table(
        with_part(title or text, [released], wave),
        wave.title(by),
        [*places, translate("May be shown", language)],
        rows,
        notes,
        sorted(legend.entries.items()),
        language=language,
    )
    called = [labels[key] for key in row_keys(first.rows(), released.frame)]
    return replace(block, data=in_words(first, called, wave))


_ORDER = "In the order of the estimates; where intervals overlap, chance may have made the order."
_UNKNOWN = ("u", "not known, as not everything may be shown: what is hidden may be larger")


def _told(label: str, found: Cell) -> Cell:
    return replace(found, value=f"{label}: {found.value}")
