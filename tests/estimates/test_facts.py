"""What a frame says of itself stays with it, or is visibly gone; whoever hands it on refuses it then."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf import needs, participation
from bildungsbedarf.errors import BildungsbedarfError, ConfigError
from bildungsbedarf.estimates import Facts, facts_of, like
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.wave import Wave

FACTS = Facts(
    "unmet_need",
    "share",
    by=("g",),
    family=4,
    base="{people}",
    source="s 2026 a 1f",
    span=4.0,
    scale=(1, 5),
    sums={"top2": ["4", "5"]},
    details={"cut": "means"},
    limits={"minimum_base": 20},
)


def frame() -> pd.DataFrame:
    columns = {"variable": ["F01", "F01", "F02", "F02"], "g": ["a", "b"] * 2, "n": [40, 50, 40, 50]}
    return FACTS.on(pd.DataFrame({**columns, "estimate": [0.1, 0.2, 0.3, 0.4]}))


KEEPING: dict[str, Callable[[pd.DataFrame, Path], pd.DataFrame]] = {
    "selection": lambda f, _: f[f["estimate"] > 0.15],
    "columns": lambda f, _: f[["variable", "g", "estimate"]],
    "sorting": lambda f, _: f.sort_values("estimate", ascending=False),
    "assign": lambda f, _: f.assign(percent=100 * f["estimate"]),
    "rename": lambda f, _: f.rename(columns={"n": "persons"}),
    "reset": lambda f, _: f.iloc[::-1].reset_index(drop=True),
    "query": lambda f, _: f.query("n > 45"),
    "concat of parts": lambda f, _: pd.concat([f[f["g"] == "a"], f[f["g"] == "b"]]),
    "merge of parts": lambda f, _: f[["variable", "g", "n"]].merge(f[["variable", "g", "estimate"]]),
    "copy": lambda f, _: f.copy(),
    "pickle": lambda f, _: pickle.loads(pickle.dumps(f)),
    "parquet": lambda f, path: (f.to_parquet(path), pd.read_parquet(path))[1],
    "told again": lambda f, _: like(f.merge(pd.DataFrame({"variable": ["F01"], "label": ["x"]})), f),
}
LOSING: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "merge with labels": lambda f: f.merge(pd.DataFrame({"variable": ["F01"], "label": ["x"]})),
    "merge with another measure": lambda f: f.merge(Facts("gap", "mean", by=("g",)).on(f.copy()), on=["variable", "g"]),
    "concat with another measure": lambda f: pd.concat([f, Facts("gap", "mean", by=("g",)).on(f.copy())]),
    "concat with a plain table": lambda f: pd.concat([f, pd.DataFrame({"variable": ["F03"]})]),
    "csv": lambda f: pd.DataFrame(f.to_dict("records")),
    "its groups": lambda f: f.drop(columns="g"),
    "groups in the index": lambda f: f.set_index("g"),
}


@pytest.mark.parametrize("what", KEEPING)
def test_what_keeps_the_facts(what: str, tmp_path: Path) -> None:
    assert facts_of(KEEPING[what](frame(), tmp_path / "f.parquet")) == FACTS


@pytest.mark.parametrize("what", LOSING)
def test_what_loses_them_does_so_visibly(what: str) -> None:
    with pytest.raises(ConfigError, match=r"does not say what it holds|no column for"):
        facts_of(LOSING[what](frame()))


def test_facts_are_checked() -> None:
    with pytest.raises(ConfigError, match="cannot be of this unit"):
        Facts("x", "percent")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="cannot be of this kind"):
        Facts("x", "share", "rank")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="cannot be of this sampling"):
        Facts("x", "share", sampling="random")  # type: ignore[arg-type]


def test_estimates_say_what_they_are(wave: Wave) -> None:
    d, item = wave.design, "WICHT_F05"
    made = {
        "mean": estimate.mean(d, item, by="geschlecht"),
        "total": estimate.total(d, item),
        "proportion": estimate.proportion(d, "geschlecht"),
        "ratio": estimate.ratio(d, item, "ZUFR_F05"),
        "variance": estimate.variance(d, item),
        "quantile": estimate.quantile(d, item, [0.5]),
        "table": estimate.table(d, item, by="geschlecht"),
        "crosstab": estimate.crosstab(d, "geschlecht", "kinder"),
        "difference": estimate.difference(
            d, d.with_columns(pd.DataFrame({"other": 1.0}, index=d.data.index)), "mean", item
        ),
        "contrast": estimate.contrast(d, "mean", [item, "ZUFR_F05"], "WICHT_F05 - ZUFR_F05"),
        "chisq": estimate.chisq(d, "geschlecht", "kinder"),
        "ttest": estimate.ttest(d, "WICHT_F05 ~ kinder"),
        "glm": estimate.glm(d, "WICHT_F05 ~ ZUFR_F05"),
    }
    for measure, frame_ in made.items():
        facts = facts_of(frame_)
        assert facts.measure == measure
        assert facts.source == wave.source
        assert facts.sampling == "probability"
        assert frame_.attrs["level"] == 0.95
    assert facts_of(made["mean"]).by == ("geschlecht",)
    assert facts_of(made["proportion"]).unit == "share"


def test_frames_of_needs_and_ballots_say_whose_they_are(wave: Wave, conference: Wave) -> None:
    unmet = facts_of(needs.unmet(wave, by="altersgruppe"))
    assert (unmet.measure, unmet.unit, unmet.kind, unmet.by) == ("unmet_need", "share", "level", ("altersgruppe",))
    assert unmet.base == "{people} who answered both questions"
    assert facts_of(needs.equity(wave, "altersgruppe")).kind == "difference"
    assert facts_of(needs.small_areas(wave, "F07")).kind == "modelled"
    assert facts_of(participation.agreement(conference)).sampling == "census"


@pytest.mark.parametrize("name", ["n", "se", "df", "note", "count", "variable"])
def test_a_group_named_like_a_result_is_refused(name: str) -> None:
    design = SurveyDesign(pd.DataFrame({name: ["a", "b"] * 5, "y": range(10)}))
    with pytest.raises(BildungsbedarfError, match="named like a column of the result"):
        estimate.mean(design, "y", by=name)
