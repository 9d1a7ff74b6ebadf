"""Tables in a notebook and the same as plain text: what objects show of themselves. Not for publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

NOTE = "For your own eyes: only what disclosure.release lets through may be published."
Rows = Sequence[Sequence[str]]


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
    told = f"<p><small>{escape(note)}</small></p>" if note else ""
    return f"<table><caption{left}>{escape(title)}</caption>{top}<tbody>{body}</tbody></table>{told}"


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


def facts_html(title: str, facts: Mapping[str, object], note: str = NOTE) -> str:
    """A list of facts as HTML.

    Parameters
    ----------
    title
        Its caption.
    facts
        What → how it is; what is empty is left out.
    note
        Beneath it.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> facts_html("a", {"b": 1, "c": None}, "").count("<tr>")
    1
    """
    return html_table(title, [], fact_rows(facts), note)


def facts_text(title: str, facts: Mapping[str, object]) -> str:
    """The same as text.

    Parameters
    ----------
    title
        First line.
    facts
        What → how it is; what is empty is left out.

    Returns
    -------
    str
        Lines.

    Examples
    --------
    >>> print(facts_text("a", {"b": {"one": 1200, "two": 2}}))
    a
      b  one 1,200, two 2
    """
    return plain_table(title, [], fact_rows(facts))


def fact_rows(facts: Mapping[str, object]) -> list[list[str]]:
    """Rows of what is said and how it is, as texts."""
    return [[name, _told(value)] for name, value in facts.items() if value not in (None, "", [], (), {})]


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_told, value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
