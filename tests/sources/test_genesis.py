from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources import read_reference
from bildungsbedarf.sources.genesis import read_genesis

ROOT = Path(__file__).parents[2]
HEAD = """Arbeitslose nach ausgewählten Personengruppen sowie
Arbeitslosenquoten - Jahresdurchschnitt -;;;;;;;
Arbeitsmarktstatistik der Bundesagentur für Arbeit;;;;;;;
;;;Arbeitslose;;;Arbeitslosenquoten;
;;;Insgesamt;15 bis unter 25 Jahre;Langzeitarbeitslose;alle zivilen Erwerbspersonen;15 bis unter 25 Jahre
;;;Anzahl;Anzahl;Anzahl;Prozent;Prozent
"""
FOOT = """__________
Arbeitslosenquoten: Basis alle zivilen Erwerbspersonen
© Statistische Ämter des Bundes und der Länder, Deutschland, 2021
Stand: 30.06.2021 / 10:00:00
"""


def _as_downloaded(table: pd.DataFrame) -> str:
    """The project's facts in the layout the database gives them out in."""
    lines = []
    for row in table.itertuples(index=False):
        name = f'"  {row.name}"' if ";" in row.name or "," in row.name else f"  {row.name}"
        values = [row.unemployed, row.unemployed_15_24, row.long_term_unemployed, row.rate_all_civilian, row.rate_15_24]
        lines.append(";".join([row.year, row.region, name, *(value.replace(".", ",") for value in values)]))
    return HEAD + "\n".join(lines) + "\n" + FOOT


def test_the_layout_of_the_database_gives_the_facts_to_the_digit(tmp_path: Path) -> None:
    facts, _ = read_reference(ROOT / "data" / "reference" / "unemployment.csv")
    path = tmp_path / "13211-02-05-4.csv"
    path.write_bytes(_as_downloaded(facts).encode("latin-1"))
    found, provenance = read_genesis(path)
    assert provenance.rows == len(facts) == 24
    assert found["period"].tolist() == facts["year"].tolist()
    assert found["region"].tolist() == facts["region"].tolist()
    assert found["name"].tolist() == facts["name"].tolist()
    for head, name in (
        ("Arbeitslose / Insgesamt / Anzahl", "unemployed"),
        ("Arbeitslose / Langzeitarbeitslose / Anzahl", "long_term_unemployed"),
        ("Arbeitslosenquoten / alle zivilen Erwerbspersonen / Prozent", "rate_all_civilian"),
        ("Arbeitslosenquoten / 15 bis unter 25 Jahre / Prozent", "rate_15_24"),
    ):
        assert found[head].astype(float).tolist() == facts[name].astype(float).tolist()


def _read(tmp_path: Path, text: str, encoding: str = "utf-8") -> pd.DataFrame:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return read_genesis(path)[0]


def test_marks_are_missing_but_nothing_is_zero(tmp_path: Path) -> None:
    table = _read(tmp_path, ";;;A;B;C;D;E;F\n2020;06633;Kassel;-;.;...;/;x;(12,5)\n")
    assert table.loc[0, ["A", "F"]].tolist() == ["0", "12.5"]
    assert table.loc[0, ["B", "C", "D", "E"]].isna().all()


def test_years_of_days_and_of_schools_and_regions_in_front_are_read(tmp_path: Path) -> None:
    table = _read(tmp_path, ";;;Personen\n31.12.2019;06633;Kassel;5\n2019/20;06633;Kassel;6\n")
    assert table["period"].tolist() == ["2019", "2019"]
    other = _read(tmp_path, ";;Personen\n06633;Kassel, Landkreis;2020;7\n".replace(";;Personen", ";;;Personen"))
    assert other.loc[0].to_dict() == {"region": "06633", "name": "Kassel, Landkreis", "period": "2020", "Personen": "7"}


def test_a_head_that_stands_twice_is_two_columns(tmp_path: Path) -> None:
    table = _read(tmp_path, ";;;männlich;;weiblich;\n;;;Anzahl;Anzahl;Anzahl;Anzahl\n2020;06;Hessen;1;2;3;4\n")
    assert list(table.columns[3:]) == [
        "männlich / Anzahl",
        "männlich / Anzahl (2)",
        "weiblich / Anzahl",
        "weiblich / Anzahl (2)",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("year,value\n2020,5\n", "no table of official statistics"),
        ("", "file is empty"),
        (";;;A;B\n2020;06;Hessen;1;2\n2021;06;Hessen;1\n", "line 3"),
        (";;;A\n2020;06;Hessen;1\n2021;06;Hessen;viele\n", "line 3, column A"),
        (";;A\n06633;Kassel;12\n", "no year"),
    ],
)
def test_what_is_none_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        _read(tmp_path, text)
