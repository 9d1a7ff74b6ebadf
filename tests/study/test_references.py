from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.study.reading import read_study

DEMO = "bildungsbefragung"


def _changed(project: Project, *pairs: tuple[str, str]) -> None:
    path = project.surveys / DEMO / "leitbild.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_everything_wrong_in_a_leitbild_is_told_at_once(project: Project) -> None:
    _changed(
        project,
        ('principle = "demokratie"', 'principle = "demokrati"'),
        ('id = "information"', 'id = "digitale-teilhabe"'),
        ('concepts = ["sprache"]', 'concepts = ["sprachen"]'),
        ('groups = ["kinder=mit Kindern"]', 'groups = ["kind=mit Kindern"]'),
        ('audience = "konferenz2"', 'audience = "konferenz3"'),
        ('goal = "passende-angebote"', 'goal = "passende"'),
        ("limit = 0.40", "limit = 40"),
        ('direction = "above"\nlimit = 0.15\nagainst', "limit = 0.15\nagainst"),
        ('actors = ["Jugendberufsagentur", "Betriebe"]', "actors = []"),
    )
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    told = str(caught.value)
    for expected in (
        "did you mean 'demokratie'",
        "goal 'digitale-teilhabe' is defined twice",
        "did you mean 'sprache'",
        "did you mean 'kinder'",
        "did you mean 'konferenz2'",
        "action 'kurse-mit-kinderbetreuung' names the goal 'passende', which is not defined",
        "outside the scale of a share",
        "direction' is missing",
        "actors",
    ):
        assert expected in told, expected
    assert len(caught.value.problems) >= 9


def test_problems_name_the_line(project: Project) -> None:
    _changed(project, ('concepts = ["sprache"]', 'concepts = ["sprachen"]'))
    path = project.surveys / DEMO / "leitbild.toml"
    line = path.read_text(encoding="utf-8").splitlines().index('concepts = ["sprachen"]') + 1
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    assert caught.value.problems[0].where == f"surveys/{DEMO}/leitbild.toml, line {line}"


def test_goals_that_are_part_of_each_other(project: Project) -> None:
    _changed(
        project,
        ('by = 2032\nconcepts = ["digitale_kompetenzen"]', 'by = 2032\npart_of = "information"'),
        ('by = 2030\nconcepts = ["information"]', 'by = 2030\npart_of = "digitale-teilhabe"'),
    )
    with pytest.raises(ConfigError, match="goals are part of each other") as caught:
        read_study(project, DEMO)
    assert caught.value.problems[0].value == "digitale-teilhabe → information → digitale-teilhabe"
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("limit = 0.25", "limit = nan", "finite number"),
        ("limit = 0.25", "limit = true", "valid number"),
        ('groups = ["altersgruppe=65+"]', 'groups = "altersgruppe=65+"', "goal.0.groups"),
        ('groups = ["altersgruppe=65+"]', 'groups = ["altersgruppe=66+"]', "did you mean '65+'"),
        ('groups = ["altersgruppe=65+"]', 'groups = ["altersgruppe"]', "variable=category"),
        ('concepts = ["sprache"]', 'concepts = "sprache"', "goal.5.concepts"),
        ("value = 0.20}", 'value = 0.20, baseline = "2062"}', "begins with an unknown wave"),
        ('id = "gute-uebergaenge"\n', "", "goal.4.id' is missing"),
    ],
)
def test_one_mistake_is_one_problem_with_its_line(project: Project, old: str, new: str, told: str) -> None:
    _changed(project, (old, new))
    if "uebergaenge" in old:
        _changed(project, ('goal = "gute-uebergaenge"', 'goal = "information"'))
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    assert len(caught.value.problems) == 1
    assert told in str(caught.value)
    assert ", line " in caught.value.problems[0].where


def test_thousands_of_goals_are_looked_through_once(project: Project) -> None:
    path = project.surveys / DEMO / "leitbild.toml"
    goal = (
        '\n[[goal]]\nid = "g{0}"\ntitle = "t"\nprinciple = "teilhabe"\nresponsible = "x"\nby = 2030\npart_of = "g{1}"\n'
    )
    more = "".join(goal.format(number, number + 1) for number in range(3000)) + goal.format(3000, 1)
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(ConfigError, match="part of each other") as caught:
        read_study(project, DEMO)
    assert len(caught.value.problems) == 1


def test_a_leitbild_that_is_no_toml_is_one_problem(project: Project, tmp_path: Path) -> None:
    (project.surveys / DEMO / "leitbild.toml").write_text("[[goal]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML") as caught:
        read_study(project, DEMO)
    assert len(caught.value.problems) == 1
