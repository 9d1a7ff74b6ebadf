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
        ("limit = 0.25", "limit = nan", "is no number"),
        ("limit = 0.25", "limit = true", "is no number"),
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
    goal = '\n[[goal]]\nid = "g{0}"\ntitle = "t{0}"\nprinciple = "teilhabe"\nresponsible = "x"\nby = 2030\n'
    goal += 'part_of = "g{1}"\n'
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


def test_problems_of_every_kind_are_told_together(project: Project) -> None:
    """One character that cannot be shown hid everything else that was wrong in the file."""
    _changed(
        project,
        ('title = {de = "Ein Portal', 'title = {de = "Ein\\u0000 Portal'),
        ('role = "need"', 'role = "wish"'),
        ("by = 2032", 'by = "2032"'),
        ("limit = 0.25", 'limit = "25 %"'),
        ('principle = "demokratie"', 'principle = "demokrati"'),
    )
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    told = {(one.what, one.expected) for one in caught.value.problems}
    assert ("a text has a character that cannot be shown or printed", "letters, signs, blanks, line breaks") in told
    assert ("'goal.0.evidence.0.role' is none of those there are", "'need', 'consent', 'supply' or 'progress'") in told
    assert ("'goal.0.by' is no whole number", "a whole number, without quotes and point") in told
    assert ("'goal.0.evidence.0.limit' is no number", "a number, such as 0.25, without quotes") in told
    assert [what for what, _ in told if "names the principle 'demokrati'" in what]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('id = "information"\n', 'id = "../information"\n', "has other signs than a name"),
        ('id = "information"\n', 'id = "Digitale-Teilhabe"\n', "differ by capitals alone"),
        ("Demokratie lernen an jedem Ort", "Digitale Teilhabe für alle", "have one title"),
        (
            'groups = ["kinder=mit Kindern"]',
            'groups = ["kinder=mit Kindern", "kinder=mit Kindern"]',
            "names a group twice",
        ),
        ('finding = "barrier.WEG"', 'finding = "barrier.ZEIT"', "cites a finding twice in one role"),
        ('direction = "below", value = 0.15', 'direction = "below", value = 0.0', "nothing ever lies below it"),
        ("limit = 0.40", "limit = 1.0", "nothing ever lies above it"),
        ("[rules]", "[rules]\nwidest_interval = 1.5", "is too large"),
    ],
)
def test_what_can_never_be_meant_is_refused(project: Project, old: str, new: str, what: str) -> None:
    _changed(project, (old, new))
    with pytest.raises(ConfigError, match=what):
        read_study(project, DEMO)


def test_a_circle_is_told_beside_an_id_that_stands_twice(project: Project) -> None:
    _changed(
        project,
        ('by = 2032\nconcepts = ["digitale_kompetenzen"]', 'by = 2032\npart_of = "information"'),
        ('by = 2030\nconcepts = ["information"]', 'by = 2030\npart_of = "digitale-teilhabe"'),
        ('id = "passende-angebote"', 'id = "information"'),
    )
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    told = " ".join(one.what for one in caught.value.problems)
    assert "defined twice" in told
    assert "goals are part of each other" in told
