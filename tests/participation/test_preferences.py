"""Borda and Condorcet against a textbook election, a circle, partial rankings and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import participation
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.participation.preferences import preferred
from bildungsbedarf.wave import Wave


def ballots(*groups: tuple[int, str]) -> pd.DataFrame:
    goals = sorted({goal for _, order in groups for goal in order})
    rows = [
        [order.index(goal) + 1 if goal in order else np.nan for goal in goals] for n, order in groups for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=goals, dtype="Float64")


def test_the_capital_of_tennessee() -> None:
    # the textbook example of a Condorcet winner that plurality does not see (Memphis 42, Nashville 26, …)
    found = preferred(ballots((42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM")))
    assert found.winner == "N"
    assert found.order == (("N",), ("C",), ("K",), ("M",))
    assert (found.points * 100).round().to_dict() == {"C": 173, "K": 107, "M": 126, "N": 194}
    assert found.circles == []


def test_a_circle_is_named_and_has_no_winner() -> None:
    found = preferred(ballots((1, "ABC"), (1, "BCA"), (1, "CAB")))
    assert found.winner == ""
    assert found.order == (("A", "B", "C"),)
    assert found.circles == [("A", "B", "C")]


def test_ties_share_a_place_and_are_no_circle() -> None:
    found = preferred(ballots((1, "ABC"), (1, "BAC")))
    assert found.order == (("A", "B"), ("C",))
    assert found.circles == []


def test_what_is_not_ranked_stands_behind_and_shares_the_rest() -> None:
    found = preferred(ballots((3, "A"), (1, "BC")))
    assert found.winner == "A"
    # three of A alone: A 2 points, B and C half of 1 each; one of BC: B 2, C 1, A 0
    assert found.points.to_dict() == {"A": 6 / 4, "B": (3 * 0.5 + 2) / 4, "C": (3 * 0.5 + 1) / 4}


def test_too_few_rankings_tell_nothing() -> None:
    found = preferred(ballots((9, "ABC")), least=10)
    assert (found.persons, found.order, found.winner) == (0, (), "")


@given(st.lists(st.permutations("ABCD"), min_size=1, max_size=9))
def test_against_counting_pair_by_pair(rankings: list[list[str]]) -> None:
    found = preferred(ballots(*((1, "".join(order)) for order in rankings)))
    for one, other in itertools.permutations("ABCD", 2):
        above = sum(order.index(one) < order.index(other) for order in rankings)
        assert found.beats.loc[one, other] == (above > len(rankings) - above)
    place = {goal: number for number, goals in enumerate(found.order) for goal in goals}
    for one, other in itertools.permutations("ABCD", 2):
        if place[one] < place[other]:
            assert found.beats.loc[one, other]
    assert found.points.sum() == pytest.approx(6)


def test_the_demo_against_a_plain_loop(conference: Wave) -> None:
    found = participation.preferences(conference)
    rows = conference.responses[[f"RANGZ_{place}" for place in range(1, 7)]]
    points = dict.fromkeys(found.points.index, 0.0)
    persons = 0
    for row in rows.astype("object").itertuples(index=False):
        ranked = [str(goal) for goal in row if pd.notna(goal)]
        persons += bool(ranked)
        for goal in points if ranked else ():
            points[goal] += 5 - ranked.index(goal) if goal in ranked else (6 - len(ranked) - 1) / 2
    assert found.persons == persons
    assert {goal: value / persons for goal, value in points.items()} == pytest.approx(found.points.to_dict())


def test_a_survey_has_no_ballot(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="ballot"):
        participation.preferences(wave)
