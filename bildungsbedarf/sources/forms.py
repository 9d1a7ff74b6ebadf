"""Tables of form services under a LimeSurvey export's columns."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from bildungsbedarf.codebook import Codebook, Question
from bildungsbedarf.codebook.services import PERSONAL, SYSTEM, is_services_own
from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.sources.folded import folded

_NO_TIME = "1980-01-01 00:00:00"
"""What LimeSurvey writes where somebody finished and no time was kept."""
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d\d):(\d\d)(?: (AM|PM))?")
_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?")
_SEPARATORS = ";,"
_MOST_SHOWN = 10


def with_form_columns(table: pd.DataFrame, codebook: Codebook, name: str) -> tuple[pd.DataFrame, list[str], bool]:
    """A form service's table under a LimeSurvey export's names, which columns were left out, and whether it is one.

    A multiple choice in one column ("Alpha;Beta") becomes its boxes. Names and addresses of people are left out of
    every table.

    Raises
    ------
    DataError
        A cell of a multiple choice holds something that is none of its boxes.
    """
    table = table.rename(columns=_set_apart(table, codebook))
    known = {column.heading for column in codebook.columns} | {question.code for question in codebook.questions}
    known |= {column.name for column in codebook.columns}
    texts = {folded(text) for question in codebook.questions for text in question.texts.values()}
    unknown = [h for h in map(str, table.columns) if h not in known and folded(h) not in texts]
    renamed: dict[str, str] = {}
    for heading in unknown:
        own = SYSTEM.get(folded(heading), "")
        if own and own not in table.columns and own not in renamed.values():
            renamed[heading] = own
    is_form = bool(renamed)
    for heading in unknown:
        # Microsoft Forms numbers its rows so
        if folded(heading) == "id" and "id" not in table.columns and "id" not in renamed.values():
            renamed[heading] = "id"
    left = [heading for heading in unknown if heading not in renamed]
    dropped = [h for h in left if folded(h) in PERSONAL or (is_form and is_services_own(folded(h)))]
    made = table.drop(columns=dropped).rename(columns=renamed)
    if is_form:
        made = made.rename(columns=_without_groups(made, known))
        made = made.rename(columns=_set_apart(made, codebook))
    for column in ("submitdate", "startdate"):
        if column in renamed.values():
            made[column] = made[column].map(_iso)
    return _split(made, codebook, name), dropped, is_form


def _set_apart(table: pd.DataFrame, codebook: Codebook) -> dict[str, str]:
    """The text behind "other" of a multiple choice, which has the name of the box in such tables."""
    boxes = {column.name for column in codebook.columns if column.values == "checkbox"}
    return {h: f"{h}_" for h in map(str, table.columns) if h in boxes and f"{h}_" in codebook}


def _without_groups(table: pd.DataFrame, known: set[str]) -> dict[str, str]:
    """KoboToolbox's headings without the names of groups before them: ``g/m/a`` is the box ``m/a``."""
    found: dict[str, str] = {}
    for heading in map(str, table.columns):
        parts = heading.split("/")
        places = [place for place in range(1, len(parts)) if parts[place] in known]
        own = "/".join(parts[places[0] :]) if places else ""
        if own and own not in table.columns and own not in found.values():
            found[heading] = own
    return found


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


def _split(table: pd.DataFrame, codebook: Codebook, name: str) -> pd.DataFrame:
    """Multiple choices that stand in one column, each box in its own."""
    by_text = {folded(str(heading)): str(heading) for heading in table.columns}
    problems: list[Problem] = []
    for question in codebook.questions:
        columns = codebook.columns_of(question.code)
        if question.type.values != "checkbox" or any(column.heading in table.columns for column in columns):
            continue
        wordings = [folded(text) for text in (question.code, *question.texts.values())]
        heading = next((by_text[text] for text in wordings if text in by_text), "")
        # KoboToolbox writes each box beside the column with all of them, or alone
        twins = {
            twin: f"{question.code}[{row.code}]"
            for row in question.rows
            for text in (row.code, *row.texts.values())
            for base in (question.code, heading)
            for sign in "/."
            if base and (twin := f"{base}{sign}{text}") in table.columns
        }
        if not heading:
            table = table.rename(columns=twins)
            continue
        cells = table[heading]
        read = _read(cells, question)
        wrong = [text for text, (_, rest) in read.items() if rest and not question.other]
        problems += [
            Problem(
                "cell holds something that is no box of the question",
                f"{name}, column {heading}",
                text,
                "; ".join(row.code for row in question.rows),
                "add it to the questionnaire, or take it out",
            )
            for text in wrong
        ]
        added = {
            box: cells.map({text: "Y" if box in boxes else "" for text, (boxes, _) in read.items()})
            for box in (column.heading for column in columns)
        }
        if question.other:
            added[f"{question.code}[other]"] = cells.map({text: rest for text, (_, rest) in read.items()})
        table = table.drop(columns=[heading, *twins]).assign(**added)
    if problems:
        raise DataError(problems[:_MOST_SHOWN])
    return table


def _read(cells: pd.Series, question: Question) -> dict[str, tuple[list[str], str]]:
    """Each different cell: boxes it names, and what else it holds; all cells by texts, or all by codes."""
    by_code = {row.code: f"{question.code}[{row.code}]" for row in question.rows}
    by_text = {text: f"{question.code}[{row.code}]" for row in question.rows for text in row.texts.values() if text}
    texts = [str(text) for text in cells.unique()]
    ways = [{text: _chosen(text, names) for text in texts} for names in (by_text, by_code)]
    unread = [sum(bool(rest) for _, rest in way.values()) for way in ways]
    return ways[0] if unread[0] <= unread[1] else ways[1]


def _chosen(text: str, named: dict[str, str]) -> tuple[list[str], str]:
    """Boxes that a cell names, longest names first as they may hold a comma, and what else stands in it."""
    left, found = _plain(text), []
    for name in sorted(named, key=len, reverse=True):
        pattern = rf"(?:^|(?<=[{_SEPARATORS}]))\s*{re.escape(_plain(name))}\s*(?=[{_SEPARATORS}]|$)"
        shorter = re.sub(pattern, "", left, flags=re.I)
        if shorter != left:
            found.append(named[name])
            left = shorter
    rest = [part.strip() for part in re.split(f"[{_SEPARATORS}]", left) if part.strip()]
    if not rest:
        return found, ""
    # names with a blank between them, as KoboToolbox writes them
    names = "|".join(re.escape(_plain(name)) for name in sorted(named, key=len, reverse=True))
    several = [re.fullmatch(rf"(?:(?:{names})(?:\s+|$))+", part, flags=re.I) for part in rest] if names else [None]
    if all(several):
        words = {_plain(name).casefold(): box for name, box in named.items()}
        told = [each.casefold() for part in rest for each in re.findall(names, part, flags=re.I)]
        return [*found, *(words[word] for word in told)], ""
    return found, "; ".join(rest)


def _plain(text: str) -> str:
    """One way of writing umlauts and blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())
