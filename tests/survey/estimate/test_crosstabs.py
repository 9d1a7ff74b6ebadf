from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.intervals.quadratic import exact_tail, saddlepoint_tail


def _design(rows: int = 400, dependence: float = 0.0) -> SurveyDesign:
    random = np.random.default_rng(8)
    a = random.integers(0, 2, rows)
    b = np.where(random.uniform(size=rows) < dependence, a, random.integers(0, 3, rows))
    data = pd.DataFrame({"a": pd.Categorical.from_codes(a, ["x", "y"]), "b": pd.Categorical.from_codes(b, list("pqr"))})
    return SurveyDesign(data.assign(v=random.normal(size=rows) + a, w=random.uniform(1, 2, rows)), weights="w")


@pytest.mark.parametrize("percent", ["row", "column", "total"])
def test_shares_add_up(percent: str) -> None:
    frame = estimate.crosstab(_design(), "a", "b", percent=percent)  # type: ignore[arg-type]
    assert len(frame) == 6
    assert set(frame["category"]) == {"x", "y"}
    groups = {"row": ["category"], "column": ["b"], "total": ["variable"]}[percent]
    np.testing.assert_allclose(frame.groupby(groups, observed=True)["estimate"].sum(), 1)


def test_tests_agree_where_the_design_is_simple() -> None:
    design = SurveyDesign(_design().data.drop(columns="w"))
    table = pd.crosstab(design.data["a"], design.data["b"])
    plain = stats.chi2_contingency(table)
    for statistic in ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"):
        p = estimate.chisq(design, "a", "b", statistic=statistic)["p"][0]  # type: ignore[arg-type]
        assert p == pytest.approx(plain.pvalue, abs=0.02)


def test_dependence_is_found() -> None:
    for statistic in ("F", "Wald", "lincom"):
        assert estimate.chisq(_design(dependence=0.4), "a", "b", statistic=statistic)["p"][0] < 1e-6  # type: ignore[arg-type]


def test_tails_of_one_variable_are_those_of_f() -> None:
    for value in (0.5, 3.0, 9.0):
        expected = stats.f.sf(value / 2, 1, 40)
        assert exact_tail(value, np.array([2.0]), 40) == pytest.approx(expected, rel=1e-5)
        assert saddlepoint_tail(value, np.array([2.0]), 40) == pytest.approx(expected, rel=0.05)


def test_t_test_is_welchs_in_large_simple_samples() -> None:
    design = SurveyDesign(_design(4000).data)
    groups = [design.data.loc[design.data["a"] == group, "v"] for group in "yx"]
    welch = stats.ttest_ind(*groups, equal_var=False)
    found = estimate.ttest(design, "v ~ a").iloc[0]
    assert found["statistic"] == pytest.approx(welch.statistic, rel=1e-3)
    assert found["estimate"] == pytest.approx(groups[0].mean() - groups[1].mean())


def test_what_cannot_be_tested() -> None:
    design = _design()
    one = design.where("a == 'x'")
    calls = [
        (lambda: estimate.chisq(design, "a", "b", statistic="G"), ConfigError, "unknown statistic"),  # type: ignore[arg-type]
        (lambda: estimate.chisq(one, "a", "b"), DesignError, "two categories"),
        (lambda: estimate.ttest(design, "v"), ConfigError, "variable ~ group"),
        (lambda: estimate.ttest(design, "v ~ b"), DesignError, "two groups"),
        (lambda: estimate.crosstab(design, "a", "b", percent="all"), ConfigError, "unknown percent"),  # type: ignore[arg-type]
        (lambda: estimate.crosstab(design, "a", "c"), DesignError, "there is no variable"),
    ]
    for call, kind, message in calls:
        with pytest.raises(kind, match=message):
            call()
