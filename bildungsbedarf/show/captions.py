"""What a saved drawing takes along: its title above, its notes and source beneath."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

TEXT_WIDTH = 6.3
"""Inches of a page of A4 between its margins."""


def add_caption(figure: Any, title: str, notes: Sequence[str], aspect: float | None = None) -> None:
    """Title above a drawing, notes beneath; it grows by their lines, and its layout keeps to what is left.

    ``aspect`` is the whole's width by its height: where lines make it higher, it becomes wider too.
    """
    width, height = (float(length) for length in figure.get_size_inches())
    head, feet, above, below = _in_lines(title, notes, width)
    if aspect is not None:
        # the wider it becomes, the fewer lines it needs: what the first lines need is enough
        width = max(width, (height + above + below) * aspect)
        head, feet, above, below = _in_lines(title, notes, width)
    whole = height + above + below if aspect is None else width / aspect
    figure.set_size_inches(width, whole)
    inside = whole - above - below
    upper, lower = (_height_of_legends(figure, side) for side in ("upper", "lower"))
    figure.get_layout_engine().set(rect=(0.0, (below + lower) / whole, 1.0, (inside - upper - lower) / whole))
    for legend in figure.legends:
        # where a legend was given a place, the layout makes none for it
        legend.set_bbox_to_anchor((0.0, below / whole, 1.0, inside / whole), figure.transFigure)
    left, look = _MARGIN / width, {"ha": "left", "linespacing": _SPACING, "color": "black"}
    figure.text(left, 1 - _MARGIN / whole, "\n".join(head), va="top", size=_TITLE_SIZE, weight="bold", **look)
    figure.text(left, _MARGIN / 2 / whole, "\n".join(feet), va="bottom", size=_NOTE_SIZE, **look)


def _in_lines(title: str, notes: Sequence[str], width: float) -> tuple[list[str], list[str], float, float]:
    """The lines above and beneath a drawing of so many inches, and how high they are together."""
    head = textwrap.wrap(title, int(width * _BOLD_SIGNS / _TITLE_SIZE))
    feet = [line for note in notes for line in textwrap.wrap(note, int(width * _SIGNS / _NOTE_SIZE))]
    above, below = (
        len(lines) * size * _SPACING / 72 + (2 * _MARGIN if lines else 0)
        for lines, size in ((head, _TITLE_SIZE), (feet, _NOTE_SIZE))
    )
    return head, feet, above, below


def _height_of_legends(figure: Any, side: str) -> float:
    """Inches of the legends above a drawing (``upper``), or beneath it (``lower``)."""
    legends = [legend for legend in figure.legends if legend._outside_loc == side]
    if not legends:
        return 0.0
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    highest = max(float(legend.get_window_extent(renderer).height) for legend in legends)
    return highest / float(figure.dpi) + _MARGIN


_TITLE_SIZE, _NOTE_SIZE, _SPACING = 11.0, 7.5, 1.3
"""Points of a caption, and its lines' distance."""
_MARGIN = 0.1
"""Inches around it."""
_SIGNS, _BOLD_SIGNS = 125, 100
"""Signs on an inch, times their points: what surely fits."""
