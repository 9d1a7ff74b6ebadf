"""Progress and power, against numbers by hand and simulated waves."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.findings.progress import detection
from bildungsbedarf.findings.telling import target_words
from bildungsbedarf.wave import Study, Wave
from tests.findings.test_leitbild import _MADE


@pytest.fixture(scope="module")
def levels(wave: Wave, later: Wave) -> list[Finding]:
    return [
        one
        for each in (wave, later)
        for frame in (needs.unmet(each), needs.barriers(each))
        for one in findings.record(disclosure.release(frame), each)
    ]


@pytest.mark.parametrize(
    ("goal", "courses"),
    [
        ("digitale-teilhabe", ["baseline", "on track"]),
        ("demokratie-ueberall", ["baseline", "reached"]),
        ("information", ["baseline", "cannot say"]),
        ("passende-angebote", ["baseline", "off track"]),
    ],
)
def test_the_demo_has_every_course(study: Study, levels: list[Finding], goal: str, courses: list[str]) -> None:
    leitbild = study.files.leitbild
    assert leitbild is not None
    course = findings.progress(study, leitbild.goal_of(goal), levels)
    assert course is not None
    assert [point.course for point in course.points] == courses
    assert course.course == courses[-1]


def test_the_required_level_lies_on_the_straight_path(study: Study, levels: list[Finding]) -> None:
    leitbild = study.files.leitbild
    assert leitbild is not None
    course = findings.progress(study, leitbild.goal_of("digitale-teilhabe"), levels)
    assert course is not None
    start, now = course.points
    assert start.required == start.finding.estimate
    assert now.required == pytest.approx(start.finding.estimate * 4 / 6 + 0.20 * 2 / 6)


def test_a_goal_without_target_or_data(study: Study, levels: list[Finding]) -> None:
    leitbild = study.files.leitbild
    assert leitbild is not None
    assert findings.progress(study, leitbild.goal_of("gute-uebergaenge"), levels) is None
    empty = findings.progress(study, leitbild.goal_of("information"), [])
    assert empty is not None
    assert (empty.course, empty.detection) == ("without data", ())


def test_power_by_hand() -> None:
    base, last = (_MADE.model_copy(update={"estimate": value, "se": 0.0125, "n": 1500}) for value in (0.308, 0.301))
    found = detection("", base, last, 0.28)
    assert found.power == pytest.approx(float(norm.cdf(0.028 / (0.0125 * sqrt(2)) - norm.ppf(0.975))))
    assert not found.is_enough
    # with needed persons the power is 80 %: s² = se² · n / needed
    assert found.needed is None
    wider = detection("", base, last, 0.25)
    assert wider.needed is not None
    spread = 0.0125**2 + 0.0125**2 * last.n / wider.needed
    assert float(norm.cdf(0.058 / sqrt(spread) - norm.ppf(0.975))) == pytest.approx(0.8, abs=2e-3)


def test_power_is_what_simulated_waves_find() -> None:
    rng = np.random.default_rng(5)
    true, target, n, rounds = 0.30, 0.25, 1200, 4000
    se = sqrt(true * (1 - true) / n)
    after = sqrt(target * (1 - target) / n)
    one = rng.binomial(n, true, rounds) / n
    two = rng.binomial(n, target, rounds) / n
    shown = np.abs(two - one) > norm.ppf(0.975) * np.sqrt((one * (1 - one) + two * (1 - two)) / n)
    base = _MADE.model_copy(update={"estimate": true, "se": se, "n": n})
    found = detection("", base, _MADE.model_copy(update={"estimate": target, "se": after, "n": n}), target)
    assert found.power == pytest.approx(float(shown.mean()), abs=0.03)


def test_groups_that_a_goal_means_have_their_own_power(study: Study, levels: list[Finding]) -> None:
    leitbild = study.files.leitbild
    assert leitbild is not None
    course = findings.progress(study, leitbild.goal_of("digitale-teilhabe"), levels)
    assert course is not None
    everyone, older = course.detection
    assert (everyone.group, older.group) == ("", "altersgruppe=65+")
    assert older.n < everyone.n


def _course(study: Study, levels: list[Finding], by: int, value: float) -> findings.Progress:
    leitbild = study.files.leitbild
    assert leitbild is not None
    goal = leitbild.goal_of("digitale-teilhabe")
    assert goal.target is not None
    target = goal.target.model_copy(update={"value": value})
    course = findings.progress(study, goal.model_copy(update={"by": by, "target": target}), levels)
    assert course is not None
    return course


def test_once_the_year_is_over_the_target_itself_decides(study: Study, levels: list[Finding]) -> None:
    """47.6 % in 2026, 33.1 % (30.3 to 36.1) in 2028."""
    missed = _course(study, levels, 2028, 0.25)
    assert (missed.course, missed.detection) == ("missed", ())
    assert _course(study, levels, 2028, 0.33).course == "cannot say"
    assert _course(study, levels, 2028, 0.37).course == "reached"
    assert _course(study, levels, 2028, 0.361).course == "cannot say"


def test_a_target_that_the_start_lay_beyond_has_no_path(study: Study, levels: list[Finding]) -> None:
    met = _course(study, levels, 2032, 0.90)
    assert (met.course, met.is_met_at_start, met.detection) == ("reached", True, ())
    assert "Schon der Ausgangswert lag jenseits des Zielwerts." in target_words(met, "de")
    leitbild = study.files.leitbild
    assert leitbild is not None
    goal = leitbild.goal_of("digitale-teilhabe")
    assert goal.target is not None
    other = goal.target.model_copy(update={"value": 0.36, "direction": "above"})
    course = findings.progress(study, goal.model_copy(update={"target": other}), levels)
    assert course is not None
    assert (course.course, course.is_met_at_start, course.detection) == ("cannot say", True, ())
