"""Drawings of shares with their intervals as places in two viewBoxes: beside their labels, and below them on a phone.

The template ``plot.html`` turns them into SVG whose colours follow the page, light or dark.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bildungsbedarf.language import percent
from bildungsbedarf.study.model import Language

_PLOT = {"wide": (740, 325, 34), "narrow": (340, 0, 40)}
"""Width, width of the labels (0: above the bars) and height of a row of each drawing."""
_MARGIN = 14
_RIGHT = 46
"""Room for a value to the right of the axis; more where one is a word."""
_LETTER = 9
_LETTERS = {"wide": 36, "narrow": 36}
"""Letters of a label's line."""
_LINE = 17
_AXIS = 26
_HEAD = 18
_GAP = 4


@dataclass(frozen=True)
class Bar:
    """An estimate and its interval; without one the ends are the estimate."""

    estimate: float
    low: float
    high: float

    @property
    def ends(self) -> list[float]:
        """From left to right."""
        return [self.low, self.estimate, self.high]


@dataclass(frozen=True)
class PlotRow:
    """A line of the drawing: what is shown dark, and what stands light beside it for comparison."""

    label: str
    now: Bar | None
    before: Bar | None = None
    is_top: bool = False
    is_open: bool = False
    """Drawn hollow: nothing certain."""
    value: str = ""


def plots(rows: Sequence[PlotRow], language: Language, head: str = "") -> list[dict[str, Any]]:
    """The drawing in both widths.

    Parameters
    ----------
    rows
        From top to bottom.
    language
        Of the numbers on the axis.
    head
        Whose the values at the right are: they stand in a column of their own, as beside a mark they could be taken for
        those of the other.

    Returns
    -------
    list of dict
        What ``plot.html`` draws.

    Examples
    --------
    >>> drawn = plots([PlotRow("Digital skills", Bar(0.33, 0.3, 0.36), value="33%")], "en")
    >>> [one["kind"] for one in drawn]
    ['wide', 'narrow']
    """
    return [_plot(rows, kind, language, head) for kind in _PLOT]


def _plot(rows: Sequence[PlotRow], kind: str, language: Language, head: str) -> dict[str, Any]:
    width, beside, height = _PLOT[kind]
    left = beside or _MARGIN
    right = max(_RIGHT, _LETTER * max((len(row.value) for row in rows), default=0) + _GAP)
    highest = max((bar.high for row in rows for bar in (row.now, row.before) if bar is not None), default=0.0)
    step = 0.1 if highest <= 0.6 else 0.2
    top = min(step * (int(highest / step) + 1), 1.0)

    def place(share: float) -> float:
        return round(left + (width - left - right) * share / top, 1)

    drawn = []
    start = float(_HEAD if head else 0)
    for row in rows:
        lines = textwrap.wrap(row.label, _LETTERS[kind]) or [""]
        own = height + _LINE * (len(lines) - 1)
        y = start + (own / 2 if beside else own - 13)
        first = y + 5 - _LINE * (len(lines) - 1) / 2 if beside else y - 13 - _LINE * (len(lines) - 1)
        drawn.append(
            {
                "lines": [{"text": text, "y": first + _LINE * number} for number, text in enumerate(lines)],
                "label_x": left - 12 if beside else _MARGIN,
                "anchor": "end" if beside else "start",
                "y": y,
                "now": None if row.now is None else [place(x) for x in row.now.ends],
                "before": None if row.before is None else [place(x) for x in row.before.ends],
                "value": row.value,
                "look": " ".join(["now", *(["top"] if row.is_top else []), *(["hollow"] if row.is_open else [])]),
                "is_top": row.is_top,
            }
        )
        start += own
    ticks = [{"x": place(step * n), "label": percent(step * n, language, 0)} for n in range(round(top / step) + 1)]
    size = {"width": width, "height": round(start) + _AXIS, "top": _HEAD if head else 0, "value_x": width - 4}
    return {"kind": kind, **size, "head": head, "rows": drawn, "ticks": ticks}
