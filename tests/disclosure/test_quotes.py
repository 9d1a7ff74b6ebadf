"""Written answers leave only by id, masked, and go with their release."""

from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf import disclosure, show
from bildungsbedarf.disclosure.quotes import quote_problems
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.run.auditing import _texts
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

_QUOTE = '[[quote]]\nwave = "2026"\nquestion = "FEHLT"\nresponse = {response}\nby = "ab"\non = 2026-11-16\n'


def _with(project: Project, text: str) -> Study:
    (project.root / "surveys" / "bildungsbefragung" / "quotes.toml").write_text(text, encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    return loaded


def test_only_released_answers_are_quoted_masked(project: Project) -> None:
    wave = _with(project, _QUOTE.format(response=16)).wave("2026")
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
    study = _with(project, _QUOTE.format(response=16))
    study.forget("16", "2026", "erwachsene")
    assert disclosure.quotes(study.wave("2026")) == []
    (problem,) = quote_problems(study)
    assert problem.value == "16"
    assert "take the quote out" in problem.remedy


def test_words_a_person_names_are_left_out(project: Project) -> None:
    wave = _with(project, _QUOTE.format(response=119) + "mask = [3]\n").wave("2026")
    assert disclosure.quotes(wave)[0].text == "Ein Café […] Eltern & Kinder – mit Betreuung"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_QUOTE.format(response=16) * 2, "quoted twice"),
        (_QUOTE.format(response=16).replace('"2026"', '"2027"'), "there is no such wave"),
        (_QUOTE.format(response=16) + 'audience = "alle"\n', "the wave has no such audience"),
        (_QUOTE.format(response=16) + "mask = [0]\n", "greater than 0"),
        (_QUOTE.format(response=16).replace("on = 2026-11-16\n", ""), "'quote.0.on' is missing"),
    ],
)
def test_what_does_not_fit_is_said(project: Project, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        _with(project, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_QUOTE.format(response=999999), "there is no such answer among those counted"),
        (_QUOTE.format(response=16).replace("FEHLT", "FEHL"), "there is no such question"),
        (_QUOTE.format(response=16).replace("FEHLT", "ALTER"), "this is not one open question"),
    ],
)
def test_check_says_what_cannot_be_quoted(project: Project, text: str, told: str) -> None:
    (problem,) = quote_problems(_with(project, text))
    assert problem.what == told
    assert problem.where.startswith("quotes.toml, quote 1")


def test_the_audit_lets_released_answers_pass_and_no_others(project: Project, tmp_path: Path) -> None:
    study = _with(project, _QUOTE.format(response=119))
    results = tmp_path / "results"
    results.mkdir()
    page = results / "page.html"
    page.write_text("<p>Ein Café für Eltern &amp; Kinder – mit Betreuung</p>", encoding="utf-8")
    assert list(_texts(study, results)) == []
    page.write_text("<p>Deutschkurse am Vormittag; mit Bus erreichbar</p>", encoding="utf-8")
    (hole,) = _texts(study, results)
    assert "written answer" in hole.what


def test_what_is_quoted_hides_no_markup(project: Project) -> None:
    wave = _with(project, _QUOTE.format(response=14)).wave("2026")
    block = show.quotes(wave, "FEHLT")
    assert "<script>" not in block.html
    assert "&lt;script&gt;" in block.html
