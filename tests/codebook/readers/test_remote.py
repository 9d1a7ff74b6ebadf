"""A questionnaire from RemoteControl alone is the questionnaire of its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.codebook.compare import compare_books
from bildungsbedarf.codebook.readers.remote import parse_remote
from bildungsbedarf.errors import DataError
from tests.codebook.remote_answers import remote_answers

ROOT = Path(__file__).parents[3]
SURVEY = ROOT / "surveys" / "bildungsbefragung"


def _shown(book: Codebook) -> list[tuple[object, ...]]:
    return [(c.name, c.heading, c.role, c.scale, c.values, c.codes) for c in book.columns]


@pytest.mark.parametrize("name", ["questionnaire", "schule", "konferenz1"])
@pytest.mark.parametrize("since_7", [False, True])
@pytest.mark.parametrize("nested", ["", "lists"])
def test_questions_and_properties_are_the_whole_questionnaire(name: str, since_7: bool, nested: str) -> None:
    book = read_codebook(SURVEY / f"{name}.lss")
    found = parse_remote(json.dumps(remote_answers(book, since_7=since_7, nested=nested)).encode(), "q.json")
    assert _shown(found) == _shown(book)
    assert (found.title, found.languages, found.page_count) == (book.title, book.languages, book.page_count)
    assert set(compare_books(book, found)["state"]) == {"same"}


@pytest.mark.parametrize("name", ["questionnaire", "schule", "konferenz1"])
def test_the_list_of_fields_alone_knows_the_columns(name: str) -> None:
    book = read_codebook(SURVEY / f"{name}.lss")
    found = parse_remote(json.dumps(remote_answers(book, own=False)).encode(), "q.json")
    assert [c.name for c in found.columns] == [c.name for c in book.columns]
    assert [(q.code, q.type, q.page, q.relevance) for q in found.questions] == [
        (q.code, q.type, q.page, q.relevance) for q in book.questions
    ]


@pytest.mark.parametrize(
    ("wave", "lss"), [("2026", "reference_survey_server"), ("schule_2026", "pupils_survey_server")]
)
def test_a_real_servers_answers(shared: Path, wave: str, lss: str) -> None:
    book = read_codebook(shared / "limesurvey" / f"{lss}.lss")
    answers = json.loads((shared / "limesurvey" / f"rpc_{wave}.json").read_text())
    for part in (answers, {"fieldmap": answers["fieldmap"]}):
        found = parse_remote(json.dumps(part).encode(), "q.json")
        assert [c.name for c in found.columns] == [c.name for c in book.columns]
        assert [(q.code, q.page, q.relevance, q.other) for q in found.questions] == [
            (q.code, q.page, q.relevance, q.other) for q in book.questions
        ]
        assert [q.section["de"] for q in found.questions] == [q.section["de"] for q in book.questions]
    fields = {c.fields[0] for c in found.columns}
    assert fields <= set(answers["fieldmap"])


@pytest.mark.shared
def test_options_of_a_real_server_are_those_of_the_file(shared: Path) -> None:
    """Version 6.4.2: every type of the reference questionnaire, dual scales among them."""
    book = read_codebook(shared / "limesurvey" / "reference_survey_server.lss")
    told = json.loads((shared / "limesurvey" / "rpc_question_properties.json").read_text(encoding="utf-8"))
    answers = remote_answers(book)
    qids = {str(row["qid"]): row["title"] for row in answers["questions"] if not row["parent_qid"]}
    for qid, code in qids.items():
        kinds = ("answeroptions", "answeroptions_multiscale")
        found = next((told[code][kind] for kind in kinds if "error" not in told[code][kind]), {})
        answers["properties"][qid]["de"] = {"attributes": {}, **found}
    found_book = parse_remote(json.dumps(answers).encode(), "q.json")
    for question in book.questions:
        for scale in (0, 1):
            labels = found_book[question.code].labels("de", scale)
            if (question.code, scale) == ("BILD", 0):
                # this option was added on the server
                assert labels.pop("B5") == "Promotion"
            assert labels == question.labels("de", scale), question.code


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "no readable JSON"),
        ("[]", "no answers of RemoteControl"),
        ('{"fieldmap": []}', "no answers of RemoteControl"),
        ("{}", "has no questions"),
        ('{"fieldmap": {"1X1X1": {"qid": 1, "gid": 1, "sid": 1, "type": "?", "title": "A"}}}', "type is not read"),
    ],
)
def test_what_is_none(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "questionnaire.json"
    path.write_text(content)
    with pytest.raises(DataError, match=what):
        read_codebook(path)
