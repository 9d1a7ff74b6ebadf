"""Exports in two files, as for R and SPSS: the data half has no headings, its syntax file has them."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

import pandas as pd

from bildungsbedarf.codebook import OTHER_CODE, Codebook
from bildungsbedarf.errors import DataError

_DATA = re.compile(r"(.*)(R_data_file\.csv|SPSS_data_file\.dat)")
_SYNTAX = {"R_data_file.csv": "R_syntax_file.R", "SPSS_data_file.dat": "SPSS_syntax_file.sps"}
_HEAD = 1 << 18
_R_NAME = re.compile(r'names\(data\)\[(\d+)\]\s*<-\s*"([^"]*)"')
_SPSS_VARIABLES = re.compile(r"/VARIABLES=(.*?)\.\s*(?:CACHE|EXECUTE)", re.S)
_SPSS_VARIABLE = re.compile(r"^\s*(\w+)\s+([A-Z]+)[\d.]*\s*$", re.M)
_SPSS_NAME = re.compile(r"RENAME VARIABLE \(\s*(\w+)\s*=\s*(\S+)\s*\)")
_SPSS_TIME = re.compile(r"(\d{2})-(\d{2})-(\d{4})(.*)")
_TIME = "DATETIME"


def with_names_of_syntax(content: bytes, path: Path) -> bytes:
    """The data half at ``path`` as a CSV under the headings its syntax file has; other files as they are.

    Raises
    ------
    DataError
        There is no syntax file, or it names another number of columns.
    """
    if not (match := _DATA.fullmatch(path.name)):
        return content
    syntax = path.with_name(match[1] + _SYNTAX[match[2]])
    if not syntax.is_file():
        raise _half(path.name, syntax.name)
    text = syntax.read_text(encoding="utf-8-sig", errors="replace")
    if syntax.suffix == ".sps":
        return _from_spss(content, text, path.name)
    names = dict(_R_NAME.findall(text))
    first = next(csv.reader(StringIO(content[:_HEAD].decode("utf-8-sig", errors="replace"))), [])
    _check_number(first, len(names), path.name)
    heads = ",".join(f'"{names[key]}"' for key in sorted(names, key=int))
    return heads.encode() + b"\n" + content.lstrip(b"\xef\xbb\xbf")


def _from_spss(content: bytes, syntax: str, name: str) -> bytes:
    """Quoted by ``'``, without headings, with days before months: as an export in CSV."""
    listed = _SPSS_VARIABLES.search(syntax)
    variables = _SPSS_VARIABLE.findall(listed[1]) if listed else []
    names = dict(_SPSS_NAME.findall(syntax))
    text = content.decode("utf-8-sig", errors="replace")
    rows = [row for row in csv.reader(StringIO(text, newline=""), quotechar="'") if row]
    _check_number(rows[0] if rows else [], len(variables), name)
    times = [place for place, (_, kind) in enumerate(variables) if kind == _TIME]
    for row in rows:
        for place in times:
            if place < len(row) and (found := _SPSS_TIME.fullmatch(row[place])):
                row[place] = f"{found[3]}-{found[2]}-{found[1]}{found[4]}"
    made = StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([names.get(variable, variable) for variable, _ in variables])
    writer.writerows(rows)
    return made.getvalue().encode()


def _check_number(first: list[str], named: int, name: str) -> None:
    if named != len(first):
        raise DataError(
            "the syntax file beside it names another number of columns",
            where=name,
            value=f"{len(first)} columns",
            expected=f"{named} columns",
            remedy="export both files again, or export as CSV",
        )


_OWN_CODES = {
    "Y": {"1": "Y", "2": "N"},
    "G": {"1": "F", "2": "M"},
    "C": {"1": "Y", "2": "N", "3": "U"},
    "E": {"1": "I", "2": "S", "3": "D"},
}
"""What these exports write for the codes that LimeSurvey fixes itself (its ``export_helper.php``), by type."""


def with_codes_of_questionnaire(table: pd.DataFrame, codebook: Codebook, name: str) -> pd.DataFrame:
    """The data half's answers as other exports have them; any other file as it is.

    Yes and no, gender, and the steps of some arrays are numbers there, and who chose "other" has nothing but the text
    that was written.

    Parameters
    ----------
    table
        With the questionnaire's headings.
    codebook
        What was asked.
    name
        Of the file.

    Returns
    -------
    pandas.DataFrame
        The same rows.
    """
    if _DATA.fullmatch(name) is None:
        return table
    changed = {}
    for column in codebook.columns:
        if column.role != "answer" or column.heading not in table.columns:
            continue
        question, values = codebook[column.question], table[column.heading]
        if question.type.letter in _OWN_CODES:
            changed[column.heading] = values.replace(_OWN_CODES[question.type.letter])
        texts = f"{column.question}[other]"
        if OTHER_CODE in column.codes and texts in table.columns:
            changed[column.heading] = values.mask((values == "") & (table[texts] != ""), OTHER_CODE)
    return table.assign(**changed)


def refuse_halves(table: pd.DataFrame, name: str) -> None:
    """Refuse the data half of an export under another name.

    Raises
    ------
    DataError
        The first line is a response.
    """
    first = [str(heading) for heading in table.columns[:2]]
    if len(first) == 2 and first[0].isdigit() and re.match(r"\d{4}-\d\d-\d\d", first[1]):
        raise _half(name, "survey_…_R_syntax_file.R or survey_…_SPSS_syntax_file.sps")


def _half(name: str, syntax: str) -> DataError:
    return DataError(
        "this is the data half of an export for R or SPSS: it has no headings",
        where=name,
        expected=f"{syntax} beside it",
        remedy="keep both files in one folder under their names, or export as CSV",
    )
