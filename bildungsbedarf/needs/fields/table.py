"""The needs table: all measures of the battery side by side; and which fields come first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.batteries import Source
from bildungsbedarf.needs.fields.measures import MEASURES, unmet
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.wave import Wave


def table(source: Source, by: Names | None = None, **options: Any) -> pd.DataFrame:
    """All measures of the battery side by side, one row an item and group.

    ``options`` are those of ``battery``: other cut points, questions or columns, to see what a choice does.

    Parameters
    ----------
    source
        A wave, or a design with columns.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    Index: item and groups; columns: (measure, ``n | estimate | se | ci_low | ci_high``), and the rank set of unmet
    need (``rank_best``, ``rank_worst``).

    Examples
    --------
    >>> needs.table(wave)["unmet_need"]["estimate"].round(3).head(2)
    item
    F01    0.100
    F02    0.242
    Name: estimate, dtype: float64
    """
    keys = ["variable", *as_list(by)]
    shown = ["n", "estimate", "se", "ci_low", "ci_high"]
    parts = {}
    for name, measure in MEASURES.items():
        frame = measure(source, by=by, **options).set_index(keys)
        parts[name] = frame[[*shown, "rank_best", "rank_worst"] if name == "unmet_need" else shown]
    made: pd.DataFrame = pd.concat(parts, axis=1, names=["measure", "statistic"])
    made.index.names = ["item", *as_list(by)]
    return made


def most_urgent(wave: Wave, count: int | None = None) -> list[str]:
    """Items by unmet need, largest first; without an estimate last. Default: study.toml's ``analysis.urgent``.

    Parameters
    ----------
    wave
        One audience in one wave.
    count
        How many items.

    Returns
    -------
    list of str
        Item codes.

    Examples
    --------
    >>> needs.most_urgent(wave, 2)
    ['F05', 'F02']
    """
    frame = unmet(wave).sort_values("estimate", ascending=False, kind="stable")
    return [str(item) for item in frame["variable"].head(wave.analysis.urgent if count is None else count)]


def in_focus(wave: Wave) -> list[str]:
    """The study's focus and the most urgent items beside it (``analysis.in_focus``).

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Item codes.

    Examples
    --------
    >>> needs.in_focus(wave)
    ['F07', 'F05', 'F02']
    """
    return list(dict.fromkeys([*wave.needs.focus, *most_urgent(wave, wave.analysis.in_focus)]))


def item_title(wave: Wave, item: str) -> str:
    """What an item of the battery is called.

    Parameters
    ----------
    wave
        One audience in one wave.
    item
        Code of an item.

    Returns
    -------
    str
        In the report's language.

    Raises
    ------
    ConfigError
        No such item.

    Examples
    --------
    >>> needs.item_title(wave, "F05")
    'Digitale Kompetenzen'
    """
    items = wave.codebook[wave.needs.importance].items(wave.language)
    if item not in items:
        raise ConfigError("there is no such item", value=item, expected=nearest(item, items))
    return items[item]
