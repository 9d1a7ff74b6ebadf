"""What was planted in the demo's made-up answers is found, and nothing else is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def _findings(results: Path, folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((results / folder / "findings.json").read_text(encoding="utf-8"))[
        "findings"
    ]
    return found


@pytest.mark.parametrize("year", ["2026", "2028"])
def test_digital_skills_are_the_largest_unmet_need_of_the_older(results: Path, year: str) -> None:
    claims = [f for f in _findings(results, year) if f["id"] == "unmet_need.largest.altersgruppe-65+"]
    assert len(claims) == 1
    assert "Digitale Kompetenzen" in claims[0]["statement"]["de"]
    assert claims[0]["questions"] == ["WICHT[F05]", "ZUFR[F05]"]


def test_only_digital_skills_and_political_education_are_said_to_rise(results: Path) -> None:
    trends = [f for f in _findings(results, "all") if f["measure"] == "trend_satisfaction"]
    assert len(trends) == 10
    risen = {f["id"] for f in trends if "gestiegen" in f["statement"]["de"]}
    assert risen == {"trend_satisfaction.F05", "trend_satisfaction.F07"}
    assert not any("gesunken" in f["statement"]["de"] for f in trends)


def test_no_sentence_says_more_than_its_interval(results: Path) -> None:
    for path in results.glob("**/findings.json"):
        for entry in json.loads(path.read_text(encoding="utf-8"))["findings"]:
            text = entry["statement"]["de"]
            if "gestiegen" in text or "zugenommen" in text or "über der Zufriedenheit" in text:
                assert entry["sim_low"] > 0, text
            if "gesunken" in text or "abgenommen" in text or "unter der Zufriedenheit" in text:
                assert entry["sim_high"] < 0, text
            if "mehr als die Hälfte" in text:
                assert entry["sim_low"] > 0.5, text
            if "nachweisbar" in text:
                assert entry["sim_low"] <= 0 <= entry["sim_high"], text


@pytest.mark.parametrize("folder", ["2026", "2028", "all", "2026/konferenz1"])
def test_at_least_twelve_findings_with_everything_the_contract_names(results: Path, folder: str) -> None:
    found = _findings(results, folder)
    assert len(found) >= 12
    names = (
        "id statement kind questions wording base n count estimate se ci_low ci_high unit groups "
        "method notebook snapshot disclosure goals"
    )
    for entry in found:
        assert set(names.split()) <= set(entry)
        assert entry["statement"]["de"]
        assert entry["statement"]["en"]
        # official statistics count everyone, and have no persons asked
        assert entry["n"] >= 10 or (entry["kind"], entry["n"]) == ("indicator", 0)
        assert entry["notebook"]
        count = entry["count"]
        assert count is None or count == 0 or (count >= 5 and (entry["n"] - count >= 5 or entry["n"] == count))
        assert all(len(digest) == 64 for digest in entry["snapshot"])
