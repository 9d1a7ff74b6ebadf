from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.report.subjects.checking import pages_problems
from bildungsbedarf.study import Project
from bildungsbedarf.study.pages import PagesFile, contrast
from bildungsbedarf.study.reading import read_study, read_toml
from bildungsbedarf.wave import Study


def test_the_contrast_of_known_pairs_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WebAIM's example below the limit
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('accent = "#ffcc00"', "cannot be read: contrast"),
        ('accent = "blue"', "accent"),
        ('address = "http://example.org/"', "address"),
        ('address = "https://example.org"', "address"),
        ('[[life_phase]]\nid = "a"\ntitle = "A"\ngroup = "kinder"', "variable=category"),
        ('leave_out = ["felder"]', "leave_out"),
        ('[logo]\nfile = "../secret.png"\ntext = "x"', "logo.file"),
        ('imprnt = "x"', "imprint"),
    ],
)
def test_what_pages_toml_cannot_mean_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "pages.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pages\.toml, line \d") as caught:
        read_toml(path, PagesFile)
    assert told in str(caught.value)


def test_a_phase_of_life_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pages.toml"
    path.write_text('[[life_phase]]\nid = "a"\ntitle = "A"\ngroup = "b=c"\n' * 2, encoding="utf-8")
    with pytest.raises(ConfigError, match="defined twice"):
        read_toml(path, PagesFile)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('group = "altersgruppe=65+"', 'group = "altersgrupe=65+"', "altersgruppe"),
        ('group = "altersgruppe=65+"', 'group = "altersgruppe=66+"', "65+"),
        ('audience = "schule"', 'audience = "schulen"', "schule"),
        ("[[life_phase]]", '[logo]\nfile = "wappen.svg"\ntext = "Wappen"\n\n[[life_phase]]', "wappen.svg"),
    ],
)
def test_what_pages_toml_names_and_the_study_does_not_have_is_told(
    project: Project, old: str, new: str, told: str
) -> None:
    path = project.surveys / "bildungsbefragung" / "pages.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pages\.toml") as caught:
        read_study(project, "bildungsbefragung")
    assert told in str(caught.value)


def test_a_field_that_is_not_asked_about_is_named_by_check(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "pages.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('fields = ["F03"]', 'fields = ["F99"]'), encoding="utf-8")
    problems = pages_problems(Study.load("bildungsbefragung", project))
    assert len(problems) == 1
    assert "ausbildung-und-studium" in str(problems[0])
    assert "F99" in str(problems[0])
