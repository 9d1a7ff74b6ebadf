"""The expression language's common part, as LimeSurvey evaluates it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bildungsbedarf.codebook.routing.relevance import parse_relevance
from bildungsbedarf.codebook.routing.routing import Routing
from bildungsbedarf.errors import ConfigError

ANSWERS = pd.DataFrame(
    {
        "AGE": ["17", "18", "90", "", "abc"],
        "JOB": ["Y", "N", "", "Y", "N"],
        "M_A": ["Y", "", "Y", "", ""],
        "M_B": ["Y", "", "", "Y", ""],
        "BORN": ["2008-02-03 00:00:00", "1990-01-01 00:00:00", "", "no", "2000-12-31 00:00:00"],
    },
    dtype="str",
)
NAMES = {name: name for name in ANSWERS.columns} | {"77X1X2": "JOB"}
T, F = True, False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AGE.NAOK >= 18", [F, T, T, F, T]),
        ("AGE.NAOK < 18", [T, F, F, F, F]),
        ("AGE.NAOK == 18", [F, T, F, F, F]),
        ("AGE.NAOK eq '18' or JOB.NAOK = 'Y'", [T, T, F, T, F]),
        ("JOB.NAOK != 'Y' && !is_empty(JOB.NAOK)", [F, T, F, F, T]),
        ("not (JOB.NAOK == 'Y')", [F, T, T, F, T]),
        ("is_empty(AGE.NAOK)", [F, F, F, T, F]),
        ("count(M_A.NAOK, M_B.NAOK) >= 1", [T, F, T, T, F]),
        ("sum(AGE.NAOK, 2) > 19", [F, T, T, F, F]),
        ("AGE.NAOK * 2 - 1 == 35", [F, T, F, F, F]),
        ("-AGE.NAOK < -20", [F, F, T, F, F]),
        ("regexMatch('/^1[78]$/', AGE.NAOK)", [T, T, F, F, F]),
        ("if(AGE.NAOK > 17, 1, 0)", [F, T, T, F, T]),
        ("in(JOB.NAOK, 'Y', 'X')", [T, F, F, T, F]),
        ("77X1X2 == 'Y'", [T, F, F, T, F]),
        ("INSERTANS:77X1X2.NAOK == 'Y'", [T, F, F, T, F]),
        ("{JOB.NAOK == 'Y'}", [T, F, F, T, F]),
        ("JOB.NAOK", [T, T, F, T, T]),
        ("0", [F, F, F, F, F]),
        ("date('Y', strtotime(BORN.NAOK)) > 1995", [T, F, F, F, T]),
        ("AGE.NAOK > 10 AND JOB.NAOK == \"N\" OR M_B.NAOK == 'Y'", [T, T, F, T, T]),
    ],
)
def test_conditions(text: str, expected: list[bool]) -> None:
    assert Routing(text).evaluate(ANSWERS, NAMES, {}).tolist() == expected


def test_without_naok_what_was_not_shown_makes_it_false() -> None:
    shown = {"JOB": pd.Series([True, False, True, True, True], dtype="boolean")}
    assert Routing("JOB != 'Y'").evaluate(ANSWERS, NAMES, shown).tolist() == [F, F, T, F, T]
    assert Routing("JOB.NAOK != 'Y'").evaluate(ANSWERS, NAMES, shown).tolist() == [F, T, T, F, T]


@pytest.mark.parametrize(
    "text",
    [
        "self.NAOK > 3",
        "that.WICHT == 1",
        "unknown(JOB)",
        "JOB ==",
        "AGE.relevanceStatus == 1",
        "__import__('os')",
        "(" * 3000,
        "x" * 6000,
    ],
)
def test_what_is_beyond_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        Routing(text)
    assert parse_relevance(text) is None


@pytest.mark.parametrize(
    "text", ["NOBODY == 1", "regexMatch('/(a+)+$/', JOB)", "regexMatch('[', JOB)", "if(JOB)", "date('x', AGE)"]
)
def test_what_has_no_value_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        Routing(text).evaluate(ANSWERS, NAMES, {})


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="AGEJOB.NK_=!<>&|()'\"0123456789+-*/ ,xX", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        Routing(text).evaluate(ANSWERS, NAMES, {})
    except ConfigError as error:
        assert str(error)
