"""Words typical of a group: the differences of shares anybody can count, and nothing where nothing is planted."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.answers.words import word_flags
from bildungsbedarf.wave import Wave


def test_shares_are_those_of_plain_pandas(wave: Wave) -> None:
    frame = needs.keyness(wave, "FEHLT", "kinder").set_index(["variable", "kinder"])
    flags, weights = word_flags(wave, "FEHLT"), pd.Series(wave.design.weights, index=wave.responses.index)
    word = flags.columns[0]
    own = flags[word].dropna().astype(float)
    inside = wave.responses["kinder"].loc[own.index].eq("mit Kindern")
    outside = wave.responses["kinder"].loc[own.index].eq("ohne Kinder")
    shares = [
        (own[part] * weights[part[part].index]).sum() / weights[part[part].index].sum() for part in (inside, outside)
    ]
    row = frame.loc[(word, "mit Kindern")]
    assert (row["share"], row["other"]) == pytest.approx(shares)
    assert row["estimate"] == pytest.approx(shares[0] - shares[1])
    assert row["sim_low"] <= row["estimate"] <= row["sim_high"]


def test_a_planted_word_is_found_and_no_other(wave: Wave) -> None:
    table = wave.responses.copy()
    wrote = word_flags(wave, "FEHLT").iloc[:, 0].notna()
    with_children = table["kinder"].eq("mit Kindern")
    table.loc[wrote & with_children, "FEHLT"] = table.loc[wrote & with_children, "FEHLT"].astype(str) + " Hort"
    planted = wave.with_rules("flag")
    planted.__dict__["prepared"] = type(wave.prepared)(table, wave.missing, wave.quality, wave.prepared.apart)
    planted.__dict__.pop("_weighted", None)
    frame = needs.keyness(planted, "FEHLT", "kinder")
    clear = frame[(frame["sim_low"] > 0) & frame["kinder"].eq("mit Kindern")]
    assert clear["variable"].tolist() == ["Hort"]
    assert not (needs.keyness(wave, "FEHLT", "kinder")["sim_low"] > 0).any()


def test_it_passes_the_gate_and_makes_no_sentence(wave: Wave) -> None:
    released = disclosure.release(needs.keyness(wave, "FEHLT", "kinder"))
    assert show.table(released, wave).payload["title"].startswith("Unterschiede in den Wörtern der offenen Antworten")
    assert show.forest(released, wave).payload["name"] == "forest-keyness-kinder-difference"
    with pytest.raises(ConfigError, match="there is no sentence"):
        findings.record(released, wave)
    with pytest.raises(ConfigError, match="did you mean"):
        needs.keyness(wave, "FEHLT", "kindr")
