"""Columns every export has beside the answers, and what stands for them where a table knows no such thing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.limesurvey.words import NO, NO_DATE, NOTHING, UNKNOWN_DATE

SYSTEM_COLUMNS = ("id", "submitdate", "lastpage", "startlanguage")
OPTIONAL_COLUMNS = ("seed", "startdate", "datestamp", "token", "interviewtime")
PERSONAL_COLUMNS = ("ipaddr", "refurl")
"""Never taken over: nothing is computed from them, and they can point to a person."""


def with_system_columns(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The table with all system columns; what it lacks falls back by rule.

    Without ``submitdate`` nobody knows who finished (``UNKNOWN_DATE``); everybody is taken to have seen all pages,
    unless there is ``lastpage``. Without ``lastpage`` who did not finish is taken to have passed the last page with an
    answer of theirs. A ``submitdate`` that other programs write for none (``NO_DATE``) is none. Without ids rows are
    numbered; without a language it is the questionnaire's.
    """
    numbers = [str(number) for number in range(1, len(table) + 1)]
    made: dict[str, Any] = {}
    if "id" not in table.columns:
        made["id"] = pd.Series(numbers, index=table.index, dtype="str")
    if "startlanguage" not in table.columns:
        made["startlanguage"] = codebook.language
    if "submitdate" not in table.columns:
        made["submitdate"] = UNKNOWN_DATE
        if "lastpage" not in table.columns:
            made["lastpage"] = str(codebook.page_count)
    else:
        # what other programs write where there is no date
        table = table.assign(submitdate=table["submitdate"].mask(table["submitdate"].str.strip().isin(NO_DATE), ""))
    if "submitdate" in table.columns and "lastpage" not in table.columns:
        seen = _last_answered(table, codebook)
        made["lastpage"] = seen.mask(table["submitdate"] != "", codebook.page_count).astype("int64").astype("str")
    return table.assign(**made)


def _last_answered(table: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """The last page on which a person answered anything; 0 where there is none."""
    found = pd.Series(0, index=table.index)
    for column in codebook.columns:
        if column.heading in table.columns:
            page = codebook[column.question].page
            # "No" and "N/A" stand in boxes and lists nobody saw too
            nothing = {"", NOTHING, "N", *NO} if column.values == "checkbox" else {"", NOTHING}
            found = found.mask(~table[column.heading].isin(nothing) & (found < page), page)
    return found
