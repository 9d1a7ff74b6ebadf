"""Read a questionnaire from LimeSurvey's structure file (``.lss``), with entity expansion off."""

from __future__ import annotations

import hashlib
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bildungsbedarf.codebook.columns import columns_of_question
from bildungsbedarf.codebook.kinds import TYPES, QuestionType
from bildungsbedarf.codebook.labels import clean_label
from bildungsbedarf.codebook.model import Answer, Codebook, Question, Subquestion, Texts
from bildungsbedarf.errors import DataError, Problem

_LARGEST = 50 * 1024 * 1024
_FIRST_DBVERSION = 400
Row = dict[str, str]


def read_lss(path: Path) -> Codebook:
    """Read ``path`` into a ``Codebook``.

    Raises
    ------
    DataError
        Not a LimeSurvey structure, hostile XML, an older format (DBVersion < 400), or question
        types that are not read; all unknown types in one report.
    """
    if path.stat().st_size > _LARGEST:
        raise DataError("questionnaire file is too large", where=path.name, expected="at most 50 MB")
    raw = path.read_bytes()
    tables = _tables(raw, path.name)
    version = int(tables["DBVersion"][0].get("", "0") or 0)
    if version < _FIRST_DBVERSION:
        raise DataError(
            "questionnaire was saved by a LimeSurvey before version 4",
            where=path.name,
            value=f"DBVersion {version}",
            expected=f"DBVersion {_FIRST_DBVERSION} or later",
            remedy="import it into a current LimeSurvey and export the survey structure (.lss) again",
        )
    survey = _only(tables, "surveys", path.name)
    language = survey.get("language", "de")
    others = survey.get("additional_languages", "").split()
    questions, page_count = _questions(tables, survey.get("format", "G"), path.name)
    titles = {row["surveyls_language"]: row["surveyls_title"] for row in tables.get("surveys_languagesettings", [])}
    return Codebook(
        survey_id=int(survey["sid"]),
        language=language,
        languages=(language, *others),
        title={code: clean_label(text) for code, text in titles.items()},
        questions=questions,
        page_count=page_count,
        sha256=hashlib.sha256(raw).hexdigest(),
        columns=tuple(column for question in questions for column in columns_of_question(question)),
    )


def _tables(raw: bytes, name: str) -> dict[str, list[Row]]:
    """All ``<rows>`` of the file by table; ``DBVersion`` as a table of one row with the key ''."""
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise DataError("XML with a document type or entities is refused", where=name) from None
    except ParseError as error:
        raise DataError(
            f"not readable XML: {error}",
            where=name,
            remedy="export the survey structure (.lss) from LimeSurvey again",
        ) from None
    if root.findtext("LimeSurveyDocType") != "Survey":
        raise DataError(
            "not a LimeSurvey survey structure",
            where=name,
            value=root.findtext("LimeSurveyDocType") or f"<{root.tag}>",
            expected="an .lss file with LimeSurveyDocType 'Survey'",
        )
    tables: dict[str, list[Row]] = {"DBVersion": [{"": root.findtext("DBVersion") or ""}]}
    for table in root:
        tables[table.tag] = tables.get(table.tag, []) + [
            {cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")
        ]
    return tables


def _only(tables: dict[str, list[Row]], table: str, name: str) -> Row:
    rows = tables.get(table, [])
    if len(rows) != 1 or not rows[0].get("sid", "").isdigit():
        raise DataError(f"table <{table}> does not hold exactly one survey", where=name, value=len(rows))
    return rows[0]


def _questions(tables: dict[str, list[Row]], layout: str, name: str) -> tuple[tuple[Question, ...], int]:
    groups = sorted(_distinct(tables.get("groups", []), "gid"), key=lambda row: int(row["group_order"]))
    group_numbers = {row["gid"]: number for number, row in enumerate(groups, start=1)}
    group_relevance = {row["gid"]: row.get("grelevance", "") for row in groups}
    rows = _distinct(tables.get("questions", []), "qid")
    rows.sort(key=lambda row: (group_numbers.get(row["gid"], 0), int(row["question_order"])))
    wording = _texts(tables, "question_l10ns", "qid", "question")
    helps = _texts(tables, "question_l10ns", "qid", "help")
    answers = _answers(tables)
    items = _by_parent(tables, wording)
    problems: list[Problem] = []
    questions: list[Question] = []
    for number, row in enumerate(rows, start=1):
        kind = TYPES.get(row["type"])
        if kind is None or row["gid"] not in group_numbers:
            what = "question type is not read" if kind is None else "question belongs to no group"
            problems.append(Problem(what, f"{name}, question {row['title']}", row["type"], f"one of {' '.join(TYPES)}"))
            continue
        group = group_numbers[row["gid"]]
        questions.append(
            Question(
                code=row["title"],
                type=kind,
                texts={code: clean_label(text) for code, text in wording.get(row["qid"], {}).items()},
                original=wording.get(row["qid"], {}),
                help={code: clean_label(text) for code, text in helps.get(row["qid"], {}).items() if text},
                group=group,
                page={"G": group, "S": number, "A": 1}.get(layout, group),
                mandatory=row.get("mandatory") == "Y",
                other=row.get("other") == "Y",
                relevance=row.get("relevance", "") or "1",
                group_relevance=group_relevance[row["gid"]],
                subquestions=items.get(row["qid"], ()),
                answers=answers.get(row["qid"]) or _fixed_answers(kind),
                attributes=_attributes(tables, row["qid"]),
            )
        )
    problems += _doubled(questions, name)
    if problems or not questions:
        raise DataError(problems or [Problem("questionnaire has no questions", name)])
    return tuple(questions), max(question.page for question in questions)


def _doubled(questions: list[Question], name: str) -> list[Problem]:
    codes = [question.code for question in questions]
    double = sorted({code for code in codes if codes.count(code) > 1})
    return [Problem("question code is used twice", f"{name}, question {code}", code) for code in double]


def _distinct(rows: list[Row], key: str) -> list[Row]:
    return list({row[key]: row for row in rows}.values())


def _texts(tables: dict[str, list[Row]], table: str, key: str, column: str) -> dict[str, Texts]:
    texts: dict[str, Texts] = {}
    for row in tables.get(table, []):
        texts.setdefault(row[key], {})[row["language"]] = row.get(column, "")
    return texts


def _answers(tables: dict[str, list[Row]]) -> dict[str, tuple[Answer, ...]]:
    wording = _texts(tables, "answer_l10ns", "aid", "answer")
    found: dict[str, list[Answer]] = {}
    for row in sorted(tables.get("answers", []), key=lambda row: (int(row["scale_id"]), int(row["sortorder"]))):
        texts = {code: clean_label(text) for code, text in wording.get(row["aid"], {}).items()}
        found.setdefault(row["qid"], []).append(Answer(row["code"], texts, int(row["scale_id"])))
    return {qid: tuple(answers) for qid, answers in found.items()}


def _fixed_answers(kind: QuestionType) -> tuple[Answer, ...]:
    return tuple(Answer(code, {"de": german, "en": english}) for code, german, english in kind.codes)


def _by_parent(tables: dict[str, list[Row]], wording: dict[str, Texts]) -> dict[str, tuple[Subquestion, ...]]:
    found: dict[str, list[Subquestion]] = {}
    for row in sorted(_distinct(tables.get("subquestions", []), "qid"), key=lambda row: int(row["question_order"])):
        texts = {code: clean_label(text) for code, text in wording.get(row["qid"], {}).items()}
        item = Subquestion(row["title"], texts, row.get("relevance", "") or "1")
        found.setdefault(row["parent_qid"], []).append(item)
    return {parent: tuple(items) for parent, items in found.items()}


def _attributes(tables: dict[str, list[Row]], qid: str) -> dict[str, str]:
    return {row["attribute"]: row["value"] for row in tables.get("question_attributes", []) if row["qid"] == qid}
