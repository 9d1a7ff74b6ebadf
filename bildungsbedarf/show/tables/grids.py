"""Tables of items × categories: arrays with all steps, and one row a question of one choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell, Legend, base_range, cell
from bildungsbedarf.show.tables.labels import item_words, require_frame, require_released, step_words
from bildungsbedarf.show.tables.notes import source_notes
from bildungsbedarf.show.tables.tables import Row, head_of, in_words, plain_table, table
from bildungsbedarf.wave import Wave


def grid(released: Released, wave: Wave, *, title: str) -> Block:
    """Items in rows, steps of their scale in columns (a frame of ``needs.steps``).

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    wave
        One audience in one wave.
    title
        Default: what the measure is called.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.grid(disclosure.release(needs.steps(wave, "ZUFR")), wave, title="Zufriedenheit").kind
    'table'
    """
    require_released(released, wave)
    require_frame(released, "needs.steps(wave, question)", ("question", "category"), 0)
    frame, language = released.frame, wave.language
    question = released.facts.question
    steps = list(dict.fromkeys(frame["category"]))
    scales = [wave.codebook[question].labels(language, scale) for scale in (0, 1)]
    labels = {step: " / ".join(dict.fromkeys(scale[step] for scale in scales if step in scale)) for step in steps}
    labels |= step_words(language)
    items = item_words(wave, question)
    legend = Legend(language)
    rows = []
    for item, part in frame.groupby("variable", sort=False):
        found = {row["category"]: cell(row, released, legend) for row in records(part)}
        base = Cell(base_range(part["n"], language) or "–")
        # a step of the other scale: there is nothing to tell
        entries = [found.get(step, Cell("")) for step in steps]
        cells = [Cell(entry.value, "", entry.mark, entry.hidden) for entry in entries]
        rows.append(Row(items.get(str(item), str(item)), [*cells, base]))
    headings = [*(_short(labels.get(step, step)) for step in steps), translate("Persons", language)]
    notes = source_notes([released], wave, intervals=False)
    corner = translate("Item", language)
    block = plain_table(title, corner, headings, rows, notes, sorted(legend.entries.items()), language=language)
    shown = released.rows()
    data = in_words(released, [items.get(str(item), str(item)) for item in shown["variable"]], wave)
    data.insert(1, "category_label", [labels.get(step, step) for step in shown["category"]])
    return replace(block, data=data)


def answers(released: Released, wave: Wave) -> Block:
    """One question as its type reads best (a frame of ``needs.answers``).

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.answers(disclosure.release(needs.answers(wave, "GESCHL")), wave).kind
    'table'
    """
    require_frame(released, "needs.answers(wave, question)", ("question",))
    question = released.facts.question
    title = wave.codebook[question].text(wave.language)
    if released.facts.layout == "steps":
        return grid(released, wave, title=title)
    if released.facts.by:
        return table(released, wave, title=title)
    return table({head_of(released, wave): released}, wave, title=title)


def numbers(
    frame: pd.DataFrame, wave: Wave, columns: Sequence[tuple[str, str, int | None]], *, title: str, corner: str
) -> Block:
    """A plain table of a frame, for numbers that are no single estimate: (column, heading, digits; none: percent)."""
    language = wave.language
    rows = []
    for row in records(frame):
        cells = [
            Cell("–", hidden=True) if pd.isna(row[name]) else Cell(_number(float(row[name]), digits, language))
            for name, _, digits in columns
        ]
        rows.append(Row(str(row["label"]), cells))
    return replace(
        plain_table(title, corner, [heading for _, heading, _ in columns], rows, language=language), data=frame
    )


def _number(value: float, digits: int | None, language: str) -> str:
    return percent(value, language, 0) if digits is None else number(value, language, digits)


def _short(label: str) -> str:
    return label if len(label) <= 24 else label[:23] + "…"
