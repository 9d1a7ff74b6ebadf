"""What all figures share: rows and labels, axes, and the block around a drawing."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup, escape
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.tables.cells import format_value, reasons_of, with_its_digits
from bildungsbedarf.show.tables.labels import require_released, row_keys, row_labels
from bildungsbedarf.show.tables.notes import self_selection, source_among
from bildungsbedarf.show.tables.readings import reading_notes
from bildungsbedarf.show.tables.tables import heading
from bildungsbedarf.wave import Wave

_LABEL_WIDTH = 22
_STEP_ROOM = 0.1
_NAMED = 4
"""Rows that a note names; more are counted."""


def called(released: Released, wave: Wave, kind: str, title: str, name: str) -> tuple[str, str]:
    """Title and name of a figure: as given, else the measure's; the name makes ids unique on a page."""
    require_released(released, wave)
    facts = released.facts
    parts = [kind, facts.measure, *facts.by, *([facts.kind] if facts.is_difference else [])]
    if facts.kind == "modelled":
        parts += map(str, dict.fromkeys(released.frame["variable"]))
    if period := facts.details.get("period"):
        parts.append(str(period))
    return heading(title, released, wave), name or "-".join(parts)


def rows_of(released: Released, wave: Wave, groups: int = 0) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows that may be shown, with their ``key``, and labels by key.

    Raises
    ------
    ConfigError
        The frame is split by another number of variables than the figure shows.
    """
    by = released.facts.by
    if len(by) != groups:
        raise ConfigError(
            f"this figure shows estimates by {groups} grouping variables" if groups else "this figure shows no groups",
            value=", ".join(by),
            remedy="show.table shows any, show.small_multiples levels and show.change_plot changes by one variable",
        )
    labels = row_labels(released, wave)
    rows = released.rows().copy()
    rows["key"] = row_keys(rows, released.frame)
    return rows[rows["estimate"].notna()], labels


def figure_notes(facts: Facts, wave: Wave) -> list[str]:
    """How the numbers of a drawing are read, and what its lines are."""
    return [*reading_notes(facts, wave), *_interval_notes(facts, wave)]


def comparison_notes(facts: Facts, wave: Wave, filled: str) -> list[str]:
    """The same of a drawing of differences, with what a filled dot says."""
    told = [translate(filled, wave.language)] if facts.carries_inference else []
    return [*figure_notes(facts, wave), *told]


def _interval_notes(facts: Facts, wave: Wave) -> list[str]:
    """What the lines are, or why there are none."""
    level = f"{100 * facts.level:g}"
    if not facts.carries_inference:
        return self_selection(wave)
    if facts.is_census:
        return []
    if not facts.joint:
        return [translate("Lines: interval of uncertainty ({level}% confidence interval).", wave.language, level=level)]
    text = (
        "Lines: interval of uncertainty that holds for all {count} comparisons at once "
        "(joint {level}% confidence interval)."
    )
    return [translate(text, wave.language, count=facts.family, level=level)]


def hidden_words(released: Released, language: str) -> str:
    """That something is hidden, for a text that names the highest of what is drawn."""
    if len(released.rows()) == len(released.frame):
        return ""
    return " " + translate("Some of its numbers may not be shown.", language)


def not_drawn(drawn: int, whole: int, parts: Sequence[Released], language: str) -> list[str]:
    """A note that says how many rows or items of released frames are not drawn, and why."""
    if drawn >= whole:
        return []
    reasons = "; ".join(dict.fromkeys(reason for part in parts for reason in reasons_of(part, language)))
    hidden = whole - drawn
    one = ("1 of {all} rows is not drawn: {reasons}.", "1 of {all} rows is not drawn.")
    several = ("{hidden} of {all} rows are not drawn: {reasons}.", "{hidden} of {all} rows are not drawn.")
    text = (one if hidden == 1 else several)[0 if reasons else 1]
    return [translate(text, language, hidden=hidden, all=whole, reasons=reasons)]


def small_bases(rows: pd.DataFrame, labels: dict[str, str], released: Released, wave: Wave) -> list[str]:
    """A note that says which of the drawn rows rest on few persons, as a table marks them; many are counted."""
    small = rows[rows["small"].astype(bool)]
    if small.empty:
        return []
    by, language = released.facts.by, wave.language
    groups = {name: wave.labels(name) for name in by}
    named = list(
        dict.fromkeys(
            ", ".join([labels[row["key"]], *(groups[name].get(str(row[name]), str(row[name])) for name in by)])
            for row in records(small)
        )
    )
    told = "; ".join(named)
    if len(named) > _NAMED:
        told = translate("{count} of {all} rows", language, count=len(named), all=len(rows))
    text = "Small base (fewer than {small} persons): {rows}."
    return [translate(text, language, small=released.limits.small_base, rows=told)]


def value_of(row: Mapping[str, Any], facts: Facts, language: str) -> str:
    """A row's number as a table has it."""
    return format_value(with_its_digits(row, facts)["estimate"], facts, language)


def write_beside(axes: Any, rows: pd.DataFrame, facts: Facts, language: str) -> None:
    """Each row's number beside its interval; of one that lies below zero to the left, where no line of zero is."""
    for place, row in enumerate(records(rows)):
        low, high = (row["estimate"] if pd.isna(row[end]) else row[end] for end in facts.ends)
        is_below = max(row["estimate"], high) < 0
        axes.annotate(
            value_of(row, facts, language),
            (min(row["estimate"], low) if is_below else max(row["estimate"], high), place),
            xytext=(-7 if is_below else 7, 0),
            textcoords="offset points",
            ha="right" if is_below else "left",
            va="center",
            fontsize=9.5,
            bbox=style.CLEAR,
        )


def wrapped(label: str, width: int = _LABEL_WIDTH) -> list[str]:
    """A label in lines."""
    return textwrap.wrap(label, width)


def most_lines(rows: pd.DataFrame, labels: dict[str, str]) -> int:
    """Lines of the longest label."""
    return max((len(wrapped(labels[key])) for key in rows["key"]), default=1)


def finish(axes: Any, labels: list[str], facts: Facts, language: str, *, start_at_zero: bool) -> None:
    """Item labels, a formatted axis of values, which may start at 0; that of a scale starts at its lowest step."""
    axes.set_yticks(range(len(labels)), ["\n".join(wrapped(label)) for label in labels])
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_value(value, tick(facts), language)))
    if not start_at_zero:
        return
    if facts.scale is not None:
        axes.set_xlim(*steps_of_axis(facts.scale))
    elif axes.dataLim.xmin >= 0:
        axes.set_xlim(left=0)
    else:
        # what lies below would be cut off
        axes.axvline(0, color=style.TEXT, linewidth=1, zorder=0.5)


def steps_of_axis(scale: tuple[int, int]) -> tuple[float, float]:
    """The ends of an axis from the lowest to the highest step, with room for their dots."""
    return scale[0] - _STEP_ROOM, scale[1] + _STEP_ROOM


def is_clear(rows: pd.DataFrame) -> pd.Series:
    """Differences that can be shown: the simultaneous interval is off 0, as in the sentences of ``findings``."""
    return (rows["sim_low"] > 0) | (rows["sim_high"] < 0)


def clear_dots(axes: Any, rows: pd.DataFrame) -> None:
    """Differences with their simultaneous intervals: filled where the interval is off 0, hollow and grey elsewhere."""
    placed = rows if marks.PLACE in rows.columns else rows.assign(place=range(len(rows)))
    clear = is_clear(placed)
    for part, colour, face in ((placed[clear], style.DARK, style.DARK), (placed[~clear], style.GREY, "white")):
        marks.ranges(axes, part, "sim_low", "sim_high", color=colour, linewidth=2.3, alpha=0.6)
        marks.points(axes, part, "estimate", color=face, edgecolor=colour, pointsize=6.5, edgewidth=1.5)
    axes.axvline(0, color=style.TEXT, linewidth=1)


def tick(facts: Facts) -> Facts:
    """Ticks of shares need no decimals."""
    return facts.but(sampling="census") if facts.unit == "share" and not facts.is_signed else facts


_DOUBLED = re.compile(r"([?!…])\.(?= |$)")
"""A full stop after what ends a sentence already."""


def figure_block(chart: Any, name: str, title: str, alt: str, twin: Block, notes: list[str], language: str) -> Block:
    """Title, drawing, notes, and the same numbers as a table.

    A second drawing for phones lies in a ``template``, which only pages open: JupyterLab shows the first.
    """
    # a title may be a question
    alt = _DOUBLED.sub(r"\1", alt)
    wide, narrow = style.to_svg(chart, name, alt), style.to_narrow_svg(chart, name, alt)
    html = render(
        "figure.html",
        title=title,
        svg=Markup(wide),  # noqa: S704 - our own drawing
        narrow=Markup(narrow),  # noqa: S704 - our own drawing
        notes=notes,
        summary=translate("Numbers of this figure as a table", language),
        twin=Markup(_without_notes(twin.html, notes)),  # noqa: S704 - a block of this room
    )
    content = twin.content
    if content is not None and not content.source:
        # a table of numbers that are no single estimate says nothing itself: where it goes, the notes go
        own = [note for note in notes if note not in content.notes]
        content = replace(content, notes=[*content.notes, *own], source=source_among(notes, language))
    return Block("figure", html, alt, {"title": title, "alt": alt, "name": name}, chart, twin.data, content, notes)


def _without_notes(html: str, notes: Sequence[str]) -> str:
    """A table beneath a drawing, which does not say once more what the drawing's notes say."""
    for note in notes:
        html = html.replace(f"<p>{escape(note)}</p>\n", "")
    return html
