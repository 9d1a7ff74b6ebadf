"""A researcher's own figures: seaborn's plots, in our look, and onto a page only with what passed the gate."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest
import seaborn.objects as so

from bildungsbedarf import disclosure, estimate, needs, participation, show
from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.show.figures.plots import plotted
from bildungsbedarf.show.figures.style import text_on
from bildungsbedarf.study.pages import contrast
from bildungsbedarf.wave import Study, Wave

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


def _rows(released: Released, wave: Wave) -> pd.DataFrame:
    return plotted(released, wave)


def test_other_rows_than_the_released_ones_are_refused(released: Released, wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    rows = _rows(released, wave)
    dot = so.Dot()

    def drawn_of(table: object, **names: object) -> so.Plot:
        return so.Plot(table, **{"x": "estimate", "y": "label", **names}).add(dot)  # type: ignore[arg-type]

    shuffled = rows.assign(estimate=rows["estimate"].to_numpy()[::-1])
    plots = {
        "before the gate": show.estimates(frame, wave, facet="altersgruppe"),
        "doubled": drawn_of(rows.assign(estimate=rows["estimate"] * 2)),
        "a new column": drawn_of(rows.assign(more=rows["estimate"] / 2)),
        "numbers as objects": drawn_of(rows.assign(estimate=rows["estimate"].astype(object) + 0.01)),
        "values of others": drawn_of(shuffled),
        "without its keys": drawn_of(rows[["estimate", "label"]]),
        "rows twice": drawn_of(pd.concat([rows, rows])),
        "a layer": show.estimates(released, wave, color="altersgruppe").add(
            so.Line(), data=frame, x="estimate", y="variable"
        ),
        "a vector": show.estimates(released, wave, color="altersgruppe").add(
            dot, x=[0.1], y=["Frühe Bildung und Kita"]
        ),
        "a vector of the plot": drawn_of(rows, x=list(range(len(rows)))),
        "a facet": show.estimates(released, wave, color="altersgruppe").facet(
            col=list(wave.responses["ALTER"][: len(rows)])
        ),
        "people": drawn_of(wave.responses, x="ALTER", y="GESCHL"),
        "a mean": drawn_of(rows).add(so.Bar(), so.Agg()),
        "moved": drawn_of(rows).add(dot, so.Shift(x=0.2)),
        "a pair": drawn_of(rows).pair(x=[[0.5] * len(rows)]),
        "an index": so.Plot(rows.set_index(pd.Index(rows["estimate"] / 3, name="roh")), x="roh", y="label").add(dot),
        "counted people": so.Plot(wave.responses[["GEM"]], y="GEM").add(so.Bar(), so.Count(), orient="y"),
        "what people wrote": so.Plot(wave.responses[["FEHLT"]].dropna(), y="FEHLT").add(so.Bar()),
        "a dictionary": drawn_of({"estimate": [0.5], "label": ["x"]}),
    }
    for name, plot in plots.items():
        with pytest.raises(DisclosureError, match=r"pass(ed)? the gate"):
            show.own(plot, released, wave, title=name, alt=ALT)


def test_numbers_added_after_the_gate_are_not_drawn(wave: Wave) -> None:
    frame = needs.unmet(wave, by="gemeinde")
    released = disclosure.release(frame)
    released.frame["roh"] = frame["estimate"].to_numpy()
    assert "roh" not in plotted(released, wave)
    with pytest.raises(ConfigError, match="no column to draw as x"):
        show.estimates(released, wave, x="roh", y="gemeinde", facet="label")


def test_a_group_has_one_colour_whatever_is_hidden(wave: Wave, later: Wave) -> None:
    for of in (wave, later):
        rows = plotted(disclosure.release(needs.unmet(of, by="altersgruppe")), of)
        assert list(rows["altersgruppe"].cat.categories) == ["18–29", "30–44", "45–64", "65+"]


def test_a_column_may_be_named_as_in_a_report(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="altersgruppe"))
    named, called = (show.estimates(released, wave, color=name) for name in ("altersgruppe", "Altersgruppe"))
    opts = {"title": "Wo es fehlt", "alt": ALT}
    assert show.own(named, released, wave, **opts).html == show.own(called, released, wave, **opts).html


def test_estimates_on_one_line_are_refused(wave: Wave) -> None:
    for frame in (needs.unmet(wave, by="altersgruppe"), needs.small_areas(wave, "F05")):
        with pytest.raises(ConfigError, match="on one line"):
            show.estimates(frame, wave)
    with pytest.raises(ConfigError, match="so many colours"):
        show.estimates(needs.unmet(wave, by="gemeinde"), wave, color="gemeinde")


def test_a_change_is_of_two_waves(wave: Wave, later: Wave) -> None:
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    block = show.own(show.estimates(change, later), change, later, title="Wandel", alt=ALT, earlier=wave)
    assert "2026" in block.html
    assert "2028" in block.html


def test_fewer_rows_and_another_order_are_free(released: Released, wave: Wave) -> None:
    rows = _rows(released, wave).sort_values("estimate").tail(5)
    plot = so.Plot(rows, x="estimate", y="label").add(so.Dot()).add(so.Bar())
    assert len(show.own(plot, released, wave, title="x", alt=ALT).figure.axes[0].get_yticklabels()) >= 1


def test_a_frame_that_did_not_pass_makes_no_block(wave: Wave) -> None:
    frame = needs.unmet(wave)
    with pytest.raises(DisclosureError, match="only what passed the gate"):
        show.own(show.estimates(frame, wave), frame, wave, title="x", alt=ALT)  # type: ignore[arg-type]


@pytest.mark.parametrize("alt", ["", "  ", "Wo es fehlt"])
def test_a_figure_without_words_for_those_who_do_not_see_it_is_refused(
    released: Released, wave: Wave, alt: str
) -> None:
    with pytest.raises(ConfigError, match="do not see it"):
        show.own(show.estimates(released, wave, facet="altersgruppe"), released, wave, title="Wo es fehlt", alt=alt)


def test_what_cannot_be_checked_is_no_figure_for_a_page(wave: Wave, later: Wave) -> None:
    whole = disclosure.release(needs.unmet(wave))

    def draw(rows: pd.DataFrame, axes: object) -> None:
        raise AssertionError("it is not called")

    for drawing in (draw, mpl.figure.Figure()):
        with pytest.raises(ConfigError, match=r"only a plot of seaborn.objects"):
            show.own(drawing, whole, wave, title="x", alt=ALT)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="of another wave"):
        show.own(show.estimates(whole, later), whole, later, title="x", alt=ALT)


def test_no_interval_is_drawn_where_the_sampling_carries_none(study: Study, wave: Wave, conference: Wave) -> None:
    pupils = study.wave("2026", "schule")
    for of, frame in (
        (pupils, estimate.mean(pupils, ["WICHT_F03", "WICHT_F05"])),
        (conference, participation.agreement(conference)),
    ):
        assert [type(layer["mark"]).__name__ for layer in show.estimates(frame, of)._layers] == ["Dot"]
    marks = [type(layer["mark"]).__name__ for layer in show.estimates(needs.unmet(wave), wave)._layers]
    assert marks == ["Range", "Dot"]


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_several_questions_are_not_one(wave: Wave) -> None:
    shares = estimate.proportion(wave, ["BARR_ZEIT", "BARR_GELD"])
    labels = [label.replace("\n", " ") for label in plotted(shares, wave)["label"]]
    assert len(set(labels)) == len(labels) == 4
    quantiles = estimate.quantile(wave, "ALTER", [0.25, 0.5])
    assert [label.replace("\n", " ") for label in plotted(quantiles, wave)["label"]][1].endswith("Median")
    model = estimate.glm(wave, "ALTER ~ kinder")
    assert plotted(model, wave)["label"].iloc[0] == "(Intercept)"
    drawn(show.estimates(model, wave))


def test_what_is_no_frame_is_said(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave))
    with pytest.raises(ConfigError, match="takes something else as wave"):
        show.estimates(released, "2026")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="no frame of estimates"):
        show.estimates(wave, wave)  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_several_waves_and_frames_of_estimate(wave: Wave, later: Wave) -> None:
    both = needs.gap([wave, later])
    plot = show.estimates(both, later, color="wave")
    kinds = {type(layer["mark"]).__name__: layer["vars"].get("xmin") for layer in plot._layers}
    assert kinds == {"Reference": None, "Range": "sim_low" if "sim_low" in both else "ci_low", "Dot": None}
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
    assert all(contrast(colour, "#FFFFFF") >= 3 for colour in colours)
    assert len(show.palette("steps", 5)) == len(show.palette("amount")) == 5
    assert {text_on(colour) for colour in show.palette("amount")} == {"#FFFFFF", "#1F2933"}
    with pytest.raises(ConfigError, match="cannot be told apart"):
        show.palette("groups", 7)
    with pytest.raises(ConfigError, match="groups"):
        show.palette("group")


def test_released_rows_may_be_drawn_directly(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="altersgruppe"))
    rows = released.rows()
    plot = so.Plot(rows, x="estimate", y="variable").facet("altersgruppe").add(so.Dot())
    assert show.own(plot, released, wave, title="Bedarf", alt=ALT).payload["alt"] == ALT
    for other in (rows.assign(estimate=rows["estimate"] + 0.01), rows.assign(small=~rows["small"])):
        with pytest.raises(DisclosureError, match="not released, or not so"):
            show.own(so.Plot(other, x="estimate").add(so.Dot()), released, wave, title="Bedarf", alt=ALT)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_changes_are_drawn_beside_zero_and_axes_have_units(wave: Wave, later: Wave) -> None:
    def axes_of(plot: so.Plot) -> mpl.axes.Axes:
        figure = mpl.figure.Figure()
        plot.on(figure).plot()
        return figure.axes[0]

    changes = axes_of(show.estimates(needs.trend(wave, later, "satisfaction"), later))
    assert changes.get_xlabel() == "Veränderung: Zufriedenheit mit den Angeboten (in\nPunkten), 2026–2028"
    zero = [line for line in changes.lines if list(line.get_xdata()) == [0.0, 0.0]]
    assert len(zero) == 1
    shares = axes_of(show.estimates(needs.equity(wave, "kinder"), wave, color="kinder"))
    assert shares.get_xlabel() == "Unterschied (in Prozentpunkten)"
    levels = axes_of(show.estimates(needs.unmet(wave), wave))
    assert levels.get_xlabel() == "Ungedeckter Bedarf"
    assert not levels.lines
    median = axes_of(show.estimates(estimate.quantile(wave, "ALTER", [0.5], by="kinder"), wave, y="kinder"))
    assert median.get_xlabel() == "Wie alt sind Sie? (Median)"
    median.figure.draw_without_rendering()
    assert all("," not in tick.get_text() for tick in median.get_xticklabels())


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_a_line_of_comparison_is_drawn_once_in_each_panel(released: Released, wave: Wave) -> None:
    plot = show.estimates(released, wave, facet="altersgruppe").add(show.Reference(at=0.25))
    figure = mpl.figure.Figure()
    plot.on(figure).plot()
    assert [len(axes.lines) for axes in figure.axes] == [1] * len(figure.axes)
    assert show.own(plot, released, wave, title="Bedarf", alt=ALT).payload["title"] == "Bedarf"


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_ticks_say_where_they_are(wave: Wave) -> None:
    plot = show.estimates(needs.hours(wave, by="altersgruppe"), wave, y="altersgruppe")
    figure = mpl.figure.Figure()
    plot.on(figure).plot()
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True):
        assert float(label.get_text().replace(",", ".")) == pytest.approx(place)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_numbers_on_both_sides_of_zero_stand_beside_it(wave: Wave) -> None:
    figure = mpl.figure.Figure()
    show.estimates(needs.gap(wave), wave).on(figure).plot()
    zero = [line for line in figure.axes[0].lines if list(line.get_xdata()) == [0.0, 0.0]]
    assert len(zero) == 1
    with pytest.raises(ConfigError, match="along x is no number"):
        show.estimates(needs.gap(wave), wave, x="label", y="estimate")


def test_colours_and_panels_have_words(wave: Wave) -> None:
    shares = plotted(estimate.proportion(wave, "GESCHL", by="altersgruppe"), wave)
    assert shares["category"].cat.categories.tolist() == ["weiblich", "männlich", "divers"]
    means = plotted(estimate.mean(wave, ["WICHT_F05", "WICHT_F07"]), wave)
    assert means["variable"].tolist() == ["Digitale Kompetenzen", "Politische Bildung und Demokratiebildung"]
    quantiles = plotted(estimate.quantile(wave, "ALTER", [0.25, 0.5], by="GESCHL"), wave)
    assert quantiles["prob"].cat.categories.tolist() == ["Quantil bei 25\u202f%", "Median"]
    assert quantiles["GESCHL"].cat.categories.tolist() == ["weiblich", "männlich", "divers"]


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_an_axis_says_of_what_and_of_whom(wave: Wave) -> None:
    def called(frame: pd.DataFrame) -> str:
        figure = mpl.figure.Figure()
        show.estimates(frame, wave).on(figure).plot()
        return str(figure.axes[0].get_xlabel()).replace("\n", " ")

    assert called(estimate.proportion(wave, "altersgruppe")) == "Altersgruppe (Anteil)"
    old = needs.unmet(wave, by="altersgruppe").query("altersgruppe == '65+'")
    assert called(old) == "Ungedeckter Bedarf; Altersgruppe: 65+"


def test_numbers_changed_or_of_another_wave_are_not_drawn(wave: Wave, later: Wave) -> None:
    with pytest.raises(ConfigError, match="not those that were computed"):
        show.estimates(needs.unmet(wave).assign(estimate=lambda frame: frame["estimate"] * 100), wave)
    with pytest.raises(ConfigError, match="another wave"):
        show.estimates(needs.unmet(wave), later)
    released = disclosure.release(needs.unmet(wave))
    words = {"title": "Wo es fehlt", "alt": "Am meisten bei digitalen Kompetenzen."}
    with pytest.raises(ConfigError, match="beyond the ends of the axis"):
        show.own(show.estimates(released, wave).limit(x=(0, 0.1)), released, wave, **words)
    assert show.own(show.estimates(released, wave).limit(x=(0, 0.6)), released, wave, **words).kind == "figure"


def test_an_axis_may_be_left_open_at_one_end(released: Released, wave: Wave) -> None:
    values, plot = released.rows()["estimate"], show.estimates(released, wave, color="altersgruppe")
    for ends in ((0, None), (None, 1), (None, None), (1, 0)):
        assert show.own(plot.limit(x=ends), released, wave, title="Bedarf", alt=ALT).figure is not None
    for ends in ((float(values.max()), None), (None, float(values.min()))):
        with pytest.raises(ConfigError, match="beyond the ends"):
            show.own(plot.limit(x=ends), released, wave, title="Bedarf", alt=ALT)
