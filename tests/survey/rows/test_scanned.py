"""A scanned design gives the numbers of the same design in memory, in any cut into files and blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate, weighting
from bildungsbedarf.survey.estimate import distributions
from bildungsbedarf.survey.rows import parquet as source

CLOSE = 1e-11
DESIGNS: dict[str, dict[str, Any]] = {
    "plain": {},
    "weighted": {"weights": "w"},
    "stratified": {"weights": "w", "strata": "s"},
    "fpc": {"strata": "s", "fpc": "N"},
    "clusters": {"weights": "w", "strata": "s", "clusters": "psu"},
    "two stages": {"weights": "w", "strata": "s", "clusters": ["psu", "ssu"], "fpc": ["Npsu", "Nssu"]},
    "first stage only": {"weights": "w", "strata": "s", "clusters": ["psu", "ssu"]},
    "average": {"weights": "w", "strata": "lonely", "lonely_psu": "average"},
    "adjust": {"weights": "w", "strata": "lonely", "lonely_psu": "adjust"},
}
MARGINS = {"g": {"a": 500.0, "b": 300.0, "c": 200.0}, "sex": {"f": 520.0, "m": 480.0}}


def people(rows: int = 900, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    stratum = np.sort(random.integers(0, 4, rows))
    psu = random.integers(0, 6, rows)
    data = pd.DataFrame(
        {
            "w": random.uniform(1, 4, rows),
            "s": pd.Categorical.from_codes(stratum, ["north", "east", "south", "west"]),
            "lonely": np.where(np.arange(rows) == 5, 99, stratum),
            "psu": psu,
            "ssu": random.integers(0, 5, rows),
            "N": 5000.0 + stratum,
            "Npsu": 40,
            "Nssu": 30,
            "y": random.normal(10, 3, rows) + stratum,
            "z": random.gamma(2, 2, rows),
            "age": random.integers(18, 99, rows).astype("int16"),
            "item": pd.array(random.integers(1, 6, rows), dtype="Int8"),
            "other": random.integers(1, 6, rows).astype("float64"),
            "yes": pd.array(random.random(rows) < 0.4, dtype="boolean"),
            "g": pd.Categorical.from_codes(random.integers(0, 3, rows), ["a", "b", "c", "unused"][:3]),
            "sex": random.choice(["m", "f"], rows),
        }
    )
    for name in ("y", "item", "other", "yes"):
        data.loc[random.random(rows) < 0.1, name] = pd.NA
    # a domain must hold every unit, else the second stage has no sample there
    return data


@pytest.fixture(scope="module", params=["one file", "many"])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    data = people()
    folder = tmp_path_factory.mktemp("scan")
    if request.param == "one file":
        data.to_parquet(folder / "all.parquet", row_group_size=len(data))
    else:
        for number in range(3):
            data.iloc[number * 300 : (number + 1) * 300].to_parquet(folder / f"{number}.parquet", row_group_size=160)
    return data, folder


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "ROWS", 120)


def both(files: tuple[pd.DataFrame, Path], name: str) -> tuple[SurveyDesign, SurveyDesign]:
    data, folder = files
    return SurveyDesign(data, **DESIGNS[name]), SurveyDesign.scan(folder, **DESIGNS[name])


def same(one: pd.DataFrame, two: pd.DataFrame) -> None:
    assert list(one.columns) == list(two.columns)
    assert len(one) == len(two)
    for name in one.columns:
        if pd.api.types.is_float_dtype(one[name].dtype):
            np.testing.assert_allclose(one[name], two[name], rtol=CLOSE, atol=1e-13, err_msg=name)
        else:
            assert one[name].astype("string").fillna("").tolist() == two[name].astype("string").fillna("").tolist(), (
                name
            )


ESTIMATES: dict[str, Callable[[SurveyDesign], pd.DataFrame]] = {
    "mean": lambda d: estimate.mean(d, ["y", "z", "item", "other", "yes"]),
    "mean by": lambda d: estimate.mean(d, ["y", "item"], by=["g", "sex"]),
    "listwise": lambda d: estimate.mean(d, ["y", "item"], missing="listwise"),
    "total": lambda d: estimate.total(d, ["y", "g", "yes"], by="sex"),
    "proportion": lambda d: estimate.proportion(d, ["g", "item", "sex"], by="s"),
    "missing": lambda d: estimate.proportion(d, "item", missing="category"),
    "ratio": lambda d: estimate.ratio(d, "y", "z", by="g"),
    "variance": lambda d: estimate.variance(d, ["y", "item"], by="g"),
    "table": lambda d: estimate.table(d, ["item", "other", "y"], by=["g", "sex"]),
    "crosstab": lambda d: estimate.crosstab(d, "item", "g", percent="total"),
    "F": lambda d: estimate.chisq(d, "item", "g"),
    "Wald": lambda d: estimate.chisq(d, "sex", "g", statistic="Wald"),
    "lincom": lambda d: estimate.chisq(d, "sex", "g", statistic="lincom"),
    "ttest": lambda d: estimate.ttest(d, "y ~ sex"),
    "contrast": lambda d: estimate.contrast(d, "mean", ["y", "item"], "y / item"),
    "by contrast": lambda d: estimate.contrast(d, "mean", "y", {"a": 1, "b": -1}, by="g"),
    "covariance": lambda d: estimate.covariance(d, "mean", ["y", "item"], by="g"),
    "quantile": lambda d: estimate.quantile(d, ["y", "item", "age"], [0.1, 0.5], by="sex"),
    "score": lambda d: estimate.quantile(d, "y", interval="score"),
    "glm": lambda d: estimate.glm(d, "y ~ z + g + C(item)"),
    "logit": lambda d: estimate.glm(d, "yes ~ z + sex", "binomial"),
    "ordinal": lambda d: estimate.ordinal(d, "item ~ z + g"),
    "domain": lambda d: estimate.mean(d.where("age >= 40 and sex == 'f'"), ["y", "item"], by="g"),
}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("call", ESTIMATES)
def test_scanned_is_the_same_as_in_memory(files: tuple[pd.DataFrame, Path], name: str, call: str) -> None:
    memory, scanned = both(files, name)
    same(ESTIMATES[call](memory), ESTIMATES[call](scanned))


@pytest.mark.parametrize("call", ESTIMATES)
@pytest.mark.parametrize("name", ["stratified", "clusters"])
@pytest.mark.parametrize("kind", ["rake", "poststratify"])
def test_fitted_weights_are_the_same(files: tuple[pd.DataFrame, Path], name: str, call: str, kind: str) -> None:
    fitted = [
        weighting.rake(d, MARGINS, tol=1e-13) if kind == "rake" else weighting.poststratify(d, "g", MARGINS["g"])
        for d in both(files, name)
    ]
    same(*(ESTIMATES[call](d) for d in fitted))
    reports = [pd.DataFrame([vars(d.report)]).drop(columns=["worst_margin", "worst_deviation"]) for d in fitted]
    same(*(report.astype({"margins": "string"}) for report in reports))


def test_calibrated_totals_are_hit(files: tuple[pd.DataFrame, Path]) -> None:
    scanned = weighting.rake(both(files, "stratified")[1], MARGINS, tol=1e-13)
    found = estimate.total(scanned, "g")
    np.testing.assert_allclose(found["estimate"], [500, 300, 200], rtol=1e-12)
    np.testing.assert_allclose(found["se"], 0, atol=1e-6)


def test_more_distinct_values_than_are_kept(files: tuple[pd.DataFrame, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "MOST_VALUES", 100)
    monkeypatch.setattr(distributions, "_COMPACT_FROM", 50)
    memory, scanned = both(files, "clusters")
    same(*(estimate.quantile(d, ["y", "item"], [0.2, 0.5], by="g") for d in (memory, scanned)))
    with pytest.raises(DesignError, match="no score interval"):
        estimate.quantile(scanned, "y", interval="score")


def test_what_it_says_of_itself(files: tuple[pd.DataFrame, Path]) -> None:
    memory, scanned = both(files, "clusters")
    assert (len(scanned), scanned.df) == (len(memory), memory.df)
    part = scanned.where("sex == 'f'")
    assert (len(part), part.df) == (len(memory.where("sex == 'f'")), memory.where("sex == 'f'").df)
    assert "900 rows" in repr(scanned)


def test_a_dataset_and_hive_folders_are_read(tmp_path: Path) -> None:
    data = people().assign(sex=lambda frame: frame["sex"].astype("object"))
    pq.write_to_dataset(pa.Table.from_pandas(data), tmp_path, partition_cols=["sex"])
    scanned = SurveyDesign.scan(ds.dataset(tmp_path, partitioning="hive"), weights="w")
    same(estimate.mean(SurveyDesign(data, weights="w"), "y", by="sex"), estimate.mean(scanned, "y", by="sex"))


NOT_OFFERED: dict[str, Callable[[SurveyDesign], object]] = {
    "mask": lambda d: d.where(np.ones(900, dtype=bool)),
    "columns": lambda d: d.with_columns(pd.DataFrame({"a": [1] * 900})),
    "trim": lambda d: weighting.trim(d, 0.1, 10),
    "calibrate": lambda d: weighting.calibrate(d, {"y": 10}),
    "rake_trimmed": lambda d: weighting.rake_trimmed(d, MARGINS, 0.2, 5),
    "replicates": lambda d: d.to_replicates("JK1"),
    "rule": lambda d: estimate.quantile(d, "y", rule="hf7"),
    "twice": lambda d: weighting.rake(weighting.rake(d, MARGINS), MARGINS),
    "crossed": lambda d: weighting.poststratify(d, ["g", "sex"], {("a", "f"): 1}),
    "block": lambda d: d.rows.block(["y"]),
}


@pytest.mark.parametrize("what", NOT_OFFERED)
def test_what_is_not_offered_says_so(files: tuple[pd.DataFrame, Path], what: str) -> None:
    with pytest.raises(DesignError, match=r"scanned|needs every row|block by block"):
        NOT_OFFERED[what](both(files, "weighted")[1])


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({"w": -1.0}, {"weights": "w"}, "column w, rows 70: weight is negative"),
        ({"w": np.nan}, {"weights": "w"}, "rows 70: weight is missing"),
        ({"w": np.inf}, {"weights": "w"}, "rows 70: weight is infinite"),
        ({"s": None}, {"strata": "s"}, "rows 70: stratum is missing"),
        ({"N": 3.0}, {"fpc": "N"}, "fpc"),
        ({"N": np.nan}, {"fpc": "N"}, "rows 70: fpc is missing"),
        ({}, {"weights": "ww"}, "no variable 'ww'"),
        ({}, {"weights": "s"}, "weight is not a number"),
        ({}, {"clusters": "psu", "strata": "s", "nested": False}, "more than one stratum"),
        ({}, {"lonely_psu": "ignore"}, "unknown rule"),
        ({}, {"strata": "lonely"}, "only one PSU"),
    ],
)
def test_impossible_designs(tmp_path: Path, change: dict[str, Any], arguments: dict[str, Any], message: str) -> None:
    data = people()
    for name, value in change.items():
        data.loc[70, name] = value
    data.to_parquet(tmp_path / "bad.parquet")
    with pytest.raises(DesignError, match=message):
        estimate.mean(SurveyDesign.scan(tmp_path / "bad.parquet", **arguments), "y")


def test_wrong_sources_and_names(files: tuple[pd.DataFrame, Path], tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("no parquet")
    people().iloc[:0].to_parquet(tmp_path / "empty.parquet")
    scanned = both(files, "weighted")[1]
    calls: list[Callable[[], object]] = [
        lambda: SurveyDesign.scan(tmp_path / "none.parquet"),
        lambda: SurveyDesign.scan(tmp_path / "text.parquet"),
        lambda: SurveyDesign.scan(tmp_path / "empty.parquet"),
        lambda: SurveyDesign.scan(files[1], executor="spark://x"),
        lambda: scanned.where("agee > 3"),
        lambda: estimate.mean(scanned, "yy"),
        lambda: estimate.mean(scanned, "g"),
        lambda: estimate.mean(scanned, "y", missing="fail"),
        lambda: weighting.rake(scanned, {"g": {"a": 1.0, "b": 2.0}}),
        lambda: estimate.glm(scanned, "y ~ item + C(item)"),
    ]
    for call in calls:
        with pytest.raises(BildungsbedarfError):
            call()
    with pytest.raises(ConfigError, match="local, or dask"):
        SurveyDesign.scan(files[1], executor="spark://x")


def test_a_file_that_goes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone.parquet"
    people().to_parquet(path)
    scanned = SurveyDesign.scan(path, weights="w")
    path.write_bytes(b"")
    with pytest.raises(DesignError, match=r"gone\.parquet"):
        estimate.mean(scanned, "y")


def test_files_with_different_columns_are_refused(tmp_path: Path) -> None:
    pd.DataFrame({"y": [1, 2], "x": [1, 2]}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"y": [3, 4]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(DesignError, match=r"b.parquet: the files have different columns(.|\n)*lacks x"):
        SurveyDesign.scan(tmp_path)
