from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, findings, needs, participation, show
from bildungsbedarf.disclosure import Limits, release
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.estimates import Facts, facts_of, like
from bildungsbedarf.survey import SurveyDesign, estimate
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


def _sealed(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame made up for a test: its numbers count as computed."""
    return facts_of(frame).on(frame)


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
    assert release(_sealed(wide)).frame["decision"].tolist() == ["too_imprecise"]
    mean = _frame([(100, None)], unit="mean").assign(ci_low=2.0, ci_high=3.2)
    mean = Facts("gap", "mean", span=4).on(mean)
    assert release(mean).frame["decision"].tolist() == ["too_imprecise"]
    total = _frame([(100, 50)], unit="total").assign(estimate=100.0, se=40.0)
    assert release(_sealed(total)).frame["decision"].tolist() == ["too_imprecise"]


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
    frames = [_sealed(frame) for frame in frames]
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
    with pytest.raises(DisclosureError, match="what its two sides rest on") as caught:
        release(estimate.contrast(wave.design, "mean", ["WICHT_F05", "ZUFR_F05"], "WICHT_F05 - ZUFR_F05"))
    assert "bb.estimate.difference" in str(caught.value)
    d = wave.design
    for frame in (
        estimate.glm(d, "WICHT_F05 ~ ZUFR_F05"),
        estimate.ttest(d, "WICHT_F05 ~ kinder"),
        estimate.chisq(d, "kinder", "geschlecht"),
    ):
        with pytest.raises(DisclosureError, match="no rule decides on them"):
            release(frame)


def test_a_difference_of_two_designs_needs_both_sides(wave: Wave, later: Wave) -> None:
    frame = estimate.difference(later.design, wave.design, "mean", "WICHT_F05", by="kinder")
    assert (frame["a"] - frame["b"] - frame["estimate"]).abs().max() < 1e-12
    assert (frame["n_a"] + frame["n_b"] == frame["n"]).all()
    assert release(frame).frame["decision"].tolist() == ["shown", "shown"]
    few = wave.design.where(np.arange(len(wave.responses)) < 8)
    assert release(estimate.difference(later.design, few, "mean", "WICHT_F05")).rows().empty


def _people(few: int = 3) -> SurveyDesign:
    """300 persons: ``rare`` is true of ``few``, ``often`` of half, ``asked`` of 40 with all the rare ones."""
    place = np.arange(300)
    return SurveyDesign(
        pd.DataFrame(
            {
                "rare": (place < few).astype(int),
                "often": place % 2 == 0,
                "asked": (place < 40).astype(int),
                "one_or_two": 1 + (place < few),
                "age": 16 + place % 70,
                "old": np.where(place < few, 104 + place, 16 + place % 70),
            }
        )
    )


SMALL: dict[str, Callable[[SurveyDesign], pd.DataFrame]] = {
    "mean": lambda d: estimate.mean(d, "rare"),
    "mean of two values": lambda d: estimate.mean(d, "one_or_two"),
    "total": lambda d: estimate.total(d, "rare"),
    "variance": lambda d: estimate.variance(d, "rare"),
    "ratio": lambda d: estimate.ratio(d, "rare", "asked"),
    "quantile": lambda d: estimate.quantile(d, "old", [0.995]),
    "proportion": lambda d: estimate.proportion(d, "rare"),
}


@pytest.mark.parametrize("what", SMALL)
def test_few_persons_are_hidden_whatever_the_estimator(what: str) -> None:
    assert release(SMALL[what](_people())).rows().empty


def test_the_persons_behind_a_mean_are_those_behind_its_share() -> None:
    d = _people(40)
    for what in ("mean", "mean of two values", "total", "variance", "ratio"):
        assert SMALL[what](d).loc[0, "count"] == 40, what
    assert estimate.ratio(d, "rare", "asked").loc[0, "n"] == 40
    assert pd.isna(estimate.mean(d, "age").loc[0, "count"])
    assert release(estimate.mean(d, ["rare", "often", "age"])).frame["decision"].tolist() == ["shown"] * 3
    median = release(estimate.quantile(d, "age", [0.5])).frame
    assert median["decision"].tolist() == ["shown"]
    assert 100 < median["count"][0] <= 150


def test_a_group_that_answered_alike_is_hidden() -> None:
    place = np.arange(100)
    data = pd.DataFrame({"y": np.where(place < 20, 4, 1 + place % 5), "g": np.where(place < 20, "a", "b")})
    frame = release(estimate.mean(SurveyDesign(data), "y", by="g")).frame
    assert frame["decision"].tolist() == ["everyone_in_one_category", "secondary"]


def test_studies_may_only_be_stricter(wave: Wave) -> None:
    assert disclosure.limits_of(wave) == Limits()
    assert release(_frame([(15, 7)]), Limits(minimum_base=20)).frame["decision"].tolist() == ["base_too_small"]


def test_trends_need_both_waves(wave: Wave, later: Wave) -> None:
    frame = needs.trend(wave, later, "unmet_need")
    frame.loc[0, "count_before"] = 3
    released = release(_sealed(frame))
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


OPENING: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "rows filtered": (lambda f: f[f["count"] >= 5], "rows of this table are lacking"),
    "a category dropped": (lambda f: f[f["variable"] != "F01"], "rows of this table are lacking"),
    "rows repeated": (lambda f: pd.concat([f, f], ignore_index=True), "more rows than were computed"),
    "a row in another's place": (lambda f: f.iloc[[0, *range(len(f) - 1)]], "not those that were computed"),
    "percent": (lambda f: f.assign(estimate=100 * f["estimate"]), "column estimate: numbers of this table"),
    "a base": (lambda f: f.assign(n=1000), "column n: numbers of this table"),
    "rows swapped": (lambda f: f.assign(estimate=f["estimate"].to_numpy()[::-1]), "not those that were computed"),
    "holes filled": (lambda f: f.assign(n=f["n"] + 0.5), "column n"),
    "combined": (lambda f: f.head(3).combine_first(f.tail(3)), "rows of this table are lacking"),
    "a summary": (lambda f: f.groupby("variable").mean(numeric_only=True).reset_index(), "not a frame of estimates"),
    "described": (lambda f: f.describe(), "not a frame of estimates"),
    "counts as objects": (lambda f: f.assign(count=None), "column count: numbers of this table"),
    "estimates as objects": (lambda f: f.assign(estimate=(100 * f["estimate"]).astype(object)), "column estimate"),
    "intervals as texts": (lambda f: f.assign(ci_low=f["ci_low"].astype(str)), "column ci_low"),
    "no intervals": (lambda f: f.drop(columns="ci_low"), r"lacks a column(.|\n)*ci_low"),
    "a column twice": (lambda f: pd.concat([f, f[["n"]]], axis=1), "stands in it twice"),
    "other labels": (lambda f: f.assign(variable=f["variable"].str.lower()), "not those that were computed"),
}


@pytest.mark.parametrize("what", OPENING)
def test_only_the_rows_that_were_computed_pass(what: str, wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    changed, message = OPENING[what]
    with pytest.raises(DisclosureError, match=message) as caught:
        release(changed(frame))
    assert caught.value.exit_code == 4


def test_a_difference_of_two_tables_is_not_one_of_them(wave: Wave) -> None:
    kept = ["n", "count", "weighted_n", "estimate", "se", "ci_low", "ci_high"]
    labels = {"variable": "F01", "category": None}
    difference = needs.importance(wave)[kept] - needs.satisfaction(wave)[kept]
    with pytest.raises(DisclosureError):
        release(difference.assign(**labels))


HARMLESS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "sorted": lambda f: f.sort_values("estimate"),
    "another index": lambda f: f.sample(frac=1, random_state=1).set_axis([7] * len(f)),
    "a further column": lambda f: f.assign(percent=100 * f["estimate"]),
    "a column less": lambda f: f.drop(columns="weighted_n"),
    "parts together": lambda f: pd.concat([f[f["variable"] == "F02"], f[f["variable"] != "F02"]]),
    "counts as floats": lambda f: f.astype({"n": float, "count": float}),
    "objects": lambda f: f.astype({"variable": object, "altersgruppe": object}),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_the_same_rows_in_another_form_pass(what: str, wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    keys = ["variable", "altersgruppe"]
    known = release(frame).frame.sort_values(keys)["decision"].tolist()
    assert release(HARMLESS[what](frame)).frame.sort_values(keys)["decision"].tolist() == known


def test_nothing_passes_twice(wave: Wave) -> None:
    released = release(needs.unmet(wave, by="altersgruppe"))
    with pytest.raises(DisclosureError, match="passed the gate before"):
        release(released.frame)


def test_rows_are_chosen_after_the_gate(wave: Wave) -> None:
    released = release(needs.unmet(wave, by="altersgruppe"))
    old = released.only(["F02", "F01"], altersgruppe=["65+"])
    assert old.frame["variable"].tolist() == ["F02", "F01"]
    whole = released.frame.query("altersgruppe == '65+' and variable == 'F02'")
    assert old.frame["decision"][0] == whole["decision"].iloc[0]
    with pytest.raises(ConfigError, match="no such group") as caught:
        released.only(altersgrupe=["65+"])
    assert "altersgruppe" in str(caught.value)


def test_limits_are_never_loosened(wave: Wave) -> None:
    frame = needs.unmet(wave, by="gemeinde")
    strict = facts_of(frame).but(limits={"minimum_base": 50}).on(frame.copy())
    assert release(strict, Limits(minimum_base=20)).limits.minimum_base == 50
    loose = Limits(minimum_base=1, minimum_cell=1, small_base=1, share_half_width=9.0)
    assert release(frame, loose).limits == Limits()
    assert release(frame, Limits(share_half_width=0.05)).limits == Limits(share_half_width=0.05)


def test_what_changed_after_the_gate_is_not_shown(wave: Wave) -> None:
    released = release(needs.unmet(wave))
    released.frame["estimate"] = released.frame["estimate"].round(1)
    for use in (lambda: findings.record(released, wave), lambda: show.table(released, wave)):
        with pytest.raises(DisclosureError, match="not those that were computed"):
            use()
    hidden = release(needs.unmet(wave, by="gemeinde"))
    hidden.frame["decision"] = "shown"
    with pytest.raises(DisclosureError, match="not those that were computed"):
        show.table(hidden, wave)
    with pytest.raises(DisclosureError, match="passed the gate before"):
        release(release(needs.unmet(wave)).frame.drop(columns="decision").pipe(lambda f: facts_of(f).on(f)))


def test_only_tables_are_released(wave: Wave) -> None:
    frame = needs.unmet(wave)
    for other in (None, [frame], frame["estimate"], release(frame)):
        with pytest.raises(DisclosureError, match="only a table of estimates"):
            release(other)  # type: ignore[arg-type]


def test_rows_with_equal_names_are_told_apart_by_their_groups(wave: Wave, later: Wave) -> None:
    frame = needs.intersections(wave, ["altersgruppe", "kinder", "teilnahme"])
    assert len(frame) > 1
    with pytest.raises(DisclosureError, match="not those that were computed"):
        release(frame.assign(share=frame["share"].to_numpy()[::-1]))


def _by_groups(sizes: dict[str, int], levels: list[str] | None = None) -> pd.DataFrame:
    """Means by groups of these sizes: half of each say yes."""
    groups = [name for name, size in sizes.items() for _ in range(size)]
    yes = [place % 2 for size in sizes.values() for place in range(size)]
    column = pd.Categorical(groups, levels or list(sizes))
    return estimate.mean(SurveyDesign(pd.DataFrame({"yes": yes, "g": column})), "yes", by="g")


def test_an_empty_group_hides_nothing() -> None:
    sizes = {"A": 3, "B": 97, "C": 200}
    for levels in (None, ["A", "B", "C", "empty"]):
        frame = release(_by_groups(sizes, levels)).frame
        assert frame["decision"].tolist()[:3] == ["base_too_small", "secondary", "shown"]
        # the base of B would give that of A, from the 300 of the whole
        assert frame["n"].isna().tolist()[:3] == [True, True, False]


def test_hidden_persons_add_up_to_enough() -> None:
    answers = ["a", "b", *["c"] * 148, *["d"] * 150]
    frame = release(estimate.proportion(SurveyDesign(pd.DataFrame({"x": answers})), "x")).frame
    assert frame["decision"].tolist() == ["cell_too_small", "cell_too_small", "secondary", "shown"]


def test_sums_of_categories_are_protected_across_groups(wave: Wave) -> None:
    frame = release(needs.steps(wave, "WICHT", by="altersgruppe")).frame
    whole = release(needs.steps(wave, "WICHT")).frame.set_index(["variable", "category"])["count"]
    for keys, rows in frame.groupby(["variable", "category"], sort=False):
        hidden = rows[rows["decision"] != "shown"]
        if len(hidden) and pd.notna(whole[keys]):
            left = whole[keys] - rows["count"].sum()
            assert len(hidden) > 1 or left == 0, keys
            assert left == 0 or left >= 5, keys


@given(
    st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5),
    st.booleans(),
)
def test_no_sum_gives_a_hidden_cell_back(counts: list[list[int]], with_sums: bool) -> None:
    """Groups × three categories and, perhaps, the sum of the last two: whatever adds up hides two rows or none."""
    rows = []
    for group, own in enumerate(counts):
        scaled = [10 * count if count > 6 else count for count in own]
        told = dict(zip("abc", scaled, strict=True)) | ({"top": scaled[1] + scaled[2]} if with_sums else {})
        rows += [(f"g{group}", category, sum(scaled), count) for category, count in told.items()]
    frame = pd.DataFrame(rows, columns=["g", "category", "n", "count"]).astype({"category": "string"})
    frame = frame.assign(variable="F01", estimate=(frame["count"] / frame["n"].clip(lower=1)), se=0.01)
    frame = frame.assign(ci_low=frame["estimate"] - 0.01, ci_high=frame["estimate"] + 0.01)
    facts = Facts("steps", "share", by=("g",), sums={"top": ["b", "c"]} if with_sums else {})
    done = release(facts.on(frame.astype({"n": "Int64", "count": "Int64"}))).frame.assign(true=frame["count"])
    persons = done[frame["n"] > 0]
    protected = {"base_too_small", "cell_too_small", "others_too_few", "everyone_in_one_category", "secondary"}
    # the whole of a category is told where there are no groups, unless one is of few persons (tests/disclosure/linked)
    wholes, everybody = persons.groupby("category")["true"].sum(), frame.groupby("g")["n"].first().sum()
    is_told = not (wholes.between(1, 4) | (everybody - wholes).between(1, 4)).any()
    equations = [rows for _, rows in persons.groupby("category")] * is_told
    equations += [rows[rows["category"] != "top"] for _, rows in persons.groupby("g")]
    equations += [rows[rows["category"].isin(["top", "b", "c"])] for _, rows in persons.groupby("g")] * with_sums
    for equation in equations:
        hidden = equation[equation["decision"] != "shown"]
        if len(equation) > 1 and hidden["decision"].isin(protected).any() and len(hidden) < len(equation):
            assert len(hidden) > 1
            assert hidden["true"].sum() >= 5


def test_two_values_are_counted_whatever_they_are() -> None:
    place = np.arange(300)
    few = place < 3
    data = pd.DataFrame(
        {"hundred": np.where(few, 100.0, 0.0), "half": np.where(few, 0.5, 0.0), "two": 2, "few": few + 0}
    )
    data["money"] = np.where(few, 1000, 0)
    data["asked"] = np.where(place < 40, 100, 0)
    design = SurveyDesign(data)
    frames = [
        *(estimate.mean(design, name) for name in ("hundred", "half", "money")),
        estimate.variance(design, "hundred"),
        estimate.total(design, "money"),
        estimate.ratio(design, "few", "two"),
        estimate.ratio(design, "two", "few"),
        estimate.ratio(design, "hundred", "asked"),
    ]
    for frame in frames:
        assert release(frame).rows().empty, frame.attrs["call"]
    assert estimate.mean(design, "hundred").loc[0, "estimate"] == pytest.approx(1.0)
    assert estimate.mean(design, "half").loc[0, "estimate"] == pytest.approx(0.005)
    assert estimate.variance(design, "hundred").loc[0, "estimate"] == pytest.approx(data["hundred"].var())


@pytest.mark.parametrize("name", ["decision", "small", "prob", "sim_low"])
def test_groups_named_like_what_comes_later_are_refused(name: str) -> None:
    design = SurveyDesign(pd.DataFrame({name: ["x", "y"] * 20, "y": range(40), "q": ["u", "v"] * 20}))
    with pytest.raises(ConfigError, match="named like a column of the result"):
        estimate.mean(design, "y", by=name)
    with pytest.raises(ConfigError, match="named like a column of the result"):
        estimate.crosstab(design, "q", name, percent="total")


def test_sides_of_a_difference_are_not_groups() -> None:
    design = SurveyDesign(pd.DataFrame({"a": ["x", "y"] * 20, "y": range(40)}))
    with pytest.raises(ConfigError, match="named like a column of the result"):
        estimate.difference(design, SurveyDesign(design.data), "mean", "y", by="a")


def test_a_released_frame_says_where_the_rest_is(wave: Wave) -> None:
    released = release(needs.unmet(wave, by="gemeinde"))
    shown, hidden = len(released.rows()), len(released.decisions)
    for told in (released.describe(), released._repr_html_()):
        assert f"{shown - 12} more rows: released.rows()" in told
        assert f"{hidden} hidden: released.decisions says why" in told
    assert "more rows" not in release(needs.unmet(wave)).describe()


def test_released_rows_say_how_they_are_chosen(wave: Wave) -> None:
    released = release(needs.unmet(wave))
    for habit in (lambda: released["estimate"], lambda: list(released), lambda: pd.DataFrame(released)):  # type: ignore[call-overload]
        with pytest.raises(ConfigError, match=r"released\.rows\(\)"):
            habit()
