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
    topics = ["Über Sie", "Bildungsbedarf", "Demokratie und Beteiligung"]
    assert book.sheetnames[:5] == ["Übersicht", "Bedarf und Hindernisse", *topics]
    assert {"Altersgruppe", "Geschlecht", "Gemeinde"} <= set(book.sheetnames)
    told = set()
    for sheet in book.worksheets[2:]:
        head, *rows = list(sheet.iter_rows(min_row=4, values_only=True))
        if sheet.title in topics:
            assert head == ("Code", "Frage", "Antwort", "Alle (%)", "Alle (n)", "von (%)", "bis (%)", "Welle")
            assert {row[7] for row in rows} == {wave.name}
            assert not told & {row[0] for row in rows}
            told |= {row[0] for row in rows}
        else:
            assert len(rows) > 200
        at = [place for place, name in enumerate(head) if str(name).endswith("(n)")]
        assert min(row[place] for row in rows for place in at if row[place] is not None) >= 10
    assert {"altersgruppe", "WICHT_F01", "BARR_ZEIT"} <= told
    assert len(told) > 40
    ages = next(iter(book["Altersgruppe"].iter_rows(min_row=4, max_row=4, values_only=True)))
    assert ages[:5] == ("Code", "Frage", "Antwort", "18–29 (%)", "18–29 (n)")


def test_a_group_is_not_crossed_with_the_question_it_is_made_from(wave: Wave) -> None:
    book = load_workbook(BytesIO(volume(wave)), read_only=True)
    questions = {row[1] for row in book["Geschlecht"].iter_rows(min_row=5, values_only=True)}
    assert wave.codebook["GESCHL"].text("de") not in questions


def test_a_volume_begins_with_its_contents_and_tells_what_pages_tell(wave: Wave) -> None:
    book = load_workbook(BytesIO(volume(wave)))
    cover = book["Übersicht"]
    links = {
        cell.value: cell.hyperlink.location for row in cover.iter_rows(max_col=1) for cell in row if cell.hyperlink
    }
    assert list(links) == book.sheetnames[1:]
    assert links["Altersgruppe"] == "'Altersgruppe'!A1"
    assert {"–", "(%)", "(n)", "von, bis"} <= {row[0] for row in cover.iter_rows(values_only=True)}
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.auto_filter.ref.startswith("A4:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.freeze_panes is not None
    rows = list(book["Bedarf und Hindernisse"].iter_rows(min_row=5, values_only=True))
    released = disclosure.release(needs.unmet(wave))
    frame, ends = released.rows().set_index("variable"), released.facts.ends
    labels = wave.codebook["WICHT"].items("de")
    told = {row[2]: row for row in rows if row[0] == "Ungedeckter Bedarf nach Bereich"}
    assert len(told) == len(frame)
    for item, row in frame.iterrows():
        assert told[labels[str(item)]][3:8] == (
            *(round(100 * row[name], 1) for name in ("estimate", *ends)),
            "Prozent",
            row["n"],
        )
    measures = {row[0] for row in rows}
    assert {"An die erste Stelle gesetzt", "Teilnahme an Weiterbildung"} <= measures
    assert "Stunden in Weiterbildung, Mittel derer, die teilgenommen haben" in measures
    assert "Andere Gründe" in {row[2] for row in rows}


def test_what_the_weights_were_fitted_to_has_no_interval(wave: Wave) -> None:
    book = load_workbook(BytesIO(volume(wave)))
    topics = ("Über Sie", "Bildungsbedarf")
    by_code = {row[0]: row for name in topics for row in book[name].iter_rows(min_row=5, values_only=True)}
    assert by_code["gemeinde"][5:7] == by_code["GEM"][5:7] == by_code["altersgruppe"][5:7] == ("–", "–")
    low, high = by_code["BARR_ZEIT"][5:7]
    assert low < by_code["BARR_ZEIT"][3] < high
