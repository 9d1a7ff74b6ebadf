"""Verdicts follow the printed interval and the declared limit, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, findings, needs, participation
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.findings.leitbild import FOUNDING, RoleEvidence, printed, verdict
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.findings.telling import limit_value
from bildungsbedarf.language import percent
from bildungsbedarf.study.leitbild import Evidence
from bildungsbedarf.wave import Study, Wave


def _evidence(**changes: object) -> Evidence:
    declared = {"role": "need", "finding": "x", "unit": "share", "direction": "above", "limit": 0.25, "against": 0.10}
    return Evidence.model_validate({**declared, **changes})


@pytest.fixture(scope="module")
def level(wave: Wave) -> Finding:
    return findings.record(disclosure.release(needs.unmet(wave)), wave)[0]


@pytest.fixture(scope="module")
def everything(study: Study, wave: Wave, later: Wave) -> list[Finding]:
    found = [
        one
        for each in (wave, later)
        for frame in (needs.unmet(each), needs.barriers(each))
        for one in findings.record(disclosure.release(frame), each)
    ]
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    found += findings.record(change, later, earlier=wave)
    for name, audience in (("2026", "konferenz1"), ("2028", "konferenz2")):
        votes = study.wave(name, audience)
        found += findings.record(disclosure.release(participation.agreement(votes)), votes)
    return found


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.3, 0.4, "carries"),
        (0.2, 0.3, "open"),
        (0.01, 0.09, "contradicts"),
        (0.05, 0.2, "open"),
        # 25.04 % is printed as 25.0 %: no reader sees it above the limit
        (0.2504, 0.4, "open"),
        (0.2506, 0.4, "carries"),
        (0.01, 0.0999, "open"),
        (0.01, 0.0994, "contradicts"),
    ],
)
def test_only_a_whole_printed_interval_decides(level: Finding, low: float, high: float, expected: str) -> None:
    # the interval the sentence prints decides, and no other one
    pointwise = level.model_copy(update={"ci_low": low, "ci_high": high, "sim_low": 0.0, "sim_high": 1.0})
    joint = level.model_copy(
        update={"ci_low": 0.0, "ci_high": 1.0, "sim_low": low, "sim_high": high, "interval": "joint"}
    )
    assert verdict(pointwise, _evidence()) == verdict(joint, _evidence()) == expected
    mirrored = _evidence(direction="below", limit=0.75, against=0.90)
    turned = level.model_copy(update={"ci_low": 1 - high, "ci_high": 1 - low, "interval": "pointwise"})
    assert verdict(turned, mirrored) == expected


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["above", "below"]),
)
def test_no_verdict_that_the_interval_does_not_carry(low: float, high: float, limit: float, direction: str) -> None:
    low, high = sorted((low, high))
    # nothing lies above all there is, and the file may not say so
    assume(limit != (1 if direction == "above" else 0))
    finding = _MADE.model_copy(update={"ci_low": low, "ci_high": high, "estimate": (low + high) / 2})
    found = verdict(finding, _evidence(direction=direction, limit=limit, against=None))
    above = direction == "above"
    ends = [float(percent(end, "en", sign=False)) / 100 for end in (low, high)]
    if found == "carries":
        assert min(low, ends[0]) > limit if above else max(high, ends[1]) < limit
    elif found == "contradicts":
        assert max(high, ends[1]) < limit if above else min(low, ends[0]) > limit
    else:
        assert min(low, ends[0]) <= limit <= max(high, ends[1])


_MADE = Finding(
    id="unmet_need.F01",
    statement={"de": "", "en": ""},
    kind="level",
    measure="unmet_need",
    item="F01",
    study="s",
    wave="2026",
    audience="a",
    questions=[],
    wording={"de": "", "en": ""},
    base={"de": "", "en": ""},
    n=100,
    estimate=0.5,
    se=0.05,
    ci_low=0.4,
    ci_high=0.6,
    unit="share",
    method="",
    snapshot=[],
    disclosure="shown",
)


def test_numbers_are_looked_at_as_they_are_printed() -> None:
    assert printed(_MADE, 0.25049) == 0.25
    assert printed(_MADE.model_copy(update={"unit": "mean"}), 3.456) == 3.46
    assert printed(_MADE.model_copy(update={"kind": "participation"}), 0.5861) == 0.59
    persons = _MADE.model_copy(update={"unit": "persons", "se": 2500.0})
    assert printed(persons, 48_800.2) % 1000 == 0


def test_self_selected_answers_decide_nothing(level: Finding) -> None:
    without = level.model_copy(update={"ci_low": None, "ci_high": None, "se": None, "estimate": 0.9})
    assert verdict(without, _evidence()) == "open"
    assert verdict(without.model_copy(update={"kind": "participation"}), _evidence()) == "carries"


def test_the_demo_has_every_state(study: Study, everything: list[Finding]) -> None:
    found = {one.goal.id: one for one in findings.weigh(study, everything)}
    assert {name: one.state for name, one in found.items()} == {
        "digitale-teilhabe": "well founded",
        "demokratie-ueberall": "well founded",
        "information": "well founded",
        "passende-angebote": "well founded",
        "gute-uebergaenge": "partly founded",
        "sprache-und-ankommen": "contested",
        "lernorte-im-laendlichen-raum": "without evidence",
    }
    digital = found["digitale-teilhabe"]
    assert {role.verdict for role in digital.roles.values()} == {"carries"}
    assert digital.sources == 2
    assert found["gute-uebergaenge"].needed == ["need"]
    # the limit is 10 %, the printed interval 10.1 to 14.0 %: it carries
    need = found["demokratie-ueberall"].roles["need"].pieces[0]
    assert (need.low, need.high, need.verdict) == (0.101, 0.14, "carries")
    assert need.distance == pytest.approx(0.001)
    assert digital.roles["consent"].pieces[0].cautions == ("those_present",)


def test_of_several_waves_the_newest_counts(study: Study, everything: list[Finding]) -> None:
    pieces = findings.weigh(study, everything)[0].pieces
    assert {piece.finding.wave for piece in pieces if piece.finding.kind != "trend"} == {"2028"}


def test_a_falling_need_is_progress_and_weakens_nothing(study: Study, everything: list[Finding]) -> None:
    risen = [
        one.model_copy(update={"estimate": 0.2, "sim_low": 0.1, "sim_high": 0.3}) if one.kind == "trend" else one
        for one in everything
    ]
    for found, expected in ((everything, "carries"), (risen, "contradicts")):
        goal = findings.weigh(study, found)[0]
        assert goal.roles["progress"].verdict == expected
        assert goal.state == "well founded"
    assert "progress" not in FOUNDING


def test_for_and_against_in_one_role_is_contested(level: Finding) -> None:
    entry = _evidence()
    carries = findings.Piece(level, entry, "carries", 0.3, 0.4)
    against = findings.Piece(level, entry, "contradicts", 0.0, 0.1)
    unclear = findings.Piece(level, entry, "open", 0.2, 0.3)
    assert RoleEvidence("need", (carries, against)).verdict == "contested"
    assert RoleEvidence("need", (carries, unclear)).verdict == "carries"
    assert RoleEvidence("need", (unclear,)).verdict == "open"
    assert RoleEvidence("need").verdict == "missing"


def test_what_a_goal_waits_for_is_named_with_the_nearest(study: Study, everything: list[Finding]) -> None:
    few = [one for one in everything if one.id != "unmet_need.F05"]
    lacking = findings.weigh(study, few)[0].lacking
    assert [(one.finding, one.audience) for one in lacking] == [("unmet_need.F05", "erwachsene")]
    assert "unmet_need.F" in lacking[0].nearest


def test_a_limit_in_another_unit_is_refused(study: Study, everything: list[Finding]) -> None:
    altered = [one.model_copy(update={"unit": "mean"}) if one.id == "barrier.INFO" else one for one in everything]
    with pytest.raises(ConfigError, match="against a limit in another unit") as caught:
        findings.weigh(study, altered)
    assert "barrier.INFO" in caught.value.problems[0].where


def test_the_history_of_goals(study: Study, everything: list[Finding]) -> None:
    told = findings.history(study, everything)
    assert told["digitale-teilhabe"] == [("2026", "partly founded"), ("2028", "well founded")]
    assert told["lernorte-im-laendlichen-raum"] == [("2026", "without evidence"), ("2028", "without evidence")]


def test_a_need_below_its_target_is_met_and_weakens_nothing(study: Study, level: Finding) -> None:
    """Where the target is measured by the finding that founded the goal, success is no contradiction."""
    small = level.model_copy(update={"wave": "2028", "ci_low": 0.03, "ci_high": 0.06, "interval": "pointwise"})
    assert small.id == "unmet_need.F05"
    vote = level.model_copy(update={"id": "agreement.Z07", "audience": "konferenz2", "wave": "2028", "ci_low": 0.6})
    vote = vote.model_copy(update={"kind": "participation", "ci_high": 0.7, "interval": "pointwise"})
    goal = next(one for one in findings.weigh(study, [small, vote]) if one.goal.id == "digitale-teilhabe")
    assert goal.roles["need"].verdict == "met"
    assert goal.roles["consent"].verdict == "carries"
    assert goal.state == "met"
    leitbild = study.files.leitbild
    assert leitbild is not None
    without = [one.model_copy(update={"target": None}) for one in leitbild.goal]
    other = Study(replace(study.files, leitbild=leitbild.model_copy(update={"goal": without})))
    goal = next(one for one in findings.weigh(other, [small, vote]) if one.goal.id == "digitale-teilhabe")
    assert goal.state == "contested"


def test_of_changes_that_end_together_the_longest_counts() -> None:
    changes = [
        _MADE.model_copy(update={"kind": "trend", "wave": wave}) for wave in ("2026–2032", "2030–2032", "2026–2028")
    ]
    assert [one.wave for one in findings.newest(changes)] == ["2026–2032"]
    assert [one.wave for one in findings.newest(changes[::-1])] == ["2026–2032"]


@pytest.mark.parametrize(
    ("limit", "shown"), [(0.16193, "16.193%"), (0.667, "66.7%"), (0.25, "25%"), (0.2505, "25.05%")]
)
def test_a_limit_is_told_as_it_was_declared(limit: float, shown: str) -> None:
    assert limit_value(limit, _MADE.model_copy(update={"kind": "participation"}), "en") == shown
