"""What comes first: importance × satisfaction with their uncertainty, and ranks with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.patches import Ellipse

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.findings import item_labels, measure_of
from bildungsbedarf.language import number, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import (
    called,
    figure_block,
    finish,
    hidden_words,
    most_lines,
    not_drawn,
    rows_of,
)
from bildungsbedarf.show.tables.cells import format_value
from bildungsbedarf.show.tables.grids import numbers
from bildungsbedarf.show.tables.labels import require_frame
from bildungsbedarf.show.tables.notes import self_selection, source_line
from bildungsbedarf.show.tables.ranks import rank_table
from bildungsbedarf.wave import Wave

_WORDS = {
    "concentrate_here": "Concentrate here",
    "keep_up": "Keep up the good work",
    "low_priority": "Low priority",
    "possible_overkill": "Possible overkill",
}
_RADIUS = 2.4477
"""√χ²(0.95; 2): an ellipse of two normal estimates with this radius holds the truth with 95 %."""


@dataclass(frozen=True)
class _Point:
    """An item's place; ``is_called``: its quadrant is certain."""

    importance: float
    satisfaction: float
    importance_se: float
    satisfaction_se: float
    correlation: float
    position: str
    is_called: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> _Point:
        names = ("importance", "satisfaction", "importance_se", "satisfaction_se", "correlation")
        numbers_ = {name: float(row[name]) for name in names}
        return cls(**numbers_, position=str(row["position"]), is_called=bool(row["category"]))


def quadrant_plot(released: Released, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """Items by importance and satisfaction, each with the ellipse of its two estimates; cuts as lines.

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
    >>> show.quadrant_plot(disclosure.release(needs.quadrants(wave)), wave).payload["name"]
    'quadrants-quadrant'
    """
    title, name = called(released, wave, "quadrants", title, name)
    require_frame(released, "needs.quadrants(wave)", ("importance", "satisfaction", "position", "correlation"))
    language = wave.language
    rows = released.rows().dropna(subset=["importance", "satisfaction"])
    rows = rows.assign(category=rows["category"].fillna(""))
    labels = item_labels(measure_of(released.facts), wave, language)
    chart, axes = style.square_figure()
    for number_, row in enumerate(map(_Point.of, records(rows)), start=1):
        is_called = row.is_called
        colour = style.AMBER if row.position == "concentrate_here" and is_called else style.DARK
        if np.isfinite(row.correlation):
            axes.add_patch(_ellipse(row, colour))
        face = colour if is_called else "white"
        at = pd.DataFrame({"x": [row.satisfaction], "y": [row.importance]})
        marks.points(axes, at, "x", y="y", color=face, edgecolor=colour, pointsize=12)
        axes.annotate(
            str(number_),
            (row.satisfaction, row.importance),
            ha="center",
            va="center",
            fontsize=8.5,
            color="white" if is_called else style.TEXT,
            zorder=4,
        )
    axes.margins(0.12)
    axes.axvline(rows["satisfaction_cut"].iloc[0], color=style.GREY, linewidth=1)
    axes.axhline(rows["importance_cut"].iloc[0], color=style.GREY, linewidth=1)
    corners = {"concentrate_here": (0, 1), "keep_up": (1, 1), "low_priority": (0, 0), "possible_overkill": (1, 0)}
    for quadrant, (x, y) in corners.items():
        axes.text(
            0.01 + 0.98 * x,
            0.015 + 0.97 * y,
            translate(_WORDS[quadrant], language),
            transform=axes.transAxes,
            ha="right" if x else "left",
            va="top" if y else "bottom",
            fontsize=8.5,
            color=style.GREY,
        )
    axes.set_xlabel(translate("Satisfaction (mean)", language))
    axes.set_ylabel(translate("Importance (mean)", language))
    style.localise(axes, language)
    key = "; ".join(f"{place} {labels[str(item)]}" for place, item in enumerate(rows["variable"], start=1))
    certain = [labels[str(row.variable)] for row in rows.itertuples() if row.category == "concentrate_here"]
    alt = translate(
        "{title}. Surely important and unsatisfactory: {items}.",
        language,
        title=title,
        items="; ".join(certain) or translate("no field", language),
    )
    rows = rows.assign(label=[labels[str(item)] for item in rows["variable"]])
    columns: list[tuple[str, str, int | None]] = [
        ("importance", translate("Importance (mean)", language), 2),
        ("satisfaction", translate("Satisfaction (mean)", language), 2),
        ("certainty", translate("Certainty of the quadrant", language), None),
        ("n", translate("Persons", language), 0),
    ]
    twin = numbers(rows, wave, columns, title=title, corner=translate("Field", language))
    text = (
        "Filled: the quadrant is certain (80% and more); ellipses hold both means with 95%; lines: means of all fields."
    )
    told = [translate(text, language)] if wave.allows_inference else self_selection(wave)
    notes = [key, *told, *not_drawn(len(rows), len(released.frame), [released], language), source_line(wave)]
    return figure_block(chart, name, title, alt, twin, notes, language)


def _ellipse(row: _Point, colour: str) -> Ellipse:
    """Joint 95 % region of the two means of an item."""
    sx, sy = row.satisfaction_se, row.importance_se
    across = row.correlation * sx * sy
    values, vectors = np.linalg.eigh(np.array([[sx**2, across], [across, sy**2]]))
    width, height = 2 * _RADIUS * np.sqrt(np.clip(values[::-1], 0, None))
    angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))
    center = (row.satisfaction, row.importance)
    return Ellipse(center, width, height, angle=angle, facecolor=colour, alpha=0.18, edgecolor=colour, linewidth=0.8)


def rank_plot(released: Released, wave: Wave, *, title: str = "", name: str = "") -> Block:
    """Each item's place with the places its confidence set contains; 1 is the largest.

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
    >>> show.rank_plot(disclosure.release(needs.unmet(wave)), wave).payload["name"]
    'ranks-unmet_need'
    """
    title, name = called(released, wave, "ranks", title, name)
    require_frame(released, "needs.unmet(wave)", ("rank_best", "rank_worst"), 0)
    rows, labels = rows_of(released, wave)
    language, facts = wave.language, released.facts
    rows = rows.sort_values("estimate", ascending=facts.measure != "ranked_discrepancy", ignore_index=True)
    count = len(rows)
    rows["place"] = range(count, 0, -1)
    chart, axes = style.new_figure(count, most_lines(rows, labels))
    places = range(count)
    # without ranks (self-selected answers) an item has its place among the respondents, and nothing is certain
    best, worst = (rows[name].fillna(rows["place"]).to_numpy(dtype=int) for name in ("rank_best", "rank_worst"))
    drawn = pd.DataFrame({"place": places, "rank": rows["place"], "best": best, "worst": worst})
    marks.ranges(axes, drawn, "best", "worst", color=style.DARK, linewidth=6, alpha=0.35)
    alone = [bool(sure) and wave.allows_inference for sure in best == worst]
    for is_sure, face in ((True, style.DARK), (False, "white")):
        part = drawn[[sure is is_sure for sure in alone]]
        marks.points(axes, part, "rank", color=face, edgecolor=style.DARK, pointsize=11, edgewidth=1.5)
    for place, at, is_alone in zip(places, rows["place"], alone, strict=True):
        colour = "white" if is_alone else style.TEXT
        axes.annotate(str(at), (at, place), ha="center", va="center", fontsize=8.5, color=colour, zorder=4)
    finish(axes, [labels[key] for key in rows["key"]], facts, language, start_at_zero=False)
    axes.set_xlim(0.4, count + 0.6)
    axes.set_xticks(range(1, count + 1), [number(place, language) for place in range(1, count + 1)])
    missing = not_drawn(count, len(released.frame), [released], language)
    # of what is hidden nobody knows where it would stand
    axes.set_xlabel(translate("Place among those shown" if missing else "Place", language))
    top = rows.iloc[-1]
    sure = f", {translate('surely first', language)}" if int(worst[-1]) == 1 and wave.allows_inference else ""
    alt = translate("{title}. In front: {item}", language, title=title, item=labels[top["key"]])
    alt += f" ({format_value(top['estimate'], facts, language)}{sure})."
    alt += hidden_words(released, language)
    text = "Bars: places that cannot be told apart from chance, for all items together; filled: certain."
    told = [translate(text, language)] if wave.allows_inference else self_selection(wave)
    twin = rank_table(released, wave, title=title)
    return figure_block(chart, name, title, alt, twin, [*told, *missing, source_line(wave)], language)
