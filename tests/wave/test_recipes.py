from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, estimate, needs, participation
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.recipes import recompute


def test_a_frame_says_how_to_compute_it_again(study: Study, wave: Wave, later: Wave, conference: Wave) -> None:
    frames = [
        needs.unmet(wave),
        needs.unmet(wave, by="altersgruppe"),
        needs.equity(wave, "kinder"),
        needs.formats(wave, statistic="wanted_not_used"),
        needs.intersections(wave, ["altersgruppe", "kinder"]),
        needs.trend(wave, later, "unmet_need", pairs=3, period="step"),
        participation.agreement(conference, by="bereich"),
    ]
    for frame in frames:
        recipe = facts_of(frame).recipe
        assert recipe["function"].startswith(("needs.", "participation."))
        again = recompute(recipe, study)
        pd.testing.assert_frame_equal(again, frame)
        assert again.attrs == frame.attrs


def test_a_measure_named_by_its_function_has_a_recipe(study: Study, wave: Wave, later: Wave) -> None:
    frame = needs.trend(wave, later, needs.unmet)
    assert facts_of(frame).recipe["arguments"] == {"measure": "unmet_need"}
    pd.testing.assert_frame_equal(recompute(facts_of(frame).recipe, study), frame)


def test_the_outermost_function_stands_in_the_recipe(wave: Wave, later: Wave) -> None:
    recipe = facts_of(needs.trend(wave, later, "gap")).recipe
    assert recipe == {
        "function": "needs.trend",
        "arguments": {"measure": "gap"},
        "waves": [["2026", "erwachsene"], ["2028", "erwachsene"]],
    }


def test_what_is_no_wave_as_declared_has_no_recipe(wave: Wave) -> None:
    columns = {"importance": ["WICHT_F05"], "satisfaction": ["ZUFR_F05"], "scale": (1, 5)}
    flags = pd.DataFrame({"a": wave.responses["ALTER"] > 40})
    for frame in (
        needs.unmet(wave.unweighted()),
        needs.unmet(wave.with_rules("exclude")),
        needs.unmet(wave.design, **columns),
        needs.equity(wave, "kinder", columns=flags),
    ):
        assert facts_of(frame).recipe == {}


def test_a_recipe_of_another_version_is_one_clear_error(study: Study) -> None:
    pair = [["2026", "erwachsene"]]
    with pytest.raises(ConfigError, match="not there any more") as caught:
        recompute({"function": "needs.unmett", "arguments": {}, "waves": pair}, study)
    assert "needs.unmet" in str(caught.value)
    with pytest.raises(ConfigError, match="takes other arguments now"):
        recompute({"function": "needs.ranking", "arguments": {"colour": "red"}, "waves": pair}, study)
    with pytest.raises(ConfigError, match="not there any more"):
        recompute({"function": "os.system", "arguments": {}, "waves": pair}, study)


def test_several_waves_stand_beneath_each_other_to_look_at(wave: Wave, later: Wave) -> None:
    both = needs.unmet([wave, later], by="kinder")  # type: ignore[arg-type]
    assert both.columns[0] == "wave"
    for one in (wave, later):
        own = needs.unmet(one, by="kinder")
        part = both[both["wave"] == one.name].drop(columns="wave").reset_index(drop=True)
        assert part["estimate"].tolist() == own["estimate"].tolist()
        assert part["kinder"].tolist() == own["kinder"].tolist()
    means = estimate.mean([wave, later], "WICHT[F05]", by="Altersgruppe")  # type: ignore[arg-type]
    assert means["wave"].tolist() == ["2026"] * 4 + ["2028"] * 4
    with pytest.raises(DisclosureError, match="release each wave"):
        disclosure.release(both)


def test_audiences_of_one_wave_are_told_apart(study: Study, wave: Wave) -> None:
    both = estimate.proportion([wave, study.wave("2026", "schule")], "GESCHL")  # type: ignore[arg-type]
    assert list(both["wave"].unique()) == ["2026 erwachsene", "2026 schule"]


def test_a_list_of_no_waves_is_said(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="list of waves"):
        needs.unmet([])  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="list of waves"):
        estimate.covariance([], "mean", ["ALTER"])  # type: ignore[arg-type]


def test_groups_are_named_as_a_report_names_them(study: Study, wave: Wave) -> None:
    named = needs.unmet(wave, by="Kinder im Haushalt")
    pd.testing.assert_frame_equal(named, needs.unmet(wave, by="kinder"))
    assert facts_of(named).recipe["arguments"] == {"by": "kinder"}
    pd.testing.assert_frame_equal(recompute(facts_of(named).recipe, study), named)


def test_what_is_of_one_wave_takes_a_list_of_them(wave: Wave, later: Wave) -> None:
    for frame in (
        needs.adjusted([wave, later], "kinder", ["geschlecht"], items=["F05"]),
        needs.inequality([wave, later], "altersgruppe", items=["F05"]),
        needs.tabulate([wave, later], names=["GESCHL"]),
    ):
        assert list(dict.fromkeys(frame["wave"])) == ["2026", "2028"]
        assert "facts" not in frame.attrs
