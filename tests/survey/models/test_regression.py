"""What a regression says it models, and which category of the response that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate


def _design() -> SurveyDesign:
    rng = np.random.default_rng(7)
    x = rng.normal(size=400)
    chance = 1 / (1 + np.exp(-x))
    is_yes = rng.random(400) < chance
    data = pd.DataFrame(
        {
            "x": x,
            "answer": pd.Categorical(np.where(is_yes, "Y", "N"), categories=["Y", "N"]),
            "three": pd.Categorical(np.where(is_yes, "car", np.where(x > 0, "bus", "foot"))),
            "grade": pd.Categorical(np.digitize(x + rng.normal(size=400), [-1, 0, 1]), ordered=True),
            "is_yes": is_yes,
        }
    )
    return SurveyDesign(data)


def test_the_modelled_category_is_named() -> None:
    d = _design()
    assert set(estimate.glm(d, "answer ~ x", "binomial")["response"]) == {"answer = N"}
    assert set(estimate.glm(d, "x ~ answer")["response"]) == {"x"}
    assert set(estimate.ordinal(d, "grade ~ x")["response"]) == {"grade"}


def test_a_category_is_chosen() -> None:
    d = _design()
    yes = estimate.glm(d, "answer ~ x", "binomial", category="Y")
    no = estimate.glm(d, "answer ~ x", "binomial")
    np.testing.assert_allclose(yes["estimate"], -no["estimate"], rtol=1e-6)
    assert yes["estimate"].iloc[1] > 0.5
    truth = estimate.glm(d, "is_yes ~ x", "binomial")
    np.testing.assert_allclose(yes["estimate"], truth["estimate"], rtol=1e-9)
    car = estimate.glm(d, "three ~ x", "binomial", category="car")
    assert set(car["response"]) == {"three = car"}
    np.testing.assert_allclose(car["estimate"], truth["estimate"], rtol=1e-9)


def test_a_boolean_can_be_turned_and_a_constant_is_told() -> None:
    d = _design()
    turned = estimate.glm(d, "is_yes ~ x", "binomial", category=False)
    assert set(turned["response"]) == {"is_yes = False"}
    np.testing.assert_allclose(turned["estimate"], -estimate.glm(d, "is_yes ~ x", "binomial")["estimate"], rtol=1e-6)
    with pytest.raises(DesignError, match="nobody has the category"):
        estimate.glm(d.where("answer == 'N'"), "answer ~ x", "binomial", category="Y")


def test_a_category_that_is_none_is_named() -> None:
    d = _design()
    with pytest.raises(ConfigError, match="unknown category"):
        estimate.glm(d, "answer ~ x", "binomial", category="J")
    with pytest.raises(ConfigError, match="response with categories"):
        estimate.glm(d, "x ~ answer", category="Y")
    with pytest.raises(DesignError, match='category="…": one of bus, car, foot'):
        estimate.glm(d, "three ~ x", "binomial")
