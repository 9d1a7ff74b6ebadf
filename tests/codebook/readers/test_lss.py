from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.codebook import TYPES, Codebook, compare_items, read_lss
from bildungsbedarf.codebook.labels import clean_label
from bildungsbedarf.errors import ConfigError, DataError

LSS = Path(__file__).parents[3] / "surveys" / "bildungsbefragung" / "questionnaire.lss"

LETTERS = "!NLYMFR1TABKPDS5*X"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_lss(LSS)


def test_all_types_of_the_reference_questionnaire(codebook: Codebook) -> None:
    assert {question.type.letter for question in codebook.questions} == set(LETTERS)
    assert set(LETTERS) <= set(TYPES)
    assert len(codebook.questions) == 24
    assert codebook.page_count == 3


def test_both_languages(codebook: Codebook) -> None:
    question = codebook["WICHT"]
    assert question.text("de") == "Wie wichtig sind Ihnen Angebote in diesen Bereichen?"
    assert question.text("en") == "How important are offers in these fields to you?"
    assert question.items("en")["F05"] == "Digital skills"
    assert question.labels("de")["9"] == "weiß nicht"
    assert question.section == {"de": "Bildungsbedarf", "en": "Education needs"}


def test_scales_answers_and_routes(codebook: Codebook) -> None:
    assert list(codebook["FORMAT"].labels("de", 0).values()) == ["nie", "selten", "oft"]
    assert list(codebook["FORMAT"].labels("de", 1).values()) == ["nein", "vielleicht", "ja"]
    assert codebook["KALTER"].relevance == "(KIND.NAOK == 'Y')"
    assert list(codebook["BILD"].labels("de")) == ["B1", "B2", "B3", "B4", "-oth-"]
    assert [column.name for column in codebook.columns_of("RANG")] == ["RANG_1", "RANG_2", "RANG_3"]
    assert [column.name for column in codebook.columns_of("ENGAG", "comment")] == [
        "ENGAG_DEMO_comment",
        "ENGAG_PET_comment",
    ]


def test_unknown_question_names_the_nearest(codebook: Codebook) -> None:
    with pytest.raises(ConfigError, match="did you mean 'WICHT'"):
        codebook["WICHTT"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<DBVersion>620</DBVersion>", "<DBVersion>99</DBVersion>", "a LimeSurvey that is not known"),
        ("<LimeSurveyDocType>Survey<", "<LimeSurveyDocType>Group<", "not a LimeSurvey survey structure"),
        ("<document>", "<!DOCTYPE a [<!ENTITY b 'c'>]><document>", "document type or entities"),
        ("</document>", "", "not readable XML"),
        ("<type><![CDATA[!]]></type>", "<type><![CDATA[?]]></type>", "question type is not read"),
    ],
)
def test_unusable_structures(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = LSS.read_text(encoding="utf-8")
    if old not in text:
        old, new = old.replace("<![CDATA[", "").replace("]]>", ""), new.replace("<![CDATA[", "").replace("]]>", "")
    assert old in text
    path = tmp_path / "broken.lss"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_lss(path)


def test_labels_are_cleaned() -> None:
    assert clean_label("<p>Wie <b>alt</b><br/>sind&nbsp;Sie, {INSERTANS:1X2X3}?</p>") == "Wie alt sind Sie, ?"
    assert "<" not in clean_label("<script>alert(1)</script>Frage")


def test_comparison_of_questions(codebook: Codebook, tmp_path: Path) -> None:
    assert set(compare_items(codebook, codebook, "ZUFR").values()) == {"same"}
    text = LSS.read_text(encoding="utf-8")
    for old, new, state in (
        ("Wie zufrieden sind Sie mit den Angeboten in Ihrer Nähe?", "Wie zufrieden sind Sie?", "reworded"),
        ("sehr zufrieden", "äußerst zufrieden", "rescaled"),
    ):
        path = tmp_path / "changed.lss"
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert set(compare_items(codebook, read_lss(path), "ZUFR").values()) == {state}
    # other words do not hide that the scale is another
    both = text.replace("Wie zufrieden sind Sie mit den Angeboten in Ihrer Nähe?", "Wie zufrieden sind Sie?")
    path.write_text(both.replace("sehr zufrieden", "äußerst zufrieden"), encoding="utf-8")
    assert set(compare_items(codebook, read_lss(path), "ZUFR").values()) == {"rescaled"}
    path.write_text(text.replace("Digitale Kompetenzen", "Digitales"), encoding="utf-8")
    states = compare_items(codebook, read_lss(path), "ZUFR")
    assert states["F05"] == "reworded"
    assert states["F06"] == "same"
