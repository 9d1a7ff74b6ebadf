"""Responses from a file: read as text, brought to codes where they are texts, checked against the questionnaire."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.archive import read_part
from bildungsbedarf.sources.checks import check_export
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256
from bildungsbedarf.sources.labels import with_codes_as_answers, with_codes_as_headings, with_points
from bildungsbedarf.sources.tables import read_table
from bildungsbedarf.sources.timings import with_timings

SYSTEM_COLUMNS = ("id", "submitdate", "lastpage", "startlanguage")
OPTIONAL_COLUMNS = ("seed", "startdate", "datestamp", "token", "interviewtime")
PERSONAL_COLUMNS = ("ipaddr", "refurl")
"""Never taken over: nothing is computed from them, and they can point to a person."""
PLAIN = "1980-01-01 00:00:00"
"""What LimeSurvey writes where no time was kept; stands for "finished" in tables that know no such thing."""


def read_responses(path: Path, codebook: Codebook) -> tuple[pd.DataFrame, Provenance]:
    """Read one export and check it against the questionnaire.

    JSON and CSV of LimeSurvey (codes or texts), its archives (``.lsa``), Excel, SPSS, Stata, and plain
    tables whose columns are question codes.

    Returns
    -------
    table
        One row a response; columns are the export's headings, values text (``""`` = nothing).
    provenance
        File name, hash, format and rows.

    Raises
    ------
    DataError
        Not an export, of another survey, truncated, ….
    """
    if path.suffix.lower() == ".lsa":
        content = read_part(path, "responses")
        if content is None:
            raise DataError("archive holds no responses", where=path.name, expected="a member ending in _responses.lsr")
        table, provenance = parse_responses(content, path.name, codebook)
        return with_timings(table, read_part(path, "timings"), path.name), provenance
    return parse_responses(read_bytes(path), path.name, codebook)


def parse_responses(content: bytes, name: str, codebook: Codebook) -> tuple[pd.DataFrame, Provenance]:
    """The same from an export's content; ``name`` is what messages call it."""
    table, kind = read_table(content, name, codebook)
    table = _with_row_numbers(table)
    table = with_codes_as_headings(table, codebook)
    double = table.columns[table.columns.duplicated()]
    if len(double):
        raise DataError("column stands twice in the export", where=name, value=double[0])
    if not any(column in table.columns for column in SYSTEM_COLUMNS[1:]):
        table = _with_system_columns(table, codebook)
    table, had_labels = with_codes_as_answers(table, codebook, name)
    table = with_points(table, codebook)
    check_export(table, codebook, name, SYSTEM_COLUMNS, OPTIONAL_COLUMNS + PERSONAL_COLUMNS)
    left_out = tuple(column for column in PERSONAL_COLUMNS if column in table.columns)
    form = f"{kind}, labels" if had_labels else kind
    return table.drop(columns=list(left_out)), Provenance(name, sha256(content), form, len(table), left_out)


def _with_row_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """A first column without a heading that numbers the rows, as statistics programs write it, is the id."""
    if not len(table.columns) or table.columns[0] != "" or "id" in table.columns:
        return table
    numbers = pd.to_numeric(table.iloc[:, 0], errors="coerce")
    return table.rename(columns={"": "id"}) if numbers.diff().iloc[1:].ge(1).all() else table


def _with_system_columns(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """A plain table knows no pages and times: everybody has finished."""
    numbers = [str(number) for number in range(1, len(table) + 1)]
    ids = table["id"] if "id" in table.columns else pd.Series(numbers, index=table.index, dtype="str")
    return table.assign(id=ids, submitdate=PLAIN, lastpage=str(codebook.page_count), startlanguage=codebook.language)
