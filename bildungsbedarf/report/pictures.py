"""A drawing and its numbers to take along: as PNG for a slide or a letter, and as a workbook."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from io import BytesIO, StringIO
from typing import Any

from bildungsbedarf.errors import StepError
from bildungsbedarf.show.workbooks import new_workbook

_TWICE = 192
"""Pixels an inch: twice what the drawing has, sharp on paper too."""
_SOURCE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
_TOKEN = re.compile(r"(--[a-z]+): (#[0-9a-f]{6})")
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{ :root \{[^}]*\} \}\n")
_FONTS = re.compile(r'system-ui, "Segoe UI", Roboto, Arial, sans-serif')
_BOLD = re.compile(r"font-weight: 650")


def to_png(svg: str, name: str) -> bytes:
    """The drawing in its light colours, twice as large, set in DejaVu Sans; the same bytes for the same drawing.

    Parameters
    ----------
    svg
        A drawing of ``figure.svg``: its colours are CSS properties, which pictures do not know.
    name
        What it is called in a message.

    Returns
    -------
    bytes
        PNG.

    Raises
    ------
    StepError
        The drawing cannot be rendered.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
    >>> to_png(svg, "a")[1:4]
    b'PNG'
    """
    import typst

    light = _DARK.sub("", svg)
    colours = dict(_TOKEN.findall(light))
    plain = re.sub(r"var\((--[a-z]+)\)", lambda found: colours.get(found[1], "#000000"), light)
    plain = _BOLD.sub("font-weight: bold", _FONTS.sub('"DejaVu Sans"', plain))
    try:
        made = typst.compile(_SOURCE, format="png", ppi=_TWICE, sys_inputs={"svg": plain}, font_paths=_fonts())
    except typst.TypstError as error:
        raise StepError("drawing cannot be rendered", where=name, value=str(error)) from None
    return bytes(made)


@cache
def _fonts() -> Any:
    """DejaVu Sans as matplotlib brings it: looked for once, not for each of many figures."""
    import typst

    folder = str(files("matplotlib").joinpath("mpl-data/fonts/ttf"))
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def to_workbook(title: str, subtitle: str, table: str, source: str) -> bytes:
    r"""The numbers of a drawing as a workbook: title, what is drawn, the numbers, whose they are.

    Parameters
    ----------
    title, subtitle
        As over the drawing.
    table
        Its numbers as CSV, as they are handed out beside it.
    source
        Whose data they are.

    Returns
    -------
    bytes
        XLSX; the same for the same numbers.

    Examples
    --------
    >>> to_workbook("Titel", "Anteil", "Bereich,estimate\r\nA,0.25\r\n", "Quelle")[:2]
    b'PK'
    """
    stream = BytesIO()
    book = new_workbook(stream, title)
    strong = book.add_format({"bold": True})
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 44)
    sheet.write_string(0, 0, title, strong)
    sheet.write_string(1, 0, subtitle)
    head, *rows = list(csv.reader(StringIO(table)))
    for column, text in enumerate(head):
        sheet.write_string(3, column, text, strong)
    for line, row in enumerate(rows, start=4):
        for column, text in enumerate(row):
            number = _number(text) if column else None
            if number is None:
                sheet.write_string(line, column, text)
            else:
                sheet.write_number(line, column, number)
    sheet.write_string(5 + len(rows), 0, source)
    sheet.freeze_panes(4, 1)
    book.close()
    return stream.getvalue()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
