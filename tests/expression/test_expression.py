from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Expression
from bildungsbedarf.wave import Wave

TABLE = pd.DataFrame({"ALTER": pd.array([17, 18, None, 40], "Float64"), "GEM": ["1", "999", "1", "2"]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALTER >= 18", [False, True, None, True]),
        ("ALTER >= 18 and GEM != '999'", [False, False, None, True]),
        ("ALTER >= 18 or GEM == '1'", [True, True, True, True]),
        ("not ALTER < 18", [False, True, None, True]),
        ("!(ALTER < 18) && GEM in ['1', '2']", [False, False, None, True]),
        ("GEM == 999", [False, True, False, False]),
        ("is_empty(ALTER)", [False, False, True, False]),
    ],
)
def test_conditions_know_unknown(text: str, expected: list[bool | None]) -> None:
    result = Expression(text).evaluate(TABLE)
    assert [None if pd.isna(value) else bool(value) for value in result] == expected


def test_limesurvey_reads_empty_as_a_value() -> None:
    table = pd.DataFrame({"KIND": ["Y", "N", ""]})
    result = Expression("(KIND.NAOK == 'Y')").evaluate(table, empty_is_value=True)
    assert result.tolist() == [True, False, False]
    assert Expression("KIND.NAOK != 'Y'").evaluate(table, empty_is_value=True).tolist() == [False, True, True]


def test_names_in_backquotes() -> None:
    table = pd.DataFrame({"sch.wide": ["Yes", "No"]})
    assert Expression("`sch.wide` == 'Yes'").evaluate(table).tolist() == [True, False]


def test_names_are_listed_without_suffix() -> None:
    assert Expression("A.NAOK == 1 and (B > 2 or A < 0)").names == ("A", "B")


@pytest.mark.parametrize("text", ["__import__('os')", "ALTER >=", "ALTER = 18", "1 +", "a" * 3000, "", "f(ALTER)"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        Expression(text)


def test_unknown_column_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'ALTER'"):
        Expression("ALTR >= 18").evaluate(TABLE)


@given(st.text(max_size=60))
def test_no_text_gives_a_traceback(text: str) -> None:
    try:
        parsed = Expression(text)
    except ConfigError as error:
        assert error.problems
    else:
        assert parsed.text == text


def test_what_a_column_cannot_hold_is_refused(wave: Wave) -> None:
    for condition, told in {
        "GESCHL == 'weiblich'": r"expected: 'w' \(weiblich\)",
        "GEM == 'Baunatal'": r"expected: '\d+' \(Baunatal\)",
        "TEILN == 'ja'": r"expected: 'Y' \(Ja\)",
        "altersgruppe == '65 +'": r"did you mean '65\+'",
        "ALTER >= 65 and KIND == 'J'": "KIND has no code 'J'",
        "GESCHL in ['w', 'frau']": "no code 'frau'",
        "BARR_ZEIT == 'Y'": "BARR_ZEIT == 1 where it is ticked",
    }.items():
        with pytest.raises(ConfigError, match=told):
            wave.with_variables(neu=condition)
        with pytest.raises(ConfigError):
            wave.design.where(condition)
    assert len(wave.with_variables(neu="GESCHL == 'w' and GEM != ''")["neu"].dropna())


def test_a_box_is_one_or_nought(wave: Wave) -> None:
    ticked = wave["BARR_ZEIT"]
    for condition in ("BARR_ZEIT == 1", "BARR_ZEIT > 0", "not BARR_ZEIT == 0"):
        found = wave.with_variables(neu=condition)["neu"]
        assert found.fillna(value=False).tolist() == ticked.fillna(value=False).tolist()
        assert found.isna().tolist() == ticked.isna().tolist()


CATEGORIES = pd.DataFrame(
    {
        "age": pd.Categorical(["jung", "mittel", "alt", None], categories=["jung", "mittel", "alt"], ordered=True),
        "sex": pd.Categorical(["w", "m", "w", "m"]),
        "code": pd.Categorical(["1", "2", "10", "2"]),
        "years": pd.array([20, 40, 70, None], dtype="Float64"),
        "WICHT_F01": pd.array([1, 4, 5, None], dtype="Int16"),
        "day": pd.to_datetime(["2026-02-03", "2026-03-01", "2025-12-31", None]),
        "box": pd.array([True, False, None, True], dtype="boolean"),
        "older": pd.Categorical(["mittel", "mittel", "alt", "alt"], categories=["jung", "mittel", "alt"], ordered=True),
        "moment": pd.to_datetime(["2026-02-03 11:30", "2026-03-01 00:00", "2025-12-31 23:59", None]),
        "iso": pd.array(["2026-02-03", "2026-03-01", "2025-12-31", None], dtype="string"),
        "german": pd.array(["03.02.2026", "01.03.2026", "31.12.2025", None], dtype="string"),
        "text": pd.array(["Bus", "", None, "Bahn"], dtype="string"),
    }
)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("age >= 'mittel'", [False, True, True, None]),
        ("'mittel' > age", [True, False, False, None]),
        ("age == 'alt'", [False, False, True, None]),
        ("code > 2", [False, False, True, False]),
        ("WICHT[F01] >= 4", [False, True, True, None]),
        ("`WICHT[F01]` >= 4", [False, True, True, None]),
        ("WICHT_F01.NAOK > .5", [True, True, True, None]),
        ("day > '2026-02-03'", [False, True, False, None]),
        ("'2026-02-03' >= day", [True, False, True, None]),
        ("day == '2026-02-03'", [True, False, False, None]),
        ("box == '1'", [True, False, None, True]),
        ("box != '1'", [False, True, None, False]),
        ("text != ''", [True, False, False, True]),
        ("'' == text", [False, True, True, False]),
        ("age == ''", [False, False, False, True]),
        ("age < older", [True, False, False, None]),
        ("moment == '2026-02-03'", [True, False, False, None]),
        ("moment <= '2026-02-03'", [True, False, True, None]),
        ("moment <= '2026-02-03T10:00:00'", [False, False, True, None]),
        ("moment in ['2026-02-03', '2026-03-01']", [True, True, False, None]),
        ("box >= 1", [True, False, None, True]),
        ("box < 1", [False, True, None, False]),
        ("iso > '2026-02-03'", [False, True, False, None]),
        ("years != 41", [True, True, True, None]),
    ],
)
def test_an_order_is_that_of_the_categories(condition: str, told: list[bool | None]) -> None:
    expression = Expression(condition)
    expression.check_codes(CATEGORIES)
    found = expression.evaluate(CATEGORIES)
    assert [None if pd.isna(one) else bool(one) for one in found] == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("sex == 1", "sex has no code 1"),
        ("sex > 2", "sex has no code 2"),
        ("sex >= 'm'", "have no order"),
        ("age > 45", "age has no code 45"),
        ("code == 3", "code has no code 3"),
        ("code > '2'", "code > 2"),
        ("years > 'abc'", "years is a number"),
        ("sex in ['w', 'f']", "sex has no code 'f'"),
        ("'1' < code", "expected: code > 1"),
        ("sex == code", "sex and code have no category in common"),
        ("age > ''", "'' is no answer"),
        ("day > '03.02.2026'", "day > '2026-02-03'"),
        ("day == 3", "day is a date"),
        ("text > 'A'", "texts of text have no order"),
        ("text > 3", "text is a text"),
        ("box == '2'", "box == 1 where it is ticked"),
        ("box > 1", "everybody or nobody"),
        ("box <= 1", "everybody or nobody"),
        ("german > '2026-02-03'", "texts of german have no order"),
        ("text > '2026-02-03'", "texts of text have no order"),
        ("moment > '2026-03-10T00:00:00Z'", "moment is a date"),
        ("sex < code", "no category in common"),
        ("text < german", "no order in common"),
        ("years == sex", "of different kinds"),
        ("moment > years", "of different kinds"),
        ("box == sex", "of different kinds"),
        ("text == sex", "of different kinds"),
    ],
)
def test_what_nobody_could_fulfil_is_refused(condition: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Expression(condition).check_codes(CATEGORIES)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("WICHT[F05] == 9", "nobody can have 9 in WICHT_F05\n.*\n.*one of 1, 2, 3, 4, 5"),
        ("mode == 'xyz'", "nobody has 'xyz' in mode"),
        ("WICHT[F05] > 6", "nobody can have > 6 in WICHT_F05"),
        ("RANG_1 < RANG_2", "no order in common"),
        ("ALTER > altersgruppe", "of different kinds"),
        ("submitdate > '2026-03-10T00:00:00Z'", "submitdate is a date"),
        ("GESCHL == weiblich", "texts stand in quotes"),
        ("DATUM > '03.02.2026'", "DATUM is a date"),
        ("KANAL > 3", "KANAL is a text"),
        ("GESCHL == BILD", "no category in common"),
        ("BARR_ZEIT", "BARR_ZEIT == 1"),
    ],
)
def test_a_variable_that_nobody_could_fulfil_is_refused(wave: Wave, condition: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        wave.with_variables(neu=condition)


def test_who_wrote_is_known_of_everybody(wave: Wave) -> None:
    wrote = wave.with_variables(wrote="FEHLT != ''", none="is_empty(FEHLT)")
    assert wrote["wrote"].tolist() == wave["FEHLT"].notna().tolist()
    assert wrote["none"].tolist() == (~wrote["wrote"]).tolist()


def test_right_conditions_are_taken_whoever_fulfils_them(wave: Wave) -> None:
    for condition in ("EHREN_VER == 0.5", "WICHT[F05] != 9", "ALTER == 44.5", "mode != 'papier'", "WICHT[F05] == 1"):
        assert "neu" in wave.with_variables(neu=condition)


def test_a_day_is_all_of_it(wave: Wave) -> None:
    moments = wave["submitdate"]
    day = str(moments.dropna().iloc[0].date())
    found = wave.with_variables(neu=f"submitdate == '{day}'")["neu"]
    assert found.sum() == (moments.dt.strftime("%Y-%m-%d") == day).sum() > 0


def test_no_message_lists_what_people_wrote(wave: Wave) -> None:
    for condition in ("FEHLT == 'Bus'", "BARR_other == 'Pflege'", "FEHLT > 'Bus'"):
        with pytest.raises(ConfigError) as caught:
            wave.with_variables(neu=condition)
        assert "Mustermann" not in str(caught.value)
        assert "Krankheit" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("ALTER => 65", ">= and <="),
        ("ALTER = 65", "two signs"),
        ("ALTER > 65 AND BILD == 'B1'", "written small"),
        ("ALTER > 65 & ALTER < 70", "write and, or"),
        ("BILD not in ['B1']", "not GESCHL in"),
        ("BILD in ('B1', 'B2')", "square brackets"),
        ("BILD == 'B1' or 'B2'", "each side names its column"),
        ("WICHT_F01 - ZUFR_F01 > 1", "a function computes"),
        ("GESCHL == „w“", "straight quotes"),
        ("STUND > 10,5", "have a point"),
        ("20 < ALTER < 70", "two comparisons"),
        ("BARR_ZEIT", "ticked where BARR_ZEIT == 1"),
        ("ALTER <> 3", "unequal is written !="),
        ("(ALTER >= 18", "stand in quotes"),
    ],
)
def test_a_condition_that_cannot_be_read_names_its_repair(text: str, repair: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(repair)):
        Expression(text)
