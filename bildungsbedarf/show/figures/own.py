"""Figures of a researcher's own: a seaborn plot of estimates to go on with, and its way onto a page.

``estimates`` gives a ``seaborn.objects.Plot``: everything seaborn can do to one can be done to it. ``own`` makes a
block of it, or of a function that draws on matplotlib's axes: it is handed nothing but rows that passed the gate, and a
plot that holds other numbers is refused.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from numbers import Number
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import seaborn.objects as so
from matplotlib import rc_context
from matplotlib.figure import Figure

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DisclosureError, nearest
from bildungsbedarf.estimates import KEY, Facts, facts_of
from bildungsbedarf.findings import DECLARED, item_labels
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import figure_block, interval_notes, tick
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.tables import heading, labels_of, require_released, row_labels, source_line, table
from bildungsbedarf.survey.reading.sources import MEASURE
from bildungsbedarf.wave import Wave

LABEL = "label"
"""Column with what a row is called in a report."""
_LABEL_WIDTH = 26
_HEAD, _ROW, _BESIDE = 1.1, 0.34, 0.4
"""Inches of axis and legend, of a row, and what each further colour adds to it."""
_ACROSS, _LEGEND = 2, 3
"""Panels beside each other, entries of a legend in a line."""

Drawing: TypeAlias = so.Plot | Callable[[pd.DataFrame, Any], object]


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
    facts = _facts(frame)
    low, high = ("ci_low", "ci_high") if facts is None else facts.ends
    plot = so.Plot(rows, x=x, y=y, **({"color": color, "marker": color} if color else {}))
    apart = [so.Dodge(gap=0.2)] if color else []
    if x == "estimate" and rows[low].notna().any():
        plot = plot.add(so.Range(linewidth=2, alpha=0.6), *apart, xmin=low, xmax=high, orient="y", legend=False)
    plot = plot.add(so.Dot(pointsize=6.5), *apart, orient="y")
    if facet:
        plot = plot.facet(facet, wrap=_ACROSS)
    if not pd.api.types.is_numeric_dtype(rows[y]):
        # in the order of the frame, also where the first group lacks some
        plot = plot.scale(y=so.Nominal(order=_in_order(frame, rows, y)))
    if color:
        plot = plot.scale(color=so.Nominal(style.palette()[: rows[color].nunique()]))
    if x == "estimate" and (written := _written(facts, frame)):
        ticks = so.Continuous().label(like=lambda value, _: format_value(value, written, wave.language))
        plot = plot.scale(x=ticks)
    called = {name: _title(chosen[name], wave) for name in ("x", "y")}
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
    if isinstance(frame, Released):
        require_released(frame)
        rows, labels, by = frame.rows().copy(), row_labels(frame, wave), list(frame.facts.by)
    else:
        facts = _facts(frame)
        rows, by = frame.copy(), [str(name) for name in frame.columns if name in wave.groups]
        labels = _labels(frame, wave) if facts is None else labels_of(frame, facts, wave)
    rows.attrs = {}
    keys = rows["category"] if rows["category"].notna().any() else rows["variable"]
    rows[LABEL] = ["\n".join(textwrap.wrap(labels.get(str(key), str(key)), _LABEL_WIDTH)) for key in keys]
    for name in by:
        words = wave.labels(name)
        rows[name] = [words.get(str(value), str(value)) for value in rows[name]]
    return rows.reset_index(drop=True)


def own(
    drawing: Drawing,
    released: Released,
    wave: Wave,
    *,
    title: str,
    alt: str,
    name: str = "",
    notes: Sequence[str] = (),
) -> Block:
    """A figure of one's own for a page: it passes the gate with a title and a text for those who do not see it.

    Parameters
    ----------
    drawing
        A ``seaborn.objects.Plot`` made of released rows (``show.estimates(released, wave)``), or a function that takes
        the released rows and matplotlib's axes and draws.
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

    Returns
    -------
    Block
        Drawing, notes, source, the numbers as a table.

    Raises
    ------
    ConfigError
        There is no text for those who do not see it, or the title alone stands for it.
    DisclosureError
        The plot holds numbers that are not in ``released``.

    Examples
    --------
    >>> released = disclosure.release(needs.unmet(wave))
    >>> plot = show.estimates(released, wave)
    >>> words = "Am größten ist der Bedarf bei digitalen Kompetenzen."
    >>> show.own(plot, released, wave, title="Wo es fehlt", alt=words).payload["name"]
    'own-unmet_need'
    """
    require_released(released)
    if not alt.strip() or alt.strip() == title.strip():
        raise ConfigError(
            "the figure has no text for those who do not see it",
            where="alt",
            value=alt or None,
            expected="a sentence with what the drawing shows, other than the title",
        )
    title = heading(title, released, wave)
    rows = plotted(released, wave)
    if isinstance(drawing, so.Plot):
        _refuse_others(drawing, rows)
        chart = _of_plot(drawing)
    else:
        chart, axes = style.new_figure(rows[LABEL].nunique(), 1)
        with rc_context(rc=style.theme()):
            drawing(rows, axes)
    name = name or "-".join(["own", released.facts.measure, *released.facts.by])
    told = [*notes, *interval_notes(released.facts, wave), source_line(wave)]
    return figure_block(chart, name, title, alt, table(released, wave, title=title), told, wave.language)


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
        handles: list[Any] = legend.legend_handles
        words = [text.get_text() for text in legend.get_texts()]
        figure.legend(handles, words, loc="outside upper center", ncols=_LEGEND, frameon=False)
    return figure


def _refuse_others(plot: so.Plot, rows: pd.DataFrame) -> None:
    """Numbers in a plot are numbers of the released rows, whatever a person did with them before."""
    known = {float(value) for name in rows.select_dtypes("number") for value in rows[name].dropna()}
    for name, values in _numbers(plot):
        strange = [value for value in values if value not in known]
        if strange:
            raise DisclosureError(
                "the drawing holds numbers that did not pass the gate",
                where=f"column {name}",
                value=strange[0],
                expected="a plot of show.estimates(released, wave), or of released.rows()",
                remedy="compute nothing between the gate and the drawing; scales, limits and labels are free",
            )


def _numbers(plot: so.Plot) -> Iterator[tuple[str, list[float]]]:
    """What a plot was given, by column: its own data, and those of each layer."""
    sources: list[Any] = [plot._data.source_data, plot._data.frame]
    for layer in plot._layers:
        sources += [layer["source"], layer["vars"]]
    for source in sources:
        if source is None:
            continue
        table = source if isinstance(source, pd.DataFrame) else pd.DataFrame(_vectors(source))
        for name in table.columns:
            yield str(name), _only_numbers(table[name])


def _vectors(given: Any) -> dict[str, Any]:
    """Vectors among a layer's variables: names of columns are looked up in the data anyway."""
    found = dict(given)
    return {
        str(name): pd.Series(list(value))
        for name, value in found.items()
        if not isinstance(value, str) and isinstance(value, (list, tuple, np.ndarray, pd.Series, pd.Index))
    }


def _only_numbers(column: pd.Series) -> list[float]:
    is_number = [isinstance(value, Number) and not isinstance(value, (bool, np.bool_)) for value in column]
    found = [float(value) for value in column[is_number]]
    return [value for value in found if np.isfinite(value)]


def _title(column: str, wave: Wave) -> str:
    """What an axis is called: nothing where labels and the figure's title say it."""
    if column in ("estimate", LABEL):
        return ""
    return wave.title(column) if column in wave.groups else column


def _labels(frame: pd.DataFrame, wave: Wave) -> dict[str, str]:
    """What rows are called in a frame of several waves, which tells no more than its measure."""
    measure = DECLARED.get(frame.attrs.get(MEASURE, ""))
    if measure is not None:
        return item_labels(measure, wave, wave.language)
    names = dict.fromkeys(map(str, frame["variable"]))
    return {name: wave.title(name) for name in names if name in wave.responses.columns}


def _in_order(frame: pd.DataFrame | Released, rows: pd.DataFrame, y: str) -> list[str]:
    """Values of a column as the whole frame has them, of those that are drawn."""
    whole = frame.frame if isinstance(frame, Released) else frame
    if y != LABEL or len(whole) == len(rows):
        return list(dict.fromkeys(rows[y]))
    called = dict(zip(_keys(rows), rows[y], strict=True))
    return list(dict.fromkeys(called[key] for key in _keys(whole) if key in called))


def _keys(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["variable"].astype(str), rows["category"].astype("string").fillna(""), strict=True))


def _facts(frame: pd.DataFrame | Released) -> Facts | None:
    """What the frame says of itself; nothing where several waves stand beneath each other."""
    if isinstance(frame, Released):
        return frame.facts
    return facts_of(frame) if KEY in frame.attrs else None


def _written(facts: Facts | None, frame: pd.DataFrame | Released) -> Facts | None:
    """As which numbers are written: shares on an axis in whole per cent."""
    if facts is None:
        attrs = {} if isinstance(frame, Released) else frame.attrs
        measure = DECLARED.get(attrs.get(MEASURE, ""))
        facts = None if measure is None else Facts(measure.key, measure.unit)
    return facts if facts is None else tick(facts)


def _height(rows: pd.DataFrame, y: str, color: str, facet: str) -> float:
    """Inches: a line for each of a label, and room for the colours beside each other."""
    values = [str(value) for value in dict.fromkeys(rows[y])]
    lines = max((value.count("\n") + 1.6 for value in values), default=1.6)
    beside = rows[color].nunique() if color else 1
    one = len(values) * max(style.LINE * lines, _ROW * (1 + _BESIDE * (beside - 1)))
    return _HEAD + one * (-(-rows[facet].nunique() // _ACROSS) if facet else 1)
