"""Read a small codebook that a person wrote as a table: for responses that come from no LimeSurvey.

Columns ``question, type, item, code, de`` and optionally ``en``: a row with a type asks a question, one
with an item adds a subquestion to it, one with a code an answer. Types are LimeSurvey's letters or these
words: choice, multiple, scale, number, date, text.
"""

from __future__ import annotations

import csv
import hashlib
from io import StringIO
from pathlib import Path

from bildungsbedarf.codebook.kinds import TYPES
from bildungsbedarf.codebook.model import Codebook, Texts
from bildungsbedarf.codebook.structure import Row, Structure
from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.limesurvey.delimiters import delimiter_of

WORDS = {"choice": "L", "multiple": "M", "scale": "F", "number": "N", "date": "D", "text": "S"}
_COLUMNS = ("question", "type", "item", "code", "de")
_LARGEST = 5 * 1024 * 1024
_SURVEY_ID = "1"


def read_small(path: Path) -> Codebook:
    """Read a CSV (UTF-8, ``;`` or ``,``) into a ``Codebook``.

    Raises
    ------
    DataError
        Missing columns, unknown types, items or answers of no question: all at once, with their lines.
    """
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise DataError("codebook is too large", where=path.name, expected="at most 5 MB")
    try:
        text = raw.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter_of(text), restval="")
        rows = [(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in reader]
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 (byte {error.start})", where=path.name) from None
    except (csv.Error, AttributeError) as error:
        raise DataError(f"codebook cannot be read: {error}", where=path.name) from None
    missing = [name for name in _COLUMNS if not rows or name not in rows[0][1]]
    if missing:
        raise DataError(
            "codebook has not the columns it needs", where=path.name, value=first[:60], expected=", ".join(_COLUMNS)
        )
    return structure_of(rows, path.name, hashlib.sha256(raw).hexdigest()).codebook()


def structure_of(rows: list[tuple[int, dict[str, str]]], name: str, sha256: str) -> Structure:
    """The structure that rows of such a table give, each with its line."""
    questions: dict[str, Row] = {}
    items: list[Row] = []
    answers: list[Row] = []
    wording: dict[str, Texts] = {}
    answer_texts: dict[tuple[str, str, str], Texts] = {}
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        kind = "type" if row["type"] else "item" if row["item"] else "code"
        key = row["question"], kind, "" if row["type"] else row["item"] or row["code"]
        if key in seen:
            what = {"type": "question", "item": "item", "code": "answer code"}[kind]
            problems.append(Problem(f"{what} stands twice", f"{name}, lines {seen[key]} and {line}", key[2] or key[0]))
        seen.setdefault(key, line)
        code, texts = row["question"], {"de": row["de"], "en": row.get("en", "")}
        where = f"{name}, line {line}"
        if row["type"]:
            letter = WORDS.get(row["type"].lower(), row["type"])
            if letter not in TYPES:
                problems.append(Problem("type is not known", where, row["type"], ", ".join(WORDS)))
            order = str(len(questions) + 1)
            questions[code] = {"qid": code, "gid": "1", "type": letter, "title": code, "question_order": order}
            wording[code] = texts
        elif code not in questions:
            problems.append(Problem("question has no row with its type before this one", where, code))
        elif row["item"]:
            qid = f"{code}/{row['item']}"
            order = str(len(items))
            items.append({"qid": qid, "parent_qid": code, "title": row["item"], "question_order": order})
            wording[qid] = texts
        elif row["code"]:
            answers.append({"qid": code, "code": row["code"], "sortorder": str(len(answers)), "scale_id": "0"})
            answer_texts[code, "0", row["code"]] = texts
        else:
            problems.append(Problem("row has neither type, item nor code", where, code))
    if problems:
        raise DataError(problems)
    survey = {"sid": _SURVEY_ID, "language": "de", "additional_languages": "en", "format": "A"}
    groups: list[Row] = [{"gid": "1", "group_order": "1"}]
    titles = {"de": Path(name).stem}
    return Structure(
        name, survey, titles, groups, list(questions.values()), items, answers, wording, {}, answer_texts, {}, sha256
    )
