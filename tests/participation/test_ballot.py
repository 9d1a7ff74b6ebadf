from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, participation, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Wave
from tests.show.cells import cells_of


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


def test_positions_add_up_and_hidden_ones_do_not_follow(conference: Wave) -> None:
    frame = participation.positions(conference)
    sums = frame.groupby("variable", observed=True)["count"].sum()
    assert (sums == frame.groupby("variable", observed=True)["n"].first()).all()
    agree = frame[frame["category"] == "agree"].set_index("variable")["count"]
    assert (agree == participation.agreement(conference).set_index("variable")["count"]).all()
    released = disclosure.release(frame).frame
    hidden = released[released["decision"] != "shown"].groupby("variable", observed=True).size()
    assert (hidden >= 2).all()
    assert len(hidden)
    labels = list(cells_of(show.table(disclosure.release(frame), conference)))
    assert [label for label in labels if label.endswith(": stimmen zu")]
    assert [label for label in labels if label.endswith(": lehnen ab")]


def test_who_is_divided_comes_first(conference: Wave) -> None:
    found = findings.divided(disclosure.release(participation.positions(conference)))
    known = [one for one in found if one.divisiveness is not None]
    assert [one.divisiveness for one in known] == sorted((one.divisiveness for one in known), reverse=True)
    votes = conference.votes.wide("statement")
    for one in known:
        assert one.divisiveness == pytest.approx(float(votes[one.item].astype(float).var(ddof=0)), abs=1e-9)
        assert 0 <= (one.divisiveness or 0) <= 1
    assert all(one.divisiveness is None for one in found[len(known) :])
    with pytest.raises(ConfigError, match="positions"):
        findings.divided(disclosure.release(participation.agreement(conference)))


def test_consensus_is_the_product_over_groups(conference: Wave) -> None:
    both = [disclosure.release(participation.agreement(conference, by=by)) for by in (None, "bereich")]
    shared = findings.common_ground(*both)
    frame = both[1].frame
    for one in (one for one in shared if one.lowest is not None):
        rows = frame[frame["variable"] == one.item]
        product = 1.0
        for count, persons in zip(rows["count"], rows["n"], strict=True):
            product *= (count + 1) / (persons + 2)
        assert one.consensus == pytest.approx(product)
    assert all(one.consensus is None for one in shared if one.lowest is None)


def test_quadratic_votes_are_roots_of_dots(conference: Wave) -> None:
    frame = participation.quadratic(conference).set_index("variable")
    given = conference.votes.wide("goal").astype(float)
    for goal, row in frame.iterrows():
        assert row["estimate"] == pytest.approx((given[goal] ** 0.5).sum())
    assert frame["share"].sum() == pytest.approx(1)
    # whoever spreads five dots over five goals has five votes, who puts all on one has 2.2
    assert frame["estimate"].sum() > participation.dots(conference)["estimate"].sum() * 0.44


def test_all_three_positions_are_told_or_none(conference: Wave) -> None:
    released = disclosure.release(participation.positions(conference))
    found = findings.divided(released)
    hidden = set(released.frame.loc[released.frame["decision"] != "shown", "variable"])
    assert {one.item for one in found if one.agree is None} == hidden
    assert all((one.agree is None) == (one.passed is None) == (one.disagree is None) for one in found)
    table = show.divided(found, conference)
    assert len(cells_of(table)) == len(found) - len(hidden)
    assert f"zu wenige Personen betrifft, um sie zu nennen: {len(hidden)}." in table.html
