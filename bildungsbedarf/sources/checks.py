"""Whether an export belongs to the questionnaire, and its values are the questionnaire's codes."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import pandas as pd

from bildungsbedarf.codebook import Codebook, Column
from bildungsbedarf.errors import DataError, Problem, shorten
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.limesurvey.words import UNKNOWN_DATE
from bildungsbedarf.sources.labels import DATES, NOT_TICKED, TICKED
from bildungsbedarf.sources.timings import GROUP, QUESTION

_MOST_SHOWN = 10
_EXCEL_ENDS = range(255, 261)
"""Columns of a sheet in Excel's old format, with those of an export it does not have."""
_NEAR = 0.6
_LARGEST_ID = 2**63 - 1
_OTHER_SURVEY = 0.5
"""An export with fewer of the questionnaire's columns than this share, and more of others, is another survey's."""


def check_export(
    table: pd.DataFrame, codebook: Codebook, name: str, required: Sequence[str], optional: Sequence[str]
) -> None:
    """Check headings, ids and values of a raw export.

    Raises
    ------
    DataError
        With every problem found, the first ten of a kind in full.
    """
    _check_headings(table, codebook, name, required, optional)
    problems = _id_problems(table, name) + _date_problems(table, name)
    wrong = [(column, _wrong_values(table[column.heading], column)) for column in codebook.columns]
    wrong = [(column, rows) for column, rows in wrong if not rows.empty]
    ids = {index: str(value) for index, value in table["id"].items()}
    for column, rows in wrong:
        problems += [
            Problem(
                "value is not one the questionnaire allows",
                f"{name}, response {ids[index]}, column {column.heading}",
                value,
                _expected(column),
                "pull or export the questionnaire (.lss) of this wave too, if it was changed",
            )
            for index, value in rows.items()
        ]
    if problems:
        more = len(problems) - _MOST_SHOWN
        shown = problems[:_MOST_SHOWN] + ([Problem(f"… and {more} more of this kind", name)] if more > 0 else [])
        raise DataError(shown)


def _check_headings(
    table: pd.DataFrame, codebook: Codebook, name: str, required: Sequence[str], optional: Sequence[str]
) -> None:
    headings = [str(heading) for heading in table.columns]
    double = sorted({heading for heading in headings if headings.count(heading) > 1})
    if double:
        raise DataError("column stands twice in the export", where=name, value=double[0])
    expected = [column.heading for column in codebook.columns]
    missing = [heading for heading in (*required, *expected) if heading not in headings]
    known = {*required, *optional, *expected, *codebook.ignored_headings}
    unknown = [h for h in headings if h not in known and not h.startswith((GROUP, QUESTION))]
    asked = [heading for heading in expected if heading in headings]
    if (len(asked) < _OTHER_SURVEY * len(expected) and len(asked) < len(unknown)) or "id" in missing:
        raise DataError(_foreign(headings, unknown, codebook, name))
    if problems := _lost(headings, missing, unknown, name):
        raise DataError(problems)


def _lost(headings: list[str], missing: list[str], unknown: list[str], name: str) -> list[Problem]:
    """What is missing and what is too much, with the line that says it was taken out on purpose."""
    if not missing and not unknown:
        return []
    if len(headings) in _EXCEL_ENDS and len(missing) > 1:
        return [
            Problem(
                "the sheet ends where Excel's old format ends: columns are lost",
                name,
                f"{len(headings)} columns; missing from {missing[0]} on",
                remedy="export as CSV",
            )
        ]
    remedy = "export again with all columns, and with the questionnaire (.lss) of this wave"
    if missing:
        line = ", ".join(f'"{heading}"' for heading in missing)
        remedy += f"; what was taken out on purpose: absent = [{line}] in study.toml"
    pairs = {h: close[0] for h in missing if (close := get_close_matches(h, unknown, 1, _NEAR))}
    problems = [
        Problem("column is missing in the export", name, heading, _instead(near), remedy)
        for heading, near in pairs.items()
    ]
    if others := [heading for heading in missing if heading not in pairs]:
        more = f" … and {len(others) - _MOST_SHOWN} more" if len(others) > _MOST_SHOWN else ""
        what = "column is missing in the export" if len(others) == 1 else "columns are missing in the export"
        problems.append(Problem(what, name, ", ".join(others[:_MOST_SHOWN]) + more, "", remedy))
    return problems + [
        Problem("column is not in the questionnaire", name, heading, remedy=remedy)
        for heading in unknown
        if heading not in pairs.values()
    ]


def _instead(near: str) -> str:
    return f"perhaps {near}, which the questionnaire does not have"


def _foreign(headings: list[str], unknown: list[str], codebook: Codebook, name: str) -> list[Problem]:
    """Why most columns are missing: texts instead of codes, or another survey."""
    texts = {text for question in codebook.questions for text in question.texts.values()}
    codes = tuple(f"{question.code}. " for question in codebook.questions)
    if any(heading in texts or heading.startswith(codes) for heading in headings):
        return [
            Problem(
                "export has question texts instead of codes as headings",
                name,
                next(h for h in headings if h in texts or h.startswith(codes)),
                "headings such as " + codebook.columns[0].heading,
                "export again with 'question code' headings",
            )
        ]
    expected = [column.heading for column in codebook.columns]
    lacking = [heading for heading in expected if heading not in headings]
    return [
        Problem(
            "export belongs to another survey, or is not a LimeSurvey export",
            name,
            f"{len(unknown)} columns the questionnaire does not have: {_first(unknown)}",
            f"the questionnaire's {len(expected)}; missing are {len(lacking)}: {_first(lacking)}",
            "check which file belongs to this wave and audience",
        )
    ]


def _first(headings: list[str]) -> str:
    return ", ".join(headings[:4]) + (", …" if len(headings) > 4 else "")


def _id_problems(table: pd.DataFrame, name: str) -> list[Problem]:
    ids = table["id"]
    not_number = ids[~ids.str.fullmatch(r"\d+")]
    # 1 and 001 are one id
    double = ids[ids.str.lstrip("0").duplicated()]
    long = ids[ids.str.len() >= len(str(_LARGEST_ID))]
    large = [value for value in long if value.isdigit() and int(value) > _LARGEST_ID]
    pages = table["lastpage"]
    odd_pages = pages[~pages.str.fullmatch(r"(-?\d{1,4})?")]
    return (
        [Problem("response id is not a number", f"{name}, column id", value) for value in not_number]
        + [Problem("response id is too large", f"{name}, column id", v, f"at most {_LARGEST_ID}") for v in large]
        + [Problem("response id stands twice", f"{name}, column id", value) for value in double]
        + [Problem("last page is not a number", f"{name}, column lastpage", value) for value in odd_pages]
    )


def _date_problems(table: pd.DataFrame, name: str) -> list[Problem]:
    """Days in another form: none of them would be known, and nobody would hear of it."""
    problems = []
    for column in DATES:
        if column not in table.columns:
            continue
        values = table[column]
        filled = values[~values.isin(["", UNKNOWN_DATE])]
        wrong = filled[to_dates(filled).isna()]
        if not wrong.empty:
            problems.append(
                Problem(
                    "day cannot be read",
                    f"{name}, column {column}, {len(wrong)} of {len(filled)} rows",
                    wrong.iloc[0],
                    "2026-04-03 10:00, or 3.4.2026 10:00 in every row",
                    "export again, or write the days so",
                )
            )
    return problems


def _wrong_values(values: pd.Series, column: Column) -> pd.Series:
    """Values that are neither empty nor possible for the column."""
    filled = values[values != ""]
    if column.values == "checkbox":
        return filled[~filled.isin([TICKED, NOT_TICKED])]
    if column.codes:
        return filled[~filled.isin(column.codes)]
    if column.values == "number":
        return filled[to_numbers(filled).isna()]
    if column.values == "date":
        return filled[to_dates(filled).isna()]
    return filled.iloc[:0]


def _expected(column: Column) -> str:
    if column.codes:
        return shorten("one of " + " ".join(column.codes)).strip("'\"") + " or nothing"
    return {"number": "a number", "date": "a date such as 2026-03-31 00:00:00"}.get(column.values, column.values)
