from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.study import Project
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study, Wave

DEMO = "bildungsbefragung"


def test_weights_reach_the_official_totals(wave: Wave) -> None:
    # Adults of the district at the end of 2019 (Destatis 12411-0018): the sum of both sexes from 18 on.
    assert wave.weighting.population == pytest.approx(199_571)
    assert wave.design.weights.sum() == pytest.approx(199_571)
    unallocated = wave.responses["geschlecht"].isna() | (wave.responses["geschlecht"] == "d")
    share = 1 - unallocated.mean()
    women = (wave.responses["geschlecht"] == "w") & (wave.responses["altersgruppe"] == "65+")
    assert wave.design.weights[women].sum() == pytest.approx((14_836 + 17_989) * share)
    vellmar = (wave.responses["GEM"] == "026") & ~unallocated
    assert wave.design.weights[vellmar].sum() == pytest.approx(199_571 * 18_207 / 236_764 * share)


def test_people_without_a_margins_value_get_the_mean_weight(wave: Wave) -> None:
    unallocated = (wave.responses["geschlecht"].isna() | (wave.responses["geschlecht"] == "d")).to_numpy()
    assert wave.weighting.unallocated_persons == unallocated.sum() == 38
    np.testing.assert_allclose(wave.design.weights[unallocated], 199_571 / len(wave.responses))
    assert wave.weighting.without_total == {"geschlecht": ["d"]}
    assert wave.weighting.published(50)["unallocated_persons"] is None


def test_classes_of_weighting_do_not_replace_what_people_answered(wave: Wave) -> None:
    assert "(unallocated)" not in set(wave.design.data["GEM"].dropna().astype(str))
    assert wave.design.data["GEM"].equals(wave.responses["GEM"])
    assert wave.design.data["geschlecht"].equals(wave.responses["geschlecht"])


def test_limits_of_the_weights_hold(wave: Wave, later: Wave) -> None:
    for each in (wave, later):
        result = each.weighting.result
        assert result is not None
        assert 0.2 <= result.weight_min <= 1 <= result.weight_max <= 5
        assert result.worst_deviation < 1e-9
        assert result.effective_n == pytest.approx(len(each.responses) / result.kish_deff)


def test_design_knows_the_strata(wave: Wave) -> None:
    assert wave.design.df == len(wave.responses) - wave.responses["GEM"].nunique()


def test_census_has_no_sampling_error(conference: Wave) -> None:
    frame = estimate.mean(conference.design, "PUNKTE_G1")
    assert frame["se"][0] == 0


def _edited(project: Project, old: str, new: str) -> Study:
    path = project.surveys / DEMO / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    loaded = Study.load(DEMO, project)
    loaded.import_declared()
    return loaded


def test_margin_without_column_names_takes_age_classes(project: Project, wave: Wave) -> None:
    loaded = _edited(project, 'altersgruppe = ["age_from", "age_to"], ', "")
    np.testing.assert_array_equal(loaded.wave("2026").design.weights, wave.design.weights)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cut = [18, 30, 45, 65, 120]", "cut = [18, 28, 45, 65, 120]", "lies in two classes"),
        ("year_end == 2019 and", "year_end == 2031 and", "no row of the margin's file"),
        ('total = "population"}\nrecode', 'total = "people"}\nrecode', "a column its file does not have"),
        ('total = "population"}\nrecode', 'total = "name"}\nrecode', "total is not a count"),
        ('file = "municipalities_06633.csv"', 'file = "gone.csv"', "file is missing"),
        ('by = ["altersgruppe", "geschlecht"]', 'by = ["altersgruppe", "geschlcht"]', "geschlcht"),
        ("trim = [0.2, 5.0]", "trim = [0.9, 1.1]", "cannot both hold"),
        ('recode = {gemeinde = "last 3 digits"}', 'recode = {gemeinde = "first 3 digits"}', "nobody is in a category"),
    ],
)
def test_unusable_margins_say_what(project: Project, old: str, new: str, message: str) -> None:
    loaded = None
    with pytest.raises((ConfigError, DataError), match=message):
        loaded = _edited(project, old, new)
        _ = loaded.wave("2026").design


def test_check_has_a_word_for_totals_of_nothing_and_many_without_a_total(project: Project) -> None:
    """A stated total of 0, or a place the file does not name, weighs nobody: ``check`` was content."""
    path = project.reference / "municipalities_06633.csv"
    loaded = Study.load(DEMO, project)
    loaded.import_declared()
    assert loaded.notes() == []
    people = loaded.wave("2026").responses["GEM"].astype("string").value_counts()
    largest = list(people.index[:6])
    table = pd.read_csv(path, dtype="str")
    table.assign(population=table["population"].mask(table["ags"].str[-3:].isin(largest), "0")).to_csv(
        path, index=False
    )
    again = Study.load(DEMO, project)
    notes = {(note.where, note.what): note for note in again.notes()}
    zero = next(note for (where, what), note in notes.items() if where == "2026/erwachsene, margin gemeinde")
    assert zero.value == ", ".join(sorted(largest))
    assert "one of 0" in zero.what
    many = [note for (where, what), note in notes.items() if "not weighted to it" in what and where.startswith("2026/")]
    count = int(people[largest].sum())
    assert int(str(many[0].value).split()[0]) >= count
