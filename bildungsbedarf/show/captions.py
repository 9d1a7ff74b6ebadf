"""What a saved drawing takes along: its title above, its notes and source beneath."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

TEXT_WIDTH = 6.3
"""Inches of a page of A4 between its margins."""


def add_caption(figure: Any, title: str, notes: Sequence[str]) -> None:
    """Title above a drawing, notes beneath; it grows by their lines, and its layout keeps to what is left."""
    width, height = figure.get_size_inches()
    # a slide is read from afar
    title_size, note_size = (size * max(1.0, width / TEXT_WIDTH) for size in (_TITLE_SIZE, _NOTE_SIZE))
    head = textwrap.wrap(title, int(width * _BOLD_SIGNS / title_size))
    feet = [line for note in notes for line in textwrap.wrap(note, int(width * _SIGNS / note_size))]
    above, below = (
        len(lines) * size * _SPACING / 72 + (2 * _MARGIN if lines else 0)
        for lines, size in ((head, title_size), (feet, note_size))
    )
    whole, legends = height + above + below, _height_of_legends(figure)
    left = _MARGIN / width
    figure.set_size_inches(width, whole)
    figure.get_layout_engine().set(rect=(0.0, below / whole, 1.0, (height - legends) / whole))
    for legend in figure.legends:
        # where a legend was given a place, the layout makes none for it
        legend.set_bbox_to_anchor((0.0, below / whole, 1.0, height / whole), figure.transFigure)
    look = {"ha": "left", "linespacing": _SPACING, "color": "black"}
    figure.text(left, 1 - _MARGIN / whole, "\n".join(head), va="top", size=title_size, weight="bold", **look)
    figure.text(left, _MARGIN / 2 / whole, "\n".join(feet), va="bottom", size=note_size, **look)


def _height_of_legends(figure: Any) -> float:
    """Inches of the legends above a drawing."""
    if not figure.legends:
        return 0.0
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    highest = max(float(legend.get_window_extent(renderer).height) for legend in figure.legends)
    return highest / float(figure.dpi) + _MARGIN


_TITLE_SIZE, _NOTE_SIZE, _SPACING = 11.0, 7.5, 1.3
"""Points of a caption, and its lines' distance."""
_MARGIN = 0.1
"""Inches around it."""
_SIGNS, _BOLD_SIGNS = 125, 100
"""Signs on an inch, times their points: what surely fits."""
