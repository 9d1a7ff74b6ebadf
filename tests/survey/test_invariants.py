"""What must hold whatever the data: cuts of the rows, calibrated totals, replicates, edges."""

from __future__ import annotations

import math
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bildungsbedarf.survey import SurveyDesign, estimate, weighting
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.reading.features import numeric_variables
from bildungsbedarf.survey.rows import parquet as source
from bildungsbedarf.survey.sums import compiled
from bildungsbedarf.survey.sums.sums import accumulate, all_pairs
from tests.survey.rows.test_scanned import MARGINS, people

seeds = st.integers(0, 10_000)
quick = settings(max_examples=12, deadline=None)


@quick
@given(seeds, st.lists(st.integers(1, 299), max_size=6, unique=True), st.integers(7, 300))
def test_rows_may_be_cut_into_files_and_blocks_anywhere(seed: int, cuts: list[int], rows: int) -> None:
    data = people(300, seed)
    edges = [0, *sorted(cuts), len(data)]
    whole = pa.Table.from_pandas(data)
    before = source.ROWS
    with tempfile.TemporaryDirectory() as folder:
        for number, (start, stop) in enumerate(pairwise(edges)):
            pq.write_table(whole.slice(start, stop - start), Path(folder) / f"{number:02}.parquet")
        try:
            source.ROWS = rows
            design = SurveyDesign.scan(folder, weights="w", strata="s", clusters="psu")
            found = estimate.table(design, ["item", "y"], by=["g", "sex"])
        finally:
            source.ROWS = before
    wanted = estimate.table(SurveyDesign(data, weights="w", strata="s", clusters="psu"), ["item", "y"], by=["g", "sex"])
    for name in ("n", "count", "weighted_n", "estimate", "se", "ci_low", "ci_high", "deff"):
        numbers = [frame[name].to_numpy(dtype=float, na_value=np.nan) for frame in (found, wanted)]
        np.testing.assert_allclose(*numbers, rtol=1e-12, atol=1e-15)


@quick
@given(seeds)
def test_compiled_sums_are_the_same_to_the_bit(seed: int) -> None:
    pytest.importorskip("numba")
    data = people(400, seed).assign(plain=lambda frame: frame["item"].fillna(9).astype("int8"))
    design = weighting.rake(SurveyDesign(data, weights="w", strata="s"), MARGINS).where("age > 30")
    domains = Domains.of(design.rows, ["g"])
    for name in ("item", "plain", "other"):
        variables = numeric_variables(design.rows, [name], "drop")
        block = design.rows.block([name, "g"])
        domain = domains.codes(block.frame, len(block))
        pairs = all_pairs(design.rows.cells.count, len(domains))
        one, two = (accumulate(block, variables, pairs, domain, squares=True, fast=fast) for fast in (False, True))
        np.testing.assert_array_equal(one.first, two.first)
        assert one.second is not None
        assert two.second is not None
        np.testing.assert_array_equal(one.second, two.second)


def test_numba_is_asked_for_many_rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "find_spec", lambda name: object())
    assert not compiled.pays(1_500, 60)
    assert compiled.pays(10_000_000, 60)
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert not compiled.pays(10_000_000, 60)


@quick
@given(seeds)
def test_totals_calibrated_to_are_hit_and_vary_no_more(seed: int) -> None:
    data = people(400, seed)
    design = SurveyDesign(data, weights="w", strata="s", clusters="psu")
    size = float(design.weights.sum())
    goal = {"(Intercept)": size * 1.05, "z": float(design.weights @ data["z"]) * 1.1}
    for fitted in (
        weighting.calibrate(design, goal),
        weighting.calibrate(design, goal, "raking"),
        weighting.calibrate(design, goal, "logit", (0.3, 3.0)),
    ):
        row = estimate.total(fitted, "z").iloc[0]
        assert row["estimate"] == pytest.approx(goal["z"], rel=1e-9)
        assert row["se"] < 1e-5 * estimate.total(design, "z").iloc[0]["se"]
        assert estimate.mean(fitted, "z").iloc[0]["se"] < 1e-6


def test_replicates_approach_linearisation() -> None:
    design = SurveyDesign(people(4_000, 5), weights="w", strata="s")
    clusters = SurveyDesign(people(4_000, 5).assign(c=lambda d: np.arange(len(d)) // 10), weights="w", clusters="c")
    for drawn, kind in ((clusters, "JK1"), (clusters, "JKn"), (clusters, "bootstrap")):
        made = drawn.to_replicates(kind, n=400 if kind == "bootstrap" else None)  # type: ignore[arg-type]
        for call in (lambda d: estimate.mean(d, "y"), lambda d: estimate.ratio(d, "y", "z")):
            near = 0.12 if kind == "bootstrap" else 0.01
            assert call(made).iloc[0]["se"] == pytest.approx(call(drawn).iloc[0]["se"], rel=near)
    assert estimate.mean(design, "y").iloc[0]["se"] > 0


def test_edges_are_numbers_or_say_why() -> None:
    data = people(120, 2).assign(same=3, one=np.where(np.arange(120) == 7, "alone", "others"))
    data["never"] = pd.array([pd.NA] * 120, dtype="Int64")
    design = SurveyDesign(data, weights="w", strata="s")
    same = estimate.mean(design, "same").iloc[0]
    assert (same["estimate"], same["se"], same["ci_low"]) == (3, 0, 3)
    alone = estimate.mean(design, "y", by="one").iloc[0]
    assert (alone["n"], alone["se"]) == (1, 0)
    assert estimate.proportion(design, "same").iloc[0]["ci_high"] == 1
    never = estimate.mean(design, "never").iloc[0]
    assert (never["n"], never["note"]) == (0, "no observations")
    assert math.isnan(never["estimate"])
    empty = estimate.table(design.where("age > 200"), ["item", "y"], by="g")
    assert set(empty["n"]) == {0}
    assert set(empty["note"]) == {"fewer than one degree of freedom", "no observations"} or set(empty["note"]) == {
        "no observations"
    }
    single = SurveyDesign(data.iloc[:1], weights="w", lonely_psu="certainty")
    for frame in (
        estimate.mean(single, "z"),
        estimate.proportion(single, "g"),
        estimate.quantile(single, "z", 0.5),
        estimate.variance(single, "z"),
    ):
        assert frame["note"].notna().all()
        assert frame["ci_low"].isna().all()


def test_a_domain_without_whole_strata_keeps_the_design() -> None:
    data = people(300, 4).assign(part=lambda d: np.where(d["s"].isin(["north", "east"]), "in", "out"))
    design = SurveyDesign(data, weights="w", strata="s", clusters="psu")
    domain, by = estimate.mean(design.where("part == 'in'"), "y").iloc[0], estimate.mean(design, "y", by="part").iloc[0]
    assert (domain["estimate"], domain["se"]) == (by["estimate"], pytest.approx(by["se"], rel=1e-12))
    assert (domain["df"], by["df"]) == (10, 20)


def test_multiple_response_shares_do_not_add_up_to_one() -> None:
    data = pd.DataFrame({"a": [True, True, False, None], "b": [True, False, False, None]}, dtype="boolean")
    shares = estimate.mean(SurveyDesign(data), ["a", "b"])
    assert shares["estimate"].tolist() == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert shares["n"].tolist() == [3, 3]


def test_a_design_in_words() -> None:
    data = people(200, 1)
    raked = weighting.rake(SurveyDesign(data, weights="w", strata="s", clusters="psu"), MARGINS)
    text = estimate.describe(raked.where("age >= 50"))
    for part in ("200 rows; a domain of", "raked to the margins g, sex", "units of psu in 4 strata of s", "degrees of"):
        assert part in text
    assert "10 replicate weights" in estimate.describe(SurveyDesign(data, weights="w").to_replicates("bootstrap", n=10))
    by_hand = data.groupby("sex")["w"].agg(lambda w: w.sum() ** 2 / (w**2).sum())
    np.testing.assert_allclose(estimate.effective_n(SurveyDesign(data, weights="w"), "sex")["effective_n"], by_hand)
