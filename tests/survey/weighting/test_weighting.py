from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey import SurveyDesign, estimate, weighting


def _design(seed: int = 1, rows: int = 200) -> SurveyDesign:
    random = np.random.default_rng(seed)
    data = pd.DataFrame(
        {
            "a": pd.Categorical.from_codes(np.append(random.integers(0, 2, rows - 2), [0, 1]), ["x", "y"]),
            "b": pd.Categorical.from_codes(np.append(random.integers(0, 3, rows - 3), [0, 1, 2]), ["1", "2", "3"]),
            "v": random.normal(size=rows),
        }
    )
    return SurveyDesign(data)


MARGINS = {"a": {"x": 700.0, "y": 300.0}, "b": {"1": 500.0, "2": 250.0, "3": 250.0}}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5000))
def test_raking_hits_its_totals(seed: int) -> None:
    raked = weighting.rake(_design(seed), MARGINS)
    for name, totals in MARGINS.items():
        frame = estimate.total(raked, name)
        np.testing.assert_allclose(frame["estimate"], list(totals.values()), rtol=1e-9)
        # what the weights are fitted to does not vary
        assert (frame["se"] < 1e-6).all()
    assert raked.report.worst_deviation <= 1e-10


def test_calibration_lowers_the_variance_of_what_it_explains() -> None:
    design = _design(rows=2000)
    design = design.with_columns(pd.DataFrame({"v": design.data["v"] + 5 * (design.data["a"] == "x")}))
    plain = estimate.mean(design, "v")["se"][0]
    raked = estimate.mean(weighting.rake(design, MARGINS), "v")["se"][0]
    assert raked < 0.6 * plain


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({"a": {"x": 700, "y": 300}, "b": {"1": 1, "2": 1, "3": 1}}, "different totals"),
        ({"a": {"x": 700, "Y": 300}}, "unknown category"),
        ({"a": {"x": 1000}}, "occurs but has no total"),
        ({"c": {"x": 1000}}, "there is no variable"),
    ],
)
def test_impossible_margins(margins: dict[str, dict[str, float]], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        weighting.rake(_design(), margins)


def test_total_nobody_can_reach() -> None:
    design = _design()
    column = design.data["a"].cat.add_categories(["z"])
    with pytest.raises(DesignError, match="nobody is in this category"):
        weighting.rake(design.with_columns(column.to_frame()), {"a": {"x": 1, "y": 1, "z": 1}})


def test_no_convergence_names_the_margin() -> None:
    data = pd.DataFrame({"a": pd.Categorical(["x", "x", "y"]), "b": pd.Categorical(["1", "1", "2"])})
    with pytest.raises(DesignError, match=r"raking does not converge[\s\S]*merge this category"):
        weighting.rake(SurveyDesign(data), {"a": {"x": 1, "y": 2}, "b": {"1": 2, "2": 1}})


def test_raking_and_trimming_hold_together() -> None:
    base = np.random.default_rng(3).lognormal(0, 1, 200)
    design = SurveyDesign(_design().data.assign(w=base), weights="w")
    free = weighting.rake(design, MARGINS).report
    assert free.weight_max > 4
    bound = weighting.rake_trimmed(design, MARGINS, 0.2, 4.0)
    assert bound.report.trimmed > 0
    assert bound.report.weight_max <= 4.0 * (1 + 1e-5)
    assert bound.report.weight_min >= 0.2 * (1 - 1e-5)
    frame = estimate.total(bound, "b")
    np.testing.assert_allclose(frame["estimate"], list(MARGINS["b"].values()), rtol=1e-8)
    with pytest.raises(DesignError, match="cannot both hold"):
        weighting.rake_trimmed(design, MARGINS, 0.9, 1.1)


def test_trimming_limits() -> None:
    design = _design()
    assert weighting.trim(design, 0.5, 2).report.trimmed == 0
    with pytest.raises(DesignError, match="exclude the mean"):
        weighting.trim(design, 2, 3)
