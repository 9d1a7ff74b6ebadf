"""What differs between two questionnaires: swapped items, conditions of items, rules for answers, order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bildungsbedarf.codebook import Codebook, Question, compare_items, read_codebook
from bildungsbedarf.codebook.compare import compare_books, light_differences

LSS = Path(__file__).parents[2] / "surveys" / "bildungsbefragung" / "questionnaire.lss"


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook(LSS)


def _with(book: Codebook, question: Question) -> Codebook:
    return replace(book, questions=tuple(question if one.code == question.code else one for one in book.questions))


def test_items_that_changed_places_are_no_new_words(book: Codebook) -> None:
    asked = book["BARR"]
    first, second, *others = asked.subquestions
    swapped = [replace(first, texts=second.texts), replace(second, texts=first.texts), *others]
    states = compare_items(book, _with(book, replace(asked, subquestions=tuple(swapped))), "BARR")
    assert [states[one.code] for one in (first, second, *others)] == ["swapped", "swapped"] + ["same"] * len(others)


def test_an_item_shown_under_another_condition(book: Codebook) -> None:
    asked = book["BARR"]
    first, *others = asked.subquestions
    later = _with(book, replace(asked, subquestions=(replace(first, relevance="KIND == 'Y'"), *others)))
    states = compare_items(book, later, "BARR")
    assert (states[first.code], states[others[0].code]) == ("refiltered", "same")
    row = compare_books(book, later).set_index(["question", "item"]).loc[("BARR", first.code)]
    assert "KIND == 'Y'" in row["after"]


@pytest.mark.parametrize(
    "rules", [{"exclude_all_others": "ZEIT"}, {"max_answers": "3"}, {"array_filter": "WICHT"}, {"min_answers": "1"}]
)
def test_other_rules_for_answers(book: Codebook, rules: dict[str, str]) -> None:
    asked = book["BARR"]
    later = _with(book, replace(asked, attributes={**asked.attributes, **rules}))
    assert set(compare_items(book, later, "BARR").values()) == {"reset"}
    name, value = next(iter(rules.items()))
    shown = compare_books(book, later)
    assert f"{name} = {value}" in shown.loc[shown["question"] == "BARR", "after"].iloc[0]
    # a list of fields, or a table by hand, has no attributes: nothing follows from their absence
    bare = replace(book, questions=tuple(replace(one, attributes={}) for one in book.questions))
    assert set(compare_items(bare, later, "BARR").values()) == {"same"}


def test_another_order_and_duty_change_no_code(book: Codebook) -> None:
    asked = book["BARR"]
    later = _with(book, replace(asked, subquestions=asked.subquestions[::-1], mandatory=not asked.mandatory))
    assert set(compare_items(book, later, "BARR").values()) == {"same"}
    assert light_differences(book, later)[["question", "state"]].values.tolist() == [
        ["BARR", "reordered"],
        ["BARR", "mandatory"],
    ]
    assert light_differences(book, book).empty
