"""Read a questionnaire from LimeSurvey's structure file (``.lss``), with entity expansion off.

Since DBVersion 400 texts have tables of their own (``*_l10ns``); before, each row stands once a language
with its text in it. Until DBVersion 145 arrays kept their rows among the answers and their scale in a
label set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bildungsbedarf.codebook.model import Codebook, Texts
from bildungsbedarf.codebook.readers.conditions import relevance_from_conditions
from bildungsbedarf.codebook.structure import Row, Structure
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.xml import LARGEST, Tables, only_row, read_tables

_TEXTS_APART = 400
_CODES_CHECKED = 155
_OLDEST, _NEWEST = 126, 799
_WITH_LABEL_SETS = "FH1WZ"
_ROWS_AMONG_ANSWERS = "ABCEFHKMPQ1:;"


def read_lss(path: Path) -> Codebook:
    """Read ``path`` into a ``Codebook``.

    Raises
    ------
    DataError
        Not a LimeSurvey structure, hostile XML, a version that is not known, or question types that
        are not read; all unknown types in one report.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise DataError("questionnaire file is too large", where=path.name, expected="at most 50 MB")
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(
            "questionnaire cannot be read", where=path.name, value=error.strerror, remedy="check the path"
        ) from None
    return parse_lss(raw, path.name)


def parse_lss(raw: bytes, name: str) -> Codebook:
    """The codebook of a structure file's content."""
    tables, version = read_tables(raw, name)
    if not _OLDEST <= version <= _NEWEST:
        raise DataError(
            "questionnaire was saved by a LimeSurvey that is not known",
            where=name,
            value=f"DBVersion {version}",
            expected=f"DBVersion {_OLDEST} to {_NEWEST}",
            remedy="import it into a current LimeSurvey and export the survey structure (.lss) again",
        )
    survey = only_row(tables, "surveys", name)
    titles = {
        row["surveyls_language"]: row.get("surveyls_title", "")
        for row in tables.get("surveys_languagesettings", [])
        if row.get("surveyls_language")
    }
    build = _with_texts_apart if version >= _TEXTS_APART else _with_texts_in_rows
    structure = build(tables, survey, titles, name, hashlib.sha256(raw).hexdigest())
    return replace(structure, has_free_codes=version < _CODES_CHECKED).codebook()


def _with_texts_apart(tables: Tables, survey: Row, titles: Texts, name: str, sha256: str) -> Structure:
    by_aid = _texts(tables.get("answer_l10ns", []), "aid", "answer")
    answers = tables.get("answers", [])
    return Structure(
        name=name,
        survey=survey,
        titles=titles,
        groups=_distinct(tables.get("groups", []), "gid"),
        questions=_distinct(tables.get("questions", []), "qid"),
        subquestions=_distinct(tables.get("subquestions", []), "qid"),
        answers=answers,
        wording=_texts(tables.get("question_l10ns", []), "qid", "question"),
        helps=_texts(tables.get("question_l10ns", []), "qid", "help"),
        answer_texts={
            (row.get("qid", ""), row.get("scale_id") or "0", row.get("code", "")): by_aid.get(row.get("aid", ""), {})
            for row in answers
        },
        attributes=_attributes(tables),
        sha256=sha256,
        sections=_texts(tables.get("group_l10ns", []), "gid", "group_name"),
    )


def _with_texts_in_rows(tables: Tables, survey: Row, titles: Texts, name: str, sha256: str) -> Structure:
    asked = tables.get("questions", [])
    answers, rows_apart = tables.get("answers", []), tables.get("subquestions", [])
    is_oldest = not rows_apart and not any("parent_qid" in row for row in asked)
    if is_oldest:
        answers, rows_apart = _from_label_sets(tables)
    questions: Sequence[Row] = _distinct(asked, "qid")
    if "relevance" not in (asked[0] if asked else {}):
        questions = relevance_from_conditions(questions, tables.get("conditions", []))
    answer_texts: dict[tuple[str, str, str], Texts] = {}
    for row in answers:
        key = row.get("qid", ""), row.get("scale_id") or "0", row.get("code", "")
        answer_texts.setdefault(key, {})[row.get("language", "")] = row.get("answer", "")
    return Structure(
        name=name,
        survey=survey,
        titles=titles,
        groups=_distinct(tables.get("groups", []), "gid"),
        questions=questions,
        subquestions=_distinct(rows_apart, "qid"),
        answers=_distinct(answers, "qid", "scale_id", "code"),
        wording=_texts([*asked, *rows_apart], "qid", "question"),
        helps=_texts(asked, "qid", "help"),
        answer_texts=answer_texts,
        attributes=_attributes(tables),
        sha256=sha256,
        sections=_texts(tables.get("groups", []), "gid", "group_name"),
    )


def _from_label_sets(tables: Tables) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Answers and subquestions of versions that kept the rows of arrays among the answers."""
    types = {row.get("qid", ""): row for row in tables.get("questions", [])}
    answers: list[dict[str, str]] = []
    rows: list[dict[str, str]] = []
    for row in tables.get("answers", []):
        question = types.get(row.get("qid", ""), {})
        if question.get("type", "") not in _ROWS_AMONG_ANSWERS:
            answers.append(row)
            continue
        rows.append(
            {
                "qid": f"{row.get('qid', '')}/{row.get('code', '')}",
                "parent_qid": row.get("qid", ""),
                "title": row.get("code", ""),
                "question_order": row.get("sortorder", "0"),
                "scale_id": "0",
                "language": row.get("language", ""),
                "question": row.get("answer", ""),
            }
        )
    for question in _distinct(tables.get("questions", []), "qid"):
        if question.get("type", "") not in _WITH_LABEL_SETS:
            continue
        for scale, key in (("0", "lid"), ("1", "lid1")):
            answers += [
                {
                    "qid": question.get("qid", ""),
                    "code": label.get("code", ""),
                    "scale_id": scale,
                    "sortorder": label.get("sortorder", "0"),
                    "language": label.get("language", ""),
                    "answer": label.get("title", ""),
                }
                for label in tables.get("labels", [])
                if label.get("lid") == question.get(key) and question.get(key, "0") not in ("", "0")
            ]
    return answers, rows


def _distinct(rows: Iterable[dict[str, str]], *keys: str) -> list[dict[str, str]]:
    """One row a key: the first, which is the survey's own language."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        found.setdefault(tuple(row.get(key, "") for key in keys), row)
    return list(found.values())


def _texts(rows: Iterable[dict[str, str]], key: str, column: str) -> dict[str, Texts]:
    texts: dict[str, Texts] = {}
    for row in rows:
        if row.get(key):
            texts.setdefault(row[key], {})[row.get("language", "")] = row.get(column, "")
    return texts


def _attributes(tables: Tables) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in tables.get("question_attributes", []):
        if row.get("qid") and row.get("attribute"):
            found.setdefault(row["qid"], {}).setdefault(row["attribute"], row.get("value", ""))
    return found
