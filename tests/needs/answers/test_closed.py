"""Every closed question by itself, and the table volume."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.run.volume import volume
from bildungsbedarf.wave import Study, Wave


def test_every_closed_question_has_an_answer(study: Study) -> None:
    for audience in ("erwachsene", "schule", "konferenz1"):
        wave = study.wave("2026", audience)
        names = needs.questions(wave)
        assert names
        for question in names:
            frame = needs.answers(wave, question)
            block = show.answers(disclosure.release(frame, disclosure.limits_of(wave)), wave)
            assert facts_of(frame).question == question
            assert block.payload["title"] == wave.codebook[question].text(wave.language)


@pytest.mark.parametrize(
    ("question", "layout", "rows"),
    [("GESCHL", "categories", 3), ("WICHT", "steps", 10 * 7), ("BARR", "items", 9), ("RANG", "items", 10)],
)
def test_layouts(wave: Wave, question: str, layout: str, rows: int) -> None:
    frame = needs.answers(wave, question)
    assert facts_of(frame).layout == layout
    assert len(frame) == rows


def test_open_questions_have_none(wave: Wave) -> None:
    assert "FEHLT" not in needs.questions(wave)
    with pytest.raises(ConfigError, match="no closed answers"):
        needs.answers(wave, "FEHLT")


def test_a_hidden_step_is_not_given_back_by_its_sum(wave: Wave) -> None:
    released = disclosure.release(needs.steps(wave, "WICHT")).frame
    for _, rows in released.groupby("variable"):
        shown = dict(zip(rows["category"], rows["decision"] == "shown", strict=True))
        assert not (shown["bottom2"] and shown["1"] != shown["2"])
        assert not (shown["top2"] and shown["4"] != shown["5"])


def test_the_volume_has_every_group_and_hides_what_the_gate_hides(wave: Wave) -> None:
    first = volume(wave)
    assert volume(wave) == first
    book = load_workbook(BytesIO(first), read_only=True)
    assert book.sheetnames[0] == "Alle"
    assert {"Altersgruppe", "Geschlecht", "Gemeinde"} <= set(book.sheetnames)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=5, values_only=True))
        assert len(rows) > 200
        bases = [row[place] for row in rows for place in range(3, len(row), 2) if row[place] is not None]
        assert min(bases) >= 10
    ages = next(iter(book["Altersgruppe"].iter_rows(min_row=4, max_row=4, values_only=True)))
    assert ages[2:4] == ("18–29 (%)", "18–29 (n)")


def test_a_group_is_not_crossed_with_the_question_it_is_made_from(wave: Wave) -> None:
    book = load_workbook(BytesIO(volume(wave)), read_only=True)
    questions = {row[0] for row in book["Geschlecht"].iter_rows(min_row=5, values_only=True)}
    assert wave.codebook["GESCHL"].text("de") not in questions
