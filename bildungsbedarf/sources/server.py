"""Fetch a survey's responses from LimeSurvey through RemoteControl 2 (citric)."""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from citric import Client
from citric.exceptions import LimeSurveyError, LimeSurveyStatusError, ResponseMismatchError

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import BildungsbedarfError, DataError, Problem, ServerError
from bildungsbedarf.sources.credentials import Credentials
from bildungsbedarf.sources.wire import Wire

T = TypeVar("T")
_EXPIRED = "Invalid session key"
_REFUSED = {
    "Invalid user name or password": ("user or password is wrong", "check them; several wrong tries lock the account"),
    "No permission": ("the user may not read this survey, or there is none with this id", "check survey_id and rights"),
    "You have exceeded the number of maximum access attempts": ("the account is locked", "wait ten minutes"),
}
_NO_DATA = {
    "survey table does not exist": (
        "survey is not active: it has no table of responses",
        "was it deactivated, its responses lie in an old table: export them in LimeSurvey (Responses, archived) and "
        "import that; activating it anew begins with none",
    ),
    "could not get max id": ("survey has no responses yet", "pull again when there are some"),
}
_SURVEY = ("language", "additional_languages", "format", "startdate", "expires")
_DUAL = "1"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Pulled:
    """What came: the export as it is, and counts of the participants' table and the responses by status."""

    content: bytes = field(repr=False)
    summary: dict[str, int]
    questionnaire: bytes = field(default=b"", repr=False)
    """What is asked there now, as ``pull_questionnaire`` has it; empty where the server does not tell."""


def pull_responses(credentials: Credentials, survey_id: int, codebook: Codebook, say: Say) -> Pulled:
    """All responses of a survey with codes and short answers, finished or not.

    Names and addresses of participants are never asked for.

    Raises
    ------
    ServerError
        Unreachable, refused, or an answer that is none.
    DataError
        The survey has no responses, or is another one than the questionnaire.
    """
    return _twice(lambda: _pull(credentials, survey_id, codebook, say), say)


def pull_questionnaire(credentials: Credentials, survey_id: int, say: Say) -> bytes:
    """A survey's questions as JSON, as ``codebook.read_codebook`` reads it: for who has no ``.lss``.

    Raises
    ------
    ServerError
        Unreachable, refused, or an answer that is none.
    """
    answers = _twice(lambda: _ask_questions(credentials, survey_id, say), say)
    return _written(answers)


def _twice(work: Callable[[], T], say: Say) -> T:
    """Once more from the start where the server ended the session."""
    try:
        return work()
    except _ExpiredError:
        say("the session expired; logging in once more")
    try:
        return work()
    except _ExpiredError:
        raise ServerError("the server ends our session again and again", remedy="try again later") from None


def _ask_questions(credentials: Credentials, survey_id: int, say: Say) -> dict[str, Any]:
    with _session(credentials) as client:
        say("logged in")
        return _questions(client, survey_id, say)


def _questions(client: Client, survey_id: int, say: Say) -> dict[str, Any]:
    """Questions with their texts, options and settings in all languages."""
    survey: dict[str, Any] = dict(_asked(partial(client.get_survey_properties, survey_id, ["sid", *_SURVEY])))
    languages = [str(survey["language"]), *str(survey.get("additional_languages") or "").split()]
    say(f"languages {', '.join(languages)}")
    fieldmap = _asked(partial(client.get_fieldmap, survey_id))
    titles: dict[str, Any] = {}
    groups: list[Any] = []
    questions: list[dict[str, Any]] = []
    for code in languages:
        wanted = ["surveyls_title"]
        titles[code] = _asked(partial(client.get_language_properties, survey_id, settings=wanted, language=code))
        groups += _asked(partial(client.list_groups, survey_id, code))
        asked = _asked(partial(client.list_questions, survey_id, None, code))
        questions += [{**row, "language": code} for row in asked]
    properties: dict[str, dict[str, Any]] = {}
    for row in questions:
        if str(row.get("parent_qid") or "0") == "0":
            qid, code = int(row["qid"]), str(row["language"])
            settings = ["attributes", "attributes_lang"]
            settings += ["answeroptions_multiscale" if row["type"] == _DUAL else "answeroptions"]
            found = _asked(partial(client.get_question_properties, qid, settings=settings, language=code))
            properties.setdefault(str(qid), {})[code] = found
    say(f"{len(properties)} questions")
    kept = {"survey": {**survey, "sid": survey_id}, "languages": titles, "groups": groups, "questions": questions}
    return {**kept, "properties": properties, "fieldmap": fieldmap}


def _pull(credentials: Credentials, survey_id: int, codebook: Codebook, say: Say) -> Pulled:
    with _session(credentials) as client:
        say("logged in")
        _compare(_asked(lambda: client.get_fieldmap(survey_id)), codebook, survey_id)
        say("fields are the same")
        asked = _asked_there(client, survey_id, say)
        summary = _asked(lambda: client.get_summary(survey_id)) or {}
        content = _asked(
            lambda: client.export_responses(
                survey_id, file_format="json", heading_type="code", response_type="short", completion_status="all"
            )
        )
        say(f"{len(content):,} bytes of responses")
    counts = {str(name): int(str(count)) for name, count in summary.items() if str(count).isdigit()}
    return Pulled(bytes(content), counts, asked)


def _asked_there(client: Client, survey_id: int, say: Say) -> bytes:
    """The questionnaire on the server; nothing where the user may see responses only."""
    try:
        return _written(_questions(client, survey_id, say))
    except ServerError as error:
        say(f"texts and options could not be compared: {error.problems[0].what}")
        return b""


def _written(answers: dict[str, Any]) -> bytes:
    return json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True).encode()


@contextmanager
def _session(credentials: Credentials) -> Iterator[Client]:
    """A logged-in client; the session is released whatever happens."""
    client = _asked(lambda: Client(credentials.url, credentials.user, credentials.password, requests_session=Wire()))
    try:
        yield client
    finally:
        # the server forgets the session by itself; what went wrong before is what a person must see
        with suppress(ServerError, DataError, _ExpiredError):
            _asked(client.close)


class _ExpiredError(Exception):
    """The session key is no longer valid."""


def _asked(call: Callable[[], T]) -> T:
    """The answer to one call, with the server's words made plain."""
    try:
        return call()
    except LimeSurveyStatusError as error:
        raise _meant(str(error)) from None
    except (LimeSurveyError, ResponseMismatchError) as error:
        raise ServerError(
            "survey server gives no answer that can be read",
            value=str(error) or type(error).__name__,
            remedy="RemoteControl may be off (LimeSurvey: Global settings, Interfaces, JSON-RPC)",
        ) from None
    except binascii.Error:
        raise ServerError("responses arrive broken (not base64)", remedy="pull again") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServerError(
            "survey server answers with something else than RemoteControl", value=type(error).__name__
        ) from None


def _meant(status: str) -> BildungsbedarfError | _ExpiredError:
    if _EXPIRED in status:
        return _ExpiredError()
    for words, (what, remedy) in _NO_DATA.items():
        if words in status:
            return DataError(what, value=status, remedy=remedy)
    for words, (what, remedy) in _REFUSED.items():
        if words in status:
            return ServerError(what, value=status, remedy=remedy)
    return ServerError("survey server refuses", value=status)


def _compare(fieldmap: dict[str, Any], codebook: Codebook, survey_id: int) -> None:
    """Refuse a survey whose questions are others than the questionnaire's."""
    if not isinstance(fieldmap, dict):
        raise ServerError("survey server answers with something else than a list of fields")
    theirs = {
        (str(entry.get("title") or ""), str(entry.get("aid") or "")): str(entry.get("type") or "")
        for entry in fieldmap.values()
        if isinstance(entry, dict) and entry.get("qid")
    }
    codes = {code for code, _ in theirs}
    ours = {question.code: question for question in codebook.questions}
    where = f"survey {survey_id}"
    remedy = "export the questionnaire (.lss) of this wave from LimeSurvey again, or check survey_id"
    problems = [
        Problem("question is not on the server", where, code, remedy=remedy) for code in ours if code not in codes
    ]
    problems += [
        Problem("question is not in the questionnaire", where, c, remedy=remedy) for c in codes if c not in ours
    ]
    problems += [
        Problem(
            "question has another type on the server", f"{where}, question {code}", kind, ours[code].type.letter, remedy
        )
        for (code, _), kind in theirs.items()
        if code in ours and kind and kind != ours[code].type.letter
    ]
    known = {(column.question, _aid(column.item, column.role)) for column in codebook.columns}
    problems += [
        Problem("subquestion is not in the questionnaire", f"{where}, question {code}", aid, remedy=remedy)
        for code, aid in theirs
        if code in ours and aid and (code, aid) not in known
    ]
    if problems:
        raise DataError(list(dict.fromkeys(problems))[:20])


def _aid(item: str, role: str) -> str:
    return {"answer": item, "other": "other", "comment": f"{item}comment"}[role]
