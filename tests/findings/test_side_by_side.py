"""Survey and conference side by side: what follows rests on the interval and the counted dots alone."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, participation, show
from bildungsbedarf.findings import Finding
from bildungsbedarf.wave import Study, Wave


@pytest.fixture(scope="module")
def survey(study: Study) -> list[Finding]:
    return findings.of_survey(study, "2026")


@pytest.fixture(scope="module")
def placed(conference: Wave) -> list[Finding]:
    return findings.record(disclosure.release(participation.dots(conference)), conference)


def _moved(found: list[Finding], item: str, **numbers: float) -> list[Finding]:
    return [one.model_copy(update=numbers) if one.item == item else one for one in found]


def test_numbers_are_those_of_the_findings(study: Study, survey: list[Finding], placed: list[Finding]) -> None:
    frame = findings.side_by_side(survey, placed, study).set_index("concept")
    need = next(one for one in survey if one.id == "unmet_need.F05")
    goal = next(one for one in placed if one.id == "dots.G1")
    row = frame.loc["digitale_kompetenzen"]
    assert (row["survey"], row["survey_low"], row["survey_high"]) == (need.estimate, need.sim_low, need.sim_high)
    assert row["conference"] == pytest.approx(goal.estimate / 310)
    assert row["conference_even"] == pytest.approx(1 / 6)
    assert row["relation"] == "both"


@pytest.mark.parametrize(
    ("low", "high", "dots", "relation"),
    [
        (0.4, 0.5, 73, "both"),
        (0.4, 0.5, 10, "survey"),
        (0.01, 0.05, 73, "conference"),
        (0.01, 0.05, 10, "neither"),
        (0.01, 0.5, 73, "open"),
    ],
)
def test_what_follows(
    study: Study, survey: list[Finding], placed: list[Finding], low: float, high: float, dots: float, relation: str
) -> None:
    one = _moved(survey, "F05", sim_low=low, sim_high=high)
    other = _moved(placed, "G1", estimate=dots)
    frame = findings.side_by_side(one, other, study).set_index("concept")
    assert frame.loc["digitale_kompetenzen", "relation"] == relation


def test_a_survey_without_intervals_leaves_everything_open(
    study: Study, survey: list[Finding], placed: list[Finding]
) -> None:
    plain = [one.model_copy(update=dict.fromkeys(("sim_low", "sim_high", "ci_low", "ci_high"))) for one in survey]
    assert set(findings.side_by_side(plain, placed, study)["relation"]) == {"open"}


def test_the_figure_says_what_follows_in_words(
    study: Study, wave: Wave, conference: Wave, survey: list[Finding], placed: list[Finding]
) -> None:
    frame = findings.side_by_side(survey, placed, study)
    block = show.side_by_side(frame, wave, conference)
    assert "Beide setzen es nach vorn: Digitale Kompetenzen." in block.payload["alt"]
    assert block.content is not None
    assert [row[0] for row in block.content.rows] == frame["title"].tolist()
    empty = show.side_by_side(frame.iloc[:0], wave, conference)
    assert empty.kind == "table"
    assert "Es gibt kein Thema, nach dem beide gefragt wurden." in empty.content.notes  # type: ignore[union-attr]
