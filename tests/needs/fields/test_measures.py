from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import beta, norm, t

from bildungsbedarf import needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave import Wave


def test_columns_and_family(wave: Wave) -> None:
    frame = needs.unmet(wave)
    assert frame["variable"].tolist() == [f"F{n:02d}" for n in range(1, 11)]
    assert {"n", "count", "estimate", "ci_low", "ci_high", "sim_low", "sim_high", "rank_best", "rank_worst"} <= set(
        frame
    )
    assert facts_of(frame).family == 10
    assert (frame["sim_low"] <= frame["ci_low"] + 0.01).all()
    assert (frame["rank_best"] <= frame["rank_worst"]).all()


def test_gap_is_paired(wave: Wave) -> None:
    gap, importance = needs.gap(wave), needs.importance(wave)
    assert (gap["n"] < importance["n"]).all()
    both = wave.responses[["WICHT_F01", "ZUFR_F01"]].notna().all(axis=1)
    assert gap["n"][0] == both.sum()
    weights = wave.design.weights[both]
    difference = (wave.responses["WICHT_F01"] - wave.responses["ZUFR_F01"])[both].to_numpy(dtype=float)
    assert gap["estimate"][0] == pytest.approx(np.average(difference, weights=weights))


def test_groups_are_domains(wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    assert len(frame) == 40
    whole = needs.unmet(wave).set_index("variable")
    for item, rows in frame.groupby("variable"):
        assert rows["n"].sum() == whole.loc[str(item), "n"]
        assert rows["count"].sum() == whole.loc[str(item), "count"]


def test_barriers_have_the_right_base(wave: Wave) -> None:
    frame = needs.barriers(wave)
    passed = wave.responses["BARR_ZEIT"].notna()
    assert set(frame["n"]) == {int(passed.sum())}
    assert frame["variable"].tolist()[-1] == "other"
    # persons, not mentions: the shares add up to more than the people
    assert frame["estimate"].sum() > 1


def test_distribution_weighted_and_not(wave: Wave) -> None:
    plain = needs.distribution(wave, "altersgruppe", weighted=False)
    weighted = needs.distribution(wave, "altersgruppe")
    assert plain["estimate"].sum() == pytest.approx(1)
    assert plain["ci_low"].isna().all()
    assert weighted["estimate"].sum() == pytest.approx(1)
    assert not np.allclose(plain["estimate"], weighted["estimate"])


def test_batteries_that_do_not_fit(wave: Wave) -> None:
    for importance, satisfaction, message in (
        ("WICHT", "PEKS", "other items"),
        ("WICHT", "VERTR", "other scales"),
        ("GESCHL", "ZUFR", "not a scale of numbers"),
        ("WICHT", "ZUFRI", "did you mean 'ZUFR'"),
    ):
        with pytest.raises(ConfigError, match=message):
            needs.gap(wave, importance, satisfaction)
    with pytest.raises(ConfigError, match="no multiple choice"):
        needs.barriers(wave, "TEILN")


def test_items_without_answers_or_variation() -> None:
    design = SurveyDesign(pd.DataFrame({"x": range(40)}))
    same, none = pd.Series([3.0] * 40, dtype="Float64"), pd.Series([pd.NA] * 40, dtype="Float64")
    frame = estimate_family(design, pd.DataFrame({"same": same, "none": none}), None, "importance")
    assert frame["note"].tolist()[1] == "no observations"
    assert frame["se"][0] == 0
    assert frame["rank_worst"].tolist() == [2, 2]


def test_trend_adds_variances(wave: Wave, later: Wave) -> None:
    frame = needs.trend(wave, later, "satisfaction")
    before, after = needs.satisfaction(wave), needs.satisfaction(later)
    np.testing.assert_allclose(frame["estimate"], after["estimate"] - before["estimate"])
    np.testing.assert_allclose(frame["se"], np.hypot(before["se"], after["se"]))
    assert (frame["sim_low"] < frame["ci_low"]).all()


def test_trend_only_where_the_question_is_the_same(wave: Wave, later: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(*books: object) -> dict[str, str]:
        return {f"F{n:02d}": "reworded" if n == 5 else "same" for n in range(1, 11)}

    monkeypatch.setattr("bildungsbedarf.needs.changes.trends.compare_items", changed)
    frame = needs.trend(wave, later, "satisfaction").set_index("variable")
    assert frame.loc["F05", "note"] == "reworded"
    assert np.isnan(frame.loc["F05", "estimate"])
    assert frame.loc["F05", "before"] > 0
    assert facts_of(frame).family == 9


def test_ranked_discrepancies_are_honest_at_few_cases() -> None:
    # 40 persons of equal weight: for 20 the field matters more than they are satisfied, for 4 less, for 16 as much
    important, satisfied = np.repeat([4, 2, 3], [20, 4, 16]), np.full(40, 3)
    data = pd.DataFrame({"i": important, "s": satisfied, "all_i": 5, "all_s": 1})
    frame = needs.ranked_discrepancy(SurveyDesign(data), ["i", "all_i"], ["s", "all_s"], scale=(1, 5))
    first, second = frame.iloc[0], frame.iloc[1]
    assert first["estimate"] == pytest.approx(100 * (4 - 20) / 40)
    assert first["sim_low"] < first["estimate"] < first["sim_high"] < 0
    # everybody alike is no certainty: of 40 the true share may be a tenth less
    assert second["estimate"] == second["sim_low"] == -100
    assert second["sim_high"] > -90


def _mid_p(cases: float, size: float) -> tuple[float, float]:
    def at_least(share: float, wanted: float) -> float:
        both = beta.cdf(share, cases, size - cases + 1) + beta.cdf(share, cases + 1, size - cases)
        return float(both / 2 - wanted)

    low, high = (brentq(at_least, 1e-9, 1 - 1e-9, args=(wanted,)) for wanted in (0.025, 0.975))
    return low, high


def test_the_interval_of_a_ranked_discrepancy_is_of_both_its_shares() -> None:
    important, satisfied = np.repeat([4, 2, 3], [20, 4, 16]), np.full(40, 3)
    data = pd.DataFrame({"i": important, "s": satisfied})
    frame = needs.ranked_discrepancy(SurveyDesign(data), ["i"], ["s"], scale=(1, 5))
    # mid-P on 39 effective persons, fewer by the square of z over t with 39 degrees (docs/methods.md)
    size = 39 * (norm.ppf(0.975) / t.ppf(0.975, 39)) ** 2
    below, above = (_mid_p(share * size, size) for share in (0.5, 0.1))
    r = -np.sqrt(0.1 * 0.5 / (0.9 * 0.5))
    down, up = 0.1 - above[0], above[1] - 0.1
    other_down, other_up = 0.5 - below[0], below[1] - 0.5
    low = -0.4 - np.sqrt(down**2 + other_up**2 - 2 * r * down * other_up)
    high = -0.4 + np.sqrt(up**2 + other_down**2 - 2 * r * up * other_down)
    assert frame["sim_low"][0] == pytest.approx(100 * low, abs=0.2)
    assert frame["sim_high"][0] == pytest.approx(100 * high, abs=0.2)
