"""A Polis export as votes: signs, changed votes, moderation, counts that do not add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bildungsbedarf import participation
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.kinds import STATEMENT, read_kind, votes_of

_COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1,x,0,7,2,1,1,"Mehr Kurse, bitte"
2,x,1,8,1,1,0,Abends öffnen
3,x,2,9,1,0,-1,Werbung
"""
_VOTES = """timestamp,datetime,comment-id,voter-id,vote
10,x,0,a,{plus}
11,x,0,b,{plus}
12,x,0,c,{minus}
13,x,1,a,{minus}
14,x,1,b,0
20,x,1,a,{plus}
15,x,1,c,{minus}
16,x,2,a,{plus}
"""


def _export(folder: Path, *, plus: int = 1, comments: str = _COMMENTS, votes: str = _VOTES, **others: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "comments.csv").write_text(comments, encoding="utf-8")
    (folder / "votes.csv").write_text(votes.format(plus=plus, minus=-plus), encoding="utf-8")
    for name, text in others.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("plus", [1, -1])
def test_agreement_is_one_whatever_the_sign_of_the_export(tmp_path: Path, plus: int) -> None:
    tables, provenance = read_kind(_export(tmp_path / "polis", plus=plus), "votes")
    votes = votes_of(tables)
    assert votes.statements["id"].tolist() == ["0", "1"]
    assert votes.statements["text"].tolist() == ["Mehr Kurse, bitte", "Abends öffnen"]
    table = votes.wide(STATEMENT).to_numpy(dtype=float)
    assert table.tolist() == [[1.0, 1.0], [1.0, 0.0], [-1.0, -1.0]]
    assert provenance.left_out == (
        "1 votes that their voters changed later",
        "1 comments that moderation rejected, with 1 votes",
    )
    assert set(tables) == {"statements", "participants", "votes"}
    assert "author-id" not in tables["statements"].columns


def test_what_does_not_add_up_is_told(tmp_path: Path) -> None:
    path = _export(
        tmp_path / "polis",
        comments=_COMMENTS.replace(",2,1,1,", ",3,1,1,"),
        summary="topic,Bildung\nvoters,4\ncomments,3\n",
        participants_votes="participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2\n"
        "a,,0,0,3,3,0,1,1,1\nb,,1,0,9,1,0,1,0,\n",
    )
    tables, provenance = read_kind(path, "votes")
    assert provenance.left_out[2:] == (
        "1 comments whose counts in comments.csv are not those of their votes",
        "1 participants whose number of votes in participants-votes.csv is not that of votes.csv",
        "1 voters whom participants-votes.csv does not have",
        "summary.csv says 4 voters, the other files hold 3",
    )
    assert dict(zip(tables["participants"]["id"], tables["participants"]["group"], strict=True)) == {
        "a": "0",
        "b": "1",
        "c": "",
    }


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"comments": _COMMENTS.replace("agrees,", "ja,", 1)}, "a column of a Polis export is missing"),
        ({"votes": _VOTES.replace("14,x,1,b,0", "14,x,1,b,2")}, "a vote is none"),
        ({"votes": _VOTES.replace("14,x", "gestern,x")}, "a timestamp is none"),
        ({"comments": _COMMENTS.replace(",2,1,1,", ",1,1,1,").replace(",1,0,-1,", ",0,0,-1,")}, "whether 1 or -1"),
        ({"votes": _VOTES + "30,x,9,a,0\n"}, "unknown statements"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, changes: dict[str, str], what: str) -> None:
    with pytest.raises(DataError, match=what):
        read_kind(_export(tmp_path / "polis", **changes), "votes")


@pytest.mark.shared
def test_a_real_conversation_has_the_groups_it_was_published_with(shared: Path) -> None:
    """A German conversation of 2022 (CC BY 4.0): 1,116 voters, 522 comments, two groups."""
    tables, provenance = read_kind(shared / "data" / "polis_klimarat", "votes")
    votes = votes_of(tables)
    assert {name: len(table) for name, table in tables.items()} == {
        "statements": 277,
        "participants": 1116,
        "votes": 54440,
    }
    assert provenance.left_out[-1].startswith("171 comments whose counts")
    found = participation.opinions(votes)
    assert (found.is_found, found.k) == (True, 2)
    published = votes.participants.set_index("id")["group"]
    both = (found.groups.notna() & (published != "")).to_numpy()
    own = found.groups.cat.codes.to_numpy()[both].astype(np.int64)
    assert participation.adjusted_rand(published[both].astype(int).to_numpy(), own) > 0.75
