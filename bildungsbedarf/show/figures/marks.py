"""The marks all figures are drawn with: seaborn's, on our axes, so that people change them with what they know."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import pandas as pd
import seaborn.objects as so

PLACE = "place"
"""Column that says at which height a row is drawn."""


def ranges(axes: Any, rows: pd.DataFrame, low: str, high: str, **look: Any) -> None:
    """One horizontal line a row from ``low`` to ``high``; rows without an interval have none."""
    known = rows.dropna(subset=[low, high])
    there = len(axes.collections)
    if len(known):
        _draw(axes, so.Plot(known, y=PLACE).add(so.Range(**look), xmin=low, xmax=high, orient="y"))
    for drawn in axes.collections[there:]:
        # beneath the dots, whose collections have order 1
        drawn.set_zorder(0.9)


def points(axes: Any, rows: pd.DataFrame, x: str, *, y: str = PLACE, **look: Any) -> None:
    """One dot a row."""
    if len(rows):
        _draw(axes, so.Plot(rows, x=x, y=y).add(so.Dot(**look)))


def lines(axes: Any, rows: pd.DataFrame, x: str, y: str, each: str, **look: Any) -> None:
    """One line for each value of a column, with a marker at every row."""
    if len(rows):
        _draw(axes, so.Plot(rows, x=x, y=y, group=each).add(so.Path(**look)))


def bars(axes: Any, rows: pd.DataFrame, start: str, end: str, colour: str, colours: Sequence[str]) -> None:
    """One horizontal bar a row from ``start`` to ``end``, coloured by a column."""
    plot = so.Plot(rows, x=end, y=PLACE)
    bar = so.Bar(width=0.72, alpha=1, edgecolor="white", edgewidth=0.5)
    scales = {"color": so.Nominal(list(colours)), "baseline": None}
    _draw(axes, plot.add(bar, orient="y", legend=False, color=colour, baseline=start).scale(**scales))


def drawn_on(target: Any, plot: so.Plot) -> None:
    """Draw on axes or a figure that are there."""
    with warnings.catch_warnings():
        # seaborn 0.13 still hands pandas a keyword that pandas 4 will drop
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        plot.on(target).plot()


def _draw(axes: Any, plot: so.Plot) -> None:
    """On axes that are there; their labels are the figure's, not the columns' names."""
    drawn_on(axes, plot)
    axes.set_xlabel("")
    axes.set_ylabel("")
