from __future__ import annotations

import re
from pathlib import Path

import pytest

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.language import number, percent, signed
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.starting import start_study
from tests.show.cells import cells_of


@pytest.fixture(scope="module")
def unmet(wave: Wave) -> disclosure.Released:
    return disclosure.release(needs.unmet(wave))


def test_only_released_frames_are_shown(wave: Wave) -> None:
    with pytest.raises(DisclosureError, match="passed the gate"):
        show.table(needs.unmet(wave), wave, title="x")  # type: ignore[arg-type]


def test_table_is_real_html(unmet: disclosure.Released, wave: Wave) -> None:
    html = show.table(unmet, wave, title="Ungedeckt <b>").html
    assert "<caption>Ungedeckt &lt;b&gt;</caption>" in html
    assert html.count('<th role="rowheader" scope="row">') == 10
    assert html.count('scope="col"') == 3
    assert "47,6\N{NARROW NO-BREAK SPACE}%" in html
    assert "Quelle: Befragung der Erwachsenen 2026, 1.354 Personen" in html


def test_hidden_cells_carry_a_mark_and_a_legend(wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    html = show.table(disclosure.release(frame), wave, title="x").html
    assert 'class="num hidden">–<sup>' in html
    assert "beruht auf 1 bis 4 Personen" in html
    assert "Personen je Gruppe" in html


def test_figure_has_alternative_text_and_its_numbers(unmet: disclosure.Released, wave: Wave) -> None:
    block = show.dot_plot(unmet, wave, title="Ungedeckter Bedarf", name="u")
    assert 'role="img"' in block.html
    assert 'aria-label="Ungedeckter Bedarf. Höchster Wert: Digitale Kompetenzen mit 47,6' in block.html
    assert "<details>" in block.html
    assert '<table role="table"' in block.html
    assert "http" not in re.sub(r"xmlns(:xlink)?=\"[^\"]+\"", "", block.html)


def test_figures_repeat_and_their_ids_stay_apart(unmet: disclosure.Released, wave: Wave) -> None:
    one = show.dot_plot(unmet, wave, title="x", name="eins").html
    assert one == show.dot_plot(unmet, wave, title="x", name="eins").html
    two = show.dot_plot(unmet, wave, title="x", name="zwei").html
    ids = [re.findall(r'\bid="([^"]+)"', html) for html in (one, two)]
    assert not set(ids[0]) & set(ids[1])
    assert len(ids[0]) == len(set(ids[0]))
    references = re.findall(r"url\(#([^)]+)\)", one) + re.findall(r'xlink:href="#([^"]+)"', one)
    assert set(references) <= set(ids[0])


def test_dumbbell_and_change(wave: Wave, later: Wave) -> None:
    pair = [disclosure.release(measure(wave)) for measure in (needs.importance, needs.satisfaction)]
    assert (
        "Der größte Abstand besteht im Bereich „Digitale Kompetenzen“"
        in show.dumbbell(pair, wave, title="x", name="p").text
    )
    trend = disclosure.release(needs.trend(wave, later, "satisfaction"))
    text = show.change_plot(trend, wave, later, title="x", name="t").text
    assert "nachweisbar bei: Politische Bildung und Demokratiebildung +0,31; Digitale Kompetenzen +0,44" in text


def test_sentences_carry_the_register(unmet: disclosure.Released, wave: Wave) -> None:
    block = show.sentences(findings.record(unmet, wave), wave)
    bundle = block._repr_mimebundle_()
    assert len(bundle[show.MIME]["findings"]) == 11
    assert "Alle Aussagen im Einzelnen" in block.html
    assert block.html.index("Am größten") < block.html.index("<details>")


def test_texts_are_escaped(wave: Wave, study: Study) -> None:
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    evil = found[0].model_copy(update={"statement": {"de": "<script>alert(1)</script>", "en": "x"}})
    assert "<script>" not in show.sentences([evil], wave).html
    assert "<script>" not in show.concepts([evil], [evil], study, title="x").html


def test_quality_tables(wave: Wave) -> None:
    counting = show.counting(wave)
    assert cells_of(counting)["Datensätze im Export"] == ["1.500"]
    assert cells_of(counting)["Gezählte Personen"] == ["1.354"]
    assert "Feldzeit: 2. März 2026 bis 30. März 2026" in counting.html
    weights = show.weights(wave)
    assert "199.571" in weights.text
    assert "Keine Sollzahl gibt es dort für: Geschlecht: divers" in weights.html


def test_english_by_switch(wave: Wave) -> None:
    study = wave.files.config.study.model_copy(update={"language": "en"})
    config = wave.files.config.model_copy(update={"study": study})
    english = Wave(type(wave.files)(**{**vars(wave.files), "config": config}), wave.name, wave.audience)
    html = show.table(disclosure.release(needs.unmet(english)), english, title="Unmet need").html
    assert "Digital skills" in html
    assert "47.6%" in html
    assert "Source: Survey of adults 2026, 1,354 persons" in html


def test_the_table_beneath_two_waves_has_both(wave: Wave, later: Wave) -> None:
    released = disclosure.release(needs.trend(wave, later, "satisfaction"))
    for block in (show.slopes(released, wave, later), show.change_plot(released, wave, later)):
        for part in ("2026", "2028", "Veränderung", "Personen 2026", "Personen 2028"):
            assert f">{part}</th>" in block.html
        assert "gilt (gemeinsames 95-%-Konfidenzintervall)" in block.html
        assert "Befragung der Erwachsenen 2026" in block.html
        assert "Befragung der Erwachsenen 2028" in block.html
    row = released.rows().iloc[4]
    change, low, high = (signed(row[name], "de", 2) for name in ("estimate", "sim_low", "sim_high"))
    cells = list(cells_of(show.change_table(released, wave, later)).values())
    assert cells[4] == [
        number(row["before"], "de", 2),
        number(row["after"], "de", 2),
        f"{change} ({low} bis {high})",
        number(row["n_before"], "de"),
        number(row["n_after"], "de"),
    ]
    with pytest.raises(ConfigError, match="a change is between two waves"):
        show.table(released, later)
    with pytest.raises(ConfigError, match="another kind than this shows"):
        show.change_table(disclosure.release(needs.unmet(wave)), wave, later)
    both = show.table(released, later, earlier=wave).html
    assert "Befragung der Erwachsenen 2026" in both


def test_the_table_beneath_ranks_has_them(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave))
    lines = show.rank_plot(released, wave).html
    assert ">Mögliche Plätze</th>" in lines
    frame = released.frame.sort_values("estimate", ascending=False)
    cells = cells_of(show.rank_table(released, wave)).values()
    for place, (line, row) in enumerate(zip(cells, frame.itertuples(), strict=True), start=1):
        best, worst = int(row.rank_best), int(row.rank_worst)
        known = f"{best}." if best == worst else f"{best}.–{worst}."
        assert line[:2] == [f"{place}.", known]


def test_a_range_with_a_sign_is_written_out(wave: Wave) -> None:
    text = show.table(disclosure.release(needs.gap(wave)), wave).text
    assert re.search(r"−0,\d\d \(−0,\d\d bis −?0,\d\d\)", text)
    assert re.search(r"1,15 \(1,\d\d–1,\d\d\)", text)


def test_pages_name_whose_data_they_rest_on(wave: Wave) -> None:
    block = show.weights(wave)
    assert "Daten: Statistische Ämter des Bundes und der Länder, Gemeindeverzeichnis" in block.html
    assert block.html.count("dl-de/by-2-0 (") == 2
    released = disclosure.release(needs.small_areas(wave, "F07"))
    assert "dl-de/by-2-0" in show.area_map(released, needs.area_table(wave), wave).html


def test_letters_that_came_back_reached_nobody(wave: Wave) -> None:
    block = show.field_work(wave)
    text, cells = block.text, cells_of(block)
    assert cells["Verschickte Einladungen"] == ["6.000"]
    assert cells["davon zurückgekommen"] == ["240"]
    reached = wave.quality.submitted / (6_000 - 240)
    assert percent(reached, "de") in text
    assert "5.760 Einladungen kamen an" in show.counting(wave).html


def test_a_long_list_of_answers_shows_those_that_say_something(tmp_path: Path) -> None:
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)
    rows = [
        "question;type;item;code;de;en",
        "Z;number;;;Zahl;",
        "L;choice;;;Land?;",
        *(f"L;;;{n};Land {n};" for n in range(1, 250)),
    ]
    (tmp_path / "q.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    start_study(Project(tmp_path), "s", tmp_path / "q.csv", "2026")
    answers = ["1"] * 60 + ["2"] * 40
    (tmp_path / "a.csv").write_text("L,Z\n" + "\n".join(f"{a},1" for a in answers) + "\n", encoding="utf-8")
    study = Study.load("s", Project(tmp_path))
    study.import_file(tmp_path / "a.csv", "2026")
    wave = study.wave("2026")
    block = show.answers(disclosure.release(needs.answers(wave, "L")), wave)
    assert list(cells_of(block)) == ["Land 1", "Land 2"]
    assert "zu wenige Menschen gegeben haben (247)" in block.html
