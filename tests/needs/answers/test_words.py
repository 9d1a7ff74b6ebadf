"""Words of open answers, counted by persons."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.answers.words import _forms
from bildungsbedarf.wave import Wave


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mehr Abendkurse, bitte! Abendkurse fehlen.", {"abendkurs", "fehlen"}),
        ("Die Kurse sind zu weit weg; ohne Bus geht es nicht", {"kurs", "weit", "weg", "bus", "gehen"}),
        ("außerdem AUSSERDEM", set()),
        ("name@beispiel.de https://beispiel.de/kurse <b>Kurs</b> 100 %", {"kurs"}),
        ("=1+1", set()),
        ("@SUM(A1:A9)", set()),
        ("@Landkreis: mehr Busse", {"landkreis", "bus"}),
    ],
)
def test_words_of_an_answer(text: str, expected: set[str]) -> None:
    assert set(_forms(text, "de")) == expected


def test_persons_are_counted_once_and_weighted(wave: Wave) -> None:
    frame = needs.words(wave, "FEHLT")
    texts = wave.responses["FEHLT"].astype("string")
    wrote = texts.str.contains(r"[^\W\d_]", regex=True).fillna(value=False)
    for row in frame.head(5).to_dict("records"):
        word = str(row["variable"]).casefold()
        uses = texts[wrote].map(lambda text, word=word: word in _forms(str(text), "de")).astype(bool)
        assert (row["n"], row["count"]) == (wrote.sum(), uses.sum())
        weights = pd.Series(wave.design.weights, index=wave.responses.index)[wrote]
        assert row["estimate"] == pytest.approx((weights * uses).sum() / weights.sum())
    assert frame["count"].min() >= wave.files.config.disclosure.minimum_cell
    assert frame["estimate"].is_monotonic_decreasing


def test_nouns_have_their_capital_and_the_table_says_whose_shares_they_are(wave: Wave) -> None:
    table = show.table(disclosure.release(needs.words(wave, "FEHLT")), wave)
    assert [row[0] for row in table.content.rows[:3]] == ["Bus", "Deutschkurs", "erreichbar"]
    assert "Anteile an den Personen, deren Antwort mindestens einen Buchstaben enthält." in table.content.notes


@pytest.mark.parametrize("without", [["Erika", "MUSTERMANN"], "Erika"])
def test_words_that_are_not_wanted_are_left_out(wave: Wave, without: str | list[str]) -> None:
    left = set(needs.words(wave, "FEHLT", without=without)["variable"])
    assert left == set(needs.words(wave, "FEHLT")["variable"]) - (
        {"Erika", "Mustermann"} if isinstance(without, list) else {"Erika"}
    )
    assert "Erika" not in set(needs.keyness(wave, "FEHLT", "kinder", without=without)["variable"])


def test_a_word_never_takes_the_place_of_a_group(wave: Wave) -> None:
    """A column of the design called like a word would be replaced by it, and be grouped by in silence."""
    named = wave.with_variables(Bus="ALTER >= 65")
    frame = needs.words(named, "FEHLT", by="Bus")
    expected = needs.words(wave.with_variables(alt="ALTER >= 65"), "FEHLT", by="alt")
    assert frame["estimate"].tolist() == expected["estimate"].tolist()
    assert "bus" in set(frame["variable"])


def test_words_pass_the_gate_and_are_shown(wave: Wave) -> None:
    released = disclosure.release(needs.words(wave, "FEHLT"))
    first = str(released.rows()["variable"].iloc[0])
    table = show.table(released, wave)
    assert first in table.text
    assert "Wörter in den offenen Antworten" in table.html
    by_group = disclosure.release(needs.words(wave, "FEHLT", by="kinder"))
    assert set(by_group.rows()["kinder"].astype(str)) == {"mit Kindern", "ohne Kinder"}


@pytest.mark.parametrize(("question", "what"), [("FEHLTE", "no such question"), ("WICHT", "not one open question")])
def test_only_open_questions_have_words(wave: Wave, question: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        needs.words(wave, question)
