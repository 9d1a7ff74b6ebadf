"""Small charts beside each other: one an item, with a line for each group, on a common axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.disclosure import Released
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import tick, wrapped
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.wave import Wave

_COLUMNS = 2
_TITLE, _SIZE = 30, 8.5


def panels(
    released: Released,
    rows: pd.DataFrame,
    labels: dict[str, str],
    wave: Wave,
    limits: tuple[float, float],
    draw: Callable[[Any, pd.DataFrame], None],
) -> Any:
    """A chart of panels; ``draw`` puts the marks of an item on its axes, each row at its ``place``.

    ``released`` is split by one variable, whose categories have the same place in every panel, also where some of them
    may not be shown; ``rows`` are those that are drawn, with their ``key``.
    """
    by, facts, language = released.facts.by[0], released.facts, wave.language
    named = wave.labels(by)
    levels = [str(level) for level in dict.fromkeys(released.frame[by])]
    keys = list(dict.fromkeys(rows["key"]))
    chart, grid = style.panels(len(keys), _COLUMNS, len(levels))
    for axes, key in zip(grid, keys, strict=True):
        draw(axes, rows[rows["key"] == key].assign(place=lambda part: part[by].astype(str).map(levels.index)))
        axes.set_title("\n".join(wrapped(labels[key], _TITLE)), fontsize=_SIZE, loc="left")
        axes.set_yticks(range(len(levels)), [named.get(level, level) for level in levels], fontsize=_SIZE)
        axes.set_ylim(len(levels) - 0.5, -0.5)
        drawn = set(rows.loc[rows["key"] == key, by].astype(str))
        for place in [place for place, level in enumerate(levels) if level not in drawn]:
            # an empty line could be taken for nothing
            look = {"xycoords": ("axes fraction", "data"), "va": "center", "fontsize": _SIZE, "color": style.GREY}
            axes.annotate("–", (0.02, place), **look)
        axes.set_xlim(*limits)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_value(value, tick(facts), language)))
        axes.tick_params(axis="x", labelsize=_SIZE)
    return chart
