"""Score intervals of shares and of their differences against published numbers, and where no case is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.survey.intervals.shares import (
    Shares,
    difference_interval,
    effective_persons,
    exact_interval,
    score_interval,
    steadied,
)

Z = 1.959964


def _score(cases: int, persons: int) -> tuple[float, float]:
    low, high = score_interval(np.array([cases / persons]), np.array([float(persons)]), Z)
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(
    ("cases", "persons", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_score_intervals_of_newcombe(cases: int, persons: int, low: float, high: float) -> None:
    assert _score(cases, persons) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("cases", "persons", "low", "high"),
    # Newcombe 1998, ibid., method 6 (mid-P)
    [(81, 263, 0.2544, 0.3658), (15, 148, 0.0601, 0.1581), (0, 20, 0.0, 0.1391), (1, 29, 0.0017, 0.1585)],
)
def test_exact_intervals_of_newcombe(cases: int, persons: int, low: float, high: float) -> None:
    found = exact_interval(np.array([cases / persons]), np.array([float(persons)]), 0.025)
    assert [float(bound[0]) for bound in found] == pytest.approx([low, high], abs=6e-5)


@given(st.integers(0, 200), st.integers(1, 200), st.floats(1.0, 5.0), st.floats(1e-6, 0.05))
def test_exact_intervals_hold_the_share_and_are_the_same_from_the_other_side(
    cases: int, persons: int, effect: float, tail: float
) -> None:
    share, size = np.array([min(cases, persons) / persons]), np.array([persons / effect])
    low, high = exact_interval(share, size, tail)
    assert 0 <= low[0] <= share[0] + 1e-12
    assert share[0] - 1e-12 <= high[0] <= 1
    mirrored = exact_interval(1 - share, size, tail)
    assert (1 - mirrored[1][0], 1 - mirrored[0][0]) == pytest.approx((low[0], high[0]), abs=1e-9)


def test_an_exact_interval_of_nobody_asked_is_missing() -> None:
    low, high = exact_interval(np.array([np.nan, 0.5]), np.array([0.0, 0.0]), 0.025)
    assert np.isnan([*low, *high]).all()


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_differences_of_newcombe(one: tuple[int, int], two: tuple[int, int], low: float, high: float) -> None:
    shares = [np.array([cases / persons]) for cases, persons in (one, two)]
    bounds = [score_interval(share, np.array([float(n)]), Z) for share, (_, n) in zip(shares, (one, two), strict=True)]
    found = difference_interval(shares[0], shares[1], bounds[0], bounds[1], np.zeros(1))
    assert [float(bound[0]) for bound in found] == pytest.approx([low, high], abs=6e-5)


def test_nobody_or_everybody_is_not_certain() -> None:
    shares, persons = np.array([0.0, 1.0]), np.array([30.0, 30.0])
    low, high = score_interval(shares, effective_persons(shares, np.zeros(2), persons), Z)
    assert low[0] == 0
    assert high[1] == 1
    assert high[0] == pytest.approx(1 - low[1])
    assert high[0] > 0.1
    assert (np.diag(steadied(np.zeros((2, 2)), Shares(shares, persons, persons))) > 0).all()


@given(st.integers(0, 200), st.integers(1, 200), st.floats(1.0, 5.0))
def test_the_interval_holds_the_share_and_stays_a_share(cases: int, persons: int, effect: float) -> None:
    share = np.array([min(cases, persons) / persons])
    low, high = score_interval(share, np.array([persons / effect]), Z)
    assert 0 <= low[0] <= share[0] + 1e-12
    assert share[0] - 1e-12 <= high[0] <= 1
    assert high[0] > low[0]
