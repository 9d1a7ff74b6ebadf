from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.wave import Wave


@pytest.fixture(scope="module")
def found(wave: Wave, later: Wave) -> list[Finding]:
    levels = [one for each in (wave, later) for one in findings.record(disclosure.release(needs.unmet(each)), each)]
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    return [*levels, *findings.record(change, later, earlier=wave)]


def test_findings_of_one_study_agree(found: list[Finding]) -> None:
    findings.check_consistency([*found, *(one.model_copy(update={"notebook": "other"}) for one in found)])


@pytest.mark.parametrize("field", ["estimate", "se", "n", "ci_low", "ci_high"])
def test_two_numbers_of_one_quantity(found: list[Finding], field: str) -> None:
    altered = found[0].model_copy(update={"id": "unmet_need.other", "notebook": "x", field: 7})
    with pytest.raises(ConfigError, match="of one quantity and have other numbers") as caught:
        findings.check_consistency([found[0], altered])
    assert found[0].id in caught.value.problems[0].where
    assert "unmet_need.other (x)" in caught.value.problems[0].where


def test_two_first_places(found: list[Finding]) -> None:
    first = next(one for one in found if one.id == "unmet_need.largest")
    second = next(one for one in found if one.id == "unmet_need.F02" and one.wave == first.wave)
    altered = second.model_copy(update={"id": "unmet_need.largest", "kind": "rank"})
    with pytest.raises(ConfigError, match=r"both cannot be the first|one id and are not the same"):
        findings.check_consistency([first, second, altered])


def test_a_change_that_is_not_the_difference_of_its_levels(found: list[Finding]) -> None:
    changes = [
        one.model_copy(update={"estimate": one.estimate + 1e-6}) if one.kind == "trend" else one for one in found
    ]
    with pytest.raises(ConfigError, match="not the difference of its two levels"):
        findings.check_consistency(changes)


def test_a_register_is_checked_when_it_is_written(found: list[Finding]) -> None:
    altered = found[0].model_copy(update={"id": "unmet_need.other", "estimate": 0.5})
    with pytest.raises(ConfigError, match="contradict each other"):
        findings.to_json("s", "2026", [found[0], altered])
