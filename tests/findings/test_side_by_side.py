"""Survey and conference side by side: what follows rests on the interval and all counted dots."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, needs, participation, show
from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.wave import Wave


@pytest.fixture(scope="module")
def need(wave: Wave) -> Released:
    return disclosure.release(needs.unmet(wave))


@pytest.fixture(scope="module")
def dots(conference: Wave) -> Released:
    return disclosure.release(participation.dots(conference))


def _moved(part: Released, item: str, **numbers: object) -> Released:
    frame = part.frame.copy()
    for name, value in numbers.items():
        frame.loc[frame["variable"] == item, name] = value
    return Released(facts_of(part.frame).on(frame), part.limits)


def test_numbers_are_those_of_the_frames(wave: Wave, conference: Wave, need: Released, dots: Released) -> None:
    frame = findings.side_by_side(need, dots, wave, conference).set_index("concept")
    asked = need.frame.set_index("variable").loc["F05"]
    row = frame.loc["digitale_kompetenzen"]
    assert (row["survey"], row["survey_low"], row["survey_high"]) == tuple(asked[["estimate", "sim_low", "sim_high"]])
    assert row["survey_mean"] == pytest.approx(need.frame["estimate"].mean())
    assert row["conference"] == pytest.approx(73 / 310)
    assert row["conference_even"] == pytest.approx(1 / 6)
    assert row["relation"] == "both"


@pytest.mark.parametrize(
    ("low", "high", "share", "relation"),
    [
        (0.4, 0.5, 0.24, "both"),
        (0.4, 0.5, 0.05, "survey"),
        (0.01, 0.05, 0.24, "conference"),
        (0.01, 0.05, 0.05, "neither"),
        (0.01, 0.5, 0.24, "open"),
    ],
)
def test_what_follows(
    wave: Wave, conference: Wave, need: Released, dots: Released, low: float, high: float, share: float, relation: str
) -> None:
    one, other = _moved(need, "F05", sim_low=low, sim_high=high), _moved(dots, "G1", share=share)
    frame = findings.side_by_side(one, other, wave, conference).set_index("concept")
    assert frame.loc["digitale_kompetenzen", "relation"] == relation


def test_goals_that_are_hidden_count_in_the_share_and_are_not_told(
    wave: Wave, conference: Wave, need: Released, dots: Released
) -> None:
    hidden = _moved(dots, "G2", decision="cell_too_small", estimate=None, share=None)
    frame = findings.side_by_side(need, hidden, wave, conference).set_index("concept")
    assert frame.loc["digitale_kompetenzen", "conference"] == pytest.approx(73 / 310)
    assert frame.loc["digitale_kompetenzen", "conference_even"] == pytest.approx(1 / 6)
    assert pd.isna(frame.loc["demokratiebildung", "conference"])
    assert frame.loc["demokratiebildung", "relation"] == "open"
    block = show.side_by_side(frame.reset_index(), wave, conference)
    assert block.content is not None
    assert "Politische Bildung und Demokratiebildung" in [row[0] for row in block.content.rows]


def test_a_survey_without_intervals_leaves_everything_open(
    wave: Wave, conference: Wave, need: Released, dots: Released
) -> None:
    frame = need.frame.assign(sim_low=float("nan"), sim_high=float("nan"))
    plain = Released(facts_of(need.frame).on(frame), need.limits)
    assert set(findings.side_by_side(plain, dots, wave, conference)["relation"]) == {"open"}


def test_the_figure_says_what_follows_in_words(wave: Wave, conference: Wave, need: Released, dots: Released) -> None:
    frame = findings.side_by_side(need, dots, wave, conference)
    block = show.side_by_side(frame, wave, conference)
    assert "Beide setzen es nach vorn: Digitale Kompetenzen." in block.payload["alt"]
    assert block.content is not None
    assert [row[0] for row in block.content.rows] == frame["title"].tolist()
    empty = show.side_by_side(frame.iloc[:0], wave, conference)
    assert empty.kind == "table"
    assert "Es gibt kein Thema, nach dem beide gefragt wurden." in empty.content.notes  # type: ignore[union-attr]


def test_other_measures_are_refused(wave: Wave, conference: Wave, need: Released, dots: Released) -> None:
    with pytest.raises(ConfigError, match="of another measure"):
        findings.side_by_side(dots, need, wave, conference)
