from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, needs, participation
from bildungsbedarf.disclosure import Limits, release
from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.estimates import Facts, facts_of, like
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave


def _frame(rows: list[tuple[int, int | None]], by: list[str] | None = None, unit: str = "share") -> pd.DataFrame:
    """One row (n, count) each: groups g0, g1, … of one item."""
    frame = pd.DataFrame(
        {
            "variable": "F01",
            "category": pd.Series([pd.NA] * len(rows), dtype="string"),
            "g": [f"g{number}" for number in range(len(rows))],
            "n": pd.array([n for n, _ in rows], dtype="Int64"),
            "count": pd.array([count for _, count in rows], dtype="Int64"),
            "weighted_n": 1.0,
            "estimate": [0.0 if not n else (count or 0) / n for n, count in rows],
            "se": 0.01,
            "ci_low": 0.1,
            "ci_high": 0.2,
        }
    )
    return Facts("unmet_need", unit, by=tuple(by or ())).on(frame)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "decision"),
    [
        ((9, 5), "base_too_small"),
        ((0, 0), "no_estimate"),
        ((40, 4), "cell_too_small"),
        ((40, 1), "cell_too_small"),
        ((40, 0), "shown"),
        ((40, 5), "shown"),
        ((40, 37), "others_too_few"),
        ((40, 40), "shown"),
        ((20, 20), "everyone_in_one_category"),
        ((10, 5), "shown"),
        ((40, None), "shown"),
    ],
)
def test_rules(row: tuple[int, int | None], decision: str) -> None:
    released = release(_frame([row]))
    assert released.frame["decision"].tolist() == [decision]
    if decision != "shown":
        assert released.frame[["estimate", "se", "ci_low", "ci_high", "count"]].isna().all(axis=None)
        assert released.decisions["remedy"].notna().all()


def test_small_bases_are_marked_and_hidden_ones_not_told() -> None:
    frame = release(_frame([(29, 10), (30, 10), (9, 5)])).frame
    assert frame["small"].tolist() == [True, False, False]
    assert pd.isna(frame["n"][2])


def test_imprecise_numbers_are_not_published() -> None:
    wide = _frame([(100, 50)]).assign(ci_low=0.3, ci_high=0.6)
    assert release(wide).frame["decision"].tolist() == ["too_imprecise"]
    mean = _frame([(100, None)], unit="mean").assign(ci_low=2.0, ci_high=3.2)
    mean = Facts("gap", "mean", span=4).on(mean)
    assert release(mean).frame["decision"].tolist() == ["too_imprecise"]
    total = _frame([(100, 50)], unit="total").assign(estimate=100.0, se=40.0)
    assert release(total).frame["decision"].tolist() == ["too_imprecise"]


def test_one_hidden_group_hides_a_second() -> None:
    decisions = release(_frame([(40, 3), (50, 20), (60, 30)], by=["g"])).frame["decision"].tolist()
    assert decisions == ["cell_too_small", "secondary", "shown"]
    two = release(_frame([(40, 3), (50, 2), (60, 30)], by=["g"])).frame["decision"].tolist()
    assert two == ["cell_too_small", "cell_too_small", "shown"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=6))
def test_nothing_small_gets_through_and_nothing_is_left_alone(rows: list[tuple[int, int]]) -> None:
    rows = [(max(n, count), count) for n, count in rows]
    released = release(_frame(rows, by=["g"]))
    shown = released.rows()
    assert (shown["n"] >= 10).all()
    assert ((shown["count"] == 0) | (shown["count"] >= 5)).all()
    others = shown["n"] - shown["count"]
    assert ((others == 0) | (others >= 5)).all()
    dangerous = {"base_too_small", "cell_too_small", "others_too_few", "everyone_in_one_category"}
    hidden = released.frame[released.frame["decision"] != "shown"]
    if hidden["decision"].isin(dangerous).sum() == 1 and len(rows) > 1:
        assert len(hidden) > 1


def test_what_leaves_does_not_depend_on_the_last_bits() -> None:
    frames = [_frame([(100, 30)]).assign(estimate=0.3 * (1 + noise), se=0.02 / (1 + noise)) for noise in (0, 3e-15)]
    first, second = (release(frame).frame for frame in frames)
    assert frames[0]["estimate"][0] != frames[1]["estimate"][0]
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_only_estimates_pass(wave: Wave) -> None:
    with pytest.raises(DisclosureError, match="not a frame of estimates") as caught:
        release(wave.responses)
    assert caught.value.exit_code == 4


def test_a_merge_does_not_open_the_gate(wave: Wave) -> None:
    frame = needs.unmet(wave, by="gemeinde")
    merged = frame.merge(pd.DataFrame({"variable": frame["variable"].unique(), "rank": range(10)}), on="variable")
    with pytest.raises(DisclosureError, match="does not say what it holds") as caught:
        release(merged)
    assert "bb.estimates.like(frame, original)" in str(caught.value)
    told = release(like(merged, frame)).frame
    assert told["decision"].tolist() == release(frame).frame["decision"].tolist()
    assert (told["decision"] != "shown").sum() > 50


def test_a_study_that_is_stricter_is_so_without_being_asked(wave: Wave) -> None:
    frame = needs.unmet(wave, by="gemeinde")
    strict = Facts(**{**vars(facts_of(frame)), "limits": {"minimum_base": 50}}).on(frame.copy())
    assert (release(strict).rows()["n"] >= 50).all()
    assert release(strict).limits.minimum_base == 50


def test_what_holds_several_statistics_or_one_side_of_a_difference_is_refused(wave: Wave, later: Wave) -> None:
    with pytest.raises(DisclosureError, match="several statistics at once"):
        release(estimate.table(wave.design, "WICHT_F05"))
    with pytest.raises(DisclosureError, match="what its two sides rest on"):
        release(estimate.difference(wave.design, later.design, "mean", "WICHT_F05"))


def test_studies_may_only_be_stricter(wave: Wave) -> None:
    assert disclosure.limits_of(wave) == Limits()
    assert release(_frame([(15, 7)]), Limits(minimum_base=20)).frame["decision"].tolist() == ["base_too_small"]


def test_trends_need_both_waves(wave: Wave, later: Wave) -> None:
    frame = needs.trend(wave, later, "unmet_need")
    frame.loc[0, "count_before"] = 3
    released = release(frame)
    assert released.frame["decision"][0] == "cell_too_small"
    assert released.frame.loc[0, ["before", "after", "estimate", "n_before"]].isna().all()


def test_the_group_of_two_appears_nowhere(conference: Wave) -> None:
    released = release(participation.agreement(conference, by="GRUPPE"))
    group = released.frame[released.frame["GRUPPE"] == "WB"]
    assert group["estimate"].isna().all()
    assert group["n"].isna().all()


def test_a_repeated_index_hides_the_same_cells(wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    known = disclosure.release(frame).frame["decision"].tolist()
    assert "secondary" in known
    assert disclosure.release(frame.set_axis([0] * len(frame))).frame["decision"].tolist() == known
