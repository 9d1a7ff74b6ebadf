"""The second implementation agrees, and sees what the first one would get wrong."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, needs, participation
from bildungsbedarf.findings.independent import Second
from bildungsbedarf.wave import Study, Wave


@pytest.mark.parametrize("measure", ["unmet", "gap", "barriers", "took_part"])
@pytest.mark.parametrize("name", ["2026", "2028"])
def test_two_implementations_agree(study: Study, measure: str, name: str) -> None:
    wave = study.wave(name)
    found = findings.record(disclosure.release(getattr(needs, measure)(wave)), wave)
    covered = [(one, findings.second(study, one)) for one in found if one.item != "other"]
    assert all(second is not None and second.agrees_with(one) for one, second in covered)


def test_groups_and_changes_agree(study: Study, wave: Wave, later: Wave) -> None:
    found = findings.record(disclosure.release(needs.equity(wave, "altersgruppe")), wave)
    found += findings.record(disclosure.release(needs.unmet(wave, by="altersgruppe")), wave, claims_only=True)
    change = disclosure.release(needs.trend(wave, later, "satisfaction"))
    found += findings.record(change, later, earlier=wave)
    assert {one.kind for one in found} == {"group", "rank", "trend"}
    assert all((second := findings.second(study, one)) is not None and second.agrees_with(one) for one in found)


def test_a_wrong_number_is_seen(study: Study, wave: Wave) -> None:
    one = findings.record(disclosure.release(needs.unmet(wave)), wave)[0]
    assert one.se is not None
    second = findings.second(study, one)
    assert second is not None
    assert not second.agrees_with(one.model_copy(update={"estimate": one.estimate + 1e-6}))
    assert not second.agrees_with(one.model_copy(update={"se": one.se * 1.0001}))
    assert not Second(one.estimate, 0.0).agrees_with(one)


def test_what_is_not_covered_says_so(study: Study, wave: Wave, conference: Wave) -> None:
    found = findings.record(disclosure.release(participation.dots(conference)), conference)
    found += findings.record(disclosure.release(needs.people(wave)), wave)
    found += [one.model_copy(update={"recipe": None}) for one in found[:1]]
    # official statistics have no waves that were asked
    indicators = findings.of_indicators(study)
    assert {one.kind for one in indicators} == {"indicator"}
    assert {findings.second(study, one) for one in [*found, *indicators]} == {None}
