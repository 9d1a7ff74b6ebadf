"""Persons, quadrants, rankings, formats, groups, scales, areas: recomputed by hand, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf import disclosure, needs
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.needs.fields.quadrants import QUADRANTS
from bildungsbedarf.needs.groups.equity import TOO_FEW
from bildungsbedarf.study import Project
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.survey.estimate.moments import means
from bildungsbedarf.survey.estimate.multiplicity import adjusted_p, letters
from bildungsbedarf.wave import Study, Wave

EXAMPLE = pd.DataFrame({"i": [5, 4, 5, 3, 4, 5], "s": [2, 2, 4, 3, 1, 5], "w": 1.0})
"""Six persons: gaps 3, 2, 1, 0, 3, 0; mean importance 26/6."""


def _example(measure: object, **options: object) -> float:
    design = SurveyDesign(EXAMPLE, weights="w")
    frame = measure(design, ["i"], ["s"], scale=(1, 5), important_from=4, dissatisfied_to=2, **options)  # type: ignore[operator]
    return float(frame["estimate"].iloc[0])


def test_definitions_on_six_persons() -> None:
    assert _example(needs.gap) == pytest.approx(9 / 6)
    # Borich: Σ (I − S) · mean(I) / n
    assert _example(needs.weighted_discrepancy) == pytest.approx(9 / 6 * 26 / 6)
    # Narine & Harder: 0 % rated satisfaction higher, 4 of 6 importance
    assert _example(needs.ranked_discrepancy) == pytest.approx(-100 * 4 / 6)
    assert _example(needs.unmet) == pytest.approx(3 / 6)
    assert _example(needs.unmet, base="important") == pytest.approx(3 / 5)


def test_a_published_table_of_ratings(shared_basel: pd.DataFrame) -> None:
    # the published counts give the same means and shares as their expansion to persons
    for (question, aspect), rows in shared_basel.groupby(["question", "aspect"]):
        steps = {text: step for step, text in enumerate(dict.fromkeys(rows["answer"]), start=1)}
        values = np.repeat(rows["answer"].map(steps).to_numpy(), rows["count"])
        frame = means(SurveyDesign(pd.DataFrame({"x": values})), pd.DataFrame({"x": values})).frame
        total = rows["count"].sum()
        assert frame["n"].iloc[0] == total, (question, aspect)
        assert frame["estimate"].iloc[0] == pytest.approx((rows["answer"].map(steps) * rows["count"]).sum() / total)


@pytest.fixture
def shared_basel(shared: object) -> pd.DataFrame:
    path = shared / "data" / "basel_2023_importance_satisfaction.csv"  # type: ignore[operator]
    if not path.is_file():
        pytest.skip("the folder ../shared is not beside this checkout")
    return pd.read_csv(path)


def test_persons_behind_a_need_are_shares_of_their_cells(wave: Wave) -> None:
    frame = needs.people(wave).set_index("variable")
    pair = needs.battery(wave)
    weights = pd.Series(wave.design.weights, index=wave.responses.index)
    cannot = (wave.missing[["WICHT_F05", "ZUFR_F05"]] == "dont_know").any(axis=1)
    unmet = pair.unmet()["F05"].astype("Float64").mask(cannot, 0.0)
    cells = wave.responses[["altersgruppe", "geschlecht"]].astype("string").fillna("").agg("|".join, axis=1)
    known = unmet.notna()
    sizes = known.groupby(cells).sum()
    cells = cells.mask(cells.map(sizes) < 10, "few")
    total = 0.0
    for _, rows in weights.groupby(cells).groups.items():
        answered = known[rows]
        total += weights[rows].sum() * np.average(unmet[rows][answered], weights=weights[rows][answered])
    assert frame.loc["F05", "estimate"] == pytest.approx(total, rel=1e-9)
    assert frame.loc["F05", "dont_know"] == pytest.approx(weights[cannot].sum())
    assert frame.loc["F05", "rounded"] % 1000 == 0
    grouped = needs.people(wave, by="geschlecht")
    # who did not say their sex is in no group
    assert 0.9 * total < grouped[grouped["variable"] == "F05"]["estimate"].sum() < total


def test_persons_need_a_population(study: Study) -> None:
    with pytest.raises(ConfigError, match="add up to no population"):
        needs.people(study.wave("2026").unweighted())


def test_quadrants_are_called_only_where_they_are_sure(wave: Wave) -> None:
    frame = needs.quadrants(wave)
    chances = frame[list(QUADRANTS)]
    assert chances.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(frame)), abs=1e-4)
    assert (frame["category"].notna() == (frame["certainty"] >= 0.8)).all()
    assert frame.set_index("variable").loc["F05", "category"] == "concentrate_here"
    for row in frame.itertuples():
        assert row.certainty == pytest.approx(getattr(row, row.position))
    fixed = needs.quadrants(wave, cut="scale")
    assert set(fixed["importance_cut"]) == {3.0}


def test_a_nonprobability_sample_has_no_certainty_anywhere(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    frames = [
        needs.importance(pupils, "WICHT"),
        needs.satisfaction(pupils, "ZUFR", by="geschlecht"),
        needs.steps(pupils, "WICHT"),
        needs.tabulate(pupils),
    ]
    for frame in frames:
        numbers = [n for n in ("se", "ci_low", "ci_high", "sim_low", "sim_high", "rank_best", "df") if n in frame]
        assert frame[numbers].isna().all(axis=None)
        assert frame["estimate"].notna().any()
    with pytest.raises(ConfigError, match="no comparison of groups"):
        needs.intersections(pupils, ["geschlecht"])


def test_scales_that_differ_are_not_subtracted(study: Study) -> None:
    with pytest.raises(ConfigError, match="other scales"):
        needs.gap(study.wave("2026", "schule"), "WICHT", "ZUFR")


def test_rankings_count_partial_ones(wave: Wave) -> None:
    places = wave.responses[["RANG_1", "RANG_2", "RANG_3"]]
    anyone = places.notna().any(axis=1)
    weights = wave.design.weights
    frame = needs.ranking(wave).set_index("variable")
    first = (places["RANG_1"] == "F05").fillna(False)[anyone]
    assert frame.loc["F05", "estimate"] == pytest.approx(np.average(first, weights=weights[anyone]))
    assert set(frame["n"]) == {int(anyone.sum())}
    shares = {kind: needs.ranking(wave, statistic=kind).set_index("variable") for kind in ("top", "never")}
    assert (shares["top"]["estimate"] + shares["never"]["estimate"]).to_numpy() == pytest.approx(np.ones(10))
    borda = needs.ranking(wave, statistic="borda")["estimate"]
    assert borda.sum() == pytest.approx(sum(range(10)))


def test_a_ranking_without_ranks_is_an_honest_empty_table(wave: Wave) -> None:
    empty = wave.responses.assign(**{f"RANG_{p}": pd.Categorical([None] * len(wave.responses)) for p in (1, 2, 3)})
    silent = Wave(wave.files, wave.name, wave.audience)
    silent.__dict__["prepared"] = type(wave.prepared)(empty, wave.missing, wave.quality)
    frame = needs.ranking(silent)
    assert frame["estimate"].isna().all()
    assert (frame["n"] == 0).all()
    assert frame["note"].notna().all()


def test_learning(wave: Wave) -> None:
    share, mean = needs.took_part(wave)["estimate"][0], needs.hours(wave)["estimate"][0]
    everyone = needs.hours(wave, base="all")["estimate"][0]
    assert everyone == pytest.approx(share * mean, rel=0.02)
    total = needs.hours(wave, base="total")["estimate"][0]
    assert total == pytest.approx(everyone * wave.design.weights.sum(), rel=1e-9)
    wanted, both = (needs.formats(wave, statistic=kind)["estimate"] for kind in ("wanted", "wanted_not_used"))
    assert (both < wanted).all()


def test_equity_and_its_letters(wave: Wave) -> None:
    frame = needs.equity(wave, "altersgruppe")
    assert frame["estimate"].to_numpy() == pytest.approx((frame["share"] - frame["other"]).to_numpy())
    digital = frame[frame["variable"] == "F05"].set_index("altersgruppe")
    assert digital.loc["65+", "sim_low"] > 0
    # letters stay with their rows, whatever is filtered or sorted
    kept = frame.sort_values("estimate").query("variable == 'F05'").set_index("altersgruppe")["letters"]
    assert kept.to_dict() == digital["letters"].to_dict()
    assert not set(digital.loc["65+", "letters"]) & set(digital.loc["45–64", "letters"])
    told = frame.dropna(subset="p")
    assert len(told)
    assert (told["p_holm"] >= told["p_bh"]).all()
    assert frame.loc[frame["p"].isna(), "note"].eq(TOO_FEW).all()
    assert (told["p_bh"] >= told["p"]).all()
    with pytest.raises(ConfigError, match="has no category"):
        needs.equity(wave, "altersgruppe", reference="66+")
    alone = wave.design.with_columns(pd.DataFrame({"one": pd.Categorical(["a"] * len(wave.responses))}))
    with pytest.raises(ConfigError, match="one category"):
        needs.equity(alone, "one", columns=needs.battery(wave).unmet())


def test_adjusted_p_values() -> None:
    p = pd.Series([0.01, 0.04, 0.03, np.nan])
    assert adjusted_p(p, "holm").tolist()[:3] == pytest.approx([0.03, 0.06, 0.06])
    assert adjusted_p(p, "fdr_bh").tolist()[:3] == pytest.approx([0.03, 0.04, 0.04])
    assert np.isnan(adjusted_p(p, "holm").iloc[3])


def test_letters_of_clear_and_unclear_groups() -> None:
    random = np.random.default_rng(5)
    group = np.repeat(["a", "b", "c"], 400)
    y = np.where(group == "a", 1.0, np.where(group == "b", 1.0, 2.0)) + random.normal(0, 0.5, 1200)
    data = pd.DataFrame({"g": pd.Categorical(group), "y": y})
    found = means(SurveyDesign(data), data[["y"]], "g")
    assert letters(found).tolist() == ["b", "b", "a"]


def test_who_lacks_most_is_found_and_holds(wave: Wave) -> None:
    found = needs.intersections(wave, ["altersgruppe", "geschlecht"])
    assert {("F05", "altersgruppe", "65+")} <= set(zip(found["variable"], found["by"], found["group"], strict=True))
    assert (found["sim_low"] > 0).all()
    assert (found["n"] >= 30).all()


def test_scales_of_the_demo(wave: Wave) -> None:
    score = needs.scores(wave, "peks_intern")
    assert score.dropna().to_numpy() == pytest.approx(wave.responses[["PEKS_P1", "PEKS_P2"]].dropna().mean(axis=1))
    frame = needs.reliability(wave, "peks_intern").set_index("variable")
    assert frame.loc["cronbach_alpha", "ci_low"] < frame.loc["cronbach_alpha", "estimate"]
    with pytest.raises(ConfigError, match="did you mean 'peks_intern'"):
        needs.reliability(wave, "peks_inter")


def test_small_areas_hide_what_the_direct_number_would_tell(wave: Wave) -> None:
    frame = needs.small_areas(wave, "F05")
    assert len(frame) == 28
    assert frame["shrinkage"].between(0, 1).all()
    low, high = frame[["direct", "synthetic"]].min(axis=1), frame[["direct", "synthetic"]].max(axis=1)
    assert (frame["estimate"].between(low - 1e-9, high + 1e-9)).all()
    released = disclosure.release(frame).frame
    small = (frame["count"] > 0) & (frame["count"] < 5)
    assert small.any()
    assert released.loc[small, ["direct", "shrinkage", "synthetic", "n", "count"]].isna().all(axis=None)
    assert (released["decision"] == "shown").sum() > 10
    assert released.loc[(frame["n"] < 30) & (released["decision"] == "shown"), "estimate"].notna().any()
    with pytest.raises(DataError, match="too few areas"):
        estimate.fay_herriot(np.array([0.1, 0.2]), np.array([0.01, 0.01]), np.ones((2, 1)))


def test_a_table_in_one_line(wave: Wave) -> None:
    table = needs.table(wave, by=["altersgruppe"])
    assert table.index.names == ["item", "altersgruppe"]
    assert table["unmet_need", "estimate"]["F05", "65+"] == pytest.approx(0.6189, abs=1e-4)
    strict = needs.table(wave, important_from=5, dissatisfied_to=1)
    assert (strict["unmet_need", "estimate"] < needs.table(wave)["unmet_need", "estimate"]).all()


def test_a_scale_that_runs_backwards_is_said(project: Project) -> None:
    folder = project.surveys / "bildungsbefragung"
    text = (folder / "questionnaire.lss").read_text(encoding="utf-8")
    assert "sehr zufrieden" in text
    (folder / "questionnaire.lss").write_text(text.replace("sehr zufrieden", "sehr unzufrieden"), encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    with pytest.raises(ConfigError, match="scale runs from good to bad"):
        needs.gap(loaded.wave("2026"))
    path = folder / "study.toml"
    toml = path.read_text(encoding="utf-8").replace('barriers = "BARR"', 'barriers = "BARR"\nreversed = ["ZUFR"]', 1)
    path.write_text(toml, encoding="utf-8")
    turned = Study.load("bildungsbefragung", project).wave("2026")
    plain = turned.responses["ZUFR_F01"]
    assert needs.battery(turned).satisfaction["F01"].dropna().tolist() == (6 - plain).dropna().tolist()


def test_nothing_varies_or_nobody_answers() -> None:
    data = pd.DataFrame({"i": [4, 4, 4, 4], "s": [2, 2, 2, 2], "i2": [5.0, None, None, None], "s2": np.nan})
    frame = needs.gap(SurveyDesign(data), ["i", "i2"], ["s", "s2"], scale=(1, 5))
    assert frame["note"].tolist()[0] == "every answer is the same"
    assert frame["n"].tolist() == [4, 0]
    assert np.isnan(frame["estimate"][1])
    assert isinstance(frame["note"][1], str)
    with pytest.raises(ConfigError, match="outside the scale"):
        needs.gap(SurveyDesign(data), ["i"], ["s"], scale=(1, 3))
    with pytest.raises(ConfigError, match="as many of each"):
        needs.gap(SurveyDesign(data), ["i", "i2"], ["s"], scale=(1, 5))
