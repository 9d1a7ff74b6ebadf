from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bildungsbedarf.survey.intervals.simultaneous import critical_value, rank_sets


def test_one_estimate_gives_students_t() -> None:
    assert critical_value(np.array([[4.0]]), 20) == pytest.approx(stats.t.ppf(0.975, 20), abs=0.03)


def test_independent_estimates_give_sidaks_value() -> None:
    sidak = stats.norm.ppf(0.5 + 0.95 ** (1 / 10) / 2)
    assert critical_value(np.eye(10), 1e6) == pytest.approx(sidak, abs=0.03)


def test_fully_dependent_estimates_cost_nothing() -> None:
    assert critical_value(np.ones((5, 5)), 1e6) == pytest.approx(stats.norm.ppf(0.975), abs=0.03)


def test_same_input_same_value() -> None:
    matrix = np.array([[1.0, 0.3], [0.3, 2.0]])
    assert critical_value(matrix, 30) == critical_value(matrix, 30)


def test_nothing_varies_or_no_df() -> None:
    assert np.isnan(critical_value(np.zeros((2, 2)), 10))
    assert np.isnan(critical_value(np.eye(2), 0))


def test_rank_sets() -> None:
    sets = rank_sets(np.array([10.0, 1.0, 1.1, -8.0]), np.eye(4) * 0.25, 100)
    assert sets.best.tolist() == [1, 2, 2, 4]
    assert sets.worst.tolist() == [1, 3, 3, 4]
    grouped = rank_sets(np.array([10.0, 1.0, 1.1, -8.0]), np.eye(4) * 0.25, 100, groups=[0, 1, 0, 1])
    assert grouped.best.tolist() == [1, 1, 2, 2]
    assert rank_sets(np.array([1.0]), np.eye(1), 10).worst.tolist() == [1]
    missing = rank_sets(np.array([np.nan, 1.0]), np.eye(2), 10)
    assert (missing.best.tolist(), missing.worst.tolist()) == ([1, 1], [2, 2])


@pytest.mark.slow
def test_rank_sets_hold_in_repeated_samples() -> None:
    random = np.random.default_rng(5)
    truth = np.array([0.5, 0.45, 0.3, 0.3, 0.1])
    covariance = 0.002 * (0.5 * np.eye(5) + 0.5)
    hits = 0
    for _ in range(200):
        draw = random.multivariate_normal(truth, covariance)
        sets = rank_sets(draw, covariance, 200)
        best = np.array([1 + (truth > value).sum() for value in truth])
        worst = np.array([(truth >= value).sum() for value in truth])
        hits += bool(((sets.best <= best) & (sets.worst >= worst)).all())
    assert hits >= 0.95 * 200 - 6
