"""Figures: golden images, messages in their alternative texts, maps, and what may not be drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.testing.compare import compare_images

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError, DataError, DisclosureError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import style
from bildungsbedarf.show.figures.drawing import not_drawn
from bildungsbedarf.show.figures.maps import read_boundaries, tile_layout
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from tests.show.drawn import GOLDEN, draw, figures

NAMES = ("dots", "dumbbell", "change", "slopes", "quadrants", "ranks", "forest", "multiples", "diverging", "map")
TOLERANCE = 3.0
"""Root mean square over grey values: other versions of fonts move letters by a pixel."""


@pytest.fixture(scope="module")
def blocks(wave: Wave, later: Wave) -> dict[str, Block]:
    return figures(wave, later)


@pytest.mark.parametrize("name", NAMES)
def test_golden_images(blocks: dict[str, Block], name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.png"
    draw(blocks[name], path)
    assert compare_images(str(GOLDEN / f"{name}.png"), str(path), TOLERANCE) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_message_base_source_and_data(blocks: dict[str, Block], name: str) -> None:
    block = blocks[name]
    assert f'aria-label="{block.payload["alt"][:20]}' in block.html
    assert "Quelle: Befragung der Erwachsenen 2026" in block.html
    assert '<table role="table"' in block.html
    assert len(block.data)
    assert block.data["estimate"].notna().any()


@pytest.mark.parametrize("name", NAMES)
def test_phones_get_a_drawing_of_their_own_or_the_table(blocks: dict[str, Block], name: str) -> None:
    html = blocks[name].html
    narrow = re.search(r'<template class="bb-narrow">(.*?)</template>', html, re.DOTALL)
    if name in ("map", "diverging"):
        # names of 28 municipalities, and of five steps beside each other, are read in the table
        assert narrow is None
        assert '<figure class="bb-figure bb-dense">' in html
        return
    assert narrow is not None
    width = re.search(r'viewBox="0 0 ([0-9.]+) ', narrow[1])
    assert width is not None
    assert float(width[1]) == pytest.approx(72 * style.NARROW, abs=0.5)
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:bold |700 )?([0-9.]+)px", narrow[1])]
    assert sizes
    assert min(sizes) * 350 / float(width[1]) >= 12
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_drawing_for_phones_leaves_the_figure_as_it_is(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave))
    one, two = (show.dot_plot(released, wave, title="Bedarf", name="dots") for _ in range(2))
    assert one.html == two.html
    assert float(one.figure.get_figwidth()) == style.WIDTH


def test_lines_of_one_label_end_at_one_place_in_every_font(blocks: dict[str, Block]) -> None:
    html = blocks["dots"].html
    groups = re.findall(r"<g>\n(<text .*?)</g>", html, re.DOTALL)
    lines = [re.findall(r'text-anchor: end" transform="translate\(([0-9.]+) ', group) for group in groups]
    several = [own for own in lines if len(own) > 1]
    assert len(several) >= 3
    assert all(len(set(own)) == 1 for own in several)


def test_messages(blocks: dict[str, Block]) -> None:
    assert "Sicher wichtig und unbefriedigend: Digitale Kompetenzen." in blocks["quadrants"].text
    assert "sicher an erster Stelle" in blocks["ranks"].text
    assert "Digitale Kompetenzen · 65+ +20,1" in blocks["forest"].text


def test_only_what_passed_the_gate_is_drawn(wave: Wave) -> None:
    frame = needs.unmet(wave)
    for draw_it in (show.dot_plot, show.rank_plot, show.quadrant_plot, show.forest, show.small_multiples):
        with pytest.raises(DisclosureError, match="only what passed the gate"):
            draw_it(frame, wave)  # type: ignore[operator]
    with pytest.raises(DisclosureError, match="only what passed the gate"):
        show.dumbbell([frame, frame], wave)  # type: ignore[list-item]


def test_crossed_groups_have_a_column_each_and_no_figure_that_mixes_them(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by=["geschlecht", "kinder"]))
    html = show.table(released, wave, title="x").html
    assert "weiblich · mit Kindern" in html
    with pytest.raises(ConfigError, match="shows no groups"):
        show.dot_plot(released, wave, title="x", name="x")
    with pytest.raises(ConfigError, match="another kind than this shows"):
        show.small_multiples(released, wave, title="x", name="x")


def test_pupils_have_no_ellipses_and_no_certainty(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    block = show.diverging(disclosure.release(needs.steps(pupils, "ZUFR")), pupils, title="Zufriedenheit", name="z")
    assert "Wer sich selbst" in block.html or "geantwortet haben" in block.html
    assert "Konfidenzintervall" not in block.html


def neighbours(columns: np.ndarray, rows: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of areas whose tiles touch at a side."""
    places = {(int(c), int(r)): at for at, (c, r) in enumerate(zip(columns, rows, strict=True))}
    for (column, row), at in places.items():
        for other in ((column + 1, row), (column, row + 1)):
            if other in places:
                yield at, places[other]


def test_tiles_keep_neighbours_together(wave: Wave) -> None:
    areas = needs.area_table(wave)
    lon, lat = areas["lon"].to_numpy(), areas["lat"].to_numpy()
    columns, rows = tile_layout(lon, lat)
    assert len(set(zip(columns, rows, strict=True))) == len(areas)
    # north stays north, east stays east
    assert np.corrcoef(rows, -lat)[0, 1] > 0.95
    assert np.corrcoef(columns, lon)[0, 1] > 0.95
    distance = np.hypot((lon[:, None] - lon) * np.cos(np.radians(lat.mean())), lat[:, None] - lat)
    near = np.mean([distance[pair] for pair in neighbours(columns, rows)])
    assert near < 0.5 * distance[np.triu_indices(len(lon), 1)].mean()


@pytest.mark.shared
def test_true_boundaries(project: Project, shared: Path) -> None:
    source = shared / "data" / "geo" / "landkreis_kassel_gemeinden.geojson"
    (project.reference / "gemeinden.geojson").write_bytes(source.read_bytes())
    path = project.surveys / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8")
    added = (
        'digits = 3\nboundaries = "gemeinden.geojson"\nboundaries_source = "© GeoBasis-DE / BKG 2021 (Daten verändert)"'
    )
    path.write_text(text.replace("digits = 3", added, 1), encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    wave = loaded.wave("2026")
    block = show.area_map(
        disclosure.release(needs.small_areas(wave, "F07")), needs.area_table(wave), wave, title="Karte", name="k"
    )
    assert "© GeoBasis-DE / BKG 2021 (Daten verändert)" in block.html
    broken = json.loads(source.read_text())
    broken["features"] = [f for f in broken["features"] if f["properties"]["GEN"] != "Ahnatal"]
    (project.reference / "gemeinden.geojson").write_text(json.dumps(broken))
    with pytest.raises(DataError, match="boundaries lack an area"):
        show.area_map(
            disclosure.release(needs.small_areas(wave, "F07")), needs.area_table(wave), wave, title="Karte", name="k"
        )


def test_a_map_of_nothing_says_so(wave: Wave) -> None:
    frame = needs.small_areas(wave, "F07")
    hidden = facts_of(frame).on(frame.assign(estimate=np.nan))
    block = show.area_map(disclosure.release(hidden), needs.area_table(wave), wave, title="Karte", name="k")
    assert "Für keine Gemeinde liegen genug Antworten" in block.html
    assert "Am höchsten" not in block.html


def test_a_drawing_of_steps_says_which_items_it_does_not_draw(later: Wave) -> None:
    block = show.diverging(disclosure.release(needs.steps(later, "WICHT")), later)
    assert "Nicht gezeichnet: Schule und Ganztag." in block.notes
    assert block.text.endswith("Einzelne Zahlen dürfen nicht gezeigt werden.")


def test_a_scale_begins_at_its_lowest_step(wave: Wave) -> None:
    dots = show.dot_plot(disclosure.release(needs.importance(wave)), wave).figure.axes[0]
    panels = show.small_multiples(disclosure.release(needs.importance(wave, by="kinder")), wave).figure.axes[0]
    assert dots.get_xlim() == panels.get_xlim() == (0.9, 5.1)


def test_totals_are_drawn_with_the_digits_of_their_table(wave: Wave) -> None:
    block = show.dot_plot(disclosure.release(needs.people(wave)), wave)
    told = [row[1].partition(" (")[0] for row in block.content.rows]
    assert {text.get_text() for text in block.figure.axes[0].texts} == set(told)
    assert f"mit {max(told, key=lambda text: int(text.replace('.', '')))}" in block.text


def test_nothing_below_zero_is_cut_off(wave: Wave) -> None:
    """The gap of one field is negative: an axis that begins at zero showed a label without a dot."""
    released = disclosure.release(needs.gap(wave))
    lowest = released.rows()["estimate"].min()
    assert lowest < 0
    assert show.dot_plot(released, wave).figure.axes[0].get_xlim()[0] < lowest
    assert show.dot_plot(disclosure.release(needs.unmet(wave)), wave).figure.axes[0].get_xlim()[0] == 0


def test_a_change_says_which_wave_is_taken_off_which(wave: Wave, later: Wave) -> None:
    released = disclosure.release(needs.trend(wave, later, "satisfaction"))
    assert show.change_plot(released, wave, later).figure.axes[0].get_xlabel() == "2028 minus 2026, in Punkten"
    by_group = disclosure.release(needs.trend(wave, later, "unmet_need", by="kinder"))
    drawn = show.change_plot(by_group, wave, later).figure
    assert {axes.get_xlabel() for axes in drawn.axes[-2:]} == {"2028 minus 2026, in Prozentpunkten"}


def test_numbers_of_falls_stand_left_of_them_where_no_line_of_zero_is(wave: Wave, later: Wave) -> None:
    frame = needs.trend(wave, later, "satisfaction")
    low = frame["estimate"].idxmin()
    fallen = frame.assign(
        **{
            name: frame[name].mask(frame.index == low, value)
            for name, value in {"estimate": -0.5, "sim_low": -0.6, "sim_high": -0.4}.items()
        }
    )
    drawn = show.change_plot(disclosure.release(facts_of(frame).on(fallen)), wave, later).figure
    sides = {text.get_text(): text.get_horizontalalignment() for text in drawn.axes[0].texts}
    assert sides["−0,50"] == "right"
    assert sides["+0,44"] == "left"


def test_a_drawing_says_why_rows_are_lacking_and_which_rest_on_few(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="gemeinde"))
    block = show.small_multiples(released, wave)
    hidden = len(released.frame) - len(released.rows())
    assert (
        f"{hidden} von {len(released.frame)} Zeilen sind nicht gezeichnet: beruht auf 1 bis 4 Personen;" in block.html
    )
    small = int(released.rows()["small"].sum())
    assert f"Kleine Basis (weniger als 30 Personen): {small} von {len(released.rows())} Zeilen." in block.notes
    dashes = [text for axes in block.figure.axes for text in axes.texts if text.get_text() == "–"]
    assert len(dashes) == hidden


def test_a_map_explains_the_areas_without_a_value(wave: Wave) -> None:
    released = disclosure.release(needs.small_areas(wave, "F07"))
    block = show.area_map(released, needs.area_table(wave), wave)
    assert released.rows()["estimate"].count() < len(needs.area_table(wave))
    texts = [text.get_text() for text in block.figure.legends[0].get_texts()]
    assert texts[-1] == "– zu wenige Antworten oder zu ungenau"


def test_a_map_says_in_words_what_its_colours_say(wave: Wave) -> None:
    frame = needs.small_areas(wave, "F07")
    areas = needs.area_table(wave)
    alike = frame.assign(ci_low=0.1, ci_high=0.2, shrinkage=0.01)
    block = show.area_map(disclosure.release(facts_of(frame).on(alike)), areas, wave, title="Karte", name="k")
    assert "bei keiner ist ein Unterschied zum Landkreis nachweisbar" in block.text
    assert "ein Gewicht von höchstens 1\u202f%" in block.html
    close = {"ci_low": frame["estimate"] - 0.001, "ci_high": frame["estimate"] + 0.001, "shrinkage": 0.5}
    told = show.area_map(
        disclosure.release(facts_of(frame).on(frame.assign(**close))), areas, wave, title="Karte", name="k"
    )
    above = told.text.partition("über dem Landkreis: ")[2].partition(";")[0].split(", ")
    assert len(above) == told.html.count("▲") - 1
    assert "gewogen" in told.html


def test_a_map_claims_no_more_than_its_intervals(wave: Wave) -> None:
    frame, areas = needs.small_areas(wave, "F07"), needs.area_table(wave)
    unmet = float(needs.unmet(wave).set_index("variable")["estimate"]["F07"])
    district = disclosure.release(frame).facts.details["district"]
    assert district == round(unmet, 2)
    alike = show.area_map(disclosure.release(frame), areas, wave, name="k")
    assert "▲" not in alike.html
    assert "▼" not in alike.html
    assert "kein Unterschied nachweisbar" in alike.html
    sure = frame.assign(ci_low=frame["estimate"] - 0.001, ci_high=frame["estimate"] + 0.001, shrinkage=0.5)
    released = disclosure.release(facts_of(frame).on(sure))
    block = show.area_map(released, areas, wave, name="k")
    above = int((released.rows()["ci_low"] > district).sum())
    # one in the legend
    assert block.html.count("▲") == above + 1
    assert "Bei 28 Gemeinden kommt das auch durch Zufall vor, im Mittel etwa 1,4-mal." in block.html


def test_a_district_of_few_is_not_told_beside_its_municipalities(wave: Wave) -> None:
    frame = needs.small_areas(wave, "F07")
    facts = facts_of(frame)
    few = {**facts.details, "district": {**facts.details["district"], "count": 3.0}}
    released = disclosure.release(facts.but(details=few).on(frame))
    assert released.facts.details["district"] is None
    block = show.area_map(released, needs.area_table(wave), wave, name="k")
    assert "Farbig ist eine Gemeinde nur" not in block.html


@pytest.mark.parametrize("content", ["", "{}", '{"features": [{"geometry": null}]}', "[1]"])
def test_boundaries_that_are_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(content)
    with pytest.raises(DataError, match="boundaries cannot be read"):
        read_boundaries(path, "AGS", 3)


def test_text_stands_out_against_every_colour_of_a_map() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    for share in np.linspace(0, 1, 21):
        colour = style.sequential(float(share))
        light, dark = sorted([luminance(colour), luminance(style.text_on(colour))], reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3.9


def test_changes_in_groups_have_a_panel_for_each_item(wave: Wave, later: Wave) -> None:
    released = disclosure.release(needs.trend(wave, later, "satisfaction", by="altersgruppe"))
    block = show.change_plot(released, wave, later)
    rows = released.rows().dropna(subset=["estimate"])
    panels = block.figure.axes
    assert len([axes for axes in panels if axes.get_title(loc="left")]) == rows["variable"].nunique()
    limits = {axes.get_xlim() for axes in panels if axes.get_title(loc="left")}
    assert len(limits) == 1
    assert limits.pop()[0] < 0
    clear = rows[(rows["sim_low"] > 0) | (rows["sim_high"] < 0)]
    assert len(clear) > 1
    assert block.payload["alt"].count(";") == len(clear) - 1
    assert "Digitale Kompetenzen, 65+ +0,54" in block.payload["alt"]
    assert block.data is not None
    assert len(block.data) == len(released.rows())


def test_a_figure_with_hidden_numbers_says_so_beside_its_highest(wave: Wave) -> None:
    hidden = "Einzelne Zahlen dürfen nicht gezeigt werden."
    for by, is_hidden in (("kinder", False), ("altersgruppe", True)):
        block = show.small_multiples(disclosure.release(needs.unmet(wave, by=by)), wave)
        assert block.payload["alt"].endswith(hidden) is is_hidden


def test_a_figure_says_how_many_it_does_not_draw(wave: Wave) -> None:
    hidden = disclosure.release(needs.unmet(wave, by="gemeinde"))
    missing = len(hidden.frame) - len(hidden.rows())
    assert missing
    notes = show.small_multiples(hidden, wave).notes
    assert f"{missing} von {len(hidden.frame)} Zeilen sind nicht gezeichnet" in " ".join(notes)
    frame = needs.steps(wave, "ZUFR")
    assert "nicht gezeichnet" not in " ".join(show.diverging(disclosure.release(frame), wave).notes)
    strict = disclosure.release(frame, disclosure.Limits(minimum_cell=40))
    whole = strict.frame.groupby("variable")["decision"].agg(lambda own: (own == "shown").all())
    assert 0 < (~whole).sum() < len(whole)
    assert f"{(~whole).sum()} von {len(whole)} Zeilen sind nicht gezeichnet" in " ".join(
        show.diverging(strict, wave).notes
    )


def test_places_are_of_those_that_are_drawn(wave: Wave) -> None:
    frame = needs.unmet(wave)
    assert show.rank_plot(disclosure.release(frame), wave).figure.axes[0].get_xlabel() == "Platz"
    strict = disclosure.release(frame, disclosure.Limits(minimum_cell=100))
    assert len(strict.rows()) < len(frame)
    assert show.rank_plot(strict, wave).figure.axes[0].get_xlabel() == "Platz unter den gezeigten"
    content = show.rank_table(strict, wave).content
    assert content is not None
    assert content.headings[0] == "Platz unter den gezeigten"
    missing = len(frame) - len(strict.rows())
    assert content.notes[0].startswith(f"{missing} von {len(frame)} Zeilen dürfen nicht gezeigt werden")


def test_one_row_that_is_not_drawn_is_one_and_a_question_ends_once(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave))
    assert not_drawn(9, 10, [released], "de") == ["1 von 10 Zeilen ist nicht gezeichnet."]
    assert not_drawn(8, 10, [released], "de") == ["2 von 10 Zeilen sind nicht gezeichnet."]
    block = show.dot_plot(released, wave, title="Wo fehlt etwas?")
    assert block.text.startswith("Wo fehlt etwas? ")
    assert "?." not in block.text
