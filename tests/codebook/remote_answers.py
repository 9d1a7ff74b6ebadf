"""What RemoteControl answers about a questionnaire, made from its codebook in the shape of a real server's."""

from __future__ import annotations

from typing import Any

from bildungsbedarf.codebook import Codebook


def remote_answers(book: Codebook, own: bool = True, since_7: bool = False, nested: str = "") -> dict[str, Any]:
    """Answers of get_fieldmap and, with ``own``, of the methods that know more, in all languages.

    ``nested`` is how dual scales are kept: by scale and code; ``lists`` as version 6 does, under the others' key.
    """
    fieldmap: dict[str, Any] = {"id": {"fieldname": "id", "type": "id", "qid": "", "aid": "", "title": ""}}
    questions, properties = [], {}
    for number, question in enumerate(book.questions):
        qid, gid = 100 + number, question.group
        base = {"type": question.type.letter, "sid": book.survey_id, "gid": gid, "qid": qid, "title": question.code}
        base |= {"question": question.original[book.language], "questionSeq": number, "groupSeq": gid - 1}
        base |= {"mandatory": "Y" if question.mandatory else "N"}
        last = {"relevance": question.relevance, "grelevance": question.group_relevance, "other": "N"}
        if question.other:
            last["other"] = "Y"
        columns = [column for column in book.columns if column.question == question.code]
        for column in columns:
            key = f"Q{qid}_{column.name}" if since_7 else f"{book.survey_id}X{gid}X{qid}{column.name}"
            fieldmap[key] = base | {"aid": _aid(column.item, column.role)} | _subquestion(question, column, book)
        fieldmap[key if columns else str(qid)] = (fieldmap[key] if columns else {**base, "aid": ""}) | last
        for code in book.languages:
            row = base | last | {"parent_qid": 0, "question_order": number, "language": code}
            questions.append(row | {"question": question.original[code], "help": ""})
            for order, item in enumerate(question.subquestions):
                own_row = {"qid": 1000 * qid + order, "parent_qid": qid, "title": item.code, "language": code}
                own_row |= {"question": item.texts[code], "question_order": order, "scale_id": item.scale}
                questions.append(row | own_row | {"relevance": item.relevance})
            properties.setdefault(str(qid), {})[code] = _properties(question, code, nested)
    if not own:
        return {"fieldmap": fieldmap}
    survey = {"sid": book.survey_id, "language": book.language, "format": "G"}
    survey["additional_languages"] = " ".join(book.languages[1:])
    groups = [
        {"gid": gid, "group_order": gid, "grelevance": "", "language": code}
        for gid in dict.fromkeys(question.group for question in book.questions)
        for code in book.languages
    ]
    titles = {code: {"surveyls_title": book.title[code]} for code in book.languages}
    found = {"survey": survey, "groups": groups, "questions": questions, "properties": properties}
    return found | {"languages": titles, "fieldmap": fieldmap}


def _aid(item: str, role: str) -> str:
    return {"answer": item, "other": "other", "comment": f"{item}comment"}[role]


def _subquestion(question: Any, column: Any, book: Codebook) -> dict[str, Any]:
    if column.role != "answer" or question.type.axes in ("single", "ranking"):
        return {}
    return {"subquestion": question.items(book.language)[column.item], "SQrelevance": "1", "scale_id": column.scale}


def _properties(question: Any, language: str, nested: str) -> dict[str, Any]:
    fixed = {code for code, _, _ in question.type.codes}
    by_scale: dict[int, dict[str, Any]] = {}
    for order, answer in enumerate(question.answers):
        if answer.code not in fixed:
            option = {"answer": answer.texts[language], "order": order, "scale_id": answer.scale}
            by_scale.setdefault(answer.scale, {})[answer.code] = option
    found: dict[str, Any] = {"attributes": question.attributes or "No available attributes"}
    if question.type.letter == "1" and nested == "lists":
        scales = [[{"code": code, **option} for code, option in by_scale[scale].items()] for scale in (0, 1)]
        return found | {"answeroptions": scales}
    if question.type.letter == "1":
        return found | {"answeroptions_multiscale": by_scale}
    return found | {"answeroptions": by_scale.get(0) or "No available answer options"}
