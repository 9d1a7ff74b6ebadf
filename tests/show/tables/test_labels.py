"""Rows of a table are told apart by all that makes them differ, and are of the wave that is cited."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, estimate, show
from bildungsbedarf.wave import Study, Wave
from tests.show.cells import cells_of


def test_two_questions_of_one_table_keep_their_numbers(wave: Wave) -> None:
    frame = estimate.proportion(wave, ["BARR_ZEIT", "BARR_GELD"])
    cells = cells_of(show.table(disclosure.release(frame), wave))
    for row in frame[frame["category"] == "True"].to_dict("records"):
        cell = cells[f"{wave.title(row['variable'])}: ja"][0]
        assert f"{100 * row['estimate']:.1f}".replace(".", ",") in cell
    by_group = show.table(disclosure.release(estimate.proportion(wave, ["TEILN", "KIND"], by="geschlecht")), wave)
    assert sum(label.startswith(wave.title("TEILN")) for label in cells_of(by_group)) == 2
    assert sum(label.startswith(wave.title("KIND")) for label in cells_of(by_group)) == 2


def test_every_quantile_has_its_row(wave: Wave) -> None:
    frame = estimate.quantile(wave, "ALTER", [0.25, 0.5, 0.75])
    text = show.table(disclosure.release(frame), wave).text
    for value in frame["estimate"]:
        assert f"{value:.2f}".replace(".", ",") in text
    assert "Median" in text
    one = show.table(disclosure.release(estimate.quantile(wave, "ALTER", 0.5)), wave).text
    assert "Median" in one


def test_self_selected_respondents_have_no_interval(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    frame = estimate.mean(pupils, ["WICHT_F03"], by="stufe")
    row = " ".join(cells_of(show.table(disclosure.release(frame), pupils))[pupils.title("WICHT_F03")])
    assert "–" not in row
    assert "(" not in row


@pytest.mark.parametrize("side", [0, 1])
def test_a_difference_of_waves_is_of_both(wave: Wave, later: Wave, side: int) -> None:
    frame = estimate.difference(later, wave, "mean", "ALTER")
    show.table(disclosure.release(frame), (wave, later)[side])


def test_two_questions_on_one_field_are_told_apart(wave: Wave) -> None:
    block = show.table(disclosure.release(estimate.mean(wave, ["WICHT_F05", "ZUFR_F05"])), wave)
    assert block.content is not None
    first, second = (row[0] for row in block.content.rows)
    assert first != second
    for label, question in ((first, "WICHT"), (second, "ZUFR")):
        assert label == f"Digitale Kompetenzen – {wave.codebook[question].text('de')}"
