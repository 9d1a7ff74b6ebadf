from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate, weighting


def _pairs(strata: int = 12, seed: int = 4) -> pd.DataFrame:
    """Two PSUs of three persons in every stratum."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"h": np.repeat(range(strata), 6), "psu": np.tile(np.repeat([0, 1], 3), strata)})
    frame["w"] = random.uniform(1, 3, len(frame))
    frame["y"] = random.normal(5, 2, len(frame)) + frame["h"]
    return frame


@pytest.mark.shared
@pytest.mark.parametrize(("name", "kind", "data"), [("jk1_clus1", "JK1", "apiclus1"), ("jkn_strat", "JKn", "apistrat")])
def test_jackknife_weights_are_those_of_r(shared: Path, name: str, kind: str, data: str) -> None:
    theirs = pd.read_csv(shared / "golden" / "data" / f"rep_{name}.csv")
    arguments = {"clusters": "dnum"} if kind == "JK1" else {"strata": "stype"}
    design = SurveyDesign(pd.read_csv(shared / "golden" / "data" / f"{data}.csv"), weights="pw", **arguments)
    made = design.to_replicates(kind).replicates  # type: ignore[arg-type]
    assert made is not None
    expected = theirs.drop(columns="pw").to_numpy()
    order = [
        np.argsort(matrix.sum(axis=0) * 1e6 + (matrix == 0).argmax(axis=0), kind="stable")
        for matrix in (expected, made.weights)
    ]
    np.testing.assert_allclose(made.weights[:, order[1]], expected[:, order[0]], rtol=1e-6)


@pytest.mark.parametrize("kind", ["JKn", "BRR"])
def test_replicates_of_totals_have_the_linearised_variance(kind: str) -> None:
    design = SurveyDesign(_pairs(), weights="w", strata="h", clusters="psu")
    linear = estimate.total(design, "y").iloc[0]
    replicated = estimate.total(design.to_replicates(kind), "y").iloc[0]  # type: ignore[arg-type]
    assert replicated["estimate"] == pytest.approx(linear["estimate"])
    assert replicated["se"] == pytest.approx(linear["se"], rel=1e-10)


@pytest.mark.parametrize(
    ("kind", "rho", "tolerance"), [("JKn", None, 0.02), ("Fay", 0.5, 0.05), ("bootstrap", None, 0.1)]
)
def test_replicates_of_means_come_close(kind: str, rho: float | None, tolerance: float) -> None:
    design = SurveyDesign(_pairs(40), weights="w", strata="h", clusters="psu")
    linear = estimate.mean(design, "y")["se"][0]
    replicated = estimate.mean(design.to_replicates(kind, n=800, rho=rho, seed=1), "y")["se"][0]  # type: ignore[arg-type]
    assert replicated == pytest.approx(linear, rel=tolerance)


def test_fpc_enters_the_jackknife() -> None:
    data = pd.DataFrame({"y": np.random.default_rng(1).normal(size=40), "N": 100})
    design = SurveyDesign(data, fpc="N")
    assert estimate.total(design.to_replicates("JK1"), "y")["se"][0] == pytest.approx(
        estimate.total(design, "y")["se"][0]
    )


def test_bootstrap_repeats_with_its_seed() -> None:
    design = SurveyDesign(_pairs(), weights="w", strata="h", clusters="psu")
    draws = [design.to_replicates("bootstrap", n=20, seed=seed).replicates for seed in (1, 1, 2)]
    assert draws[0] is not None
    assert draws[1] is not None
    assert draws[2] is not None
    np.testing.assert_array_equal(draws[0].weights, draws[1].weights)
    assert not np.array_equal(draws[0].weights, draws[2].weights)


def test_mse_takes_the_full_sample_as_centre() -> None:
    data = _pairs()
    weights = np.random.default_rng(2).uniform(0.5, 2, (len(data), 10))
    plain, around = (
        SurveyDesign.from_replicates(data, "w", pd.DataFrame(weights), "bootstrap", scale=0.1, rscales=1.0, mse=mse)
        for mse in (False, True)
    )
    assert estimate.mean(around, "y")["se"][0] > estimate.mean(plain, "y")["se"][0]


def test_replicates_are_trimmed_and_raked_with_the_sample() -> None:
    data = _pairs().assign(g=lambda d: pd.Categorical(np.where(d.index % 2, "a", "b")))
    design = SurveyDesign(data, weights="w", strata="h", clusters="psu").to_replicates("JKn")
    trimmed = weighting.trim(design, 1.2, 2.8, strict=True)
    assert trimmed.replicates is not None
    assert design.replicates is not None
    kept = design.replicates.weights > 0
    ratio = (trimmed.replicates.weights / np.where(kept, design.replicates.weights, 1))[kept]
    factor = np.broadcast_to((trimmed.weights / design.weights)[:, None], kept.shape)[kept]
    np.testing.assert_allclose(ratio, factor)
    margins = {"g": {"a": 500.0, "b": 300.0}}
    raked = weighting.rake_trimmed(design, margins, 0.6, 1.6)
    assert raked.report.trimmed > 0
    assert raked.replicates is not None
    is_a = (data["g"] == "a").to_numpy(dtype=float)
    np.testing.assert_allclose(is_a @ raked.replicates.weights, 500, rtol=1e-8)
    linear = weighting.rake_trimmed(SurveyDesign(data, weights="w", strata="h", clusters="psu"), margins, 0.6, 1.6)
    np.testing.assert_allclose(raked.weights, linear.weights)
    ours, theirs = (estimate.mean(each, "y")["se"][0] for each in (raked, linear))
    assert ours == pytest.approx(theirs, rel=0.15)


def test_a_replicate_that_cannot_be_raked_is_not_passed_over() -> None:
    data = pd.DataFrame({"a": pd.Categorical(list("xxyyxy")), "b": pd.Categorical(list("121212")), "w": 1.0})
    # the last replicate has only x with 1 and y with 2: its margins cannot both hold
    replicates = pd.DataFrame({"r1": np.ones(6), "r2": [1.0, 0, 0, 1, 0, 1]})
    design = SurveyDesign.from_replicates(data, "w", replicates, "BRR")
    with pytest.raises(DesignError, match="raking does not converge"):
        weighting.rake(design, {"a": {"x": 4.0, "y": 2.0}, "b": {"1": 2.0, "2": 4.0}})


def test_impossible_replicates() -> None:
    data = _pairs()
    design = SurveyDesign(data, weights="w", strata="h", clusters="psu")
    good = pd.DataFrame(np.ones((len(data), 4)))
    for call, message in (
        (lambda: design.to_replicates("JK1"), "without strata"),
        (lambda: SurveyDesign(data, strata="h").to_replicates("BRR"), "exactly two PSUs"),
        (lambda: design.to_replicates("Fay"), "needs rho"),
        (lambda: SurveyDesign(data.assign(N=99), fpc="N").to_replicates("bootstrap"), "finite population"),
        (lambda: SurveyDesign.from_replicates(data, "w", good, "JKn"), "scale and rscales"),
        (lambda: SurveyDesign.from_replicates(data, "w", good.iloc[:3], "BRR"), "another length"),
        (lambda: SurveyDesign.from_replicates(data, "w", -good, "BRR"), "negative"),
        (lambda: SurveyDesign.from_replicates(data, "w", good, "jack"), "unknown kind"),  # type: ignore[arg-type]
    ):
        with pytest.raises(DesignError, match=message):
            call()
    with pytest.raises(ConfigError, match="unknown kind"):
        design.to_replicates("JK2")  # type: ignore[arg-type]
