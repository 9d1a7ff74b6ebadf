"""Figures with title, base, source, alternative text that states the message, and the data beneath."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import translate
from bildungsbedarf.show import style
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.cells import format_value
from bildungsbedarf.show.tables import row_labels, self_selection, source_line, table
from bildungsbedarf.wave import Wave

_LABEL_WIDTH = 22


def dot_plot(released: Released, wave: Wave, *, title: str, name: str) -> Block:
    """Estimates as dots with their intervals, largest on top. ``name`` makes ids unique on a page."""
    rows, labels = _rows(released, wave)
    language, attrs = wave.language, released.attrs
    rows = rows.sort_values("estimate", ignore_index=True)
    chart, axes = style.new_figure(len(rows), _most_lines(rows, labels))
    places = range(len(rows))
    if not attrs.get("census"):
        axes.hlines(places, rows["ci_low"], rows["ci_high"], color=style.DARK, linewidth=2.4, alpha=0.55)
    axes.scatter(rows["estimate"], places, color=style.DARK, s=46, zorder=3)
    for place, estimate, high in zip(places, rows["estimate"], rows["ci_high"], strict=True):
        axes.annotate(
            format_value(estimate, attrs, language),
            (estimate if pd.isna(high) else max(estimate, high), place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
        )
    _finish(axes, [labels[key] for key in rows["key"]], attrs, language, start_at_zero=True)
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    alt = _alt_dots(title, rows, labels, attrs, language)
    notes = [*_interval_notes(attrs, wave), source_line(wave)]
    return _figure_block(chart, name, title, alt, table(released, wave, title=title), notes, language)


def dumbbell(parts: Mapping[str, Released], wave: Wave, *, title: str, name: str) -> Block:
    """Two means on the same answer scale, joined by a line for each item; sorted by their distance."""
    (left_name, left), (right_name, right) = parts.items()
    language, attrs = wave.language, left.attrs
    first, labels = _rows(left, wave)
    second, _ = _rows(right, wave)
    rows = first.merge(second, on="key", suffixes=("", "_right"))
    rows["distance"] = rows["estimate"] - rows["estimate_right"]
    rows = rows.sort_values("distance", ignore_index=True)
    chart, axes = style.new_figure(len(rows) + 1, _most_lines(rows, labels))
    places = range(len(rows))
    axes.hlines(places, rows["estimate_right"], rows["estimate"], color=style.LIGHT, linewidth=5)
    axes.scatter(rows["estimate"], places, color=style.DARK, s=58, zorder=3, label=left_name)
    axes.scatter(rows["estimate_right"], places, color=style.AMBER, marker="D", s=44, zorder=3, label=right_name)
    _finish(axes, [labels[key] for key in rows["key"]], attrs, language, start_at_zero=False)
    low, high = attrs["scale"]
    axes.set_xlim(low - 0.15, high + 0.15)
    axes.set_xticks(range(low, high + 1), [str(step) for step in range(low, high + 1)])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
    top = rows.iloc[-1]
    alt = translate(
        "{title}. The largest distance is in the field “{item}”: {left_name} {left}, {right_name} {right}.",
        language,
        title=title,
        item=labels[top["key"]],
        left_name=left_name,
        right_name=right_name,
        left=format_value(top["estimate"], attrs, language),
        right=format_value(top["estimate_right"], right.attrs, language),
    )
    return _figure_block(chart, name, title, alt, table(parts, wave, title=title), [source_line(wave)], language)


def change_plot(released: Released, earlier: Wave, later: Wave, *, title: str, name: str) -> Block:
    """Differences of two waves with the intervals that hold for all items together; 0 is no change."""
    rows, labels = _rows(released, later)
    language, attrs = later.language, released.attrs
    rows = rows.sort_values("estimate", ignore_index=True)
    chart, axes = style.new_figure(len(rows), _most_lines(rows, labels))
    for place, row in enumerate(records(rows)):
        clear = bool(row["sim_low"] > 0 or row["sim_high"] < 0)
        colour = style.DARK if clear else style.GREY
        axes.hlines(place, row["sim_low"], row["sim_high"], color=colour, linewidth=2.4, alpha=0.6)
        axes.scatter(
            row["estimate"],
            place,
            s=52,
            zorder=3,
            color=colour if clear else "white",
            edgecolors=colour,
            linewidths=1.6,
        )
        axes.annotate(
            format_value(row["estimate"], attrs, language),
            (row["estimate"] if pd.isna(row["sim_high"]) else row["sim_high"], place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
        )
    axes.axvline(0, color=style.TEXT, linewidth=1)
    _finish(axes, [labels[key] for key in rows["key"]], attrs, language, start_at_zero=False)
    axes.margins(x=0.14)
    clear_rows = rows[(rows["sim_low"] > 0) | (rows["sim_high"] < 0)]
    changed = "; ".join(
        f"{labels[row['key']]} {format_value(row['estimate'], attrs, language)}" for row in records(clear_rows)
    )
    alt = translate(
        "{title}. A change can be shown for: {changed}.",
        language,
        title=title,
        changed=changed or translate("no field", language),
    )
    note = translate("Lines: intervals that hold for all items together; filled dots: a change can be shown.", language)
    twin = table(released, later, title=title)
    return _figure_block(chart, name, title, alt, twin, [note, source_line(earlier, later)], language)


def _rows(released: Released, wave: Wave) -> tuple[pd.DataFrame, dict[str, str]]:
    labels = row_labels(released, wave)
    rows = released.rows().copy()
    has_categories = released.frame["category"].notna().any()
    rows["key"] = (rows["category"] if has_categories else rows["variable"]).astype(str)
    return rows[rows["estimate"].notna()], labels


def _interval_notes(attrs: dict[str, Any], wave: Wave) -> list[str]:
    """What the lines are, or why there are none."""
    if attrs.get("nonprobability"):
        return self_selection(wave)
    return [] if attrs.get("census") else [translate("Lines: 95% confidence intervals.", wave.language)]


def _wrapped(label: str) -> list[str]:
    return textwrap.wrap(label, _LABEL_WIDTH)


def _most_lines(rows: pd.DataFrame, labels: dict[str, str]) -> int:
    return max((len(_wrapped(labels[key])) for key in rows["key"]), default=1)


def _finish(axes: Any, labels: list[str], attrs: dict[str, Any], language: str, *, start_at_zero: bool) -> None:
    axes.set_yticks(range(len(labels)), ["\n".join(_wrapped(label)) for label in labels])
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_value(value, _tick(attrs), language)))
    if start_at_zero:
        axes.set_xlim(left=0)


def _tick(attrs: dict[str, Any]) -> dict[str, Any]:
    """Ticks of shares need no decimals."""
    return {**attrs, "census": True} if attrs.get("unit") == "share" and not attrs.get("is_difference") else attrs


def _alt_dots(title: str, rows: pd.DataFrame, labels: dict[str, str], attrs: dict[str, Any], language: str) -> str:
    top, bottom = rows.iloc[-1], rows.iloc[0]
    return translate(
        "{title}. Highest value: {top} with {high}; lowest: {bottom} with {low}.",
        language,
        title=title,
        top=labels[top["key"]],
        high=format_value(top["estimate"], attrs, language),
        bottom=labels[bottom["key"]],
        low=format_value(bottom["estimate"], attrs, language),
    )


def _figure_block(chart: Any, name: str, title: str, alt: str, twin: Block, notes: list[str], language: str) -> Block:
    html = render(
        "figure.html",
        title=title,
        svg=Markup(style.to_svg(chart, name, alt)),  # noqa: S704 - our own drawing
        notes=notes,
        summary=translate("Numbers of this figure as a table", language),
        twin=Markup(twin.html),  # noqa: S704 - a block of this room
    )
    return Block("figure", html, alt, {"title": title, "alt": alt, "name": name})
