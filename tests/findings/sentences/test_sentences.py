"""Sentences about persons, rankings, groups, quadrants and scales look at the interval."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.wave import Study, Wave


def _statements(frame: object, wave: Wave, **options: bool) -> list[str]:
    released = disclosure.release(frame)  # type: ignore[arg-type]
    return [finding.statement["de"] for finding in findings.record(released, wave, **options)]


def test_persons_are_rounded_to_what_the_interval_carries(wave: Wave) -> None:
    first = _statements(needs.people(wave), wave)[0]
    assert first == (
        "Im Bereich „Digitale Kompetenzen“ ist der Bedarf hochgerechnet bei rund 76.000 Erwachsenen im Landkreis "
        "ungedeckt (95-%-Konfidenzintervall 71.000 bis 82.000)."
    )


def test_only_a_certain_quadrant_is_called(wave: Wave) -> None:
    assert len(_statements(needs.quadrants(wave), wave)) == 1
    unsure = needs.quadrants(wave).assign(category=None)
    assert _statements(facts_of(unsure).on(unsure), wave) == []


def test_a_group_is_named_only_where_its_interval_is_off_zero(wave: Wave) -> None:
    frame = needs.equity(wave, "altersgruppe")
    told = _statements(frame, wave)
    clear = frame[(frame["sim_low"] > 0) | (frame["sim_high"] < 0)]
    assert len(told) == len(clear) == 1
    assert "65+ (Altersgruppe)" in told[0]
    assert "größer als bei allen anderen: 61,9\N{NO-BREAK SPACE}% gegenüber 41,8\N{NO-BREAK SPACE}%" in told[0]


def test_first_place_of_a_ranking(wave: Wave) -> None:
    claims = _statements(needs.ranking(wave), wave, claims_only=True)
    frame = needs.ranking(wave)
    assert len(claims) == int((frame["rank_worst"] == 1).sum())
    assert len(_statements(needs.ranking(wave), wave)) == 10 + len(claims)


def test_intersections_name_both_variables(wave: Wave) -> None:
    found = findings.record(disclosure.release(needs.intersections(wave, ["altersgruppe", "geschlecht"])), wave)
    assert {"altersgruppe": "65+"} in [finding.groups for finding in found]
    assert len({finding.id for finding in found}) == len(found)
    assert all(finding.headline == (len(finding.groups) == 1) for finding in found)


@pytest.mark.parametrize("measure", ["scale", "took_part", "formats"])
def test_measures_of_single_questions(wave: Wave, measure: str) -> None:
    options = {"statistic": "wanted_not_used"} if measure == "formats" else {}
    found = findings.record(disclosure.release(getattr(needs, measure)(wave, **options)), wave)
    assert found
    assert all(finding.questions and finding.wording["de"] and finding.base["en"] for finding in found)


def test_self_selected_answers_make_no_claim(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    frame = needs.importance(pupils, "WICHT")
    assert not facts_of(frame).carries_inference
    assert frame[["sim_low", "rank_best"]].isna().all(axis=None)
