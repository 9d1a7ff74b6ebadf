"""Tables of bb.estimate say which statistic they hold, of whom, and which side is taken off."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, estimates, findings, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.domains import part_words
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study, Wave
from tests.show.cells import cells_of

_GROUPED = "Wie alt sind Sie? – Mittelwert, nach Gruppe: Kinder im Haushalt"


def _table(frame: pd.DataFrame, wave: Wave) -> Block:
    return show.table(disclosure.release(frame), wave)


def _notes(block: Block) -> str:
    assert block.content is not None
    return "\n".join(block.content.notes)


def test_means_variances_and_ratios_are_called_so(wave: Wave) -> None:
    assert "Mittelwert" in str(_table(estimate.mean(wave, "ALTER"), wave).content)
    assert _table(estimate.mean(wave, "ALTER", by="kinder"), wave).payload["title"] == _GROUPED
    assert "Varianz" in str(_table(estimate.variance(wave, "ALTER"), wave).content)
    ratio = _table(estimate.ratio(wave, "STUND", "ALTER"), wave)
    assert ratio.payload["title"] == "Wie viele Stunden etwa? / Wie alt sind Sie?"
    assert "Verhältnis" in str(ratio.content)


def test_a_crosstab_says_of_whom_its_shares_are(wave: Wave) -> None:
    made = {
        percent: _notes(_table(estimate.crosstab(wave, "geschlecht", "kinder", percent=percent), wave))
        for percent in ("row", "column", "total")
    }
    assert "Anteile an den Personen jeder Zeile" in made["row"]
    assert "Personen je Zeile: weiblich: 758; männlich: 558." in made["row"]
    assert "Anteile an den Personen jeder Spalte" in made["column"]
    assert "Personen je Gruppe: mit Kindern: 323; ohne Kinder: 993." in made["column"]
    assert "Anteile an allen Personen" in made["total"]
    assert "Personen: 1.316." in made["total"]


def test_a_difference_says_which_side_is_taken_off(wave: Wave, later: Wave) -> None:
    block = show.table(disclosure.release(estimate.difference(later, wave, "mean", "ALTER")), later)
    assert block.payload["title"] == "Wie alt sind Sie? – Unterschied der Mittelwerte"
    assert "Unterschied: 2028 erwachsene minus 2026 erwachsene." in _notes(block)
    parts = [wave.design.where(condition) for condition in ("ALTER > 40", "ALTER <= 40")]
    told = _notes(_table(estimate.difference(*parts, "proportion", "GESCHL"), wave))
    assert "Unterschied: „Wie alt sind Sie?“ > 40 minus „Wie alt sind Sie?“ ≤ 40." in told


def test_what_the_weights_fix_has_no_interval(wave: Wave) -> None:
    fixed = _table(estimate.proportion(wave, "geschlecht", by="altersgruppe"), wave)
    assert "(" not in str(cells_of(fixed))
    assert "etwa weil die Gewichte" in _notes(fixed)
    assert "etwa weil die Gewichte" not in _notes(_table(needs.unmet(wave), wave))


def test_a_list_of_grouped_frames_has_a_column_a_group(later: Wave) -> None:
    frames = [estimate.mean(later, "ALTER", by="kinder"), estimate.variance(later, "ALTER", by="kinder")]
    block = show.table([disclosure.release(frame) for frame in frames], later)
    assert block.content is not None
    kinds = [f"{head}: {group}" for head in ("Mittelwert", "Varianz") for group in ("mit Kindern", "ohne Kinder")]
    assert block.content.headings[:4] == kinds
    assert block.content.title == "Wie alt sind Sie? – nach Gruppe: Kinder im Haushalt"
    answers = show.answers(disclosure.release(needs.answers(later, "TEILN", by="kinder")), later)
    assert answers.content is not None
    assert answers.content.headings == ["mit Kindern", "ohne Kinder"]


def test_numbers_of_another_wave_are_cited_or_refused(wave: Wave, later: Wave) -> None:
    one, other = disclosure.release(needs.unmet(wave)), disclosure.release(needs.unmet(later))
    block = show.table({"2026": one, "2028": other}, later)
    assert "Befragung der Erwachsenen 2026" in _notes(block)
    assert "Befragung der Erwachsenen 2028" in _notes(block)
    with pytest.raises(ConfigError, match="would be called the same"):
        show.table([other, one], later)
    for shown in (show.rank_table, show.estimates):
        with pytest.raises(ConfigError, match="of another wave"):
            shown(one, later)


def test_changes_stand_under_their_own_years(wave: Wave, later: Wave) -> None:
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    for shown in (show.change_table, show.change_plot, show.slopes):
        for waves in ((later, wave), (later, later)):
            with pytest.raises(ConfigError, match="other order"):
                shown(change, *waves)
    with pytest.raises(ConfigError, match="other order"):
        show.table(change, wave, earlier=later)
    block = show.table(change, later, earlier=wave)
    assert block.content is not None
    assert block.content.headings[-1] == "Personen, beide Seiten"
    assert "spätere minus frühere Welle" in _notes(block)


def test_what_is_computed_otherwise_says_so_and_makes_no_sentence(wave: Wave) -> None:
    frames = {
        "important_from = 5": needs.unmet(wave, important_from=5),
        "ohne die Gewichtung der Studie": needs.unmet(wave.unweighted()),
        "andere Regeln der Antwortqualität": needs.unmet(wave.with_rules("exclude")),
        "question = ENGAG": needs.barriers(wave, "ENGAG"),
        "importance = ZUFR": needs.unmet(wave, "ZUFR", "WICHT"),
        "cut = scale": needs.quadrants(wave, cut="scale"),
        "reference = 65+": needs.equity(wave, "altersgruppe", reference="65+"),
        "eigene Auswahl": needs.equity(wave, "altersgruppe", columns=pd.DataFrame({"F06": wave["ALTER"] > 40})),
    }
    for told, frame in frames.items():
        released = disclosure.release(frame)
        shown = show.quadrant_plot if released.facts.measure == "quadrant" else show.table
        assert told in shown(released, wave).payload["title"]
        with pytest.raises(ConfigError, match=r"otherwise than study.toml declares|of another wave"):
            findings.record(released, wave)
    assert "anders berechnet" not in show.table(disclosure.release(needs.unmet(wave)), wave).payload["title"]


def test_another_level_is_told(wave: Wave) -> None:
    assert "(50-%-Konfidenzintervall)" in _notes(_table(estimate.mean(wave, "ALTER", level=0.5), wave))


def test_sides_are_told_as_far_as_they_differ(wave: Wave, later: Wave) -> None:
    children = [wave.design.where(f"kinder == '{one}'") for one in ("mit Kindern", "ohne Kinder")]
    told = _notes(_table(estimate.difference(*children, "mean", "ALTER"), wave))
    assert "Unterschied: Kinder im Haushalt: mit Kindern minus Kinder im Haushalt: ohne Kinder." in told
    unlike = estimate.difference(later.with_rules("exclude"), wave, "mean", "ALTER")
    told = _notes(_table(unlike, wave))
    assert "Unterschied: 2028 erwachsene, andere Regeln der Antwortqualität minus 2026 erwachsene." in told


def test_steps_of_a_quantile_keep_their_interval(wave: Wave) -> None:
    block = _table(estimate.quantile(wave, "WICHT_F05", [0.9]), wave)
    assert "(5,00–5,00)" in block.text
    assert "Ohne Unsicherheitsbereich" not in _notes(block)


def test_models_say_beside_what_and_in_which_order(wave: Wave) -> None:
    found = _table(needs.inequality(wave, "altersgruppe", order=["65+", "18–29"]), wave)
    assert "Altersgruppe, von „65+“ bis „18–29“: SII ist" in _notes(found)
    assert "eigene Auswahl" not in found.payload["title"]
    beside = _table(needs.adjusted(wave, "kinder", ["geschlecht"]), wave)
    assert "zu „ohne Kinder“" in _notes(beside)
    assert "Gleich gehalten: Geschlecht." in _notes(beside)
    assert "anders berechnet" not in beside.payload["title"]


def test_hours_say_of_whom_they_are(wave: Wave) -> None:
    titles = [_table(needs.hours(wave, base=base), wave).payload["title"] for base in ("participants", "all", "total")]
    assert len(set(titles)) == len(titles)
    assert all("Stunden in Weiterbildung" in title for title in titles)


def test_what_is_said_of_one_column_names_it(wave: Wave, later: Wave) -> None:
    old, young = (wave.design.where(f"altersgruppe == '{one}'") for one in ("65+", "18–29"))
    gap = disclosure.release(estimate.difference(old, young, "mean", "ALTER"))
    mean = disclosure.release(estimate.mean(wave, "ALTER"))
    told = _notes(show.table({"Alle": mean, "Abstand": gap}, wave))
    assert "Abstand: Unterschied: Altersgruppe: 65+ minus Altersgruppe: 18–29." in told
    both = _notes(show.table({"eins": gap, "zwei": gap}, wave))
    assert "Unterschied: Altersgruppe" in both
    assert "eins" not in both
    rows, columns = (
        disclosure.release(estimate.crosstab(wave, "kinder", "geschlecht", percent=one)) for one in ("row", "column")
    )
    shares = _notes(show.table({"zeilenweise": rows, "spaltenweise": columns}, wave))
    assert "zeilenweise: Anteile an den Personen jeder Zeile." in shares
    assert "spaltenweise: Anteile an den Personen jeder Spalte." in shares


def test_an_own_condition_heads_columns_in_words(wave: Wave) -> None:
    own = wave.with_variables(alt="ALTER >= 65")
    block = show.table(disclosure.release(needs.unmet(own, by="alt")), own)
    assert block.content is not None
    assert block.content.headings == ["nein", "ja"]
    assert "anders berechnet, als study.toml es festlegt: eigene Merkmale" in block.payload["title"]
    assert own.labels("alt", "en") == {"False": "no", "True": "yes"}
    steps = wave.with_variables(stufe=wave["ALTER"].map(lambda age: "a" if age < 40 else "b"))
    assert steps.labels("stufe") == {"a": "a", "b": "b"}


def test_scales_that_do_not_hold_together_say_so_wherever_they_are_shown(wave: Wave) -> None:
    released = disclosure.release(needs.scale(wave, "vertrauen"))
    told = "Nicht gedeutet, weil Alpha unter 0,50 liegt: Vertrauen in Kreistag, Gemeindevertretung und Schulen."
    plot = show.own(show.estimates(released, wave), released, wave, title="Vertrauen", alt="Ein Punkt bei knapp sechs.")
    for block in (show.table(released, wave), show.dot_plot(released, wave), plot):
        assert told in [*block.notes, *block.content.notes], block.kind
        assert told in block.html


def test_means_say_from_where_to_where_their_scale_goes(wave: Wave, later: Wave) -> None:
    important = "Skala von 1 (sehr unwichtig) bis 5 (sehr wichtig)."
    content = "Skala von 1 (sehr unzufrieden) bis 5 (sehr zufrieden)."
    release = disclosure.release
    assert important in show.table(release(needs.importance(wave)), wave).content.notes
    assert important in show.dot_plot(release(needs.importance(wave)), wave).notes
    gap = show.table(release(needs.gap(wave)), wave).content.notes
    assert [note.partition("“: ")[2] for note in gap[:2]] == [important, content]
    trend = release(needs.trend(wave, later, "satisfaction"))
    assert content in show.table(trend, later, earlier=wave).content.notes
    assert content in show.change_plot(trend, wave, later).notes


_UNMET = "Ungedeckter Bedarf: Wichtigkeit mindestens 4 (eher wichtig), Zufriedenheit höchstens 2 (eher unzufrieden)."


def test_what_counts_as_unmet_stands_beneath_everything_made_of_it(wave: Wave, later: Wave) -> None:
    """The cut points are the study's, or those of the call; who reads a table has to know them."""
    frames = [needs.unmet(wave), needs.people(wave), needs.equity(wave, "kinder"), needs.small_areas(wave, "F05")]
    frames += [needs.intersections(wave, ["altersgruppe"]), needs.adjusted(wave, "kinder", items=["F05"])]
    frames += [needs.inequality(wave, "altersgruppe", items=["F05"]), needs.unmet(wave, base="important")]
    for frame in frames:
        assert _UNMET in _table(frame, wave).content.notes, frame.attrs
    trend = disclosure.release(needs.trend(wave, later, "unmet_need"))
    blocks = [show.change_table(trend, wave, later), show.change_plot(trend, wave, later)]
    blocks += [show.dot_plot(disclosure.release(frames[0]), wave), show.forest(disclosure.release(frames[2]), wave)]
    blocks.append(show.area_map(disclosure.release(frames[3]), needs.area_table(wave), wave))
    for block in blocks:
        assert _UNMET in [*block.notes, *block.content.notes], block.payload["name"]
    own = _table(needs.unmet(wave, important_from=5), wave).content.notes
    assert _UNMET.replace("4 (eher wichtig)", "5 (sehr wichtig)") in own
    columns = wave.responses[["WICHT_F01", "ZUFR_F01"]]
    design = wave.design.with_columns(columns.set_axis(["a", "b"], axis=1))
    told = _table(needs.unmet(design, ["a"], ["b"], scale=(1, 5)), wave).content.notes
    assert "Ungedeckter Bedarf: Wichtigkeit mindestens 4, Zufriedenheit höchstens 2." in told
    boxes = needs.barriers(wave).attrs["facts"]["details"]
    assert "unmet" not in boxes


def test_the_sign_of_a_gap_and_what_is_modelled_are_told(wave: Wave, later: Wave) -> None:
    sign = "Über 0: Die Wichtigkeit ist größer als die Zufriedenheit."
    assert sign in _table(needs.gap(wave), wave).content.notes
    unsure = "Wer nicht beides beurteilen kann, zählt als ohne ungedeckten Bedarf."
    assert unsure in _table(needs.people(wave), wave).content.notes
    assert sign not in show.change_table(disclosure.release(needs.trend(wave, later, "gap")), wave, later).content.notes
    areas = _table(needs.small_areas(wave, "F05"), wave).content.notes
    assert [note for note in areas if note.startswith("Modellierte Werte: ")]


def test_a_drawing_of_comparisons_says_how_sure_and_of_how_many(wave: Wave, later: Wave) -> None:
    lines = (
        "Striche: Unsicherheitsbereich, der für alle {count} Vergleiche zugleich gilt (gemeinsames "
        "95-%-Konfidenzintervall)."
    )
    change = show.change_plot(disclosure.release(needs.trend(wave, later, "satisfaction")), wave, later)
    assert lines.format(count=10) in change.notes
    assert "Gefüllte Punkte: Eine Veränderung ist nachweisbar." in change.notes
    forest = show.forest(disclosure.release(needs.equity(wave, "kinder")), wave)
    assert lines.format(count=20) in forest.notes
    assert "Gefüllte Punkte: Ein Unterschied ist nachweisbar." in forest.notes


def test_columns_of_ones_own_have_the_scale_that_was_said(wave: Wave) -> None:
    items = [name for name in wave if name.startswith("VERTR")][:2]
    design = wave.design.with_columns(wave.responses[items].set_axis(["a", "b"], axis=1))
    frame = needs.importance(design, importance=["a"], satisfaction=["b"], scale=(1, 10))
    assert "Skala von 1 bis 10." in show.table(disclosure.release(frame), wave).content.notes


def test_a_measure_is_named_by_its_function_too(wave: Wave, later: Wave) -> None:
    assert needs.trend(wave, later, "unmet").equals(needs.trend(wave, later, "unmet_need"))


def test_no_row_of_crossed_groups_hides_another(later: Wave) -> None:
    """Two groups that name one obstacle more often were one row: the larger difference was lost."""
    for frame in (needs.contrasts(later), needs.intersections(later, ["altersgruppe", "kinder"], depth=1)):
        released = disclosure.release(frame)
        rows = [row[0] for row in _table(frame, later).content.rows]
        assert len(rows) == len(set(rows)) == len(released.frame)
    told = _table(needs.contrasts(later), later)
    assert any(row[0].endswith("Keine Kinderbetreuung – Kinder im Haushalt: mit Kindern") for row in told.content.rows)
    assert "der für alle Vergleiche zugleich gilt" in _notes(told)


def test_rows_that_cannot_be_told_apart_are_refused(wave: Wave) -> None:
    frame = needs.unmet(wave)
    doubled = estimates.facts_of(frame).on(frame.assign(variable="F01"))
    with pytest.raises(ConfigError, match="cannot be told apart"):
        _table(doubled, wave)


def test_a_difference_from_one_group_names_it(later: Wave) -> None:
    frame = needs.equity(later, "altersgruppe", reference="65+")
    notes = _notes(_table(frame, later))
    assert "Unterschiede zu „65+“, in Prozentpunkten." in notes
    assert "für alle 30 Vergleiche" in notes
    assert "Deutlich anders als „65+“:" in show.forest(disclosure.release(frame), later).text
    assert "zu allen anderen" in _notes(_table(needs.equity(later, "altersgruppe"), later))


def test_a_share_of_nobody_has_its_interval(later: Wave) -> None:
    """0 of 78 persons is no number that cannot vary."""
    table = _table(needs.steps(later, "WICHT", by="altersgruppe"), later)
    row = next(row for row in table.content.rows if row[0] == "Sprache und Integration: sehr unwichtig")
    assert row[1] == "0,0\u202f% (0,0–4,6)"
    assert "nicht schwanken" not in _notes(table)


def test_answers_hidden_for_another_number_are_no_answers_of_few(later: Wave) -> None:
    table = _table(needs.steps(later, "WICHT", by="altersgruppe"), later)
    row = next(r for r in table.content.rows if r[0] == "Berufliche Orientierung und Ausbildung: eher unwichtig")
    assert row[1:5] == ["– f"] * 4


def test_words_of_groups_show_the_interval_that_decides(later: Wave) -> None:
    frame = needs.keyness(later, "FEHLT", "geschlecht")
    row = frame[(frame["variable"] == "kostenlos") & (frame["geschlecht"] == "w")].iloc[0]
    assert row["ci_low"] > 0 > row["sim_low"]
    table = _table(frame, later)
    told = next(row for row in table.content.rows if row[0] == "kostenlos")[1]
    assert told == "+4,7 (−1,4 bis +10,7)"


def test_totals_of_categories_are_persons_projected(wave: Wave) -> None:
    for frame in (estimate.total(wave, "altersgruppe"), needs.people(wave)):
        assert _table(frame, wave).content.headings == ["Personen (hochgerechnet)", "Befragte"]
    assert _table(estimate.total(wave, "ALTER"), wave).content.headings == ["Summe", "Befragte"]


def test_tables_speak_english_where_they_are_asked_to(study: Study) -> None:
    english = study.in_language("en").wave("2026")
    table = _table(needs.unmet(english), english)
    assert table.payload["title"] == "Unmet need by field"
    assert table.content.rows[4][:2] == ["Digital skills", "47.6% (44.3–50.9)"]
    assert study.language == "de"


def test_a_condition_of_ones_own_is_a_share(wave: Wave, later: Wave) -> None:
    now, then = (one.with_variables(alt="ALTER >= 65") for one in (wave, later))
    frame = estimate.mean(now, "alt")
    assert estimates.facts_of(frame).unit == "share"
    assert estimates.facts_of(estimate.mean(now, ["alt", "ALTER"])).unit == "mean"
    table = show.table(disclosure.release(frame), now)
    assert (table.content.headings, table.content.rows[0][1]) == (["Anteil", "Personen"], "29,7\u202f% (29,3–30,1)")
    change = show.table(disclosure.release(estimate.difference(then, now, "mean", "alt")), then)
    assert {"Unterschied: 2028 erwachsene minus 2026 erwachsene.", "Unterschiede in Prozentpunkten."} <= set(
        change.content.notes
    )
    assert "Mittelwert" not in change.text


def test_a_part_is_told_in_the_words_of_the_questionnaire(wave: Wave) -> None:
    part = wave.design.where("altersgruppe == '65+' or ALTER < 30").where("GESCHL == 'w'")
    title = show.table(disclosure.release(estimate.mean(part, "ALTER")), wave).payload["title"]
    assert title.endswith(
        "nur ein Teil der Befragten: (Altersgruppe: 65+ oder „Wie alt sind Sie?“ < 30) und "
        "„Welches Geschlecht haben Sie?“: weiblich"
    )
    sides = [wave.design.where(f"GESCHL == '{code}'") for code in "wm"]
    table = show.table(disclosure.release(estimate.difference(*sides, "mean", "WICHT_F05")), wave)
    told = "Unterschied: „Welches Geschlecht haben Sie?“: weiblich minus „Welches Geschlecht haben Sie?“: männlich."
    assert told in table.content.notes


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("chosen rows", "ausgewählte Zeilen"),
        (
            "(altersgruppe == '65+' or ALTER >= 70) and chosen rows",
            "Altersgruppe: 65+ oder „Wie alt sind Sie?“ ≥ 70, ausgewählte Zeilen",
        ),
        ("chosen rows and BARR_ZEIT == 1", "„Keine Zeit“: ja, ausgewählte Zeilen"),
        ("altersgruppe in ['18–29', '30–44', '65+']", "Altersgruppe: 18–29, 30–44 oder 65+"),
        ("not GESCHL == 'd'", "nicht („Welches Geschlecht haben Sie?“: divers)"),
        ("WICHT[F05] >= 4 and MIGR != ''", "„Digitale Kompetenzen“ ≥ 4 (eher wichtig) und {MIGR}: beantwortet"),
        ("18 <= ALTER", "„Wie alt sind Sie?“ ≥ 18"),
        ("ALTER > 64.5 and is_empty(STUND)", "„Wie alt sind Sie?“ > 64,5 und {STUND}: keine Angabe"),
        ("somebody == 'else'", "somebody == 'else'"),
        ("a part of no condition", "a part of no condition"),
    ],
)
def test_conditions_in_words(wave: Wave, part: str, expected: str) -> None:
    names = {name: f"„{wave.title(name)}“" for name in ("MIGR", "STUND") if name in wave}
    assert part_words(part, wave) == expected.format_map(names)
