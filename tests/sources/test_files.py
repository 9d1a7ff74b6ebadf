"""The same answers from every kind of file."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.sources import read_responses
from bildungsbedarf.sources.labels import with_points
from bildungsbedarf.study import Project
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.starting import start_study
from tests.sources.fake_server import ROOT, demo_responses


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_codebook(ROOT / "surveys" / "bildungsbefragung" / "questionnaire.lss")


@pytest.fixture(scope="module")
def wanted(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("wanted") / "a.json"
    path.write_bytes(demo_responses())
    return read_responses(path, codebook)[0].head(200)


def _same(path: Path, codebook: Codebook, wanted: pd.DataFrame) -> str:
    table, provenance = read_responses(path, codebook)
    assert table[wanted.columns].equals(wanted)
    return provenance.format


def _csv(table: pd.DataFrame, path: Path, encoding: str, delimiter: str) -> Path:
    path.write_bytes(table.to_csv(index=False, sep=delimiter).encode(encoding, errors="replace"))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters_are_found(
    tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame, encoding: str, delimiter: str
) -> None:
    assert _same(_csv(wanted, tmp_path / "a.csv", encoding, delimiter), codebook, wanted) == "csv"


def test_windows_text(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame) -> None:
    plain = wanted.map(lambda text: text.encode("cp1252", errors="ignore").decode("cp1252"))
    assert _same(_csv(plain, tmp_path / "a.csv", "cp1252", ";"), codebook, plain) == "csv"


@pytest.mark.parametrize("form", ["{code}. {text}", "{code}._.{text}", "{name}", "{lower}", "{field}"])
def test_headings_are_brought_to_codes(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame, form: str) -> None:
    names = {
        column.heading: form.format(
            code=column.heading, text="Wie, bitte?", name=column.name, lower=column.name.lower(), field=column.fields[0]
        )
        for column in codebook.columns
    }
    path = _csv(wanted.rename(columns=names), tmp_path / "a.csv", "utf-8", ";")
    assert _same(path, codebook, wanted) == "csv"


def test_excel(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame) -> None:
    typed = wanted.assign(id=wanted["id"].astype(int), ALTER=pd.to_numeric(wanted["ALTER"]))
    options = {"options": {"strings_to_formulas": False}}
    with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter", engine_kwargs=options) as writer:
        typed.to_excel(writer, index=False)
    assert _same(tmp_path / "a.xlsx", codebook, wanted) == "excel"


def test_spss_with_labels(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame) -> None:
    names = {column.heading: column.name for column in codebook.columns}
    kept = ["id", "submitdate", "lastpage", "startlanguage", *names]
    table = wanted[kept].rename(columns=names)
    table = table.assign(WICHT_F01=pd.to_numeric(table["WICHT_F01"]), GEM=pd.to_numeric(table["GEM"]))
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"))
    read = read_responses(tmp_path / "a.sav", codebook)
    assert read[1].format == "spss"
    assert read[0][kept].equals(wanted[kept])


@pytest.mark.shared
def test_labels_instead_of_codes_give_the_same(codebook: Codebook, wanted: pd.DataFrame, shared: Path) -> None:
    table, provenance = read_responses(shared / "limesurvey" / "responses_2026_code_long.json", codebook)
    assert provenance.format == "json, labels"
    assert table.head(200)[wanted.columns].equals(wanted)


@pytest.mark.shared
def test_a_whole_wave_in_one_archive(shared: Path) -> None:
    folder = shared / "limesurvey"
    book = read_codebook(folder / "pupils_survey.lsa")
    table, provenance = read_responses(folder / "pupils_survey.lsa", book)
    export, _ = read_responses(folder / "responses_schule_2026_code_short.json", book)
    assert (provenance.format, len(table)) == ("archive", 351)
    assert table.equals(export[table.columns])


# Counts of the German answers as published by the survey's authors: Software Sustainability Institute (2017),
# International RSE survey, github.com/softwaresaved/international-survey, analysis/2017/de/output.
PUBLISHED = {
    "edu1": {"5": 157, "4": 140, "3": 15, "-oth-": 7, "2": 5, "1": 1},
    "currentEmp10": {"4": 110, "1": 88, "3": 83, "5": 19, "-oth-": 15, "2": 5, "7": 3, "8": 1, "6": 1},
    "currentEmp12": {"1": 255, "2": 70},
    "soft2can": {"Y": 139, "N": 186},
}


@pytest.mark.shared
def test_responses_of_others_decode_to_their_published_percentages(project: Project, shared: Path) -> None:
    folder = shared / "data" / "limesurvey_rse"
    start = start_study(project, "rse", folder / "de_17_limesurvey_structure.tsv.txt", "2017")
    export = folder / "public_data_2017_de.csv"
    # free texts were taken out before publication
    headings = pd.read_csv(export, nrows=0).columns[1:]
    book = read_codebook(folder / "de_17_limesurvey_structure.tsv.txt")
    there = {heading.split(". ")[0] for heading in headings}
    absent = [column.name for column in book.columns if column.heading not in there]
    path = start.folder / "study.toml"
    path.write_text(path.read_text().replace("population =", f"absent = {json.dumps(absent)}\npopulation =", 1))
    loaded = Study.load("rse", project)
    loaded.import_file(export, "2017")
    wave = loaded.wave("2017")
    assert (wave.quality.rows, wave.quality.counted) == (325, 325)
    for question, counts in PUBLISHED.items():
        frame = estimate.proportion(wave.design, question).set_index("category")
        assert {code: count for code, count in frame["count"].items() if count} == counts
        shares = {code: count / 325 for code, count in counts.items()}
        assert frame.loc[list(shares), "estimate"].to_dict() == pytest.approx(shares, abs=1e-12)


def test_what_was_never_asked_cannot_be_absent(codebook: Codebook) -> None:
    assert "KALTER" not in codebook.without(["KALTER"])
    assert [c.name for c in codebook.without(["BILD_other"]).columns_of("BILD", "other")] == []
    with pytest.raises(ConfigError, match="did you mean 'KALTER'"):
        codebook.without(["KALTERN"])


SMALL = """question;type;item;code;de;en
alter;number;;;Wie alt sind Sie?;How old are you?
wunsch;choice;;;Was wünschen Sie?;What do you want?
wunsch;;;a;Kurse;Courses
wunsch;;;b;Beratung;Advice
weg;multiple;;;Woher kennen Sie uns?;How do you know us?
weg;;zeitung;;Zeitung;Newspaper
weg;;netz;;Internet;Internet
note;scale;;;Wie finden Sie …?;How do you like …?
note;;ort;;den Ort;the place
note;;;1;gut;good
note;;;2;schlecht;bad
"""


def test_a_plain_table_with_a_small_codebook(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(SMALL, encoding="utf-8")
    book = read_codebook(tmp_path / "book.csv")
    assert [column.name for column in book.columns] == ["alter", "wunsch", "weg_zeitung", "weg_netz", "note_ort"]
    answers = 'alter,wunsch,weg_zeitung,weg_netz,note_ort\n34,Kurse,ja,nein,gut\n"51,5",b,Y,,2\n'
    (tmp_path / "table.csv").write_text(answers, encoding="utf-8")
    table, _ = read_responses(tmp_path / "table.csv", book)
    assert table["wunsch"].tolist() == ["a", "b"]
    assert table["weg[zeitung]"].tolist() == ["Y", "Y"]
    assert table["weg[netz]"].tolist() == ["", ""]
    assert table["alter"].tolist() == ["34", "51.5"]
    assert table["note[ort]"].tolist() == ["1", "2"]
    assert table["id"].tolist() == ["1", "2"]
    assert (table["submitdate"] != "").all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question;type\na;b\n", "columns it needs"),
        (SMALL.replace("number", "zahl"), "line 2: type is not known"),
        (SMALL.replace("weg;multiple", "wege;multiple"), "line 7: question has no row with its type"),
        (SMALL + "alter;;;;;\n", "neither type, item nor code"),
        ("", "columns it needs"),
    ],
)
def test_small_codebooks_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_codebook(tmp_path / "book.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"no workbook", "Excel file cannot be read"),
        ("a.sav", b"no spss", "file cannot be read"),
        ("a.dta", b"no stata", "file cannot be read"),
        ("a.lsr", b"<document/>", "holds no responses"),
        ("a.lsr", b"<document>", "not readable XML"),
        ("a.lsr", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document type or entities"),
        ("a.csv", b"\xff\xfe\x00", "neither UTF-8"),
    ],
)
def test_other_files_that_cannot_be_read(
    tmp_path: Path, codebook: Codebook, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_responses(tmp_path / name, codebook)
    assert name in str(caught.value)


def test_an_empty_sheet_and_an_empty_archive(tmp_path: Path, codebook: Codebook) -> None:
    sheet = BytesIO()
    pd.DataFrame({"id": []}).to_excel(sheet, index=False)
    (tmp_path / "a.xlsx").write_bytes(sheet.getvalue())
    with pytest.raises(DataError, match="no responses"):
        read_responses(tmp_path / "a.xlsx", codebook)
    (tmp_path / "a.lsr").write_text(
        "<document><LimeSurveyDocType>Responses</LimeSurveyDocType>"
        "<responses><fields><fieldname>id</fieldname></fields></responses></document>"
    )
    with pytest.raises(DataError, match="no responses"):
        read_responses(tmp_path / "a.lsr", codebook)


def test_a_text_that_stands_for_two_codes(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(SMALL.replace("Beratung", "Kurse"), encoding="utf-8")
    book = read_codebook(tmp_path / "book.csv")
    (tmp_path / "a.csv").write_text("alter,wunsch,weg_zeitung,weg_netz,note_ort\n1,Kurse,,,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="stands for several codes"):
        read_responses(tmp_path / "a.csv", book)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1,5", ""], ["1.5", ""]),
        (["1.234,5", "2"], ["1234.5", "2"]),
        (["1.5", "2"], ["1.5", "2"]),
        (["1,5", "drei"], ["1,5", "drei"]),
    ],
)
def test_decimals_by_locale(codebook: Codebook, values: list[str], expected: list[str]) -> None:
    table = pd.DataFrame({"ALTER": values}, dtype="str")
    assert with_points(table, codebook, "a.csv", by_hand=True)["ALTER"].tolist() == expected


def test_thousands_in_a_table_of_ones_own_are_asked_for(codebook: Codebook) -> None:
    table = pd.DataFrame({"ALTER": ["987", "12.345", "1.234"]}, dtype="str")
    with pytest.raises(DataError, match="decimals and as thousands"):
        with_points(table, codebook, "a.csv", by_hand=True)
    assert with_points(table, codebook, "a.csv", by_hand=False).equals(table)
    measured = pd.DataFrame({"ALTER": ["0.125", "12.345"]}, dtype="str")
    assert with_points(measured, codebook, "a.csv", by_hand=True).equals(measured)


def test_wrapped_responses_of_older_versions(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame) -> None:
    rows = json.loads(demo_responses())["responses"][:200]
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"responses": [{row["id"]: row} for row in rows]}), encoding="utf-8")
    assert _same(path, codebook, wanted) == "json"


def test_a_comma_before_three_digits_is_asked_for_in_an_export_too(codebook: Codebook) -> None:
    """LimeSurvey writes points: 1,234 is a spreadsheet's twelve hundred, or somebody's decimals."""
    table = pd.DataFrame({"ALTER": ["1,234", "12,345"]}, dtype="str")
    with pytest.raises(DataError, match="decimals and as thousands"):
        with_points(table, codebook, "a.csv", by_hand=False)
    assert with_points(table.replace("12,345", "12,34"), codebook, "a.csv", by_hand=False)["ALTER"].tolist() == [
        "1.234",
        "12.34",
    ]


def test_true_in_an_excel_text_is_no_yes(tmp_path: Path, codebook: Codebook, wanted: pd.DataFrame) -> None:
    written = wanted.head(3).astype("object")
    written.loc[0, "FEHLT"] = True
    written.loc[1, "FEHLT"] = False
    written.to_excel(tmp_path / "a.xlsx", index=False)
    assert read_responses(tmp_path / "a.xlsx", codebook)[0]["FEHLT"].tolist()[:2] == ["TRUE", "FALSE"]


_QUESTIONS = """question;type;item;code;de
G;L;;;Geschlecht
G;;;w;weiblich
G;;;m;männlich
S;L;;;Wie oft?
S;;;1;nie
S;;;2;oft
"""


def _sav(tmp_path: Path, labels: dict[str, dict[float, str]], ending: str) -> Path:
    table = pd.DataFrame({"id": [1.0, 2.0], "G": [1.0, 2.0], "S": [2.0, 1.0]})
    path = tmp_path / f"a{ending}"
    write = pyreadstat.write_dta if ending == ".dta" else pyreadstat.write_sav
    whole = ending == ".dta"
    given = {
        name: {int(value) if whole else value: text for value, text in own.items()} for name, own in labels.items()
    }
    write(table.astype("int32") if whole else table, str(path), variable_value_labels=given)
    return path


@pytest.mark.parametrize("ending", [".sav", ".dta"])
def test_values_with_labels_of_their_own_are_read_by_them(tmp_path: Path, ending: str) -> None:
    (tmp_path / "q.csv").write_text(_QUESTIONS, encoding="utf-8")
    book = read_codebook(tmp_path / "q.csv")
    labels = {"G": {1.0: "männlich", 2.0: "weiblich"}, "S": {1.0: "nie", 2.0: "oft"}}
    table = read_responses(_sav(tmp_path, labels, ending), book)[0]
    assert table["G"].tolist() == ["m", "w"]
    assert table["S"].tolist() == ["2", "1"]
    turned = {**labels, "S": {1.0: "oft", 2.0: "nie"}}
    with pytest.raises(DataError, match="label of another option"):
        read_responses(_sav(tmp_path, turned, ending), book)
