"""Tables and figures out of the notebook: Word, Excel, LaTeX, Markdown, HTML, CSV; SVG, PNG and PDF."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bildungsbedarf.displays import plain_table
from bildungsbedarf.errors import ConfigError, StepError, nearest
from bildungsbedarf.language import translate
from bildungsbedarf.show.captions import TEXT_WIDTH, add_caption
from bildungsbedarf.show.workbooks import csv_text, new_workbook

if TYPE_CHECKING:
    from bildungsbedarf.show.blocks import Block

Size = Literal["journal", "slide", "as drawn"]
_SLIDE = 16 / 9
_INCHES: dict[str, tuple[float, float]] = {"journal": (TEXT_WIDTH, 4.2), "slide": (TEXT_WIDTH, TEXT_WIDTH / _SLIDE)}
"""A text's width. A slide is thrown on a wall: the smaller its inches, the larger its letters there."""
_DOTS, _SCREEN = 300, 3840
"""Dots an inch; the dots of a slide's width."""
_FIGURES = (".svg", ".png", ".pdf")
_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "\u202f": r"\,"}
)


@dataclass(frozen=True)
class Content:
    """A table as finished text: what Word, LaTeX and the others are made of."""

    title: str
    corner: str
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    """The first cell of each row is its head."""
    notes: list[str] = field(default_factory=list)
    language: str = "de"
    source: str = ""
    """The note that says where the numbers come from."""

    @property
    def heads(self) -> list[str]:
        """Of all columns."""
        return [self.corner, *self.headings]

    @property
    def text(self) -> str:
        """For a terminal: title, columns under each other, notes."""
        rows = [[cell.replace("\n", " ") for cell in row] for row in self.rows]
        return "\n".join([plain_table(self.title, self.heads, rows), *self.notes])


def save(block: Block, path: str | Path, size: Size = "as drawn", *, caption: bool = True) -> Path:
    """Write a table or figure to a file, by its ending.

    Parameters
    ----------
    block
        What a function of ``show`` returned.
    path
        Ends in .docx, .xlsx, .tex, .md, .html, .csv, or of a figure in .svg, .png or .pdf. A figure's table goes into
        the endings of tables.
    size
        Of a figure: ``journal`` (a text's width), ``slide`` (16:9) or as it was drawn.
    caption
        Whether a figure's title, notes and source stand on its drawing, above and beneath it: where it goes, they go.
        Without, they belong into the text around it.

    Returns
    -------
    pathlib.Path
        Where it lies.

    Raises
    ------
    ConfigError
        No such ending or size, or nothing to write in it: a table has no drawing, a sentence no table.
    StepError
        It cannot be written, or there is no such folder.

    Examples
    --------
    >>> block = show.table(disclosure.release(needs.unmet(wave)), wave)
    >>> import tempfile
    >>> show.save(block, tempfile.mkdtemp() + "/bedarf.md").name
    'bedarf.md'
    """
    if not isinstance(path, (str, Path)):
        raise ConfigError("a file is named by its path", value=type(path).__name__, expected='"bedarf.docx"')
    target = Path(path)
    known = (*_WRITERS, *_FIGURES)
    if target.suffix not in known:
        raise ConfigError("no such ending", value=target.suffix or target.name, expected=nearest(target.suffix, known))
    if not target.parent.is_dir():
        # a slip of the pen makes no folders
        raise StepError("there is no such folder", where=str(path), value=str(target.parent))
    is_figure = target.suffix in _FIGURES
    content = _drawn(block, target.suffix, size, caption=caption) if is_figure else _written(block, target.suffix)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise StepError(f"file cannot be written: {error.strerror}", where=str(path)) from None
    return target


def _drawn(block: Block, suffix: str, size: str, *, caption: bool) -> bytes:
    if block.figure is None:
        raise ConfigError(
            f"there is no drawing here to write as {suffix}",
            value=block.kind,
            expected="a figure: show.dot_plot, …" if block.content is None else f"of a table {' '.join(_WRITERS)}",
        )
    if size != "as drawn" and size not in _INCHES:
        raise ConfigError("no such size", value=size, expected=nearest(size, [*_INCHES, "as drawn"]))
    # drawing takes a second to load, and most of what is saved are tables
    import matplotlib as mpl

    drawn = laid_out(block, size, caption=caption)
    dots = _SCREEN / float(drawn.get_size_inches()[0]) if size == "slide" else _DOTS
    stream = io.BytesIO()
    clock = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {"Software": None}}[suffix]
    with mpl.rc_context({"svg.hashsalt": str(block.payload.get("name", "")), "svg.fonttype": "none"}):
        drawn.savefig(stream, format=suffix[1:], dpi=dots, metadata=clock)
    return stream.getvalue()


def laid_out(block: Block, size: str, *, caption: bool) -> Any:
    """A copy of a figure in a size, with its caption."""
    # the layout is found in steps, from where it stands: the same figure gives the same file only from the same start
    drawn = copy.deepcopy(block.figure)
    aspect = _SLIDE if size == "slide" else None
    if size in _INCHES:
        width, height = _INCHES[size]
        inches = drawn.get_size_inches()
        if not any(axes.axison for axes in drawn.axes):
            # the tiles of a map have words in them
            share = 1.0
        else:
            # a long list of items keeps its rows readable; a slide has the width for labels of one line
            share = _ROW_OF_SLIDE if aspect and _on_one_line(drawn) else _ROW
        least = inches[1] * min(1.0, width / inches[0]) * share
        drawn.set_size_inches(width, least if aspect else max(height, least))
    title, notes = (str(block.payload.get("title", "")), block.notes) if caption else ("", [])
    if caption or size in _INCHES:
        add_caption(drawn, title, notes, aspect)
    return drawn


_ROW, _ROW_OF_SLIDE = 0.8, 0.55
"""Of a row's height as drawn."""
_LETTERS = 46
"""Of a label's line on a slide."""


def _on_one_line(figure: Any) -> bool:
    """Put the labels of a chart's rows on one line each, where there is one chart and all have room on it."""
    if len(figure.axes) != 1:
        return False
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    joined = [label.replace("\n", " ") for label in labels]
    if not any(joined) or max(map(len, joined)) > _LETTERS:
        return False
    figure.axes[0].set_yticks(figure.axes[0].get_yticks(), joined)
    return True


def _written(block: Block, suffix: str) -> bytes:
    if block.content is None:
        raise ConfigError("there is no table here", value=block.kind, expected="a table or a figure with one")
    return _WRITERS[suffix](block.content, block)


def _markdown(content: Content, block: Block) -> bytes:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    marks = ["---", *["---:"] * len(content.headings)]
    lines = [f"**{content.title}**", "", line(content.heads), line(marks), *map(line, content.rows), ""]
    notes = [note.replace("*", r"\*") for note in content.notes]
    return "\n".join([*lines, *(f"*{note}*\n" for note in notes)]).encode()


def _latex(content: Content, block: Block) -> bytes:
    """A table for booktabs."""
    columns = "l" + "r" * len(content.headings)
    body = [" & ".join(cell.translate(_LATEX) for cell in row) + r" \\" for row in content.rows]
    lines = [
        r"% needs \usepackage{booktabs}",
        r"\begin{table}",
        rf"\caption{{{content.title.translate(_LATEX)}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        " & ".join(head.translate(_LATEX) for head in content.heads) + r" \\",
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
        *(rf"\par\smallskip\footnotesize {note.translate(_LATEX)}" for note in content.notes),
        r"\end{table}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _csv(content: Content, block: Block) -> bytes:
    """The released numbers, one row an estimate, each with its source; as shown, where a table is of no estimates.

    It begins with the mark that makes spreadsheets read it as UTF-8.
    """
    heads, rows = content.heads, [list[object](row) for row in content.rows]
    if block.data is not None:
        heads = [*map(str, block.data.columns), "source"]
        rows = [[*map(_plain, row), content.source] for row in block.data.itertuples(index=False, name=None)]
    return csv_text(heads, rows).encode("utf-8-sig")


def _plain(value: Any) -> object:
    """A value of a frame as Python has it; nothing where it is missing."""
    import pandas as pd

    if pd.isna(value):
        return ""
    return value.item() if hasattr(value, "item") else value


def _html(content: Content, block: Block) -> bytes:
    head = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title></title></head><body>\n'
    return (head + block.html + "</body></html>\n").encode()


def _excel(content: Content, block: Block) -> bytes:
    """What is shown, and beside it the released numbers with all their digits."""
    stream = io.BytesIO()
    book = new_workbook(stream, content.title)
    bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet(translate("Table", content.language))
    sheet.set_column(0, 0, 44, wrap)
    sheet.set_column(1, len(content.headings), 20, wrap)
    sheet.write_string(0, 0, content.title, bold)
    for row, cells in enumerate([content.heads, *content.rows], start=2):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, bold if row == 2 else wrap)
    for row, note in enumerate(content.notes, start=4 + len(content.rows)):
        sheet.write_string(row, 0, note)
    if block.data is not None:
        _numbers(book.add_worksheet(translate("Numbers", content.language)), block.data, bold)
    book.close()
    return stream.getvalue()


def _numbers(sheet: Any, frame: Any, bold: Any) -> None:
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, str(name), bold)
        for row, value in enumerate(map(_plain, frame[name]), start=1):
            if value == "":
                continue
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, (int, float)):
                sheet.write_number(row, column, float(value))
            else:
                sheet.write_string(row, column, str(value))


def _word(content: Content, block: Block) -> bytes:
    # python-docx takes its time to load, and most of what is saved are other files
    from bildungsbedarf.show.word import add_table, lay_across, new_document, without_clock

    made = new_document(content.title, content.language)
    if (count := len(content.headings)) > _UPRIGHT:
        lay_across(made)
    # more columns than a page has room for stand in further tables, each with the heads of its rows
    starts = range(1, max(count, 1) + 1, _ACROSS if count > _UPRIGHT else _UPRIGHT)
    for number, start in enumerate(starts, start=1):
        heads, *rows = ([line[0], *line[start : start + starts.step]] for line in (content.heads, *content.rows))
        part = f" ({number}/{len(starts)})" if len(starts) > 1 else ""
        add_table(made, content.title + part, heads, rows, content.notes if number == len(starts) else [])
    stream = io.BytesIO()
    made.save(stream)
    return without_clock(stream.getvalue())


_UPRIGHT, _ACROSS = 5, 8
"""Columns beside the first that a page has room for: as it is, and laid across."""
_WRITERS: dict[str, Callable[[Content, Block], bytes]] = {
    ".docx": _word,
    ".xlsx": _excel,
    ".tex": _latex,
    ".md": _markdown,
    ".html": _html,
    ".csv": _csv,
}
