from __future__ import annotations

import json
from pathlib import Path

import pytest

from bildungsbedarf.findings import read_register
from bildungsbedarf.run.subjects import subjects
from bildungsbedarf.wave import Study, Wave


def test_the_numbers_by_subject_are_those_of_the_register(results: Path) -> None:
    for wave in ("2026", "2028"):
        rows = json.loads((results / wave / "subjects.json").read_bytes())["rows"]
        told = {(row["measure"], row["item"]): row for row in rows if not row["by"]}
        found = [
            one
            for one in read_register(results / wave / "findings.json").findings
            if one.id == f"{one.measure}.{one.item}" and one.measure in ("unmet_need", "barrier")
        ]
        assert len(found) == 19
        for one in found:
            row = told[one.measure, one.item]
            assert (row["n"], row["estimate"]) == (one.n, pytest.approx(one.estimate, abs=1e-6))
            assert [row["low"], row["high"]] == pytest.approx(list(one.ends), abs=1e-6)


def test_what_the_gate_hides_is_null(wave: Wave) -> None:
    found = subjects(wave)
    hidden = [row for row in found["rows"] if row["estimate"] is None]
    assert hidden
    assert all(row["low"] is None and row["high"] is None for row in hidden)
    for row in found["rows"]:
        assert row["n"] is None or row["n"] >= 10


def test_each_municipality_has_a_value_of_each_field_and_others_that_are_alike(wave: Wave) -> None:
    found = subjects(wave)
    codes = {area["code"] for area in found["areas"]}
    assert len(codes) == 28
    modelled = {(row["group"], row["item"]) for row in found["rows"] if row["measure"] == "small_area"}
    assert len(modelled) == 28 * 10
    for area in found["areas"]:
        assert len(set(area["alike"])) == 3
        assert area["code"] not in area["alike"]
        assert set(area["alike"]) <= codes


def test_offers_are_counted_by_field_and_municipality(study: Study) -> None:
    provided = study.wave("2028", "angebote")
    found = subjects(provided)
    assert found["rows"] == []
    assert sum(entry["offers"] for entry in found["offers"]) <= provided.snapshot.manifest.rows
    assert all(entry["offers"] > 0 and entry["field"] and entry["place"] for entry in found["offers"])
