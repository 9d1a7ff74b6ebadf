"""Findings recomputed from the raw CSV in plain Python, not through our own code."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    text = gzip.decompress((ROOT / "data" / "demo" / f"responses_{name}.csv.gz").read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def _facts(name: str) -> list[Row]:
    with (ROOT / "data" / "reference" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _group(age: float) -> str:
    return "18" if age < 30 else "30" if age < 45 else "45" if age < 65 else "65"


def _weighted(name: str) -> list[tuple[Row, float]]:
    """Counted persons with raked weights: municipality, and age by sex."""
    rows = [
        row
        for row in _rows(name)
        if row["ALTER"] and float(row["ALTER"]) >= 18 and row["GEM"] != "999" and row["submitdate"]
    ]
    cells: dict[tuple[str, str], float] = defaultdict(float)
    for fact in _facts("population_06633_age_sex.csv"):
        if fact["year_end"] == "2019" and int(fact["age_from"]) >= 18:
            cells[(_group(int(fact["age_from"])), fact["sex"])] += float(fact["population"])
    adults = sum(cells.values())
    towns = {fact["ags"][-3:]: float(fact["population"]) for fact in _facts("municipalities_06633.csv")}
    mean = adults / len(rows)
    known = [row for row in rows if row["GESCHL"] in ("m", "w")]
    factor = len(known) / len(rows)
    weights = [1.0] * len(known)
    for _ in range(200):
        for key, target in (
            (
                lambda row: row["GEM"],
                {town: adults * count / sum(towns.values()) * factor for town, count in towns.items()},
            ),
            (
                lambda row: (_group(float(row["ALTER"])), row["GESCHL"]),
                {cell: count * factor for cell, count in cells.items()},
            ),
        ):
            sums: dict[Any, float] = defaultdict(float)
            for row, weight in zip(known, weights, strict=True):
                sums[key(row)] += weight
            weights = [weight * target[key(row)] / sums[key(row)] for row, weight in zip(known, weights, strict=True)]
    return list(zip(known, weights, strict=True)) + [(row, mean) for row in rows if row["GESCHL"] not in ("m", "w")]


def _found(folder: str, name: str) -> dict[str, Any]:
    path = ROOT / "results" / "bildungsbefragung" / folder / "findings.json"
    return next(entry for entry in json.loads(path.read_text(encoding="utf-8"))["findings"] if entry["id"] == name)


def _unmet(pairs: list[tuple[Row, float]], item: str) -> tuple[float, int, int]:
    both = [
        (int(row[f"WICHT[{item}]"]), int(row[f"ZUFR[{item}]"]), weight)
        for row, weight in pairs
        if row[f"WICHT[{item}]"] not in ("", "9") and row[f"ZUFR[{item}]"] not in ("", "9")
    ]
    hits = [weight for importance, satisfaction, weight in both if importance >= 4 and satisfaction <= 2]
    return sum(hits) / sum(weight for *_, weight in both), len(both), len(hits)


@pytest.mark.parametrize("year", ["2026", "2028"])
@pytest.mark.parametrize("item", ["F05", "F07"])
def test_unmet_need(year: str, item: str) -> None:
    share, n, count = _unmet(_weighted(year), item)
    entry = _found(year, f"unmet_need.{item}")
    assert entry["estimate"] == pytest.approx(share, rel=1e-8)
    assert (entry["n"], entry["count"]) == (n, count)


def test_unmet_need_of_the_older() -> None:
    pairs = [(row, weight) for row, weight in _weighted("2026") if float(row["ALTER"]) >= 65]
    share, n, count = _unmet(pairs, "F05")
    entry = _found("2026", "unmet_need.largest.altersgruppe-65+")
    assert entry["estimate"] == pytest.approx(share, rel=1e-8)
    assert (entry["n"], entry["count"]) == (n, count)


def test_most_frequent_barrier() -> None:
    pairs = _weighted("2026")
    shares = {
        code: sum(weight for row, weight in pairs if row[f"BARR[{code}]"]) / sum(weight for _, weight in pairs)
        for code in ("ZEIT", "GELD", "WEG", "BETR", "INFO", "ANGEB", "BARRI", "SPRA", "other")
    }
    entry = _found("2026", "barrier.most_frequent")
    assert entry["estimate"] == pytest.approx(max(shares.values()), rel=1e-8)
    assert shares["ZEIT"] == max(shares.values())
    assert "Keine Zeit" in entry["statement"]["de"]


def test_gap_of_political_education() -> None:
    pairs = [
        (int(row["WICHT[F07]"]) - int(row["ZUFR[F07]"]), weight)
        for row, weight in _weighted("2028")
        if row["WICHT[F07]"] not in ("", "9") and row["ZUFR[F07]"] not in ("", "9")
    ]
    entry = _found("2028", "gap.F07")
    assert entry["estimate"] == pytest.approx(sum(d * w for d, w in pairs) / sum(w for _, w in pairs), rel=1e-8)


def test_rise_of_satisfaction() -> None:
    means = []
    for year in ("2026", "2028"):
        values = [
            (int(row["ZUFR[F05]"]), weight) for row, weight in _weighted(year) if row["ZUFR[F05]"] not in ("", "9")
        ]
        means.append(sum(value * weight for value, weight in values) / sum(weight for _, weight in values))
    entry = _found("all", "trend_satisfaction.F05")
    assert entry["estimate"] == pytest.approx(means[1] - means[0], rel=1e-8)
    assert entry["sim_low"] > 0
    assert math.isclose(entry["ci_high"] + entry["ci_low"], 2 * entry["estimate"], rel_tol=1e-9)


def test_ballot() -> None:
    rows = _rows("konferenz1")
    answers = [row["ZUST[Z03]"] for row in rows if row["ZUST[Z03]"]]
    entry = _found("2026/konferenz1", "agreement.Z03")
    assert (entry["count"], entry["n"]) == (answers.count("A"), len(answers))
    dots = sum(float(row["PUNKTE[G1]"] or 0) for row in rows)
    assert _found("2026/konferenz1", "dots.G1")["estimate"] == dots
