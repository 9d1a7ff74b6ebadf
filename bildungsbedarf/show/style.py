"""One look for all figures: fonts, colours that stay apart for colour-blind readers and in grey, sizes."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Paul Tol's "bright" and "high contrast" schemes; dark blue and amber differ in lightness too.
DARK = "#004488"
AMBER = "#BB5500"
GREY = "#6B7280"
LIGHT = "#D5DAE1"
TEXT = "#1F2933"
WIDTH = 5.0
"""Inches; narrow, so that its text stays readable on a phone. A row of a chart takes ``ROW``,
or as many times ``LINE`` as its label needs."""
ROW = 0.42
LINE = 0.175

_RC: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.edgecolor": LIGHT,
    "axes.labelcolor": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "ytick.major.size": 0,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "axes.axisbelow": True,
    "grid.color": LIGHT,
    "grid.linewidth": 0.8,
    "svg.fonttype": "none",
    "figure.constrained_layout.use": True,
}


def new_figure(rows: int, lines: int) -> tuple[Figure, Any]:
    """An empty chart for ``rows`` items whose labels take up to ``lines`` lines, drawn without any screen."""
    with mpl.rc_context(_RC):
        height = max(ROW, LINE * (lines + 0.5))
        figure = Figure(figsize=(WIDTH, 1.0 + height * rows), layout="constrained")
        return figure, figure.subplots()


def to_svg(figure: Figure, name: str, alt: str) -> str:
    """Inline SVG with a real alternative text; the same figure gives the same bytes."""
    buffer = io.StringIO()
    with mpl.rc_context({**_RC, "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r'(<svg\b[^>]*?)\swidth="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg\b[^>]*?)\sheight="[^"]*"', r"\1", svg, count=1)
    # Several figures share a page: every id carries the figure's name.
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{name}-\2"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{_attribute(alt)}" ', 1)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
