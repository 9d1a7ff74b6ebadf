"""What questionnaires that people published have: filters between arrays, shuffled groups, odd codes, forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from bildungsbedarf import needs, show
from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.disclosure import release
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources import read_responses
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.starting import start_study
from tests.codebook.made import lss

HEAD = ("class", "type/scale", "name", "relevance", "text", "language", "other", "random_group")
HEAD += ("array_filter", "array_filter_exclude")
START = [("S", "", "language", "", "de"), ("SL", "", "surveyls_title", "", "Titel", "de")]
Row = tuple[str, ...]


def _questionnaire(folder: Path, rows: list[Row], sid: bool = True) -> Path:
    lines = [HEAD, *([("S", "", "sid", "", "77")] if sid else []), *START, *rows]
    padded = [[*line, *[""] * (len(HEAD) - len(line))] for line in lines]
    path = folder / "q.txt"
    path.write_text("\n".join("\t".join(line) for line in padded) + "\n", encoding="utf-8")
    return path


def _wave(folder: Path, rows: list[Row], table: str) -> Wave:
    for name in ("surveys", "notebooks", "data/reference"):
        (folder / name).mkdir(parents=True)
    project = Project(folder)
    start_study(project, "s", _questionnaire(folder, rows), "2026")
    (folder / "a.csv").write_text(table, encoding="utf-8")
    study = Study.load("s", project)
    study.import_file(folder / "a.csv", "2026")
    return study.wave("2026")


def _item(name: str, text: str, relevance: str = "") -> Row:
    return ("SQ", "0", name, relevance, text, "de")


GROUP: Row = ("G", "", "Gruppe", "", "", "de")
BOXES = [_item("a", "Alpha"), _item("b", "Beta")]


@pytest.mark.parametrize(("shown", "hidden"), [(True, False), (False, True)])
def test_rows_are_shown_by_what_was_ticked_elsewhere(tmp_path: Path, shown: bool, hidden: bool) -> None:
    filters = ("W" if shown else "", "W" if hidden else "")
    rows = [
        GROUP,
        ("Q", "M", "W", "1", "Was?", "de"),
        *BOXES,
        ("Q", "A", "N", "1", "Wie?", "de", "", "", *filters),
        *BOXES,
        _item("c", "Gamma"),
    ]
    table = "id,submitdate,lastpage,startlanguage,W[a],W[b],N[a],N[b],N[c]\n"
    answers = ",5,3" if hidden else "4,,3"
    table += f"1,2026-03-01 10:00:00,1,de,Y,,{answers}\n2,2026-03-01 10:00:00,1,de,Y,,,,3\n"
    wave = _wave(tmp_path, rows, table)
    seen, unseen = ("N_b", "N_a") if hidden else ("N_a", "N_b")
    assert wave.missing[unseen].tolist() == ["not_shown", "not_shown"]
    assert wave.missing[seen].tolist()[1] == "not_answered"
    # the filter says nothing of a row it does not have
    assert wave.responses["N_c"].tolist() == [3, 3]
    assert wave.quality.not_evaluable == ()


def test_boxes_hidden_by_a_filter_are_no_no(tmp_path: Path) -> None:
    rows = [
        GROUP,
        ("Q", "M", "W", "1", "Was?", "de"),
        *BOXES,
        ("Q", "M", "N", "1", "Was noch?", "de", "", "", "", "W"),
        *BOXES,
    ]
    table = "id,submitdate,lastpage,startlanguage,W[a],W[b],N[a],N[b]\n1,2026-03-01 10:00:00,1,de,Y,,,Y\n"
    wave = _wave(tmp_path, rows, table)
    assert wave.missing["N_a"].tolist() == ["not_shown"]
    assert wave.responses["N_a"].isna().all()


def test_of_shuffled_groups_nobody_knows_which_page_was_passed(tmp_path: Path) -> None:
    rows: list[Row] = []
    for number, shuffled in (("1", ""), ("2", "r"), ("3", "r"), ("4", "r")):
        rows += [("G", "", f"G{number}", "", "", "de", "", shuffled), ("Q", "M", f"M{number}", "1", "?", "de"), *BOXES]
    heads = ",".join(f"M{number}[{box}]" for number in range(1, 5) for box in "ab")
    table = f"id,submitdate,lastpage,startlanguage,{heads}\n1,,2,de,Y,,,,,,Y,\n"
    wave = _wave(tmp_path, rows, table)
    assert wave.responses["M1_b"].tolist() == [False]
    assert wave.responses["M4_a"].tolist() == [True]
    # whether group 2 was among the two pages that were sent off cannot be told
    assert wave.missing[["M2_a", "M2_b", "M3_a"]].iloc[0].tolist() == ["broken_off"] * 3


def test_two_scales_with_different_codes_are_one_table(tmp_path: Path) -> None:
    rows = [
        GROUP,
        ("Q", "1", "D", "1", "Beides?", "de"),
        *BOXES,
        ("A", "0", "a1", "", "gut", "de"),
        ("A", "0", "a2", "", "schlecht", "de"),
        ("A", "1", "b1", "", "oft", "de"),
        ("A", "1", "b2", "", "nie", "de"),
    ]
    heads = "D[a][1],D[a][2],D[b][1],D[b][2]"
    lines = [f"{number},2026-03-01 10:00:00,1,de,a1,b2,a2,b1" for number in range(1, 13)]
    wave = _wave(tmp_path, rows, f"id,submitdate,lastpage,startlanguage,{heads}\n" + "\n".join(lines) + "\n")
    html = show.answers(release(needs.answers(wave, "D")), wave).html
    assert [word in html for word in ("gut", "schlecht", "oft", "nie")] == [True] * 4


def test_a_mark_other_on_a_type_without_one_makes_no_column(tmp_path: Path) -> None:
    rows = [GROUP, ("Q", "S", "T", "1", "Was?", "de", "Y"), ("Q", "N", "Z", "1", "Zahl?", "de", "Y")]
    book = read_codebook(_questionnaire(tmp_path, rows))
    assert [column.heading for column in book.columns] == ["T", "Z"]


def test_a_structure_without_a_number(tmp_path: Path) -> None:
    rows = [GROUP, ("Q", "S", "T", "1", "Was?", "de"), ("Q", "N", "Z", "1", "Zahl?", "de")]
    book = read_codebook(_questionnaire(tmp_path, rows, sid=False))
    assert [question.code for question in book.questions] == ["T", "Z"]


def test_codes_of_the_first_versions(tmp_path: Path) -> None:
    text = lss(146, "SNT").replace("[Q1]", "[;]").replace("[Q3]", "[Q2]")
    (tmp_path / "q.lss").write_text(text, encoding="utf-8")
    book = read_codebook(tmp_path / "q.lss")
    assert [question.code for question in book.questions] == ["Q1", "Q2", "Q3"]
    (tmp_path / "q.lss").write_text(lss(177, "SNT").replace("[Q3]", "[Q2]"), encoding="utf-8")
    with pytest.raises(DataError, match="used twice"):
        read_codebook(tmp_path / "q.lss")


def test_an_option_called_as_the_own_other(tmp_path: Path) -> None:
    rows = [GROUP, ("Q", "L", "W", "1", "Was?", "de", "Y"), ("A", "0", "A1", "", "Eins", "de")]
    rows += [("A", "0", "A3", "", "Other", "de")]
    book = read_codebook(_questionnaire(tmp_path, rows))
    head = "id,submitdate,lastpage,startlanguage,W,W[other]\n"
    (tmp_path / "a.csv").write_text(f"{head}1,,1,de,Other,\n2,,1,de,Eins,\n", encoding="utf-8")
    assert read_responses(tmp_path / "a.csv", book)[0]["W"].tolist() == ["A3", "A1"]
    (tmp_path / "a.csv").write_text(f"{head}1,,1,de,Other,Wald\n2,,1,de,Eins,\n", encoding="utf-8")
    with pytest.raises(DataError, match="text stands for several codes"):
        read_responses(tmp_path / "a.csv", book)


def test_a_label_with_an_earlier_answer_in_it(tmp_path: Path) -> None:
    rows = [GROUP, ("Q", "L", "W", "1", "Was?", "de"), ("A", "0", "A1", "", "num: {num}", "de")]
    rows += [("A", "0", "A2", "", "zwei", "de")]
    book = read_codebook(_questionnaire(tmp_path, rows))
    text = "id,submitdate,lastpage,startlanguage,W\n1,,1,de,num: {num}\n2,,1,de,zwei\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read_responses(tmp_path / "a.csv", book)[0]["W"].tolist() == ["A1", "A2"]


def _form(folder: Path, survey: list[Row], choices: list[Row]) -> Codebook:
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (("type", "name", "label", "relevant"), *survey):
        sheet.append(row)
    options = book.create_sheet("choices")
    for row in (("list_name", "name", "label"), *choices):
        options.append(row)
    book.save(folder / "f.xlsx")
    return read_codebook(folder / "f.xlsx")


AB: list[Row] = [("l", "a", "Alpha"), ("l", "b", "Beta")]


@pytest.mark.parametrize(
    ("condition", "ours"),
    [
        ("${s} != 'a'", 's.NAOK != "a"'),
        ('${s} = "a"', 's.NAOK == "a"'),
        ("not(selected(${s}, 'a'))", 'not(s.NAOK == "a")'),
        ('selected(${m}, "b") or ${z} >= 18', 'm_b.NAOK == "Y" or z.NAOK >= 18'),
    ],
)
def test_conditions_of_forms_hold_for_what_was_not_shown(tmp_path: Path, condition: str, ours: str) -> None:
    survey: list[Row] = [("select_one l", "s", "S"), ("select_multiple l", "m", "M"), ("integer", "z", "Z")]
    book = _form(tmp_path, [*survey, ("text", "t", "T", condition)], AB)
    assert book["t"].relevance == f"({ours})"


def test_other_of_a_multiple_choice_in_a_form_with_groups(tmp_path: Path) -> None:
    survey: list[Row] = [("begin_group", "g", "G"), ("select_multiple l or_other", "m", "M"), ("end_group", "", "")]
    book = _form(tmp_path, survey, AB)
    text = "_id,g/m,g/m/a,g/m/b,g/m/other,g/m_other\n1,a other,1,0,1,Wald\n2,b,0,1,0,\n"
    for content in (text, text.replace("g/m,", "", 1).replace("a other,", "").replace("2,b,", "2,")):
        (tmp_path / "a.csv").write_text(content, encoding="utf-8")
        table, _ = read_responses(tmp_path / "a.csv", book)
        assert table["m[a]"].isin(["Y"]).tolist() == [True, False]
        assert table["m[other]"].isin(["Y"]).tolist() == [True, False]
        assert table["m_other_"].tolist() == ["Wald", ""]


@pytest.mark.parametrize(
    "kind", ["dateTime", "barcode", "video", "geotrace", "string", "int", "photo", "select one from l"]
)
def test_all_types_of_the_standard_and_older_spellings(tmp_path: Path, kind: str) -> None:
    assert len(_form(tmp_path, [(kind, "q", "Q")], AB).questions) == 1
