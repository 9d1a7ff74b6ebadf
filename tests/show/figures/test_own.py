"""A researcher's own figures: seaborn's plots, in our look, and onto a page only with what passed the gate."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest
import seaborn.objects as so

from bildungsbedarf import disclosure, estimate, needs, show
from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.show.figures.own import plotted
from bildungsbedarf.show.figures.style import text_on
from bildungsbedarf.wave import Wave

ALT = "Am größten ist der ungedeckte Bedarf bei digitalen Kompetenzen."


@pytest.fixture(scope="module")
def released(wave: Wave) -> Released:
    return disclosure.release(needs.unmet(wave, by="altersgruppe"))


def drawn(plot: so.Plot) -> so.Plot:
    with mpl.rc_context():
        plot.on(mpl.figure.Figure()).plot()
    return plot


def test_a_plot_of_a_released_frame_holds_only_what_may_be_shown(released: Released, wave: Wave) -> None:
    rows = plotted(released, wave)
    assert 0 < len(rows) < len(released.frame)
    assert set(rows["decision"]) == {"shown"}
    assert rows["label"].iloc[0] == "Frühe Bildung und Kita"


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_it_can_be_changed_with_what_seaborn_offers(released: Released, wave: Wave) -> None:
    plot = show.estimates(released, wave, color="altersgruppe")
    changed = plot.limit(x=(0, 1)).label(x="Anteil").layout(size=(4, 4)).facet("altersgruppe")
    assert isinstance(drawn(changed), so.Plot)
    block = show.own(changed, released, wave, title="Bedarf nach Alter", alt=ALT)
    assert block.figure.get_size_inches().tolist() == [4, 4]
    assert [axes.get_title() for axes in block.figure.axes] == ["18–29", "30–44", "45–64", "65+"]


def test_the_block_is_one_like_any_other(released: Released, wave: Wave) -> None:
    block = show.own(show.estimates(released, wave, color="altersgruppe"), released, wave, title="Wo es fehlt", alt=ALT)
    assert f'aria-label="{ALT}"' in block.html
    assert "Quelle: Befragung der Erwachsenen 2026" in block.html
    assert "Unsicherheitsbereich" in block.html
    assert "20\u202f%" in block.html or "20\u00a0%" in block.html
    assert '<table role="table"' in block.html
    assert len(block.data) == len(released.rows())
    again = show.own(show.estimates(released, wave, color="altersgruppe"), released, wave, title="Wo es fehlt", alt=ALT)
    assert again.html == block.html


def test_items_stand_in_one_order_in_every_panel(released: Released, wave: Wave) -> None:
    block = show.own(show.estimates(released, wave, facet="altersgruppe"), released, wave, title="x", alt=ALT)
    asked = [label.replace("\n", " ") for label in dict.fromkeys(plotted(released, wave)["label"])]
    first = block.figure.axes[0]
    shown = [label.get_text().replace("\n", " ") for label in first.get_yticklabels()]
    assert set(shown) == set(asked)
    labels = [needs.item_title(wave, item) for item in dict.fromkeys(released.frame["variable"])]
    assert shown == [label for label in labels if label in shown]


def test_other_numbers_than_the_released_ones_are_refused(released: Released, wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    rows = plotted(released, wave)
    before_the_gate = show.estimates(frame, wave)
    doubled = so.Plot(rows.assign(estimate=rows["estimate"] * 2), x="estimate", y="label").add(so.Dot())
    layer = show.estimates(released, wave).add(so.Line(), data=frame, x="estimate", y="variable")
    vector = show.estimates(released, wave).add(so.Dot(), x=[0.123456], y=["Frühe Bildung und Kita"])
    people = so.Plot(wave.responses, x="ALTER", y="GESCHL").add(so.Dot())
    words = so.Plot(rows.assign(estimate=rows["estimate"].astype(object) + 0.01), x="estimate", y="label")
    for plot in (before_the_gate, doubled, layer, vector, people, words):
        with pytest.raises(DisclosureError, match="did not pass the gate"):
            show.own(plot, released, wave, title="x", alt=ALT)


def test_a_frame_that_did_not_pass_makes_no_block(wave: Wave) -> None:
    frame = needs.unmet(wave)
    with pytest.raises(DisclosureError, match="only what passed the gate"):
        show.own(show.estimates(frame, wave), frame, wave, title="x", alt=ALT)  # type: ignore[arg-type]


@pytest.mark.parametrize("alt", ["", "  ", "Wo es fehlt"])
def test_a_figure_without_words_for_those_who_do_not_see_it_is_refused(
    released: Released, wave: Wave, alt: str
) -> None:
    with pytest.raises(ConfigError, match="do not see it"):
        show.own(show.estimates(released, wave), released, wave, title="Wo es fehlt", alt=alt)


def test_a_function_draws_the_released_rows(wave: Wave) -> None:
    whole = disclosure.release(needs.unmet(wave))
    seen: list[pd.DataFrame] = []

    def draw(rows: pd.DataFrame, axes: object) -> None:
        seen.append(rows)
        axes.barh(rows["label"], rows["estimate"])  # type: ignore[attr-defined]

    block = show.own(draw, whole, wave, title="Bedarf", alt=ALT, notes=["Eigene Darstellung."])
    assert set(seen[0]["decision"]) == {"shown"}
    assert len(block.figure.axes[0].patches) == len(whole.rows())
    assert "Eigene Darstellung." in block.html


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_several_waves_and_frames_of_estimate(wave: Wave, later: Wave) -> None:
    both = needs.unmet([wave, later])  # type: ignore[arg-type]
    plot = show.estimates(both, later, color="wave")
    assert "Digitale Kompetenzen" in plotted(both, later)["label"].tolist()
    drawn(plot)
    shares = estimate.proportion(wave, "GESCHL", by="altersgruppe")
    drawn(show.estimates(shares, wave, y="altersgruppe", facet="label"))
    assert plotted(shares, wave)["label"].unique().tolist() == ["weiblich", "männlich", "divers"]
    drawn(show.estimates(estimate.mean([wave, later], "ALTER"), later, y="wave"))  # type: ignore[arg-type]


def test_what_is_not_there_to_draw_is_named(released: Released, wave: Wave) -> None:
    with pytest.raises(ConfigError, match="altersgruppe"):
        show.estimates(released, wave, color="altergruppe")


def test_colours_stand_out_and_are_not_too_many() -> None:
    colours = show.palette()
    assert len(set(colours)) == len(colours) == 6
    assert all(_contrast(colour) >= 3 for colour in colours)
    assert len(show.palette("steps", 5)) == len(show.palette("amount")) == 5
    assert {text_on(colour) for colour in show.palette("amount")} == {"#FFFFFF", "#1F2933"}
    with pytest.raises(ConfigError, match="cannot be told apart"):
        show.palette("groups", 7)
    with pytest.raises(ConfigError, match="groups"):
        show.palette("group")


def _contrast(colour: str) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    return 1.05 / (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05)
