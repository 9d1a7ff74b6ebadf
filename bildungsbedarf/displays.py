"""Tables in a notebook and the same as plain text: what objects show of themselves. Not for publication."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

NOTE = "For your own eyes: only what disclosure.release lets through may be published."
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Display:
    """What an object shows of itself: a table with a title, and a line beneath it in a notebook."""

    title: str
    heads: Sequence[str]
    rows: Rows
    note: str = NOTE

    @classmethod
    def of(cls, title: str, facts: Mapping[str, object], note: str = NOTE) -> Display:
        """A list of facts; what is empty is left out."""
        return cls(title, [], fact_rows(facts), note)

    @property
    def html(self) -> str:
        """For a notebook."""
        return html_table(self.title, self.heads, self.rows, self.note)

    @property
    def text(self) -> str:
        """The same for a terminal."""
        return "\n".join([plain_table(self.title, self.heads, self.rows), *([self.note] if self.note else [])])


class Displayed:
    """An object that shows itself as a table: in a notebook as HTML, in a terminal the same as text.

    ``repr`` is one line, for lists and messages.
    """

    @abstractmethod
    def _display(self) -> Display:
        """What it shows."""

    def describe(self) -> str:
        """What a notebook shows of it, as text.

        Returns
        -------
        str
            Lines.

        Examples
        --------
        >>> study.describe().splitlines()[0]
        'bildungsbefragung: Bildungsbefragung Landkreis Kassel'
        >>> wave.quality.describe().splitlines()[1]
        '  counted                    1,354 of 1,500'
        >>> wave.weighting.describe().splitlines()[0]
        'weights: rake'
        >>> wave.design.describe().splitlines()[0]
        'SurveyDesign: 1,354 of 1,354 rows'
        """
        return self._display().text

    def _line(self) -> str:
        """What it is, in one line."""
        return self._display().title

    # not in the classes themselves: IPython takes a class's own repr before what it inherits
    def __repr__(self) -> str:
        return f"<{self._line()}>"

    def _repr_html_(self) -> str:
        return self._display().html

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # in a list of several each is one line
        is_alone = len(getattr(printer, "stack", ())) <= 1
        printer.text(self.describe() if is_alone else repr(self))


def html_table(title: str, heads: Sequence[str], rows: Rows, note: str = NOTE) -> str:
    """A table as HTML, everything escaped.

    Parameters
    ----------
    title
        Its caption.
    heads
        Of the columns; none for a list of facts.
    rows
        Texts; the first of each row is its head.
    note
        Beneath it.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> html_table("a", [], [["b", "<c>"]]).count("&lt;c&gt;")
    1
    """
    left = ' style="text-align:left"'
    head = "".join(f'<th scope="col"{left}>{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row"{left}>{escape(row[0])}</th>'
        + "".join(f"<td{left}>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if heads else ""
    return f"<table><caption{left}>{escape(title)}</caption>{top}<tbody>{body}</tbody></table>{_small(note)}"


def _small(note: str) -> str:
    return f"<p><small>{escape(note)}</small></p>" if note else ""


def folded_html(title: str, parts: Sequence[tuple[str, str, str]], note: str) -> str:
    """Parts that open when they are clicked or found, as HTML.

    Parameters
    ----------
    title
        Above them.
    parts
        Short name and line of each, and its HTML.
    note
        Beneath them.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> folded_html("a", [("b", "<c>", "<p>d</p>")], "")
    '<p>a</p><details><summary><b>b</b> &lt;c&gt;</summary><p>d</p></details>'
    """
    folded = "".join(
        f"<details><summary><b>{escape(name)}</b> {escape(line)}</summary>{within}</details>"
        for name, line, within in parts
    )
    return f"<p>{escape(title)}</p>{folded}{_small(note)}"


def plain_table(title: str, heads: Sequence[str], rows: Rows) -> str:
    """The same as text, columns under each other.

    Parameters
    ----------
    title
        First line.
    heads
        Of the columns; none for a list of facts.
    rows
        Texts.

    Returns
    -------
    str
        Lines.

    Examples
    --------
    >>> print(plain_table("a", [], [["b", "c"]]))
    a
      b  c
    """
    lines = [list(row) for row in ([heads] if heads else [])] + [list(row) for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))] if lines else []
    told = [
        "  " + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return "\n".join([title, *told])


def fact_rows(facts: Mapping[str, object]) -> list[list[str]]:
    """Rows of what is said and how it is, as texts; what is empty is left out.

    Examples
    --------
    >>> fact_rows({"b": {"one": 1200, "two": 2}, "c": None})
    [['b', 'one 1,200, two 2']]
    """
    return [[name, _told(value)] for name, value in facts.items() if value not in (None, "", [], (), {})]


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_told, value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
