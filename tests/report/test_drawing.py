from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.report.drawing import Bar, PlotRow, plots

shares = st.floats(0, 1)


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    low, middle, high = sorted(draw(st.lists(shares, min_size=3, max_size=3)))
    return Bar(middle, low, high)


@given(st.lists(st.tuples(st.text("aäß ", max_size=90), bars(), st.none() | bars()), min_size=1, max_size=6))
def test_every_mark_lies_within_the_drawing_and_in_order(rows: list[tuple[str, Bar, Bar | None]]) -> None:
    for drawing in plots([PlotRow(label, now, before, value="12 %") for label, now, before in rows], "de"):
        for row in drawing["rows"]:
            for marks in (row["now"], row["before"]):
                if marks is not None:
                    assert marks == sorted(marks)
                    assert marks[0] >= 0
                    assert marks[2] <= drawing["width"]
            assert 0 <= row["y"] <= drawing["height"]
        places = [row["y"] for row in drawing["rows"]]
        assert places == sorted(places)
        assert drawing["ticks"][0]["label"].startswith("0")


def test_a_long_label_is_broken_and_moves_what_follows() -> None:
    long = "Politische Bildung und Demokratiebildung für alle im Landkreis"
    short, wrapped = (plots([PlotRow(label, Bar(0.1, 0.0, 0.2))], "de")[0] for label in ("Kita", long))
    assert [line["text"] for line in wrapped["rows"][0]["lines"]] == [
        "Politische Bildung und",
        "Demokratiebildung für alle im",
        "Landkreis",
    ]
    assert wrapped["height"] > short["height"]


def test_what_may_not_be_told_has_no_mark_but_its_word() -> None:
    drawing = plots([PlotRow("Nieste", None, Bar(0.3, 0.2, 0.4), value="zu wenige")], "de")[0]
    assert drawing["rows"][0]["now"] is None
    assert drawing["rows"][0]["value"] == "zu wenige"
    right = max(tick["x"] for tick in drawing["ticks"])
    assert right + 9 * len("zu wenige") <= drawing["value_x"] <= drawing["width"]


def test_values_stand_in_a_column_of_their_own_beneath_the_name_of_what_they_are_of() -> None:
    rows = [PlotRow("Kita", Bar(0.1, 0.05, 0.2), Bar(0.5, 0.45, 0.55), value="10 %")]
    for plain, headed in zip(plots(rows, "de"), plots(rows, "de", "2028"), strict=True):
        assert headed["head"] == "2028"
        assert (
            headed["rows"][0]["y"] - plain["rows"][0]["y"] == headed["top"] == headed["height"] - plain["height"] > 13
        )
        assert headed["value_x"] > max(headed["rows"][0]["before"])
