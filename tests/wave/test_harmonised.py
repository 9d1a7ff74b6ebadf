"""Waves side by side: only what was asked the same way; the rest says why."""

from __future__ import annotations

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave


@pytest.fixture
def changed(project: Project) -> Study:
    """The second wave asks one item in other words, another question on another scale, and one to others."""
    folder = project.surveys / "bildungsbefragung"
    text = (folder / "questionnaire.lss").read_text(encoding="utf-8")
    for old, new in (
        ("Digitale Kompetenzen", "Digitales"),
        ("sehr zufrieden", "äußerst zufrieden"),
        ("(KIND.NAOK == 'Y')", "(KIND.NAOK == 'N')"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "neu.lss").write_text(text, encoding="utf-8")
    path = folder / "waves" / "2028.toml"
    wave = path.read_text(encoding="utf-8").replace(
        "survey_id = 990001", 'survey_id = 990001\nquestionnaire = "neu.lss"', 1
    )
    path.write_text(wave, encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    return study


def test_states_of_every_question(changed: Study) -> None:
    found = changed.compare("2026", "2028")
    state = {(row.question, row.item): row.state for row in found.itertuples()}
    assert state["WICHT", "F05"] == "reworded"
    assert state["WICHT", "F06"] == "same"
    assert state["ZUFR", "F06"] == "rescaled"
    assert state["KALTER", "K02"] == "refiltered"
    shown = found.set_index(["question", "item"]).loc[("KALTER", "K02")]
    assert (shown["before"], shown["after"]) == ("(KIND.NAOK == 'Y')", "(KIND.NAOK == 'N')")
    assert "äußerst zufrieden" in found.set_index(["question", "item"]).loc[("ZUFR", "F06"), "after"]


def test_only_comparable_answers_stand_in_one_table(changed: Study) -> None:
    answers, left_out = changed.harmonised()
    variables = set(answers["variable"])
    assert {"WICHT_F06", "ALTER", "BARR_ZEIT"} <= variables
    assert not {"WICHT_F05", "ZUFR_F06", "KALTER_K02", "RANG_1", "FEHLT"} & variables
    assert set(answers["wave"]) == {"2026", "2028"}
    assert set(left_out["state"]) == {"reworded", "rescaled", "refiltered"}
    assert answers["value"].notna().all()


def test_audiences_and_conferences(study: Study, wave: Wave) -> None:
    pupils = study.compare("2026", "2026", "erwachsene", "schule")
    assert set(pupils["state"]) == {"gone", "new", "reworded", "rescaled"}
    # asked in other words, with other options: the options weigh more
    assert pupils.query("state == 'rescaled'")["question"].unique().tolist() == ["GEM", "GESCHL", "WICHT"]
    statements = study.compare("2026", "2028", "konferenz1", "konferenz2").query("question == 'ZUST'")
    assert (statements["state"] == "same").sum() == 9
    answers, left_out = study.harmonised()
    assert left_out.empty
    counted = answers.query("variable == 'ALTER' and wave == '2026'")
    assert len(counted) == int(wave.responses["ALTER"].notna().sum())


def test_one_wave_is_not_enough(study: Study) -> None:
    with pytest.raises(ConfigError, match="no second wave"):
        study.harmonised("schule")
