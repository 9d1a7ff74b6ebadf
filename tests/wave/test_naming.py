from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf import needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.store.computed import VARIABLE as COMPUTED
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.naming import column_named


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("ALTER", "ALTER"),
        ("WICHT_F05", "WICHT_F05"),
        ("WICHT[F05]", "WICHT_F05"),
        ("FORMAT[ONL][1]", "FORMAT_ONL_1"),
        ("altersgruppe", "altersgruppe"),
        ("Altersgruppe", "altersgruppe"),
        ("age  GROUP", "altersgruppe"),
        ("Keine Zeit", "BARR_ZEIT"),
    ],
)
def test_a_column_is_found_by_its_name_code_or_label(wave: Wave, name: str, column: str) -> None:
    assert wave.named(name) == column
    assert wave[name].equals(wave.design.data[column])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("alter", "'ALTER' or 'altersgruppe'"),
        ("WICHT_F1", "'WICHT_F01'"),
        ("WICHT[F99]", "'WICHT_F"),
        ("Altersgrupe", "'Altersgruppe'"),
        ("Digitale Kompetenzen", "WICHT_F05, ZUFR_F05"),
    ],
)
def test_what_is_near_is_named(wave: Wave, name: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        wave.named(name)
    assert told in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3


def test_names_complete_at_the_keyboard(wave: Wave) -> None:
    found = wave._ipython_key_completions_()
    assert {"WICHT_F05", "ALTER", "altersgruppe"} <= set(found)
    assert all(column_named(wave, name) == name for name in found)


def test_further_variables_by_condition_function_and_series(wave: Wave) -> None:
    age = wave.responses["ALTER"]
    more = wave.with_variables(
        old="ALTER >= 65", decade=lambda table: (table["ALTER"] // 10).astype("string"), double=2 * age
    )
    assert estimate.mean(more, "double")["estimate"].iloc[0] == pytest.approx(
        2 * estimate.mean(wave, "ALTER")["estimate"].iloc[0]
    )
    share = estimate.mean(more, "WICHT[F05]", by="old")
    plain = wave.design.with_columns(pd.DataFrame({"old": (age >= 65).astype("boolean")}))
    assert share["estimate"].tolist() == estimate.mean(plain, "WICHT_F05", by="old")["estimate"].tolist()
    by_need = needs.unmet(more, by="old")
    assert set(by_need["old"].astype(str)) == {"True", "False"}
    # nothing of it can be registered as if study.toml said so
    assert more.is_changed
    assert not by_need.attrs["facts"]["recipe"]
    assert "old" not in wave.responses.columns


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ALTER": "ALTER >= 65"}, "there is a variable of this name"),
        ({"old": "ALTER >="}, "old"),
        ({"old": pd.Series([1, 2], index=["a", "b"])}, "do not belong to these persons"),
        ({"old": lambda table: 1}, "do not belong to these persons"),
    ],
)
def test_variables_that_cannot_be_are_refused(wave: Wave, given: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        wave.with_variables(**given)  # type: ignore[arg-type]


def test_variables_of_one_name_with_other_values_are_not_the_same(
    wave: Wave, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(COMPUTED, str(tmp_path))
    old, young = (wave.with_variables(g=text) for text in ("ALTER >= 65", "ALTER < 30"))
    assert old.source != young.source
    assert not needs.intersections(old, ["g"]).equals(needs.intersections(young, ["g"]))
    both = old.with_variables(young="ALTER < 30")
    assert {"g", "young"} == set(both._added)
    assert len(needs.unmet(both, by="g")) == len(needs.unmet(both, by="young")) == 20
    with pytest.raises(ConfigError, match="choose the rules first"):
        both.with_rules("flag")


def test_a_wave_is_asked_for_columns_as_a_table_is(wave: Wave) -> None:
    assert wave[["ALTER", "Altersgruppe"]].columns.tolist() == ["ALTER", "altersgruppe"]
    assert "ALTER" in wave
    assert "ALTR" not in wave
    assert "WICHT_F05" in list(wave)
    with pytest.raises(ConfigError, match="columns by name"):
        wave[0]  # type: ignore[index]


def test_a_wave_takes_nothing_in_place(wave: Wave, study: Study) -> None:
    with pytest.raises(ConfigError, match="no further attributes"):
        wave.neu = 5  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match=r"with_variables\(neu"):
        wave["neu"] = wave["ALTER"]
    assert study["2026"] is study.wave("2026")
