"""One look for all figures: fonts, colours that stay apart for colour-blind readers and in grey, sizes."""

from __future__ import annotations

import copy
import io
import re
import textwrap
import warnings
from functools import partial
from html import unescape
from typing import Any

import matplotlib as mpl
import matplotlib.colors
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.language import number

# Paul Tol's "bright" and "high contrast" schemes; dark blue and amber differ in lightness too.
DARK = "#004488"
AMBER = "#BB5500"
GREY = "#6B7280"
LIGHT = "#D5DAE1"
WHITE = "#FFFFFF"
TEXT = "#1F2933"
_TEXT_LUMINANCE = 0.021
CLEAR: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
"""Ground of a number that may stand on a line."""
WIDTH = 5.0
"""Inches. A row of a chart takes ``ROW``,
or as many times ``LINE`` as its label needs."""
ROW = 0.42
_TILE = 0.55
ONLY_WIDE = "only wide"
"""Label of a drawing that has no room on a phone: its table stands open there."""
LINE = 0.175
NARROW = 3.4
"""Inches of the drawing for a phone: there 350 px, so that a point is 1.43 px."""
_OVER = 0.3
"""Inches a text may stand over the edge: the font of pages is a sixth narrower than the one the layout is made with."""
_LABEL = 18
"""Letters of a line beneath its axis."""
_SMALLEST = 8.4
"""Points of text that are 12 px there."""

_PALETTE = (DARK, AMBER, "#117733", "#882255", GREY, "#3D7F9B")
"""Lines and dots stand out against white by at least 3 to 1, the first two in grey as well."""

_RC: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=_PALETTE),
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": TEXT,
    "axes.edgecolor": LIGHT,
    "axes.facecolor": "white",
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


_GROUP = re.compile(r'<g id="text_\d+">.*?</g>', re.DOTALL)
_TEXT_LINE = re.compile(
    r'<text style="(?P<style>[^"]*)" transform="translate\((?P<x>[-\d.]+) (?P<y>[-\d.]+)\)">(?P<text>[^<]*)</text>'
)
_TAG, _COMMENT = re.compile(r"<[^>]+>"), re.compile(r"<!--.*?-->\n?", re.DOTALL)
_DIGITS = re.compile(r"(\.\d\d)\d+")
_SIZE = re.compile(r"([\d.]+)px")
_FAMILY = "font-family: 'DejaVu Sans', sans-serif"
_SAME = 0.6
"""Points that places of one edge may be apart."""


def theme() -> dict[Any, Any]:
    """The look of our figures as matplotlib's settings: ``seaborn.set_theme(rc=bb.show.theme())``.

    Returns
    -------
    dict
        ``rcParams`` by name.

    Examples
    --------
    >>> show.theme()["axes.grid"]
    True
    """
    return dict(_RC)


def palette(kind: str = "groups", count: int = 0) -> list[str]:
    """Colours for a figure of one's own: ``seaborn.set_palette(show.palette())``.

    Parameters
    ----------
    kind
        ``groups`` (what is compared), ``steps`` (an answer scale from low to high), ``amount`` (from little to much).
    count
        How many; default: all of ``groups``, five of the others.

    Returns
    -------
    list of str
        Colours as ``#RRGGBB``. They stay apart for colour-blind readers; beyond two groups use marks too.

    Raises
    ------
    ConfigError
        There is no such kind, or there are not so many groups that can be told apart.

    Examples
    --------
    >>> show.palette("groups", 2)
    ['#004488', '#BB5500']
    """
    if kind not in _KINDS:
        raise ConfigError("there is no such palette", value=kind, expected=nearest(kind, _KINDS))
    if kind == "groups":
        if count > len(_PALETTE):
            raise ConfigError(
                "so many colours cannot be told apart",
                value=count,
                expected=f"at most {len(_PALETTE)}",
                remedy="a panel for each group: show.estimates(…, facet=…)",
            )
        return list(_PALETTE[: count or len(_PALETTE)])
    steps = count or 5
    return diverging(steps) if kind == "steps" else [sequential(step / max(steps - 1, 1)) for step in range(steps)]


_KINDS = ("groups", "steps", "amount")


def new_figure(rows: int, lines: int) -> tuple[Figure, Any]:
    """An empty chart for ``rows`` items whose labels take up to ``lines`` lines, drawn without any screen."""
    with mpl.rc_context(_RC):
        height = max(ROW, LINE * (lines + 0.5))
        figure = Figure(figsize=(WIDTH, 1.0 + height * rows), layout="constrained")
        return figure, figure.subplots()


def wide_figure() -> tuple[Figure, Any]:
    """An empty chart for lines over the years."""
    with mpl.rc_context({**_RC, "axes.grid.axis": "y"}):
        figure = Figure(figsize=(WIDTH * 1.1, WIDTH * 0.72), layout="constrained")
        return figure, figure.subplots()


def square_figure() -> tuple[Figure, Any]:
    """An empty square chart for two measures or a map."""
    with mpl.rc_context({**_RC, "axes.grid": False}):
        figure = Figure(figsize=(WIDTH, WIDTH), layout="constrained")
        return figure, figure.subplots()


def tiles_figure(rows: int) -> tuple[Figure, Any]:
    """An empty chart for a map of tiles, wider than high so that names fit, with room for a line beneath."""
    with mpl.rc_context({**_RC, "axes.grid": False}):
        figure = Figure(figsize=(WIDTH * 1.2, _TILE * rows + 0.3), layout="constrained")
        figure.set_label(ONLY_WIDE)
        return figure, figure.subplots()


def panels(count: int, columns: int, rows: int) -> tuple[Figure, list[Any]]:
    """``count`` small charts in ``columns``, each for ``rows`` groups."""
    lines = -(-count // columns)
    with mpl.rc_context(_RC):
        figure = Figure(figsize=(WIDTH * 1.25, lines * (0.75 + 0.2 * rows)), layout="constrained")
        axes = figure.subplots(lines, columns, sharex=True, squeeze=False).ravel()
    for spare in axes[count:]:
        spare.set_axis_off()
    return figure, list(axes[:count])


def pair(rows: int) -> tuple[Figure, Any, Any]:
    """Two charts beside each other with the same ``rows``, each with an axis of its own."""
    with mpl.rc_context(_RC):
        figure = Figure(figsize=(WIDTH * 1.25, 1.1 + 0.55 * rows), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
    return figure, left, right


def localise(axes: Any, language: str) -> None:
    """Numbers on both axes as the language writes them."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, language, 1)))


def diverging(steps: int) -> list[str]:
    """Colours from amber over grey to blue; darker towards both ends, so that grey prints stay readable."""
    colours = mpl.colors.LinearSegmentedColormap.from_list("steps", [AMBER, "#F0C9A0", LIGHT, "#8FB0D8", DARK])
    return [mpl.colors.to_hex(colours(step / max(steps - 1, 1))) for step in range(steps)]


def sequential(share: float) -> str:
    """A colour between light and dark blue for a value between 0 and 1."""
    colours = mpl.colors.LinearSegmentedColormap.from_list("areas", ["#E9EEF5", "#8FB0D8", DARK])
    return str(mpl.colors.to_hex(colours(float(share))))


def text_on(colour: str) -> str:
    """White or dark text, whichever stands out against a colour (WCAG relative luminance)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    on_white, on_dark = 1.05 / (luminance + 0.05), (luminance + 0.05) / (_TEXT_LUMINANCE + 0.05)
    return WHITE if on_white > on_dark else TEXT


def dot(colour: str, marker: str) -> Line2D:
    """A dot for a legend."""
    return Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=7)


def patch(colour: str) -> Patch:
    """A square for a legend."""
    return Patch(facecolor=colour, edgecolor=GREY, linewidth=0.6 if colour == WHITE else 0.0)


def to_narrow_svg(figure: Figure, name: str, alt: str) -> str:
    """The same drawing laid out anew for a phone; ``""`` where it has no room there: too small, or cut, is its text."""
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    if figure.get_label() == ONLY_WIDE:
        return ""
    if min((float(text.get_fontsize()) for text in texts), default=_SMALLEST) < _SMALLEST:
        return ""
    # the layout is found in steps, from where it stands: the first drawing must not begin elsewhere
    drawn = copy.deepcopy(figure)
    width, height = drawn.get_size_inches()
    drawn.set_size_inches(NARROW, NARROW if width == height else height)
    for axes in drawn.axes:
        # what is measured stands in lines that end with the axis, so that nothing is cut
        axes.set_xlabel("\n".join(textwrap.wrap(axes.get_xlabel(), _LABEL)), loc="right")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            svg = to_svg(drawn, f"{name}-narrow", alt)
    except UserWarning:
        # the layout gives up where labels leave nothing for the axes
        return ""
    taken = drawn.get_tightbbox()
    return svg if taken.x0 > -_OVER and taken.x1 < NARROW + _OVER else ""


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
    svg = _GROUP.sub(_aligned, svg)
    svg = _slim(svg)
    # Several figures share a page: every id carries the figure's name.
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{name}-\2"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{_attribute(alt)}" style="{_FAMILY}" ', 1)


def _slim(svg: str) -> str:
    """Without what nobody reads: comments, indents, names of groups, thousandths of a point; the font is named once."""
    plain = re.sub(r"\n\s*", "\n", _COMMENT.sub("", svg)).replace(" \nL ", "L").replace(' \n"', '"')
    return _TAG.sub(lambda tag: _DIGITS.sub(r"\1", tag[0]), re.sub(r'<g id="[^"]*">', "<g>", plain)).replace(
        f"; {_FAMILY}", ""
    )


def _aligned(group: re.Match[str]) -> str:
    """Lines of one text by their common edge or middle: where they begin was computed for another font than pages have.

    matplotlib tells how a text of one line is aligned, of several lines it gives only where each begins.
    """
    lines = list(_TEXT_LINE.finditer(group[0]))
    if len(lines) < 2:
        return group[0]
    starts = [float(line["x"]) for line in lines]
    widths = [_width_of(line["style"], unescape(line["text"])) for line in lines]
    if max(starts) - min(starts) < _SAME:
        return group[0]
    for anchor, share in (("end", 1.0), ("middle", 0.5)):
        edges = [start + share * width for start, width in zip(starts, widths, strict=True)]
        if max(edges) - min(edges) < _SAME:
            return _TEXT_LINE.sub(partial(_anchored, anchor=anchor, edge=edges[0]), group[0])
    return group[0]


def _anchored(line: re.Match[str], anchor: str, edge: float) -> str:
    place = f'transform="translate({edge:.6f} {line["y"]})"'
    return f'<text style="{line["style"]}; text-anchor: {anchor}" {place}>{line["text"]}</text>'


def _width_of(look: str, text: str) -> float:
    """Points a line takes in the font it was laid out with."""
    size = _SIZE.search(look)
    weight = "bold" if "font-weight: bold" in look or "font: bold" in look or "font-weight: 700" in look else "normal"
    font = FontProperties(family="DejaVu Sans", size=float(size[1]) if size else 10.0, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
