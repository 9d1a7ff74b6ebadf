"""Agreement with R's ``survey`` 4.1.1 (the numbers and their calls stand in golden.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate, weighting
from tests.conftest import SHARED
from tests.survey.goldens import DESIGNS, RELATIVE, REPLICATED, golden, of_kind, read, sample_of

pytestmark = pytest.mark.shared


def _by_variable(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("variable", kind="stable")


CASES: dict[str, Callable[[SurveyDesign], pd.DataFrame]] = {
    "mean_api00": lambda d: estimate.mean(d, "api00"),
    "mean_multi": lambda d: estimate.mean(d, ["api00", "api99", "enroll"], missing="listwise"),
    "total_enroll": lambda d: estimate.total(d, "enroll"),
    "prop_stype": lambda d: estimate.proportion(d, "stype", interval="mean"),
    "total_stype": lambda d: estimate.total(d, "stype"),
    "by_stype_mean": lambda d: estimate.mean(d, "api00", by="stype"),
    "by_schwide_mean": lambda d: _by_variable(estimate.mean(d, ["api00", "enroll"], by="sch.wide", missing="listwise")),
    "by2_mean": lambda d: estimate.mean(d, "api00", by=["sch.wide", "stype"]),
    "by_stype_total": lambda d: estimate.total(d, "enroll", by="stype"),
    "prop_inter": lambda d: estimate.proportion(d, "both", interval="mean"),
    "ratio_stu_enroll": lambda d: estimate.ratio(d, "api.stu", "enroll"),
    "var_api00": lambda d: estimate.variance(d, "api00"),
    "contrast_E_H": lambda d: estimate.contrast(d, "mean", "api00", {"E": 1, "H": -1}, by="stype"),
    "contrast_nl": lambda d: estimate.contrast(d, "mean", ["api00", "api99"], "api00 / api99"),
    "by_stype_prop": lambda d: estimate.proportion(d, "awards", by="stype", interval="mean").sort_values(
        "category", kind="stable"
    ),
    "subset_mean": lambda d: estimate.mean(d.where((d.data["sch.wide"] == "Yes") & (d.data["api99"] > 600)), "api00"),
}
INTERVALS = ("logit", "asin", "beta", "mean", "xlogit")


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
            tiny = 1e-14 * float(frame["estimate"].abs().max())
            np.testing.assert_allclose(frame[ours].to_numpy(dtype=float), expected, rtol=RELATIVE, atol=tiny)
    if "df" in case:
        assert set(frame["df"]) == {case["df"]}


@pytest.mark.parametrize("name", [*DESIGNS, *REPLICATED])
@pytest.mark.parametrize("case", CASES)
def test_estimates(name: str, case: str) -> None:
    _compare(golden()[f"{name}/{case}"], CASES[case](sample_of(name)))


@pytest.mark.parametrize("name", DESIGNS)
def test_design_effect_against_sampling_with_replacement(name: str) -> None:
    _compare(golden()[f"{name}/mean_api00_deffreplace"], estimate.mean(sample_of(name), "api00", deff="replace"))


@pytest.mark.parametrize("name", [*DESIGNS, *REPLICATED])
@pytest.mark.parametrize("kind", INTERVALS)
def test_intervals_of_proportions(name: str, kind: Any) -> None:
    case = golden()[f"{name}/ciprop_{kind}"]
    row = estimate.proportion(sample_of(name), "awards", interval=kind).iloc[1]
    np.testing.assert_allclose(
        [row["estimate"], row["ci_low"], row["ci_high"]], [case["est"], *case["ci"]], rtol=RELATIVE
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_likelihood_interval(name: str) -> None:
    # R interpolates the profile linearly between spline points; here the limit is solved exactly.
    case = golden()[f"{name}/ciprop_likelihood"]
    row = estimate.proportion(sample_of(name), "awards", interval="likelihood").iloc[1]
    np.testing.assert_allclose([row["ci_low"], row["ci_high"]], case["ci"], rtol=2e-5)


@pytest.mark.parametrize(
    ("name", "case"),
    [
        *((name, case) for name in ("strat", "clus1", *REPLICATED) for case in ("sat_mean_narm", "sat_dist_narm")),
        ("strat", "sat_dist_by"),
        ("jkn_strat", "sat_dist_by"),
    ],
)
def test_missing_answers(name: str, case: str) -> None:
    design = sample_of(name)
    frames = {
        "sat_mean_narm": lambda: estimate.mean(design, "sat"),
        "sat_dist_narm": lambda: estimate.proportion(design, "sat", interval="mean"),
        "sat_dist_by": lambda: estimate.proportion(design, "sat", by="stype", interval="mean").sort_values(
            "category", kind="stable"
        ),
    }
    _compare(golden()[f"{name}/{case}"], frames[case]())


OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "mu284": ("mu284", {"clusters": ["id1", "id2"], "fpc": ["n1", "n2"]}),
    "fpcdata": ("fpc", {"weights": "weight", "strata": "stratid", "clusters": "psuid", "fpc": "Nh"}),
    "hospital": ("hospital", {"weights": "weighta", "strata": "oblevel", "fpc": "tothosp"}),
}


@pytest.mark.parametrize(("name", "variable"), [("mu284", "y1"), ("fpcdata", "x"), ("hospital", "births")])
def test_textbook_designs(name: str, variable: str) -> None:
    data, arguments = OTHERS[name]
    design = SurveyDesign(read(data), **arguments)
    _compare(golden()[f"{name}/total"], estimate.total(design, variable))
    _compare(golden()[f"{name}/mean"], estimate.mean(design, variable))


def test_domains_by_a_condition() -> None:
    data = read("fpc")
    design = SurveyDesign(data.assign(above=data["x"] > 4), **OTHERS["fpcdata"][1])
    _compare(golden()["fpcdata/by"], estimate.mean(design, "x", by="above"))


def test_balanced_repeated_replication() -> None:
    # Wolter (2007), survival of cardiac arrests: four half samples of three strata.
    halves = 2 * np.array([[1, 0, 1, 0, 1, 0], [1, 0, 0, 1, 0, 1], [0, 1, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0]]).T
    replicates = pd.DataFrame(halves)
    design = SurveyDesign.from_replicates(read("scd"), None, replicates, "BRR", combined=False)
    _compare(golden()["brr_scd/total"], estimate.total(design, ["alive", "arrests"]))
    _compare(golden()["brr_scd/ratio"], estimate.ratio(design, "alive", "arrests"))


@pytest.mark.parametrize("rule", ["adjust", "average", "remove", "certainty"])
def test_lonely_psus(rule: Any) -> None:
    data = pd.read_csv(SHARED / "golden" / "data" / "lonely.csv")
    design = SurveyDesign(data, weights="pw", strata="stype", lonely_psu=rule)
    case = golden()[f"lonely/{rule}"]
    frames = [estimate.mean(design, "api00"), estimate.total(design, "enroll")]
    np.testing.assert_allclose([frame["se"][0] for frame in frames], case["se"], rtol=RELATIVE)
    np.testing.assert_allclose([frame["estimate"][0] for frame in frames], case["est"], rtol=RELATIVE)


@pytest.mark.parametrize("name", [*DESIGNS, *REPLICATED])
def test_covariance_of_domains(name: str) -> None:
    case = golden()[f"{name}/contrast_E_H"]
    matrix = estimate.covariance(sample_of(name), "mean", "api00", by="stype").to_numpy()
    np.testing.assert_allclose(matrix, np.array(case["vcov"]), rtol=RELATIVE, atol=1e-9)


@pytest.mark.parametrize("strict", [False, True])
def test_trimming(strict: bool) -> None:
    case = golden()[f"trim/strat_strict{str(strict).upper()}"]
    trimmed = weighting.trim(sample_of("strat"), 18, 40, strict=strict)
    np.testing.assert_allclose(trimmed.weights, case["w"], rtol=RELATIVE)
    _compare(case, estimate.mean(trimmed, "api00"))


POPULATION = {
    "stype": {"E": 4421, "H": 755, "M": 1018},
    "sch.wide": {"No": 1072, "Yes": 5122},
    "awards": {"No": 2027, "Yes": 4167},
}
WITH_API99 = {"stype": POPULATION["stype"], "api99": 3_914_069}


def _rake(d: SurveyDesign, *names: str) -> SurveyDesign:
    return weighting.rake(d, {name: POPULATION[name] for name in names}, tol=1e-13)


CALIBRATIONS: dict[str, tuple[Callable[[], SurveyDesign], float]] = {
    "clus1_post": (lambda: weighting.poststratify(sample_of("clus1"), "stype", POPULATION["stype"]), RELATIVE),
    "clus1_rake": (lambda: _rake(sample_of("clus1"), "stype", "sch.wide"), RELATIVE),
    "clus1_lin": (lambda: weighting.calibrate(sample_of("clus1"), {"stype": POPULATION["stype"]}), RELATIVE),
    "clus1_lin_api99": (lambda: weighting.calibrate(sample_of("clus1"), WITH_API99), RELATIVE),
    "clus1_rakecal": (lambda: weighting.calibrate(sample_of("clus1"), WITH_API99, "raking"), 1e-7),
    "clus1_logit": (lambda: weighting.calibrate(sample_of("clus1"), WITH_API99, "logit", (0.4, 2.5)), 1e-7),
    "clus1_linb": (lambda: weighting.calibrate(sample_of("clus1"), WITH_API99, "linear", (0.4, 2.5)), RELATIVE),
    "clus1_trim": (
        lambda: weighting.trim(_rake(sample_of("clus1"), "stype", "sch.wide"), 15, 38, strict=True),
        RELATIVE,
    ),
    "jk1_clus1_post": (lambda: weighting.poststratify(sample_of("jk1_clus1"), "stype", POPULATION["stype"]), RELATIVE),
    "jk1_clus1_rake": (lambda: _rake(sample_of("jk1_clus1"), "stype", "sch.wide"), RELATIVE),
    # R stops raking at a change of one person, and its residuals after ten sweeps.
    "strat_rake": (lambda: _rake(sample_of("strat"), "sch.wide", "awards"), 2e-6),
}


@pytest.mark.parametrize("name", CALIBRATIONS)
def test_calibrated_designs(name: str) -> None:
    build, tolerance = CALIBRATIONS[name]
    design, case = build(), golden()[f"cal/{name}"]
    frames = {
        "mean_api00": estimate.mean(design, "api00"),
        "mean_enroll": estimate.mean(design, "enroll"),
        "total_apistu": estimate.total(design, "api.stu"),
        "by_awards": estimate.mean(design, "api00", by="awards"),
    }
    if name != "strat_rake":
        frames["prop_awards"] = estimate.proportion(design, "awards")
    for key, frame in frames.items():
        for theirs, ours in (("est", "estimate"), ("se", "se")):
            np.testing.assert_allclose(frame[ours], np.atleast_1d(case[key][theirs]), rtol=tolerance)
    weights = design.weights
    kish = len(weights) * (weights**2).sum() / weights.sum() ** 2
    found = [weights.sum(), weights.min(), weights.max(), kish]
    np.testing.assert_allclose(found, [case["w_sum"], case["w_min"], case["w_max"], case["deff_kish"]], rtol=tolerance)


@pytest.mark.parametrize("name", [name for name in CALIBRATIONS if name.startswith("clus1")])
def test_calibrated_weights(name: str) -> None:
    build, tolerance = CALIBRATIONS[name]
    np.testing.assert_allclose(build().weights, read("calweights_clus1")[name], rtol=tolerance)


@pytest.mark.parametrize("name", of_kind("chisq_"))
def test_independence(name: str) -> None:
    case = golden()[name]
    name_of_design, _, rest = name.partition("/chisq_")
    statistic, row, col = rest.split("_")
    found = estimate.chisq(sample_of(name_of_design), row, col, statistic=statistic).iloc[0]  # type: ignore[arg-type]
    # R's root finder for the saddlepoint stops at 1e-8
    np.testing.assert_allclose(found["p"], case["p"], rtol=1e-6 if statistic == "saddlepoint" else RELATIVE)
    np.testing.assert_allclose(found["statistic"], case["stat"], rtol=RELATIVE)
    if statistic != "saddlepoint":
        expected = np.atleast_1d(case["par"])
        np.testing.assert_allclose([found["df1"], found["df2"]][: len(expected)], expected, rtol=RELATIVE)


@pytest.mark.parametrize("name", [*DESIGNS, *REPLICATED])
def test_two_groups(name: str) -> None:
    case = golden()[f"{name}/ttest"]
    found = estimate.ttest(sample_of(name), "api00 ~ sch.wide").iloc[0]
    ours = [found[key] for key in ("statistic", "df1", "p", "estimate", "ci_low", "ci_high")]
    np.testing.assert_allclose(ours, [case["stat"], case["par"], case["p"], case["est"], *case["ci"]], rtol=RELATIVE)
