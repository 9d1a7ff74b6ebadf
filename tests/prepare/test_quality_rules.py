"""Rules of response quality: duplicates by four rules, impossible numbers, outcome rates."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.prepare.duplicates import flag_duplicates
from bildungsbedarf.prepare.quality import flag_out_of_range
from bildungsbedarf.study.config import AudienceConfig
from bildungsbedarf.study.rules import DuplicatesConfig
from bildungsbedarf.wave import Study, Wave

RAW = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4", "5"],
        "submitdate": ["2026-05-01 10:10:00", "2026-05-01 10:20:00", "", "2026-05-02 09:00:00", "2026-05-09 09:00:00"],
        "startdate": [
            "2026-05-01 10:00:00",
            "2026-05-01 10:12:00",
            "2026-05-01 10:13:00",
            "2026-05-02 08:50:00",
            "2026-05-09 08:50:00",
        ],
        "token": ["a", "", "b", "b", "c"],
        "cookie": ["x", "x", "", "", "y"],
    },
    dtype="str",
)
ANSWERS = pd.DataFrame({f"q{n}": ["1", "1", "2", "1", "1"] for n in range(10)}, dtype="str")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"rules": ["token"]}, [False, False, True, False, False]),
        ({"rules": ["device"], "device": "cookie"}, [False, True, False, False, False]),
        ({"rules": ["seconds"], "seconds": 600}, [False, True, False, False, False]),
        ({"rules": ["seconds"], "seconds": 60}, [False, False, False, False, False]),
        ({"rules": ["answers"]}, [False, True, False, True, True]),
        ({"rules": ["answers"], "minimum_answers": 11}, [False] * 5),
        ({"rules": ["token", "seconds"]}, [False, True, True, False, False]),
    ],
)
def test_duplicates_by_four_rules(rule: dict[str, object], expected: list[bool]) -> None:
    assert flag_duplicates(RAW, ANSWERS, DuplicatesConfig.model_validate(rule)).tolist() == expected
    assert not flag_duplicates(RAW, ANSWERS, None).any()


def test_a_device_column_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="did you mean 'cookie'"):
        flag_duplicates(RAW, ANSWERS, DuplicatesConfig(rules=["device"], device="cooky"))


def test_impossible_numbers() -> None:
    config = AudienceConfig.model_validate(
        {
            "questionnaire": "q.lss",
            "sampling": "census",
            "population": "alle",
            "quality": {"ranges": {"ALTER": [14, 110]}},
        }
    )
    ages = pd.DataFrame({"ALTER": pd.array([13, 14, 110, 1999, None], dtype="Float64"), "T": "x"})
    assert flag_out_of_range(ages, config).tolist() == [True, False, False, True, False]
    with pytest.raises(ConfigError, match="did you mean 'ALTERS'"):
        flag_out_of_range(ages.rename(columns={"ALTER": "ALTERS"}), config)


def test_pupils_who_were_entered_twice_count_once(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    assert pupils.quality.not_counted["duplicate"] == 6
    assert pupils.quality.rows == 351
    assert pupils.quality.counted + sum(pupils.quality.not_counted.values()) == 351
    assert not {346, 347, 348, 349, 350, 351} & set(pupils.responses["id"])


def test_outcome_rates(wave: Wave) -> None:
    quality = wave.quality
    rates = quality.outcome_rates(6_000)
    assert rates["RR1"] == pytest.approx(quality.submitted / 6_000)
    assert rates["RR2"] >= rates["RR1"]
    assert sum(quality.broken_off.values()) == quality.rows - quality.submitted
    assert sum(quality.daily.values()) == quality.submitted
    published = quality.published(5)
    assert all(entry["count"] is None or entry["count"] >= 5 for entry in published["broken_off"])  # type: ignore[attr-defined]
    assert "daily" not in published
