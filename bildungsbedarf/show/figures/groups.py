"""Groups side by side: differences as a forest, small multiples, and answers as diverging bars."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import percent, signed, translate
from bildungsbedarf.needs.fields.measures import BOTTOM, TOP
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import (
    called,
    clear_dots,
    comparison_notes,
    figure_block,
    figure_notes,
    hidden_words,
    is_clear,
    not_drawn,
    rows_of,
    small_bases,
    steps_of_axis,
    wrapped,
)
from bildungsbedarf.show.figures.panels import panels
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.grids import grid
from bildungsbedarf.show.tables.labels import require_frame
from bildungsbedarf.show.tables.notes import self_selection, source_line
from bildungsbedarf.show.tables.statistics import reference_of
from bildungsbedarf.show.tables.tables import table
from bildungsbedarf.wave import Wave

_LEAST_SHARE_WRITTEN = 0.07
"""Into a narrower bar no number fits."""


def forest(released: Released, wave: Wave, *, title: str = "", name: str = "", items: list[str] | None = None) -> Block:
    """Differences of each group against the others (``needs.equity``) with simultaneous intervals; 0 is none.

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
    items
        Items to draw; default: all.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.forest(disclosure.release(needs.equity(wave, "kinder")), wave).payload["name"]
    'forest-equity-kinder-difference'
    """
    title, name = called(released, wave, "forest", title, name)
    require_frame(released, "needs.equity(wave, group)", ("sim_low", "sim_high"), 1)
    language, by = wave.language, released.facts.by[0]
    rows, labels = rows_of(released, wave, 1)
    rows = rows[rows["variable"].isin(items)] if items else rows
    whole = released.frame[released.frame["variable"].isin(items)] if items else released.frame
    groups = wave.labels(by)
    names = [f"{labels[row['key']]} · {groups.get(str(row[by]), str(row[by]))}" for row in records(rows)]
    rows = rows.assign(name=names).iloc[::-1].reset_index(drop=True)
    chart, axes = style.new_figure(len(rows), max((len(wrapped(text, 34)) for text in names), default=1))
    clear_dots(axes, rows)
    axes.set_yticks(range(len(rows)), ["\n".join(wrapped(text, 34)) for text in rows["name"]])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: signed(100 * value, language, 0)))
    axes.set_xlabel(translate("Difference in percentage points", language))
    clear_rows = rows[is_clear(rows)]
    found = "; ".join(f"{row['name']} {signed(100 * row['estimate'], language, 1)}" for row in records(clear_rows))
    other = reference_of(released.facts, wave)
    alt = translate(
        "{title}. Clearly apart from “{other}”: {groups}."
        if other
        else "{title}. Clearly apart from the others: {groups}.",
        language,
        title=title,
        other=other,
        groups=found or translate("no group", language),
    )
    told = comparison_notes(released.facts, wave, "Filled dots: a difference can be shown.")
    twin = table(released, wave, title=title)
    missing = not_drawn(len(rows), len(whole), [released], language)
    notes = [*told, *missing, *small_bases(rows, labels, released, wave), source_line(wave)]
    return figure_block(chart, name, title, alt, twin, notes, language)


def small_multiples(released: Released, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """One small chart an item: its estimate in each group, with intervals, on a common axis.

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
    >>> show.small_multiples(disclosure.release(needs.unmet(wave, by="kinder")), wave).payload["name"]
    'panels-unmet_need-kinder'
    """
    title, name = called(released, wave, "panels", title, name)
    require_frame(released, "needs.unmet(wave, by=group)", (), 1)
    language, facts = wave.language, released.facts
    by = facts.by[0]
    rows, labels = rows_of(released, wave, 1)
    groups = wave.labels(by)
    highest = rows[facts.ends[1]]
    high = float(highest.max() if highest.notna().any() else rows["estimate"].max())

    def draw(axes: Any, own: pd.DataFrame) -> None:
        marks.ranges(axes, own, *facts.ends, color=style.DARK, linewidth=2, alpha=0.5)
        marks.points(axes, own, "estimate", color=style.DARK, pointsize=5)

    limits = (0.0, high * 1.05) if facts.scale is None else steps_of_axis(facts.scale)
    chart = panels(released, rows, labels, wave, limits, draw)
    top = rows.sort_values("estimate", ascending=False).iloc[0]
    alt = translate(
        "{title}. Highest value: {item}, {group}: {value}.",
        language,
        title=title,
        item=labels[top["key"]],
        group=groups.get(str(top[by]), str(top[by])),
        value=format_value(top["estimate"], facts, language),
    )
    alt += hidden_words(released, language)
    missing = not_drawn(len(rows), len(released.frame), [released], language)
    notes = [*figure_notes(facts, wave), *missing, *small_bases(rows, labels, released, wave), source_line(wave)]
    return figure_block(chart, name, title, alt, table(released, wave, title=title), notes, language)


def diverging(released: Released, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """All steps of each item's scale as bars around the middle one (a frame of ``needs.steps``).

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
    >>> show.diverging(disclosure.release(needs.steps(wave, "ZUFR")), wave).payload["name"]
    'steps-steps'
    """
    title, name = called(released, wave, "steps", title, name)
    require_frame(released, "needs.steps(wave, question)", ("question",), 0)
    language = wave.language
    question = released.facts.question
    frame = released.rows()
    frame = frame[~frame["category"].isin([TOP, BOTTOM])]
    wide = frame.pivot(index="variable", columns="category", values="estimate").dropna()
    steps = [code for code in dict.fromkeys(released.frame["category"]) if code in wide.columns]
    labels, items = wave.codebook[question].labels(language), wave.codebook[question].items(language)
    highest = wide[steps[-2:]].sum(axis=1).sort_values()
    order = highest.index
    chart, axes = style.new_figure(len(order), max((len(wrapped(items[str(key)])) for key in order), default=1))
    colours = style.diverging(len(steps))
    drawn = _steps([[float(share) for share in wide.loc[item, steps]] for item in order])
    marks.bars(axes, drawn, "left", "right", "step", colours)
    _write_shares(axes, drawn, colours, language)
    # behind the bars: it would strike through the middle step's number
    axes.axvline(0, color=style.TEXT, linewidth=0.8, zorder=0.5)
    axes.set_yticks(range(len(order)), ["\n".join(wrapped(items[str(key)])) for key in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(abs(value), language, 0)))
    handles = [style.patch(colour) for colour in colours]
    axes.legend(
        handles,
        [labels.get(step, step) for step in steps],
        loc="lower center",
        bbox_to_anchor=(0.4, 1.0),
        ncols=min(len(steps), 3),
        frameon=False,
        fontsize=8.5,
    )
    top = str(order[-1]) if len(order) else ""
    alt = translate(
        "{title}. Most often rated high: {item} ({share} in the two highest steps).",
        language,
        title=title,
        item=items.get(top, "–"),
        share=percent(float(highest.iloc[-1]), language, 0) if top else "–",
    )
    alt += hidden_words(released, language)
    missing = not_drawn(len(order), released.frame["variable"].nunique(), [released], language)
    lacking = [items[name] for name in dict.fromkeys(map(str, released.frame["variable"])) if name not in set(order)]
    missing += [translate("Not drawn: {items}.", language, items="; ".join(lacking))] if lacking else []
    notes = [*(self_selection(wave) if not wave.allows_inference else []), *missing, source_line(wave)]
    return figure_block(chart, name, title, alt, grid(released, wave, title=title), notes, language)


def _steps(shares: list[list[float]]) -> pd.DataFrame:
    """Bars of all items (rows) and steps (columns): from left to right, the middle step half on each side of 0."""
    found = []
    for place, own in enumerate(shares):
        middle = len(own) // 2
        left = -sum(own[:middle]) - (own[middle] / 2 if len(own) % 2 else 0.0)
        for step, share in enumerate(own):
            found.append({"place": place, "step": str(step), "left": left, "right": left + share, "share": share})
            left += share
    return pd.DataFrame(found)


def _write_shares(axes: Any, drawn: pd.DataFrame, colours: list[str], language: str) -> None:
    for bar in records(drawn[drawn["share"] >= _LEAST_SHARE_WRITTEN]):
        text = percent(bar["share"], language, 0, sign=False)
        at, colour = ((bar["left"] + bar["right"]) / 2, bar["place"]), style.text_on(colours[int(bar["step"])])
        axes.annotate(text, at, ha="center", va="center", fontsize=8.5, color=colour)
