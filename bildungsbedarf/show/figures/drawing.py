"""What all figures share: rows and labels, axes, and the block around a drawing."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.tables import row_labels, self_selection
from bildungsbedarf.wave import Wave

_LABEL_WIDTH = 22


def rows_of(released: Released, wave: Wave, groups: int = 0) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows that may be shown, with their ``key``, and labels by key.

    Raises
    ------
    ConfigError
        The frame is split by another number of variables than the figure shows.
    """
    by = released.attrs.get("by", [])
    if len(by) != groups:
        raise ConfigError(
            f"this figure shows estimates by {groups} grouping variables",
            value=", ".join(by),
            remedy="show.table shows any",
        )
    labels = row_labels(released, wave)
    rows = released.rows().copy()
    has_categories = released.frame["category"].notna().any()
    rows["key"] = (rows["category"] if has_categories else rows["variable"]).astype(str)
    return rows[rows["estimate"].notna()], labels


def interval_notes(attrs: dict[str, Any], wave: Wave) -> list[str]:
    """What the lines are, or why there are none."""
    if attrs.get("nonprobability"):
        return self_selection(wave)
    return [] if attrs.get("census") else [translate("Lines: 95% confidence intervals.", wave.language)]


def wrapped(label: str, width: int = _LABEL_WIDTH) -> list[str]:
    """A label in lines."""
    return textwrap.wrap(label, width)


def most_lines(rows: pd.DataFrame, labels: dict[str, str]) -> int:
    """Lines of the longest label."""
    return max((len(wrapped(labels[key])) for key in rows["key"]), default=1)


def finish(axes: Any, labels: list[str], attrs: dict[str, Any], language: str, *, start_at_zero: bool) -> None:
    """Item labels, a formatted axis of values."""
    axes.set_yticks(range(len(labels)), ["\n".join(wrapped(label)) for label in labels])
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_value(value, tick(attrs), language)))
    if start_at_zero:
        axes.set_xlim(left=0)


def clear_dots(axes: Any, rows: pd.DataFrame) -> None:
    """Differences with their simultaneous intervals: filled where the interval is off 0, hollow and grey elsewhere."""
    for place, row in enumerate(records(rows)):
        clear = bool(row["sim_low"] > 0 or row["sim_high"] < 0)
        colour = style.DARK if clear else style.GREY
        axes.hlines(place, row["sim_low"], row["sim_high"], color=colour, linewidth=2.3, alpha=0.6)
        face = colour if clear else "white"
        axes.scatter(row["estimate"], place, s=50, zorder=3, color=face, edgecolors=colour, linewidths=1.5)
    axes.axvline(0, color=style.TEXT, linewidth=1)


def tick(attrs: dict[str, Any]) -> dict[str, Any]:
    """Ticks of shares need no decimals."""
    return {**attrs, "census": True} if attrs.get("unit") == "share" and not attrs.get("is_difference") else attrs


def figure_block(chart: Any, name: str, title: str, alt: str, twin: Block, notes: list[str], language: str) -> Block:
    """Title, drawing, notes, and the same numbers as a table."""
    html = render(
        "figure.html",
        title=title,
        svg=Markup(style.to_svg(chart, name, alt)),  # noqa: S704 - our own drawing
        notes=notes,
        summary=translate("Numbers of this figure as a table", language),
        twin=Markup(twin.html),  # noqa: S704 - a block of this room
    )
    return Block("figure", html, alt, {"title": title, "alt": alt, "name": name}, chart, twin.data)
