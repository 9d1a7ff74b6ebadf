from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, needs, participation
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.wave import Study, Wave


@pytest.fixture(scope="module")
def found(wave: Wave) -> list[Finding]:
    return findings.record(disclosure.release(needs.unmet(wave)), wave)


def test_every_kind_of_finding_is_computed_again(study: Study, wave: Wave, later: Wave, conference: Wave) -> None:
    frames = (needs.gap(wave), needs.barriers(wave), needs.people(wave), needs.equity(wave, "altersgruppe"))
    found = [one for frame in frames for one in findings.record(disclosure.release(frame), wave)]
    found += findings.record(disclosure.release(participation.dots(conference)), conference)
    change = disclosure.release(needs.trend(wave, later, "satisfaction"))
    found += findings.record(change, later, earlier=wave)
    assert {check.outcome for check in findings.verify(study, found)} == {"same"}
    assert {finding.kind for finding in found} >= {"difference", "barrier", "level", "group", "participation", "trend"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("estimate", 0.5), ("n", 7), ("ci_low", 0.1), ("snapshot", ["0" * 64]), ("kind", "trend"), ("item", "x")],
)
def test_one_changed_field_is_found_and_named(study: Study, found: list[Finding], field: str, value: object) -> None:
    check = findings.verify(study, [found[0].model_copy(update={field: value})])[0]
    assert (check.outcome, check.is_fine) == ("differs", False)
    assert check.what.startswith(f"{field}: registered ")


def test_one_changed_letter_of_a_sentence_is_found(study: Study, found: list[Finding]) -> None:
    altered = {**found[0].statement, "de": found[0].statement["de"].replace("47,6", "47,7")}
    check = findings.verify(study, [found[0].model_copy(update={"statement": altered})])[0]
    assert check.what.startswith("statement: ")


def test_the_last_digit_counts(study: Study, found: list[Finding]) -> None:
    nearly = found[0].model_copy(update={"estimate": found[0].estimate * (1 + 1e-11)})
    assert findings.verify(study, [nearly])[0].outcome == "differs"


def test_what_the_data_do_not_carry_and_what_cannot_be_computed(study: Study, found: list[Finding]) -> None:
    gone = found[0].model_copy(update={"id": "unmet_need.F99"})
    no_recipe = found[0].model_copy(update={"recipe": None})
    other = found[0].recipe
    assert other is not None
    lost = found[0].model_copy(update={"recipe": other.model_copy(update={"function": "needs.nothing"})})
    outcomes = [check.outcome for check in findings.verify(study, [gone, no_recipe, lost])]
    assert outcomes == ["gone", "no recipe", "cannot be computed"]


def test_progress_is_told(study: Study, found: list[Finding]) -> None:
    done: list[int] = []
    findings.verify(study, found, done.append)
    assert done == list(range(1, len(found) + 1))


def test_a_finding_by_its_id(found: list[Finding]) -> None:
    assert findings.one_finding(found, "unmet_need.F05")[0].item == "F05"
    with pytest.raises(ConfigError, match=r"did you mean 'unmet_need\.F05'"):
        findings.one_finding(found, "unmet_nee.F05")


def test_a_wave_without_the_finding_says_where_it_is(found: list[Finding]) -> None:
    with pytest.raises(ConfigError) as caught:
        findings.one_finding(found, "2027/unmet_need.F05")
    assert caught.value.problems[0].expected == "2026 before the slash"
    later = [one.model_copy(update={"wave": "2028"}) for one in found[1:]]
    with pytest.raises(ConfigError, match="not certain there, or was not asked") as caught:
        findings.one_finding([*found, *later], f"2028/{found[0].id}")
    assert caught.value.problems[0].expected == "2026 before the slash"
