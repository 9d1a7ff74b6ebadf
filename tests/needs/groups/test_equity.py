"""Groups without a case: no claim, no count of people outside the domain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.needs.groups.equity import TOO_FEW, differences, equity
from bildungsbedarf.survey import SurveyDesign


@pytest.fixture
def design() -> SurveyDesign:
    group = ["a"] * 6 + ["b"] * 194
    need = [False] * 6 + [True, *[False] * 9] * 19 + [False] * 4
    return SurveyDesign(pd.DataFrame({"w": 1.0, "g": pd.Categorical(group), "need": need}), weights="w")


def test_a_group_without_a_case_is_no_certain_difference(design: SurveyDesign) -> None:
    row = differences(design, design.data[["need"]], "g").set_index("g").loc["a"]
    assert row["share"] == 0
    assert row["ci_low"] < 0 < row["ci_high"]
    assert row["sim_low"] < 0 < row["sim_high"]
    assert row["note"] == TOO_FEW


def test_too_few_cases_have_no_p_value_and_share_a_letter(design: SurveyDesign) -> None:
    frame = equity(design, "g", columns=design.data[["need"]])
    assert frame[["p", "p_holm", "p_bh"]].isna().all(axis=None)
    assert set(frame["letters"]) == {"a"}


def test_counts_are_those_of_the_domain(design: SurveyDesign) -> None:
    inside = np.arange(200) < 100
    whole = differences(design, design.data[["need"]], "g").set_index("g")
    part = differences(design.where(inside), design.data[["need"]], "g").set_index("g")
    assert whole.loc["b", "count"] == 19
    assert part.loc["b", "count"] == design.data["need"][6:100].sum()


def test_enough_cases_keep_their_p_value() -> None:
    random = np.random.default_rng(3)
    data = pd.DataFrame({"w": 1.0, "g": pd.Categorical(np.repeat(["a", "b"], 300))})
    data["need"] = random.random(600) < np.where(data["g"] == "a", 0.6, 0.3)
    frame = equity(SurveyDesign(data, weights="w"), "g", columns=data[["need"]])
    assert (frame["p_holm"] < 0.001).all()
    assert set(frame["letters"]) == {"a", "b"}
