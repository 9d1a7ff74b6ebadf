"""What the choices of an analysis do: with and without doubtful answers, with and without weights."""

from __future__ import annotations

import pytest

from bildungsbedarf import needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.about import MEASURES as ABOUT
from bildungsbedarf.needs.fields.measures import MEASURES
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.wave import Wave

COMPARED = [key for key, row in ABOUT.items() if "sensitivity" in row.compares]


@pytest.mark.parametrize("measure", COMPARED)
def test_choices_are_recomputed(wave: Wave, measure: str) -> None:
    found = needs.sensitivity(wave, measure)
    assert list(found) == ["reported", "flagged_left_out", "unweighted"]
    assert found["reported"]["estimate"].equals(MEASURES[measure](wave)["estimate"])
    assert (found["flagged_left_out"]["n"] < found["reported"]["n"]).all()
    assert found["unweighted"]["n"].equals(found["reported"]["n"])


def test_a_measure_that_is_not_compared_says_so(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="no measure 'ranked_discrepancy' is compared"):
        needs.sensitivity(wave, "ranked_discrepancy")


def test_flagged_persons_are_those_left_out(wave: Wave) -> None:
    strict = wave.with_rules("exclude")
    flagged = wave.responses["speeding"] | wave.responses["straightlining"]
    assert set(strict.responses["id"]) == set(wave.responses.loc[~flagged, "id"])
    assert strict.quality.counted + sum(strict.quality.not_counted.values()) == strict.quality.rows
    plain = estimate.mean(SurveyDesign(wave.responses), "WICHT_F05")["estimate"]
    assert needs.sensitivity(wave, "importance")["unweighted"]["estimate"][4] == pytest.approx(plain[0], abs=1e-12)


def test_what_changes_nothing_or_too_little_is_not_shown(wave: Wave) -> None:
    assert "nobody_left_out" not in needs.sensitivity(wave)
    assert "nobody_left_out" in needs.sensitivity(wave.with_rules("exclude"))
