"""What all groups of a ballot support, from what passed the gate alone."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, needs, participation
from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Study, Wave


def _released(wave: Wave, by: str | None = None) -> Released:
    return disclosure.release(participation.agreement(wave, by=by))


def test_lowest_highest_and_one_voice_by_hand(study: Study) -> None:
    conference = study.wave("2028", "konferenz2")
    votes = conference.votes.votes
    group = conference.votes.participants.set_index("id")["group"]
    shared = findings.common_ground(_released(conference), _released(conference, "bereich"))
    known = [one for one in shared if one.spread is not None]
    assert len(known) == 10
    for one in known:
        own = votes[votes["statement"] == one.item]
        agrees = (own["value"] == 1).astype(float)
        by_group = agrees.groupby(own["participant"].map(group).to_numpy()).mean()
        assert one.lowest == pytest.approx(by_group.min())
        assert one.highest == pytest.approx(by_group.max())
        assert by_group[one.lowest_group] == pytest.approx(one.lowest)
        assert one.one_voice == pytest.approx(by_group.mean())
        assert one.whole == pytest.approx(agrees.mean())
        assert one.is_common == (by_group.min() > 0.5)
    lowest = [one.lowest for one in known if one.lowest is not None]
    assert lowest == sorted(lowest, reverse=True)


def test_where_a_group_is_hidden_nothing_is_said_of_the_groups(study: Study) -> None:
    conference = study.wave("2028", "konferenz2")
    by_group = _released(conference, "bereich")
    rows = by_group.frame
    hidden = set(rows.loc[rows["decision"] != "shown", "variable"])
    assert hidden
    for one in findings.common_ground(_released(conference), by_group):
        told = (one.one_voice, one.lowest, one.highest, one.spread)
        assert (told == (None,) * 4) == (one.item in hidden)
        assert one.lowest_group == "" or one.item not in hidden


def test_frames_that_do_not_belong_together(study: Study, wave: Wave) -> None:
    conference = study.wave("2028", "konferenz2")
    whole = _released(conference)
    for pair in ((whole, whole), (disclosure.release(needs.unmet(wave)), _released(conference, "bereich"))):
        with pytest.raises(ConfigError, match="common ground is of one measure"):
            findings.common_ground(*pair)
