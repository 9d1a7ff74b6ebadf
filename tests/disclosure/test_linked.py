"""Nobody can be found: what an outsider could compute from what is told, by programmes of other code."""

from __future__ import annotations

from io import BytesIO
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from scipy.optimize import LinearConstraint, milp

from bildungsbedarf import disclosure, needs
from bildungsbedarf.disclosure.linked import System, protect
from bildungsbedarf.run.volume import volume
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.wave import Study, Wave

FEW = 5


def _bounds(
    counts: np.ndarray, hidden: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> dict[tuple[int, int], float]:
    """How far apart a hidden cell's possible whole numbers lie, sums over ``rows`` and ``columns`` being known."""
    cells = [tuple(cell) for cell in np.argwhere(hidden)]
    sums = []
    for axis, known in ((0, rows), (1, columns)):
        for place in np.flatnonzero(known):
            members = [float(cell[axis] == place) for cell in cells]
            if any(members):
                sums.append((members, sum(counts[cell] for cell in cells if cell[axis] == place)))
    found = {}
    for number, cell in enumerate(cells):
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[number] = sign
            held = [LinearConstraint(np.array([m for m, _ in sums]), [t for _, t in sums], [t for _, t in sums])]
            answer = milp(
                goal, constraints=held if sums else [], integrality=np.ones(len(cells)), bounds=(0, counts.sum())
            )
            ends.append(float(answer.x[number]))
        found[cell] = ends[1] - ends[0]
    return found


@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=3, max_size=5),
    st.integers(0, 3),
)
def test_hidden_counts_of_any_table_keep_room(table: list[list[int]], seed: int) -> None:
    data = pd.DataFrame(
        [(str(row), str(column)) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)],
        columns=["a", "g"],
        dtype="category",
    )
    counts = np.array(table)
    bases = counts.sum(axis=0)
    if len(data) < 40 or (bases < 10).any() or (counts.sum(axis=1) < 10).any():
        return
    frame = estimate.proportion(SurveyDesign(data), "a", by="g")
    released = disclosure.release(frame).frame
    hidden = np.zeros(counts.shape, dtype=bool)
    for _, row in released.iterrows():
        hidden[int(row["category"]), int(row["g"])] = row["decision"] != "shown"
    everything = np.ones(len(counts), dtype=bool), np.ones(3, dtype=bool)
    room = _bounds(counts, hidden, *everything)
    for cell in product(range(len(counts)), range(3)):
        rest = bases[cell[1]] - counts[cell]
        if 0 < counts[cell] < FEW or 0 < rest < FEW:
            assert hidden[cell]
            assert room[cell] >= FEW, (counts, hidden, cell)


def test_room_is_made_at_least_cost() -> None:
    # 3 · 20 / 20 · 20 with all sums known: three more cells must go, and nothing else helps
    counts = np.array([3.0, 20.0, 20.0, 20.0])
    sums = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=float)
    few = counts < FEW
    found = protect(System(counts, np.full(4, 43.0), sums), few, few, counts, FEW)
    assert found.all()


def _sheets(content: bytes) -> dict[str, tuple[list[str], list[list[object]]]]:
    book = load_workbook(BytesIO(content), read_only=True)
    found = {}
    for sheet in book.worksheets:
        head, *lines = [list(line)[1:] for line in sheet.iter_rows(min_row=4, values_only=True)] or [[]]
        if any(str(name).endswith(" (n)") for name in head):
            found[sheet.title] = ([str(name) for name in head], lines)
    return found


@pytest.mark.parametrize(("name", "audience"), [("2026", "konferenz1"), ("2028", "konferenz2")])
def test_a_volume_has_no_finer_answers_than_its_groups_and_no_votes(study: Study, name: str, audience: str) -> None:
    """A merged variable less two of its parts is the third; votes stand on the conference's page, coarser."""
    wave = study.wave(name, audience)
    finer = {wave.codebook[rule.source].text("de") for rule in wave.config.variables.values() if rule.merge}
    told = {line[0] for _, lines in _sheets(volume(wave)).values() for line in lines}
    assert finer
    assert not finer & told
    assert not [text for text in told if str(text).startswith(wave.codebook[wave.ballot.statements].text("de"))]


def test_nobody_is_found_in_a_volume_of_tables(study: Study) -> None:
    """Unweighted shares times their bases are counts: each sheet's hidden ones, with the sheets of all as sums."""
    sheets = _sheets(volume(study.wave("2026", "schule")))
    of_all = [lines for head, lines in sheets.values() if head[2] == "Alle (%)"]
    others = [sheet for sheet in sheets.values() if sheet[0][2] != "Alle (%)"]
    assert (len(of_all), len(others)) == (2, 1)
    totals = {(line[0], line[1]): (line[2], line[3]) for lines in of_all for line in lines}
    looked_at = 0
    for head, lines in others:
        groups = list(range(2, len(head), 2))
        for question in dict.fromkeys(line[0] for line in lines):
            own = [line for line in lines if line[0] == question]
            shares = [[line[place] for place in groups] for line in own]
            bases = [next((line[place + 1] for line in own if line[place + 1] is not None), None) for place in groups]
            counts = np.array(
                [
                    [
                        round(share / 100 * base) if isinstance(share, float | int) and base else -1
                        for share, base in zip(line, bases, strict=True)
                    ]
                    for line in shares
                ]
            )
            known = [totals.get((question, line[1]), (None, None)) for line in own]
            sums = [round(t / 100 * n) if isinstance(t, float | int) and n else -1 for t, n in known]
            looked_at += _attack(counts, bases, sums, len(own) > 1)
    assert looked_at > 0


def _attack(counts: np.ndarray, bases: list[int | None], totals: list[int], is_whole: bool) -> int:
    """No hidden cell (−1) may be placed among fewer than five numbers of persons, unless it may be none."""
    hidden = np.argwhere(counts < 0)
    sums = []
    for place, base in enumerate(bases):
        if is_whole and base is not None:
            sums.append(
                ([float(cell[1] == place) for cell in hidden], base - counts[:, place][counts[:, place] >= 0].sum())
            )
    for place, total in enumerate(totals):
        if total >= 0:
            sums.append(([float(cell[0] == place) for cell in hidden], total - counts[place][counts[place] >= 0].sum()))
    sums = [(members, total) for members, total in sums if any(members)]
    for number in range(len(hidden)):
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(hidden))
            goal[number] = sign
            rows = np.array([members for members, _ in sums]).reshape(len(sums), len(hidden))
            held = LinearConstraint(rows, [total for _, total in sums], [total for _, total in sums])
            answer = milp(goal, constraints=[held] if sums else [], integrality=np.ones(len(hidden)), bounds=(0, 400))
            if answer.x is None:
                return 0
            ends.append(answer.x[number])
        low, high = ends
        assert high - low >= FEW - 1 or low >= FEW or high == 0, (counts, bases, totals, hidden[number], low, high)
    return len(hidden)


_GROUPS = ("altersgruppe", "bildung", "gemeinde")
_PAIRS = (("kinder", "altersgruppe"), ("altersgruppe", "migration"), ("gemeinde", "geschlecht"))


@pytest.mark.parametrize("by", [[name] for name in _GROUPS] + [list(pair) for pair in _PAIRS])
@pytest.mark.parametrize("measure", ["unmet_need", "barrier"])
def test_a_change_in_groups_tells_nothing_a_wave_hides(wave: Wave, later: Wave, by: list[str], measure: str) -> None:
    change = needs.trend(wave, later, measure, by=by)
    keys = ["variable", *by]
    released = disclosure.release(change).frame.astype(dict.fromkeys(keys, "string")).set_index(keys)
    compute = {"unmet_need": needs.unmet, "barrier": needs.barriers}[measure]
    for one, side in ((wave, "before"), (later, "after")):
        level = disclosure.release(compute(one, by=by)).frame.astype(dict.fromkeys(keys, "string")).set_index(keys)
        level = level.reindex(released.index)
        assert not (released["decision"].eq("shown") & ~level["decision"].eq("shown")).any()
        is_there = change[f"n_{side}"].fillna(0).to_numpy() > 0
        assert not (released["n"].notna() & level["n"].isna() & is_there).any()
    counts = change[["count_before", "count_after"]].astype(float).sum(axis=1)
    assert (change["count"].astype(float) == counts).all()


@pytest.mark.parametrize("by", ["altersgruppe", "gemeinde"])
def test_a_difference_in_groups_tells_nothing_its_sides_hide(wave: Wave, later: Wave, by: str) -> None:
    keys = ["variable", "category", by]
    change = estimate.difference(later, wave, "proportion", "TEILN", by=by)
    released = disclosure.release(change).frame.astype(dict.fromkeys(keys, "string")).set_index(keys)
    for one in (wave, later):
        level = disclosure.release(estimate.proportion(one, "TEILN", by=by)).frame
        level = level.astype(dict.fromkeys(keys, "string")).set_index(keys).reindex(released.index)
        assert not (released["decision"].eq("shown") & ~level["decision"].eq("shown")).any()


def test_bases_of_a_crosstab_by_rows_do_not_follow_from_each_other(wave: Wave) -> None:
    kind = pd.Series("C", index=wave.responses.index)
    kind.iloc[:3], kind.iloc[3:60] = "A", "B"
    added = wave.with_variables(kind=kind.astype("category"))
    frame = disclosure.release(estimate.crosstab(added, "kind", "kinder", percent="row")).frame
    bases = frame.groupby("category")["n"].max()
    # three persons are too few for a category nobody declared to be named
    assert bases.isna()[["… 1", "B"]].all()
