from __future__ import annotations

import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from IPython.lib.pretty import pretty

from bildungsbedarf import disclosure, needs
from bildungsbedarf.displays import NOTE, Display, fact_rows, html_table, plain_table
from bildungsbedarf.findings.held import Goals
from bildungsbedarf.store.computed import VARIABLE as COMPUTED
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave


def test_a_study_shows_its_waves_with_their_data(study: Study) -> None:
    html = study._repr_html_()
    for text in ("konferenz2", "240 in ", "1,500 in ", "2028-03-01", NOTE):
        assert text in html
    assert "2026  schule" in study.describe()


def test_a_wave_shows_who_when_counted_weights_and_groups(wave: Wave) -> None:
    html = wave._repr_html_()
    for text in ("1,354 of 1,500", "rake, from", "altersgruppe (4)", "2026-03-02", "F05"):
        assert text in html
    assert NOTE in html


def test_a_wave_without_responses_says_what_to_do(project: Project) -> None:
    wave = Study.load("bildungsbefragung", project).wave("2026")
    assert "none yet: bildungsbedarf import" in wave._repr_html_()
    assert not hasattr(wave, "nothing_of_this_name")


def test_conferences_and_offers_show_too(study: Study) -> None:
    assert "62 of 62" in study.wave("2026", "konferenz1")._repr_html_()
    assert "240" in study.wave("2028", "angebote")._repr_html_()


def test_everything_is_escaped_and_closed() -> None:
    class Reader(HTMLParser):
        open = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"
            self.open += 1

        def handle_endtag(self, tag: str) -> None:
            self.open -= 1

    reader = Reader()
    reader.feed(html_table("<script>", ["a<b"], [["<script>", "&"]]))
    assert reader.open == 0
    assert plain_table("t", ["a", "b"], [["ccc", "d"]]) == "t\n  a    b\n  ccc  d"


def test_one_wave_that_cannot_be_used_leaves_the_others_shown(project: Project, study: Study) -> None:
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    manifest = next(project.snapshots(study.name).glob("2028/erwachsene/*/manifest.json"))
    manifest.write_text("{", encoding="utf-8")
    copied = Study.load("bildungsbefragung", project)
    told = copied.describe()
    assert "cannot be used" in told
    assert "1,500 in " in told
    assert "cannot be used" in copied.wave("2028").describe()


def test_what_passed_the_gate_says_what_was_hidden(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="gemeinde"))
    told = repr(released)
    hidden = int((released.frame["decision"] == "cell_too_small").sum())
    assert f"cell_too_small {hidden}" in told
    assert f"{len(released.rows())} of 280 rows may be shown" in told
    assert "show.table" in released._repr_html_()


def test_quality_weights_design_and_settings_show_too(wave: Wave) -> None:
    assert "1,354 of 1,500" in wave.quality.describe()
    assert "broken_off_before_core" in wave.quality._repr_html_()
    assert "gemeinde, altersgruppe × geschlecht" in wave.weighting.describe()
    assert "weights sum to" in wave.design.describe()
    assert NOTE in wave.design._repr_html_()
    assert "important_from" in wave.needs._repr_html_()
    assert "WICHT" in wave.needs._repr_html_()


def test_numbers_are_told_as_people_write_them() -> None:
    facts = {"a": 1354, "b": 1.18234, "c": {"x": 2}, "d": None, "e": [], "f": True, "g": 199571.4}
    told = [["a", "1,354"], ["b", "1.182"], ["c", "x 2"], ["f", "True"], ["g", "199,571"]]
    assert fact_rows(facts) == told
    assert html_table("t", [], Display.of("t", {"<": "<"}).rows).count("&lt;") == 2


def test_a_terminal_shows_what_a_notebook_shows(study: Study, wave: Wave) -> None:
    for shown in (study, wave, wave.design, wave.quality, wave.weighting, wave.needs, study.findings[0], study.goals):
        printed = pretty(shown)
        cells = re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", shown._repr_html_())
        assert cells
        assert [cell for cell in cells if unescape(cell) not in printed] == []
        assert isinstance(shown, Goals) or "\n" not in repr(shown)
    assert pretty([wave, study]).splitlines() == [
        "[<Wave bildungsbefragung 2026, erwachsene>,",
        " <Study bildungsbefragung: waves 2026, 2028>]",
    ]


def test_a_codebook_is_folded_and_searched(wave: Wave) -> None:
    book = wave.codebook
    assert book._repr_html_().count("<details>") == len(book.questions)
    assert "Wie wichtig sind Ihnen Angebote in diesen Bereichen?" in pretty(book)
    assert "5 sehr wichtig" in pretty(book["WICHT"])
    assert book.search("WEISS NICHT").empty
    assert set(book.search("Weiß nicht")["column"]) >= {"WICHT_F01", "ZUFR_F10"}
    assert book.search("democracy", "en")["column"].tolist()[0] == "WICHT_F07"


def test_what_settings_show_does_not_tell_them_apart_their_values_do(
    wave: Wave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMPUTED, str(tmp_path))
    strict, lenient = wave.with_rules("exclude"), wave.with_rules("flag")
    assert strict.source != lenient.source
    assert strict.quality.counted < lenient.quality.counted
    assert wave.with_rules("flag").quality.counted == wave.quality.counted
    assert pretty(wave.config.quality).startswith("QualityConfig: what the study's files say")
