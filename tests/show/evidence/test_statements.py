"""Sentences of a page: what is told first, and what is folded."""

from __future__ import annotations

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.wave import Wave


def test_changes_that_cannot_be_shown_are_one_sentence_with_the_others_beneath(wave: Wave, later: Wave) -> None:
    found = findings.record(disclosure.release(needs.trend(wave, later, "barrier")), later, earlier=wave)
    block = show.sentences(found, later)
    assert "<p>Bei keinem der 9 Vergleiche ist eine Veränderung nachweisbar.</p>" in block.html
    assert block.html.index("<details>") < block.html.index('<li id="trend_barrier.')
    assert block.html.count("<li id=") == len(found) == 9
    assert block.text.splitlines()[0] == "Bei keinem der 9 Vergleiche ist eine Veränderung nachweisbar."
    few = show.sentences(found[:3], later)
    assert "<details>" not in few.html


def test_a_change_that_is_shown_stands_first(wave: Wave, later: Wave) -> None:
    found = findings.record(disclosure.release(needs.trend(wave, later, "unmet_need")), later, earlier=wave)
    html = show.sentences(found, later).html
    assert "Bei keinem der" not in html
    assert html.index('<li id="trend_unmet_need.F05">') < html.index("<details>")
