"""Rows of a table are told apart by all that makes them differ, and are of the wave that is cited."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from bildungsbedarf import disclosure, estimate, needs, show
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


def test_rows_of_a_further_frame_are_not_lost(wave: Wave) -> None:
    parts = [disclosure.release(frame) for frame in (needs.unmet(wave), estimate.mean(wave, "ALTER"))]
    block = show.table(parts, wave)
    cells = cells_of(block)
    assert cells["Wie alt sind Sie?"][0] == "–"
    assert cells["Wie alt sind Sie?"][1].startswith("52,")
    assert cells["Digitale Kompetenzen"][1] == "–"
    assert block.payload["title"] == "Ungedeckter Bedarf nach Bereich; Wie alt sind Sie?"


def test_titles_say_which_question_and_rows_what_was_chosen(wave: Wave) -> None:
    def shown(frame: pd.DataFrame) -> tuple[str, list[str], str]:
        block = show.table(disclosure.release(frame), wave)
        assert block.content is not None
        return str(block.payload["title"]), list(cells_of(block)), " ".join(block.content.notes)

    title, rows, notes = shown(estimate.mean(wave, "ZUFR_F05"))
    assert title == "Wie zufrieden sind Sie mit den Angeboten in Ihrer Nähe? – Digitale Kompetenzen"
    assert "Skala von 1 (sehr unzufrieden) bis 5 (sehr zufrieden)." in notes
    title, rows, _ = shown(estimate.proportion(wave, ["WICHT_F05", "ZUFR_F05"]))
    assert len(rows) == len(set(rows))
    assert [row for row in rows if row.startswith("Digitale Kompetenzen – Wie zufrieden")]
    _, rows, _ = shown(estimate.mean(wave, ["FORMAT_ONL_1", "FORMAT_ONL_2"]))
    assert rows == ["Online-Kurs – Skala 1", "Online-Kurs – Skala 2"]
    _, rows, _ = shown(estimate.proportion(wave, ["RANG_1", "RANG_2"]))
    assert len(rows) == len(set(rows)) == 20
    title, rows, _ = shown(needs.answers(wave, "PEKS"))
    assert title == "Wie sehr stimmen Sie zu?"
    assert "Politiker kümmern sich darum, was einfache Leute denken.: die beiden höchsten" in rows
    title, rows, _ = shown(needs.answers(wave, "GESCHL", by="kinder"))
    assert title == "Welches Geschlecht haben Sie? – nach Gruppe: Kinder im Haushalt"
    _, _, notes = shown(estimate.mean(wave, "STUND"))
    assert "Nicht alle wurden gefragt: „Wie viele Stunden etwa?“" in notes
    _, _, notes = shown(needs.adjusted(wave, "geschlecht"))
    assert "Personen im Modell: " in notes and "Personen je Gruppe" not in notes
    title, _, _ = shown(needs.ranking(wave, "RANG", "top", top=2))
    assert title == "Unter die ersten zwei gesetzt"
    title, _, _ = shown(needs.formats(wave, statistic="wanted"))
    assert title == "Gewünschte Formate"
    block = show.table(disclosure.release(estimate.mean(wave, "GESAMT", by="BARR_GELD")), wave)
    assert block.content is not None and block.content.headings == ["nein", "ja"]


def test_places_on_scales_of_other_ends_are_no_ranks(wave: Wave) -> None:
    assert needs.scale(wave)["rank_best"].isna().all()
    assert needs.scale(wave, "vertrauen")["rank_best"].notna().all()
    block = show.table(disclosure.release(needs.scale(wave)), wave)
    assert block.content is not None
    assert [note for note in block.content.notes if note.endswith("Skala von 1 bis 10.")]


def test_the_first_two_of_a_ranking_are_those_of_plain_pandas(wave: Wave) -> None:
    weights, data = wave.design.weights, wave.responses
    ranked = data[["RANG_1", "RANG_2", "RANG_3"]].notna().any(axis=1).to_numpy()
    among = (data[["RANG_1", "RANG_2"]] == "F05").any(axis=1).to_numpy()
    frame = needs.ranking(wave, statistic="top", top=2).set_index("variable")
    assert frame.loc["F05", "estimate"] == pytest.approx(weights[ranked & among].sum() / weights[ranked].sum())


def test_columns_that_nobody_was_asked_for_have_titles(wave: Wave) -> None:
    for name, title, label in (("speeding", "Sehr schnell geantwortet", "ja"), ("mode", "Weg der Antwort", "online")):
        block = show.table(disclosure.release(estimate.proportion(wave, name)), wave)
        assert block.content is not None
        assert block.content.title == title
        assert label in cells_of(block)


def test_items_of_two_scales_say_which(wave: Wave) -> None:
    rows = cells_of(show.table(disclosure.release(needs.answers(wave, "FORMAT")), wave))
    assert "Online-Kurs (Skala 2): nie" in rows


def test_coefficients_and_scales_have_names(wave: Wave) -> None:
    rows = cells_of(show.table(disclosure.release(needs.reliability(wave, "peks_intern")), wave))
    title = next(one.title.get("de") for one in wave.scales if one.id == "peks_intern")
    assert list(rows) == [f"Cronbachs Alpha: {title}", f"Spearman-Brown-Koeffizient: {title}"]


TITLES: dict[str, Callable[[Wave], tuple[pd.DataFrame, str]]] = {
    "keyness": lambda wave: (
        needs.keyness(wave, "FEHLT", "geschlecht"),
        "Unterschiede in den Wörtern der offenen Antworten: „Welches Bildungsangebot fehlt Ihnen?“, nach Gruppe: "
        "Geschlecht",
    ),
    "equity": lambda wave: (
        needs.equity(wave, "geschlecht"),
        "Unterschiede im ungedeckten Bedarf, nach Gruppe: Geschlecht",
    ),
    "one variable": lambda wave: (needs.distribution(wave, "kinder"), "Kinder im Haushalt"),
    "rows of a crosstab": lambda wave: (
        estimate.crosstab(wave, "kinder", "geschlecht", "row"),
        "Kinder im Haushalt – Anteile je Zeile, nach Gruppe: Geschlecht",
    ),
    "whole crosstab": lambda wave: (
        estimate.crosstab(wave, "kinder", "geschlecht", "total"),
        "Kinder im Haushalt – Anteile an der ganzen Tabelle, nach Gruppe: Geschlecht",
    ),
}


@pytest.mark.parametrize("kind", TITLES)
def test_a_title_says_each_thing_once(wave: Wave, kind: str) -> None:
    frame, title = TITLES[kind](wave)
    block = show.table(disclosure.release(frame), wave)
    assert block.content is not None
    assert block.content.title == title


def test_no_title_says_by_group_twice(wave: Wave) -> None:
    titles = [measure.title for measure in needs.about.MEASURES.values()]
    assert not [title for title in titles if "by group" in title]


def test_a_change_in_groups_names_them(wave: Wave, later: Wave) -> None:
    released = disclosure.release(needs.trend(wave, later, "satisfaction", by="kinder"))
    block = show.table(released, later, earlier=wave)
    assert block.content is not None
    assert block.content.title.endswith(", nach Gruppe: Kinder im Haushalt")


def test_differences_of_shares_say_their_unit_and_from_whom(wave: Wave) -> None:
    for frame, note in (
        (needs.equity(wave, "geschlecht"), "Unterschiede zu allen anderen, in Prozentpunkten."),
        (needs.adjusted(wave, "geschlecht", ["altersgruppe"]), "Unterschiede in Prozentpunkten."),
    ):
        block = show.table(disclosure.release(frame), wave)
        assert block.content is not None
        assert note in block.content.notes
        assert all(cells[0][0] in "+−0–" for cells in cells_of(block).values())
    adjusted = cells_of(show.table(disclosure.release(needs.adjusted(wave, "kinder", ["geschlecht"])), wave))
    effect = needs.adjusted(wave, "kinder", ["geschlecht"]).set_index("variable").loc["F05", "estimate"]
    told = adjusted["Digitale Kompetenzen"][0].split(" ")[0]
    assert told == f"{100 * effect:+.1f}".replace("-", "−").replace(".", ",")


def test_published_values_are_of_the_scales_in_the_table(wave: Wave) -> None:
    for scale in wave.scales:
        content = show.reliability([disclosure.release(needs.reliability(wave, scale.id))], wave).content
        assert content is not None
        told = [
            note
            for note in content.notes
            if any(one.reference and one.reference.get("de") in note for one in wave.scales)
        ]
        expected = [f"{scale.title.get('de')}: {scale.reference.get('de')}"] if scale.reference else []
        assert told == expected
