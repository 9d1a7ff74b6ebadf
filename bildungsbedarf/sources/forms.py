"""Files of other programs: form services' tables under a LimeSurvey export's columns, and halves of exports."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.folded import folded

_NO_TIME = "1980-01-01 00:00:00"
"""What LimeSurvey writes where somebody finished and no time was kept."""
_SYSTEM = {
    "zeitstempel": "submitdate",
    "timestamp": "submitdate",
    "completion time": "submitdate",
    "fertigstellungszeit": "submitdate",
    "_submission_time": "submitdate",
    "start time": "startdate",
    "startzeit": "startdate",
    "_id": "id",
}
"""What Google Forms, Microsoft Forms and KoboToolbox call their own columns."""
_DROPPED = frozenset(
    (
        "e-mail-adresse",
        "email address",
        "e-mail",
        "email",
        "name",
        "last modified time",
        "zeitpunkt der letzten änderung",
        "start",
        "end",
        "today",
        "deviceid",
        "phonenumber",
        "username",
        "_uuid",
        "__version__",
        "_validation_status",
        "_notes",
        "_status",
        "_submitted_by",
        "_tags",
        "_index",
        "meta/instanceid",
        "meta/rootuuid",
        "_version_",
        "formhub/uuid",
        "gesamtpunktzahl",
        "quizfeedback",
        "total points",
        "quiz feedback",
        "language",
        "sprache",
    )
)
"""Columns nothing is computed from, some of which point to a person."""
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d\d):(\d\d)(?: (AM|PM))?")
_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?")
_SEPARATORS = ";,"
_HEAD = 1 << 18


def refuse_halves(table: pd.DataFrame, name: str) -> None:
    """Refuse the data half of an export for R or SPSS: it has no headings.

    Raises
    ------
    DataError
        The first line is a response.
    """
    first = [str(heading) for heading in table.columns[:2]]
    if len(first) == 2 and first[0].strip("'").isdigit() and re.match(r"'?\d{4}-\d\d-\d\d", first[1]):
        raise DataError(
            "this is the data half of an export for R or SPSS: it has no headings",
            where=name,
            value=", ".join(first),
            expected="survey_…_R_syntax_file.R beside it",
            remedy="keep both files in one folder, or export as CSV",
        )


def with_r_names(content: bytes, syntax: str) -> bytes:
    """The data half of an export for R with the headings its syntax file has; as it is where that has not all."""
    names = dict(re.findall(r'names\(data\)\[(\d+)\]\s*<-\s*"([^"]*)"', syntax))
    first = next(csv.reader(StringIO(content[:_HEAD].decode("utf-8-sig", errors="replace"))), [])
    if len(names) != len(first):
        return content
    heads = ",".join(f'"{names[key]}"' for key in sorted(names, key=int))
    return heads.encode() + b"\n" + content.lstrip(b"\xef\xbb\xbf")


def with_form_columns(table: pd.DataFrame, codebook: Codebook) -> tuple[pd.DataFrame, list[str]]:
    """A form service's table under a LimeSurvey export's names, and which columns were left out.

    A multiple choice in one column ("Alpha;Beta") becomes its boxes.
    """
    known = {column.heading for column in codebook.columns} | {question.code for question in codebook.questions}
    texts = {folded(text) for question in codebook.questions for text in question.texts.values()}
    renamed: dict[str, str] = {}
    dropped: list[str] = []
    for heading in map(str, table.columns):
        if heading in known or folded(heading) in texts:
            continue
        own = _SYSTEM.get(folded(heading), "")
        if own and own not in table.columns and own not in renamed.values():
            renamed[heading] = own
        elif folded(heading) in _DROPPED or (own and own != heading):
            dropped.append(heading)
    if not renamed:
        return _split(table, codebook), []
    made = table.drop(columns=dropped).rename(columns=renamed)
    for column in ("submitdate", "startdate"):
        if column in renamed.values():
            made[column] = made[column].map(_iso)
    return _split(made, codebook), dropped


def _iso(text: str) -> str:
    """A moment as LimeSurvey writes it; of one in another form only that there was one."""
    if found := _SLASHES.match(text):
        year, month, day, hour, minute, second, half = found.groups()
        shifted = int(hour) % 12 + (12 if half == "PM" else 0) if half else int(hour)
        return f"{year}-{int(month):02d}-{int(day):02d} {shifted:02d}:{minute}:{second}"
    if found := _POINTS.match(text):
        day, month, year, hour, minute, seconds = found.groups()
        return f"{year}-{int(month):02d}-{int(day):02d} {int(hour):02d}:{minute}:{seconds or '00'}"
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return text[:19].replace("T", " ")
    return _NO_TIME if text else ""


def _split(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Multiple choices that stand in one column, each box in its own."""
    by_text = {folded(str(heading)): str(heading) for heading in table.columns}
    for question in codebook.questions:
        columns = codebook.columns_of(question.code)
        wordings = [folded(text) for text in (question.code, *question.texts.values())]
        heading = next((by_text[text] for text in wordings if text in by_text), "")
        is_split = any(column.heading in table.columns for column in columns)
        if question.type.values != "checkbox" or not heading or is_split:
            continue
        named = {
            folded(text): f"{question.code}[{row.code}]"
            for row in question.rows
            for text in (row.code, *row.texts.values())
        }
        cells = table[heading]
        chosen = {str(text): _chosen(str(text), named) for text in cells.unique()}
        ticked = {text: set(boxes) for text, (boxes, _) in chosen.items()}
        added = {
            box: cells.map({text: "Y" if box in boxes else "" for text, boxes in ticked.items()})
            for box in (column.heading for column in columns)
        }
        if question.other:
            added[f"{question.code}[other]"] = cells.map({text: rest for text, (_, rest) in chosen.items()})
        # KoboToolbox writes each box beside the column with all of them
        twins = [f"{question.code}{sign}{column.item}" for sign in "/." for column in columns]
        kept = table.drop(columns=[heading, *(twin for twin in twins if twin in table.columns)])
        table = kept.assign(**added)
    return table


def _chosen(text: str, named: dict[str, str]) -> tuple[list[str], str]:
    """Boxes that a cell names, longest names first as they may hold a comma, and what else stands in it."""
    left, found = folded(text), []
    for name in sorted(named, key=len, reverse=True):
        pattern = rf"(?:^|(?<=[{_SEPARATORS}]))\s*{re.escape(name)}\s*(?=[{_SEPARATORS}]|$)"
        shorter = re.sub(pattern, "", left)
        if name and shorter != left:
            found.append(named[name])
            left = shorter
    words = left.split()
    if not found and words and all(word in named for word in words):
        return [named[word] for word in words], ""
    rest = [part.strip() for part in re.split(f"[{_SEPARATORS}]", left) if part.strip()]
    return found, "; ".join(rest)
