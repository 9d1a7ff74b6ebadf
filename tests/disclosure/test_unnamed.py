"""A category that nobody declared is named where enough persons share it, and a number otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, estimate, needs, show
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.estimates import CHOSEN_ROWS, Origin, facts_of
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave import Wave

WRITTEN = ("Mustermann", "0561 1234567")
"""What one person of the demo study wrote into FEHLT."""


def _other(wave: Wave) -> Wave:
    return wave.with_variables(k=lambda table: table["BARR_other"].fillna("sonst"))


def _told(wave: Wave) -> Wave:
    return wave.with_variables(k=lambda table: "Antwort: " + table["FEHLT"])


def _replaced(wave: Wave) -> Wave:
    return wave.with_variables(k=lambda table: table["FEHLT"].str.replace(" ", "_").str[::-1].str[::-1])


WAYS: dict[str, Callable[[Wave], pd.DataFrame]] = {
    "filled up": lambda wave: estimate.proportion(_other(wave), "k"),
    "with a prefix": lambda wave: estimate.proportion(_told(wave), "k"),
    "replaced": lambda wave: estimate.proportion(_replaced(wave), "k"),
    "the beginning": lambda wave: estimate.proportion(wave.with_variables(k=wave["FEHLT"].str[:24]), "k"),
    "as categories": lambda wave: estimate.proportion(
        wave.with_variables(k=lambda table: ("– " + table["FEHLT"]).astype("category")), "k"
    ),
    "groups": lambda wave: needs.unmet(_told(wave), by="k"),
    "groups of two": lambda wave: estimate.mean(_told(wave), "ALTER", by=["geschlecht", "k"]),
    "rows of a crosstab": lambda wave: estimate.crosstab(_told(wave), "k", "geschlecht"),
    "columns of a crosstab": lambda wave: estimate.crosstab(_told(wave), "geschlecht", "k", "total"),
    "a total": lambda wave: estimate.total(_told(wave), "k"),
    "brought into a design": lambda wave: estimate.proportion(
        wave.design.with_columns(wave.responses[["FEHLT"]]), "FEHLT"
    ),
    "a design of the responses": lambda wave: estimate.proportion(SurveyDesign(wave.responses), "FEHLT"),
    "a part of such a design": lambda wave: estimate.mean(
        SurveyDesign(wave.responses).where("ALTER > 30"), "ALTER", by="FEHLT"
    ),
    "a difference": lambda wave: estimate.difference(
        *(SurveyDesign(wave.responses).where(f"GESCHL == '{sex}'") for sex in "wm"),
        "proportion",
        "FEHLT",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_one_person_wrote_is_no_name(wave: Wave, way: str) -> None:
    released = disclosure.release(WAYS[way](wave))
    seen = released.frame.to_csv(index=False) + released.decisions.to_csv() + repr(released) + released._repr_html_()
    assert not any(word in seen for word in WRITTEN)
    assert "Deutschkurse" not in seen
    assert "categories are not named" in repr(released)


def test_nor_does_it_stand_in_a_table(wave: Wave) -> None:
    released = disclosure.release(estimate.proportion(_told(wave), "k"))
    html = show.table(released, _told(wave)).html
    assert not any(word in html for word in WRITTEN)


def test_a_scanned_file_has_no_codebook_either(wave: Wave, tmp_path: Path) -> None:
    wave.responses[["FEHLT", "ALTER"]].to_parquet(tmp_path / "rows.parquet")
    design = SurveyDesign.scan(tmp_path / "rows.parquet")
    assert "FEHLT" in design.origin.uncoded
    released = disclosure.release(estimate.proportion(design, "FEHLT"))
    assert not any(word in released.frame.to_csv() for word in WRITTEN)


def test_codes_of_ones_own_keep_their_names(wave: Wave) -> None:
    own = wave.with_variables(
        halb=lambda table: table["ALTER"].map(lambda age: "a" if age < 50 else "e"),
        weg=lambda table: table["KANAL"].map({"HNA": "Zeitung", "Gemeindeblatt": "blatt", "Social Media": "media"}),
        klasse=lambda table: table["altersgruppe"].astype("string"),
    )
    for name in ("halb", "weg", "klasse"):
        released = disclosure.release(estimate.proportion(own, name))
        told = {str(one) for one in own[name].dropna().unique()}
        assert set(released.frame["category"]) == told
        assert "not named" not in repr(released)


def test_declared_categories_keep_theirs_however_few_they_are_of(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="gemeinde"))
    assert not released.facts.uncoded
    assert set(released.frame["gemeinde"]) == set(wave.responses["gemeinde"].dropna())


def test_a_name_is_told_where_one_of_its_rows_has_enough_persons() -> None:
    data = pd.DataFrame(
        {"g": ["x"] * 12 + ["y"] * 12, "k": ["viele"] * 9 + ["rar"] * 3 + ["viele"] * 2 + ["eins"] * 10}
    )
    released = disclosure.release(estimate.proportion(SurveyDesign(data), "k", by="g"))
    assert set(released.frame["category"]) == {"viele", "eins", "… 1"}
    hidden = released.frame[released.frame["category"] == "viele"]
    assert hidden["decision"].tolist().count("shown") < len(hidden)


def test_a_group_of_a_whole_table_has_its_own_persons() -> None:
    data = pd.DataFrame({"sex": ["f", "m"] * 20, "k": ["viele"] * 38 + ["einer"] * 2})
    released = disclosure.release(estimate.crosstab(SurveyDesign(data), "sex", "k", "total"))
    assert set(released.frame["k"]) == {"viele", "… 1"}


def test_the_same_table_with_another_waves_origin_is_no_declaration(wave: Wave) -> None:
    design = SurveyDesign(wave.responses).described(wave.design.origin)
    released = disclosure.release(estimate.proportion(design, "FEHLT"))
    assert not any(word in released.frame.to_csv() for word in WRITTEN)


def test_a_group_of_enough_persons_keeps_its_name_however_it_is_crossed(wave: Wave) -> None:
    kind = pd.Series("andere", index=wave.responses.index)
    kind.iloc[:40] = "Kinderbetreuung"
    own = wave.with_variables(g=kind)
    released = disclosure.release(estimate.mean(own, "WICHT_F01", by=["g", "gemeinde"]))
    assert set(released.frame["g"]) == {"andere", "Kinderbetreuung"}


def test_numbers_stand_in_the_order_of_the_rows() -> None:
    scale = pd.CategoricalDtype(["Z", "Y", "A", "viele"], ordered=True)
    data = pd.DataFrame({"k": pd.Series(["Z", "Y", "A"] + ["viele"] * 20, dtype=scale)})
    released = disclosure.release(estimate.proportion(SurveyDesign(data), "k"))
    assert released.frame["category"].tolist() == ["… 1", "… 2", "… 3", "viele"]


def test_a_part_chosen_by_texts_is_not_told_in_their_words(wave: Wave) -> None:
    secret = wave["FEHLT"].dropna()[wave["FEHLT"].dropna().str.contains("Mustermann")].iloc[0]
    own = wave.with_variables(k=lambda table: "Antwort: " + table["FEHLT"])
    for design in (
        own.design.where(f"k != 'Antwort: {secret}'"),
        SurveyDesign(wave.responses).where(f"FEHLT == '{secret}'"),
        SurveyDesign(wave.responses.rename(columns={"FEHLT": "A_other"})).where(f"`A[other]` == '{secret}'"),
    ):
        assert design.origin.part == CHOSEN_ROWS
        released = disclosure.release(estimate.mean(design, "ALTER"))
        assert released.facts.part == CHOSEN_ROWS
        assert not any(word in repr(released) for word in WRITTEN)
    assert own.design.where("ALTER > 30").origin.part == "ALTER > 30"


def test_no_column_is_named_like_what_somebody_wrote(wave: Wave) -> None:
    dummies = pd.get_dummies(wave["FEHLT"])
    named = [name for name in dummies if "Mustermann" in name]
    for frame in (
        lambda: estimate.proportion(wave.design.with_columns(dummies), named),
        lambda: estimate.mean(wave.design.with_columns(dummies), "ALTER", by=named),
    ):
        with pytest.raises(DisclosureError, match="named like what somebody wrote") as caught:
            disclosure.release(frame())
        assert not any(word in str(caught.value) for word in WRITTEN)
    for name in (*named, "zwei Worte", "mit-Strich", ""):
        with pytest.raises(ConfigError, match="a variable is not called so") as error:
            wave.with_variables(**{name: "ALTER > 30"})
        assert not any(word in str(error.value) for word in WRITTEN)
    assert "größer_30" in wave.with_variables(größer_30="ALTER > 30")


def test_details_do_not_tell_a_name_either(wave: Wave) -> None:
    kind = pd.Series("viele", index=wave.responses.index)
    kind.iloc[:3], kind.iloc[3:600] = "Geheim", "andere"
    own = wave.with_variables(k=kind)
    frame = estimate.proportion(own, "k")
    facts = facts_of(frame).but(details={"reference": "Geheim", "sides": [{"part": "Geheim"}]})
    released = disclosure.release(facts.on(frame))
    assert "Geheim" not in repr(released.frame.attrs)
    assert released.facts.details["reference"] == "… 1"


def test_who_declares_the_texts_of_a_design_names_them() -> None:
    data = pd.DataFrame({"k": ["a"] * 10 + ["b"] * 2, "double": range(12)})
    design = SurveyDesign(data)
    assert design.origin.uncoded == ("k",)
    assert design.with_columns(pd.DataFrame({"k": range(12)})).origin.uncoded == ()
    # a source of another's is no declaration
    assert design.described(Origin("census", source="x")).origin.uncoded == ("k",)
    declared = disclosure.release(estimate.proportion(design.declared(["k"]), "k"))
    assert set(declared.frame["category"]) == {"a", "b"}
    assert set(disclosure.release(estimate.proportion(design, "k")).frame["category"]) == {"a", "… 1"}


@given(
    st.lists(st.sampled_from(["Bus", "Zeit", "Geld", "Ich heiße X", "Tel. 1"]), min_size=2, max_size=60),
    st.sampled_from([str.upper, str.title, lambda text: f"<{text}>", lambda text: text * 2]),
)
def test_no_name_of_fewer_persons_than_a_cell_needs(texts: list[str], change: Callable[[str], str]) -> None:
    changed = [change(text) for text in texts]
    released = disclosure.release(estimate.proportion(SurveyDesign(pd.DataFrame({"k": changed})), "k"))
    named = [name for name in released.frame["category"] if not name.startswith("…")]
    assert all(changed.count(name) >= released.limits.minimum_cell for name in named)
    assert len(released.frame) == len(set(changed))


def test_texts_of_single_persons_are_not_written_for_other_programs(wave: Wave, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="may hold what single persons wrote"):
        _told(wave).to_r(tmp_path / "r")
    assert not (tmp_path / "r").exists()
    codes = wave.with_variables(halb=lambda table: table["ALTER"].map(lambda age: "a" if age < 50 else "e"))
    assert "halb" in pd.read_csv(codes.to_r(tmp_path / "r").parent / "data.csv").columns
