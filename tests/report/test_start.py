"""What the start page says first, and that it never says more than is certain."""

from __future__ import annotations

from typing import Any

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.findings import Finding
from bildungsbedarf.report.start import start
from bildungsbedarf.wave import Study, Wave


@pytest.fixture(scope="module")
def found(wave: Wave, later: Wave) -> list[Finding]:
    own = [
        one
        for each in (wave, later)
        for frame in (needs.unmet(each), needs.people(each))
        for one in findings.record(disclosure.release(frame), each)
    ]
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    return own + findings.record(change, later, earlier=wave)


def _start(study: Study, later: Wave, found: list[Finding]) -> dict[str, Any] | None:
    labels = findings.item_labels(findings.DECLARED["unmet_need"], later, "de")
    return start(study, found, [], lambda one: one.id, labels)


def test_one_field_that_is_certain_to_be_first_is_the_headline(study: Study, later: Wave, found: list[Finding]) -> None:
    page = _start(study, later, found)
    assert page is not None
    assert page["title"] == "Am meisten fehlen Angebote im Bereich „Digitale Kompetenzen“ – weniger als zuvor"
    assert [tile["text"] for tile in page["tiles"]][1:] == ["Menschen stehen dahinter", "seit 2026"]


def test_without_a_certain_first_the_two_in_front_are_named_and_that_it_is_not_certain(
    study: Study, later: Wave, found: list[Finding]
) -> None:
    page = _start(study, later, [one for one in found if one.kind != "rank"])
    assert page is not None
    levels = sorted((one for one in found if one.wave == "2028" and one.id.startswith("unmet_need.F")), key=_largest)
    labels = findings.item_labels(findings.DECLARED["unmet_need"], later, "de")
    first, second = (labels[one.item] for one in levels[:2])
    title = f"Wo am meisten fehlt, lässt sich nicht sicher sagen: Vorn liegen „{first}“ und „{second}“"
    assert page["title"] == title
    assert page["lead"].startswith(f"Im Bereich „{first}“ finden 33 von 100 Menschen")
    assert len(page["rows"]) == 10
    assert len(page["tiles"]) == 3


def _largest(one: Finding) -> float:
    return -one.estimate


def test_answers_without_intervals_have_no_headline(study: Study, later: Wave, found: list[Finding]) -> None:
    none = {"ci_low": None, "ci_high": None, "sim_low": None, "sim_high": None}
    bare = [one.model_copy(update=none) for one in found if one.kind == "level"]
    assert _start(study, later, bare) is None


def test_the_change_over_the_longest_time_is_told(study: Study, later: Wave, found: list[Finding]) -> None:
    trend = next(one for one in found if one.id == "trend_unmet_need.F05")
    other = trend.model_copy(update={"wave": "2024–2028", "estimate": -0.3, "ci_low": -0.4, "ci_high": -0.2})
    page = _start(study, later, [trend, other])
    assert page is None
    page = _start(study, later, [*found, other])
    assert page is not None
    assert page["tiles"][-1]["text"] == "seit 2024"
