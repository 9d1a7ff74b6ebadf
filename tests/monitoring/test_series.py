from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf import findings, monitoring
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError
from bildungsbedarf.sources import read_reference
from bildungsbedarf.study import Project
from bildungsbedarf.study.indicators import IndicatorsFile
from bildungsbedarf.study.reading import read_toml
from bildungsbedarf.wave import Study

ROOT = Path(__file__).parents[2]
_PLAIN = {
    "id": "quote",
    "title": "Quote",
    "theme": "context",
    "definition": "Eine Quote.",
    "unit": "percent",
    "file": "quote.csv",
    "table": "1-2-3",
    "columns": {"region": "region", "value": "rate"},
}


def _study(project: Project, text: str, **changes: object) -> Study:
    (project.reference / "quote.csv").write_text(text, encoding="utf-8")
    files = Study.load("bildungsbefragung", project).files
    file = IndicatorsFile.model_validate({"indicator": [{**_PLAIN, **changes}]})
    return Study(replace(files, indicators=file))


def test_the_series_are_the_facts(study: Study) -> None:
    facts, _ = read_reference(ROOT / "data" / "reference" / "unemployment.csv")
    found = monitoring.series(study, "arbeitslosenquote")
    assert found["region"].drop_duplicates().tolist() == ["06633", "06611", "06", "DE"]
    for row in found.itertuples():
        own = facts[(facts["region"] == row.region) & (facts["year"] == str(row.period))]
        assert row.value == pytest.approx(float(own["rate_all_civilian"].iloc[0]) / 100)


def test_a_share_of_age_groups_is_that_of_plain_sums(study: Study) -> None:
    people = pd.read_csv(ROOT / "data" / "reference" / "population_06633_age_sex.csv")
    young = people[people["age_from"] < 18].groupby("year_end")["population"].sum()
    whole = people.groupby("year_end")["population"].sum()
    found = monitoring.series(study, "anteil_unter_18").set_index("period")["value"]
    assert found.tolist() == pytest.approx((young / whole).tolist(), abs=1e-12)


def test_across_a_break_nothing_is_compared(project: Project) -> None:
    rows = "year,region,rate\n2018,06633,9.0\n2019,06633,8.0\n2020,06633,4.0\n2021,06633,5.0\n"
    broken = _study(project, rows, breaks=[{"period": 2020, "reason": "Neue Zählweise."}])
    row = monitoring.overview(broken).iloc[0]
    assert (row["since"], row["change"]) == (2020, pytest.approx(0.01))
    assert monitoring.series(broken, "quote")["part"].tolist() == [0, 0, 1, 1]
    assert monitoring.scenario(broken, "quote", 2023)["value"].tolist()[-2:] == pytest.approx([0.06, 0.07])
    told = {one.id: one.statement["de"] for one in findings.of_indicators(broken)}
    assert told["trend_indicator.quote"].startswith("Quote, 06633: von 2020 bis 2021")
    only = _study(project, rows, breaks=[{"period": 2021, "reason": "Neue Zählweise."}])
    assert [one.id for one in findings.of_indicators(only)] == ["indicator.quote"]
    with pytest.raises(ConfigError, match="no two years"):
        monitoring.scenario(only, "quote", 2023)


def test_a_scenario_stays_within_what_can_be(project: Project) -> None:
    falling = _study(project, "year,region,rate\n2020,06633,4.0\n2021,06633,1.0\n")
    assert monitoring.scenario(falling, "quote", 2023)["value"].tolist()[-2:] == [0.0, 0.0]


def test_what_is_not_told_is_missing_and_the_value_before_stands(project: Project) -> None:
    gap = _study(project, "year,region,rate\n2019,06633,4.0\n2020,06633,\n")
    assert monitoring.series(gap, "quote")["value"].isna().tolist() == [False, True]
    assert monitoring.overview(gap).iloc[0]["period"] == 2019


def test_a_sum_with_an_unknown_part_is_unknown(project: Project) -> None:
    rows = "year,region,age,rate\n2020,06633,1,4\n2020,06633,2,\n2021,06633,1,4\n2021,06633,2,5\n"
    summed = _study(project, rows, unit="persons", where="age <= 2")
    assert np.isnan(monitoring.series(summed, "quote")["value"].iloc[0])
    assert monitoring.series(summed, "quote")["value"].iloc[1] == 9


@pytest.mark.parametrize(
    ("rows", "changes", "error", "told"),
    [
        ("year,region,rate\n2020,06633,4\n2020,06633,5\n", {}, DataError, "two rows for the same region"),
        ("year,region,rate\n2020,06633,vier\n", {}, DataError, "value is no number"),
        ("year,region,rate\nSommer,06633,4\n", {}, DataError, "period is no year"),
        ("year,region,rate\n2020,06611,4\n", {}, ConfigError, "region the file does not have"),
        ("year,region,quota\n2020,06633,4\n", {}, ConfigError, "column the file does not have"),
        ("year,region,rate\n2020,06633,4\n", {"compared_with": ["99"]}, ConfigError, "region the file does not have"),
    ],
)
def test_bad_input_is_one_clear_error(
    project: Project, rows: str, changes: dict[str, object], error: type[BildungsbedarfError], told: str
) -> None:
    made = _study(project, rows, **changes)
    with pytest.raises(error, match=told):
        monitoring.series(made, "quote")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('theme = "wirkung"', "theme"),
        ('share_of = "age >= 0"\nunit = "persons"', "share_of makes a share"),
        ('compared_with = ["06"]', "columns.region"),
        ('id = "Arbeit los"', "id"),
        ('file = "../../secret.csv\\u0000"', "character"),
    ],
)
def test_what_indicators_toml_cannot_mean_is_refused_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    rest = {
        "id": '"quote"',
        "title": '"Quote"',
        "theme": '"context"',
        "definition": '"Eine Quote."',
        "unit": '"percent"',
        "file": '"quote.csv"',
        "table": '"1"',
        "columns": '{value = "rate"}',
    }
    given = {part.partition(" = ")[0] for part in line.splitlines()}
    text = "\n".join(f"{key} = {value}" for key, value in rest.items() if key not in given)
    path = tmp_path / "indicators.toml"
    path.write_text(f"[[indicator]]\n{text}\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"indicators\.toml, line \d+") as caught:
        read_toml(path, IndicatorsFile)
    assert told in str(caught.value)


def test_check_names_what_is_not_there(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "indicators.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('life_phase = "nach-dem-beruf"', 'life_phase = "nach-der-schule"')
    text = text.replace('concept = "uebergaenge"', 'concept = "uebergang"', 1)
    text = text.replace('file = "unemployment.csv"', 'file = "unemploymnt.csv"', 1)
    path.write_text(text, encoding="utf-8")
    problems = monitoring.indicator_problems(Study.load("bildungsbefragung", project))
    told = "\n".join(str(problem) for problem in problems)
    assert len(problems) == 4
    for part in ("unknown life phase", "unknown concept", "nobody says whose data", "indicator 'arbeitslosenquote'"):
        assert part in told


def test_findings_of_indicators_are_computed_again_and_a_changed_number_is_found(study: Study) -> None:
    found = findings.of_indicators(study)
    assert len(found) == 10
    assert {check.outcome for check in findings.verify(study, found)} == {"same"}
    forged = found[0].model_copy(update={"estimate": 0.5})
    assert [check.outcome for check in findings.verify(study, [forged])] == ["differs"]


def test_a_goal_may_cite_an_indicator_and_is_told_where_it_is_wrong(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "leitbild.toml"
    text = path.read_text(encoding="utf-8")
    piece = (
        '[[goal.evidence]]\nrole = "need"\nfinding = "{finding}"\nunit = "{unit}"\ndirection = "above"\nlimit = 0.05\n'
    )
    place = text.index("[[goal.evidence]]")

    def problems(finding: str, unit: str, more: str = "") -> list[str]:
        cited = piece.format(finding=finding, unit=unit) + more
        path.write_text(text[:place] + cited + "\n" + text[place:], encoding="utf-8")
        loaded = Study.load("bildungsbefragung", project)
        return [problem.what for problem in findings.citing_problems(loaded)]

    assert problems("indicator.jugendarbeitslosenquote", "share") == []
    assert "not in indicators.toml" in problems("indicator.jugendquote", "share")[0]
    assert "in another unit" in problems("indicator.jugendarbeitslosenquote", "persons")[0]
    assert "asks an audience" in problems("indicator.jugendarbeitslosenquote", "share", 'audience = "erwachsene"\n')[0]
    problems("indicator.jugendarbeitslosenquote", "share")
    loaded = Study.load("bildungsbefragung", project)
    weighed = findings.weigh(loaded, findings.of_indicators(loaded))
    assert weighed[0].roles["need"].pieces[0].verdict == "carries"


def test_another_regions_number_is_never_told_as_the_districts(project: Project) -> None:
    rows = "year,region,rate\n2019,06633,\n2020,06633,\n2019,06611,5.0\n2020,06611,6.0\n"
    secret = _study(project, rows, compared_with=["06611"])
    assert findings.of_indicators(secret) == []
    with pytest.raises(ConfigError, match="no two years"):
        monitoring.scenario(secret, "quote", 2022)


def test_each_region_has_its_own_name_and_only_its_own_value_stands_beside(project: Project) -> None:
    rows = "year,region,rate\n2020,06633,2.0\n2020,06611,6.0\n2020,DE,\n"
    made = _study(project, rows, compared_with=["06611", "DE"])
    assert monitoring.series(made, "quote")["name"].tolist() == ["06633", "06611", "DE"]
    assert np.isnan(monitoring.overview(made).iloc[0]["beside"])
    assert findings.of_indicators(made)[0].statement["de"] == (
        "Quote 2020: 06633 2,0\u202f%; zum Vergleich: 06611 6,0\u202f%."
    )


@pytest.mark.parametrize("file", ["../secret.csv", "/etc/passwd.csv", "a/b.csv"])
def test_files_lie_in_the_folder_of_facts(project: Project, file: str) -> None:
    with pytest.raises(ValueError, match="file"):
        _study(project, "year,region,rate\n2020,06633,4\n", file=file)
