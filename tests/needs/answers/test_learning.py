"""What counts as used and as wanted stands in the questionnaire's words."""

from __future__ import annotations

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.wave import Wave


def test_heads_and_sentences_name_the_steps_that_count(wave: Wave) -> None:
    kinds = ("used", "wanted", "wanted_not_used")
    released = [disclosure.release(needs.formats(wave, statistic=kind)) for kind in kinds]
    html = show.table(released, wave).html
    assert ">genutzt („selten“ oder „oft“)<" in html
    assert ">gewünscht („ja“)<" in html
    assert ">gewünscht („ja“), nicht genutzt („nie“)<" in html
    found = findings.record(released[-1], wave)
    assert all("wünschen sich" in f.statement["de"] and "(„nie“)" in f.statement["de"] for f in found)


def test_other_steps_give_other_words(wave: Wave) -> None:
    frame = needs.formats(wave, statistic="wanted_not_used", used_from=2, wanted_from=1)
    (first, *_) = findings.record(disclosure.release(frame), wave)
    assert "(“maybe” or “yes”)" in first.statement["en"]
    assert "(“never” or “rarely”)" in first.statement["en"]
