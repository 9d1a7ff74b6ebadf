"""Headings and answers as texts instead of codes, brought back to codes with the codebook."""

from __future__ import annotations

import re

import pandas as pd

from bildungsbedarf.codebook import OTHER_CODE, Codebook, Column
from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.limesurvey.numbers import to_numbers

_TICKED = {"Y", "Ja", "Yes", "1"}
_NOT_TICKED = {"", "N", "Nein", "No", "N/A", "0"}
_HEADING = re.compile(r"^(?P<code>\w+(?:\[[^\]]*\])*)(?:\._\.|\. ?)")
_NOTHING = "N/A"
_MOST_SHOWN = 10
_INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD])
"""Byte order marks and spaces without width, which editors leave in the middle of texts."""


def with_codes_as_headings(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Headings such as ``WICHT[F01]. Wie wichtig …`` or ``WICHT_F01`` as ``WICHT[F01]``."""
    known = {column.heading for column in codebook.columns} | set(codebook.ignored_headings)
    ours = {column.name: column.heading for column in codebook.columns}
    ours |= {field: column.heading for column in codebook.columns for field in column.fields}
    lower = {name.lower(): heading for name, heading in ours.items()}
    renamed: dict[str, str] = {}
    for heading in map(str, table.columns):
        found = _HEADING.match(heading)
        code = found["code"] if found else heading
        if heading in known:
            continue
        if code in known:
            renamed[heading] = code
        elif code in ours:
            renamed[heading] = ours[code]
        elif code.lower() in lower:
            renamed[heading] = lower[code.lower()]
    return table.rename(columns=renamed)


def with_codes_as_answers(table: pd.DataFrame, codebook: Codebook, name: str) -> tuple[pd.DataFrame, bool]:
    """Labels as codes where an answer is no code but one of the question's texts, in any language.

    Returns
    -------
    (table, whether anything was a label)

    Raises
    ------
    DataError
        A text stands for several codes.
    """
    changed: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for column in codebook.columns:
        if column.heading not in table.columns or not column.codes:
            continue
        values = table[column.heading]
        odd = values[(values != "") & ~values.isin(column.codes)]
        if odd.empty:
            continue
        labels = _labels(column, codebook)
        double = sorted({text for text in odd.unique() if len(labels.get(_folded(text), ())) > 1})
        problems += [
            Problem("text stands for several codes", f"{name}, column {column.heading}", text) for text in double
        ]
        codes = {
            text: next(iter(found)) for text in odd.unique() if len(found := labels.get(_folded(text), set())) == 1
        }
        if codes:
            changed[column.heading] = values.replace(codes)
    if problems:
        raise DataError(problems[:_MOST_SHOWN])
    return table.assign(**changed), bool(changed)


def _labels(column: Column, codebook: Codebook) -> dict[str, set[str]]:
    question = codebook[column.question]
    if column.values == "checkbox":
        return {_folded(text): {"Y"} for text in _TICKED} | {_folded(text): {""} for text in _NOT_TICKED}
    found: dict[str, set[str]] = {_folded(_NOTHING): {""}}
    for answer in question.answers:
        if answer.code in column.codes and (question.type.axes != "dual" or answer.scale == column.scale):
            for text in answer.texts.values():
                found.setdefault(_folded(text), set()).add(answer.code)
    if OTHER_CODE in column.codes:
        for text in ("Sonstiges", "Other"):
            found.setdefault(_folded(text), set()).add(OTHER_CODE)
    # files of statistics programs keep codes as numbers: 003 comes as 3
    for code in column.codes:
        if code.isdigit():
            found.setdefault(str(int(code)), set()).add(code)
    return found


def _folded(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split()).casefold()


def with_points(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Numbers as ``3.5`` where they are written ``3,5`` (or ``1.234,5``), column by column."""
    changed = {}
    for column in codebook.columns:
        if column.values != "number" or column.role != "answer" or column.heading not in table.columns:
            continue
        values = table[column.heading]
        filled = values[values != ""]
        if filled.empty or to_numbers(filled).notna().all():
            continue
        if filled.str.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?").all():
            changed[column.heading] = values.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return table.assign(**changed)
