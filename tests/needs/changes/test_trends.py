"""Trends: a panel's covariance counts, choices are recomputed."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.about import MEASURES
from bildungsbedarf.needs.changes import trends
from bildungsbedarf.needs.changes.trends import is_panel
from bildungsbedarf.needs.fields import measures
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave


def _as_panel(wave: Wave, keys: pd.Series) -> Wave:
    prepared = wave.prepared
    again = Wave(wave.files, wave.name, wave.audience)
    responses = prepared.responses.assign(panel=keys.to_numpy())
    again.__dict__["prepared"] = type(prepared)(responses, prepared.missing, prepared.quality)
    return again


def test_persons_who_answer_twice_alike_narrow_the_interval(wave: Wave) -> None:
    # the same persons with the same answers in both waves: nothing changed, and that is certain
    keys = wave.responses["id"].astype("string")
    one, two = _as_panel(wave, keys), _as_panel(wave, keys)
    assert is_panel(one, two)
    frame = needs.trend(one, two, "satisfaction")
    assert frame["estimate"].to_numpy() == pytest.approx(np.zeros(10))
    assert frame["se"].to_numpy() == pytest.approx(np.zeros(10), abs=1e-12)
    with pytest.raises(ConfigError, match="both waves are the same"):
        needs.trend(wave, wave, "satisfaction")


def test_other_persons_are_independent_samples(wave: Wave, later: Wave) -> None:
    one = _as_panel(wave, "a" + wave.responses["id"].astype("string"))
    two = _as_panel(later, "b" + later.responses["id"].astype("string"))
    assert not is_panel(one, two)
    assert not is_panel(wave, later)
    # one person in both changes little: the stacked design is the two samples without their calibration
    keys = "b" + later.responses["id"].astype("string")
    keys.iloc[0] = one.responses["panel"].iloc[0]
    joined = needs.trend(one, _as_panel(later, keys), "satisfaction")
    plain = needs.trend(wave, later, "satisfaction")
    assert joined["estimate"].to_numpy() == pytest.approx(plain["estimate"].to_numpy())
    assert (joined["se"] / plain["se"]).between(0.9, 1.2).all()


def test_choices_of_a_trend(wave: Wave, later: Wave) -> None:
    found = needs.trend_sensitivity(wave, later, "satisfaction")
    assert list(found) == ["reported", "flagged_left_out", "unweighted"]
    alike = found["reported"]["estimate"] - found["flagged_left_out"]["estimate"]
    assert alike.abs().max() < 0.1


def test_a_measure_of_which_no_trend_is_known_is_no_other_ones_trend(
    wave: Wave, later: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(measures.MEASURES, "very_important", measures.importance)
    row = replace(MEASURES["importance"], key="very_important")
    monkeypatch.setitem(MEASURES, "very_important", row)
    with pytest.raises(ConfigError, match=r"no trend is known(.|\n)*'very_important'"):
        needs.trend(wave, later, "very_important")


def test_three_waves_are_one_family(wave: Wave, later: Wave) -> None:
    """A change in the middle is said, at the level of all comparisons together."""
    # the copy has what was read, whichever test came first: there is no snapshot of 2027
    later.require()
    between = copy.copy(later)
    between.name = "2027"
    waves = [wave, between, later]
    found = needs.development(waves, "unmet_need")
    assert [(one.name, two.name) for one, two in found] == [("2026", "2028"), ("2026", "2027"), ("2027", "2028")]
    alone = needs.trend(wave, later, "unmet_need")
    whole, _, second = found.values()
    assert whole["estimate"].to_numpy() == pytest.approx(alone["estimate"].to_numpy())
    assert (whole["sim_high"] > alone["sim_high"]).all()
    assert facts_of(whole).family == 3 * facts_of(alone).family
    assert second["estimate"].abs().max() < 1e-12
    recorded = [
        finding
        for (one, two), frame in found.items()
        for finding in findings.record(disclosure.release(frame), two, earlier=one)
    ]
    names = [finding.id for finding in recorded]
    assert len(set(names)) == len(names)
    assert {"trend_unmet_need.F05", "trend_unmet_need.F05.2026–2027", "trend_unmet_need.F05.2027–2028"} <= set(names)
    told = {finding.id: finding.statement["de"] for finding in recorded}
    assert "von 2026 bis 2027 zurückgegangen" in told["trend_unmet_need.F05.2026–2027"]
    assert "keine Veränderung" in told["trend_unmet_need.F05.2027–2028"]
    assert not any(finding.headline for finding in recorded if finding.id.count(".") == 2)
    blocks = [show.change_plot(disclosure.release(frame), *pair) for pair, frame in found.items()]
    assert len({block.payload["name"] for block in blocks}) == 3
    assert blocks[1].payload["title"].endswith(", 2026–2027")
    with pytest.raises(ConfigError, match="needs two waves"):
        needs.development([wave], "unmet_need")


@pytest.mark.parametrize("measure", ["barrier", "unmet_need", "satisfaction"])
def test_each_row_is_the_difference_of_its_own_two_levels(wave: Wave, later: Wave, measure: str) -> None:
    """In the questionnaire's order, which is not that of the alphabet (barriers: ZEIT, GELD, WEG, …)."""
    frame = needs.trend(wave, later, measure).set_index("variable")
    compute = {"barrier": needs.barriers, "unmet_need": needs.unmet, "satisfaction": needs.satisfaction}[measure]
    before, after = (compute(each).set_index("variable") for each in (wave, later))
    assert list(frame.index) == list(before.index)
    for name in frame.index:
        change = after.loc[name, "estimate"] - before.loc[name, "estimate"]
        assert frame.loc[name, "estimate"] == pytest.approx(change)
        assert frame.loc[name, "se"] ** 2 == pytest.approx(after.loc[name, "se"] ** 2 + before.loc[name, "se"] ** 2)
        assert (frame.loc[name, "before"], frame.loc[name, "n_after"]) == (
            before.loc[name, "estimate"],
            after.loc[name, "n"],
        )


def test_a_barrier_that_grew_is_said_to_have_grown(wave: Wave, later: Wave) -> None:
    """Everybody asked in the later wave names it."""
    other = copy.copy(later)
    boxes = [column.name for column in later.codebook.columns_of(later.needs.barriers) if column.item == "WEG"]
    responses = later.responses.copy()
    responses[boxes[0]] = responses[boxes[0]].mask(responses[boxes[0]].notna(), other=True)
    other.__dict__["prepared"] = type(later.prepared)(responses, later.prepared.missing, later.prepared.quality)
    other.__dict__.pop("_weighted", None)
    told = findings.record(disclosure.release(needs.trend(wave, other, "barrier")), other, earlier=wave)
    grown = next(one for one in told if one.id == "trend_barrier.WEG")
    assert grown.statement["de"].startswith("„Zu weit weg“ wird 2028 häufiger als 2026 als Grund genannt")
    assert grown.estimate > 0.5
    assert [one.item for one in told if "nicht nachweisbar" not in one.statement["de"]] == ["WEG"]


@pytest.mark.parametrize("measure", ["unmet_need", "satisfaction"])
def test_a_change_in_groups_is_the_difference_of_their_means(wave: Wave, later: Wave, measure: str) -> None:
    found = needs.trend(wave, later, measure, by="Kinder im Haushalt")
    assert facts_of(found).by == ("kinder",)
    assert facts_of(found).family == len(found) == 20
    columns = [trends._asked(one, measure).columns.astype("Float64") for one in (wave, later)]
    designs = [one.design.with_columns(data) for one, data in zip((wave, later), columns, strict=True)]
    apart = estimate.difference(designs[1], designs[0], "mean", list(columns[0]), by="kinder")
    both = found.merge(apart, on=["variable", "kinder"], suffixes=("", "_apart"))
    assert len(both) == 20
    for name in ("estimate", "se", "df", "n"):
        np.testing.assert_allclose(both[name].astype(float), both[f"{name}_apart"].astype(float), rtol=1e-9)
    np.testing.assert_allclose(both["before"], both["b"], rtol=1e-9)
    np.testing.assert_allclose(both["after"], both["a"], rtol=1e-9)
    assert (found["sim_high"] - found["sim_low"] > found["ci_high"] - found["ci_low"]).all()


def test_a_panel_counts_in_groups_too(wave: Wave) -> None:
    keys = wave.responses["id"].astype("string")
    frame = needs.trend(_as_panel(wave, keys), _as_panel(wave, keys), "unmet_need", by=["kinder", "geschlecht"])
    assert frame["se"].to_numpy() == pytest.approx(np.zeros(len(frame)), abs=1e-12)
    assert list(frame.columns[:4]) == ["variable", "category", "kinder", "geschlecht"]


def test_a_change_in_groups_is_shown_as_such_and_makes_no_sentence_of_all(wave: Wave, later: Wave) -> None:
    released = disclosure.release(needs.trend(wave, later, "unmet_need", by="kinder"))
    shown = show.table(released, later, earlier=wave)
    assert "mit Kindern" in shown.html
    assert findings.record(released, later, earlier=wave) == []
    with pytest.raises(ConfigError, match="shows no groups"):
        show.change_table(released, wave, later)
