"""Figures of a researcher's own: a seaborn plot of estimates to go on with, and its way onto a page.

``estimates`` gives a ``seaborn.objects.Plot``: everything seaborn can do to one can be done to it. ``own`` makes a
block of it, where all the plot was given are rows that passed the gate.
"""

from __future__ import annotations

import re
import textwrap
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn.objects as so
from matplotlib import rc_context
from matplotlib.figure import Figure

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DisclosureError, nearest
from bildungsbedarf.estimates import KEY, SEAL, Facts, facts_of, numbers_of
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import figure_block, interval_notes, tick
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.labels import labels_of, require_released, require_wave, row_keys, row_labels
from bildungsbedarf.show.tables.tables import heading, source_line, table
from bildungsbedarf.survey.reading.sources import OF_WAVES, WAVE
from bildungsbedarf.wave import Wave

LABEL = "label"
"""Column with what a row is called in a report."""
_LABEL_WIDTH = 26
_WIDTH, _BESIDE_WIDTH = "width", 0.6
"""How much of a place the colours take beside each other: what belongs together stands together."""
_HEAD, _ROW, _BESIDE = 1.1, 0.34, 0.4
"""Inches of axis and legend, of a row, and what each further colour adds to it."""
_ACROSS, _LEGEND = 2, 2
"""Panels beside each other, entries of a legend in a line."""


def estimates(
    frame: pd.DataFrame | Released,
    wave: Wave,
    *,
    x: str = "estimate",
    y: str = LABEL,
    color: str = "",
    facet: str = "",
) -> so.Plot:
    """Estimates with their intervals as a ``seaborn.objects.Plot`` in our look, to be changed with what seaborn offers.

    Parameters
    ----------
    frame
        A tidy frame, or what ``disclosure.release`` returned: then only rows that may be shown are in it.
    wave
        Whose words label items and groups (of several waves: the last).
    x, y
        Columns: a number, and what is compared. ``label`` is what the row is called in a report.
    color
        A column whose values have a colour and a mark of their own.
    facet
        A column with a panel for each of its values.

    Returns
    -------
    seaborn.objects.Plot
        In JupyterLab it shows itself; ``show.own`` makes a block for a page of it.

    Raises
    ------
    ConfigError
        There is no such column.

    Examples
    --------
    >>> plot = show.estimates(needs.unmet(wave, by="altersgruppe"), wave, color="altersgruppe")
    >>> type(plot.limit(x=(0, 1)).label(x="Ungedeckter Bedarf")).__name__
    'Plot'
    """
    rows = plotted(frame, wave)
    chosen = {name: value for name, value in (("x", x), ("y", y), ("color", color), ("facet", facet)) if value}
    for name, value in chosen.items():
        if value not in rows.columns:
            raise ConfigError(
                f"there is no column to draw as {name}", value=value, expected=nearest(value, map(str, rows.columns))
            )
    _require_apart(rows, [y, *([color] if color else []), *([facet] if facet else [])])
    facts = _facts(frame)
    low, high = ("ci_low", "ci_high") if facts is None else facts.ends
    plot = so.Plot(rows, x=x, y=y, **({"color": color, "marker": color} if color else {}))
    apart = [so.Dodge(gap=0.2)] if color else []
    place = {"width": _WIDTH} if color else {}
    if x == "estimate" and _has_interval(facts, rows, low):
        line = so.Range(linewidth=2, alpha=0.6)
        plot = plot.add(line, *apart, xmin=low, xmax=high, orient="y", legend=False, **place)
    plot = plot.add(so.Dot(pointsize=6.5), *apart, orient="y", **place)
    if facet:
        plot = plot.facet(facet, wrap=_ACROSS)
    if not pd.api.types.is_numeric_dtype(rows[y]):
        # in the order of the frame, also where the first group lacks some
        plot = plot.scale(y=so.Nominal(order=_in_order(frame, rows, y)))
    if color:
        plot = plot.scale(color=so.Nominal(style.palette("groups", _levels(rows[color]))))
    if x == "estimate" and facts is not None:
        written = tick(facts)
        ticks = so.Continuous().label(like=lambda value, _: format_value(value, written, wave.language))
        plot = plot.scale(x=ticks)
    called = {name: _title(chosen[name], wave) for name in ("x", "y", "color") if name in chosen}
    size = (style.WIDTH * (1.25 if facet else 1), _height(rows, y, color, facet))
    return plot.label(**called).theme(style.theme()).layout(size=size, engine="constrained")


def plotted(frame: pd.DataFrame | Released, wave: Wave) -> pd.DataFrame:
    """The rows a plot is made of: those that may be shown, with ``label`` and groups by what they are called.

    Parameters
    ----------
    frame
        A tidy frame, or what ``disclosure.release`` returned.
    wave
        Whose words they are.

    Returns
    -------
    pandas.DataFrame
        The frame's columns and ``label``.
    """
    require_wave(wave)
    if isinstance(frame, Released):
        require_released(frame)
        rows, whole, labels, by = _sealed(frame), frame.frame, row_labels(frame, wave), list(frame.facts.by)
    elif not isinstance(frame, pd.DataFrame) or not ({"variable", "category"} <= {*frame.columns} or "term" in frame):
        raise ConfigError(
            "this is no frame of estimates",
            value=type(frame).__name__,
            expected="what bb.estimate, bb.needs or disclosure.release returns",
        )
    else:
        rows, whole, by = (
            frame.copy(),
            frame,
            [str(name) for name in frame.columns if name in wave.groups or name == WAVE],
        )
        facts = _facts(frame) or Facts("", "number")
        labels = {} if "term" in frame.columns else labels_of(frame, facts, wave)
    rows.attrs = {}
    keys = list(map(str, rows["term"])) if "term" in rows.columns else row_keys(rows, whole)
    rows[LABEL] = ["\n".join(textwrap.wrap(labels.get(key, key), _LABEL_WIDTH)) for key in keys]
    rows[_WIDTH] = _BESIDE_WIDTH
    for name in by:
        words = {} if name == WAVE else wave.labels(name)
        levels = dict.fromkeys(words.get(str(value), str(value)) for value in whole[name])
        # one group has one colour and one place, whatever is hidden
        rows[name] = pd.Categorical([words.get(str(value), str(value)) for value in rows[name]], list(levels))
    return rows.reset_index(drop=True)


def _sealed(released: Released) -> pd.DataFrame:
    """What may be shown, without numbers that were added after the gate."""
    rows = released.rows()
    known = numbers_of(released.frame.attrs[SEAL]) | {*released.facts.by}
    return rows[
        [name for name in rows.columns if name in known or not pd.api.types.is_numeric_dtype(rows[name])]
    ].copy()


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
        it, or ``so.Plot(show.estimates(…)…)`` of the same rows, sorted or fewer.
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
    rows = plotted(released, wave)
    _refuse_others(plot, rows, ["variable", "category", *released.facts.by])
    chart = _of_plot(plot)
    name = name or "-".join(["own", released.facts.measure, *released.facts.by])
    if not re.fullmatch(r"[\w-]+", name):
        raise ConfigError("a figure is not called so", where="name", value=name, expected="letters, digits, - and _")
    lines = [notes] if isinstance(notes, str) else notes
    told = [*lines, *interval_notes(released.facts, wave), source_line(*([earlier] if earlier else []), wave)]
    twin = table(released, wave, title=title, earlier=earlier)
    return figure_block(chart, name, title, alt, twin, told, wave.language)


def _of_plot(plot: so.Plot) -> Figure:
    """The plot as matplotlib draws it, without a screen; its legend stands above where nothing else is."""
    with warnings.catch_warnings(), rc_context(rc=style.theme()):
        # seaborn 0.13 still hands pandas a keyword that pandas 4 will drop
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        size = plot._figure_spec.get("figsize", (style.WIDTH, style.WIDTH))
        figure = Figure(figsize=size, layout="constrained")
        plot.on(figure).plot()
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


def _refuse_others(plot: so.Plot, rows: pd.DataFrame, keys: list[str]) -> None:
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
            _refuse_other_rows(source, rows, keys)


def _refuse_other_rows(source: Any, rows: pd.DataFrame, keys: list[str]) -> None:
    table = source if isinstance(source, pd.DataFrame) else pd.DataFrame(source)
    common = [name for name in table.columns if name in rows.columns]
    strange = [str(name) for name in table.columns if name not in rows.columns and not _is_text(table[name])]
    lacking = [name for name in keys if name not in common]
    strange += [str(name) for name in table.index.names if name is not None]
    known = set(_plain(rows[common]))
    other = next((row for row in _plain(table[common]) if row not in known), None)
    if not (strange or lacking or other or len(table) > len(rows)):
        return
    if lacking:
        told = f"without the column {lacking[0]}"
    else:
        told = f"column {strange[0]}" if strange else "a row that was not released, or not so"
    raise DisclosureError(
        "the drawing holds numbers that did not pass the gate",
        where=told,
        expected="rows of show.estimates(released, wave) as they are: fewer, or in another order",
        remedy="compute nothing between the gate and the drawing; scales, limits and labels are free",
    )


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


def _levels(column: pd.Series) -> int:
    return len(column.cat.categories) if isinstance(column.dtype, pd.CategoricalDtype) else int(column.nunique())


def _require_apart(rows: pd.DataFrame, places: list[str]) -> None:
    """Refuse what would lie on one line: nobody could tell one estimate from another."""
    if rows.empty:
        raise ConfigError("nothing of this frame may be shown", remedy="released.decisions says why")
    if not (alike := rows[rows.duplicated(places, keep=False)]).empty:
        first = alike.iloc[0][places[0]]
        raise ConfigError(
            "several estimates would lie on one line",
            value=str(first).replace("\n", " "),
            expected="a column for color= or facet= that tells them apart, or released.only(…)",
        )


def _has_interval(facts: Facts | None, rows: pd.DataFrame, low: str) -> bool:
    """Whether there are intervals the sampling carries: none of who chose to answer, nor of all."""
    is_told = facts is None or (facts.carries_inference and not facts.is_census)
    return is_told and low in rows.columns and bool(rows[low].notna().any())


def _title(column: str, wave: Wave) -> str:
    """What an axis is called: nothing where labels and the figure's title say it."""
    if column in ("estimate", LABEL):
        return ""
    return wave.title(column) if column in wave.groups else column


def _in_order(frame: pd.DataFrame | Released, rows: pd.DataFrame, y: str) -> list[str]:
    """Values of a column as the whole frame has them, of those that are drawn."""
    whole = frame.frame if isinstance(frame, Released) else frame
    if y != LABEL or len(whole) == len(rows):
        return list(dict.fromkeys(rows[y]))
    if "term" in whole.columns:
        return list(dict.fromkeys(rows[y]))
    called = dict(zip(row_keys(rows, whole), rows[y], strict=True))
    return list(dict.fromkeys(called[key] for key in row_keys(whole, whole) if key in called))


def _facts(frame: pd.DataFrame | Released) -> Facts | None:
    """What the frame says of itself; nothing where several waves stand beneath each other."""
    if isinstance(frame, Released):
        return frame.facts
    if KEY in frame.attrs:
        return facts_of(frame)
    return Facts(**frame.attrs[OF_WAVES]) if OF_WAVES in frame.attrs else None


def _height(rows: pd.DataFrame, y: str, color: str, facet: str) -> float:
    """Inches: a line for each of a label, and room for the colours beside each other."""
    values = [str(value) for value in dict.fromkeys(rows[y])]
    lines = max((value.count("\n") + 1.6 for value in values), default=1.6)
    beside = rows[color].nunique() if color else 1
    one = len(values) * max(style.LINE * lines, _ROW * (1 + _BESIDE * (beside - 1)))
    return _HEAD + one * (-(-rows[facet].nunique() // _ACROSS) if facet else 1)
