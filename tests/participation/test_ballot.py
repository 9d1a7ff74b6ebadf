from __future__ import annotations

import pytest

from bildungsbedarf import participation
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Wave


def test_agreement_counts_persons(conference: Wave) -> None:
    frame = participation.agreement(conference).set_index("variable")
    answers = conference.responses["ZUST_Z08"]
    assert frame.loc["Z08", "n"] == answers.notna().sum()
    assert frame.loc["Z08", "count"] == (answers == "A").sum()
    assert frame.loc["Z08", "se"] == 0


def test_agreement_by_group_adds_up(conference: Wave) -> None:
    groups = participation.agreement(conference, by="bereich").groupby("variable")["count"].sum()
    whole = participation.agreement(conference).set_index("variable")["count"]
    assert (groups == whole[groups.index]).all()


def test_dots_are_all_there(conference: Wave) -> None:
    frame = participation.dots(conference)
    assert frame["estimate"].sum() == 5 * 62
    assert frame["share"].sum() == pytest.approx(1)
    top = frame.loc[frame["estimate"].idxmax()]
    assert (top["rank_best"], top["rank_worst"]) == (1, 1)


def test_ties_share_their_ranks(conference: Wave) -> None:
    frame = participation.agreement(conference).set_index("variable")
    assert frame.loc["Z05", "count"] == frame.loc["Z06", "count"] == 35
    assert frame.loc["Z05", "rank_best"] == frame.loc["Z06", "rank_best"]
    assert frame.loc["Z05", "rank_worst"] == frame.loc["Z05", "rank_best"] + 1


def test_a_survey_is_no_ballot(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="ballot"):
        participation.agreement(wave)
