"""Agreement with R's ``survey`` where ../shared/golden has no case: calibrated domains, quantiles and models.

The numbers and the R script beside them: ``golden/make.R``; the people are made up (``golden/people.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate, weighting

HERE = Path(__file__).parent / "golden"
AREAS = {"a": 500.0, "b": 300.0, "c": 200.0}
SEXES = {"f": 520.0, "m": 480.0}
LINEAR: dict[str, Any] = {"sex": SEXES, "z": 4100.0}


@lru_cache(maxsize=1)
def people() -> pd.DataFrame:
    return pd.read_csv(HERE / "people.csv", dtype={"item": "Int64", "y": "Float64"})


@lru_cache(maxsize=1)
def results() -> dict[str, pd.DataFrame]:
    read = pd.read_csv(HERE / "results.csv", skipinitialspace=True)
    return {str(name): part for name, part in read.groupby("case")}


def _strat() -> SurveyDesign:
    return SurveyDesign(people(), weights="w", strata="s")


def _clus() -> SurveyDesign:
    return SurveyDesign(people(), weights="w", strata="s", clusters="psu")


def _two() -> SurveyDesign:
    return SurveyDesign(people(), weights="w", strata="s", clusters=["psu", "ssu"], fpc=["f1", "f2"])


def _jkn(*, mse: bool = False) -> SurveyDesign:
    made = _clus().to_replicates("JKn")
    kept = made.replicates
    assert kept is not None
    frame = pd.DataFrame(kept.weights)
    return SurveyDesign.from_replicates(
        people(), "w", frame, "JKn", scale=kept.scale, rscales=kept.rscales.tolist(), mse=mse
    )


def _rake(d: SurveyDesign) -> SurveyDesign:
    return weighting.rake(d, {"area": AREAS, "sex": SEXES}, tol=1e-14)


DESIGNS: dict[str, Callable[[], SurveyDesign]] = {
    "strat": _strat,
    "clus": _clus,
    "two": _two,
    "strat_post": lambda: weighting.poststratify(_strat(), "area", AREAS),
    "clus_post": lambda: weighting.poststratify(_clus(), "area", AREAS),
    "two_post": lambda: weighting.poststratify(_two(), "area", AREAS),
    "strat_rake": lambda: _rake(_strat()),
    "clus_rake": lambda: _rake(_clus()),
    "strat_linear": lambda: weighting.calibrate(_strat(), LINEAR),
    "clus_linear": lambda: weighting.calibrate(_clus(), LINEAR),
    "jkn": _jkn,
    "jkn_mse": lambda: _jkn(mse=True),
    "jkn_rake": lambda: _rake(_jkn()),
}
Pair = tuple[Any, Any]


def _pair(frame: pd.DataFrame) -> Pair:
    return frame["estimate"].to_numpy(dtype=float), frame["se"].to_numpy(dtype=float)


def _by_category(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("category", kind="stable")


def _test(frame: pd.DataFrame, *names: str) -> Pair:
    return frame[list(names)].iloc[0].to_numpy(dtype=float), 0.0


OLD = "age > 50"
CASES: dict[str, Callable[[SurveyDesign], Pair]] = {
    "mean": lambda d: _pair(estimate.mean(d, ["y", "item"], missing="listwise")),
    "mean_by": lambda d: _pair(estimate.mean(d, "y", by="area")),
    "total_by": lambda d: _pair(estimate.total(d, "z", by="area")),
    "share_by": lambda d: _pair(_by_category(estimate.proportion(d, "item", by="area"))),
    "ratio": lambda d: _pair(estimate.ratio(d, "z", "age")),
    "variance": lambda d: _pair(estimate.variance(d, "z")),
    "domain": lambda d: _pair(estimate.mean(d.where(OLD), "y")),
    "domain_total": lambda d: _pair(estimate.total(d.where(OLD), "z")),
    "quantile": lambda d: _pair(estimate.quantile(d, "z", [0.25, 0.5, 0.9])),
    "quantile_domain": lambda d: _pair(estimate.quantile(d.where(OLD), "z", 0.5, interval="xlogit")),
    "chisq": lambda d: _test(estimate.chisq(d, "sex", "area"), "statistic", "df1", "df2", "p"),
    "ttest": lambda d: _test(estimate.ttest(d, "z ~ sex"), "estimate", "statistic", "p"),
    "gaussian": lambda d: _pair(estimate.glm(d, "z ~ age + area")),
    "binomial": lambda d: _pair(estimate.glm(d, "yes ~ z + sex", "binomial")),
    "poisson": lambda d: _pair(estimate.glm(d, "count ~ z + area", "poisson")),
}
# R leaves a raked design's residuals after ten sweeps, and glm after a change of the deviance below 1e-8.
TOLERANCE = {"binomial": 1e-6, "poisson": 1e-6}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("case", CASES)
def test_agreement_with_r(name: str, case: str) -> None:
    wanted = results()[f"{name}/{case}"]
    estimates, errors = CASES[case](DESIGNS[name]())
    tolerance = max(TOLERANCE.get(case, 1e-8), 1e-6 if "rake" in name else 0.0)
    np.testing.assert_allclose(estimates, wanted["estimate"], rtol=tolerance)
    np.testing.assert_allclose(errors, wanted["se"], rtol=tolerance, atol=1e-13)


@pytest.mark.parametrize("name", ["strat", "clus", "two"])
def test_ordered_logit(name: str) -> None:
    """With a tight control R's search reaches the maximum; its standard errors take a numerical Hessian."""
    wanted, found = results()[f"{name}/ordinal"], estimate.ordinal(DESIGNS[name](), "item ~ z + area")
    np.testing.assert_allclose(found["estimate"], wanted["estimate"], rtol=1e-6)
    np.testing.assert_allclose(found["se"], wanted["se"], rtol=1e-5)


@pytest.mark.parametrize("rho", ["0", "0.3"])
def test_balanced_replicates(rho: str) -> None:
    replicates = pd.read_csv(HERE / f"replicates_fay{rho}.csv")
    design = SurveyDesign.from_replicates(people(), "w", replicates, "Fay", rho=float(rho))
    for case, frame in (("mean", estimate.mean(design, ["z", "age"])), ("glm", estimate.glm(design, "z ~ age"))):
        wanted = results()[f"fay{rho}/{case}"]
        np.testing.assert_allclose(frame["estimate"], wanted["estimate"], rtol=1e-8)
        np.testing.assert_allclose(frame["se"], wanted["se"], rtol=1e-8)
