"""Responses from a file: read as text, brought to codes where they are texts, checked against the questionnaire."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.archive import read_part
from bildungsbedarf.sources.checks import check_export
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256
from bildungsbedarf.sources.forms import with_form_columns
from bildungsbedarf.sources.halves import refuse_halves, with_codes_of_questionnaire, with_names_of_syntax
from bildungsbedarf.sources.headings import with_codes_as_headings
from bildungsbedarf.sources.labels import Reading, with_codes_as_answers, with_dates, with_points
from bildungsbedarf.sources.system import OPTIONAL_COLUMNS, PERSONAL_COLUMNS, SYSTEM_COLUMNS, with_system_columns
from bildungsbedarf.sources.tables import read_table
from bildungsbedarf.sources.timings import with_timings


def read_responses(path: Path, codebook: Codebook, reading: Reading = "") -> tuple[pd.DataFrame, Provenance]:
    """Read one export and check it against the questionnaire.

    JSON and CSV of LimeSurvey (codes or texts), its archives (``.lsa``), Excel, SPSS, Stata, and plain
    tables whose columns are question codes.

    Parameters
    ----------
    path
        The file.
    codebook
        What was asked.
    reading
        ``codes`` or ``labels``: how answers are read where both fit and nothing in the file decides.

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
        table, provenance = parse_responses(content, path.name, codebook, "codes")
        return with_timings(table, read_part(path, "timings"), path.name), provenance
    return parse_responses(with_names_of_syntax(read_bytes(path), path), path.name, codebook, reading)


def parse_responses(
    content: bytes, name: str, codebook: Codebook, reading: Reading = ""
) -> tuple[pd.DataFrame, Provenance]:
    """The same from an export's content; ``name`` is what messages call it."""
    table, kind = read_table(content, name, codebook)
    refuse_halves(table, name)
    is_export = any(column in table.columns for column in SYSTEM_COLUMNS[1:])
    table, personal, is_form = with_form_columns(_with_row_numbers(table), codebook, name)
    table = with_codes_of_questionnaire(with_codes_as_headings(table, codebook, name), codebook, name)
    double = table.columns[table.columns.duplicated()]
    if len(double):
        raise DataError("column stands twice in the export", where=name, value=double[0])
    if "id" not in table.columns:
        # lines without anything in a table of one's own are no persons
        table = table[(table != "").any(axis=1)].reset_index(drop=True)
    by_hand = not (is_export or any(column in table.columns for column in SYSTEM_COLUMNS[1:]))
    table = with_system_columns(table, codebook)
    table, had_labels = with_codes_as_answers(table, codebook, name, reading, by_hand=by_hand)
    table = with_dates(with_points(table, codebook, name, by_hand=by_hand or is_form), codebook)
    check_export(table, codebook, name, SYSTEM_COLUMNS, OPTIONAL_COLUMNS + PERSONAL_COLUMNS)
    left_out = tuple(column for column in PERSONAL_COLUMNS if column in table.columns)
    form = f"{kind}, labels" if had_labels else kind
    return table.drop(columns=list(left_out)), Provenance(
        name, sha256(content), form, len(table), (*left_out, *personal)
    )


def _with_row_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """A first column without a heading that numbers the rows, as statistics programs write it, is the id."""
    if not len(table.columns) or table.columns[0] != "" or "id" in table.columns:
        return table
    numbers = pd.to_numeric(table.iloc[:, 0], errors="coerce")
    return table.rename(columns={"": "id"}) if numbers.diff().iloc[1:].ge(1).all() else table
