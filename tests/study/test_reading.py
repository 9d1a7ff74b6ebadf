from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project, read_study

DEMO = "bildungsbefragung"


def _edit(project: Project, name: str, old: str, new: str) -> None:
    path = project.surveys / DEMO / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_demo_is_read(project: Project) -> None:
    files = read_study(project, DEMO)
    assert list(files.waves) == ["2026", "2028"]
    assert files.config.first_audience == "erwachsene"
    assert files.leitbild is not None
    assert len(files.leitbild.principle) == 3
    assert len(files.leitbild.goal) == 7


def test_every_problem_in_one_report(project: Project) -> None:
    _edit(project, "study.toml", 'sampling = "probability"', 'samplin = "probability"')
    _edit(project, "study.toml", "important_from = 4", "important_form = 4")
    _edit(project, "waves/2026.toml", "survey_id = 990001", "survey_id = 'x'")
    with pytest.raises(ConfigError) as caught:
        read_study(project, DEMO)
    text = str(caught.value)
    assert "did you mean 'sampling'?" in text
    assert "did you mean 'important_from'?" in text
    assert "waves/2026.toml" in text
    assert "'audience.erwachsene.sampling' is missing" in text
    assert caught.value.exit_code == 2


def test_line_of_an_unknown_key(project: Project) -> None:
    _edit(project, "study.toml", "minimum_base = 10", "minimum_bse = 10")
    line = 1 + next(
        number
        for number, text in enumerate((project.surveys / DEMO / "study.toml").read_text(encoding="utf-8").splitlines())
        if "minimum_bse" in text
    )
    with pytest.raises(ConfigError, match=f"line {line}: unknown key 'disclosure.minimum_bse'"):
        read_study(project, DEMO)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("study.toml", "[study]", "[study", "not valid TOML"),
        ("study.toml", "minimum_base = 10", "minimum_base = 5", "expected: 10 or more"),
        ("study.toml", "cut = [18, 30, 45, 65, 120]", "cut = [18, 30, 30, 65]", "rising order"),
        ("study.toml", "trim = [0.2, 5.0]", "trim = [2.0, 5.0]", "lower limit"),
        ("study.toml", 'scale_to = "adults"', 'scale_to = "adult"', "no margin has that name"),
        ("study.toml", 'file = "municipalities_06633.csv"', 'file = "../secret.csv"', "without folders"),
        ("study.toml", '"last 3 digits"', '"last three"', "last N digits"),
        (
            "study.toml",
            'questionnaire = "konferenz1.lss"',
            'questionnaire = "gone.lss"',
            "questionnaire file is missing",
        ),
        ("study.toml", 'audience = "konferenz1"', 'audience = "konferenz9"', "not defined"),
        ("waves/2028.toml", "[audience.erwachsene]", "[audience.erwachsen]", "did you mean 'erwachsene'?"),
        ("leitbild.toml", 'principle = "demokratie"', 'principle = "demokrati"', "not defined"),
        ("leitbild.toml", "limit = 0.25\n", "", "goal.0.evidence.0.limit' is missing"),
        ("leitbild.toml", "limit = 0.25", "limit = 25", "outside the scale of a share"),
        ("leitbild.toml", "against = 0.10", "against = 0.30", "carrying side of the limit"),
        ("leitbild.toml", 'direction = "above"', 'direction = "over"', "'above' or 'below'"),
        ("leitbild.toml", 'role = "progress"', 'role = "need"', "a change between waves is progress"),
        ("leitbild.toml", 'finding = "unmet_need.F05", aud', 'finding = "trend_unmet_need.F05", aud', "not a change"),
    ],
)
def test_wrong_configuration_says_what(project: Project, name: str, old: str, new: str, message: str) -> None:
    _edit(project, name, old, new)
    with pytest.raises(ConfigError, match=message):
        read_study(project, DEMO)


def test_not_utf8(project: Project) -> None:
    (project.surveys / DEMO / "study.toml").write_bytes("[study]\ntitle = 'Ä'".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_study(project, DEMO)


def test_unknown_study_names_the_nearest(project: Project) -> None:
    with pytest.raises(ConfigError, match="did you mean 'bildungsbefragung'"):
        read_study(project, "bildungsbefragun")


def test_default_study(project: Project, tmp_path: Path) -> None:
    assert project.default_study() == DEMO
    for name in ("eine", "zwei"):
        (project.surveys / name).mkdir()
        (project.surveys / name / "study.toml").write_text("", encoding="utf-8")
        if name == "eine":
            assert project.default_study() == "eine"
    with pytest.raises(ConfigError, match="several studies"):
        project.default_study()


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no project found"):
        Project.find(tmp_path)


@pytest.mark.parametrize("sign", ["\\u0007", "\\u202E", "\\uFFFE", "\\u0000"])
def test_a_character_that_cannot_be_printed_is_refused_with_its_line(project: Project, sign: str) -> None:
    _edit(project, "leitbild.toml", "Digitale Teilhabe", f"Digitale{sign} Teilhabe")
    with pytest.raises(ConfigError, match="cannot be shown or printed") as caught:
        read_study(project, DEMO)
    text = (project.surveys / DEMO / "leitbild.toml").read_text(encoding="utf-8")
    line = next(number for number, each in enumerate(text.splitlines(), 1) if f"Digitale{sign}" in each)
    assert caught.value.problems[0].where.endswith(f"leitbild.toml, line {line}")


@pytest.mark.parametrize("text", ["a=" + "[" * 3000, "a = 1" + "0" * 5000])
def test_what_toml_cannot_be_read_from_is_said(project: Project, text: str) -> None:
    (project.surveys / DEMO / "leitbild.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"leitbild\.toml: not (readable as|valid) TOML"):
        read_study(project, DEMO)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('well_founded = ["need", "consent"]', 'well_founded = ["progress"]', "which founds nothing"),
        ('well_founded = ["need", "consent"]', 'well_founded = ["need", "need"]', "a role twice"),
        ("smallest_base = 50", "urgent_above = 0.1", "slight and urgent"),
        ("smallest_base = 50", "widest_interval = inf", "widest_interval"),
        ('title = {de = "Digitale Teilhabe für alle"', 'title = {de = " "', "title.de"),
        ("by = 2032", 'by = "2032"', "by"),
    ],
)
def test_rules_and_texts_of_a_leitbild_that_mean_nothing(project: Project, old: str, new: str, told: str) -> None:
    _edit(project, "leitbild.toml", old, new)
    with pytest.raises(ConfigError, match=told):
        read_study(project, DEMO)
