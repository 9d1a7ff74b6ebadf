"""Tables of bb.estimate say which statistic they hold, of whom, and which side is taken off."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave


def _table(frame: pd.DataFrame, wave: Wave) -> Block:
    return show.table(disclosure.release(frame), wave)


def _notes(block: Block) -> str:
    assert block.content is not None
    return "\n".join(block.content.notes)


def test_means_variances_and_ratios_are_called_so(wave: Wave) -> None:
    assert "Mittelwert" in str(_table(estimate.mean(wave, "ALTER"), wave).content)
    assert _table(estimate.mean(wave, "ALTER", by="kinder"), wave).payload["title"] == "Wie alt sind Sie? – Mittelwert"
    assert "Varianz" in str(_table(estimate.variance(wave, "ALTER"), wave).content)
    ratio = _table(estimate.ratio(wave, "STUND", "ALTER"), wave)
    assert ratio.payload["title"] == "Wie viele Stunden etwa? / Wie alt sind Sie?"
    assert "Verhältnis" in str(ratio.content)


def test_a_crosstab_says_of_whom_its_shares_are(wave: Wave) -> None:
    made = {
        percent: _notes(_table(estimate.crosstab(wave, "geschlecht", "kinder", percent=percent), wave))
        for percent in ("row", "column", "total")
    }
    assert "Anteile an den Personen jeder Zeile" in made["row"]
    assert "Personen je Zeile: weiblich: 758; männlich: 558." in made["row"]
    assert "Anteile an den Personen jeder Spalte" in made["column"]
    assert "Personen je Gruppe: mit Kindern: 323; ohne Kinder: 993." in made["column"]
    assert "Anteile an allen Personen" in made["total"]
    assert "Personen: 1.316." in made["total"]


def test_a_difference_says_which_side_is_taken_off(wave: Wave, later: Wave) -> None:
    block = show.table(disclosure.release(estimate.difference(later, wave, "mean", "ALTER")), later)
    assert block.payload["title"] == "Wie alt sind Sie? – Unterschied der Mittelwerte"
    assert "Unterschied: 2028 erwachsene minus 2026 erwachsene." in _notes(block)
    parts = [wave.design.where(condition) for condition in ("ALTER > 40", "ALTER <= 40")]
    told = _notes(_table(estimate.difference(*parts, "proportion", "GESCHL"), wave))
    assert "Unterschied: ALTER > 40 minus ALTER <= 40." in told


def test_what_the_weights_fix_has_no_interval(wave: Wave) -> None:
    fixed = _table(estimate.proportion(wave, "geschlecht", by="altersgruppe"), wave)
    assert "(" not in fixed.text.split("\n", 1)[1]
    assert "woran die Gewichte angepasst sind" in _notes(fixed)
    assert "woran die Gewichte angepasst sind" not in _notes(_table(needs.unmet(wave), wave))
