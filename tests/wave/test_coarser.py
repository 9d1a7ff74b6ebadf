"""Margins of a weighting become coarser in the declared order where there are too few persons."""

from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import show
from bildungsbedarf.errors import BildungsbedarfError, ConfigError
from bildungsbedarf.report import build_site
from bildungsbedarf.run import plan, run
from bildungsbedarf.study import Project
from bildungsbedarf.study.config import MarginConfig
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.coarser import MERGED, Target, coarser

TOTALS = pd.Series({"18–29 × w": 100.0, "18–29 × m": 110.0, "65+ × w": 60.0, "65+ × m": 40.0})


def _target(persons: dict[str, int]) -> Target:
    people = pd.Series([category for category, count in persons.items() for _ in range(count)], dtype="string")
    margin = MarginConfig(by=["alter", "geschlecht"], file="x.csv")
    return Target(("alter", "geschlecht"), margin, people, TOTALS, 310.0)


def test_few_persons_are_merged_until_they_are_no_few_any_more() -> None:
    (made,) = coarser(
        [_target({"18–29 × w": 30, "18–29 × m": 20, "65+ × w": 12, "65+ × m": 3})], "merge alter × geschlecht", 10
    )
    assert made.total.to_dict() == {"18–29 × m": 110.0, "18–29 × w": 100.0, MERGED: 100.0}
    assert made.variable.value_counts().to_dict() == {"18–29 × w": 30, "18–29 × m": 20, MERGED: 15}


def test_crossed_variables_are_split_and_margins_left_out() -> None:
    target = _target({"18–29 × w": 30, "65+ × m": 20})
    age, sex = coarser([target], "split alter × geschlecht", 10)
    assert (age.name, sex.name) == ("alter", "geschlecht")
    assert age.total.to_dict() == {"18–29": 210.0, "65+": 100.0}
    assert sex.variable.value_counts().to_dict() == {"w": 30, "m": 20}
    assert coarser([age, sex], "leave out alter", 10) == [sex]
    assert coarser([sex], "leave out geschlecht", 10) == [sex]
    assert coarser([sex], "merge alter × geschlecht", 10) == [sex]


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.integers(1, 20))
def test_nobody_and_no_total_is_lost(persons: list[int], smallest: int) -> None:
    target = _target(dict(zip(TOTALS.index, persons, strict=True)))
    (made,) = coarser([target], "merge alter × geschlecht", smallest)
    assert made.total.sum() == TOTALS.sum()
    counts = made.variable.value_counts().reindex(made.total.index).fillna(0)
    assert counts.sum() == sum(persons)
    assert (counts >= smallest).all() or len(counts) == 1


def _thin(project: Project, persons: int) -> Study:
    """The demo's adults, the first so many of them only."""
    path = project.root / "data" / "demo" / "responses_2026.json.gz"
    content = json.loads(gzip.decompress(path.read_bytes()))
    content["responses"] = content["responses"][:persons]
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    return study


def test_a_small_wave_is_weighted_and_says_how(project: Project) -> None:
    wave = _thin(project, 120).wave("2026")
    weighting = wave.weighting
    assert weighting.coarser[0] == "merge gemeinde"
    assert weighting.result is not None
    assert weighting.result.worst_deviation < 1e-6
    assert wave.design.weights.sum() == pytest.approx(weighting.population)
    block = show.weights(wave)
    assert "Vergröberte Vorgaben (zu wenige Personen)" in block.html
    assert "schwach besetzte Gruppen zusammengefasst: Gemeinde" in block.html
    assert weighting.published(5)["coarser"] == weighting.coarser


def test_without_a_declared_order_the_error_says_how_to_declare_one(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("coarser")), encoding="utf-8")
    wave = _thin(project, 120).wave("2026")
    with pytest.raises(BildungsbedarfError, match=r'coarser = \["merge gemeinde"\]'):
        _ = wave.weighting
    for step in ("merge alter", "split gemeinde", "drop gemeinde"):
        path.write_text(text.replace('"merge gemeinde"', f'"{step}"'), encoding="utf-8")
        with pytest.raises(ConfigError, match="coarser is 'merge …', 'split …' or 'leave out …' of a margin"):
            Study.load("bildungsbefragung", project)


@pytest.mark.slow
def test_a_small_wave_is_a_normal_wave(project: Project) -> None:
    """Every notebook runs to its end, and the pages say what they cannot show."""
    study = _thin(project, 120)
    outcome = run(study, waves=["2026"], audience="erwachsene", jobs=2)
    assert {step.name for step in outcome.executed} >= {"02_bildungsbedarfe", "06_gemeinden", "09_zusammenfassung"}
    site = build_site(study, plan(study)).parent
    page = (site / "2026" / "06_gemeinden.html").read_text(encoding="utf-8")
    assert "Für keine Gemeinde liegen genug Antworten" in page
    assert "nan" not in page
