"""Questionnaires of every version and from every file give one codebook."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from bildungsbedarf.codebook import TYPES, Codebook, read_codebook
from bildungsbedarf.errors import DataError
from tests.codebook.made import EVERY_TYPE, lss


def _read(tmp_path: Path, text: str, name: str = "made.lss") -> Codebook:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_codebook(path)


@pytest.mark.parametrize("version", [145, 164, 230, 362, 400, 480, 620, 640])
def test_every_type_in_every_version(tmp_path: Path, version: int) -> None:
    book = _read(tmp_path, lss(version))
    assert [question.type.letter for question in book.questions] == list(EVERY_TYPE)
    by_type = {question.type.letter: question for question in book.questions}
    names = {letter: [column.heading for column in book.columns_of(q.code)] for letter, q in by_type.items()}
    assert names[";"] == [f"{by_type[';'].code}[{row}_{cell}]" for row in ("R1", "R2") for cell in ("C1", "C2")]
    assert names["1"] == [f"{by_type['1'].code}[{row}][{scale}]" for row in ("R1", "R2") for scale in (1, 2)]
    assert names["|"] == [by_type["|"].code, f"{by_type['|'].code}[filecount]"]
    assert names["X"] == []
    comments = {letter: [c.heading for c in book.columns_of(q.code, "comment")] for letter, q in by_type.items()}
    assert comments["O"] == [f"{by_type['O'].code}[comment]"]
    assert comments["P"][-1] == f"{by_type['P'].code}[othercomment]"
    assert by_type["C"].labels("de") == {"Y": "Ja", "U": "Unsicher", "N": "Nein"}
    assert by_type["I"].labels("de") == {"de": "de", "en": "en"}
    assert by_type["F"].labels("en") == {"A1": "Antwort 1 (en)", "A2": "Antwort 2 (en)", "A3": "Antwort 3 (en)"}
    assert by_type["F"].items("de") == {"R1": "Zeile R1 (de)", "R2": "Zeile R2 (de)"}
    assert by_type["L"].text("de") == f"Frage {by_type['L'].code} (de)"
    assert book.title == {"de": "Titel de", "en": "Titel en"}


@pytest.mark.parametrize("version", [126, 133, 143])
def test_versions_with_label_sets(tmp_path: Path, version: int) -> None:
    letters = "".join(letter for letter in EVERY_TYPE if letter not in ":;|*") + "WZ"
    book = _read(tmp_path, lss(version, letters))
    by_type = {question.type.letter: question for question in book.questions}
    assert set(by_type) == set(letters)
    assert by_type["F"].items("en") == {"R1": "Zeile R1 (en)", "R2": "Zeile R2 (en)"}
    assert list(by_type["1"].labels("de", 1)) == ["A1", "A2", "A3"]
    assert list(by_type["W"].labels("de")) == ["A1", "A2", "A3"]
    assert list(by_type["L"].labels("de")) == ["A1", "A2", "A3", "-oth-"]


def test_every_known_type_is_made_or_old() -> None:
    assert set(TYPES) == {*EVERY_TYPE, "W", "Z"}


def test_conditions_of_old_versions(tmp_path: Path) -> None:
    rows = "".join(
        f"<row><qid>3</qid><scenario>{scenario}</scenario><cfieldname>77X1X{qid}</cfieldname>"
        f"<method>{method}</method><value>{value}</value></row>"
        for scenario, qid, method, value in (
            (1, 1, "==", "A1"),
            (1, 1, "==", "A2"),
            (1, 2, "&gt;", "3"),
            (2, 2, "==", "1"),
        )
    )
    text = lss(133, "!NS").replace("</document>", f"<conditions><rows>{rows}</rows></conditions></document>")
    assert _read(tmp_path, text)["Q3"].relevance == (
        "((77X1X1 == 'A1' or 77X1X1 == 'A2') and (77X1X2 > 3)) or ((77X1X2 == '1'))"
    )


def test_an_archive_is_read_without_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "wave.lsa"
    with ZipFile(path, "w") as archive:
        archive.writestr("../../evil.lss", lss(620))
    assert len(read_codebook(path).questions) == len(EVERY_TYPE)
    assert not (tmp_path.parent / "evil.lss").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.lsa", b"no zip", "not a readable archive"),
        ("a.lss", b"", "not readable XML"),
        ("a.lss", b"<a/>", "not a LimeSurvey survey structure"),
        ("a.lss", lss(125).encode(), "not known"),
        ("a.lss", lss(800).encode(), "not known"),
        ("a.lss", lss(620).replace("<question_order>", "<question_order>x").encode(), "no number as question_order"),
        ("a.lss", lss(620, "?").encode(), "question type is not read"),
        ("a.lss", lss(620, "F").replace("subquestions>", "nothing>").encode(), "has no subquestions"),
        ("a.lss", lss(620, "SS").replace("Q2", "Q1").encode(), "used twice"),
        ("a.lss", lss(620, "S").replace("<![CDATA[Q1]]>", "<![CDATA[../Q]]>").encode(), "other signs than letters"),
        ("a.lss", lss(620, "S").replace("<gid><![CDATA[1]]></gid><type>", "<gid>9</gid><type>").encode(), ""),
        ("a.lss", lss(620, "").encode(), "no questions"),
        ("a.lss", b'<?xml version="1.0" encoding="nonsense"?><a/>', "not readable XML"),
        ("a.lss", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type or entities"),
        ("a.tsv", b"class\tname\n", "not a tab-separated"),
        ("a.tsv", b"\xff\xfe", "not UTF-8"),
        ("a.tsv", b"class\ttype/scale\tname\ttext\tlanguage\nQ\tS\tQ1\tFrage\tde\n", "question has no gid"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message or "question") as caught:
        read_codebook(tmp_path / name)
    assert caught.value.exit_code == 3
    assert name in str(caught.value) or message == "question has no gid"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    from zipfile import ZIP_DEFLATED

    path = tmp_path / "bomb.lsa"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.lss", b" " * (60 * 1024**2))
    with pytest.raises(DataError, match="suspiciously large"):
        read_codebook(path)


@pytest.mark.parametrize("version", [164, 400])
def test_groups_of_questions_have_the_names_the_file_gives_them(tmp_path: Path, version: int) -> None:
    book = _read(tmp_path, lss(version))
    names = {"de": "Gruppe", "en": "Gruppe"} if version < 400 else {}
    assert all(question.section == names for question in book.questions)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["reference_survey", "pupils_survey"])
def test_tabs_and_xml_of_one_server_agree(shared: Path, name: str) -> None:
    books = [read_codebook(shared / "limesurvey" / f"{name}{end}") for end in ("_server.lss", ".tsv")]
    one, two = books
    assert one.columns == two.columns
    for left, right in zip(one.questions, two.questions, strict=True):
        assert (left.code, left.texts, left.answers, left.subquestions) == (
            right.code,
            right.texts,
            right.answers,
            right.subquestions,
        )
        assert (left.relevance, left.page, left.other) == (right.relevance, right.page, right.other)
        assert left.section == right.section != {}


@pytest.mark.shared
def test_a_questionnaire_of_others(shared: Path) -> None:
    book = read_codebook(shared / "data" / "limesurvey_rse" / "de_17_limesurvey_structure.tsv.txt")
    assert (len(book.questions), book.languages) == (70, ("en", "de-informal"))
    assert book["socio1"].text("de-informal") == "In welchem Land arbeitest Du?"
