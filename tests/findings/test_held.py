from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Study


def test_findings_in_the_hand(study: Study, results: Path) -> None:
    found = study.findings
    assert len(found) > 100
    assert {one.wave for one in found["unmet_need.F05"]} == {"2026", "2028"}
    assert found["2028/unmet_need.F05"][0].item == "F05"
    assert {one.kind for one in found.where(kind="trend")} == {"trend"}
    assert "unmet_need.F05" in found._ipython_key_completions_()
    assert repr(found[:2]).startswith("2 findings of bildungsbefragung")
    assert "For work in the house" in found[:2]._repr_html_()
    with pytest.raises(ConfigError, match="did you mean 'wave'"):
        found.where(waves="2028")
    with pytest.raises(ConfigError, match="did you mean 'unmet_need"):
        found["unmet_need.F0"]


def test_evidence_is_tried_in_three_lines(study: Study, results: Path) -> None:
    goal = study.goals["gute-uebergaenge"]
    assert goal.state == "partly founded"
    other = goal.with_evidence("gap.F03", role="need", limit=0.4, audience="erwachsene")
    assert other.state == "well founded"
    assert "stützt das Ziel" in repr(other)
    assert other.toml == (
        '[[goal.evidence]]\nfinding = "gap.F03"\naudience = "erwachsene"\nunit = "mean"\ndirection = "above"\n'
        'role = "need"\nlimit = 0.4'
    )
    assert study.goals["gute-uebergaenge"].state == "partly founded"


def test_mistakes_are_named(study: Study, results: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'information'"):
        study.goals["informationen"]
    goal = study.goals["information"]
    with pytest.raises(ConfigError, match="no such finding"):
        goal.with_evidence("barrier.NICHTS", role="need", limit=0.2)
    with pytest.raises(ConfigError, match="outside the scale of a share"):
        goal.with_evidence("barrier.WEG", role="need", limit=20)


def test_labels_are_escaped(study: Study, results: Path) -> None:
    found = study.findings[:1]
    hostile = found[0].model_copy(update={"statement": {"de": "<script>x</script>", "en": ""}})
    shown = type(found)([hostile], study)._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown
