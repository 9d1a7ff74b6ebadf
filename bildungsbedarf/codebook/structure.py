"""A questionnaire as some file or server keeps it, brought into one shape; and from there to a ``Codebook``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bildungsbedarf.codebook.columns import FieldNames, columns_of_question, set_apart
from bildungsbedarf.codebook.filters import with_array_filters
from bildungsbedarf.codebook.kinds import TYPES, QuestionType
from bildungsbedarf.codebook.labels import clean_label
from bildungsbedarf.codebook.model import Answer, Codebook, Column, Question, Subquestion, Texts
from bildungsbedarf.errors import DataError, Problem

Row = Mapping[str, str]
_CODE = re.compile(r"^\w[\w-]*$")
_WITH_OTHER = "L!MP"
"""Types that have an "other"; of others LimeSurvey may keep the mark and makes no column."""


@dataclass(frozen=True)
class Structure:
    """Rows of a questionnaire, all values text.

    ``groups``: ``gid, group_order, grelevance``; ``questions``: ``qid, gid, type, title, other,
    mandatory, question_order, relevance``; ``subquestions`` also ``parent_qid, scale_id``; ``answers``:
    ``qid, code, sortorder, scale_id``, and their texts by (qid, scale, code); ``wording`` and ``helps`` by
    qid; ``attributes`` by qid.
    """

    name: str
    survey: Row
    titles: Texts
    groups: Sequence[Row]
    questions: Sequence[Row]
    subquestions: Sequence[Row]
    answers: Sequence[Row]
    wording: dict[str, Texts]
    helps: dict[str, Texts] = field(default_factory=dict)
    answer_texts: dict[tuple[str, str, str], Texts] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    sha256: str = ""
    has_free_codes: bool = False
    """Kept by a LimeSurvey that let questions have any code, and one twice (before 1.92)."""
    sections: dict[str, Texts] = field(default_factory=dict)
    """Names of the groups, by gid."""

    def codebook(self) -> Codebook:
        """The codebook.

        Raises
        ------
        DataError
            Unknown question types, questions of no group, numbers that are none, codes used twice: all
            at once.
        """
        _check_numbers(self)
        language = self.survey.get("language") or "de"
        others = self.survey.get("additional_languages", "").split()
        found, page_count = _questions(self, (language, *others))
        sid = self.survey["sid"]
        columns = [
            set_apart(column)
            for question, row in found
            for column in columns_of_question(question, FieldNames(sid, row["gid"], row["qid"]))
        ]
        _refuse_one_name(columns, self.name)
        return Codebook(
            survey_id=int(sid),
            language=language,
            languages=(language, *others),
            title={code: clean_label(text) for code, text in self.titles.items()},
            questions=tuple(with_array_filters([question for question, _ in found], columns)),
            page_count=page_count,
            sha256=self.sha256,
            columns=tuple(columns),
        )


def _refuse_one_name(columns: Sequence[Column], name: str) -> None:
    """Two columns of one name would be one in every table: ``A[b_c]`` and ``A_b[c]`` are both ``A_b_c``."""
    by_name: dict[str, list[str]] = {}
    for column in columns:
        by_name.setdefault(column.name, []).append(column.heading)
    problems = [
        Problem(
            "two columns of the questionnaire have one name",
            name,
            " and ".join(headings),
            f"one of them as {own}",
            "give one of the questions or items another code",
        )
        for own, headings in by_name.items()
        if len(headings) > 1
    ]
    if problems:
        raise DataError(problems)


def _check_numbers(structure: Structure) -> None:
    """Refuse orders and ids that are not numbers, before anything is sorted by them."""
    wanted: list[tuple[str, Sequence[Row], tuple[str, ...]]] = [
        ("survey", [structure.survey], ("sid",)),
        ("group", structure.groups, ("group_order",)),
        ("question", structure.questions, ("question_order",)),
        ("subquestion", structure.subquestions, ("question_order",)),
        ("answer", structure.answers, ("sortorder", "scale_id")),
    ]
    problems = [
        Problem(f"{kind} has no number as {key}", f"{structure.name}, {kind} {_called(row)}", row.get(key))
        for kind, rows, keys in wanted
        for row in rows
        for key in keys
        if not re.fullmatch(r"-?\d{1,15}", row.get(key, "0") or "0")
    ]
    problems += [
        Problem(f"{kind} has no {key}", f"{structure.name}, {kind} {_called(row)}")
        for kind, rows, keys in (
            ("group", structure.groups, ("gid",)),
            ("question", structure.questions, ("qid", "gid", "type", "title")),
            ("subquestion", structure.subquestions, ("qid", "parent_qid", "title")),
            ("answer", structure.answers, ("qid", "code")),
        )
        for row in rows
        for key in keys
        if not row.get(key, "")
    ]
    if problems:
        raise DataError(problems)


def _called(row: Row) -> str:
    return row.get("title") or row.get("code") or row.get("qid") or row.get("gid") or ""


def _number(row: Row, key: str) -> int:
    return int(row.get(key, "0") or 0)


def _questions(structure: Structure, languages: tuple[str, ...]) -> tuple[list[tuple[Question, Row]], int]:
    name = structure.name
    groups = sorted(structure.groups, key=lambda row: _number(row, "group_order"))
    group_numbers = {row["gid"]: number for number, row in enumerate(groups, start=1)}
    group_relevance = {row["gid"]: row.get("grelevance", "") for row in groups}
    rows = sorted(
        structure.questions, key=lambda row: (group_numbers.get(row["gid"], 0), _number(row, "question_order"))
    )
    codes = _codes(rows) if structure.has_free_codes else {row["qid"]: row["title"] for row in rows}
    last_pages = _last_pages(groups, group_numbers)
    answers, items = _answers(structure), _items(structure)
    layout = structure.survey.get("format", "G")
    problems: list[Problem] = []
    found: list[tuple[Question, Row]] = []
    for number, row in enumerate(rows, start=1):
        kind, qid = TYPES.get(row["type"]), row["qid"]
        where = f"{name}, question {row['title']}"
        if kind is None:
            problems.append(Problem("question type is not read", where, row["type"], f"one of {' '.join(TYPES)}"))
            continue
        if not _CODE.match(codes[qid]):
            problems.append(Problem("question code has other signs than letters and digits", name, row["title"]))
            continue
        if row["gid"] not in group_numbers:
            known = f"one of {' '.join(group_numbers)}"
            problems.append(Problem("question belongs to a group that is not there", where, row["gid"], known))
            continue
        group = group_numbers[row["gid"]]
        question = Question(
            code=codes[qid],
            type=kind,
            texts=_cleaned(structure.wording.get(qid, {})),
            original=structure.wording.get(qid, {}),
            help={code: clean_label(text) for code, text in structure.helps.get(qid, {}).items() if text},
            group=group,
            page={"G": last_pages[row["gid"]], "S": number, "A": 1}.get(layout, last_pages[row["gid"]]),
            mandatory=row.get("mandatory") in ("Y", "S"),
            other=row.get("other") == "Y" and row["type"] in _WITH_OTHER,
            relevance=row.get("relevance", "") or "1",
            group_relevance=group_relevance[row["gid"]],
            subquestions=items.get(qid, ()),
            answers=answers.get(qid) or _ranked(kind, items.get(qid, ())) or _fixed_answers(kind, languages),
            attributes=structure.attributes.get(qid, {}),
            section={code: text for code, text in _cleaned(structure.sections.get(row["gid"], {})).items() if text},
            qid=qid,
            gid=row["gid"],
        )
        problems += _unanswerable(question, name)
        found.append((question, row))
    problems += _doubled([question for question, _ in found], name)
    if problems or not found:
        raise DataError(problems or [Problem("questionnaire has no questions", name)])
    return found, max(question.page for question, _ in found)


def _cleaned(texts: Texts) -> Texts:
    return {code: clean_label(text) for code, text in texts.items()}


def _unanswerable(question: Question, name: str) -> list[Problem]:
    """An array without rows has no columns in any export."""
    where = f"{name}, question {question.code}"
    if question.type.axes in ("subquestions", "subquestions+comments", "grid", "dual") and not question.rows:
        return [Problem(f"{question.type.name} has no subquestions", where)]
    if question.type.axes == "grid" and not question.cells:
        return [Problem(f"{question.type.name} has no columns", where)]
    return []


def _doubled(questions: list[Question], name: str) -> list[Problem]:
    codes = [question.code for question in questions]
    double = sorted({code for code in codes if codes.count(code) > 1})
    return [Problem("question code is used twice", f"{name}, question {code}", code) for code in double]


def _codes(rows: Sequence[Row]) -> dict[str, str]:
    """Codes by qid; of questions whose code stands before already, or is no name, ``Q`` and the server's number.

    Exports of such questions can be told by the database's names, or by their full texts.
    """
    found: dict[str, str] = {}
    for row in rows:
        code = row["title"]
        found[row["qid"]] = f"Q{row['qid']}" if code in found.values() or not _CODE.match(code) else code
    return found


def _last_pages(groups: Sequence[Row], numbers: Mapping[str, int]) -> dict[str, int]:
    """Page of each group; of groups in random order the last one they can stand on: before it nobody knows."""
    last: dict[str, int] = {}
    for row in groups:
        if shuffled := row.get("randomization_group", ""):
            last[shuffled] = numbers[row["gid"]]
    return {row["gid"]: last.get(row.get("randomization_group", ""), numbers[row["gid"]]) for row in groups}


def _answers(structure: Structure) -> dict[str, tuple[Answer, ...]]:
    found: dict[str, list[Answer]] = {}
    for row in sorted(structure.answers, key=lambda row: (_number(row, "scale_id"), _number(row, "sortorder"))):
        scale = _number(row, "scale_id")
        texts = _cleaned(structure.answer_texts.get((row["qid"], str(scale), row["code"]), {}))
        found.setdefault(row["qid"], []).append(Answer(row["code"], texts, scale))
    return {qid: tuple(answers) for qid, answers in found.items()}


def _ranked(kind: QuestionType, items: tuple[Subquestion, ...]) -> tuple[Answer, ...]:
    """What a ranking ranks: since version 7 its subquestions."""
    return tuple(Answer(item.code, item.texts) for item in items) if kind.axes == "ranking" else ()


def _fixed_answers(kind: QuestionType, languages: tuple[str, ...]) -> tuple[Answer, ...]:
    if kind.values == "language":
        return tuple(Answer(language, {"de": language, "en": language}) for language in languages)
    return tuple(Answer(code, {"de": german, "en": english}) for code, german, english in kind.codes)


def _items(structure: Structure) -> dict[str, tuple[Subquestion, ...]]:
    found: dict[str, list[Subquestion]] = {}
    for row in sorted(structure.subquestions, key=lambda row: _number(row, "question_order")):
        texts = _cleaned(structure.wording.get(row["qid"], {}))
        item = Subquestion(row["title"], texts, row.get("relevance", "") or "1", _number(row, "scale_id"), row["qid"])
        found.setdefault(row["parent_qid"], []).append(item)
    return {parent: tuple(items) for parent, items in found.items()}
