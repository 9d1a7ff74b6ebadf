"""Quantiles and regressions against R's ``survey`` 4.1.1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.models.formulas import ModelFormula
from bildungsbedarf.survey.models.likelihoods import OrderedLogit
from bildungsbedarf.survey.sample.levels import level_codes
from tests.survey.goldens import RELATIVE, golden, of_kind, sample_of

pytestmark = pytest.mark.shared
ITERATED = 1e-6
FAMILIES = {
    "gauss": ("api00 ~ ell + meals + mobility", "gaussian"),
    "gauss_fac": ("api00 ~ stype + meals", "gaussian"),
    "qbin": ("awardY ~ ell + meals + stype", "binomial"),
    "qpois": ("`api.stu` ~ meals + stype", "poisson"),
}


def _prepared(name: str) -> SurveyDesign:
    design = sample_of(name)
    awards = pd.DataFrame({"awardY": (design.data["awards"] == "Yes").astype(int)})
    return design.with_columns(awards)


@pytest.mark.parametrize("name", of_kind("quantile_"))
def test_quantile_intervals(name: str) -> None:
    case, (design, _, kind) = golden()[name], name.partition("/quantile_")
    found = estimate.quantile(sample_of(design), "api00", case["probs"], interval=kind)  # type: ignore[arg-type]
    for theirs, ours in (("est", "estimate"), ("se", "se"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
        np.testing.assert_allclose(found[ours], case[theirs], rtol=RELATIVE)
    assert set(found["df"]) == {case["df"]}


@pytest.mark.parametrize("name", of_kind("qrule_"))
def test_quantile_rules(name: str) -> None:
    case, (design, _, rule) = golden()[name], name.partition("/qrule_")
    found = estimate.quantile(sample_of(design), "api00", case["probs"], rule=rule)  # type: ignore[arg-type]
    np.testing.assert_allclose(found["estimate"], case["est"], rtol=RELATIVE)


@pytest.mark.parametrize("name", of_kind("glm_"))
def test_generalised_linear_models(name: str) -> None:
    case, (design, _, kind) = golden()[name], name.partition("/glm_")
    formula, family = FAMILIES[kind]
    found = estimate.glm(_prepared(design), formula, family)  # type: ignore[arg-type]
    covariance = np.array(case["vcov"])
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    close: dict[str, Any] = {"rtol": RELATIVE if family == "gaussian" else ITERATED, "atol": 1e-12}
    np.testing.assert_allclose(found["estimate"], case["est"], **close)
    np.testing.assert_allclose(found["se"], case["se"], **close)
    np.testing.assert_allclose(np.array(found.attrs["covariance"]) / scale, covariance / scale, **close)
    np.testing.assert_allclose(found["statistic"], case["stat"], **close)
    np.testing.assert_allclose(
        found[["ci_low", "ci_high"]], np.column_stack([case["ci_low"], case["ci_high"]]), **close
    )
    # a p-value of 1e-150 has that many times the relative error of its t
    np.testing.assert_allclose(np.log(found["p"]), np.log(case["p"]), **close)
    assert set(found["df"]) == {case["df_resid"]}


@pytest.mark.parametrize("name", of_kind("olr"))
def test_ordered_logit(name: str) -> None:
    """R's search stops short of the maximum: ours is near, and more likely."""
    case, design = golden()[name], sample_of(name.partition("/")[0])
    found = estimate.ordinal(design, "sat ~ meals + stype")
    np.testing.assert_allclose(found["estimate"], case["est"], rtol=2e-3)
    np.testing.assert_allclose(found["se"], case["se"], rtol=5e-2)
    formula = ModelFormula(design.rows, "sat ~ meals + stype")
    rows = formula.used(design.rows.block(formula.columns))
    frame = design.data.iloc[rows]
    matrix = formula.matrix(frame)[:, 1:]
    codes = level_codes(frame["sat"], [1, 2, 3, 4, 5]).astype(float)

    def likelihood(coefficients: Any) -> float:
        return float(design.weights[rows] @ OrderedLogit(5).value(matrix, codes, np.asarray(coefficients)))

    assert likelihood(found["estimate"]) >= likelihood(case["est"])
