"""Intervals cover what they claim: 1,000 samples of a population whose values are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate, weighting

pytestmark = pytest.mark.slow
SAMPLES = 1_000
PER_STRATUM = (60, 60, 100, 180)


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    random = np.random.default_rng(20)
    size = np.array([1_000, 3_000, 6_000, 10_000])
    stratum = np.repeat(np.arange(4), size)
    age = random.integers(0, 3, size.sum())
    x = random.gamma(3, 2, size.sum())
    return pd.DataFrame(
        {
            "s": stratum,
            "N": size[stratum],
            "age": pd.Categorical.from_codes(age, ["young", "middle", "old"]),
            "x": x,
            "y": 5 + stratum + 2 * age + 0.5 * x + random.normal(0, 2, size.sum()),
            "yes": (random.random(size.sum()) < 0.15 + 0.1 * age).astype("int8"),
            "item": np.clip(np.round(random.normal(3 + 0.3 * stratum, 1.2)), 1, 5).astype("int8"),
        }
    )


TRUTHS: dict[str, tuple[Callable[[pd.DataFrame], float], Callable[[SurveyDesign], pd.Series]]] = {
    "mean": (lambda p: p["y"].mean(), lambda d: estimate.mean(d, "y").iloc[0]),
    "item": (lambda p: p["item"].mean(), lambda d: estimate.mean(d, "item").iloc[0]),
    "total": (lambda p: p["y"].sum(), lambda d: estimate.total(d, "y").iloc[0]),
    "share": (lambda p: p["yes"].mean(), lambda d: estimate.proportion(d, "yes").iloc[1]),
    "ratio": (lambda p: p["y"].sum() / p["x"].sum(), lambda d: estimate.ratio(d, "y", "x").iloc[0]),
    "variance": (lambda p: p["y"].var(ddof=0), lambda d: estimate.variance(d, "y").iloc[0]),
    "median": (lambda p: p["y"].median(), lambda d: estimate.quantile(d, "y", 0.5).iloc[0]),
    "domain": (lambda p: p.loc[p["age"] == "old", "y"].mean(), lambda d: estimate.mean(d, "y", by="age").iloc[2]),
    "slope": (
        lambda p: np.polyfit(p["x"], p["y"], 1)[0],
        lambda d: estimate.glm(d, "y ~ x").iloc[1],
    ),
    "raked mean": (
        lambda p: p["y"].mean(),
        lambda d: estimate.mean(_raked(d), "y").iloc[0],
    ),
    "jackknife": (
        lambda p: p["y"].mean() / p["x"].mean(),
        lambda d: estimate.contrast(d, "mean", ["y", "x"], "y / x").iloc[0],
    ),
}
_MARGINS: dict[str, dict[str, float]] = {}


def _raked(d: SurveyDesign) -> SurveyDesign:
    return weighting.rake(d, _MARGINS)


def test_intervals_cover(population: pd.DataFrame) -> None:
    _MARGINS["age"] = population["age"].value_counts().astype(float).to_dict()
    random = np.random.default_rng(7)
    rows = [np.flatnonzero(population["s"] == stratum) for stratum in range(4)]
    wanted = {name: float(truth(population)) for name, (truth, _) in TRUTHS.items()}
    covered = dict.fromkeys(TRUTHS, 0)
    for _ in range(SAMPLES):
        drawn = np.concatenate(
            [random.choice(part, n, replace=False) for part, n in zip(rows, PER_STRATUM, strict=True)]
        )
        design = SurveyDesign(population.iloc[drawn], strata="s", fpc="N")
        for name, (_, estimator) in TRUTHS.items():
            row = estimator(design)
            covered[name] += bool(row["ci_low"] <= wanted[name] <= row["ci_high"])
    shares = {name: count / SAMPLES for name, count in covered.items()}
    assert all(0.935 <= share <= 0.965 for share in shares.values()), shares
