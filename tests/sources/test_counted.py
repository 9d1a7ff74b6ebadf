"""Sheets of counted dots: posters, live polls, supports of proposals."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.counted import CountedVotes
from bildungsbedarf.sources.kinds import read_kind

POSTER = (
    "Aussage;Rot;Blau;Summe\n"
    "Mehr Busse am Abend;12;7;19\n"
    "Digitale Lernorte;15;6;21\n"
    "Demokratiewerkstatt;5;;5\n"
    "Summe;32;13;45\n"
)


def _read(tmp_path: Path, text: str, name: str = "poster.csv") -> dict[str, pd.DataFrame]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_kind(path, "votes")[0]


def test_a_poster_counted_by_hand(tmp_path: Path) -> None:
    tables = _read(tmp_path, POSTER)
    groups = tables["votes"]["participant"].map(tables["participants"].set_index("id")["group"])
    counted = tables["votes"].groupby(["statement", groups]).size()
    assert counted.to_dict() == {
        ("1", "Rot"): 12, ("1", "Blau"): 7, ("2", "Rot"): 15, ("2", "Blau"): 6, ("3", "Rot"): 5,
    }  # fmt: skip
    assert tables["statements"]["kind"].unique().tolist() == ["goal"]
    assert tables["statements"]["text"].tolist()[2] == "Demokratiewerkstatt"


def test_a_live_poll_has_one_column_of_numbers(tmp_path: Path) -> None:
    tables = _read(tmp_path, "Option,Votes,Prozent\nJa,30,60%\nNein,20,40%\n")
    assert tables["votes"]["statement"].value_counts().to_dict() == {"1": 30, "2": 20}
    assert set(tables["participants"]["group"]) == {""}


@pytest.mark.parametrize(
    "text",
    [
        "Nr.;Aussage;Punkte\n1;a;12\n2;b;15\n3;c;3\n",
        "Lfd. Nr.;Aussage;Punkte\n1;a;12\n2;b;15\n3;c;3\n",
        "Rang;Aussage;Rot;Blau;Gesamtpunkte\n2;a;10;2;12\n1;b;15;0;15\n3;c;0;3;3\n",
        "Aussage;Rot;Blau;Punkte;Quote\na;10;2;12;40\nb;15;0;15;50\nc;0;3;3;10\n",
        "Aussage;Punkte\na;12\nb;15\nc;3\nSumme:;30\n",
        "Aussage;Punkte\na;12\nb;15\nc;3\nΣ;30\nGesamtsumme;30\n",
    ],
)
def test_numbers_that_are_no_dots_are_known_by_their_heads(tmp_path: Path, text: str) -> None:
    tables = _read(tmp_path, text)
    texts = tables["statements"].set_index("id")["text"]
    assert tables["votes"]["statement"].map(texts).value_counts().to_dict() == {"b": 15, "a": 12, "c": 3}


def test_a_school_is_no_sum(tmp_path: Path) -> None:
    tables = _read(tmp_path, "Aussage;Punkte\nGesamtschule ausbauen;4\nTotal vernetzt;0\n".replace("Total ", "Alles "))
    assert tables["votes"]["statement"].tolist() == ["1"] * 4


def test_an_excel_sheet_is_read_alike(tmp_path: Path) -> None:
    content = BytesIO()
    sheet = {"Ziel": ["A", "B"], "Nr": ["G1", "G2"], "Punkte": [3, 4]}
    pd.DataFrame(sheet).to_excel(content, index=False)
    (tmp_path / "ziele.xlsx").write_bytes(content.getvalue())
    tables, provenance = read_kind(tmp_path / "ziele.xlsx", "votes")
    assert tables["votes"]["statement"].value_counts().to_dict() == {"G2": 4, "G1": 3}
    assert provenance.format == "counted dots"


@pytest.mark.parametrize("heads", ["id;title/de;body/de;state;votes", "id;title;summary;retired_at;cached_votes_up"])
def test_proposals_of_platforms(tmp_path: Path, heads: str) -> None:
    gone = "withdrawn" if "state" in heads else "2026-05-01"
    lines = ["7;Mehr Kurse;Text;;12", f"8;Alt;Text;{gone};3", "9;Lernort;Text;;2"]
    (tmp_path / "proposals.csv").write_text("\n".join([heads, *lines]) + "\n", encoding="utf-8")
    tables, provenance = read_kind(tmp_path / "proposals.csv", "votes")
    assert tables["votes"]["statement"].value_counts().to_dict() == {"7": 12, "9": 2}
    assert provenance.format == "supports of proposals"
    assert "1 proposals that were withdrawn, rejected or hidden" in provenance.left_out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (POSTER.replace("12;7;19", "12;7;20"), r"line 2: the dots of a line are 19"),
        (POSTER.replace("Summe;32", "Summe;33"), r"line 5, Rot: the dots of a column are 32"),
        (POSTER.replace("12;7;19", "-1;7;6"), r"line 2, Rot: dots are no whole number"),
        (POSTER.replace("12;7;19", "1,5;7;8,5"), r"line 2, Rot: dots are no whole number"),
        (POSTER.replace("Digitale Lernorte", "Mehr Busse am Abend"), r"line 3: a statement stands twice"),
        (POSTER.replace("Digitale Lernorte", ""), r"line 3: a line with dots says nothing"),
        ("Farbe;Punkte\nrot;3\n", "no column says what was voted on"),
        ("Aussage;Prozent\nJa;30 %\n", "no column holds dots"),
        ("Aussage;Punkte\n", "no line with dots"),
        ("Vorschlag;Ja;Nein\nBus;12;3\n", "these are positions"),
        ("Aussage;Punkte\nThema Bildung;\nBus;3\n", "line 2: a line says nothing of dots"),
        ("Aussage;Rot;Blau;Summe\nBus;3;4;7\nSumme;3;4;99\n", "line 3, Summe: the dots of a column are 7"),
        ("Aussage;Punkte\nJa;9999999\n", "too many dots"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        _read(tmp_path, text)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_every_dot_comes_in_once(counts: list[tuple[int, int]]) -> None:
    lines = "".join(f"Aussage {place};{one};{two}\n" for place, (one, two) in enumerate(counts))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "p.csv"
        path.write_text(f"Aussage;a;b\n{lines}", encoding="utf-8")
        assert CountedVotes().recognises(path)
        tables, _ = read_kind(path, "votes")
    assert len(tables["votes"]) == len(tables["participants"]) == sum(map(sum, counts))
    found = tables["votes"]["statement"].value_counts()
    assert [int(found.get(str(place + 1), 0)) for place in range(len(counts))] == list(map(sum, counts))
