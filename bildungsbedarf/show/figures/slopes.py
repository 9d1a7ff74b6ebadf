"""Two waves as slopes: where each item stood before and stands now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import called, figure_block, is_clear, not_drawn, rows_of, wrapped
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.changes import change_table
from bildungsbedarf.show.tables.labels import require_trend
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.wave import Wave

_LINE = 0.043
"""Height of a line of a label, in parts of the axis."""
_LETTERS = 28
_BESIDE = 0.13
"""From the end of a slope to its label: room for the line that leads there."""


def slopes(released: Released, earlier: Wave, later: Wave, *, title: str = "", name: str = "") -> Block:
    """A line an item from its value before to its value after; dark and thick where a change can be shown.

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
    >>> show.slopes(released, wave, later).payload["name"]
    'slopes-satisfaction-change'
    """
    title, name = called(released, later, "slopes", title, name)
    require_trend(released, earlier, later)
    rows, labels = rows_of(released, later)
    language = later.language
    level = released.facts.but(kind="level")
    chart, axes = style.square_figure()
    clear = is_clear(rows)
    for row, stands_out in zip(records(rows), clear, strict=True):
        colour, width = (style.DARK, 2.4) if stands_out else (style.GREY, 1.1)
        ends = pd.DataFrame({"wave": [0, 1], "value": [row["before"], row["after"]], "item": row["key"]})
        marks.lines(axes, ends, "wave", "value", "item", color=colour, linewidth=width, marker="o", pointsize=5)
    points = rows[["before", "after"]].to_numpy(dtype=float)
    low, high = points.min(), points.max()
    span = high - low or 1.0
    axes.set_xlim(-0.45, 2.3)
    axes.set_ylim(low - 0.06 * span, high + 0.06 * span)
    for column, end, side in (("before", 0, "right"), ("after", 1, "left")):
        ordered = records(rows.sort_values(column))
        names = [[] if side == "right" else wrapped(labels[row["key"]], _LETTERS) for row in ordered]
        values = [float(row[column]) for row in ordered]
        places = _apart(values, [max(len(lines), 1) for lines in names], _LINE * 1.12 * span)
        at = end - _BESIDE if side == "right" else end + _BESIDE
        for row, lines, value, place in zip(ordered, names, values, places, strict=True):
            told = format_value(row[column], level, language)
            text = "\n".join([f"{told}  {lines[0]}", *(" " * _INDENT + line for line in lines[1:])]) if lines else told
            axes.plot([end, at], [value, place], color=style.LIGHT, linewidth=0.9, zorder=0)
            axes.annotate(text, (at, place), ha=side, va="center", fontsize=8.5, linespacing=1.0)
    for spine in ("left", "bottom"):
        axes.spines[spine].set_visible(False)
    axes.set_yticks([])
    axes.set_xticks([0, 1], [earlier.name, later.name])
    alt = translate(
        "{title}. A change can be shown for: {changed}.",
        language,
        title=title,
        changed="; ".join(labels[key] for key in rows.loc[clear, "key"]) or translate("no field", language),
    )
    note = translate("Thick lines: a change can be shown.", language)
    twin = change_table(released, earlier, later, title=title)
    notes = [note, *not_drawn(len(rows), len(released.frame), [released], language), source_line(earlier, later)]
    return figure_block(chart, name, title, alt, twin, notes, language)


def _apart(values: Sequence[float], lines: Sequence[int], height: float) -> list[float]:
    """Places of labels with so many lines: in the order of their rising values, as near to them as there is room."""
    heights = height * np.array(lines, dtype=float)
    below = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    return list(isotonic_regression(np.array(values) - below).x + below)


_INDENT = 12
"""Spaces before the second line of a name: it stands beneath the first."""
