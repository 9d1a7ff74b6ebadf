"""A questionnaire from what RemoteControl answers: questions and their properties, or the list of fields alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bildungsbedarf.codebook.kinds import TYPES
from bildungsbedarf.codebook.model import Codebook, Texts
from bildungsbedarf.codebook.structure import Row, Structure
from bildungsbedarf.errors import DataError

_LARGEST = 50 * 1024 * 1024
_BESIDE = re.compile(r"(other|comment|filecount)$")
Answers = Mapping[str, Any]


def read_remote(path: Path) -> Codebook:
    """Read RemoteControl's answers, kept as JSON, into a ``Codebook`` (see ``parse_remote``)."""
    if path.stat().st_size > _LARGEST:
        raise DataError("questionnaire file is too large", where=path.name, expected="at most 50 MB")
    return parse_remote(path.read_bytes(), path.name)


def parse_remote(raw: bytes, name: str) -> Codebook:
    """The codebook of one JSON object.

    Keys are what was asked: ``fieldmap`` (get_fieldmap), ``survey`` (get_survey_properties), ``language`` or,
    by language, ``languages`` (get_language_properties), ``groups`` (list_groups), ``questions``
    (list_questions, all languages one after the other), ``properties`` by question id and language
    (get_question_properties: ``answeroptions``, ``attributes``). ``fieldmap`` alone is enough for the
    columns; answer options it does not know, so that their codes are those that occur in the responses.

    Raises
    ------
    DataError
        No JSON, neither questions nor fields, or what ``Structure.codebook`` refuses.
    """
    try:
        answers = json.loads(raw)
    except (ValueError, RecursionError):
        raise DataError(
            "questionnaire is no readable JSON", where=name, remedy="fetch it from the server again"
        ) from None
    if not isinstance(answers, dict) or not isinstance(answers.get("fieldmap", {}), dict):
        raise DataError("questionnaire holds no answers of RemoteControl", where=name, expected='{"fieldmap": {…}, …}')
    fields = [entry for entry in answers.get("fieldmap", {}).values() if isinstance(entry, dict) and entry.get("qid")]
    asked = [row for row in _rows(answers, "questions") if row.get("qid")]
    if not fields and not asked:
        raise DataError("questionnaire has no questions", where=name)
    build = _from_questions if asked else _from_fields
    return build(answers, asked or [_texted(entry) for entry in fields], name, hashlib.sha256(raw).hexdigest())


def _from_questions(answers: Answers, asked: list[Row], name: str, sha256: str) -> Codebook:
    survey, own = _survey(answers, asked)
    mine = [row for row in asked if row.get("language", own) == own]
    options, option_texts, attributes = _properties(answers)
    for qid, places in _places(answers).items():
        attributes.setdefault(qid, {}).setdefault("max_subquestions", str(places))
    return Structure(
        name,
        survey,
        _titles(answers, own),
        _distinct_groups(answers, mine),
        [row for row in mine if row.get("parent_qid", "0") in ("", "0")],
        [row for row in mine if row.get("parent_qid", "0") not in ("", "0")],
        options,
        _wording(asked, own, "question"),
        _wording(asked, own, "help"),
        option_texts,
        attributes,
        sha256,
        sections=_wording(_rows(answers, "groups"), own, "group_name", "gid"),
    ).codebook()


def _from_fields(answers: Answers, fields: list[Row], name: str, sha256: str) -> Codebook:
    """Questions as far as the list of fields knows them: a question's last field has its condition."""
    survey, own = _survey(answers, fields)
    questions: dict[str, dict[str, str]] = {}
    items: dict[tuple[str, str, str], dict[str, str]] = {}
    attributes = {qid: {"max_subquestions": str(places)} for qid, places in _places(answers).items()}
    wording: dict[str, Texts] = {}
    for row in fields:
        qid = row["qid"]
        kind = TYPES.get(row.get("type", ""))
        known = questions.setdefault(qid, {"question_order": row.get("questionSeq", str(len(questions)))})
        known.update({key: row[key] for key in ("qid", "gid", "type", "title", "mandatory") if key in row})
        known.update({key: row[key] for key in ("relevance", "grelevance", "groupSeq") if row.get(key)})
        if row.get("aid") == "other" or row.get("other") == "Y":
            known["other"] = "Y"
        wording[qid] = {own: row.get("question", "")}
        if kind is not None and kind.axes == "ranking":
            continue
        for scale, code, text in _items_of(row, kind.axes if kind is not None else "single"):
            key = qid, scale, code
            number = row.get("sqid") if scale == "0" else None
            items.setdefault(key, _item(key, number or f"{qid}/{scale}/{code}", len(items), row))
            wording[items[key]["qid"]] = {own: text}
    groups = _distinct_groups(answers, list(questions.values()))
    titles = _titles(answers, own)
    rows = list(items.values())
    return Structure(
        name,
        survey,
        titles,
        groups,
        list(questions.values()),
        rows,
        [],
        wording,
        attributes=attributes,
        sha256=sha256,
        sections=_wording(fields, own, "group_name", "gid"),
    ).codebook()


def _places(answers: Answers) -> dict[str, int]:
    """Places of each ranking, as the list of fields has them."""
    found: dict[str, int] = {}
    for entry in answers.get("fieldmap", {}).values():
        if isinstance(entry, dict) and entry.get("type") == "R":
            found[str(entry["qid"])] = found.get(str(entry["qid"]), 0) + 1
    return found


def _item(key: tuple[str, str, str], qid: str, order: int, row: Row) -> dict[str, str]:
    parent, scale, code = key
    place = {"parent_qid": parent, "scale_id": scale, "title": code, "question_order": str(order)}
    return {"qid": qid, "relevance": row.get("SQrelevance", "1"), **place}


def _items_of(row: Row, axes: str) -> Iterator[tuple[str, str, str]]:
    """(scale, code, text) of the subquestions a field belongs to; none for "other" and comments."""
    code = row.get("aid", "")
    if not code or axes in ("single", "single+comment", "file", "none"):
        return
    if axes == "grid":
        first, _, second = code.partition("_")
        yield "0", first, row.get("subquestion1", first)
        yield "1", second, row.get("subquestion2", second)
    elif code != "other" and not (axes == "subquestions+comments" and _BESIDE.search(code)):
        yield "0", code, row.get("subquestion", code)


def _survey(answers: Answers, rows: list[Row]) -> tuple[Row, str]:
    known = answers.get("survey")
    survey = _texted(known) if isinstance(known, dict) else {}
    language = survey.get("language") or rows[0].get("language") or "de"
    return {"format": "G", **survey, "sid": survey.get("sid") or rows[0].get("sid", ""), "language": language}, language


def _titles(answers: Answers, own: str) -> Texts:
    languages = answers.get("languages")
    known = languages if isinstance(languages, dict) else {own: answers.get("language")}
    return {
        str(code): str(entry.get("surveyls_title") or "") for code, entry in known.items() if isinstance(entry, dict)
    }


def _distinct_groups(answers: Answers, questions: list[Any]) -> list[Row]:
    """Groups as listed; else as the questions name them."""
    found: dict[str, Row] = {row["gid"]: row for row in reversed(_rows(answers, "groups")) if row.get("gid")}
    for number, question in enumerate(questions):
        order = question.get("groupSeq", str(number))
        row = {"gid": question["gid"], "group_order": order, "grelevance": question.get("grelevance", "")}
        if question.get("gid") and question["gid"] not in found:
            found[question["gid"]] = row
    return list(found.values())


def _properties(answers: Answers) -> tuple[list[Row], dict[tuple[str, str, str], Texts], dict[str, dict[str, str]]]:
    """Answer options, their texts, and attributes of every question."""
    options: dict[tuple[str, str, str], Row] = {}
    texts: dict[tuple[str, str, str], Texts] = {}
    attributes: dict[str, dict[str, str]] = {}
    for qid, by_language in (answers.get("properties") or {}).items():
        for language, properties in by_language.items():
            # "No available attributes" and "No available answer options" are texts
            found = properties.get("attributes")
            if isinstance(found, dict):
                attributes[qid] = {key: str(value) for key, value in found.items() if value is not None}
            worded = properties.get("attributes_lang")
            if isinstance(worded, dict):
                known = attributes.setdefault(qid, {})
                known |= {key: str(value) for key, value in worded.items() if value and not known.get(key)}
            for scale, code, option in _options(properties):
                key = qid, scale, code
                order = str(option.get("order", len(options)))
                options.setdefault(key, {"qid": qid, "code": code, "scale_id": scale, "sortorder": order})
                texts.setdefault(key, {})[language] = str(option.get("answer") or "")
    return list(options.values()), texts, attributes


def _options(properties: Answers) -> Iterator[tuple[str, str, Answers]]:
    """(scale, code, option) of a question's answers, in whatever way the server nests them.

    By code, or by scale and then by code or in a list; version 6 keeps those of a dual scale in the key of the others.
    """
    for key in ("answeroptions_multiscale", "answeroptions"):
        found = properties.get(key)
        if isinstance(found, dict | list):
            yield from _nested(found, "")
            return


def _nested(options: Any, scale: str) -> Iterator[tuple[str, str, Answers]]:
    entries = options.items() if isinstance(options, dict) else enumerate(options)
    for key, value in entries:
        if isinstance(value, dict) and "answer" in value:
            code = value.get("code", key) if isinstance(options, list) else key
            yield scale or str(value.get("scale_id") or 0), str(code), value
        elif isinstance(value, dict | list):
            yield from _nested(value, str(key))


def _wording(rows: list[Row], own: str, key: str, of: str = "qid") -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    for row in rows:
        found.setdefault(row.get(of, ""), {})[row.get("language") or own] = row.get(key, "")
    return found


def _rows(answers: Answers, key: str) -> list[Row]:
    known = answers.get(key)
    return [_texted(entry) for entry in known if isinstance(entry, dict)] if isinstance(known, list) else []


def _texted(entry: Answers) -> dict[str, str]:
    """All values as text; what is null or nested is left out."""
    return {key: str(value) for key, value in entry.items() if isinstance(value, str | int | float)}
