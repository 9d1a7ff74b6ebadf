"""Majority judgement: the median grade, and what tells equal ones apart."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.participation import majority_judgement
from bildungsbedarf.wave import Wave


def test_the_median_decides_the_lower_of_two_in_the_middle() -> None:
    found = majority_judgement(pd.DataFrame({"A": [5, 5, 1, 1], "B": [2, 2, 2, 2]}))
    assert found.grades.to_dict() == {"A": 1.0, "B": 2.0}
    assert found.order == (("B",), ("A",))


def test_equal_grades_are_told_apart_by_taking_one_away() -> None:
    # both have median 3; without it A is left with 3 (of 2, 3, 4, 5 the lower middle one), B with 2
    found = majority_judgement(pd.DataFrame({"A": [2, 3, 3, 4, 5], "B": [1, 2, 3, 4, 4]}))
    assert found.grades.tolist() == [3.0, 3.0]
    assert found.order == (("A",), ("B",))


def test_what_nothing_tells_apart_shares_a_place() -> None:
    found = majority_judgement(pd.DataFrame({"A": [1, 2, 3], "B": [3, 2, 1], "C": [1, 1, 1]}))
    assert found.order == (("A", "B"), ("C",))


def test_school_marks_are_better_the_lower() -> None:
    marks = pd.DataFrame({"A": [1, 2, 2, None], "B": [3, 3, 2, 4]})
    found = majority_judgement(marks, higher_is_better=False)
    assert found.order == (("A",), ("B",))
    assert found.grades.to_dict() == {"A": 2.0, "B": 3.0}
    assert found.persons.to_dict() == {"A": 3, "B": 4}


@given(st.lists(st.lists(st.integers(1, 5), min_size=5, max_size=5), min_size=2, max_size=4), st.integers(0, 4))
def test_a_better_grade_never_makes_a_proposal_lose_places(grades: list[list[int]], voter: int) -> None:
    table = pd.DataFrame({f"P{place}": own for place, own in enumerate(grades)})
    better = table.copy()
    better.loc[voter, "P0"] = 5

    def place(judged: pd.DataFrame) -> int:
        return next(at for at, names in enumerate(majority_judgement(judged).order) if "P0" in names)

    assert place(better) <= place(table)


def test_of_a_wave_only_graded_questions(wave: Wave) -> None:
    found = majority_judgement(wave, "WICHT")
    assert set(found.grades.index) == {f"F{number:02d}" for number in range(1, 11)}
    with pytest.raises(ConfigError, match="no items graded"):
        majority_judgement(wave, "GESCHL")
