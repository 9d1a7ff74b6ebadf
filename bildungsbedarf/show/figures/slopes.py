"""Two waves as slopes: where each item stood before and stands now."""

from __future__ import annotations

from textwrap import shorten

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import called, figure_block, is_clear, rows_of
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.changes import change_table
from bildungsbedarf.show.tables.labels import require_frame
from bildungsbedarf.show.tables.tables import source_line
from bildungsbedarf.wave import Wave

_LEAST_GAP = 0.045
"""Labels are at least this part of the axis apart."""


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
    require_frame(released, "needs.trend(earlier, later, measure)", ("before", "after", "sim_low", "sim_high"))
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
    axes.set_xlim(-0.4, 2.3)
    axes.set_ylim(low - 0.06 * (high - low), high + 0.06 * (high - low))
    for column, x, side in (("before", -0.05, "right"), ("after", 1.05, "left")):
        ordered = rows.sort_values(column)
        places = _apart([float(value) for value in ordered[column]], _LEAST_GAP * (high - low) * 1.12)
        for row, place in zip(records(ordered), places, strict=True):
            value = format_value(row[column], level, language)
            text = value if side == "right" else f"{value}  {shorten(labels[row['key']], 36, placeholder=' …')}"
            axes.annotate(text, (x, place), ha=side, va="center", fontsize=8.5)
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
    return figure_block(chart, name, title, alt, twin, [note, source_line(earlier, later)], language)


def _apart(values: list[float], least: float) -> list[float]:
    """Rising values ``least`` apart: those too close are spread around their own centre."""
    groups: list[list[float]] = []
    for value in values:
        groups.append([value])
        while len(groups) > 1 and _span(groups[-2], least)[1] + least > _span(groups[-1], least)[0]:
            groups[-2:] = [groups[-2] + groups[-1]]
    return [_span(group, least)[0] + least * place for group in groups for place in range(len(group))]


def _span(group: list[float], least: float) -> tuple[float, float]:
    half = least * (len(group) - 1) / 2
    center = sum(group) / len(group)
    return center - half, center + half
