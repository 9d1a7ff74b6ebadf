from __future__ import annotations

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.study.reading import read_study


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("end = 2028-12-31", "end = 2020-12-31", "end lies before start"),
        ('id = "konferenz-1"', 'id = "befragung-1"', "milestone 'befragung-1' is defined twice"),
        ("value = 9", "", "either counted from the study or has a value"),
        ('counted = "goals"', 'counted = "goal"', "counted"),
        ("due = 2026-06-30", 'due = "bald"', "due"),
        ("target = 12", "target = -1", "target"),
    ],
)
def test_wrong_programme_says_what(project: Project, old: str, new: str, message: str) -> None:
    path = project.surveys / "bildungsbefragung" / "programme.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_study(project, "bildungsbefragung")


def test_a_study_needs_no_programme(project: Project) -> None:
    (project.surveys / "bildungsbefragung" / "programme.toml").unlink()
    assert read_study(project, "bildungsbefragung").programme is None
