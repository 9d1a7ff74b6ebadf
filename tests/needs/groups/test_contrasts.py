"""Groups that answer otherwise, over every closed question: only what holds, and no question that says who they are."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.answers.closed import option_flags
from bildungsbedarf.wave import Study, Wave


def test_what_differs_is_named_with_its_question(wave: Wave) -> None:
    frame = needs.contrasts(wave, wave.compared_groups)
    assert (frame["sim_low"] > 0).all()
    assert frame["estimate"].is_monotonic_decreasing
    asked = {wave.codebook.column(name.split("=")[0]).question for name in frame["variable"]}
    assert not asked & {"KIND", "BILD", "MIGR", "GESCHL", "ALTER", "GEM"}
    assert "TEILN" in asked
    found = findings.record(disclosure.release(frame), wave)
    told = next(f for f in found if f.id == "contrast.BARR_BETR.kinder-mit_Kindern")
    assert "„Was hat Sie von der Teilnahme abgehalten? – Keine Kinderbetreuung“ häufiger" in told.statement["de"]
    assert told.questions == ["BARR"]
    assert not any(finding.headline for finding in found)


def test_the_difference_is_that_of_the_shares(wave: Wave) -> None:
    frame = needs.contrasts(wave, ["kinder"]).set_index("variable")
    row = frame.loc["BARR_BETR"]
    by_group = needs.barriers(wave, by="kinder").query("variable == 'BETR'").set_index("kinder")["estimate"]
    assert row["share"] == pytest.approx(by_group["mit Kindern"])
    assert row["other"] == pytest.approx(by_group["ohne Kinder"])


def test_options_hardly_anybody_gives_are_left_out(wave: Wave) -> None:
    flags = option_flags(wave, ["TEILN"])
    assert "GESCHL=d" not in flags.columns
    assert not any(name.startswith(("TEILN", "GEM=")) for name in flags.columns)
    assert {str(kind) for kind in flags.dtypes} == {"boolean"}
    assert flags["MIGR=Y"].isna().equals(wave.responses["MIGR"].isna())
    assert pd.concat([flags["MIGR=Y"], flags["MIGR=N"]], axis=1).sum(axis=1).max() == 1


def test_self_selected_answers_are_not_compared(study: Study) -> None:
    with pytest.raises(ConfigError, match="no comparison of groups"):
        needs.contrasts(study.wave("2026", "schule"), ["geschlecht"])
