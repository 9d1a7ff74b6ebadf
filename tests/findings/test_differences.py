from __future__ import annotations

import pytest

from bildungsbedarf import findings
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Study
from tests.findings.test_leitbild import _MADE


def test_new_gone_reworded_and_other_numbers(study: Study) -> None:
    def made(wave: str, name: str, text: str, estimate: float = 0.5) -> findings.Finding:
        changed = {"id": name, "item": name, "wave": wave, "audience": "erwachsene", "estimate": estimate}
        return _MADE.model_copy(update={**changed, "statement": {"de": text, "en": text}})

    before = [made("2026", "a", "x 1"), made("2026", "b", "x 1"), made("2026", "c", "x 1"), made("2026", "d", "x 1")]
    after = [made("2028", "b", "x 2", 0.6), made("2028", "c", "y 1"), made("2028", "d", "x 1"), made("2028", "e", "z")]
    told = findings.differences(study, [*before, *after], "2026", "2028")
    assert [(one.change, one.about) for one in told] == [
        ("new", "erwachsene e"),
        ("gone", "erwachsene a"),
        ("reworded", "erwachsene c"),
        ("within chance", "erwachsene b"),
    ]
    assert (told[0].before, told[0].after) == ("", "z")


def test_only_more_than_chance_is_higher_or_lower(study: Study) -> None:
    """Of two pairs z is 2.241: 0.1 ± 0.0634 (se 0.02 each) is a change, 0.05 none; a trend's own interval decides."""

    def made(wave: str, name: str, estimate: float, **other: object) -> findings.Finding:
        known = {"id": name, "item": name, "wave": wave, "audience": "erwachsene", "estimate": estimate, "se": 0.02}
        return _MADE.model_copy(update={**known, "kind": "level", **other})

    found = [made("2026", "a", 0.5), made("2026", "b", 0.5), made("2028", "a", 0.6), made("2028", "b", 0.45)]
    told = findings.differences(study, found, "2026", "2028")
    assert [(one.change, one.about) for one in told if "goal" not in one.about] == [
        ("higher", "erwachsene a"),
        ("within chance", "erwachsene b"),
    ]
    trend = made("2026–2028", "trend_b", -0.05, kind="trend", ci_low=-0.06, ci_high=-0.04)
    told = findings.differences(study, [*found, trend], "2026", "2028")
    assert [one.change for one in told if one.about == "erwachsene b"] == ["lower"]


def test_a_claim_that_is_lost_is_not_certain_any_more(study: Study) -> None:
    claim = _MADE.model_copy(update={"kind": "rank", "audience": "erwachsene"})
    for wave, expected in (("2026", "not certain any more"), ("2028", "certain now")):
        told = findings.differences(study, [claim.model_copy(update={"wave": wave})], "2026", "2028")
        assert [one.change for one in told if "goal" not in one.about] == [expected]


def test_waves_the_wrong_way_round(study: Study) -> None:
    for waves in (("2028", "2026"), ("2026", "2026")):
        with pytest.raises(ConfigError, match="the earlier wave comes first"):
            findings.differences(study, [], *waves)


def test_audiences_that_only_one_wave_has_are_not_compared(study: Study) -> None:
    vote = _MADE.model_copy(update={"audience": "konferenz1", "wave": "2026"})
    assert findings.differences(study, [vote], "2026", "2028") == []


def test_unknown_wave(study: Study) -> None:
    with pytest.raises(ConfigError, match="there is no such wave"):
        findings.differences(study, [], "2026", "2030")


def test_a_role_that_rests_on_a_conference_of_the_later_wave_was_not_asked_before(study: Study) -> None:
    vote = _MADE.model_copy(
        update={
            "id": "agreement.Z07",
            "item": "Z07",
            "measure": "agreement",
            "kind": "participation",
            "audience": "konferenz2",
            "wave": "2028",
            "estimate": 0.8,
            "se": None,
            "ci_low": None,
            "ci_high": None,
        }
    )
    assert findings.weigh_after(study, [vote], "2028")[0].roles["consent"].verdict == "carries"
    # the state of the goal is another for the conference's sake, and nothing else is named as the reason
    told = findings.differences(study, [vote], "2026", "2028")
    assert [(one.about, one.before, one.after) for one in told] == [
        (
            "goal digitale-teilhabe",
            "without evidence (consent: not asked yet)",
            "partly founded (consent: carries)",
        )
    ]
    low, high = (
        _MADE.model_copy(
            update={
                "id": "unmet_need.F05",
                "item": "F05",
                "audience": "erwachsene",
                "wave": wave,
                "estimate": share,
                "ci_low": share - 0.02,
                "ci_high": share + 0.02,
                "recipe": None,
            }
        )
        for wave, share in (("2026", 0.05), ("2028", 0.4))
    )
    told = [one for one in findings.differences(study, [low, high, vote], "2026", "2028") if "goal" in one.about]
    assert [one.about for one in told] == ["goal digitale-teilhabe"]
    assert "need: met" in told[0].before
    assert "need: carries" in told[0].after
    assert "consent: not asked yet" in told[0].before
