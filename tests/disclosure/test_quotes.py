"""Written answers leave only by id, masked, and go with their release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bildungsbedarf import disclosure, show
from bildungsbedarf.disclosure.quotes import quote_problems
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.run.auditing import _texts
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

_WORDINGS = {7: "b4a6", 14: "2af1", 16: "779d", 119: "d0df"}


def _quote(number: int, **changed: str) -> str:
    """An entry of quotes.toml."""
    entry = {
        "wave": '"2026"',
        "question": '"FEHLT"',
        "response": str(number),
        "wording": f'"{_WORDINGS.get(number, "0000")}"',
        "by": '"ab"',
        "on": "2026-11-16",
        **changed,
    }
    return "[[quote]]\n" + "".join(f"{key} = {value}\n" for key, value in entry.items() if value)


def _with(project: Project, text: str) -> Study:
    (project.root / "surveys" / "bildungsbefragung" / "quotes.toml").write_text(text, encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    return loaded


def test_only_released_answers_are_quoted_masked(project: Project) -> None:
    wave = _with(project, _quote(16)).wave("2026")
    assert [one.text for one in disclosure.quotes(wave)] == ["Ich heiße [Name], Tel. [Telefon], rufen Sie mich an"]
    block = show.quotes(wave, "FEHLT")
    assert "Mustermann" not in block.html + block.text
    assert "1234567" not in block.html + block.text
    assert "Einzelne Stimmen" in block.text


def test_a_withdrawn_release_takes_the_quote_away(project: Project) -> None:
    wave = _with(project, "").wave("2026")
    assert disclosure.quotes(wave) == []
    assert show.quotes(wave, "FEHLT").text == "Es ist keine Antwort zum Zitieren freigegeben."


def test_who_was_forgotten_is_quoted_no_longer_and_check_says_so(project: Project) -> None:
    study = _with(project, _quote(16))
    study.forget("16", "2026", "erwachsene")
    assert disclosure.quotes(study.wave("2026")) == []
    (problem,) = quote_problems(study)
    assert problem.value == "16"
    assert "take the quote out" in problem.remedy


def test_words_a_person_names_are_left_out(project: Project) -> None:
    wave = _with(project, _quote(119, mask="[3]")).wave("2026")
    assert disclosure.quotes(wave)[0].text == "Ein Café […] Eltern & Kinder – mit Betreuung"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_quote(16, mask="[0]"), "is too small"),
        (_quote(16, mask="4"), r"numbers of words, counted from 1, such as \[4\]"),
        (_quote(16, mask='["KI"]'), "numbers of words, counted from 1"),
        (_quote(16, response="16.0"), "the id of one response, such as 33"),
        (_quote(16, wording='"zzzz"'), "wording"),
        (_quote(16, by='" "'), "by"),
        (_quote(16, on=""), "'quote.0.on' is missing"),
    ],
)
def test_what_does_not_fit_is_said(project: Project, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        _with(project, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_quote(16, wave='"2027"'), "there is no such wave"),
        (_quote(16, audience='"alle"'), "the wave has no such audience"),
        (_quote(999999), "there is no such answer among those counted"),
        (_quote(16, response='" 16"'), "there is no such answer among those counted"),
        (_quote(16, question='"FEHL"'), "there is no such open question"),
        (_quote(16, question='"ALTER"'), "there is no such open question"),
        (_quote(16, question='"BARR"'), "there is no such open question"),
        (_quote(16, question='"AGR"'), "there is no such open question"),
        (_quote(16, wording='"0000"'), "this is not the text that was read when the quote was released"),
        (_quote(16, mask="[12]"), "the answer has no such word"),
        (_quote(16) + _quote(16, audience='"erwachsene"'), "this answer is quoted twice"),
    ],
)
def test_check_says_what_cannot_be_quoted_and_the_others_are(project: Project, text: str, told: str) -> None:
    study = _with(project, text + _quote(119))
    (problem,) = quote_problems(study)
    assert problem.what == told
    assert re.match(r"quotes\.toml, quote [12]", problem.where)
    assert "Ein Café" in [one.text for one in disclosure.quotes(study.wave("2026"))][-1]


def test_a_text_that_nobody_read_is_not_shown(project: Project) -> None:
    """The release is of a text: where the response says something else now, somebody reads it first."""
    study = _with(project, _quote(119))
    wave = study.wave("2026")
    table = wave.snapshot.read()
    other = table.assign(FEHLT=table["FEHLT"].where(table["id"] != "119", "Wicke aus dem Rathaus trinkt"))
    path = project.root / "changed.csv"
    other.to_csv(path, index=False)
    study.import_file(path, "2026", "erwachsene")
    again = Study.load("bildungsbefragung", project)
    assert disclosure.quotes(again.wave("2026")) == []
    assert quote_problems(again)[0].what == "this is not the text that was read when the quote was released"


def test_quotable_has_what_an_entry_needs(project: Project) -> None:
    table = disclosure.quotable(_with(project, _quote(16)).wave("2026"), "FEHLT").set_index("response")
    assert table.loc["119", "wording"] == _WORDINGS[119]
    assert table.loc["119", "numbered"].startswith("1:Ein 2:Café 3:für")
    assert table.loc["16", "masked"] == "Ich heiße [Name], Tel. [Telefon], rufen Sie mich an"
    assert table.index[table["released"]].tolist() == ["16"]
    with pytest.raises(ConfigError, match="there is no such open question"):
        disclosure.quotable(_with(project, _quote(16)).wave("2026"), "AGR")


def test_the_audit_lets_released_answers_pass_and_no_others(project: Project, tmp_path: Path) -> None:
    study = _with(project, _quote(119))
    results = tmp_path / "results"
    results.mkdir()
    page = results / "page.html"
    page.write_text("<p>Ein Café für Eltern &amp; Kinder – mit Betreuung</p>", encoding="utf-8")
    assert list(_texts(study, results)) == []
    page.write_text("<p>Deutschkurse am Vormittag; mit Bus erreichbar</p>", encoding="utf-8")
    (hole,) = _texts(study, results)
    assert "written answer" in hole.what


def test_what_is_quoted_hides_no_markup(project: Project) -> None:
    wave = _with(project, _quote(14)).wave("2026")
    block = show.quotes(wave, "FEHLT")
    assert "<script>" not in block.html
    assert "&lt;script&gt;" in block.html
