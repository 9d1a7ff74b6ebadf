"""What to write in place of a condition that cannot be read."""

from __future__ import annotations

import re

_REPAIRS = (
    (r"[„“”‚‘’]", "straight quotes: GESCHL == 'w'"),
    (r"=>|=<", "write >= and <="),
    (r"(?<![=!<>])=(?!=)", "equal is written with two signs: GESCHL == 'w'"),
    (r"<>", "unequal is written !="),
    (r"\b(AND|OR|NOT|IN)\b", "and, or, not and in are written small"),
    (r"(?i)(?<=\s)(und|oder)(?=\s)|^\s*nicht\s", "conditions are joined in English: and, or, not"),
    (r"(?<!&)&(?!&)|(?<!\|)\|(?!\|)", "write and, or"),
    (r"\bnot\s+in\b", "write not GESCHL in ['w', 'm']"),
    (r"\bin\s*\(", "write square brackets: GESCHL in ['w', 'm']"),
    (r"\d,\d", "numbers have a point: STUND > 10.5"),
    (r"[<>]=?\s*[^\s<>=]+\s*[<>]", "two comparisons: ALTER >= 20 and ALTER <= 30"),
    (r"(^|[\w\])])\s+[-+*/]\s+|[*/%]", "a function computes: with_variables(x=lambda table: table['A'] - table['B'])"),
    (
        r"\b(?!(?:and|or|not|in)\b)\w+\s*\(",
        "a function computes: with_variables(x=lambda table: table[['A', 'B']].mean(axis=1))",
    ),
    (r"^\s*(not\s+)?[\w.\[\]]+\s*$", "a box is ticked where BARR_ZEIT == 1, a question is answered so: KIND == 'Y'"),
    (r"\b(and|or|\|\||&&)\s*['\"]", "each side names its column: BILD == 'B1' or BILD == 'B2', BILD in ['B1', 'B2']"),
)
_ANY = "text values stand in quotes, as in GEM != '999'; a box is ticked where BARR_ZEIT == 1"


def repair_of(text: str) -> str:
    """The first repair that fits the text; what stands in quotes is searched like the rest.

    Examples
    --------
    >>> from bildungsbedarf.expression.repairs import repair_of
    >>> repair_of("ALTER => 65")
    'write >= and <='
    """
    for pattern, repair in _REPAIRS:
        if re.search(pattern, text):
            return repair
    return _ANY
