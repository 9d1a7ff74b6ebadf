"""Themes of open answers: by a dictionary, by what people decided, and how far coders agree."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError, DataError, DisclosureError
from bildungsbedarf.needs.answers.themes import _is_about, cohen
from bildungsbedarf.needs.answers.words import basic_forms
from bildungsbedarf.study import Project
from bildungsbedarf.study.themes import Theme
from bildungsbedarf.wave import Study, Wave


def _theme(*words: str) -> Theme:
    return Theme(id="x", title={"de": "X"}, words=list(words))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["kurs"], "Mehr Kurse bitte", True),
        (["kurs"], "Mehr Abendkurse bitte", False),
        (["abendkurs"], "Abendkurse!", True),
        (["digital*"], "Digitale Sprechstunde", True),
        (["digital*"], "Digitalisierung der Schule", True),
        (["vor ort"], "am besten vor Ort", True),
        (["vor ort"], "Ort davor", False),
        (["vor ort"], "vor dem Ort", False),
        (["kind"], "mit den Kindern", True),
        (["bus"], "https://bus.de name@bus.de <bus>", False),
        (["ältere"], "für A\u0308ltere", True),
    ],
)
def test_words_of_a_theme(words: list[str], text: str, expected: bool) -> None:
    assert _is_about(_theme(*words), basic_forms(text, "de"), "de") is expected


def test_themes_are_counted_by_persons_and_weighted(wave: Wave) -> None:
    frame = needs.themes(wave, "FEHLT").set_index("variable")
    texts = wave.responses["FEHLT"].astype("string")
    wrote = texts.str.contains(r"[^\W\d_]", regex=True).fillna(value=False).to_numpy(dtype=bool)
    about = texts.str.contains("Demokratie|politik", case=False).fillna(value=False).to_numpy(dtype=bool)
    weights = np.asarray(wave.design.weights)
    assert frame.loc["demokratie", "n"] == wrote.sum()
    assert frame.loc["demokratie", "count"] == about.sum()
    assert frame.loc["demokratie", "estimate"] == pytest.approx(weights[about].sum() / weights[wrote].sum())
    # an answer may be about several themes, so the counts add up to more than those who have one
    with_theme = int(frame.loc["no_theme", "n"] - frame.loc["no_theme", "count"])
    assert frame["count"].drop("no_theme").sum() > with_theme
    assert (frame["sim_low"] <= frame["estimate"]).all()


def test_they_pass_the_gate_and_are_called_by_their_titles(wave: Wave) -> None:
    released = disclosure.release(needs.themes(wave, "FEHLT", by="altersgruppe"))
    html = show.table(released, wave).html
    assert "Digitales und KI" in html
    assert "Keinem Thema zugeordnet" in html
    assert "Erika" not in html


def test_what_was_written_does_not_pass(wave: Wave) -> None:
    answers = needs.coding(wave, "FEHLT")
    assert answers["persons"].sum() == needs.themes(wave, "FEHLT")["n"].iloc[0]
    assert answers["state"].is_monotonic_increasing
    with pytest.raises(DisclosureError, match="cannot pass the gate"):
        disclosure.release(answers)


@pytest.fixture
def own(project: Project, study: Study) -> Wave:
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    return Study.load("bildungsbefragung", project).wave("2026")


def test_a_decision_stands_above_the_dictionary_and_holds_no_text(own: Wave) -> None:
    before = needs.themes(own, "FEHLT").set_index("variable")["count"]
    answers = needs.coding(own, "FEHLT").set_index("text")
    spam = next(text for text in answers.index if "Erika" in text)
    course = next(text for text in answers.index if "Deutschkurse" in text)
    decided = needs.decide(
        own, "FEHLT", {answers.loc[spam, "key"]: ["familien"], answers.loc[course, "key"]: []}, coder="ab"
    ).set_index("text")
    assert decided.loc[spam, "state"] == decided.loc[course, "state"] == "decided"
    assert (decided.loc[spam, "decided"], decided.loc[course, "decided"]) == ("familien", "no_theme")
    after = needs.themes(own, "FEHLT").set_index("variable")["count"]
    moved = answers.loc[spam, "persons"]
    assert after["familien"] == before["familien"] + moved
    assert after["sprache"] == before["sprache"] - answers.loc[course, "persons"]
    written = (own.files.folder / "codes" / "FEHLT.csv").read_text(encoding="utf-8")
    assert written.splitlines()[0] == "key,coder,themes"
    assert len(written.splitlines()) == 3
    assert "Erika" not in written


def test_where_coders_differ_the_dictionary_holds_and_it_is_said(own: Wave) -> None:
    before = needs.themes(own, "FEHLT")["count"].tolist()
    keys = needs.coding(own, "FEHLT")["key"].tolist()
    needs.decide(own, "FEHLT", {key: ["kurse"] for key in keys}, coder="ab")
    table = needs.decide(own, "FEHLT", {key: ["wege"] for key in keys}, coder="cd")
    assert set(table["state"]) == {"disputed"}
    assert needs.themes(own, "FEHLT")["count"].tolist() == before
    agreement = needs.kappa(own, "FEHLT").set_index("theme")
    assert agreement.loc["kurse", "agreed"] == 0
    assert (agreement["n"] == len(keys)).all()
    assert np.isnan(agreement.loc["familien", "kappa"])


def test_kappa_is_the_one_of_the_textbook() -> None:
    # Cohen 1960; the worked example of Fleiss, Levin & Paik 2003, table 18.1, has another table: counted here by hand
    first = np.repeat([True, True, False, False], [20, 5, 10, 15])
    second = np.repeat([True, False, True, False], [20, 5, 10, 15])
    agreed, kappa = cohen(first, second)
    assert agreed == pytest.approx(0.7)
    assert kappa == pytest.approx((0.7 - 0.5) / 0.5)


def test_mistakes_are_named(own: Wave, wave: Wave, study: Study) -> None:
    key = needs.coding(own, "FEHLT")["key"].iloc[0]
    for decisions, coder, what in (
        ({key: ["kurs"]}, "ab", "kurse"),
        ({key: "kurse"}, "ab", r'\["kurse"\]'),
        ({"nobody": ["kurse"]}, "ab", "nobody"),
        ({key: ["kurse"]}, " ", "coder"),
    ):
        with pytest.raises(ConfigError, match=what):
            needs.decide(own, "FEHLT", decisions, coder=coder)  # type: ignore[arg-type]
    assert not (own.files.folder / "codes").exists()
    with pytest.raises(ConfigError, match="two coders"):
        needs.kappa(own, "FEHLT")
    with pytest.raises(ConfigError, match="no such question"):
        needs.themes(wave, "FEHLTE")
    (own.files.folder / "codes").mkdir()
    lines = f"key,coder,themes\n{key},ab,kurse wegee\n{key},ab,kurse\n,cd,kurse\n"
    (own.files.folder / "codes" / "FEHLT.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        needs.themes(own, "FEHLT")
    told = str(caught.value)
    assert "line 2: there is no such theme" in told
    assert "twice" in told
    assert "line 4: a line has no key" in told


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ('[[theme]]\nid = "a"\ntitle = "A"\nwords = ["*"]\n', "no word"),
        ('[[theme]]\nid = "a"\ntitle = "A"\nwords = ["a*b"]\n', "no word"),
        ('[[theme]]\nid = "a"\ntitle = "A"\nwords = []\n', "words"),
        ('[[theme]]\nid = "a"\ntitle = "A"\nwords = ["b"]\n' * 2, "twice"),
        ('questions = {erwachsenen = ["FEHLT"]}\n[[theme]]\nid = "a"\ntitle = "A"\nwords = ["b"]\n', "erwachsene"),
    ],
)
def test_a_wrong_themes_toml_is_told(project: Project, toml: str, what: str) -> None:
    (project.surveys / "bildungsbefragung" / "themes.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigError, match=what):
        Study.load("bildungsbefragung", project)


def test_a_question_that_was_not_asked_is_found_by_check(own: Wave) -> None:
    path = own.files.folder / "themes.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('["FEHLT"]', '["FEHLTE"]'), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"themes.toml names a question that was not asked"):
        Study.load("bildungsbefragung", own.files.project).check()


def test_without_themes_nothing_is_made_up(own: Wave) -> None:
    (own.files.folder / "themes.toml").unlink()
    bare = Study.load("bildungsbefragung", own.files.project).wave("2026")
    assert needs.open_questions(bare) == []
    with pytest.raises(ConfigError, match="no themes are declared"):
        needs.themes(bare, "FEHLT")
