"""Figures with title, base, source, alternative text that states the message, and the data beneath."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import (
    called,
    clear_dots,
    comparison_notes,
    figure_block,
    figure_notes,
    finish,
    hidden_words,
    is_clear,
    most_lines,
    not_drawn,
    rows_of,
    small_bases,
    value_of,
    write_beside,
)
from bildungsbedarf.show.figures.panels import panels
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.changes import change_table
from bildungsbedarf.show.tables.labels import require_released, require_trend
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.tables import head_of, table, unit_of_difference, with_part
from bildungsbedarf.wave import Wave


def dot_plot(released: Released, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """Estimates as dots with their intervals, largest on top. ``name`` makes ids unique on a page.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    wave
        One audience in one wave.
    title
        Default: what the measure is called.
    name
        Makes ids unique on a page; default: from the measure.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.dot_plot(disclosure.release(needs.unmet(wave)), wave).payload["name"]
    'dots-unmet_need'
    """
    title, name = called(released, wave, "dots", title, name)
    rows, labels = rows_of(released, wave)
    language, facts = wave.language, released.facts
    rows = rows.sort_values("estimate", ignore_index=True)
    rows = rows.assign(place=range(len(rows)))
    chart, axes = style.new_figure(len(rows), most_lines(rows, labels))
    if facts.carries_inference and not facts.is_census:
        marks.ranges(axes, rows, *facts.ends, color=style.DARK, linewidth=2.4, alpha=0.55)
    marks.points(axes, rows, "estimate", color=style.DARK, pointsize=7)
    write_beside(axes, rows, facts, language)
    axes.margins(x=0.12)
    finish(axes, [labels[key] for key in rows["key"]], facts, language, start_at_zero=True)
    alt = _alt_dots(title, rows, labels, facts, language) + hidden_words(released, language)
    missing = not_drawn(len(rows), len(released.frame), [released], language)
    notes = [*figure_notes(facts, wave), *missing, *small_bases(rows, labels, released, wave), source_line(wave)]
    return figure_block(chart, name, title, alt, table(released, wave, title=title), notes, language)


def dumbbell(parts: Sequence[Released], wave: Wave, *, title: str = "", name: str = "") -> Block:
    """Two means on the same answer scale, joined by a line for each item; sorted by their distance.

    Parameters
    ----------
    parts
        Released frames.
    wave
        One audience in one wave.
    title
        Default: what the measure is called.
    name
        Makes ids unique on a page; default: from the measure.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> pair = [disclosure.release(measure(wave)) for measure in (needs.importance, needs.satisfaction)]
    >>> show.dumbbell(pair, wave).payload["title"]
    'Wichtigkeit · Zufriedenheit'
    """
    for part in parts:
        require_released(part, wave)
    left, right = parts
    left_name, right_name = (head_of(part, wave) for part in parts)
    title = with_part(title or f"{left_name} · {right_name}", parts, wave)
    name = name or f"pairs-{left.facts.measure}"
    language, facts = wave.language, left.facts
    first, labels = rows_of(left, wave)
    second, _ = rows_of(right, wave)
    rows = first.merge(second, on="key", suffixes=("", "_right"))
    rows["distance"] = rows["estimate"] - rows["estimate_right"]
    rows = rows.sort_values("distance", ignore_index=True)
    rows = rows.assign(place=range(len(rows)))
    chart, axes = style.new_figure(len(rows) + 1, most_lines(rows, labels))
    marks.ranges(axes, rows, "estimate_right", "estimate", color=style.LIGHT, linewidth=5)
    marks.points(axes, rows, "estimate", color=style.DARK, pointsize=7.5)
    marks.points(axes, rows, "estimate_right", color=style.AMBER, marker="D", pointsize=6.5)
    finish(axes, [labels[key] for key in rows["key"]], facts, language, start_at_zero=False)
    low, high = _ends_of(facts)
    axes.set_xlim(low - 0.15, high + 0.15)
    axes.set_xticks(range(low, high + 1), [str(step) for step in range(low, high + 1)])
    axes.set_xlabel(translate("Mean on the scale from {low} to {high}", language, low=low, high=high))
    handles = [style.dot(style.DARK, "o"), style.dot(style.AMBER, "D")]
    place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 2, "frameon": False}
    axes.legend(handles, [left_name, right_name], **place)
    top = rows.iloc[-1]
    alt = translate(
        "{title}. The largest distance is in the field “{item}”: {left_name} {left}, {right_name} {right}.",
        language,
        title=title,
        item=labels[top["key"]],
        left_name=left_name,
        right_name=right_name,
        left=format_value(top["estimate"], facts, language),
        right=format_value(top["estimate_right"], right.facts, language),
    )
    missing = not_drawn(len(rows), max(len(part.frame) for part in parts), parts, language)
    notes = [*missing, *small_bases(rows, labels, left, wave), source_line(wave)]
    return figure_block(chart, name, title, alt, table(parts, wave, title=title), notes, language)


def _ends_of(facts: Facts) -> tuple[int, int]:
    if facts.scale is None:
        raise ConfigError("these estimates are no means on an answer scale", value=facts.measure)
    return facts.scale


_CHANGED = "Filled dots: a change can be shown."


def change_plot(released: Released, earlier: Wave, later: Wave, *, title: str = "", name: str = "") -> Block:
    """Differences of two waves with the intervals that hold for all of them together; 0 is no change.

    Of changes in groups there is a small chart for each item.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    earlier
        The earlier wave.
    later
        The later wave.
    title
        Default: what the measure is called.
    name
        Makes ids unique on a page; default: from the measure.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> released = disclosure.release(needs.trend(wave, later, "satisfaction"))
    >>> show.change_plot(released, wave, later).payload["name"]
    'change-satisfaction-change'
    >>> released = disclosure.release(needs.trend(wave, later, "satisfaction", by="kinder"))
    >>> show.change_plot(released, wave, later).payload["name"]
    'change-satisfaction-kinder-change'
    """
    title, name = called(released, later, "change", title, name)
    require_trend(released, earlier, later)
    if released.facts.by:
        return _change_by_group(released, earlier, later, title, name)
    rows, labels = rows_of(released, later)
    language, facts = later.language, released.facts
    rows = rows.sort_values("estimate", ignore_index=True)
    chart, axes = style.new_figure(len(rows), most_lines(rows, labels))
    clear_dots(axes, rows)
    write_beside(axes, rows, facts, language)
    finish(axes, [labels[key] for key in rows["key"]], facts, language, start_at_zero=False)
    axes.margins(x=0.14)
    axes.set_xlabel(_years(earlier, later, facts))
    clear_rows = rows[is_clear(rows)]
    changed = "; ".join(
        f"{labels[row['key']]} {format_value(row['estimate'], facts, language)}" for row in records(clear_rows)
    )
    alt = translate(
        "{title}. A change can be shown for: {changed}.",
        language,
        title=title,
        changed=changed or translate("no field", language),
    )
    missing = not_drawn(len(rows), len(released.frame), [released], language)
    notes = [*comparison_notes(facts, later, _CHANGED), *missing, source_line(earlier, later)]
    twin = change_table(released, earlier, later, title=title)
    return figure_block(chart, name, title, alt, twin, notes, language)


def _change_by_group(released: Released, earlier: Wave, later: Wave, title: str, name: str) -> Block:
    """A small chart an item, in which each group has a line."""
    rows, labels = rows_of(released, later, 1)
    language, facts = later.language, released.facts
    ends = rows[["sim_low", "sim_high", "estimate"]]
    low, high = min(float(ends.min().min()), 0.0), max(float(ends.max().max()), 0.0)
    room = 0.05 * (high - low)
    chart = panels(released, rows, labels, later, (low - room, high + room), clear_dots)
    for axes in [axes for axes in chart.axes if axes.axison][-2:]:
        axes.set_xlabel(_years(earlier, later, facts), fontsize=8.5)
    groups = later.labels(facts.by[0])
    changed = "; ".join(
        f"{labels[row['key']]}, {groups.get(str(row[facts.by[0]]), str(row[facts.by[0]]))} "
        f"{format_value(row['estimate'], facts, language)}"
        for row in records(rows[is_clear(rows)])
    )
    alt = translate(
        "{title}. A change can be shown for: {changed}.",
        language,
        title=title,
        changed=changed or translate("no group", language),
    )
    missing = not_drawn(len(rows), len(released.frame), [released], language)
    notes = [*comparison_notes(facts, later, _CHANGED), *missing, source_line(earlier, later)]
    twin = table(released, later, earlier=earlier, title=title)
    return figure_block(chart, name, title, alt, twin, notes, language)


def _years(earlier: Wave, later: Wave, facts: Facts) -> str:
    """Which wave is taken off which, in which unit."""
    named = {"later": later.name, "earlier": earlier.name, "unit": unit_of_difference(facts, later.language)}
    return translate("{later} minus {earlier}, {unit}", later.language, **named)


def _alt_dots(title: str, rows: pd.DataFrame, labels: dict[str, str], facts: Facts, language: str) -> str:
    bottom, *_, top = records(rows) if len(rows) > 1 else records(rows) * 2
    return translate(
        "{title}. Highest value: {top} with {high}; lowest: {bottom} with {low}.",
        language,
        title=title,
        top=labels[top["key"]],
        high=value_of(top, facts, language),
        bottom=labels[bottom["key"]],
        low=value_of(bottom, facts, language),
    )
