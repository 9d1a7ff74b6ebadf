from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.intervals.pointwise import clopper_pearson, proportion

COLUMNS = [
    "variable",
    "category",
    "n",
    "count",
    "weighted_n",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "deff",
    "note",
]


def _data(rows: int = 60, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "w": random.uniform(1, 4, rows),
            "s": random.integers(0, 3, rows),
            "y": random.normal(10, 3, rows),
            "z": random.normal(0, 1, rows),
            "g": pd.Categorical.from_codes(random.integers(0, 3, rows), ["a", "b", "c"]),
        }
    )


def test_simple_random_sample_by_hand() -> None:
    # Cochran (1977), Sampling Techniques, section 2.6: se² = (1 − n/N) s²/n.
    values = [3.0, 7.0, 5.0, 9.0, 6.0]
    design = SurveyDesign(pd.DataFrame({"y": values, "N": [50] * 5}), fpc="N")
    row = estimate.mean(design, "y").iloc[0]
    assert row["estimate"] == pytest.approx(6.0)
    assert row["se"] == pytest.approx(math.sqrt((1 - 5 / 50) * np.var(values, ddof=1) / 5))
    assert row["ci_high"] == pytest.approx(6 + stats.t.ppf(0.975, 4) * row["se"])
    assert estimate.total(design, "y").iloc[0]["estimate"] == pytest.approx(300)


def test_stratified_mean_by_hand() -> None:
    # Cochran (1977), formula 5.6: var = Σ W_h² (1 − f_h) s_h² / n_h.
    data = pd.DataFrame({"h": [1, 1, 1, 2, 2], "y": [1.0, 2.0, 6.0, 10.0, 14.0], "N": [30, 30, 30, 10, 10]})
    row = estimate.mean(SurveyDesign(data, strata="h", fpc="N"), "y").iloc[0]
    assert row["estimate"] == pytest.approx(0.75 * 3 + 0.25 * 12)
    variance = 0.75**2 * (1 - 0.1) * 7 / 3 + 0.25**2 * (1 - 0.2) * 8 / 2
    assert row["se"] == pytest.approx(math.sqrt(variance))
    assert row["df"] == 3


def test_census_has_no_sampling_error() -> None:
    design = SurveyDesign(pd.DataFrame({"y": [1.0, 2.0, 3.0], "N": [3, 3, 3]}), fpc="N")
    row = estimate.mean(design, "y").iloc[0]
    assert row["se"] == 0
    assert (row["ci_low"], row["ci_high"]) == (2, 2)


def test_columns_and_attributes_of_the_contract(tmp_path: Path) -> None:
    design = SurveyDesign(_data(), weights="w", strata="s")
    frame = estimate.proportion(design, "g", by=["s"])
    assert list(frame.columns) == [*COLUMNS[:2], "s", *COLUMNS[2:]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pd.concat([frame, estimate.proportion(design, "g", by=["s"])]).to_parquet(tmp_path / "f.parquet")
    assert frame.attrs["level"] == 0.95


def test_categories_nobody_chose_stay() -> None:
    data = _data()
    data["g"] = data["g"].cat.add_categories(["d"])
    row = estimate.proportion(SurveyDesign(data, weights="w"), "g").iloc[3]
    assert (row["category"], row["count"], row["estimate"]) == ("d", 0, 0)
    assert row["ci_low"] == 0
    assert 0 < row["ci_high"] < 0.2


def test_empty_domains_and_single_rows_say_why() -> None:
    data = _data()
    data["g"] = data["g"].cat.add_categories(["empty"])
    frame = estimate.mean(SurveyDesign(data, weights="w"), "y", by="g")
    empty = frame[frame["g"] == "empty"].iloc[0]
    assert (empty["n"], empty["note"]) == (0, "no observations")
    assert math.isnan(empty["estimate"])
    alone = estimate.mean(SurveyDesign(data.iloc[:1], lonely_psu="adjust"), "y").iloc[0]
    assert alone["note"] == "fewer than one degree of freedom"
    assert math.isnan(alone["ci_low"])


def test_missing_rules() -> None:
    data = _data()
    data.loc[:9, "y"] = np.nan
    design = SurveyDesign(data, weights="w")
    assert estimate.mean(design, ["y", "z"])["n"].tolist() == [50, 60]
    assert estimate.mean(design, ["y", "z"], missing="listwise")["n"].tolist() == [50, 50]
    with pytest.raises(DesignError, match="missing values"):
        estimate.mean(design, "y", missing="fail")
    data["g"] = data["g"].mask(data.index < 10)
    shares = estimate.proportion(SurveyDesign(data, weights="w"), "g", missing="category")
    assert shares["category"].iloc[-1] == "(missing)"
    assert shares["estimate"].sum() == pytest.approx(1)


def test_where_keeps_the_design_whole() -> None:
    data = _data()
    design = SurveyDesign(data, weights="w", strata="s")
    by = estimate.mean(design, "y", by="g")
    domain = estimate.mean(design.where("g == 'a'"), "y")
    assert domain.iloc[0]["se"] == pytest.approx(by.iloc[0]["se"], rel=1e-12)
    assert domain.iloc[0]["df"] < by.iloc[0]["df"]


def test_difference_of_independent_samples() -> None:
    one, two = (SurveyDesign(_data(seed=seed), weights="w") for seed in (1, 2))
    row = estimate.difference(one, two, "mean", "y").iloc[0]
    parts = [estimate.mean(design, "y").iloc[0] for design in (one, two)]
    assert row["estimate"] == pytest.approx(parts[0]["estimate"] - parts[1]["estimate"])
    assert row["se"] == pytest.approx(math.hypot(parts[0]["se"], parts[1]["se"]))
    assert 59 < row["df"] < 119


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({"w": [-1.0, 1, 1, 1]}, {"weights": "w"}, "weight is negative.*|column w, rows 0"),
        ({"w": [np.nan, 1, 1, 1]}, {"weights": "w"}, "weight is missing"),
        ({"w": [np.inf, 1, 1, 1]}, {"weights": "w"}, "weight is infinite"),
        ({"w": [0.0, 0, 0, 0]}, {"weights": "w"}, "all weights are zero"),
        ({"w": ["a", "b", "c", "d"]}, {"weights": "w"}, "not a number"),
        ({"s": [None, "a", "a", "a"]}, {"strata": "s"}, "stratum is missing"),
        ({"N": [3, 3, 3, 3]}, {"fpc": "N"}, "fpc is smaller than the sample"),
        ({"N": [30, 40, 30, 30]}, {"fpc": "N"}, "fpc varies within a stratum"),
        ({"N": [0.5, 40, 30, 30]}, {"fpc": "N"}, "mixes population sizes and fractions"),
        (
            {"c": [1, 1, 2, 2], "s": [1, 2, 1, 2]},
            {"clusters": "c", "strata": "s", "nested": False},
            "more than one stratum",
        ),
        ({}, {"weights": "ww"}, "there is no column 'ww'"),
        ({}, {"lonely_psu": "ignore"}, "unknown rule"),
    ],
)
def test_impossible_designs(change: dict[str, list[object]], arguments: dict[str, object], message: str) -> None:
    data = pd.DataFrame({"y": [1.0, 2, 3, 4], **change})
    with pytest.raises(DesignError, match=message):
        SurveyDesign(data, **arguments)  # type: ignore[arg-type]


def test_wrong_calls_are_refused() -> None:
    design = SurveyDesign(_data(), weights="w")
    calls = [
        lambda: estimate.mean(design, "g"),
        lambda: estimate.mean(design, "yy"),
        lambda: estimate.mean(design, "y", level=95),
        lambda: estimate.proportion(design, "g", interval="wald"),  # type: ignore[arg-type]
        lambda: estimate.mean(design, "y", missing="ignore"),  # type: ignore[arg-type]
        lambda: estimate.covariance(design, "median", "y"),  # type: ignore[arg-type]
        lambda: estimate.difference(design, design, "median", "y"),  # type: ignore[arg-type]
        lambda: design.where([True]),  # type: ignore[arg-type]
        lambda: estimate.mean(SurveyDesign(_data(4), strata="y"), "z"),
    ]
    for call in calls:
        with pytest.raises(BildungsbedarfError):
            call()


def test_interval_at_the_edge_uses_the_design_effect() -> None:
    shares, persons = np.zeros(3), np.array([50.0, 25.0, 20.0])
    exact = clopper_pearson(shares, persons, 0.95)[1]
    found = proportion(shares[:2], shares[:2], 50, 0.95, "logit", np.full(2, 50.0), np.array([1.0, 2.0]))[1]
    np.testing.assert_array_equal(found, exact[:2])
    # Newcombe (1998), table I: 0 of 20 gives 0 to 0.1684.
    assert exact[2] == pytest.approx(0.1684, abs=1e-4)
    with pytest.raises(ConfigError):
        proportion(shares, shares, 10, 0.95, "exact", persons, persons)  # type: ignore[arg-type]


seeds = st.integers(0, 10_000)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.01, 1000))
def test_scale_of_weights_does_not_matter_for_means(seed: int, factor: float) -> None:
    data = _data(seed=seed)
    one = estimate.mean(SurveyDesign(data, weights="w", strata="s"), "y")
    two = estimate.mean(SurveyDesign(data.assign(w=data["w"] * factor), weights="w", strata="s"), "y")
    np.testing.assert_allclose(one[["estimate", "se"]], two[["estimate", "se"]], rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_order_of_rows_does_not_matter(seed: int) -> None:
    data = _data(seed=seed)
    shuffled = data.sample(frac=1, random_state=seed)
    frames = [estimate.proportion(SurveyDesign(d, weights="w", strata="s"), "g", by="s") for d in (data, shuffled)]
    np.testing.assert_allclose(frames[0]["se"], frames[1]["se"], rtol=1e-9, atol=1e-15)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_splitting_a_row_within_its_psu_changes_nothing(seed: int) -> None:
    data = _data(seed=seed).assign(psu=lambda d: np.arange(len(d)))
    half = data.assign(w=data["w"] / 2)
    one = estimate.mean(SurveyDesign(data, weights="w", clusters="psu"), "y", deff=False)
    two = estimate.mean(SurveyDesign(pd.concat([half, half]), weights="w", clusters="psu"), "y", deff=False)
    np.testing.assert_allclose(one[["estimate", "se"]], two[["estimate", "se"]], rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(-50, 50), st.floats(0.1, 20))
def test_translation_and_scale_of_y(seed: int, shift: float, factor: float) -> None:
    data = _data(seed=seed)
    design = SurveyDesign(data.assign(t=data["y"] * factor + shift), weights="w", strata="s")
    frame = estimate.mean(design, ["y", "t"])
    assert frame["estimate"][1] == pytest.approx(frame["estimate"][0] * factor + shift, rel=1e-9, abs=1e-9)
    assert frame["se"][1] == pytest.approx(frame["se"][0] * factor, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_domains_add_up(seed: int) -> None:
    design = SurveyDesign(_data(seed=seed), weights="w", strata="s")
    parts = estimate.total(design, "y", by="g")
    matrix = estimate.covariance(design, "total", "y", by="g").to_numpy()
    whole = estimate.total(design, "y").iloc[0]
    assert parts["estimate"].sum() == pytest.approx(whole["estimate"], rel=1e-9)
    assert math.sqrt(matrix.sum()) == pytest.approx(whole["se"], rel=1e-9)
