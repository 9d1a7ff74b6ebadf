"""Municipalities as tiles laid out after their positions, or with true boundaries from a GeoJSON file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from scipy.optimize import linear_sum_assignment

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.needs.areas import small_area_of
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import called, figure_block
from bildungsbedarf.show.tables.grids import numbers
from bildungsbedarf.show.tables.labels import require_frame
from bildungsbedarf.show.tables.notes import citations, source_line
from bildungsbedarf.show.tables.readings import modelled, reading_notes
from bildungsbedarf.wave import Wave

_SPARE = 1.35
"""Cells of the grid for each area: room to keep neighbours near each other."""


Look = Callable[[str], tuple[str, str]]
"""Colour of an area and what stands on it, by its code."""


def tile_layout(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(column, row) of each area in a grid: the assignment with the smallest sum of squared displacements.

    Rows count from the north. Positions in degrees; east–west is shortened by the latitude's cosine.
    """
    x, y = lon * np.cos(np.radians(lat.mean())), -lat
    wide, high = np.ptp(x) or 1.0, np.ptp(y) or 1.0
    cells = len(lon) * _SPARE
    columns = max(int(np.ceil(np.sqrt(cells * wide / high))), 1)
    rows = max(int(np.ceil(cells / columns)), 1)
    gx, gy = np.meshgrid(np.arange(columns), np.arange(rows))
    at = np.column_stack([gx.ravel(), gy.ravel()])
    px, py = (x - x.min()) / wide * (columns - 1), (y - y.min()) / high * (rows - 1)
    cost = (px[:, None] - at[:, 0]) ** 2 + (py[:, None] - at[:, 1]) ** 2
    _, chosen = linear_sum_assignment(cost)
    return at[chosen, 0], at[chosen, 1]


def area_map(released: Released, areas: pd.DataFrame, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """A modelled share by municipality (``needs.small_areas``): each area with its value, so that colour is not alone.

    ``areas`` are those of ``needs.area_table``; true boundaries are drawn where study.toml names a GeoJSON file.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    areas
        A frame of ``needs.area_table``.
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

    Raises
    ------
    ConfigError, DataError
        The table has no positions; the GeoJSON cannot be read, or lacks an area.

    Examples
    --------
    >>> released = disclosure.release(needs.small_areas(wave, "F07"))
    >>> show.area_map(released, needs.area_table(wave), wave).payload["name"]
    'map-small_area-gemeinde-F07'
    """
    title, name = called(released, wave, "map", title, name)
    require_frame(released, "needs.small_areas(wave, item)", ("name", "direct", "shrinkage"))
    if not isinstance(areas, pd.DataFrame):
        raise ConfigError(
            "a map needs its areas", where="areas", value=type(areas).__name__, expected="needs.area_table(wave)"
        )
    config, language = small_area_of(wave), wave.language
    group = config.group
    values = released.rows().set_index(group)["estimate"].reindex(areas.index)
    sides = _sides(released, group)
    chart = drawn_map(areas, _against(sides, values, language), wave)
    told = [sides[code] for code in values.dropna().index if code in sides]
    _legend(chart, sorted(set(told), reverse=True), language, is_hidden=len(told) < len(areas))
    alt = _message(released, sides, areas, wave, title)
    shown = released.frame.assign(label=released.frame["name"])
    headings = {
        "estimate": "Modelled",
        "ci_low": "from",
        "ci_high": "to",
        "direct": "Direct",
        "shrinkage": "Weight of the direct value",
    }
    named: list[tuple[str, str, int | None]]
    named = [(column, translate(text, language), None) for column, text in headings.items()]
    named.append(("n", translate("Persons", language), 0))
    twin = numbers(shown, wave, named, title=title, corner=wave.title(group))
    notes = [
        *_told_colours(released, len(sides), language),
        *reading_notes(released.facts, wave),
        modelled(released, language),
        *citations(wave, [config.file]),
        source_line(wave),
    ]
    if values.isna().all():
        notes.insert(0, translate(_NOTHING, language))
    if config.boundaries:
        notes.insert(-1, config.boundaries_source)
    return figure_block(chart, name, title, alt, twin, notes, language)


_COLOURS = (
    "Orange or blue only where the interval of uncertainty leaves out the share of the whole district ({district}). "
    "Among {count} municipalities that happens by chance too, about {times} times on average."
)
_SIDES = {
    1: (style.AMBER, "▲", "above the district"),
    0: (style.LIGHT, "", "no difference can be shown"),
    -1: (style.DARK, "▼", "below the district"),
}
"""Colour, sign and words of a municipality's side; the colour is not alone."""


def _sides(released: Released, group: str) -> dict[str, int]:
    """Area → whether its interval lies above (1) or below (−1) the share of the whole district."""
    rows, district = released.rows(), released.facts.details.get("district")
    if district is None:
        return dict.fromkeys(rows[group].astype(str), 0)
    ends = zip(rows[group].astype(str), rows["ci_low"], rows["ci_high"], strict=True)
    return {code: int(low > district) - int(high < district) for code, low, high in ends}


def _told_colours(released: Released, count: int, language: str) -> list[str]:
    """What colours rest on; nothing where the district's own share may not be told."""
    district = released.facts.details.get("district")
    if district is None:
        return []
    named = {
        "district": percent(float(district), language, 0),
        "count": number(count, language),
        "times": number(count * (1 - released.facts.level), language, 1),
    }
    return [translate(_COLOURS, language, **named)]


def _against(sides: dict[str, int], values: pd.Series, language: str) -> Look:
    """Colours that claim no more than the intervals carry."""

    def look(code: str) -> tuple[str, str]:
        if code not in sides or np.isnan(values[code]):
            return style.WHITE, "–"
        colour, sign, _ = _SIDES[sides[code]]
        return colour, f"{sign} {percent(float(values[code]), language, 0)}".strip()

    return look


def _legend(chart: Any, sides: Sequence[int], language: str, *, is_hidden: bool) -> None:
    """What the colours that occur mean, and the areas without a value."""
    marks = [style.patch(_SIDES[side][0]) for side in sides]
    texts = [f"{_SIDES[side][1]} {translate(_SIDES[side][2], language)}".strip() for side in sides]
    if is_hidden:
        marks.append(style.patch(style.WHITE))
        texts.append(translate("– too few answers, or too imprecise", language))
    look = {"frameon": False, "fontsize": 9.0, "handlelength": 1.0, "columnspacing": 1.2}
    chart.legend(marks, texts, loc="outside lower center", ncol=max(len(marks), 1), **look)


def shaded(values: pd.Series, told: Callable[[float], str]) -> Look:
    """Colours from the lowest to the highest of exact values, each with its value in words."""
    low, high = float(values.min()), float(values.max())

    def look(code: str) -> tuple[str, str]:
        value = float(values[code])
        if np.isnan(value):
            return style.WHITE, "–"
        return style.sequential((value - low) / (high - low) if high > low else 0.5), told(value)

    return look


_NOTHING = "No municipality has enough answers for a value that is precise enough; more people would have to be asked."


def _message(released: Released, sides: dict[str, int], areas: pd.DataFrame, wave: Wave, title: str) -> str:
    """The figure in words: which municipalities lie above and below the district, as the colours say."""
    language = wave.language
    shown = released.rows().set_index(small_area_of(wave).group)
    ordered = shown[shown["estimate"].notna()].sort_values("estimate")
    if ordered.empty:
        return f"{title}. {translate(_NOTHING, language)}"
    top, bottom = ordered.iloc[-1], ordered.iloc[0]
    named = {
        "title": title,
        "high": percent(float(top["estimate"]), language, 0),
        "low": percent(float(bottom["estimate"]), language, 0),
    }
    told = [
        f"{translate(_SIDES[side][2], language)}: {', '.join(names)}"
        for side in (1, -1)
        if (names := [str(areas["name"][code]) for code in reversed(ordered.index.astype(str)) if sides[code] == side])
    ]
    text = "{title}. Between {low} and {high}; {places}."
    places = "; ".join(told) or translate("for none a difference from the district can be shown", language)
    return translate(text, language, places=places, **named)


def drawn_map(areas: pd.DataFrame, look: Look, wave: Wave) -> Any:
    """Municipalities, each in the colour and with the words of its look."""
    if not {"lon", "lat"} <= set(areas.columns):
        raise ConfigError("a map needs positions: columns lon and lat", where="study.toml, small_area.file")
    has_boundaries = bool(small_area_of(wave).boundaries)
    if has_boundaries:
        chart, axes = style.square_figure()
        axes.set_aspect("equal")
        _boundaries(axes, areas, look, wave)
    else:
        columns, rows = tile_layout(areas["lon"].to_numpy(), areas["lat"].to_numpy())
        chart, axes = style.tiles_figure(int(rows.max()) + 1)
        _tiles(axes, areas, columns, rows, look)
    axes.set_axis_off()
    return chart


def _tiles(axes: Any, areas: pd.DataFrame, columns: np.ndarray, rows: np.ndarray, look: Look) -> None:
    for column, row, code, named in zip(columns, rows, map(str, areas.index), areas["name"], strict=True):
        face, text = look(code)
        axes.add_patch(Rectangle((column, -row), 0.96, 0.94, facecolor=face, edgecolor=style.GREY, linewidth=0.6))
        colour = style.text_on(face)
        written = {"ha": "center", "va": "center", "color": colour}
        axes.text(column + 0.48, -row + 0.66, _in_lines(str(named)), fontsize=8.6, linespacing=0.95, **written)
        axes.text(column + 0.48, -row + 0.22, text, fontsize=9.5, **written)
    axes.set_xlim(-0.02, columns.max() + 0.98)
    axes.set_ylim(-rows.max() - 0.02, 0.96)


def _boundaries(axes: Any, areas: pd.DataFrame, look: Look, wave: Wave) -> None:
    config = small_area_of(wave)
    shapes = read_boundaries(wave.files.project.reference / config.boundaries, config.boundaries_key, config.digits)
    if lacking := [str(areas["name"][code]) for code in map(str, areas.index) if code not in shapes]:
        raise DataError("boundaries lack an area", where=f"data/reference/{config.boundaries}", value=lacking[0])
    stretch = np.cos(np.radians(areas["lat"].mean()))
    for code, lon, lat in zip(map(str, areas.index), areas["lon"], areas["lat"], strict=True):
        face, text = look(code)
        outline = _outline(shapes[code], stretch)
        axes.add_patch(PathPatch(outline, facecolor=face, edgecolor="white", linewidth=0.7))
        axes.text(lon * stretch, lat, text, ha="center", va="center", fontsize=6.5, color=style.text_on(face))
    axes.autoscale_view()


def read_boundaries(path: Path, key: str, digits: int) -> dict[str, list[list[list[float]]]]:
    """Rings of each area, by the last ``digits`` of its key, from GeoJSON polygons in degrees.

    Raises
    ------
    DataError
        No GeoJSON of polygons, or features without the key.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found: dict[str, list[list[list[float]]]] = {}
        for feature in features:
            geometry = feature["geometry"]
            parts = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
            code = str(feature["properties"][key])[-digits:]
            found.setdefault(code, []).extend(ring for polygon in parts for ring in polygon)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "boundaries cannot be read", where=path.name, value=type(error).__name__, expected=f"GeoJSON with {key}"
        ) from None
    return found


def _outline(rings: list[list[list[float]]], stretch: float) -> Outline:
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    for ring in rings:
        points += [(point[0] * stretch, point[1]) for point in ring]
        codes += [int(Outline.MOVETO), *([int(Outline.LINETO)] * (len(ring) - 2)), int(Outline.CLOSEPOLY)]
    return Outline(points, codes)


def _in_lines(name: str) -> str:
    """A municipality's name in up to two lines of a tile; only what fits neither is cut."""
    lines = textwrap.wrap(name.split(",")[0], _TILE, break_long_words=False)
    return "\n".join(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}." for line in lines[:2])


_TILE, _LONGEST = 13, 15
"""Letters in a line of a tile, and of a single word that stands in one."""
