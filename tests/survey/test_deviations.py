"""Where our numbers are not R's, one by one (docs/estimation.md): R's are those of survey 4.1 on these rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate, weighting


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    random, n = np.random.default_rng(3), 120
    data = pd.DataFrame(
        {
            "h": np.repeat([1, 2, 3, 4], 30),
            "y": random.integers(1, 6, n).astype(float),
            "x": random.integers(0, 2, n).astype(float),
            "z": random.normal(10, 3, n),
            "g": random.integers(1, 4, n).astype(float),
            "w": random.uniform(0.5, 3, n),
        }
    )
    data["cal"] = random.integers(0, 2, n)
    data["w0"] = np.where(np.arange(n) < 6, 0, data["w"])
    for name, start, step in (("x", 0, 9), ("g", 1, 11), ("z", 2, 13)):
        data.loc[start::step, name] = np.nan
    data["psu"] = np.where(data["h"] < 4, data["h"] * 100 + np.arange(n) % 5, 400)
    return data


@pytest.fixture(scope="module")
def design(rows: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(rows, weights="w", strata="h")


def test_what_agrees(design: SurveyDesign) -> None:
    frame = estimate.chisq(design, "x", "g").loc[0]
    theirs = [1.223689205765, 1.997319998505, 231.689119826615, 0.296005705334]
    assert [frame[name] for name in ("statistic", "df1", "df2", "p")] == pytest.approx(theirs, rel=1e-9)
    frame = estimate.ttest(design, "y ~ 0").loc[0]
    theirs = [21.3856314833, 115, 2.92687696693, 2.65577999359, 3.19797394026]
    assert [frame[name] for name in ("statistic", "df1", "estimate", "ci_low", "ci_high")] == pytest.approx(theirs)
    hyndman = estimate.quantile(design, "z", [0.001, 0.004], rule="hf7")["estimate"].tolist()
    assert hyndman == pytest.approx([3.61120978518, 3.68990460481])


def test_chisq_multiplies_by_those_who_answered_both(rows: pd.DataFrame, design: SurveyDesign) -> None:
    frame = estimate.chisq(design, "x", "g", "Chisq").loc[0]
    assert frame["p"] == pytest.approx(0.294143008699, rel=1e-9)
    both = rows[["x", "g"]].notna().all(axis=1).sum()
    assert frame["statistic"] == pytest.approx(3.585673437732 * both / len(rows), rel=1e-9)


def test_units_of_weight_0_do_not_count(rows: pd.DataFrame) -> None:
    frame = estimate.chisq(SurveyDesign(rows, weights="w0", strata="h"), "x", "g").loc[0]
    assert frame["statistic"] == pytest.approx(0.930123531212, rel=1e-9)
    assert frame["df2"] == pytest.approx(231.676870273290 * 110 / 116, rel=1e-9)


def test_each_variance_has_its_own_base(design: SurveyDesign) -> None:
    both = estimate.variance(design, ["y", "z"])["estimate"].tolist()
    assert both[0] == pytest.approx(1.903722410462)
    listwise = estimate.variance(design, ["y", "z"], missing="listwise")["estimate"]
    # R's n/(n − 1) is that of all 120 rows, ours that of the 110 with both
    assert (listwise * (120 / 119) / (110 / 109)).tolist() == pytest.approx([1.776934109651, 8.068700890713])


def test_a_quantile_below_the_smallest_value_is_that_value(rows: pd.DataFrame, design: SurveyDesign) -> None:
    lowest = rows["z"].min()
    for rule, theirs in (("math", 3.72854476561), ("hf4", 3.41699663395)):
        frame = estimate.quantile(design, "z", [0.001], rule=rule)  # type: ignore[arg-type]
        assert frame.loc[0, "estimate"] == lowest
        assert theirs != pytest.approx(lowest, rel=0.02)


def test_domains_of_a_calibrated_design(rows: pd.DataFrame, design: SurveyDesign) -> None:
    total = rows["w"].sum()
    domain = weighting.calibrate(design, {"(Intercept)": total, "cal": total / 2}).where("y >= 3")
    frame = estimate.quantile(domain, "z", [0.5]).loc[0]
    assert [frame["estimate"], frame["ci_low"], frame["ci_high"]] == pytest.approx(
        [10.02752416265, 8.85073434922, 11.44382347681]
    )
    score = estimate.quantile(domain, "z", [0.5], interval="score").loc[0]
    assert score["estimate"] == pytest.approx(10.02752416265)
    assert score["ci_high"] < 11.59495942795
    beta = estimate.proportion(domain, "x", interval="beta").loc[1]
    assert beta["estimate"] == pytest.approx(0.537774518938)
    assert [beta["ci_low"], beta["ci_high"]] == pytest.approx([0.390649140030, 0.680237397256], abs=2e-3)
    assert [beta["ci_low"], beta["ci_high"]] != pytest.approx([0.390649140030, 0.680237397256], abs=1e-3)


def test_lonely_units_of_a_domain(rows: pd.DataFrame) -> None:
    design = SurveyDesign(rows, weights="w", strata="h", clusters="psu", lonely_psu="average")
    errors = [estimate.mean(d, "y").loc[0, "se"] for d in (design, design.where("g == 2 or h == 4"))]
    assert errors == pytest.approx([0.151227021673, 0.173444581367])
    # for the lonely unit R multiplies by 2 strata of the domain over 1, we by all 4 over 3
    assert estimate.mean(design.where("h >= 3"), "y").loc[0, "se"] == pytest.approx(0.214336476892 * (2 / 3) ** 0.5)
