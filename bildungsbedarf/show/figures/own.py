"""A figure of a researcher's own on its way onto a page: all its plot was given are rows that passed the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn.objects as so
from matplotlib import rc_context
from matplotlib.figure import Figure

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import figure_block, figure_notes, not_drawn, small_bases
from bildungsbedarf.show.figures.plots import plotted, sealed_rows
from bildungsbedarf.show.tables.labels import require_released, row_keys, row_labels
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.tables import heading, table
from bildungsbedarf.wave import Wave

_LEGEND = 2
"""Entries of a legend in a line."""


def own(
    plot: so.Plot,
    released: Released,
    wave: Wave,
    *,
    title: str,
    alt: str,
    name: str = "",
    notes: Sequence[str] = (),
    earlier: Wave | None = None,
) -> Block:
    """A figure of one's own for a page: it passes the gate with a title and a text for those who do not see it.

    Parameters
    ----------
    plot
        A ``seaborn.objects.Plot`` made of released rows: ``show.estimates(released, wave)`` and what seaborn can do to
        it, or ``so.Plot`` of ``released.rows()``, sorted or fewer. ``show.Reference`` adds a line of comparison.
    released
        What ``disclosure.release`` returned: exactly what is drawn, and the table beneath the figure.
    wave
        One audience in one wave.
    title
        What the figure says.
    alt
        The same in a sentence for readers who do not see it, with what is most important in it.
    name
        Makes ids unique on a page; default: from the measure.
    notes
        Lines beneath the drawing.
    earlier
        The earlier wave, where the estimates are changes: both are cited.

    Returns
    -------
    Block
        Drawing, notes, source, the numbers as a table.

    Raises
    ------
    ConfigError
        There is no text for those who do not see it, or the title alone stands for it.
    DisclosureError
        The plot holds rows or numbers that are not in ``released``, or was handed values in place of columns' names.

    Examples
    --------
    >>> released = disclosure.release(needs.unmet(wave))
    >>> plot = show.estimates(released, wave)
    >>> words = "Am größten ist der Bedarf bei digitalen Kompetenzen."
    >>> show.own(plot, released, wave, title="Wo es fehlt", alt=words).payload["name"]
    'own-unmet_need'
    """
    require_released(released, wave)
    if not isinstance(plot, so.Plot):
        raise ConfigError(
            "only a plot of seaborn.objects can be checked",
            value=type(plot).__name__,
            expected="show.estimates(released, wave), changed as you like; or so.Plot of its rows",
        )
    if not alt.strip() or alt.strip() == title.strip():
        raise ConfigError(
            "the figure has no text for those who do not see it",
            where="alt",
            value=alt or None,
            expected="a sentence with what the drawing shows, other than the title",
        )
    title = heading(title, released, wave)
    keys = ["variable", "category", *released.facts.by]
    _refuse_others(plot, [plotted(released, wave), sealed_rows(released)], keys)
    _require_inside(plot, released)
    chart = _of_plot(plot)
    name = name or "-".join(["own", released.facts.measure, *released.facts.by])
    if not re.fullmatch(r"[\w-]+", name):
        raise ConfigError("a figure is not called so", where="name", value=name, expected="letters, digits, - and _")
    lines = [notes] if isinstance(notes, str) else notes
    rows = released.rows().assign(key=row_keys(released.rows(), released.frame))
    missing = not_drawn(len(rows), len(released.frame), [released], wave.language)
    small = small_bases(rows, row_labels(released, wave), released, wave)
    sources = source_line(*([earlier] if earlier else []), wave)
    told = [*lines, *figure_notes(released.facts, wave), *missing, *small, sources]
    twin = table(released, wave, title=title, earlier=earlier)
    return figure_block(chart, name, title, alt, twin, told, wave.language)


def _require_inside(plot: so.Plot, released: Released) -> None:
    """Refuse an axis that ends before what is drawn along it does: nobody would know of what lies beyond."""
    drawn = plot._data.source_vars
    for axis, (low, high) in plot._limits.items():
        name = drawn.get(axis)
        if name not in ("estimate", *released.facts.ends) or not pd.api.types.is_numeric_dtype(released.frame[name]):
            continue
        values = released.rows()[name].dropna()
        # an end that is left open is found by the plot; one axis may run downwards
        least, most = (open_end if end is None else float(end) for end, open_end in ((low, -np.inf), (high, np.inf)))
        if least > most:
            least, most = most, least
        beyond = values[(values < least) | (values > most)]
        if len(beyond):
            raise ConfigError(
                "numbers lie beyond the ends of the axis",
                where=f"limit({axis}=…)",
                value=f"{least:g} to {most:g}",
                expected=f"at least {values.min():.3g} to {values.max():.3g}",
            )


def _of_plot(plot: so.Plot) -> Figure:
    """The plot as matplotlib draws it, without a screen; its legend stands above where nothing else is."""
    with rc_context(rc=style.theme()):
        size = plot._figure_spec.get("figsize", (style.WIDTH, style.WIDTH))
        figure = Figure(figsize=size, layout="constrained")
        marks.drawn_on(figure, plot)
    # seaborn's legends stand beside the figure, where a page has no room
    found, figure.legends = figure.legends, []
    for legend in found:
        handles: list[Any] = list(legend.legend_handles)
        words = [text.get_text() for text in legend.get_texts()]
        title = legend.get_title().get_text()
        # matplotlib fills columns, people read lines
        order = [place for column in range(_LEGEND) for place in range(column, len(words), _LEGEND)]
        handles, words = [handles[place] for place in order], [words[place] for place in order]
        look: dict[str, Any] = {"loc": "outside upper center", "ncols": _LEGEND, "frameon": False}
        figure.legend(handles, words, title=title, **look)
    return figure


def _refuse_others(plot: so.Plot, forms: Sequence[pd.DataFrame], keys: list[str]) -> None:
    """What a plot was given are rows of the released ones, as they are, and names of columns: no values."""
    named = [plot._data.source_vars, plot._facet_spec.get("variables", {}), plot._pair_spec.get("variables", {})]
    for variables in [*named, *(layer["vars"] for layer in plot._layers)]:
        for name, value in variables.items():
            if value is not None and not isinstance(value, str):
                raise DisclosureError(
                    "the drawing holds values that did not pass the gate",
                    where=name,
                    value=type(value).__name__,
                    expected="the name of a column of the released rows",
                )
    for layer in plot._layers:
        computed = [layer["stat"], *(move for move in layer["move"] or [] if not isinstance(move, so.Dodge))]
        if other := next((one for one in computed if one is not None), None):
            raise DisclosureError(
                "the drawing computes other numbers than those that passed the gate",
                value=type(other).__name__,
                expected="marks of the rows as they are; so.Dodge alone moves them",
                remedy="compute before the gate: what is drawn stands in the table beneath",
            )
    for source in [plot._data.source_data, *(layer["source"] for layer in plot._layers)]:
        if source is not None:
            _refuse_other_rows(source, forms, keys)


def _refuse_other_rows(source: Any, forms: Sequence[pd.DataFrame], keys: list[str]) -> None:
    """Refuse a table that holds others than the released rows, which may have groups in words or as codes."""
    table = source if isinstance(source, pd.DataFrame) else pd.DataFrame(source)
    found = [_other(table, rows, keys) for rows in forms]
    if not all(found):
        return
    raise DisclosureError(
        "the drawing holds numbers that did not pass the gate",
        where=found[0],
        expected="rows of show.estimates(released, wave) or released.rows() as they are: fewer, or in another order",
        remedy="compute nothing between the gate and the drawing; scales, limits and labels are free",
    )


def _other(table: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> str:
    """What a table holds that is not in the rows; empty where it is a part of them."""
    common = [name for name in table.columns if name in rows.columns]
    strange = [str(name) for name in table.columns if name not in rows.columns and not _is_text(table[name])]
    strange += [str(name) for name in table.index.names if name is not None]
    if lacking := [name for name in keys if name not in common]:
        return f"without the column {lacking[0]}"
    if strange:
        return f"column {strange[0]}"
    known = set(_plain(rows[common]))
    is_known = len(table) <= len(rows) and all(row in known for row in _plain(table[common]))
    return "" if is_known else "a row that was not released, or not so"


def _plain(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """Rows as tuples that can be compared: what is missing is None, numbers are floats."""

    def one(value: Any) -> object:
        if pd.isna(value):
            return None
        is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))
        return float(value) if is_number else str(value)

    return [tuple(map(one, row)) for row in table.itertuples(index=False, name=None)]


def _is_text(column: pd.Series) -> bool:
    return all(isinstance(value, str) for value in column.dropna())
