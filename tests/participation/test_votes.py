"""Votes that came in as such have all measures of a ballot, and pages: of a platform, a poster, a live poll."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, participation, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.run import plan
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from tests.show.cells import cells_of

_STUDY = """
[study]
title = "Bürgerforum"
region = "06633"
contact = "bildung@example.org"

[audience.plattform]
title = "Online-Beteiligung"
data = "votes"
sampling = "census"
population = "Menschen, die auf der Plattform abgestimmt haben"
people = "Teilnehmenden"

[[ballot]]
id = "plattform"
audience = "plattform"
title = "Abstimmung auf der Plattform"
"""
GROUPS = ("Schule & Kita", "Betriebe", "Ehrenamt")


@pytest.fixture
def forum(tmp_path: Path) -> Study:
    folder = tmp_path / "surveys" / "forum" / "waves"
    folder.mkdir(parents=True)
    (folder.parent / "study.toml").write_text(_STUDY, encoding="utf-8")
    (folder / "2026.toml").write_text('title = "2026"\n[audience.plattform]\n', encoding="utf-8")
    return Study.load("forum", Project(tmp_path))


def _votes(folder: Path, seed: int = 3) -> pd.DataFrame:
    """90 people in three groups; all support statement 1, the groups part on statement 3; dots on two goals."""
    rng = np.random.default_rng(seed)
    folder.mkdir()
    statements = [*((str(place), "statement", f"Aussage {place}") for place in range(1, 6)), ("Z.1", "goal", "Ziel")]
    people = [(f"p{place}", GROUPS[place % 3]) for place in range(90)]
    votes = []
    for one, group in people:
        for statement in "12345":
            chance = {"1": 0.9, "3": 0.85 if group == "Betriebe" else 0.2}.get(statement, 0.5)
            votes.append((one, statement, 1 if rng.random() < chance else int(rng.choice([0, -1]))))
        votes.append((one, "Z.1", int(rng.integers(0, 4))))
    pd.DataFrame(statements, columns=["id", "kind", "text"]).to_csv(folder / "statements.csv", index=False)
    pd.DataFrame(people, columns=["id", "group"]).to_csv(folder / "participants.csv", index=False)
    table = pd.DataFrame(votes, columns=["participant", "statement", "value"])
    table.to_csv(folder / "votes.csv", index=False)
    return table


def _wave(forum: Study, path: Path) -> Wave:
    forum.import_file(path, "2026", "plattform")
    return forum.wave("2026", "plattform")


def test_every_number_is_that_of_the_votes(forum: Study, tmp_path: Path) -> None:
    table = _votes(tmp_path / "votes")
    wave = _wave(forum, tmp_path / "votes")
    given = table[table["statement"] != "Z.1"].groupby("statement")["value"]
    found = participation.agreement(wave).set_index("variable")
    assert found["n"].tolist() == given.size().tolist()
    assert found["count"].tolist() == given.apply(lambda values: int((values == 1).sum())).tolist()
    dots = participation.dots(wave)
    assert dots["variable"].tolist() == ["Zx1"]
    assert dots["estimate"].sum() == table.loc[table["statement"] == "Z.1", "value"].sum()
    assert participation.positions(wave).groupby("variable")["count"].sum().tolist() == given.size().tolist()
    told = {one.id: one for one in findings.record(disclosure.release(participation.agreement(wave)), wave)}
    assert told["agreement.1"].statement["de"].startswith(f"{found.loc['1', 'count']} von 90 Teilnehmenden")


def test_what_all_groups_support_and_where_they_part_is_found(forum: Study, tmp_path: Path) -> None:
    _votes(tmp_path / "votes")
    wave = _wave(forum, tmp_path / "votes")
    assert set(wave.labels(wave.ballot.group).values()) == set(GROUPS)
    whole, by_group = (disclosure.release(participation.agreement(wave, by=by)) for by in (None, wave.ballot.group))
    shared = findings.common_ground(whole, by_group)
    rows = cells_of(show.common_ground(shared, wave, wave.ballot.group))
    assert any(label.startswith("Aussage 1") for label in rows)
    shares = participation.agreement(wave, by=wave.ballot.group).groupby("variable")["estimate"]
    apart = shares.max() - shares.min()
    assert apart.idxmax() == "3"


def test_a_poster_counts_dots_and_says_so(forum: Study, tmp_path: Path) -> None:
    (tmp_path / "poster.csv").write_text(
        "Aussage;Rot;Blau\nBusse;12;7\nLernorte;15;6\nWerkstatt;5;8\n", encoding="utf-8"
    )
    wave = _wave(forum, tmp_path / "poster.csv")
    assert wave.counts_dots
    assert participation.dots(wave)["estimate"].tolist() == [19, 21, 13]
    colours = participation.dots(wave, by="GRUPPE").set_index(["variable", "GRUPPE"])
    assert [colours.loc[("2", colour), "estimate"] for colour in wave.labels("GRUPPE")] == [6, 15]
    assert colours["share"].groupby("GRUPPE", observed=True).sum().tolist() == pytest.approx([1, 1])
    block = show.table(disclosure.release(participation.dots(wave)), wave)
    assert block.content is not None
    assert block.content.headings == ["Punkte", "Alle Punkte"]
    assert "53 Punkte, Datenstand" in block.content.notes[-1]
    assert "Personen" not in block.text + " ".join(block.content.notes)
    found = findings.record(disclosure.release(participation.dots(wave)), wave)
    assert found[0].base["de"] == "alle gezählten Punkte"
    with pytest.raises(ConfigError, match="names no statements"):
        participation.agreement(wave)


def test_dots_of_a_ballot_add_up_over_groups(conference: Wave) -> None:
    groups = participation.dots(conference, by="bereich").groupby("variable")[["estimate", "count"]].sum()
    whole = participation.dots(conference).set_index("variable")[["estimate", "count"]]
    assert (groups.astype(float) == whole.loc[groups.index].astype(float)).all().all()


def test_votes_have_the_notebook_of_ballots(forum: Study, tmp_path: Path) -> None:
    assert plan(forum)[0].name == "20_konferenz"
    _votes(tmp_path / "votes")
    _wave(forum, tmp_path / "votes")
    assert [step.name for step in plan(forum)] == ["20_konferenz"]
    forum.check()


def test_groups_are_called_by_their_names_in_study_toml(forum: Study, tmp_path: Path) -> None:
    path = forum.files.folder / "study.toml"
    derived = (
        '\n[audience.plattform.variables.bereich]\nfrom = "GRUPPE"\n'
        'merge = {"Bildung" = ["Schule & Kita"], "Rest" = ["Betriebe", "Ehrenamt"]}\n\n[[ballot]]\ngroup = "bereich"'
    )
    path.write_text(path.read_text(encoding="utf-8").replace("\n[[ballot]]", derived, 1), encoding="utf-8")
    _votes(tmp_path / "votes")
    wave = _wave(Study.load("forum", Project(tmp_path)), tmp_path / "votes")
    assert wave.responses["bereich"].value_counts().to_dict() == {"Rest": 60, "Bildung": 30}


def test_who_has_no_group_is_a_cell_of_their_own_and_who_did_not_vote_is_not_counted(
    forum: Study, tmp_path: Path
) -> None:
    table = _votes(tmp_path / "votes")
    people = pd.read_csv(tmp_path / "votes" / "participants.csv")
    people.loc[people.index < 12, "group"] = ""
    people.loc[len(people)] = ["silent", "Betriebe"]
    people.to_csv(tmp_path / "votes" / "participants.csv", index=False)
    wave = _wave(forum, tmp_path / "votes")
    assert len(wave.responses) == table["participant"].nunique() == 90
    assert wave.labels("GRUPPE")["-"] == "ohne Angabe"
    by_group = participation.agreement(wave, by="GRUPPE").groupby("variable")["count"].sum()
    assert by_group.tolist() == participation.agreement(wave)["count"].tolist()


def test_texts_stay_as_people_wrote_them(forum: Study, tmp_path: Path) -> None:
    _votes(tmp_path / "votes")
    statements = pd.read_csv(tmp_path / "votes" / "statements.csv", dtype=str)
    statements["text"] = ["Mehr {Geld} für Schulen", "<kein Tag", "{TOKEN:FIRSTNAME} ja", " ", "5", "Ziel"]
    statements.to_csv(tmp_path / "votes" / "statements.csv", index=False)
    wave = _wave(forum, tmp_path / "votes")
    items = wave.codebook["AUSSAGEN"].items("de")
    assert list(items.values()) == ["Mehr {Geld} für Schulen", "<kein Tag", "{TOKEN:FIRSTNAME} ja", "4", "5"]
    told = findings.record(disclosure.release(participation.agreement(wave)), wave)
    assert any("„Mehr {Geld} für Schulen“" in one.statement["de"] for one in told)


def test_a_statement_without_votes_leaves_groups_of_opinion_as_they_are(forum: Study, tmp_path: Path) -> None:
    _votes(tmp_path / "votes")
    before = participation.opinions(_wave(forum, tmp_path / "votes"))
    with (tmp_path / "votes" / "statements.csv").open("a", encoding="utf-8") as file:
        file.write("9,statement,Neu\n")
    after = participation.opinions(_wave(forum, tmp_path / "votes"))
    assert (after.voters, after.k) == (before.voters, before.k) == (90, before.k)
