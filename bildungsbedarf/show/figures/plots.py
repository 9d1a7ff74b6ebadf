"""A seaborn plot of estimates to go on with: everything seaborn can do to one can be done to it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd
import seaborn.objects as so

from bildungsbedarf.disclosure import Released
from bildungsbedarf.disclosure.released import SMALL
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import KEY, SEAL, Facts, check_seal, facts_of, numbers_of, rows_sealed
from bildungsbedarf.language import number, signed, translate
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import tick
from bildungsbedarf.show.figures.reference import Reference
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.labels import (
    labels_of,
    require_of,
    require_released,
    row_keys,
    row_labels,
    words_of,
)
from bildungsbedarf.show.tables.tables import axis_title
from bildungsbedarf.survey.reading.sources import OF_WAVES, WAVE
from bildungsbedarf.wave import Wave

LABEL = "label"
"""Column with what a row is called in a report."""
_LABEL_WIDTH = 26
_WIDTH, _BESIDE_WIDTH = "width", 0.6
"""How much of a place the colours take beside each other: what belongs together stands together."""
_HEAD, _ROW, _BESIDE = 1.1, 0.34, 0.4
"""Inches of axis and legend, of a row, and what each further colour adds to it."""
_PANEL_WIDTH = 26
_ACROSS = 2
"""Panels beside each other."""


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
    x, y, color, facet = (_column(name, rows, wave) for name in (x, y, color, facet))
    chosen = _chosen(rows, {"x": x, "y": y, "color": color, "facet": facet})
    _require_apart(rows, [y, *([color] if color else []), *([facet] if facet else [])])
    facts = _facts(frame)
    low, high = ("ci_low", "ci_high") if facts is None else facts.ends
    plot = so.Plot(rows, x=x, y=y, **({"color": color, "marker": color} if color else {}))
    apart = [so.Dodge(gap=0.2)] if color else []
    place = {"width": _WIDTH} if color else {}
    if x == "estimate" and _is_beside_zero(rows, facts):
        plot = plot.add(Reference(), legend=False)
    if x == "estimate" and _has_interval(facts, rows, low):
        line = so.Range(linewidth=2, alpha=0.6)
        plot = plot.add(line, *apart, xmin=low, xmax=high, orient="y", legend=False, **place)
    plot = plot.add(so.Dot(pointsize=6.5), *apart, orient="y", **place)
    if facet:
        # a title no wider than its panel: long ones would run into each other
        plot = plot.facet(facet, wrap=_ACROSS).label(title=lambda text: textwrap.fill(str(text), _PANEL_WIDTH))
    if not pd.api.types.is_numeric_dtype(rows[y]):
        # in the order of the frame, also where the first group lacks some
        plot = plot.scale(y=so.Nominal(order=_in_order(rows[y])))
    if color:
        plot = plot.scale(color=so.Nominal(style.palette("groups", _levels(rows[color]))))
    if x == "estimate" and facts is not None:
        plot = plot.scale(x=so.Continuous().label(like=_ticks(rows, facts, wave.language)))
    called = {name: _title(chosen[name], rows, wave) for name in ("x", "y", "color") if name in chosen}
    if x == "estimate" and facts is not None:
        called["x"] = _values(rows, facts, wave, chosen.values())
    size = (style.WIDTH * (1.25 if facet else 1), _height(rows, y, color, facet))
    return plot.label(**called).theme(style.theme()).layout(size=size, engine="constrained")


def sealed_rows(released: Released) -> pd.DataFrame:
    """What may be shown, without numbers that were added after the gate."""
    rows = released.rows()
    known = numbers_of(released.frame.attrs[SEAL]) | {*released.facts.by, SMALL}
    return rows[
        [name for name in rows.columns if name in known or not pd.api.types.is_numeric_dtype(rows[name])]
    ].copy()


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
        require_released(frame, wave)
        facts, rows, whole, labels = frame.facts, sealed_rows(frame), frame.frame, row_labels(frame, wave)
        by = list(facts.by)
    elif not isinstance(frame, pd.DataFrame) or not ({"variable", "category"} <= {*frame.columns} or "term" in frame):
        raise ConfigError(
            "this is no frame of estimates",
            value=type(frame).__name__,
            expected="what bb.estimate, bb.needs or disclosure.release returns",
        )
    else:
        facts = _facts(frame) or Facts("", "number")
        _require_own(frame, facts, wave)
        of_waves = [WAVE] if WAVE in frame.columns else []
        rows, whole, by = frame.copy(), frame, [*facts.by, *(name for name in of_waves if name not in facts.by)]
        labels = {} if "term" in frame.columns else labels_of(frame, facts, wave)
    rows.attrs = {}
    is_model = "term" in whole.columns
    keys = [_term(str(term), wave) for term in whole["term"]] if is_model else row_keys(whole, whole)
    lines = ["\n".join(textwrap.wrap(labels.get(key, key), _LABEL_WIDTH)) for key in keys]
    _put(rows, LABEL, pd.Series(lines, whole.index))
    if not is_model:
        for name, words in words_of(whole, facts, wave).items():
            _put(rows, name, pd.Series(words, whole.index))
    rows[_WIDTH] = _BESIDE_WIDTH
    for name in by:
        called = {} if name == WAVE else wave.labels(name)
        _put(rows, name, whole[name].astype(str).map(lambda value, called=called: called.get(value, value)))
    return rows.reset_index(drop=True)


def _require_own(frame: pd.DataFrame, facts: Facts, wave: Wave) -> None:
    """Refuse numbers of another wave, and numbers changed after they were computed: axis and intervals would be wrong.

    Rows may be chosen: what is left out of a look of one's own harms nobody.
    """
    if WAVE in frame.columns or KEY not in frame.attrs:
        return
    require_of(facts, wave)
    if len(frame) == rows_sealed(frame.attrs[SEAL]):
        check_seal(frame)


_CATEGORY = re.compile(r"(?P<name>[^:\[\]]+)\[T?\.?(?P<category>[^\]]+)\]")


def _term(term: str, wave: Wave) -> str:
    """A term of a model in words: variables and categories as a report calls them."""
    told = []
    for part in term.split(":"):
        found = _CATEGORY.fullmatch(part)
        name = found["name"] if found else part
        if name not in wave.responses.columns:
            told.append(part)
            continue
        category = f": {wave.labels(name).get(found['category'], found['category'])}" if found else ""
        told.append(wave.title(name) + category)
    return " × ".join(told)


def _put(rows: pd.DataFrame, name: str, words: pd.Series) -> None:
    """A column in words: each has one colour and one place, in the whole frame's order, whatever is hidden."""
    rows[name] = pd.Categorical(words[rows.index], list(dict.fromkeys(words)))


def _column(name: str, rows: pd.DataFrame, wave: Wave) -> str:
    """The column of the rows that is called so in a report; a name that is none stays."""
    own = [str(column) for column in rows.columns if column in wave.groups]
    called = {wave.title(column).casefold(): column for column in own}
    return name if name in rows.columns else called.get(name.casefold(), name)


def _chosen(rows: pd.DataFrame, named: dict[str, str]) -> dict[str, str]:
    """The columns that are named; refuse those that are not there, and words along the axis of numbers."""
    chosen = {name: value for name, value in named.items() if value}
    for name, value in chosen.items():
        if value not in rows.columns:
            raise ConfigError(
                f"there is no column to draw as {name}", value=value, expected=nearest(value, map(str, rows.columns))
            )
    if not pd.api.types.is_numeric_dtype(rows[chosen["x"]]):
        raise ConfigError(
            "what is drawn along x is no number", value=chosen["x"], expected="x='estimate', y what is compared"
        )
    return chosen


def _levels(column: pd.Series) -> int:
    return len(column.cat.categories) if _has_levels(column) else int(column.nunique())


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


def _is_beside_zero(rows: pd.DataFrame, facts: Facts | None) -> bool:
    """Whether numbers are told by how far they lie from zero: differences, and what lies on both sides of it."""
    if facts is None:
        return False
    return facts.is_signed or bool(rows["estimate"].min() < 0 < rows["estimate"].max())


def _has_interval(facts: Facts | None, rows: pd.DataFrame, low: str) -> bool:
    """Whether there are intervals the sampling carries: none of who chose to answer, nor of all."""
    is_told = facts is None or (facts.carries_inference and not facts.is_census)
    return is_told and low in rows.columns and bool(rows[low].notna().any())


def _values(rows: pd.DataFrame, facts: Facts, wave: Wave, drawn: Collection[str]) -> str:
    """What the axis of numbers is called; with what they are of, where no label says it."""
    # labels of one question's answers do not say which question it is
    has_labels = LABEL in drawn and not (_only(rows, "variable") and rows["category"].notna().any())
    has_subject = has_labels or not {"variable", "category"}.isdisjoint(drawn)
    if "term" in rows.columns:
        return translate("Coefficient", wave.language)
    told = _only(rows, "prob") or axis_title(facts, wave)
    subject = _only(rows, "variable")
    if subject and not has_subject:
        told = f"{subject} ({told})"
    # of one group alone nothing in the drawing would say so
    of = [f"{wave.title(name)}: {_only(rows, name)}" for name in facts.by if name not in drawn and name in rows.columns]
    return "\n".join(textwrap.wrap("; ".join([told, *of]), _TITLE_WIDTH))


def _only(rows: pd.DataFrame, name: str) -> str:
    """The one value of a column; nothing where there are several, or none."""
    values = list(dict.fromkeys(rows[name])) if name in rows.columns else []
    return str(values[0]) if len(values) == 1 else ""


def _ticks(rows: pd.DataFrame, facts: Facts, language: str) -> Callable[[float, Any], str]:
    """How numbers on the axis are written: without decimals where they are far apart."""
    written = tick(facts)
    drawn = rows[[name for name in ("estimate", *facts.ends) if name in rows.columns]].to_numpy(dtype=float)
    is_wide = facts.unit in ("mean", "number") and bool(np.nanmax(drawn) - np.nanmin(drawn) >= _WIDE)

    def one(value: float, _: Any) -> str:
        if is_wide:
            digits = 0 if float(value).is_integer() else 1
            return (signed if facts.is_signed else number)(value, language, digits)
        return format_value(value, written, language)

    return one


_WIDE, _TITLE_WIDTH = 10, 50
_CALLED = {WAVE: "Wave", "variable": "Item", "category": "Answer", "prob": "Quantile"}
"""Columns that are in every study's frames, as a legend calls them."""


def _title(column: str, rows: pd.DataFrame, wave: Wave) -> str:
    """What an axis or a legend is called: nothing where labels say it."""
    if column in ("estimate", LABEL):
        return ""
    if column == "category" and (asked := _only(rows, "variable")):
        return "\n".join(textwrap.wrap(asked, _TITLE_WIDTH))
    if column in _CALLED:
        return translate(_CALLED[column], wave.language)
    return wave.title(column) if column in wave.groups or column in wave.responses.columns else column


def _in_order(column: pd.Series) -> list[str]:
    """Values of a column as the whole frame has them, of those that are drawn."""
    drawn = list(dict.fromkeys(column))
    return [one for one in column.cat.categories if one in drawn] if _has_levels(column) else drawn


def _has_levels(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


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
