from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate, weighting


def _design(seed: int = 1, rows: int = 300) -> SurveyDesign:
    random = np.random.default_rng(seed)
    data = pd.DataFrame(
        {
            "g": pd.Categorical.from_codes(np.append(random.integers(0, 2, rows - 2), [0, 1]), ["x", "y"]),
            "h": pd.Categorical.from_codes(np.arange(rows) % 3, ["1", "2", "3"]),
            "v": random.gamma(4, 1, rows),
            "w": random.uniform(2, 5, rows),
        }
    )
    return SurveyDesign(data, weights="w")


TOTALS = {"g": {"x": 600.0, "y": 450.0}, "v": 4300.0}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2000), st.sampled_from(["linear", "raking", "logit"]))
def test_totals_are_hit_exactly_and_do_not_vary(seed: int, distance: str) -> None:
    design = weighting.calibrate(_design(seed), TOTALS, distance, (0.2, 4.0))  # type: ignore[arg-type]
    frame = estimate.total(design, ["g", "v"])
    np.testing.assert_allclose(frame["estimate"], [600, 450, 4300], rtol=1e-9)
    assert (frame["se"] < 1e-6).all()
    assert (design.weights / _design(seed).weights >= 0.2 - 1e-9).all()
    assert (design.weights / _design(seed).weights <= 4.0 + 1e-9).all()
    assert design.report.worst_deviation < 1e-10


def test_poststratifying_crossed_variables() -> None:
    cells = {(g, h): 100.0 + 10 * n for n, (g, h) in enumerate((g, h) for g in "xy" for h in "123")}
    design = weighting.poststratify(_design(), ["g", "h"], cells)
    frame = estimate.total(design.with_columns(pd.DataFrame({"one": np.ones(300)})), "one", by=["g", "h"])
    np.testing.assert_allclose(frame["estimate"], list(cells.values()))
    one = weighting.poststratify(_design(), "g", TOTALS["g"])  # type: ignore[arg-type]
    same = weighting.calibrate(_design(), {"g": TOTALS["g"]})
    np.testing.assert_allclose(one.weights, same.weights)


def test_intercept_sets_the_size_of_the_population() -> None:
    design = weighting.calibrate(_design(), {"(Intercept)": 1000.0, "v": 4200.0}, "raking")
    assert design.weights.sum() == pytest.approx(1000)


def test_replicates_are_each_calibrated() -> None:
    design = weighting.calibrate(_design().to_replicates("JK1"), TOTALS)
    assert design.replicates is not None
    sums = design.data["v"].to_numpy() @ design.replicates.weights
    np.testing.assert_allclose(sums, 4300, rtol=1e-9)
    assert estimate.total(design, "v")["se"][0] < 1e-6
    linear = estimate.mean(weighting.calibrate(_design(), TOTALS), "v", by="h")
    np.testing.assert_allclose(estimate.mean(design, "v", by="h")["se"], linear["se"], rtol=0.05)


def test_two_calibrations_after_another_both_count() -> None:
    design = weighting.poststratify(weighting.calibrate(_design(), {"v": 4300.0}), "g", TOTALS["g"])  # type: ignore[arg-type]
    assert len(design.calibrations) == 2
    assert (estimate.total(design, "g")["se"] < 1e-6).all()


@pytest.mark.parametrize(
    ("totals", "distance", "bounds", "message"),
    [
        ({"v": 1e9}, "linear", (0.5, 2.0), r"does not reach its totals[\s\S]*widen the bounds"),
        ({"g": {"x": 1.0}}, "linear", None, "occurs but has no total"),
        ({"g": 100.0}, "linear", None, "is a number"),
        ({"v": 4000.0}, "logit", None, "needs bounds"),
        ({"v": 4000.0}, "linear", (1.2, 2.0), "lower limit below 1"),
        ({"v": 4000.0}, "entropy", None, "unknown distance"),
        ({"vv": 4000.0}, "linear", None, "there is no variable"),
    ],
)
def test_what_cannot_be_says_so(totals: dict[str, object], distance: str, bounds: object, message: str) -> None:
    with pytest.raises((DesignError, ConfigError), match=message):
        weighting.calibrate(_design(), totals, distance, bounds)  # type: ignore[arg-type]


def test_missing_values_are_refused() -> None:
    design = _design()
    with pytest.raises(DesignError, match="missing values"):
        weighting.calibrate(design.with_columns(design.data[["v"]].mask(design.data["v"] > 9)), {"v": 1000.0})
