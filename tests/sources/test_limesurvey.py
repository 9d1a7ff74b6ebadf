from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.codebook import Codebook, read_codebook, read_lss
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources import read_responses
from bildungsbedarf.sources.labels import with_codes_as_answers

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_lss(ROOT / "surveys" / "bildungsbefragung" / "questionnaire.lss")


@pytest.fixture(scope="module")
def csv_text() -> str:
    return gzip.decompress((DEMO / "responses_2026.csv.gz").read_bytes()).decode("utf-8")


@pytest.fixture(scope="module")
def json_text() -> str:
    return gzip.decompress((DEMO / "responses_2026.json.gz").read_bytes()).decode("utf-8")


@pytest.mark.parametrize("name", ["2026", "2028"])
def test_csv_and_json_give_the_same_table(codebook: Codebook, name: str) -> None:
    from_csv, csv_source = read_responses(DEMO / f"responses_{name}.csv.gz", codebook)
    from_json, json_source = read_responses(DEMO / f"responses_{name}.json.gz", codebook)
    pd.testing.assert_frame_equal(from_csv, from_json)
    assert (csv_source.format, json_source.format) == ("csv", "json")
    assert csv_source.rows == len(from_csv)


def test_bom_quotes_semicolons_and_line_breaks(codebook: Codebook, csv_text: str) -> None:
    assert csv_text.startswith("\ufeff")
    table, _ = read_responses(DEMO / "responses_2026.csv.gz", codebook)
    assert "Digitale Sprechstunde für Ältere\nam besten vor Ort" in set(table["FEHLT"])
    assert 'Kurse zu "KI" im Alltag, 100 % kostenlos' in set(table["FEHLT"])
    assert any("; „Pflege“" in text for text in table["BARR[other]"])


def test_older_json_wraps_each_response(codebook: Codebook, json_text: str, tmp_path: Path) -> None:
    responses = json.loads(json_text)["responses"][:20]
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"responses": [{str(r["id"]): r} for r in responses]}), encoding="utf-8")
    table, _ = read_responses(path, codebook)
    assert len(table) == 20


def test_personal_columns_are_not_taken(codebook: Codebook, json_text: str, tmp_path: Path) -> None:
    responses = [{**r, "ipaddr": "192.0.2.1"} for r in json.loads(json_text)["responses"][:5]]
    path = tmp_path / "ip.json"
    path.write_text(json.dumps({"responses": responses}), encoding="utf-8")
    table, source = read_responses(path, codebook)
    assert "ipaddr" not in table.columns
    assert source.left_out == ("ipaddr",)


def _replace(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def _without_column(text: str) -> str:
    document = json.loads(text)
    for response in document["responses"]:
        del response["TEILN"]
    return json.dumps(document)


def _twice(text: str) -> str:
    document = json.loads(text)
    document["responses"].append(document["responses"][0])
    return json.dumps(document)


BAD_JSON: dict[str, tuple[Callable[[str], str], str]] = {
    "empty": (lambda text: "", "file is empty"),
    "blank": (lambda text: " \n", "file is empty"),
    "web page": (lambda text: "<!DOCTYPE html><html><body>Login</body></html>", "web page"),
    "status instead of data": (lambda text: '{"status": "No permission"}', "no list of responses"),
    "no response yet": (lambda text: '{"responses": []}', "no responses"),
    "truncated": (lambda text: text[: len(text) // 2], "truncated|not valid JSON"),
    "broken": (_replace('"id":1', '"id":'), "not valid JSON"),
    "missing column": (_without_column, "column is missing"),
    "unknown column": (
        lambda text: text.replace('"TEILN"', '"TEILNAHME"'),
        "column is missing|not in the questionnaire",
    ),
    "unknown code": (_replace('"GESCHL":"m"', '"GESCHL":"x"'), "response 1, column GESCHL"),
    "no label": (_replace('"GESCHL":"m"', '"GESCHL":"männnlich"'), "response 1, column GESCHL"),
    "not a number": (_replace('"ALTER":"59"', '"ALTER":"alt"'), "column ALTER"),
    "doubled id": (_twice, "stands twice"),
    "nested deeply": (lambda text: "[" * 100_000, "nested too deeply|not valid JSON|truncated"),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_bad_json_gets_one_clear_error(codebook: Codebook, json_text: str, tmp_path: Path, case: str) -> None:
    change, message = BAD_JSON[case]
    path = tmp_path / "export.json"
    path.write_text(change(json_text), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        read_responses(path, codebook)
    assert "export.json" in str(caught.value)
    assert caught.value.exit_code == 3


BAD_CSV: dict[str, tuple[Callable[[str], str], str]] = {
    "heading only": (lambda text: text.split("\n", 1)[0] + "\n", "no responses"),
    "cut in a row": (lambda text: text[: text.rindex(";")], "another number of cells|CSV cannot be read"),
    "cut in a quoted text": (
        lambda text: text[: text.rindex(";") + 3].rstrip('"') + '"abc',
        "cells|CSV cannot be read",
    ),
    "question texts as headings": (
        lambda text: text.replace(text.split("\n", 1)[0], ";".join(f'"F{n}. Wie alt?"' for n in range(77)), 1),
        "another survey|question texts",
    ),
    "not a table": (
        lambda text: "Guten Tag,\nanbei der Export.\n",
        "another number|not a table|another survey|no responses",
    ),
}


@pytest.mark.parametrize("case", BAD_CSV)
def test_bad_csv_gets_one_clear_error(codebook: Codebook, csv_text: str, tmp_path: Path, case: str) -> None:
    change, message = BAD_CSV[case]
    path = tmp_path / "export.csv"
    path.write_text(change(csv_text), encoding="utf-8", newline="")
    with pytest.raises(DataError, match=message):
        read_responses(path, codebook)


def test_other_survey(codebook: Codebook) -> None:
    with pytest.raises(DataError, match="another survey"):
        read_responses(DEMO / "responses_konferenz1.csv.gz", codebook)


def test_files_that_cannot_be_read(codebook: Codebook, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="file is missing"):
        read_responses(tmp_path / "gone.csv", codebook)
    with pytest.raises(DataError, match="a folder"):
        read_responses(tmp_path, codebook)
    path = tmp_path / "cut.json.gz"
    path.write_bytes((DEMO / "responses_2026.json.gz").read_bytes()[:5000])
    with pytest.raises(DataError, match="ends too early"):
        read_responses(path, codebook)
    path.write_bytes(b"not gzip")
    with pytest.raises(DataError, match="not a readable gzip"):
        read_responses(path, codebook)
    path.write_bytes(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(DataError, match="suspiciously large"):
        read_responses(path, codebook)
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"id;Gr\x81\x8d\n")
    with pytest.raises(DataError, match="neither UTF-8"):
        read_responses(path, codebook)


_SMALL = """question;type;item;code;de;en
N;L;;;Wie oft?;How often?
N;;;1;0;0
N;;;2;7;7
N;;;3;9;9
L;L;;;Wie gern?;How gladly?
L;;;1;oft;often
L;;;2;nie;never
"""


def _small(tmp_path: Path, text: str, codes: str, questions: str = _SMALL) -> pd.DataFrame:
    """A table of answers to those questions of a small questionnaire that are named."""
    head, *lines = questions.splitlines()
    kept = [head, *(line for line in lines if line.split(";")[0] in codes.split())]
    (tmp_path / "q.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    return read_responses(tmp_path / "r.csv", read_codebook(tmp_path / "q.csv"))[0]


@pytest.mark.parametrize("none", ["N/A", "NULL", "nan", "NaT", "0", "-", "0000-00-00 00:00:00"])
def test_what_other_programs_write_for_no_date_is_none(tmp_path: Path, none: str) -> None:
    rows = ["id,submitdate,lastpage,startlanguage,L", f"1,{none},0,de,", "2,2024-03-01 10:00:00,1,de,1"]
    assert _small(tmp_path, "\n".join(rows), "L")["submitdate"].tolist() == ["", "2024-03-01 10:00:00"]


def test_the_text_7_kept_as_a_number_is_read_like_the_text_7(tmp_path: Path) -> None:
    head = "id,submitdate,lastpage,startlanguage,N,L"
    rows = ["1,2024-03-01,1,de,7.0,oft", "2,2024-03-01,1,de,,nie", "3,2024-03-01,1,de,9.0,nie"]
    table = _small(tmp_path, "\n".join([head, *rows]), "N L")
    assert table["N"].tolist() == ["2", "", "3"]
    assert table["L"].tolist() == ["1", "2", "2"]


def test_no_text_of_other_is_written_where_an_export_says_no(codebook: Codebook) -> None:
    texts = ["N/A", "N/A", "Nein", "gamma"]
    table = pd.DataFrame({"BARR[ZEIT]": ["Ja", "Nein", "Nein", "Ja"], "BARR[other]": texts, "FEHLT": ["N/A"] * 4})
    read, had_labels = with_codes_as_answers(table, codebook, "r.csv")
    assert had_labels
    assert read["BARR[other]"].tolist() == ["", "", "", "gamma"]
    assert read["FEHLT"].tolist() == [""] * 4
    coded = table.assign(**{"BARR[ZEIT]": ["Y", "N", "", "Y"]})
    assert with_codes_as_answers(coded, codebook, "r.csv")[0]["FEHLT"].tolist() == ["N/A"] * 4


def test_of_codes_3_and_03_nobody_knows_which_is_meant(tmp_path: Path) -> None:
    questions = "question;type;item;code;de\nL;L;;;Wie?\nL;;;3;oft\nL;;;03;nie\n"
    head = "id,submitdate,lastpage,startlanguage,L"
    with pytest.raises(DataError, match=r"3\.0"):
        _small(tmp_path, f"{head}\n1,2024-03-01,1,de,3.0", "L", questions)
    assert _small(tmp_path, f"{head}\n1,2024-03-01,1,de,03", "L", questions)["L"].tolist() == ["03"]


def test_empty_lines_of_a_table_of_ones_own_are_nobody(tmp_path: Path) -> None:
    assert _small(tmp_path, "L;N\noft;7\n;\nnie;9\n;", "L N")["L"].tolist() == ["1", "2"]


def test_1_and_001_are_one_id(tmp_path: Path) -> None:
    head = "id,submitdate,lastpage,startlanguage,L"
    with pytest.raises(DataError, match="response id stands twice"):
        _small(tmp_path, f"{head}\n1,2024-03-01,1,de,1\n001,2024-03-01,1,de,2", "L")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3.4.2026", "2026-04-03"),
        ("03.04.2026 9:05", "2026-04-03 09:05"),
        ("03.04.2026, 10:00:07", "2026-04-03 10:00:07"),
        ("2026-04-03 10:00:00", "2026-04-03 10:00:00"),
    ],
)
def test_days_as_a_german_spreadsheet_writes_them_are_days(tmp_path: Path, written: str, read: str) -> None:
    rows = ["id;submitdate;lastpage;startlanguage;L", f"1;{written};1;de;1", "2;;0;de;"]
    assert _small(tmp_path, "\n".join(rows), "L")["submitdate"].tolist() == [read, ""]


@pytest.mark.parametrize("odd", ["4/3/2026", "April 2026", "31.02.2026", "2026"])
def test_days_nobody_can_read_are_named_and_not_lost(tmp_path: Path, odd: str) -> None:
    rows = ["id,submitdate,lastpage,startlanguage,L", f"1,{odd},1,de,1", "2,2026-04-03,1,de,2"]
    with pytest.raises(DataError, match="day cannot be read") as caught:
        _small(tmp_path, "\n".join(rows), "L")
    assert "1 of 2 rows" in str(caught.value)
    assert odd in str(caught.value)


def test_what_a_spreadsheet_makes_of_yes_and_no_is_no_text(codebook: Codebook, tmp_path: Path) -> None:
    """TRUE is a box that was ticked; in what people wrote it is what they wrote."""
    answers = {"BARR[ZEIT]": ["TRUE", "FALSE", ""], "BARR[GELD]": ["wahr", "falsch", ""], "MIGR": ["True", "False", ""]}
    table = pd.DataFrame({**answers, "FEHLT": ["TRUE", "wahr", ""]}, dtype="str")
    read, had_labels = with_codes_as_answers(table, codebook, "r.csv")
    assert not had_labels
    assert read["BARR[ZEIT]"].tolist()[:1] == ["Y"]
    assert read["BARR[GELD]"].tolist()[:1] == ["Y"]
    assert read["MIGR"].tolist() == ["Y", "N", ""]
    assert read["FEHLT"].tolist() == ["TRUE", "wahr", ""]
