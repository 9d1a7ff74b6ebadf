"""What readers with fresh eyes found wrong in files of their own, each with the right value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from bildungsbedarf import needs
from bildungsbedarf.errors import DataError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.starting import start_study

Made = Callable[..., Wave]
NOTE = "NOTE;choice;;;Note?;\nNOTE;;;1;0;\nNOTE;;;2;1;\nNOTE;;;3;2;\nNOTE;;;4;3;\nNOTE;;;5;4;\n"
YES_NO = "J;choice;;;Ja?;\nJ;;;Y;Ja;\nJ;;;N;Nein;\n"
BOX = "B;multiple;;;Was?;\nB;;a;;Alpha;\nB;;b;;Beta;\n"
FORM = "Zeitstempel"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The wave of a small questionnaire and a table."""
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)

    def make(book: str, table: str, **options: str) -> Wave:
        (tmp_path / "q.csv").write_text(f"question;type;item;code;de;en\n{book}", encoding="utf-8")
        (tmp_path / "a.csv").write_text(table, encoding="utf-8")
        project = Project(tmp_path)
        start_study(project, "s", tmp_path / "q.csv", "2026")
        study = Study.load("s", project)
        study.import_file(tmp_path / "a.csv", "2026", **options)  # type: ignore[arg-type]
        return study.wave("2026")

    return make


def test_what_is_said_of_the_answers_wins_over_what_the_file_suggests(made: Made) -> None:
    wave = made(NOTE + YES_NO, "NOTE;J\n1;ja\n3;nein\n4;ja\n", answers="codes")
    assert wave.responses["NOTE"].tolist() == ["1", "3", "4"]


@pytest.mark.parametrize("last", ["3", "5"])
def test_one_word_in_a_table_of_ones_own_decides_no_other_column(made: Made, last: str) -> None:
    table = f"NOTE;J\n1;ja\n{last};nein\n4;ja\n"
    if last == "5":
        assert made(NOTE + YES_NO, table).responses["NOTE"].tolist() == ["1", "5", "4"]
    else:
        with pytest.raises(DataError, match="which say different things"):
            made(NOTE + YES_NO, table)


def test_an_option_called_not_applicable_stays_one(made: Made) -> None:
    book = "W;choice;;;Wie?;\nW;;;A1;good;\nW;;;A2;bad;\nW;;;A3;N/A;\nX;number;;;x;\n"
    assert made(book, "W;X\ngood;1\nN/A;2\nN/A;3\n").responses["W"].tolist() == ["A1", "A3", "A3"]


def _ticks(wave: Wave, question: str) -> dict[str, int]:
    frame = needs.answers(wave, question)
    return {str(name): int(count) for name, count in zip(frame["variable"], frame["count"], strict=True)}


def test_names_of_several_words_with_blanks_between_them(made: Made) -> None:
    book = "W;multiple;;;Woran?;\nW;;s;;Sprachen lernen;\nW;;m;;Musik machen;\nW;;x;;Kochen, backen;\n"
    table = f"{FORM};Woran?\n1;Sprachen lernen Musik machen\n2;Musik machen\n3;Kochen, backen\n"
    assert _ticks(made(book, table), "W") == {"s": 1, "m": 2, "x": 1}


def test_what_is_no_box_is_named_and_kept_as_written_beside_other(made: Made, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no box of the question(.|\n)*Radio hören"):
        made(BOX, f"{FORM};Was?\n1;Alpha;\n".replace("Alpha;", "Alpha,Radio hören"))


def test_codes_and_names_of_boxes_are_two_ways_to_read_a_column(made: Made) -> None:
    book = "Q;multiple;;;Was?;\nQ;;3;;1;\nQ;;2;;2;\nQ;;1;;3;\n"
    assert _ticks(made(book, f'{FORM};Was?\n1;1\n2;"1;2"\n3;3\n'), "Q") == {"3": 2, "2": 1, "1": 1}


def test_a_box_with_no_says_nothing_of_the_last_page(made: Made) -> None:
    table = "id,submitdate,startlanguage,B[a],B[b]\n1,2026-01-01 00:00:00,de,Ja,Nein\n2,,de,Nein,Nein\n"
    wave = made(BOX, table)
    assert wave.snapshot.read()["lastpage"].tolist() == ["1", "0"]


@pytest.mark.parametrize(
    "table", ["E;X\n12.345;1\n800;2\n", "E;X\n12,345;1\n800;2\n1,500;2\n", f"{FORM};E\n1;12.345\n"]
)
def test_thousands_are_asked_for_whoever_wrote_them(made: Made, table: str) -> None:
    book = "E;number;;;Einkommen?;\n" + ("X;number;;;x;\n" if ";X" in table else "")
    with pytest.raises(DataError, match="decimals and as thousands"):
        made(book, table)


REASONS = {
    "Weiß ich nicht": "dont_know",
    "weiß nicht / keine Angabe": "dont_know",
    "kann ich nicht sagen": "dont_know",
    "keine Ahnung": "dont_know",
    "möchte ich nicht sagen": "refused",
    "keine Angabe": "not_answered",
    "k. A.": "not_answered",
    "Don't know": "dont_know",
}
VALUES = [
    "Ich möchte nicht mehr lernen",
    "Ich weiß nicht, wo ich Angebote finde",
    "kann ich beurteilen",
    "keine Angabe nötig",
    "Wehrdienstverweigerer",
    "not sure of myself",
    "I do not know anyone",
    "trifft nicht zu",
    "nicht wichtig",
    "unentschieden",
]


def test_only_what_says_nothing_else_is_no_value(made: Made) -> None:
    texts = [*REASONS, *VALUES]
    rows = "".join(f'L;;;{number};"{text}";\n' for number, text in enumerate(texts))
    wave = made(f"L;choice;;;Was?;\n{rows}X;number;;;x;\n", "L;X\n0;1\n")
    wanted = {str(number): REASONS[text] for number, text in enumerate(texts) if text in REASONS}
    assert wave.config.missing_codes("L") == wanted


def test_the_questionnaires_own_words_win_over_those_of_the_interface(made: Made) -> None:
    book = "J;choice;;;Ja?;\nJ;;;Y;Nein;\nJ;;;N;Ja;\nX;number;;;x;\n"
    assert made(book, "J;X\nJa;1\nNein;2\n").responses["J"].tolist() == ["N", "Y"]


def test_a_text_that_begins_like_a_code_is_the_text(made: Made) -> None:
    book = "A;number;;;B. Wie alt?;\nB;number;;;A. Wie viele Kinder?;\n"
    wave = made(book, "B. Wie alt?;A. Wie viele Kinder?\n40;2\n50;3\n")
    assert wave.responses["A"].tolist() == [40, 50]


def test_options_that_differ_in_large_letters_only(made: Made) -> None:
    book = "L;choice;;;Was?;\nL;;;1;Ja;\nL;;;2;JA;\nX;number;;;x;\n"
    assert made(book, "L;X\nJa;1\nJA;2\n").responses["L"].tolist() == ["1", "2"]


def test_german_dates_ticks_and_a_line_that_names_the_separator(made: Made) -> None:
    book = BOX + "D;date;;;Wann?;\n"
    wave = made(book, "sep=;\nB_a;B_b;D\nx;;1.3.2026\n;x;01.12.2026\n")
    assert wave.responses["D"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-01", "2026-12-01"]
    assert wave.responses["B_a"].tolist() == [True, False]


def test_times_of_day_in_a_spreadsheet(made: Made, tmp_path: Path) -> None:
    wave = made("T;text;;;Wann?;\nX;number;;;x;\n", "T;X\nfrüh;1\n")
    sheet = Workbook()
    for row in (["T", "X"], [dt.time(18, 0), 1]):
        sheet.active.append(row)
    sheet.save(tmp_path / "a.xlsx")
    study = Study.load("s", wave.files.project)
    study.import_file(tmp_path / "a.xlsx", "2026")
    assert study.wave("2026").responses["T"].tolist() == ["18:00:00"]


@pytest.mark.parametrize("page", ["99999", "-", "99999999999999999999"])
def test_a_last_page_that_is_none(made: Made, page: str) -> None:
    table = f"id;submitdate;lastpage;startlanguage;X\n1;2026-01-01 00:00:00;{page};de;1\n"
    with pytest.raises(DataError, match="last page is not a number"):
        made("X;number;;;x;\n", table)


def test_what_microsoft_forms_calls_its_columns(made: Made) -> None:
    table = "ID;Start time;Completion time;Email;Name;Was?\n4;1/2/26 10:00:00;1/2/26 10:05:00;a@example.org;A;Alpha;\n"
    wave = made(BOX, table.replace("Alpha;\n", "Alpha\n"))
    assert wave.responses["id"].tolist() == [4]
    assert wave.snapshot.manifest.left_out == ("Email", "Name")


def test_names_are_left_out_of_a_table_of_ones_own(made: Made) -> None:
    wave = made(BOX, "Name;B_a;B_b\nErika;Ja;Nein\n")
    assert wave.snapshot.manifest.left_out == ("Name",)
    assert "Erika" not in wave.snapshot.read().to_csv()


def test_boxes_of_kobotoolbox_alone_and_groups_before_names(made: Made) -> None:
    book = BOX + "X;number;;;Zahl;\n"
    wave = made(book, "_id;B/a;B/b;g/X\n7;1;0;3\n8;0;1;4\n")
    assert wave.responses["B_a"].tolist() == [True, False]
    assert wave.responses["X"].tolist() == [3, 4]
