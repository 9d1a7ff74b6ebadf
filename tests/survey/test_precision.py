"""Weights of very different size: standard errors are those of exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.survey import SurveyDesign, estimate


def _exact(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Mean and its standard error in rational numbers: sampling with replacement, linearised."""
    y, w = ([Fraction(float(value)) for value in each] for each in (values, weights))
    mean = sum((a * b for a, b in zip(w, y, strict=True)), Fraction(0)) / sum(w)
    scores = [a * (b - mean) / sum(w) for a, b in zip(w, y, strict=True)]
    middle = sum(scores, Fraction(0)) / len(scores)
    spread = Fraction(len(scores), len(scores) - 1) * sum((score - middle) ** 2 for score in scores)
    return float(mean), float(spread) ** 0.5


@pytest.mark.parametrize(
    ("largest", "tolerance"), [(1e0, 1e-12), (1e3, 1e-11), (1e6, 1e-10), (1e9, 1e-8), (1e12, 1e-5)]
)
@pytest.mark.parametrize("kind", ["decimal", "scale"])
@pytest.mark.parametrize("scanned", [False, True])
def test_one_very_large_weight(largest: float, tolerance: float, kind: str, scanned: bool, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    values = random.normal(50, 10, 60) if kind == "decimal" else random.integers(1, 6, 60).astype(float)
    weights = random.uniform(0.5, 2, 60)
    weights[7] = largest
    data = pd.DataFrame({"y": values, "w": weights})
    if scanned:
        data.to_parquet(tmp_path / "rows.parquet")
        design = SurveyDesign.scan(tmp_path / "rows.parquet", weights="w")
    else:
        design = SurveyDesign(data, weights="w")
    mean, se = _exact(values, weights)
    frame = estimate.mean(design, "y")
    assert frame.loc[0, "estimate"] == pytest.approx(mean, rel=1e-14)
    assert frame.loc[0, "se"] == pytest.approx(se, rel=tolerance)
    assert np.sqrt(estimate.covariance(design, "mean", "y").iloc[0, 0]) == pytest.approx(se, rel=tolerance)
