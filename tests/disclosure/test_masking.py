"""What names a person is masked in written answers: recall and precision on 500 made-up ones, and each kind once."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.disclosure import mask
from tests.disclosure.labelled import MARK, sentences

_LABEL = re.compile(r"\[(?:Name|Adresse|Konto|Datum|E-Mail|Nutzername|Link|Nummer|Kennzeichen|Telefon)\]")


def _plain(marked: str) -> str:
    return MARK.sub(lambda found: found["text"], marked)


def _words(text: str) -> set[str]:
    """What could be recognised again: words of three letters, numbers of two digits."""
    return {word for word in re.findall(r"[^\W\d_]{3,}|\d{2,}", text) if word not in ("von", "zur", "der", "den")}


def test_recall_on_five_hundred_made_up_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """An entity is found where none of its words stands any more; printed by kind."""
    marked = sentences()
    assert len(marked) == len(set(marked)) == 500
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = []
    for one in marked:
        shown = _words(_LABEL.sub("", mask(_plain(one))))
        for entity in MARK.finditer(one):
            kind = {"first": "name", "family": "name"}.get(entity["kind"], entity["kind"])
            asked[kind] += 1
            if _words(entity["text"]) & shown:
                missed.append(f"{kind}: {one}")
            else:
                found[kind] += 1
    with capsys.disabled():
        told = ", ".join(f"{kind} {found[kind]}/{asked[kind]}" for kind in sorted(asked))
        sys.stdout.write(f"\nrecall of masking: {told}\n")
    assert all(found[kind] == asked[kind] for kind in asked if kind != "name"), missed
    assert found["name"] / asked["name"] >= 0.95, missed


def test_answers_without_persons_stay_as_they_are() -> None:
    without = [one for one in sentences() if not MARK.search(one)]
    assert len(without) == 100
    assert [one for one in without if mask(one) != one] == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ich heiße Erika Mustermann.", "Ich heiße [Name]."),
        ("erika@example.org, Tel. 0561 1234567", "[E-Mail], Tel. [Telefon]"),
        ("Lange Straße 17, 34369 Hofgeismar", "[Adresse], [Adresse]"),
        ("mein Auto KS-AB 123", "mein Auto [Kennzeichen]"),
        ("siehe www.example.org/ich", "siehe [Link]"),
        ("geboren am 12.05.1961", "geboren am [Datum]"),
        ("DE02 1203 0000 0000 2020 51", "[Konto]"),
        ("E\u0301 ist\u202e ein Buch\u200bstabe", "É ist ein Buchstabe"),
    ],
)
def test_each_kind(written: str, shown: str) -> None:
    assert mask(written) == shown


def test_words_that_a_person_names_are_left_out() -> None:
    assert mask("Ich arbeite bei Müllermilch als Köchin", words=[4]) == "Ich arbeite bei […] als Köchin"


def test_in_english_the_labels_are_english() -> None:
    assert mask("Frau Müller", "en") == "Frau [name]"


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert len(mask(once)) <= len(once) + 20
    assert not re.search(r"[\w.]+@\w+\.[a-z]{2,}", once)
