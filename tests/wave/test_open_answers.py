"""What people wrote is in the responses to read, and in no design: it cannot become a category that is shown."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from bildungsbedarf import estimate, needs
from bildungsbedarf.errors import BildungsbedarfError, ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

WAYS: dict[str, Callable[[Wave], object]] = {
    "share": lambda wave: estimate.proportion(wave, "FEHLT"),
    "share of a design": lambda wave: estimate.proportion(wave.design, "FEHLT"),
    "other": lambda wave: estimate.proportion(wave, "BARR_other"),
    "comment": lambda wave: estimate.total(wave, "ENGAG_PET_comment"),
    "groups": lambda wave: estimate.mean(wave, "ALTER", by="FEHLT"),
    "groups of needs": lambda wave: needs.unmet(wave, by="FEHLT"),
    "groups of needs, several": lambda wave: needs.unmet(wave, by=["geschlecht", "KANAL"]),
    "answers": lambda wave: needs.answers(wave, "FEHLT"),
    "crosstab": lambda wave: estimate.crosstab(wave, "FEHLT", "geschlecht"),
    "test": lambda wave: estimate.chisq(wave, "FEHLT", "geschlecht"),
    "model": lambda wave: estimate.glm(wave, "GESAMT ~ FEHLT"),
    "effective": lambda wave: estimate.effective_n(wave, by="FEHLT"),
    "under another name": lambda wave: wave.with_variables(x=wave["FEHLT"]),
    "under another name, by a function": lambda wave: wave.with_variables(x=lambda table: table["BARR_other"]),
    "in capitals": lambda wave: wave.with_variables(x=wave["FEHLT"].str.upper()),
    "as categories": lambda wave: wave.with_variables(x=wave["FEHLT"].astype("category")),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_text_becomes_a_category(wave: Wave, way: str) -> None:
    with pytest.raises(BildungsbedarfError) as caught:
        WAYS[way](wave)
    assert "Mustermann" not in str(caught.value)


def test_it_is_said_what_to_do(wave: Wave) -> None:
    with pytest.raises(ConfigError, match=r'needs.words\(wave, "FEHLT"\)'):
        estimate.proportion(wave, "FEHLT")


def test_they_can_be_read_counted_and_coded(wave: Wave) -> None:
    assert wave["FEHLT"].notna().any()
    assert "FEHLT" in wave
    assert not set(wave.open_answers) & set(wave.design.data.columns)
    wrote = wave.with_variables(wrote="FEHLT != ''")
    assert estimate.mean(wrote, "wrote")["estimate"].iloc[0] > 0
    coded = wave.with_variables(
        bus=lambda table: table["FEHLT"].str.contains("Bus").map({True: "Bus", False: "anderes"}).astype("string")
    )
    assert set(estimate.proportion(coded, "bus")["category"]) == {"Bus", "anderes"}
    none = wave.with_variables(empty=pd.Series(pd.NA, index=wave.responses.index, dtype="string"))
    assert "empty" in none


def test_a_variable_declared_of_them_is_none_either(project: Project) -> None:
    path = project.root / "surveys" / "bildungsbefragung" / "study.toml"
    head = "[audience.erwachsene.variables]\n"
    text = path.read_text(encoding="utf-8")
    assert head in text
    path.write_text(text.replace(head, head + 'kanal = {from = "KANAL", title = "Kanal"}\n'), encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    wave = study.wave("2026")
    assert "kanal" in wave.open_answers
    with pytest.raises(ConfigError, match="what people wrote is no category"):
        estimate.proportion(wave, "kanal")
