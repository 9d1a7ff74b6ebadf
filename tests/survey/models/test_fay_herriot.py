"""Intervals of modelled areas cover what they say, also where the areas hardly differ."""

from __future__ import annotations

import numpy as np
import pytest

from bildungsbedarf import estimate
from bildungsbedarf.survey.arrays import Floats

AREAS = 28
PERSONS = np.geomspace(10, 120, AREAS)


def _drawn(between: float, seed: int) -> tuple[Floats, Floats, Floats]:
    """True shares of areas, direct estimates, and their variances."""
    random = np.random.default_rng(seed)
    truth = 0.3 + between * random.standard_normal(AREAS)
    variances = 0.21 / PERSONS
    return truth, truth + np.sqrt(variances) * random.standard_normal(AREAS), variances


@pytest.mark.parametrize("between", [0.0, 0.03, 0.05, 0.1])
def test_intervals_of_areas_cover(between: float) -> None:
    held = []
    for seed in range(150):
        truth, direct, variances = _drawn(between, seed)
        low, high = estimate.fay_herriot(direct, variances, np.ones((AREAS, 1))).interval()
        held.append(((low <= truth) & (truth <= high)).mean())
    assert np.mean(held) >= 0.945


def test_an_interval_is_never_narrower_than_its_error_says() -> None:
    _, direct, variances = _drawn(0.02, 1)
    found = estimate.fay_herriot(direct, variances, np.ones((AREAS, 1)))
    low, high = found.interval()
    assert (found.interval_mse >= found.mse).all()
    assert (high - low >= 2 * 1.959 * np.sqrt(found.mse)).all()
    wide = found.interval(0.99)
    assert (wide[1] - wide[0] > high - low).all()
