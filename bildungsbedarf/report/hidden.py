"""How many numbers a page does not show, and why, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bildungsbedarf.language import number, translate

_MARKED = re.compile(r'<td [^>]*\bhidden">–(?:<sup>(?P<mark>[^<]*)</sup>)?</td>')
_REASONS = {
    "ab": "{count} because too few persons stand behind them",
    "cd": "{count} because they would tell of few others",
    "e": "{count} because they are too imprecise",
    "f": "{count} because other hidden numbers would follow from them",
    "g": "{count} because nobody answered",
}
"""By the marks of tables (``show.tables.cells``)."""
_NONE = "{count} because there is none, or too few persons stand behind it"


def hidden_line(html: str, language: str) -> str:
    """A sentence on the cells of tables that have a dash for a number; empty where a page has no table.

    Parameters
    ----------
    html
        What a notebook's page shows.
    language
        ``de`` or ``en``.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> hidden_line('<td class="num hidden">–<sup>e</sup></td>', "en")
    '1 number is not shown on this page: 1 because they are too imprecise.'
    """
    if "<td" not in html:
        return ""
    marks = Counter(found["mark"] or "" for found in _MARKED.finditer(html))
    if not marks:
        return translate("No number is hidden on this page.", language)
    counts = {text: sum(marks[mark] for mark in group) for group, text in _REASONS.items()}
    counts[_NONE] = sum(marks.values()) - sum(counts.values())
    told = [translate(text, language, count=number(count, language)) for text, count in counts.items() if count]
    total = sum(marks.values())
    text = "{count} number is not shown on this page: {reasons}." if total == 1 else _SEVERAL
    return translate(text, language, count=number(total, language), reasons="; ".join(told))


_SEVERAL = "{count} numbers are not shown on this page: {reasons}."


def too_few_line(cells: Sequence[str], language: str) -> str:
    """The same of a page by subject, where a cell says *too few*; empty where none does.

    Parameters
    ----------
    cells
        Finished texts of its tables.
    language
        ``de`` or ``en``.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> too_few_line(["too few", "12%"], "en")
    'In 1 place of this page no number is shown: too few persons stand behind it, or it would be too imprecise.'
    """
    count = list(cells).count(translate("too few", language))
    if not count:
        return ""
    text = (
        "In 1 place of this page no number is shown: too few persons stand behind it, or it would be too imprecise."
        if count == 1
        else "In {count} places of this page no number is shown: too few persons stand behind it, or it would be too "
        "imprecise."
    )
    return translate(text, language, count=number(count, language))
