"""Needs measures against R's survey and sae (``golden/make.R``), on made-up people and areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bildungsbedarf import needs
from bildungsbedarf.needs.answers.scales import alpha, spearman_brown
from bildungsbedarf.needs.groups.equity import differences
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.estimate.inequality import effects, slope
from bildungsbedarf.survey.estimate.moments import derived, means
from tests.needs.golden.people import ITEMS

GOLDEN = Path(__file__).with_name("golden")
R = pd.read_csv(GOLDEN / "results.csv")
TOLERANCE = 1e-8
FITTED = 1e-6
"""Where R iterates."""


@pytest.fixture(scope="module")
def design() -> SurveyDesign:
    return SurveyDesign(pd.read_csv(GOLDEN / "people.csv"), weights="w", strata="s", clusters="psu")


def _battery(design: SurveyDesign) -> needs.Battery:
    columns = ([f"I{item}" for item in ITEMS], [f"S{item}" for item in ITEMS])
    return needs.battery(design, *columns, scale=(1, 5), important_from=4, dissatisfied_to=2)


def _same(case: str, estimate: object, se: object, tolerance: float = TOLERANCE) -> None:
    rows = R[R["case"] == case]
    assert len(rows), case
    assert np.asarray(estimate, dtype=float) == pytest.approx(rows["estimate"].to_numpy(), rel=tolerance, abs=1e-12)
    assert np.asarray(se, dtype=float) == pytest.approx(rows["se"].to_numpy(), rel=tolerance)


@pytest.mark.parametrize(
    ("case", "measure", "options"),
    [
        ("g", needs.gap, {}),
        ("mwds", needs.weighted_discrepancy, {}),
        ("rds", needs.ranked_discrepancy, {}),
        ("u", needs.unmet, {}),
        ("high", needs.unmet, {"base": "important"}),
    ],
)
def test_measures_of_a_battery(design: SurveyDesign, case: str, measure: object, options: dict[str, str]) -> None:
    columns = ([f"I{item}" for item in ITEMS], [f"S{item}" for item in ITEMS])
    frame = measure(design, *columns, scale=(1, 5), important_from=4, dissatisfied_to=2, **options)  # type: ignore[operator]
    for item, row in zip(ITEMS, frame.itertuples(), strict=True):
        assert row.variable == f"I{item}"
        _same(f"{case}/{item}", [row.estimate], [row.se])


def test_differences_and_ratios_of_groups(design: SurveyDesign) -> None:
    frame = differences(design, _battery(design).unmet(), "edu")
    for row in frame.itertuples():
        _same(f"difference/{row.variable[1:]}/{row.edu}", [row.estimate], [row.se])
        case = f"log ratio/{row.variable[1:]}/{row.edu}"
        known = R[R["case"] == case].iloc[0]
        half = (np.log(row.ratio_high) - np.log(row.ratio_low)) / 2
        assert np.log(row.ratio) == pytest.approx(known["estimate"], rel=FITTED)
        assert half / known["se"] == pytest.approx(stats.t.ppf(0.975, row.df), rel=FITTED)


def test_inequality_over_an_ordered_group(design: SurveyDesign) -> None:
    unmet = _battery(design).unmet()
    for item in ITEMS:
        need = unmet[f"I{item}"].astype("Float64")
        sii, rii = (slope(design, need, "edu", ["e1", "e2", "e3", "e4"], is_ratio=ratio) for ratio in (False, True))
        _same(f"sii/{item}", [sii["estimate"]], [sii["se"]])
        _same(f"log rii/{item}", [np.log(float(rii["estimate"]))], [rii["se"]], FITTED)


def test_average_marginal_effects(design: SurveyDesign) -> None:
    unmet = _battery(design).unmet()
    data = design.data
    dummies = pd.DataFrame({f"e{k}": (data["edu"] == f"e{k}").astype("Float64") for k in (1, 3, 4)})
    whole = dummies.assign(m=(data["sex"] == "m").astype("Float64"))
    for item in ITEMS:
        for number, row in enumerate(effects(design, unmet[f"I{item}"].astype("Float64"), whole, 3), start=1):
            known = R[R["case"] == f"ame/{item}/{number}"].iloc[0]
            assert row["estimate"] == pytest.approx(known["estimate"], rel=FITTED)
            # R's covariance rests on the working weights of the step before its last
            assert row["se"] == pytest.approx(known["se"], rel=1e-5)


def test_shares_of_mentions(design: SurveyDesign) -> None:
    boxes = ["TX", "TY", "TZ"]
    recipes = {box: (boxes, lambda x, at=at: x[:, at] / x.sum(axis=1)) for at, box in enumerate(boxes)}
    frame = derived(means(design, design.data[boxes]), recipes).frame
    for row in frame.itertuples():
        _same(f"mentions/{row.variable}", [row.estimate], [row.se])


@pytest.mark.parametrize(
    ("case", "columns"), [("alpha/three", ["IA", "IB", "IC"]), ("spearman-brown/AB", ["IA", "IB"])]
)
def test_reliability(design: SurveyDesign, case: str, columns: list[str]) -> None:
    complete = design.data[["IA", "IB", "IC"]].notna().all(axis=1)
    items = design.data[columns].where(complete)
    pairs = [(i, j) for i in range(len(columns)) for j in range(i, len(columns))]
    parts = {f"m{i}": items[name] for i, name in enumerate(columns)}
    parts |= {f"p{i}{j}": items[columns[i]] * items[columns[j]] for i, j in pairs}
    function = alpha(3) if len(columns) == 3 else spearman_brown
    frame = derived(means(design, pd.DataFrame(parts)), {"x": (list(parts), function)}).frame
    _same(case, frame["estimate"], frame["se"])


def test_fay_herriot() -> None:
    areas = pd.read_csv(GOLDEN / "areas.csv")
    covariates = np.column_stack([np.ones(len(areas)), areas["x1"], areas["x2"]])
    found = estimate.fay_herriot(areas["direct"].to_numpy(), areas["variance"].to_numpy(), covariates)
    _same("fh/estimate", found.estimate, np.sqrt(found.mse))
    assert found.coefficients == pytest.approx(R[R["case"] == "fh/beta"]["estimate"].to_numpy(), rel=TOLERANCE)
    assert found.variance == pytest.approx(R[R["case"] == "fh/variance"]["estimate"].iloc[0], rel=TOLERANCE)


def test_an_area_without_sample_gets_what_the_covariates_say() -> None:
    areas = pd.read_csv(GOLDEN / "areas.csv")
    covariates = np.column_stack([np.ones(len(areas)), areas["x1"], areas["x2"]])
    direct, variance = areas["direct"].to_numpy().copy(), areas["variance"].to_numpy().copy()
    direct[3] = variance[3] = np.nan
    found = estimate.fay_herriot(direct, variance, covariates)
    assert found.shrinkage[3] == 0
    assert found.estimate[3] == found.synthetic[3] == pytest.approx(covariates[3] @ found.coefficients)
    assert found.mse[3] > found.variance
