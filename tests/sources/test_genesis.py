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
FLAT_HEAD = (
    "statistics_code;time;1_variable_code;1_variable_attribute_code;1_variable_attribute_label;2_variable_code;"
    "2_variable_attribute_label;value;value_unit;value_variable_label\n"
)
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
        (";;;A\n2020;06;Hessen;1\n2021;06;Hessen;viele\n", "line 3, column 4"),
        (FLAT_HEAD + "1;Sommer;KREISE;06;Hessen;;;5;Anzahl;A\n", "line 2, column time"),
        (FLAT_HEAD + "1;2020;KREISE;06;Hessen;;;5;Anzahl;A\n1;2020;KREISE;06;Hessen;;;6;Anzahl;A\n", "two values"),
        (";;A\n06633;Kassel;12\n", "no year"),
        (FLAT_HEAD + "13211;2021;KREISE\n", "line 2"),
        (";;30.06.2020;31.12.2020\n06633;Kassel;1;2\n", "two values of the same year"),
        (";;2020\n06633;Kassel;1\n06633;Kassel;2\n", "line 3"),
    ],
)
def test_what_is_none_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        _read(tmp_path, text)


def test_years_over_the_columns_become_rows(tmp_path: Path) -> None:
    text = (
        "Tabelle: 12411-01-01-4;;;;;\n;;31.12.2019;;31.12.2020;\n;;männlich;weiblich;männlich;weiblich\n"
        "06;Hessen;1;2;3;4\n06633;Kassel;5;6;-;.\n"
    )
    table = _read(tmp_path, text, "latin-1")
    assert table.set_index(["region", "period"])["männlich"].to_dict() == {
        ("06", "2019"): "1",
        ("06", "2020"): "3",
        ("06633", "2019"): "5",
        ("06633", "2020"): "0",
    }
    assert table.loc[(table["region"] == "06633") & (table["period"] == "2020"), "weiblich"].isna().all()


def test_the_flat_file_gives_the_same_as_the_table(tmp_path: Path) -> None:
    text = FLAT_HEAD + (
        "13211;2020;KREISE;06633;Kassel, Landkreis;GES;;5547;Anzahl;Arbeitslose\n"
        "13211;2020;KREISE;06633;Kassel, Landkreis;GES;weiblich;2500;Anzahl;Arbeitslose\n"
        "13211;2020;KREISE;06633;Kassel, Landkreis;;;4,3;Prozent;Arbeitslosenquote\n"
        "13211;2020;KREISE;DG;Deutschland;;;x;Prozent;Arbeitslosenquote\n"
    )
    table = _read(tmp_path, text)
    assert table["region"].tolist() == ["06633", "DG"]
    assert table.loc[0].dropna().to_dict() == {
        "period": "2020",
        "region": "06633",
        "name": "Kassel, Landkreis",
        "Arbeitslose / Anzahl / Insgesamt": "5547",
        "Arbeitslose / Anzahl / weiblich": "2500",
        "Arbeitslosenquote / Prozent": "4.3",
    }
    assert pd.isna(table.loc[1, "Arbeitslosenquote / Prozent"])


def test_a_value_is_never_taken_for_a_key(tmp_path: Path) -> None:
    years = _read(tmp_path, ";;2019;2020\n06633;Kassel, Landkreis;2019;2100\n06611;Kassel;1234;12345\n")
    assert years.set_index(["region", "period"])["value"].to_dict() == {
        ("06633", "2019"): "2019",
        ("06633", "2020"): "2100",
        ("06611", "2019"): "1234",
        ("06611", "2020"): "12345",
    }
    one = _read(tmp_path, ";Arbeitslose;Offene Stellen\n2019;12345;678\n2020;11;22\n")
    assert one.columns.tolist() == ["period", "Arbeitslose", "Offene Stellen"]
    assert one["Arbeitslose"].tolist() == ["12345", "11"]


def test_keys_may_have_heads(tmp_path: Path) -> None:
    table = _read(
        tmp_path, "Jahr;Regionscode;Regionsname;Weizen;Roggen\n2020;06;Hessen;12;34\n2021;DG;Deutschland;56;-\n"
    )
    assert table.columns.tolist() == ["period", "region", "name", "Weizen", "Roggen"]
    assert table["Roggen"].tolist() == ["34", "0"]
