"""Questionnaires and tables of other programs: Google and Microsoft Forms, KoboToolbox, halves of exports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from bildungsbedarf import needs
from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.sources import read_responses
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.starting import start_study
from tests.codebook.made import tsv

EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)
    return Project(tmp_path)


def _counts(study: Study, question: str) -> dict[str, int]:
    frame = needs.answers(study.wave("2026"), question)
    keys = frame["category"].fillna(frame["variable"])
    return {str(key): int(count) for key, count in zip(keys, frame["count"], strict=True)}


GOOGLE = """\
"Zeitstempel","Wie wichtig ist Ihnen Lesen?","Was nutzen Sie?","Ihr Alter","E-Mail-Adresse"
"2024/03/01 10:00:00 AM MEZ","sehr wichtig","Alpha;Beta, oder Gamma","34","a@example.org"
"2024/03/01 1:05:00 PM MEZ","wichtig","Alpha","51","b@example.org"
"2024/03/02 9:00:00 AM MEZ","wichtig","","47","c@example.org"
"""


def test_a_google_form_gets_a_codebook_to_complete(empty: Project, tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text(GOOGLE, encoding="utf-8")
    start = start_study(empty, "s", tmp_path / "form.csv", "2026")
    assert "guessed from the table" in start.decisions[0]
    study = Study.load("s", empty)
    book = study.wave("2026").codebook
    assert [(q.code, q.type.name) for q in book.questions] == [
        ("WieWichtiIstIhnen", "list (radio)"),
        ("WasNutzenSie", "multiple choice"),
        ("IhrAlter", "number"),
    ]
    study.import_file(tmp_path / "form.csv", "2026")
    wave = study.wave("2026")
    assert wave.snapshot.manifest.left_out == ("E-Mail-Adresse",)
    assert "a@example.org" not in wave.snapshot.read().to_csv()
    assert _counts(study, "WieWichtiIstIhnen") == {"1": 2, "2": 1}
    assert _counts(study, "WasNutzenSie") == {"o1": 2, "o2": 1}
    assert wave.responses["IhrAlter"].tolist() == [34, 51, 47]
    assert wave.responses["submitdate"].dt.hour.tolist() == [10, 13, 9]
    assert wave.quality.submitted == 3


def test_the_case_of_the_collection_is_proposed(empty: Project) -> None:
    start = start_study(empty, "s", EXPORTS / "16_google_forms.csv", "2026")
    assert (
        (start.folder / "questionnaire.csv").read_text(encoding="utf-8").startswith("question;type;item;code;de;en\n")
    )
    study = Study.load("s", empty)
    study.import_file(EXPORTS / "16_google_forms.csv", "2026")
    assert len(study.wave("2026").responses) == 2


def _form(path: Path) -> None:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (
        ["type", "name", "label::Deutsch (de)", "relevant"],
        ["start", "start", None, None],
        ["integer", "alter", "Wie alt sind Sie?", None],
        ["select_one jn", "teil", "Haben Sie teilgenommen?", None],
        ["begin_group", "g", None, "${teil} = 'ja'"],
        ["select_multiple fach", "was", "Woran?", None],
        ["end_group", None, None, None],
        ["note", "danke", "Danke!", None],
    ):
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in (
        ["list_name", "name", "label::Deutsch (de)"],
        ["jn", "ja", "Ja"],
        ["jn", "nein", "Nein"],
        ["fach", "s", "Sprachen"],
        ["fach", "m", "Musik"],
    ):
        choices.append(row)
    book.save(path)


KOBO = {
    "codes": "start,alter,teil,was,was/s,was/m,_id,_uuid,_submission_time\n"
    "x,34,ja,s m,1,1,7,u1,2026-03-01T10:00:00\nx,51,ja,m,0,1,8,u2,2026-03-01T11:00:00\n"
    "x,47,nein,,,,9,u3,2026-03-02T11:00:00\n",
    "labels": "start;Wie alt sind Sie?;Haben Sie teilgenommen?;Woran?;_id;_uuid;_submission_time\n"
    "x;34;Ja;Sprachen, Musik;7;u1;2026-03-01T10:00:00\nx;51;Ja;Musik;8;u2;2026-03-01T11:00:00\n"
    "x;47;Nein;;9;u3;2026-03-02T11:00:00\n",
}


@pytest.mark.parametrize("kind", ["codes", "labels"])
def test_an_xlsform_and_its_exports(empty: Project, tmp_path: Path, kind: str) -> None:
    _form(tmp_path / "form.xlsx")
    start_study(empty, "s", tmp_path / "form.xlsx", "2026")
    (tmp_path / "data.csv").write_text(KOBO[kind], encoding="utf-8")
    study = Study.load("s", empty)
    study.import_file(tmp_path / "data.csv", "2026")
    wave = study.wave("2026")
    assert wave.responses["id"].tolist() == [7, 8, 9]
    assert _counts(study, "teil") == {"ja": 2, "nein": 1}
    assert _counts(study, "was") == {"s": 1, "m": 2}
    assert wave.missing["was_s"].tolist()[2] == "not_shown"
    assert wave.quality.not_evaluable == ()
    assert needs.answers(wave, "was")["n"].tolist() == [2, 2]


def test_what_is_no_xlsform(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="workbook is no XLSForm"):
        read_codebook(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"nothing")
    with pytest.raises(DataError, match="workbook cannot be read"):
        read_codebook(tmp_path / "b.xlsx")


def test_an_unknown_type_is_named_with_its_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (["type", "name", "label"], ["hologram", "h", "?"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="survey, row 2: question type is not read"):
        read_codebook(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("suffix", "what"), [(".lsr", "a table of responses"), (".lsg", "a group of questions"), (".pdf", "a print")]
)
def test_files_taken_for_a_questionnaire(tmp_path: Path, suffix: str, what: str) -> None:
    (tmp_path / f"a{suffix}").write_text("<document/>", encoding="utf-8")
    with pytest.raises(DataError, match=f"this is {what}, no questionnaire"):
        read_codebook(tmp_path / f"a{suffix}")


def test_an_export_for_r_needs_both_its_files(empty: Project, tmp_path: Path) -> None:
    start_study(empty, "s", EXPORTS / "mini.txt", "2026")
    data = tmp_path / "survey_990777_R_data_file.csv"
    shutil.copy(EXPORTS / "13_R_data_file.csv", data)
    study = Study.load("s", empty)
    with pytest.raises(DataError, match="data half of an export for R"):
        study.import_file(data, "2026")
    syntax = tmp_path / "survey_990777_R_syntax_file.R"
    shutil.copy(EXPORTS / "13_R_syntax_file.R", syntax)
    with pytest.raises(DataError, match="names another number of columns"):
        study.import_file(data, "2026")
    first = (EXPORTS / "01_codes.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    names = [name.strip('"').replace("[", "_").rstrip("]") for name in first.split(",")]
    lines = [f'names(data)[{number}] <- "{name}"' for number, name in enumerate(names, start=1)]
    syntax.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study.import_file(data, "2026")
    assert _counts(study, "BOX") == {"a": 20, "b": 10, "other": 8}


def test_semicolons_at_the_end_and_utf_16_without_a_mark(empty: Project, tmp_path: Path) -> None:
    start_study(empty, "s", EXPORTS / "mini.txt", "2026")
    study = Study.load("s", empty)
    text = (EXPORTS / "01_codes.csv").read_text(encoding="utf-8-sig").replace('","', '";"')
    head, *rows = text.splitlines()
    (tmp_path / "a.csv").write_text("\n".join([head, *(f"{row};;" for row in rows)]), encoding="utf-8")
    for name, encoding in (("b.csv", "utf-16-le"), ("c.csv", "utf-16-be")):
        (tmp_path / name).write_bytes(text.encode(encoding))
    for name in ("a.csv", "b.csv", "c.csv"):
        study.import_file(tmp_path / name, "2026")
        assert _counts(study, "BOX") == {"a": 20, "b": 10, "other": 8}


def test_old_excel_formulas_and_columns_without_a_heading(empty: Project, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(
        "question;type;item;code;de;en\nT;text;;;Was?;x\nJ;choice;;;Ja?;x\nJ;;;Y;ja;x\nJ;;;N;nein;x\n"
    )
    start_study(empty, "s", tmp_path / "q.csv", "2026")
    study = Study.load("s", empty)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0 old")
    with pytest.raises(DataError, match="Excel's format of before 2007"):
        study.import_file(tmp_path / "old.xls", "2026")
    book = Workbook()
    sheet = book.active
    for row in (["T", "J"], ["=mehr Zeit", True], ["nichts", False]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    shutil.copy(tmp_path / "a.xlsx", tmp_path / "really_new.xls")
    for name in ("a.xlsx", "really_new.xls"):
        study.import_file(tmp_path / name, "2026")
        assert study.wave("2026").responses["T"].tolist() == ["=mehr Zeit", "nichts"]
        assert study.wave("2026").responses["J"].tolist() == ["Y", "N"]
    sheet.cell(row=2, column=3, value="verloren")
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(DataError, match="a column has values but no heading"):
        study.import_file(tmp_path / "b.xlsx", "2026")


def test_a_key_that_stands_twice_and_a_sheet_that_ends_too_early(empty: Project, tmp_path: Path) -> None:
    start_study(empty, "s", EXPORTS / "digits.txt", "2026")
    study = Study.load("s", empty)
    row = '{"id": 1, "submitdate": "x", "lastpage": 1, "startlanguage": "de", "NOTE": "1", "NOTE": "2"}'
    (tmp_path / "a.json").write_text('{"responses": [' + row + "]}", encoding="utf-8")
    with pytest.raises(DataError, match="column stands twice in a response"):
        study.import_file(tmp_path / "a.json", "2026")


def test_a_sheet_cut_at_255_columns(empty: Project, tmp_path: Path) -> None:
    rows = ["question;type;item;code;de;en", *(f"V{number};number;;;Zahl {number};x" for number in range(300))]
    (tmp_path / "q.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    start_study(empty, "s", tmp_path / "q.csv", "2026")
    heads = [f"V{number}" for number in range(255)]
    (tmp_path / "a.csv").write_text(",".join(heads) + "\n" + ",".join("1" for _ in heads) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="the sheet ends where Excel's old format ends"):
        Study.load("s", empty).import_file(tmp_path / "a.csv", "2026")


SPSS_SYNTAX = """\
*$Rev: 121017 $ all 2.
GET DATA
 /TYPE=TXT
 /FILE='survey_1_SPSS_data_file.dat'
 /DELIMITERS=","
 /QUALIFIER="'"
 /VARIABLES=
 V1 F2
 V2 DATETIME23.2
 V3 F1
 V4 A2
 V5 A2
 V6 A40.
CACHE.
EXECUTE.
RENAME VARIABLE ( V1 = id ).
RENAME VARIABLE ( V2 = submitdate ).
RENAME VARIABLE ( V3 = lastpage ).
RENAME VARIABLE ( V4 = startlanguage ).
RENAME VARIABLE ( V5 = A ).
RENAME VARIABLE ( V6 = B ).
"""
SMALL = "question;type;item;code;de;en\nA;choice;;;Was?;What?\nA;;;A1;Eins;One\nA;;;A2;Zwei;Two\nB;text;;;Warum?;Why?\n"


def test_spss_data_with_the_syntax_beside_it(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(SMALL, encoding="utf-8")
    book = read_codebook(tmp_path / "q.csv")
    data = tmp_path / "survey_1_SPSS_data_file.dat"
    data.write_text(
        "\ufeff'3','31-03-2026 10:05:00','1','de','A2','Es gibt''s, \"nicht\"'\n'4','','1','de','A1',''\n", "utf-8"
    )
    with pytest.raises(DataError, match="data half of an export"):
        read_responses(data, book)
    (tmp_path / "survey_1_SPSS_syntax_file.sps").write_text("\ufeff" + SPSS_SYNTAX, encoding="utf-8")
    table, _ = read_responses(data, book)
    assert table["A"].tolist() == ["A2", "A1"]
    assert table["B"].tolist() == ['Es gibt\'s, "nicht"', ""]
    assert table["submitdate"].tolist() == ["2026-03-31 10:05:00", ""]
    data.write_text("'3','31-03-2026 10:05:00','1','de','A2'\n", "utf-8")
    with pytest.raises(DataError, match="another number of columns"):
        read_responses(data, book)


def test_an_xlsform_with_other_repeats_and_conditions_on_single_choices(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (
        ["type", "name", "label", "relevant"],
        ["select_one wo or_other", "ort", "Wo?", None],
        ["begin_repeat", "kind", "Kind", None],
        ["integer", "kindalter", "Wie alt?", None],
        ["end_repeat", None, None, None],
        ["integer", "weg", "Wie weit?", "selected(${ort}, 'a')"],
    ):
        sheet.append(row)
    choices = book.create_sheet("choices")
    for row in (["list_name", "name", "label"], ["wo", "a", "Hier"], ["wo", "b", "Dort"]):
        choices.append(row)
    book.save(tmp_path / "f.xlsx")
    read = read_codebook(tmp_path / "f.xlsx")
    assert [column.name for column in read.columns] == ["ort", "ort_other", "weg"]
    assert read["ort"].labels("de") == {"a": "Hier", "b": "Dort", "other": "Anderes"}
    (tmp_path / "d.csv").write_text("_id,ort,ort_other,weg\n1,a,,3\n2,other,Wald,\n", encoding="utf-8")
    table, _ = read_responses(tmp_path / "d.csv", read)
    assert table["ort"].tolist() == ["a", "other"]
    assert read["weg"].relevance == '(ort.NAOK == "a")'


def test_names_of_people_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(SMALL, encoding="utf-8")
    book = read_codebook(tmp_path / "q.csv")
    (tmp_path / "d.csv").write_text("id,firstname,Nachname,A,B\n1,Ada,Muster,A1,x\n", encoding="utf-8")
    table, provenance = read_responses(tmp_path / "d.csv", book)
    assert provenance.left_out == ("firstname", "Nachname")
    assert "Ada" not in table.to_csv()


def test_a_question_called_token_in_a_table_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(
        "question;type;item;code;de;en\ntoken;text;;;Chip?;Token?\nA;number;;;Zahl;N\n", "utf-8"
    )
    book = read_codebook(tmp_path / "q.csv")
    (tmp_path / "d.csv").write_text("token,A\nrot,3\nblau,4\n", encoding="utf-8")
    table, _ = read_responses(tmp_path / "d.csv", book)
    assert table["token_"].tolist() == ["rot", "blau"]


def test_a_year_alone_is_no_date() -> None:
    dates = to_dates(pd.Series(["1980", "1980-05", "1980-05-02", "2026-04-03T10:00:00+02:00", ""]))
    assert dates.notna().tolist() == [False, False, True, True, False]


def test_another_survey_says_what_does_not_match(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / "d.csv").write_text("id,submitdate,X1,X2,X3\n1,,a,b,c\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_responses(tmp_path / "d.csv", read_codebook(tmp_path / "q.csv"))
    assert "3 columns the questionnaire does not have: X1, X2, X3" in str(error.value)
    assert "missing are 2: A, B" in str(error.value)


_OWN = [
    ["Q", "Y", "Q", "Ja?", "de", "1", "N", "N"],
    ["Q", "G", "G", "Geschlecht", "de", "1", "N", "N"],
    ["Q", "C", "C", "Ist es so?", "de", "1", "N", "N"],
    ["SQ", "", "a", "Eins", "de", "1"],
    ["Q", "E", "E", "Wie ändert es sich?", "de", "1", "N", "N"],
    ["SQ", "", "a", "Eins", "de", "1"],
    ["Q", "L", "L", "Was?", "de", "1", "N", "Y"],
    ["A", "0", "1", "Kurs", "de"],
]


def test_numbers_of_an_export_for_r_are_the_codes_of_others(tmp_path: Path) -> None:
    """Yes is 1 and no 2 there, and of who chose "other" the text alone is left."""
    (tmp_path / "q.txt").write_text(tsv(_OWN), encoding="utf-8")
    book = read_codebook(tmp_path / "q.txt")
    names = ["id", "submitdate", "lastpage", "startlanguage", "Q", "G", "C_a", "E_a", "L", "L_other"]
    syntax = "\n".join(f'names(data)[{place}] <- "{name}"' for place, name in enumerate(names, start=1))
    (tmp_path / "survey_1_R_syntax_file.R").write_text(syntax, encoding="utf-8")
    rows = [
        '"1","2024-03-01 10:00:00","1","de","1","1","3","1","1",""',
        '"2","2024-03-01 10:00:00","1","de","2","2","2","3","","ein Chor"',
        '"3","2024-03-01 10:00:00","1","de","","","1","2","",""',
    ]
    path = tmp_path / "survey_1_R_data_file.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    table = read_responses(path, book)[0]
    found = {name: table[name].tolist() for name in ("Q", "G", "C[a]", "E[a]", "L", "L[other]")}
    assert found == {
        "Q": ["Y", "N", ""],
        "G": ["F", "M", ""],
        "C[a]": ["U", "N", "Y"],
        "E[a]": ["I", "D", "S"],
        "L": ["1", "-oth-", ""],
        "L[other]": ["", "ein Chor", ""],
    }
