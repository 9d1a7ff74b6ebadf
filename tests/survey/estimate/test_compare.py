from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.estimate.arithmetic import Arithmetic


def _design() -> SurveyDesign:
    random = np.random.default_rng(3)
    data = pd.DataFrame(
        {"y": random.gamma(2, 2, 300), "x": random.gamma(3, 1, 300), "g": random.choice(list("ab"), 300)}
    )
    return SurveyDesign(data)


def test_linear_and_written_contrasts_agree() -> None:
    design = _design()
    linear = estimate.contrast(design, "mean", "y", {"a": 1, "b": -1}, by="g").iloc[0]
    written = estimate.contrast(design, "mean", "y", "`y, g=a` - b", by="g").iloc[0]
    assert written["estimate"] == pytest.approx(linear["estimate"])
    assert written["se"] == pytest.approx(linear["se"])


def test_a_ratio_of_means_is_the_ratio() -> None:
    design = _design()
    by_delta = estimate.contrast(design, "mean", ["y", "x"], "y / x").iloc[0]
    direct = estimate.ratio(design, "y", "x").iloc[0]
    assert by_delta["estimate"] == pytest.approx(direct["estimate"])
    assert by_delta["se"] == pytest.approx(direct["se"])


@settings(deadline=None)
@given(st.floats(0.5, 5), st.floats(0.5, 5))
def test_gradients_are_exact(a: float, b: float) -> None:
    text = "log(a) * exp(-b / 2) + sqrt(a * b) - a ** 2 / (b + 1) + 2 ** b - a ** b"
    expression = Arithmetic(text)
    value, gradient = expression.evaluate({"a": (a, 0), "b": (b, 1)}, 2)

    def direct(a: float, b: float) -> float:
        return math.log(a) * math.exp(-b / 2) + math.sqrt(a * b) - a**2 / (b + 1) + 2**b - a**b

    step = 1e-6
    numeric = [
        (direct(a + step, b) - direct(a - step, b)) / (2 * step),
        (direct(a, b + step) - direct(a, b - step)) / (2 * step),
    ]
    assert value == pytest.approx(direct(a, b))
    np.testing.assert_allclose(gradient, numeric, rtol=1e-4, atol=1e-5 * max(1, abs(value)))


@pytest.mark.parametrize("text", ["", "a +", "__import__('os')", "a; b", "a.b()", "lambda: 1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Arithmetic(text)


def test_an_estimate_that_plays_no_part_may_be_missing() -> None:
    design = _design()
    groups = design.data["g"].astype("category").cat.add_categories("nobody")
    wide = design.with_columns(pd.DataFrame({"g2": groups}, index=design.data.index))
    known = estimate.contrast(design, "mean", "y", {"a": 1, "b": -1}, by="g").iloc[0]
    found = estimate.contrast(wide, "mean", "y", {"a": 1, "b": -1}, by="g2").iloc[0]
    assert found["estimate"] == pytest.approx(known["estimate"])
    assert found["se"] == pytest.approx(known["se"])


def test_unknown_labels_and_impossible_values() -> None:
    design = _design()
    with pytest.raises(ConfigError, match="no estimate has this label"):
        estimate.contrast(design, "mean", "y", {"c": 1}, by="g")
    with pytest.raises(ConfigError, match="several estimates"):
        estimate.contrast(design, "mean", ["y", "x"], {"a": 1}, by="g")
    with pytest.raises(ConfigError, match="no value"):
        estimate.contrast(design, "mean", "y", "1 / (y - y)")
    with pytest.raises(ConfigError, match="unknown estimator"):
        estimate.contrast(design, "median", "y", {"y": 1})  # type: ignore[arg-type]


def test_persons_of_a_contrast_are_those_of_its_groups() -> None:
    data = pd.DataFrame({"y": [1.0, 2.0, 3.0, None, 5.0, 6.0], "x": 1.0, "g": list("aabbcc")})
    design = SurveyDesign(data)
    assert estimate.contrast(design, "mean", "y", {"a": 1, "b": -1}, by="g")["n"].tolist() == [3]
    assert estimate.contrast(design, "mean", ["y", "x"], "y - x")["n"].tolist() == [6]
    assert estimate.contrast(design, "mean", "y", {"y": 1})["n"].tolist() == [5]
