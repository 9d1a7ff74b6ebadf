"""Read a questionnaire from LimeSurvey's tab-separated structure (``.txt``, ``.tsv``)."""

from __future__ import annotations

import csv
import hashlib
from io import StringIO
from pathlib import Path

from bildungsbedarf.codebook.model import Codebook, Texts
from bildungsbedarf.codebook.structure import Row, Structure
from bildungsbedarf.errors import DataError, Problem

_LARGEST = 50 * 1024 * 1024
_MOST_SHOWN = 10
_COLUMNS = ("class", "type/scale", "name", "text", "language")
_ATTRIBUTES_FROM = ("class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory")
_BASIC = {*_ATTRIBUTES_FROM, "id", "related_id", "other", "default", "same_default", "same_script", "encrypted"}


def read_tsv(path: Path) -> Codebook:
    """Read ``path`` into a ``Codebook``; groups and questions have no ids of the server's database then.

    Raises
    ------
    DataError
        Not this format, or as for an ``.lss``.
    """
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise DataError("questionnaire file is too large", where=path.name, expected="at most 50 MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 (byte {error.start})", where=path.name) from None
    try:
        rows = list(csv.DictReader(StringIO(text, newline=""), delimiter="\t", restval=""))
    except csv.Error as error:
        raise DataError(f"tab-separated structure cannot be read: {error}", where=path.name) from None
    if not rows or any(name not in rows[0] for name in _COLUMNS):
        raise DataError(
            "not a tab-separated survey structure",
            where=path.name,
            value=text[:60],
            expected="a heading line with " + ", ".join(_COLUMNS),
            remedy="LimeSurvey: Export, tab-separated values; or use the .lss",
        )
    return _Reader(path.name, rows, hashlib.sha256(raw).hexdigest()).structure().codebook()


class _Reader:
    """Goes through the rows once; each language repeats all groups, questions and answers in the same order."""

    def __init__(self, name: str, rows: list[dict[str, str]], sha256: str) -> None:
        self.name, self.rows, self.sha256 = name, rows, sha256
        self.survey: dict[str, str] = {}
        self.titles: Texts = {}
        self.groups: list[Row] = []
        self.questions: dict[str, dict[str, str]] = {}
        self.items: dict[tuple[str, str, str], dict[str, str]] = {}
        self.answers: dict[tuple[str, str, str], dict[str, str]] = {}
        self.wording: dict[str, Texts] = {}
        self.helps: dict[str, Texts] = {}
        self.answer_texts: dict[tuple[str, str, str], Texts] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self.sections: dict[str, Texts] = {}
        self.group = self.question = ""
        self.doubled: list[Problem] = []

    def structure(self) -> Structure:
        readers = {
            "S": self._survey,
            "SL": self._title,
            "G": self._group,
            "Q": self._question,
            "SQ": self._item,
            "A": self._answer,
        }
        for row in self.rows:
            read = readers.get(row["class"])
            if read is not None:
                read(row)
        if self.doubled:
            raise DataError(self.doubled[:_MOST_SHOWN])
        # structures that tools write name none; LimeSurvey gives them one when they are imported
        self.survey.setdefault("sid", "1")
        if not self.survey["sid"].isdigit():
            raise DataError("structure names no survey id", where=self.name, value=self.survey["sid"])
        return Structure(
            self.name,
            self.survey,
            self.titles,
            self.groups,
            list(self.questions.values()),
            list(self.items.values()),
            list(self.answers.values()),
            self.wording,
            self.helps,
            self.answer_texts,
            self.attributes,
            self.sha256,
            sections=self.sections,
        )

    def _survey(self, row: Row) -> None:
        self.survey[row["name"]] = row["text"]

    def _title(self, row: Row) -> None:
        if row["name"] == "surveyls_title":
            self.titles[row["language"]] = row["text"]

    def _is_own(self, row: Row) -> bool:
        return row["language"] in ("", self.survey.get("language", row["language"]))

    def _group(self, row: Row) -> None:
        if self._is_own(row):
            self.group = row.get("id") or str(len(self.groups) + 1)
            order = str(len(self.groups))
            group = {"gid": self.group, "group_order": order, "grelevance": row.get("relevance", "")}
            self.groups.append({**group, "randomization_group": row.get("random_group", "")})
            self.sections[self.group] = {row["language"] or self.survey.get("language", ""): row["name"]}
        elif row.get("id") in self.sections:
            self.sections[row["id"]][row["language"]] = row["name"]

    def _question(self, row: Row) -> None:
        title = row["name"]
        if title not in self.questions:
            qid = row.get("id") or str(len(self.questions) + 1)
            self.questions[title] = {
                "qid": qid,
                "gid": self.group,
                "type": row["type/scale"],
                "title": title,
                "other": row.get("other", ""),
                "mandatory": row.get("mandatory", ""),
                "question_order": str(len(self.questions)),
                "relevance": row.get("relevance", ""),
            }
            self.attributes[qid] = {key: value for key, value in row.items() if value and key not in _BASIC}
        self.question = self.questions[title]["qid"]
        self.wording.setdefault(self.question, {})[row["language"]] = row["text"]
        self.helps.setdefault(self.question, {})[row["language"]] = row.get("help", "")

    def _item(self, row: Row) -> None:
        scale = row["type/scale"] if row["type/scale"] in ("0", "1") else "0"
        key = self.question, scale, row["name"]
        qid = f"{self.question}/{scale}/{row['name']}"
        self._refuse_double(self.wording.get(qid, {}), row)
        self.items.setdefault(
            key,
            {
                "qid": qid,
                "parent_qid": self.question,
                "title": row["name"],
                "question_order": str(len(self.items)),
                "scale_id": scale,
                "relevance": row.get("relevance", ""),
            },
        )
        self.wording.setdefault(qid, {})[row["language"]] = row["text"]

    def _refuse_double(self, texts: Texts, row: Row) -> None:
        """A code that stands twice in one language: the second would vanish, and its answers with it."""
        if row["language"] in texts:
            code = next(code for code, known in self.questions.items() if known["qid"] == self.question)
            what = f"code stands twice among the {'items' if row['class'] == 'SQ' else 'answers'} of a question"
            self.doubled.append(Problem(what, f"{self.name}, question {code}", row["name"], "each code once"))

    def _answer(self, row: Row) -> None:
        key = self.question, row["type/scale"] or "0", row["name"]
        order = str(len(self.answers))
        self._refuse_double(self.answer_texts.get(key, {}), row)
        self.answers.setdefault(key, {"qid": key[0], "scale_id": key[1], "code": key[2], "sortorder": order})
        self.answer_texts.setdefault(key, {})[row["language"]] = row["text"]
