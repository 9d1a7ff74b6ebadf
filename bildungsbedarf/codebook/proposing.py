"""A small codebook proposed from a table of answers that has none: for a person to complete."""

from __future__ import annotations

import csv
import re
import unicodedata
from io import StringIO

import pandas as pd

from bildungsbedarf.codebook.services import is_services_own

_MOST_OPTIONS = 12
"""Different answers up to which a column is taken for a list of options."""
_MOST_LONG = 60
"""Signs from which an answer is taken for free text."""
_SEPARATOR = re.compile(r"\s*;\s*")
COLUMNS = ("question", "type", "item", "code", "de", "en")


def propose_codebook(table: pd.DataFrame) -> str:
    """The CSV ``readers.small`` reads: one question a column, its type guessed from the answers.

    Columns of numbers are numbers, few different answers are options (split at ``;`` where several stand in one cell),
    all others free text. Order and meaning of options only a person knows: scales are to be put in order, and
    ``choice`` made ``scale`` where steps are meant.

    Parameters
    ----------
    table
        All text, ``""`` for nothing; headings are questions.

    Returns
    -------
    str
        ``question;type;item;code;de;en``.
    """
    rows: list[dict[str, str]] = []
    taken: set[str] = set()
    for heading in map(str, table.columns):
        if is_services_own(heading.strip().lower()) or heading.strip().lower() == "id":
            continue
        code = _code(heading, taken)
        taken.add(code)
        answers = [value for value in table[heading].astype(str) if value.strip()]
        kind, options = _guessed(answers)
        rows.append({"question": code, "type": kind, "de": heading, "en": heading})
        for number, option in enumerate(options, start=1):
            place = {"item": f"o{number}"} if kind == "multiple" else {"code": str(number)}
            rows.append({"question": code, **place, "de": option, "en": option})
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _guessed(answers: list[str]) -> tuple[str, list[str]]:
    """Type of a question and its options, most frequent first where they have no order of numbers."""
    if answers and pd.to_numeric(pd.Series(answers), errors="coerce").notna().all():
        return "number", []
    parts = [part for answer in answers for part in _SEPARATOR.split(answer) if part]
    different = list({part.casefold(): part for part in reversed(parts)}.values())[::-1]
    repeats = len(parts) > len(different)
    if not answers or len(different) > _MOST_OPTIONS or not repeats or max(map(len, different)) > _MOST_LONG:
        return "text", []
    is_several = any(len(_SEPARATOR.split(answer)) > 1 for answer in answers)
    small = [part.casefold() for part in parts]
    ordered = sorted(different, key=lambda option: (-small.count(option.casefold()), option))
    return ("multiple" if is_several else "choice"), ordered


def _code(heading: str, taken: set[str]) -> str:
    """A short code from a heading: letters and digits, no two alike."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    base = "".join(word[:6].capitalize() for word in words[:4])[:18] or "Q"
    base = base if base[0].isalpha() else f"Q{base}"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}{number}"
    return found
