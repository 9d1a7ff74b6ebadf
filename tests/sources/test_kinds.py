"""Votes and records come in by doors of their own, with the same manifest and checks of their kind."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf import participation
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError
from bildungsbedarf.run import plan, run
from bildungsbedarf.sources.kinds import check_tables, read_kind, votes_of
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

STATEMENTS = "id,kind,text\nZ1,statement,Mehr Sprachkurse\nG1,goal,Digitale Teilhabe\n"
PARTICIPANTS = "id,group\n1,KITA\n2,KITA\n3,\n"
VOTES = "participant,statement,value\n1,Z1,1\n2,Z1,-1\n1,G1,3\n3,G1,0\n"


def _folder(tmp_path: Path, **changes: str) -> Path:
    folder = tmp_path / "abstimmung"
    folder.mkdir()
    for name, text in {"statements": STATEMENTS, "participants": PARTICIPANTS, "votes": VOTES, **changes}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_votes_are_read_as_tidy_tables(tmp_path: Path) -> None:
    tables, provenance = read_kind(_folder(tmp_path), "votes")
    votes = votes_of(tables)
    assert (provenance.format, provenance.rows) == ("tidy votes", 9)
    assert votes.wide("statement")["Z1"].tolist() == [1, -1, pd.NA]
    assert votes.wide("goal")["G1"].tolist() == [3, pd.NA, 0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"votes": VOTES + "9,Z1,1\n"}, "unknown participants"),
        ({"votes": VOTES + "2,Z9,1\n"}, r"unknown statements(.|\n)*known: G1, Z1"),
        ({"votes": VOTES + "1,Z1,1\n"}, r"voted twice(.|\n)*1 on Z1"),
        ({"votes": VOTES + "3,Z1,ja\n"}, r"no number(.|\n)*'ja'"),
        ({"votes": VOTES + "3,Z1,2\n"}, "neither 1, 0 nor"),
        ({"votes": VOTES + "2,G1,-1\n"}, "dots are negative"),
        ({"statements": STATEMENTS + "Z1,statement,Doppelt\n"}, "an id stands twice"),
        ({"statements": STATEMENTS + ",statement,Ohne\n"}, "rows without an id"),
        ({"statements": STATEMENTS.replace("goal", "ziel")}, "unknown kind"),
        ({"participants": "id,gruppe\n1,KITA\n"}, r"lacks a column(.|\n)*'group'"),
        ({"votes": ""}, "file is empty"),
        ({"votes": VOTES + "2,G1,inf\n"}, r"no number(.|\n)*'inf'"),
        ({"votes": VOTES + "2,G1,\n"}, "no number"),
        ({"votes": VOTES + "2,G1,0.5\n"}, r"dots are no whole number(.|\n)*'0.5'"),
        ({"votes": VOTES.replace("value", "statement")}, r"line 1(.|\n)*a heading stands twice(.|\n)*statement"),
        ({"votes": VOTES.replace("value", " ")}, "a column has no heading"),
        ({"participants": PARTICIPANTS + " ,KITA\n"}, "rows without an id"),
        ({"statements": "id,kind,text\n"}, r"there are no statements(.|\n)*at least one row"),
        ({"votes": VOTES + "2,G1,1.000\n"}, r"read in two ways(.|\n)*'1.000'"),
        ({"participants": PARTICIPANTS.replace("\n2", "\nanna@example.org")}, r"line 3: an id is an e-mail address"),
        ({"participants": PARTICIPANTS.replace("2,KITA", "2,anna@example.org")}, "line 3: a group is an e-mail"),
        ({"votes": VOTES + "anna@example.org,Z1,1\n"}, r"unknown participants(.|\n)*'an e-mail address'"),
        ({"votes": ",,\n"}, "table has no heading line"),
    ],
)
def test_what_is_wrong_with_votes_is_said(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_kind(_folder(tmp_path, **changes), "votes")


def test_votes_as_people_write_them(tmp_path: Path) -> None:
    votes = "participant ; statement;value\n 1;Z1 ;1,0\n2;Z1;\N{MINUS SIGN}1\n3;G1;3,0\n"
    tables, _ = read_kind(_folder(tmp_path, votes=votes), "votes")
    assert votes_of(tables).wide("statement")["Z1"].tolist() == [1, -1, pd.NA]
    assert votes_of(tables).wide("goal")["G1"].tolist() == [pd.NA, pd.NA, 3]


def test_a_ballot_nobody_has_voted_on_yet_comes_in(tmp_path: Path) -> None:
    tables, provenance = read_kind(
        _folder(tmp_path, votes="participant,statement,value\n", participants="id,group\n"), "votes"
    )
    assert provenance.rows == 2
    assert votes_of(tables).wide("statement").shape == (0, 1)


def test_what_a_platform_knows_beside_the_votes_is_left_out(tmp_path: Path) -> None:
    known = "id,group,E-Mail\n1,KITA,a@example.org\n2,KITA,\n3,,\n"
    tables, provenance = read_kind(_folder(tmp_path, participants=known), "votes")
    assert list(tables["participants"].columns) == ["id", "group"]
    assert provenance.left_out == ("participants.E-Mail",)


def test_every_problem_is_said_at_once_and_unknown_files_name_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        check_tables("votes", {"votes": pd.DataFrame()}, "x")
    assert len(caught.value.problems) == 5
    with pytest.raises(DataError, match=r"no reader of records knows this(.|\n)*records\.csv"):
        read_kind(tmp_path, "records")


def _study(project: Project) -> Study:
    path = project.surveys / "bildungsbefragung" / "study.toml"
    added = (
        '[audience.plattform]\ndata = "votes"\nsampling = "census"\npopulation = "Teilnehmende"\n\n'
        '[audience.akteure]\ndata = "records"\nsampling = "census"\npopulation = "Angebote"\n\n[[needs]]'
    )
    path.write_text(path.read_text(encoding="utf-8").replace("[[needs]]", added, 1), encoding="utf-8")
    wave = project.surveys / "bildungsbefragung" / "waves" / "2026.toml"
    wave.write_text(
        wave.read_text(encoding="utf-8") + "\n[audience.plattform]\n\n[audience.akteure]\n", encoding="utf-8"
    )
    return Study.load("bildungsbefragung", project)


def test_an_audience_may_have_votes_or_records(project: Project, tmp_path: Path) -> None:
    study = _study(project)
    folder = _folder(tmp_path)
    snapshot, is_new = study.import_file(folder, "2026", "plattform")
    assert is_new
    assert (snapshot.manifest.kind, set(snapshot.manifest.tables)) == ("votes", {"statements", "participants", "votes"})
    assert study.import_file(folder, "2026", "plattform")[1] is False
    platform = study.wave("2026", "plattform")
    assert platform.votes.wide("goal")["G1"].sum() == 3
    assert [column.heading for column in platform.codebook.columns] == ["AUSSAGEN[Z1]", "PUNKTE[G1]"]
    assert platform.responses[["AUSSAGEN_Z1", "PUNKTE_G1"]].astype(object).fillna("").to_numpy().tolist() == [
        ["A", 3], ["D", ""], ["", 0],
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="has no questionnaire"):
        _ = study.wave("2026", "akteure").codebook
    (folder / "records.csv").write_text("id,title\n1,Sprachkurs\n", encoding="utf-8")
    study.import_file(folder, "2026", "akteure")
    assert study.wave("2026", "akteure").records["title"].tolist() == ["Sprachkurs"]
    with pytest.raises(ConfigError, match="has no records"):
        _ = platform.records
    # nothing of today reads them, and nothing of today falls over them
    assert not [step for step in plan(study) if step.parameters.get("audience") in ("plattform", "akteure")]
    (snapshot.folder / "votes.parquet").write_bytes(b"x")
    with pytest.raises(DataError, match="was changed after it was written"):
        study.wave("2026", "plattform").snapshot.read("votes")
    with pytest.raises(BildungsbedarfError, match="was changed after it was written"):
        study.check()


def test_the_ballots_go_through_the_same_door(conference: Wave) -> None:
    votes = conference.votes
    assert set(votes.statements["kind"]) == {"statement", "goal"}
    assert len(votes.participants) == conference.quality.counted
    question = conference.ballot.statements
    for column in conference.codebook.columns_of(question):
        answers, wide = conference.responses[column.name], votes.wide("statement")[column.item]
        assert ((answers == "A").to_numpy() == (wide == 1).fillna(False).to_numpy()).all()
        assert (answers.isna().to_numpy() == wide.isna().to_numpy()).all()
    agreement = participation.agreement(conference).set_index("variable")
    assert agreement["count"].to_dict() == (votes.wide("statement") == 1).sum().to_dict()


def test_folders_as_spreadsheets_leave_them(tmp_path: Path) -> None:
    """Empty rows and columns, Excel's first line, heads and kinds in capitals, a dash for a minus."""
    made = {
        "statements": "sep=;\nID;Kind;Text;;\nZ1;Statement;Mehr Sprachkurse;;\nG1;Goal;Teilhabe;;\n;;;;\n",
        "participants": "\ufeffId,Group\n1,KITA\n2,KITA\n,\n",
        "votes": "participant,statement,value\n1,Z1,1\n2,Z1,\N{EN DASH}1\n,,\n",
    }
    tables, _ = read_kind(_folder(tmp_path, **made), "votes")
    assert votes_of(tables).wide("statement")["Z1"].tolist() == [1, -1]
    assert tables["statements"]["kind"].tolist() == ["statement", "goal"]
    records = tmp_path / "angebote"
    records.mkdir()
    (records / "records.csv").write_text("id\n1\n2\n")
    assert read_kind(records, "records")[0]["records"]["id"].tolist() == ["1", "2"]
    with pytest.raises(DataError, match=r"unknown kind of data(.|\n)*responses, votes, records"):
        read_kind(records, "offers")  # type: ignore[arg-type]


def test_an_error_does_not_tell_an_address(tmp_path: Path) -> None:
    votes = VOTES + "anna@example.org,Z1,1\n"
    participants = PARTICIPANTS + "anna@example.org,\n"
    with pytest.raises(DataError) as caught:
        read_kind(_folder(tmp_path, votes=votes, participants=participants), "votes")
    assert "anna" not in str(caught.value)


def test_a_study_of_votes_alone_can_be_looked_at(project: Project, tmp_path: Path) -> None:
    study = _study(project)
    study.import_file(_folder(tmp_path), "2026", "plattform")
    assert plan(study, audience="plattform", only="00_grundauszaehlung") == []
    with pytest.raises(ConfigError, match=r"nothing to run(.|\n)*votes and records have none yet"):
        run(study, audience="plattform", only="00_grundauszaehlung")
    with pytest.raises(DataError, match="no records have been imported"):
        _ = study.wave("2026", "akteure").records
