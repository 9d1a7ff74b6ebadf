"""Pulling from a server: every fault is one clear error with exit code 3 or 5, and the store stays as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, ServerError
from bildungsbedarf.sources import wire
from bildungsbedarf.sources.credentials import Credentials, check_url, find_credentials
from bildungsbedarf.sources.server import pull_questionnaire
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.renewing import renew_questionnaire
from bildungsbedarf.wave.starting import start_study
from tests.codebook.remote_answers import remote_answers
from tests.sources.fake_server import PASSWORD, FakeServer, demo_responses, running


def fieldmap(book: Codebook) -> dict[str, Any]:
    found: dict[str, Any] = {"id": {"fieldname": "id", "type": "id", "qid": "", "aid": "", "title": ""}}
    for column in book.columns:
        aid = {"answer": column.item, "other": "other", "comment": f"{column.item}comment"}[column.role]
        letter = book[column.question].type.letter
        found[column.fields[0]] = {"type": letter, "qid": 1, "aid": aid, "title": column.question}
    for code in book.ignored_headings:
        found[code] = {"type": "X", "qid": 1, "aid": "", "title": code}
    return found


def asked(answers: dict[str, Any]) -> dict[str, Any]:
    """What the server answers about its questions."""
    return {
        "get_survey_properties": lambda params: answers["survey"],
        "get_language_properties": lambda params: answers["languages"][params[3]],
        "list_groups": lambda params: [g for g in answers["groups"] if g["language"] == params[2]],
        "list_questions": lambda params: [q for q in answers["questions"] if q["language"] == params[3]],
        "get_question_properties": lambda params: answers["properties"][str(params[1])][params[3]],
    }


@pytest.fixture
def fake(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setattr(wire, "BACKOFF", 0.0)
    monkeypatch.setattr(wire, "READ_SECONDS", 1.0)
    monkeypatch.setenv("LIMESURVEY_USER", "bildung")
    monkeypatch.setenv("LIMESURVEY_PASSWORD", PASSWORD)
    book = Study.load("bildungsbefragung", project).wave("2026").codebook
    with running(FakeServer(fieldmap(book), demo_responses())) as server:
        server.questions = asked(remote_answers(book))
        monkeypatch.setenv("LIMESURVEY_URL", server.url)
        yield server


def _pull(project: Project) -> tuple[Any, list[str]]:
    said: list[str] = []
    return Study.load("bildungsbefragung", project).pull("2026", say=said.append), said


def test_a_pull_is_a_snapshot(project: Project, fake: FakeServer) -> None:
    report, said = _pull(project)
    assert (report.is_new, report.changes, report.snapshot.manifest.rows) == (True, None, 1500)
    assert report.summary["token_count"] == 9
    about = {
        "get_survey_properties",
        "get_language_properties",
        "list_groups",
        "list_questions",
        "get_question_properties",
    }
    assert about <= set(fake.calls)
    assert [call for call in fake.calls if call not in about] == [
        "get_session_key",
        "get_fieldmap",
        "get_fieldmap",
        "get_summary",
        "export_responses",
        "release_session_key",
    ]
    assert "logged in" in said
    again, _ = _pull(project)
    assert not again.is_new


def test_what_changed_during_the_field_phase(project: Project, fake: FakeServer) -> None:
    first, _ = _pull(project)
    document = json.loads(fake.responses)
    rows = document["responses"]
    unfinished = next(row for row in rows if not row["submitdate"])
    unfinished["submitdate"] = "2026-03-30 12:00:00"
    finished = [row for row in rows if row is not unfinished]
    finished[5]["FEHLT"] = "anders"
    document["responses"] = [*[row for row in rows if row is not finished[9]], {**finished[3], "id": "99999"}]
    fake.responses = json.dumps(document).encode()
    second, _ = _pull(project)
    assert vars(second.changes) == {"new": 1, "finished": 1, "deleted": 1, "altered": 1}
    assert first.snapshot.read().shape[0] == 1500


FAULTS: dict[str, tuple[int, str]] = {
    "no permission": (5, "may not read this survey"),
    "locked": (5, "account is locked"),
    "inactive": (3, "lie in an old table"),
    "empty": (3, "no responses yet"),
    "strange status": (5, "refuses"),
    "expired always": (5, "again and again"),
    "unknown method": (5, "HTTP 500"),
    "remotecontrol off": (5, "a web page came instead"),
    "not rpc": (5, "RemoteControl may be switched off"),
    "login page": (5, "login page is between"),
    "unlabelled page": (5, "a web page came instead"),
    "maintenance": (5, "maintenance"),
    "rate limit": (5, "fewer requests"),
    "forbidden": (5, "refuses us before"),
    "not found": (5, "no RemoteControl at this address"),
    "other login": (5, "another login"),
    "redirect": (5, "to another address"),
    "no json": (5, "no answer that can be read"),
    "list": (5, "something else than RemoteControl"),
    "empty object": (5, "something else than RemoteControl"),
    "wrong type": (5, "no answer that can be read|something else"),
    "other id": (5, "no answer that can be read"),
    "truncated body": (5, "broke off"),
    "reset": (5, "cannot be reached|broke off"),
    "slow": (5, "does not answer in time|cannot be reached"),
    "broken base64": (5, "not base64"),
    "no fieldmap": (5, "list of fields"),
    "truncated export": (3, "truncated"),
    "no responses": (3, "no responses"),
    "page as export": (3, "not an export"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(project: Project, fake: FakeServer, fault: str) -> None:
    fake.fault = fault
    code, message = FAULTS[fault]
    with pytest.raises(BildungsbedarfError, match=message) as caught:
        _pull(project)
    assert caught.value.exit_code == code
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None
    # a key that never arrived cannot be given back
    assert fake.open_sessions == 0 or fault in ("slow", "truncated body", "other id")
    assert not list(project.snapshots("bildungsbefragung").rglob("manifest.json"))


def test_a_wrong_password_is_tried_once(project: Project, fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMESURVEY_PASSWORD", "falsch-0815")
    with pytest.raises(BildungsbedarfError, match="user or password is wrong") as caught:
        _pull(project)
    assert caught.value.exit_code == 5
    assert "falsch" not in str(caught.value)
    assert fake.hits == 1


def test_what_may_pass_is_tried_again(project: Project, fake: FakeServer) -> None:
    fake.fault = "passing"
    assert _pull(project)[0].is_new
    fake.fault = "expired once"
    fake.calls.clear()
    fake.responses = fake.responses.replace(b"2026-03-0", b"2026-03-1", 1)
    assert "the session expired; logging in once more" in _pull(project)[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda fields: fields.pop("GONE"), "question is not on the server"),
        (lambda fields: fields.update(new={"type": "S", "qid": 1, "aid": "", "title": "NEU"}), "not in the questionn"),
        (lambda fields: fields["GONE"].update(type="N"), "another type"),
        (lambda fields: fields["GONE"].update(aid="X9"), "subquestion is not in the questionnaire"),
    ],
)
def test_another_questionnaire_behind_the_id(project: Project, fake: FakeServer, change: Any, message: str) -> None:
    key = next(name for name, entry in fake.fieldmap.items() if entry["title"] == "FEHLT")
    fake.fieldmap["GONE"] = fake.fieldmap.pop(key)
    change(fake.fieldmap)
    with pytest.raises(BildungsbedarfError, match=message) as caught:
        _pull(project)
    assert caught.value.exit_code == 3
    assert fake.open_sessions == 0


def test_a_certificate_nobody_vouches_for(
    project: Project, fake: FakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = tmp_path / "own.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    made = subprocess.run(
        [*command, "-keyout", str(pem), "-out", str(tmp_path / "c")], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("openssl is not on this machine")
    pem.write_text(pem.read_text() + (tmp_path / "c").read_text())
    with running(FakeServer({}, b""), pem) as server:
        monkeypatch.setenv("LIMESURVEY_URL", server.url)
        with pytest.raises(BildungsbedarfError, match="certificate") as caught:
            _pull(project)
    assert caught.value.exit_code == 5
    with pytest.raises(BildungsbedarfError, match="cannot be reached") as caught:
        _pull(project)
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://umfrage.example.org/rc", "without TLS"),
        ("ftp://umfrage.example.org", "no web address"),
        ("umfrage.example.org", "no web address"),
        ("https://ich:geheim@umfrage.example.org/", "contains a user or password"),
        ("https://[::1", "cannot be read"),
    ],
)
def test_addresses_that_are_not_safe(url: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        check_url(url)
    assert "geheim" not in str(caught.value)


def test_credentials_are_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIMESURVEY_URL", "LIMESURVEY_USER", "LIMESURVEY_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("bildungsbedarf.sources.credentials._from_keyring", lambda url, user: "")
    for arguments, message in (
        ((), "no survey server"),
        (("https://a.example.org",), "no user"),
        (("https://a.example.org", "ich"), "no password"),
    ):
        with pytest.raises(ConfigError, match=message):
            find_credentials(*arguments)
    monkeypatch.setattr("bildungsbedarf.sources.credentials._from_keyring", lambda url, user: "x")
    found = find_credentials("https://a.example.org", "ich")
    assert found == Credentials("https://a.example.org", "ich", "x")
    assert "'x'" not in repr(found)


def test_a_wave_without_an_id(project: Project) -> None:
    path = project.root / "surveys" / "bildungsbefragung" / "waves" / "2026.toml"
    path.write_text(path.read_text().replace("survey_id = 990001\n", ""))
    with pytest.raises(ConfigError, match="no survey_id"):
        _pull(project)


def test_the_command(project: Project, fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from bildungsbedarf.cli import app

    monkeypatch.setenv("BILDUNGSBEDARF_HOME", str(project.root))
    monkeypatch.setattr("bildungsbedarf.study.project.Project.find", lambda: project)
    command = ["pull", "bildungsbefragung", "--wave", "2026", "--audience", "erwachsene"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "2026 · erwachsene: 1500 responses" in done.output
    fake.fault = "maintenance"
    for flags in ([], ["--debug"]):
        failed = CliRunner().invoke(app, [*command, *flags])
        assert failed.exit_code == (1 if flags else 5)
        assert PASSWORD not in failed.output + repr(failed.exception)
    assert CliRunner().invoke(app, ["pull", "bildungsbefragung", "--wave", "1999"]).exit_code == 2


def test_a_study_from_a_server_alone(project: Project, fake: FakeServer) -> None:
    book = Study.load("bildungsbefragung", project).wave("2026").codebook
    content = pull_questionnaire(find_credentials(fake.url, ""), 990001, lambda _: None)
    path = project.root / "questionnaire.json"
    path.write_bytes(content)
    assert [c.name for c in read_codebook(path).columns] == [c.name for c in book.columns]
    assert content == pull_questionnaire(find_credentials(fake.url, ""), 990001, lambda _: None)
    assert fake.open_sessions == 0
    start = start_study(project, "neu", path, "2027")
    assert Study.load("neu", project).wave("2027").codebook["RANG"].type.letter == "R"
    assert (start.folder / "questionnaire.json").read_bytes() == content
    fake.fault = "no permission"
    with pytest.raises(ServerError, match="may not read this survey"):
        pull_questionnaire(find_credentials(fake.url, ""), 990001, lambda _: None)


def _answers(project: Project) -> dict[str, Any]:
    return remote_answers(Study.load("bildungsbefragung", project).wave("2026").codebook)


def _reworded(answers: dict[str, Any]) -> None:
    row = next(q for q in answers["questions"] if q["title"] == "ALTER" and q["language"] == "de")
    row["question"] = "Wie alt sind Sie heute?"


def _another_option(answers: dict[str, Any]) -> None:
    qid = next(str(q["qid"]) for q in answers["questions"] if q["title"] == "GESCHL")
    for language, properties in answers["properties"][qid].items():
        properties["answeroptions"]["k"] = {"answer": f"keine Angabe ({language})", "order": 9, "scale_id": 0}


def _other_order(answers: dict[str, Any]) -> None:
    qid = next(str(q["qid"]) for q in answers["questions"] if q["title"] == "GESCHL")
    for properties in answers["properties"][qid].values():
        for number, option in enumerate(reversed(properties["answeroptions"].values())):
            option["order"] = number


def _other_condition(answers: dict[str, Any]) -> None:
    for row in answers["questions"]:
        if row["title"] == "KALTER":
            row["relevance"] = "1"


def test_a_question_with_other_words_is_named(project: Project, fake: FakeServer) -> None:
    answers = _answers(project)
    _reworded(answers)
    fake.questions = asked(answers)
    report, _ = _pull(project)
    assert report.reworded[["question", "state", "after"]].to_numpy().tolist() == [
        ["ALTER", "reworded", "Wie alt sind Sie heute?"]
    ]
    assert report.snapshot.questionnaire is not None
    assert report.snapshot.questionnaire.suffix == ".lss"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_another_option, "other options on the server"),
        (_other_order, "other options on the server"),
        (_other_condition, "under another condition"),
    ],
)
def test_a_question_that_means_something_else_is_refused_until_it_is_taken_over(
    project: Project, fake: FakeServer, change: Any, message: str
) -> None:
    answers = _answers(project)
    change(answers)
    fake.questions = asked(answers)
    with pytest.raises(DataError, match=message) as caught:
        _pull(project)
    assert "codebook bildungsbefragung --renew --wave 2026 --audience erwachsene" in str(caught.value)
    wave = Study.load("bildungsbefragung", project).wave("2026")
    renewal = renew_questionnaire(wave, pull_questionnaire(find_credentials(fake.url, ""), 990001, lambda _: None))
    assert len(renewal.changed) >= 1
    toml = (wave.files.folder / "waves" / "2026.toml").read_text(encoding="utf-8")
    assert toml.count("questionnaire = ") == 1
    again, _ = _pull(project)
    assert again.is_new
    assert again.reworded.empty
    assert again.snapshot.questionnaire is not None
    assert again.snapshot.questionnaire.suffix == ".json"
    later = Study.load("bildungsbefragung", project).wave("2028")
    assert later.asked_in == "questionnaire.lss"


def test_a_user_who_may_not_see_questions_still_gets_the_responses(project: Project, fake: FakeServer) -> None:
    fake.questions["list_questions"] = lambda params: {"status": "No permission"}
    report, said = _pull(project)
    assert report.is_new
    assert any(text.startswith("texts and options could not be compared") for text in said)


def test_renewing_from_the_command_line(project: Project, fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = _answers(project)
    _another_option(answers)
    fake.questions = asked(answers)
    monkeypatch.setenv("BILDUNGSBEDARF_HOME", str(project.root))
    command = [sys.executable, "-m", "bildungsbedarf", "codebook", "bildungsbefragung", "--renew", "--wave", "2026"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "rescaled: GESCHL" in done.stdout
    assert "questionnaire_2026_erwachsene.json: " in done.stdout
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "then:" not in again.stdout
