"""Agreement with R's ``survey`` 4.1.1 (the numbers and their calls stand in golden.json)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate, weighting
from tests.conftest import SHARED

pytestmark = pytest.mark.shared
RELATIVE = 1e-8
DESIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "srs": ("apisrs", {"weights": "pw", "fpc": "fpc"}),
    "strat": ("apistrat", {"weights": "pw", "strata": "stype", "fpc": "fpc"}),
    "clus1": ("apiclus1", {"weights": "pw", "clusters": "dnum", "fpc": "fpc"}),
    "clus2": ("apiclus2", {"clusters": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}),
}


def _by_variable(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("variable", kind="stable")


CASES: dict[str, Callable[[SurveyDesign], pd.DataFrame]] = {
    "mean_api00": lambda d: estimate.mean(d, "api00"),
    "mean_api00_deffreplace": lambda d: estimate.mean(d, "api00", deff="replace"),
    "mean_multi": lambda d: estimate.mean(d, ["api00", "api99", "enroll"], missing="listwise"),
    "total_enroll": lambda d: estimate.total(d, "enroll"),
    "prop_stype": lambda d: estimate.proportion(d, "stype", interval="mean"),
    "total_stype": lambda d: estimate.total(d, "stype"),
    "by_stype_mean": lambda d: estimate.mean(d, "api00", by="stype"),
    "by_schwide_mean": lambda d: _by_variable(estimate.mean(d, ["api00", "enroll"], by="sch.wide", missing="listwise")),
    "by2_mean": lambda d: estimate.mean(d, "api00", by=["sch.wide", "stype"]),
    "by_stype_total": lambda d: estimate.total(d, "enroll", by="stype"),
    "by_stype_prop": lambda d: estimate.proportion(d, "awards", by="stype", interval="mean").sort_values(
        "category", kind="stable"
    ),
    "subset_mean": lambda d: estimate.mean(d.where((d.data["sch.wide"] == "Yes") & (d.data["api99"] > 600)), "api00"),
}
INTERVALS = ("logit", "asin", "beta", "mean", "xlogit")


@lru_cache(maxsize=1)
def _golden() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads((SHARED / "golden" / "golden.json").read_text())["cases"]}


def _design(name: str) -> SurveyDesign:
    data, arguments = DESIGNS[name]
    return SurveyDesign(pd.read_csv(SHARED / "golden" / "data" / f"{data}.csv"), **arguments)


def _compare(case: dict[str, Any], frame: pd.DataFrame) -> None:
    for theirs, ours in (
        ("est", "estimate"),
        ("se", "se"),
        ("ci_low", "ci_low"),
        ("ci_high", "ci_high"),
        ("deff", "deff"),
    ):
        if theirs in case:
            expected = np.atleast_1d(np.array(case[theirs], dtype=float))
            np.testing.assert_allclose(frame[ours].to_numpy(dtype=float), expected, rtol=RELATIVE, atol=1e-12)
    if "df" in case:
        assert set(frame["df"]) == {case["df"]}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("case", CASES)
def test_estimates(name: str, case: str) -> None:
    _compare(_golden()[f"{name}/{case}"], CASES[case](_design(name)))


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("kind", INTERVALS)
def test_intervals_of_proportions(name: str, kind: Any) -> None:
    case = _golden()[f"{name}/ciprop_{kind}"]
    row = estimate.proportion(_design(name), "awards", interval=kind).iloc[1]
    np.testing.assert_allclose(
        [row["estimate"], row["ci_low"], row["ci_high"]], [case["est"], *case["ci"]], rtol=RELATIVE
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_likelihood_interval(name: str) -> None:
    # R interpolates the profile linearly between spline points; here the limit is solved exactly.
    case = _golden()[f"{name}/ciprop_likelihood"]
    row = estimate.proportion(_design(name), "awards", interval="likelihood").iloc[1]
    np.testing.assert_allclose([row["ci_low"], row["ci_high"]], case["ci"], rtol=2e-5)


@pytest.mark.parametrize("rule", ["adjust", "average", "remove", "certainty"])
def test_lonely_psus(rule: Any) -> None:
    data = pd.read_csv(SHARED / "golden" / "data" / "lonely.csv")
    design = SurveyDesign(data, weights="pw", strata="stype", lonely_psu=rule)
    case = _golden()[f"lonely/{rule}"]
    frames = [estimate.mean(design, "api00"), estimate.total(design, "enroll")]
    np.testing.assert_allclose([frame["se"][0] for frame in frames], case["se"], rtol=RELATIVE)
    np.testing.assert_allclose([frame["estimate"][0] for frame in frames], case["est"], rtol=RELATIVE)


@pytest.mark.parametrize("name", ["srs", "strat"])
def test_covariance_of_domains(name: str) -> None:
    case = _golden()[f"{name}/contrast_E_H"]
    matrix = estimate.covariance(_design(name), "mean", "api00", by="stype").to_numpy()
    np.testing.assert_allclose(matrix, np.array(case["vcov"]), rtol=RELATIVE, atol=1e-9)


@pytest.mark.parametrize("strict", [False, True])
def test_trimming(strict: bool) -> None:
    case = _golden()[f"trim/strat_strict{str(strict).upper()}"]
    trimmed = weighting.trim(_design("strat"), 18, 40, strict=strict)
    np.testing.assert_allclose(trimmed.weights, case["w"], rtol=RELATIVE)
    _compare(case, estimate.mean(trimmed, "api00"))


def test_raking() -> None:
    # R stops its residuals after ten sweeps (hence 1e-6); the estimates do not depend on that.
    case = _golden()["cal/strat_rake"]
    margins = {"sch.wide": {"No": 1072, "Yes": 5122}, "awards": {"No": 2027, "Yes": 4167}}
    raked = weighting.rake(_design("strat"), margins)
    for key, variable in (("mean_api00", "api00"), ("mean_enroll", "enroll")):
        row = estimate.mean(raked, variable).iloc[0]
        np.testing.assert_allclose(row["estimate"], case[key]["est"], rtol=RELATIVE)
        np.testing.assert_allclose(row["se"], case[key]["se"], rtol=2e-6)
    np.testing.assert_allclose([raked.weights.min(), raked.weights.max()], [case["w_min"], case["w_max"]], rtol=1e-7)
    assert raked.report.kish_deff == pytest.approx(case["deff_kish"], rel=1e-7)
