from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, needs
from bildungsbedarf.codebook.readers.lss import parse_lss
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.prepare import REASONS, multiple_response, prepare_table, ranking, ticked_items
from bildungsbedarf.prepare.quality import OTHER_REASONS, merge_small
from bildungsbedarf.study import AudienceConfig
from bildungsbedarf.wave import Wave
from tests.codebook.made import lss


def test_counted_and_not_counted_add_up_to_the_rows(wave: Wave, later: Wave, conference: Wave) -> None:
    for each in (wave, later, conference):
        quality = each.quality
        assert quality.counted + sum(quality.not_counted.values()) == quality.rows
        assert len(each.responses) == quality.counted
    assert wave.quality.not_counted == {"not_eligible": 22, "stratum_unknown": 13, "broken_off_before_core": 111}


def test_types_of_the_contract(wave: Wave) -> None:
    types = {name: str(dtype) for name, dtype in wave.responses.dtypes.items()}
    assert types["WICHT_F01"] == types["GESAMT"] == types["FORMAT_ONL_1"] == types["PEKS_P1"] == "Int16"
    assert types["ALTER"] == types["EHREN_VER"] == "Float64"
    assert types["GEM"] == types["BILD"] == types["MIGR"] == types["RANG_1"] == "category"
    assert types["BARR_ZEIT"] == types["ENGAG_PET"] == "boolean"
    assert types["DATUM"].startswith("datetime64")
    assert types["BILD_other"] == types["FEHLT"] == types["ENGAG_PET_comment"] == "string"
    assert list(wave.responses["BILD"].cat.categories) == ["B1", "B2", "B3", "B4", "-oth-"]
    assert list(wave.responses.columns[:4]) == ["id", "wave", "audience", "mode"]


def test_every_missing_answer_has_one_reason(wave: Wave) -> None:
    assert wave.missing.shape == wave.responses.shape
    for column in wave.codebook.columns:
        is_missing = wave.responses[column.name].isna()
        assert (wave.missing[column.name].notna() == is_missing).all(), column.name
    assert set(wave.missing["ALTER"].cat.categories) == set(REASONS)


def test_reasons_are_the_right_ones(wave: Wave) -> None:
    responses, missing = wave.responses, wave.missing
    took_part = responses["TEILN"] == "Y"
    assert (missing.loc[~took_part, "STUND"] == "not_shown").all()
    assert not (missing.loc[took_part, "STUND"] == "not_shown").any()
    raw = wave.snapshot.read().set_index("id")["WICHT[F01]"].loc[responses["id"].astype(str)]
    assert ((missing["WICHT_F01"] == "dont_know").to_numpy() == (raw == "9").to_numpy()).all()
    assert (missing.loc[responses["BILD"] != "-oth-", "BILD_other"] == "not_shown").all()
    assert (missing.loc[responses["ENGAG_PET"].eq(False), "ENGAG_PET_comment"] == "not_shown").all()
    # nobody who is counted broke off before page 2; whoever finished broke off nowhere
    assert not (missing["PEKS_P1"] == "broken_off").any()


def test_unticked_is_false_only_where_it_was_seen(wave: Wave) -> None:
    kalter = wave.responses["KALTER_K02"]
    has_children = wave.responses["KIND"] == "Y"
    assert kalter[~has_children].isna().all()
    assert kalter[has_children].notna().all()


def test_broken_off_comes_before_not_shown(wave: Wave) -> None:
    config = AudienceConfig.model_validate(
        {"questionnaire": "q.lss", "sampling": "probability", "population": "alle", "missing": {}}
    )
    raw = wave.snapshot.read()
    prepared = prepare_table(raw, wave.codebook, config, "2026", "erwachsene", [])
    early = (raw["lastpage"] == "1") & (raw["submitdate"] == "")
    for name in ("WICHT_F01", "STUND", "BARR_ZEIT", "PEKS_P1"):
        assert (prepared.missing.loc[early.to_numpy(), name] == "broken_off").all()
        assert not (prepared.missing.loc[~early.to_numpy(), name] == "broken_off").any()
    assert prepared.quality.partial == 114


def test_conditions_beyond_the_grammar_are_named_not_guessed(wave: Wave) -> None:
    questions = tuple(
        question if question.code != "STUND" else replace(question, relevance="self.NAOK > 3")
        for question in wave.codebook.questions
    )
    book = replace(wave.codebook, questions=questions)
    prepared = prepare_table(wave.snapshot.read(), book, wave.config, "2026", "erwachsene", ["WICHT"])
    assert prepared.quality.not_evaluable == ("STUND: self.NAOK > 3",)
    empty = prepared.responses["STUND"].isna()
    assert (prepared.missing.loc[empty, "STUND"] == "not_evaluable").all()


def test_derived_variables(wave: Wave, conference: Wave) -> None:
    ages = wave.responses[["ALTER", "altersgruppe"]]
    assert list(ages["altersgruppe"].cat.categories) == ["18–29", "30–44", "45–64", "65+"]
    assert (ages.loc[ages["ALTER"] == 30, "altersgruppe"] == "30–44").all()
    assert (ages.loc[ages["ALTER"] == 65, "altersgruppe"] == "65+").all()
    assert conference.responses["bereich"].value_counts().to_dict() == {
        "Soziales, Integration, Zivilgesellschaft": 25,
        "Kita, Schule, Weiterbildung": 20,
        "Betriebe, Verwaltung, Politik": 17,
    }


def test_people_set_apart_count_everywhere_but_in_groups_of_their_variable(wave: Wave) -> None:
    assert wave.design.levels("geschlecht") == ["w", "m"]
    assert (wave.responses["GESCHL"] == "d").sum() == 5
    assert wave.responses.loc[wave.responses["GESCHL"] == "d", "geschlecht"].isna().all()
    assert wave.prepared.apart == {"geschlecht": ["d"]}
    released = disclosure.release(needs.unmet(wave, by="geschlecht"))
    assert (released.frame["decision"] == "shown").all()
    whole = needs.unmet(wave).set_index("variable")["n"]
    assert (released.frame.groupby("variable")["n"].sum() < whole).all()


def test_who_would_follow_from_the_whole_is_not_set_apart(wave: Wave) -> None:
    raw = wave.snapshot.read()
    raw["GESCHL"] = raw["GESCHL"].mask(raw["GESCHL"] == "", "w")
    prepared = prepare_table(raw, wave.codebook, wave.config, "2026", "erwachsene", ["WICHT"])
    assert prepared.apart == {}
    assert list(prepared.responses["geschlecht"].cat.categories) == ["w", "m", "d"]
    again = prepare_table(raw, wave.codebook, wave.config, "2026", "erwachsene", ["WICHT"], 5)
    assert again.apart == {"geschlecht": ["d"]}


def test_a_category_set_apart_must_be_there(wave: Wave) -> None:
    rule = wave.config.variables["geschlecht"].model_copy(update={"apart": ["x"]})
    config = wave.config.model_copy(update={"variables": wave.config.variables | {"geschlecht": rule}})
    with pytest.raises(ConfigError, match="no category to set apart"):
        prepare_table(wave.snapshot.read(), wave.codebook, config, "2026", "erwachsene", ["WICHT"])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"from": "ALTR", "cut": [18, 65]}, "unknown column"),
        ({"from": "GEM", "cut": [18, 65]}, "only numbers"),
        ({"from": "GEM", "unknown": ["998"]}, "no answer has this code"),
        ({"from": "ALTER", "unknown": ["99"]}, "single choice"),
    ],
)
def test_wrong_variables(wave: Wave, rule: dict[str, object], message: str) -> None:
    config = AudienceConfig.model_validate(
        {"questionnaire": "q.lss", "sampling": "probability", "population": "alle", "variables": {"neu": rule}}
    )
    with pytest.raises(ConfigError, match=message):
        prepare_table(wave.snapshot.read(), wave.codebook, config, "2026", "erwachsene", [])


def test_nobody_counted(wave: Wave) -> None:
    config = wave.config.model_copy(update={"eligible": "ALTER > 200"})
    with pytest.raises(DataError, match="nobody is counted"):
        prepare_table(wave.snapshot.read(), wave.codebook, config, "2026", "erwachsene", [])


def test_excluding_careless_answers(wave: Wave) -> None:
    quality = wave.config.quality.model_copy(update={"speeding": "exclude"})
    config = wave.config.model_copy(update={"quality": quality})
    prepared = prepare_table(wave.snapshot.read(), wave.codebook, config, "2026", "erwachsene", ["WICHT"])
    assert prepared.quality.not_counted["speeding"] == wave.quality.flagged["speeding"]
    assert prepared.quality.counted + sum(prepared.quality.not_counted.values()) == 1500


def test_tidy_forms(wave: Wave) -> None:
    wide = ticked_items(wave.responses, wave.codebook, "BARR")
    assert list(wide.columns)[-1] == "other"
    assert (wide["other"] == wave.responses["BARR_other"].notna()).all()
    long = multiple_response(wave.responses, wave.codebook, "BARR")
    assert len(long) == len(wave.responses) * 9
    assert long["ticked"].sum() == wide.sum().sum()
    ranks = ranking(wave.responses, wave.codebook, "RANG")
    assert set(ranks["place"]) == {1, 2, 3}
    assert not ranks.duplicated(["id", "item"]).any()
    assert (ranks.groupby("place").size().diff().dropna() <= 0).all()


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30)), st.integers(2, 8))
def test_merged_counts_hide_small_ones_and_add_up(counts: dict[str, int], minimum: int) -> None:
    merged, told = merge_small(counts, minimum)
    if told:
        assert sum(count or 0 for count in merged.values()) == sum(counts.values())
        assert all(count is not None and count >= minimum for count in merged.values())
    else:
        assert merged == {OTHER_REASONS: None}
        assert 0 < sum(counts.values()) < minimum


def test_published_quality_shows_no_small_count(wave: Wave) -> None:
    published = wave.quality.published(50)
    assert published["flagged"] == {"speeding": None, "straightlining": None}
    reasons = {entry["reason"]: entry["count"] for entry in published["not_counted"]}  # type: ignore[attr-defined]
    assert reasons == {"other_reasons": 146}


def test_export_stays_untouched(wave: Wave) -> None:
    raw = wave.snapshot.read()
    before = raw.copy()
    prepare_table(raw, wave.codebook, wave.config, "2026", "erwachsene", ["WICHT"])
    pd.testing.assert_frame_equal(raw, before)
    assert Path(wave.snapshot.folder).is_dir()


def test_every_question_type_can_be_prepared() -> None:
    """A filled answer to one question of each type; a list's comment is open whatever was chosen."""
    book = parse_lss(lss(600).encode(), "alle.lss")
    answers = {"id": "1", "submitdate": "2026-01-01 10:00:00", "lastpage": "9"}
    plain = {"date": "2026-01-02 00:00:00", "number": "3", "text": "Text", "checkbox": "Y", "language": "de"}
    for column in book.columns:
        answers[column.heading] = plain.get(column.values) or (column.codes[0] if column.codes else "")
    table = pd.DataFrame([answers], dtype="str")
    config = AudienceConfig(questionnaire="x.lss", sampling="census", population="Alle")
    prepared = prepare_table(table, book, config, "2026", "alle", [])
    comment = next(question.code for question in book.questions if question.type.letter == "O")
    assert prepared.responses[f"{comment}_comment"].tolist() == ["Text"]
