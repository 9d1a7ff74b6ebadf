"""Figures of pages by subject: rows of ``subjects.json`` drawn, and exactly these as a table and a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bildungsbedarf.findings import Finding
from bildungsbedarf.report.drawing import Bar, PlotRow, plots
from bildungsbedarf.report.subjects.known import Entry, Known
from bildungsbedarf.report.subjects.parts import Figure, Table
from bildungsbedarf.report.subjects.takeaways import first_title
from bildungsbedarf.show.workbooks import csv_text

_TOLD = 3
"""Values an alternative text names."""


@dataclass(frozen=True)
class Line:
    """A row of the figure: its label, the row drawn dark, and the one light beside it."""

    label: str
    now: Entry | None
    beside: Entry | None = None
    is_top: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Words:
    """What a figure says beside its drawing. ``now`` and ``beside`` name the two kinds of marks."""

    title: str
    subtitle: str
    corner: str
    now: str
    beside: str = ""
    notes: tuple[str, ...] = ()


def barrier_words(known: Known, first: Finding | None, now: str, beside: str) -> Words:
    """What is said of a figure of barriers: of a group beside all, or of a wave beside the one before.

    ``first`` is the claim that one of them is the most frequent.
    """
    neutral = known.say("Reasons that kept people from taking part")
    text = "“{item}” is the most frequent reason not to take part"
    title = first_title(known, first, known.labels("barrier"), text, neutral)
    return Words(title, known.say("Share of those asked, {wave}", wave=known.last), known.say("Reason"), now, beside)


def format_words(known: Known, now: str, beside: str) -> Words:
    """What is said of a figure of formats."""
    title = known.say("Wanted, but not used")
    return Words(title, known.say("Share of those asked, {wave}", wave=known.last), known.say("Format"), now, beside)


def figure(known: Known, name: str, lines: Sequence[Line], words: Words) -> Figure:
    """Shares with their intervals, from top to bottom as given.

    Parameters
    ----------
    known
        What pages draw from.
    name
        Names the file of its numbers.
    lines
        What is drawn.
    words
        What is said of it.

    Returns
    -------
    Figure
        Drawing, alternative text, table and CSV of the same numbers.
    """
    drawn = [
        PlotRow(
            line.label,
            _bar(line.now),
            _bar(line.beside),
            line.is_top,
            line.is_open,
            known.share(None if line.now is None else line.now["estimate"], 0),
        )
        for line in lines
    ]
    keys = [("now", words.now), *([("before", words.beside)] if words.beside else [])]
    has_intervals = any(row is not None and row["low"] is not None for line in lines for row in (line.now, line.beside))
    notes = [
        *([known.say("Lines: margin of uncertainty.")] if has_intervals else []),
        *words.notes,
        *_base(known, lines),
    ]
    return Figure(
        name,
        words.title,
        words.subtitle,
        plots(drawn, known.language, words.now),
        _alt(known, lines, words),
        _table(known, lines, words),
        _csv(known, lines, words),
        keys,
        notes,
    )


def _base(known: Known, lines: Sequence[Line]) -> list[str]:
    """How many persons the dark marks rest on, from the fewest to the most."""
    persons = [line.now["n"] for line in lines if line.now is not None and line.now["n"] is not None]
    if not persons:
        return []
    fewest, most = known.whole(min(persons)), known.whole(max(persons))
    if fewest == most:
        return [known.say("Each rests on {persons} persons.", persons=most)]
    return [known.say("They rest on {fewest} to {most} persons each.", fewest=fewest, most=most)]


def _bar(row: Entry | None) -> Bar | None:
    if row is None or row["estimate"] is None:
        return None
    share = float(row["estimate"])
    low, high = row["low"], row["high"]
    return Bar(share, share if low is None else float(low), share if high is None else float(high))


def _alt(known: Known, lines: Sequence[Line], words: Words) -> str:
    """The title and the first values with their intervals; what is measured stands in words above the drawing."""
    told: list[str] = []
    for line in lines:
        if line.now is not None and line.now["estimate"] is not None and len(told) < _TOLD:
            ends = f" ({known.interval(line.now)})" if line.now["low"] is not None else ""
            told.append(f"{line.label} {known.share(line.now['estimate'])}{ends}")
    return f"{words.title}. {'; '.join(told)}."


def _table(known: Known, lines: Sequence[Line], words: Words) -> Table:
    heads = [words.corner, words.now, known.say("Persons")]
    heads += [words.beside] if words.beside else []
    rows = []
    for line in lines:
        persons = "–" if line.now is None else _persons(known, line.now)
        cells = [line.label, _cell(known, line.now), persons]
        rows.append([*cells, *([_cell(known, line.beside)] if words.beside else [])])
    return Table(heads, rows)


def _persons(known: Known, row: Entry) -> str:
    return known.say("not shown") if row["n"] is None else known.whole(row["n"])


def _cell(known: Known, row: Entry | None) -> str:
    if row is None:
        return "–"
    if row["estimate"] is None or row["low"] is None:
        return known.share(row["estimate"])
    return f"{known.share(row['estimate'])} ({known.interval(row)})"


def _csv(known: Known, lines: Sequence[Line], words: Words) -> str:
    """The drawn numbers with full precision: one row a mark."""
    heads = [words.corner, "series", "estimate", "low", "high", "n"]
    rows: list[list[Any]] = []
    for line in lines:
        for series, row in ((words.now, line.now), (words.beside, line.beside)):
            if row is not None and series:
                rows.append([line.label, series, row["estimate"], row["low"], row["high"], row["n"]])
    return csv_text(heads, rows)
