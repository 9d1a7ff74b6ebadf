"""Offers, measures and diagnoses against what was planted in the demo, hand-made tables, and brute force."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import disclosure, findings, needs, supply
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.sources.offers import OfferFiles
from bildungsbedarf.study import Project
from bildungsbedarf.supply import texts
from bildungsbedarf.supply.diagnosis import _rank_sets
from bildungsbedarf.supply.places import Gazetteer
from bildungsbedarf.supply.planning import _best, _greedy
from bildungsbedarf.wave import Study, Wave

HEAD = "id;title;provider;category;format;place;start;time;fee;accessible;places;booked;url\n"


@pytest.fixture(scope="module")
def provided(study: Study) -> Wave:
    return study.wave("2028", "angebote")


def own_offers(project: Project, rows: str, rules: str = "") -> Wave:
    """A copy of the demo with other offers."""
    folder = project.surveys / "bildungsbefragung"
    text = (folder / "offers.toml").read_text(encoding="utf-8")
    columns = text.index("[columns]")
    text = text[:columns] + text[text.index("# Categories of the providers") :]
    (folder / "offers.toml").write_text(text + rules, encoding="utf-8")
    path = project.root / "own.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_file(path, "2028", "angebote")
    return loaded.wave("2028", "angebote")


def test_planted_gaps_are_in_the_table(provided: Wave) -> None:
    found = supply.offers(provided)
    places = supply.municipalities(provided)
    north = set(places.index[places["lat"] >= 51.5])
    held = found.counted[found.counted["place"].isin(north)]
    assert len(held) > 10
    assert not (held["evening"] | held["weekend"]).fillna(False).any()
    older = found.counted[(found.counted["field"] == "F05") & (found.counted["life_phase"] == "Nach dem Beruf")]
    assert len(older) > 0
    assert set(places["name"].reindex(older["place"])) <= {"Baunatal", "Hofgeismar"}


def test_every_unread_cell_is_listed_and_unknown(provided: Wave) -> None:
    found = supply.offers(provided)
    assert found.problems["value"].unique().tolist() == ["auf Anfrage"]
    assert found.table.loc[found.problems["id"], "fee"].isna().all()
    raw = provided.records.set_index("id")["fee"]
    assert (raw == "auf Anfrage").sum() == len(found.problems)


def test_coverage_adds_up_to_a_plain_count(provided: Wave) -> None:
    raw = provided.records
    by_field = supply.coverage(provided).set_index("field")
    assert by_field.loc["F05", "offers"] == (raw["category"] == "EDV und Internet").sum()
    assert by_field["places"].sum() == raw["places"].astype(int).sum()
    assert by_field["booked"].sum() == raw["booked"].astype(int).sum()
    by_place = supply.coverage(provided, ["field", "place"])
    # the 28 municipalities, and offers that are nowhere
    assert len(by_place) == 10 * 29
    assert by_place["offers"].sum() == len(raw)
    assert by_place.loc[by_place["place"] == "", "offers"].sum() == (raw["place"] == "").sum()
    row = supply.coverage(provided, "place").set_index("place").loc["003"]
    assert row["per_1000"] == pytest.approx(row["offers"] / 27755 * 1000)


def test_reach_against_a_plain_loop(provided: Wave) -> None:
    places = supply.municipalities(provided)
    raw = provided.records
    held = set(raw.loc[(raw["category"] == "Politik und Gesellschaft") & (raw["place"] != ""), "place"])
    names = {name.partition(",")[0]: code for code, name in places["name"].items()}
    total = 0
    for one in places.itertuples():
        near = False
        for name in held:
            other = places.loc[names[name]]
            lon, lat = np.radians(other["lon"] - one.lon), np.radians(other["lat"] - one.lat)
            part = np.cos(np.radians(one.lat)) * np.cos(np.radians(other["lat"])) * np.sin(lon / 2) ** 2
            near |= 2 * 6371.0088 * np.arcsin(np.sqrt(np.sin(lat / 2) ** 2 + part)) <= 10
        total += one.inhabitants * near
    row = supply.reach(provided).set_index("variable").loc["F07"]
    assert row["count"] == total
    assert row["estimate"] == pytest.approx(total / 236_764)


def test_a_partial_survey_of_offers_says_nothing_of_what_is_not_there(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"complete"', '"partial"'), encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    provided = loaded.wave("2028", "angebote")
    with pytest.raises(ConfigError, match="partial survey"):
        supply.reach(provided)
    told = findings.held_against_needs(provided, loaded.wave("2028"))
    assert not set(told["diagnosis"]) & {"no_offer", "too_far"}


def test_findings_of_supply_speak_to_goals_and_can_be_computed_again(study: Study, provided: Wave) -> None:
    found = findings.record(disclosure.release(supply.reach(provided)), provided)
    assert {one.kind for one in found} == {"supply"}
    assert [one.goals for one in found if one.id == "reach.F05"] == [["digitale-teilhabe"]]
    assert {check.outcome for check in findings.verify(study, found)} == {"same"}


def needed(provided: Wave, item: str, low: float, high: float) -> pd.DataFrame:
    places = supply.municipalities(provided)
    made = pd.DataFrame({"gemeinde": places.index, "estimate": (low + high) / 2, "ci_low": low, "ci_high": high})
    return made.assign(variable=item)


def named(*items: str) -> pd.DataFrame:
    return pd.DataFrame({"variable": list(items), "ci_low": [0.4] * len(items)}).astype({"variable": "str"})


def places_of(frame: pd.DataFrame, diagnosis: str) -> set[str]:
    return set(frame.loc[frame["diagnosis"] == diagnosis, "name"])


def test_each_rule_is_found_where_it_was_planted(project: Project) -> None:
    rows = (
        "1;Kurs;A;EDV und Internet;;Bad Karlshafen;3.1.2028;09:00;120 €;nein;10;10;\n"
        "2;Yoga;A;Gesundheit;;Baunatal;3.1.2028;19:00;kostenlos;ja;10;10;\n"
        "3;Rat;A;Politik und Gesellschaft;;Baunatal;3.1.2028;19:00;;ja;10;10;\n"
    )
    provided = own_offers(project, rows)
    every = named("ZEIT", "GELD", "INFO", "BARRI", "WEG")
    urgent = needed(provided, "F05", 0.4, 0.5)
    found = supply.diagnose(provided, urgent, every)
    assert "Bad Karlshafen" in places_of(found, "wrong_time")
    assert "Baunatal" in places_of(found, "too_far")
    also = found.set_index("name").loc["Bad Karlshafen", "also"]
    assert also == "too_expensive, not_accessible, unknown_to_people"
    # without the hindrance nobody says it was the time
    assert "Bad Karlshafen" in places_of(supply.diagnose(provided, urgent, named("GELD")), "too_expensive")
    assert "Bad Karlshafen" in places_of(supply.diagnose(provided, urgent, named("BARRI")), "not_accessible")
    assert "Baunatal" in places_of(
        supply.diagnose(provided, needed(provided, "F09", 0.4, 0.5), every), "unknown_to_people"
    )
    # a fee that nobody knows is not a high fee
    unknown = supply.diagnose(provided, needed(provided, "F07", 0.4, 0.5), named("GELD"))
    assert "Baunatal" in places_of(unknown, "cannot_say")
    assert set(supply.diagnose(provided, needed(provided, "F01", 0.4, 0.5), every)["diagnosis"]) == {"no_offer"}
    assert set(supply.diagnose(provided, needed(provided, "F05", 0.05, 0.1), every)["diagnosis"]) == {"enough"}
    assert set(supply.diagnose(provided, needed(provided, "F05", 0.1, 0.5), every)["diagnosis"]) == {"cannot_say"}


def test_what_may_not_be_shown_is_not_diagnosed(provided: Wave) -> None:
    hidden = needed(provided, "F05", 0.4, 0.5).assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan)
    found = supply.diagnose(provided, hidden, named("ZEIT"))
    assert set(found["diagnosis"]) == {"cannot_say"}
    assert found["people"].isna().all()


def test_people_behind_a_need_add_up(study: Study, provided: Wave) -> None:
    found = supply.diagnose(provided, needed(provided, "F05", 0.3, 0.5), named(), adults=200_000)
    assert found["people"].sum() == pytest.approx(0.4 * 200_000)


@given(st.data())
def test_the_best_plan_is_that_of_brute_force(data: st.DataObject) -> None:
    rows, candidates = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    cells = st.lists(st.booleans(), min_size=rows, max_size=rows)
    covers = np.array(data.draw(st.lists(cells, min_size=candidates, max_size=candidates)), dtype=bool)
    weights = np.array(data.draw(st.lists(st.integers(1, 1000), min_size=rows, max_size=rows)), dtype=float)
    count = data.draw(st.integers(1, candidates))
    best = max(
        weights[covers[list(chosen)].any(axis=0)].sum()
        for size in range(count + 1)
        for chosen in itertools.combinations(range(candidates), size)
    )
    chosen, bound = _best(covers, weights, count, np.array([], dtype=int))
    reached = weights[covers[chosen].any(axis=0)].sum()
    assert len(chosen) <= count
    assert reached == pytest.approx(best)
    assert bound == pytest.approx(best)
    greedy = sum(added for _, added in _greedy(covers, weights, count))
    assert best * (1 - 1 / np.e) - 1e-9 <= greedy <= best + 1e-9


def test_a_plan_reaches_the_worst_first(project: Project) -> None:
    provided = own_offers(project, "1;Kurs;A;Gesundheit;;Baunatal;3.1.2028;19:00;0;ja;10;1;\n")
    rows = needed(provided, "F05", 0.3, 0.5)
    rows.loc[rows["gemeinde"] == "002", ["estimate", "ci_low", "ci_high"]] = [0.8, 0.7, 0.9]
    diagnosed = supply.diagnose(provided, rows, named())
    assert set(diagnosed["diagnosis"]) == {"no_offer"}
    plain, fair = (supply.plan_offers(provided, diagnosed, 1, worst) for worst in (0, 1))
    away = supply.distances(supply.municipalities(provided))
    codes = supply.municipalities(provided).index.tolist()
    reaches = away[codes.index(fair.table["place"].iloc[0]), codes.index("002")] <= 10
    assert reaches
    assert fair.people < plain.people
    with pytest.raises(ConfigError, match="so few offers"):
        supply.plan_offers(provided, diagnosed, 1, 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20", (20, 20)),
        ("20,-", (20, 20)),
        ("20,50 €", (20.5, 20.5)),
        ("1.200 EUR", (1200, 1200)),
        ("1.200,00 €", (1200, 1200)),
        ("20.5", (20.5, 20.5)),
        ("48 € / ermäßigt 24 €", (48, 24)),
        ("gebührenfrei", (0, 0)),
        ("kostenlos/20 €", (20, 0)),
        ("nach Absprache", None),
        ("12-15 €", (15, 12)),
        ("ab 20", (20, 20)),
        ("bis 30 Euro", (30, 30)),
        ("5,00€/Monat", (5, 5)),
        ("0,-", (0, 0)),
        ("unentgeltlich", (0, 0)),
        *(
            (text, None)
            for text in (
                "3 x 20 €",
                "20 € (8 Termine)",
                "20 €, 50 % ermäßigt",
                "20 € inkl. 19 % MwSt",
                "unter 18 Jahren frei, sonst 12 €",
                "Kurs 4711: 20 €",
                "1 200 €",
                "1,200.00 EUR",
                "16.6666666666667",
                "1e3",
                "12,345 €",
                "-5 €",
                "99 Cent",
                "20 USD",
                "nicht kostenlos",
                "Kostenlos für Mitglieder",
                "",
            )
        ),
    ],
)
def test_fees(text: str, expected: tuple[float, float] | None) -> None:
    assert texts.fee(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.3.2028", "2028-03-01"),
        ("01.03.28, 18 Uhr", "2028-03-01"),
        ("2028-03-01T18:00:00+01:00", "2028-03-01"),
        ("Mi, 1. März 2028", "2028-03-01"),
        ("30.2.2028", "None"),
        ("Frühjahr", "None"),
        ("3/1/2028", "None"),
        *(
            (text, "None")
            for text in (
                "01.03.-05.04.2028",
                "1.3.2028 - 5.4.2028",
                "1.–3. März 2028",
                "Anmeldung bis 15.02.2028, Beginn 01.03.2028",
                "2028.03.01",
                "1.3.0028",
                "101.3.2028",
                "12028-03-01",
                "5. Mailänder 2028",
                "01.03.98",
                "1.3.",
            )
        ),
    ],
)
def test_days(text: str, expected: str) -> None:
    found = texts.moment(text)
    assert str(found and found.day) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2028-03-01T18:00:00+01:00", "18:00:00"),
        ("2028-05-02T17:30Z", "19:30:00"),
        ("2028-05-04 00:00:00", "None"),
        ("01.03.28", "None"),
        ("1.3.2028, 18 Uhr", "18:00:00"),
    ],
)
def test_the_hour_that_stands_with_a_day(text: str, expected: str) -> None:
    found = texts.moment(text)
    assert found is not None
    assert str(found.clock) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14-17 Uhr", 14),
        ("9 bis 18 Uhr", 9),
        ("19 - 21 Uhr", 19),
        ("19 bis 21.30 Uhr", 19),
        ("9–12.30 Uhr", 9),
        ("18:30 und 20:30", 18),
        ("8-12 und 13-17 Uhr", 8),
        ("18h", 18),
        ("24:00", None),
        ("abends", None),
        ("18:30 (Einlass 18:00)", None),
    ],
)
def test_hours(text: str, expected: int | None) -> None:
    found = texts.clock(text)
    assert (found and found.hour) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sa", True),
        ("samstags", True),
        ("Mo–Fr", False),
        ("Sommer", None),
        ("nach Absprache", None),
        ("Di und Sa", True),
    ],
)
def test_weekends(text: str, expected: bool | None) -> None:
    assert texts.is_weekend(text) is expected


def test_places_are_found_by_key_and_name_and_never_guessed(provided: Wave) -> None:
    gazetteer = Gazetteer(supply.municipalities(provided), {"013": ["Hümme"]}, "06633", ["34", "37"])
    for text in ("Hofgeismar", "013", "06633013", "34369 Hofgeismar", "Stadt Hofgeismar", "hofgeismar", "Hümme"):
        assert gazetteer.find(text) == "013", text
    assert gazetteer.find("Wolfhagen") == gazetteer.find("Wolfhagen, Hans-Staden-Stadt")
    for text in ("Hofgeismr", "Kassel", "34369", "", "06634013", "Tel. 01032028", "06618 Naumburg"):
        assert gazetteer.find(text) is None, text


def test_bad_offers_are_counted_named_or_left_out(project: Project) -> None:
    rows = (
        "1;<b>Kurs</b>;A;EDV und Internet;;Baunatl;3.1.2028;09:00;10;vielleicht;10;12;javascript:alert(1)\n"
        "2;Kurs;A;EDV & Netz;;Baunatal;irgendwann;09:00;10;ja;-3;1;\n"
        "3;Alt;A;EDV und Internet;;Baunatal;3.1.2020;09:00;10;ja;10;1;\n"
        "4;Doppelt;A;EDV und Internet;;Baunatal;3.2.2028;09:00;10;ja;10;1;\n"
        "5;doppelt;B;EDV und Internet;;Baunatal;03.02.2028;09:00;10;ja;10;1;\n"
    )
    found = supply.offers(own_offers(project, rows))
    told = {(row["id"], row["column"]): (row["value"], row["expected"]) for row in found.problems.to_dict("records")}
    assert told["1", "place"] == ("Baunatl", "did you mean 'Baunatal'?")
    assert {("1", "title"), ("1", "accessible"), ("1", "booked"), ("1", "url")} <= told.keys()
    assert {("2", "category"), ("2", "start"), ("2", "places"), ("3", "start"), ("5", "id")} <= told.keys()
    assert found.table.loc["1", "title"] == "Kurs"
    assert found.table.loc["1", "url"] == ""
    assert found.counted.index.tolist() == ["1", "2", "4"]
    assert pd.isna(found.table.loc["2", "places"])
    assert found.table.loc["5", "double_of"] == "4"


def test_doubled_ids_are_refused_with_the_id(project: Project) -> None:
    with pytest.raises(DataError, match="an id stands twice") as caught:
        own_offers(project, "7;A;;;;;;;;;;;\n7;B;;;;;;;;;;;\n")
    assert caught.value.problems[0].value == "7"


def test_a_column_that_offers_toml_names_and_the_table_lacks(project: Project) -> None:
    path = project.root / "falsch.csv"
    path.write_text("Nummer;Titel\n1;Kurs\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"offers\.toml names a column") as caught:
        Study.load("bildungsbefragung", project).import_file(path, "2028", "angebote")
    assert caught.value.problems[0].value == "Nr"


def test_one_word_cannot_be_assigned_to_two_fields(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('F09 = ["Gesundheit"]', 'F09 = ["edv und internet"]'))
    with pytest.raises(ConfigError, match="assigns"):
        Study.load("bildungsbefragung", project)


COURSE = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "Course",
            "@id": "https://example.org/k/1",
            "name": "Smartphone sicher nutzen",
            "provider": {"@type": "Organization", "name": "Volkshochschule Muster"},
            "about": "EDV und Internet",
            "offers": {"@type": "Offer", "price": "20.00", "priceCurrency": "EUR"},
            "hasCourseInstance": [
                {
                    "@type": "CourseInstance",
                    "startDate": "2028-03-01T18:30",
                    "location": {"@type": "Place", "address": {"addressLocality": "Baunatal"}},
                    "maximumAttendeeCapacity": 12,
                },
                {"@type": "CourseInstance", "startDate": "2028-04-01", "courseMode": "online"},
            ],
        },
        {
            "@type": ["EducationEvent", "Event"],
            "identifier": "e2",
            "name": "Wie entscheidet die Gemeinde?",
            "isAccessibleForFree": True,
            "location": "Hofgeismar",
        },
        {"@type": "Organization", "name": "Volkshochschule Muster"},
    ],
}


def test_linked_data_of_schema_org(tmp_path: Path) -> None:
    path = tmp_path / "kurse.jsonld"
    path.write_text(json.dumps(COURSE), encoding="utf-8")
    table = OfferFiles().read(path)[0]["records"].set_index("id")
    assert table.index.tolist() == ["https://example.org/k/1#1", "https://example.org/k/1#2", "e2"]
    assert table["place"].tolist() == ["Baunatal", "", "Hofgeismar"]
    assert table["fee"].tolist() == ["20.00", "20.00", "0"]
    assert table["format"].tolist() == ["", "online", ""]
    assert table.loc["https://example.org/k/1#1", ["provider", "category", "places"]].tolist() == [
        "Volkshochschule Muster",
        "EDV und Internet",
        "12",
    ]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"@type": "Organization"}', "[" * 100_000])
def test_what_is_no_linked_data_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kurse.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError):
        OfferFiles().read(path)


def test_several_sources_in_a_folder_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;title\n1;Kurs\n", encoding="utf-8")
    (tmp_path / "b.jsonld").write_text(json.dumps(COURSE), encoding="utf-8")
    table = OfferFiles().read(tmp_path)[0]["records"]
    assert table["id"].tolist()[:2] == ["a:1", "b:https://example.org/k/1#1"]
    assert table["source"].unique().tolist() == ["a.csv", "b.jsonld"]


def test_a_need_that_is_certain_is_diagnosed_in_the_demo(study: Study, provided: Wave) -> None:
    surveyed = study.wave("2028")
    found = findings.held_against_needs(provided, surveyed)
    north = found[(found["variable"] == "F05") & (found["diagnosis"] == "wrong_time")]
    assert "Wesertal" in set(north["name"])
    limit = supply.offers(provided).rules.rules.urgent_above
    told = found[~found["diagnosis"].isin(["enough", "cannot_say"])]
    assert (told["need_low"] > limit).all()
    areas = disclosure.release(needs.small_areas(surveyed, "F05")).frame.set_index("gemeinde")["estimate"]
    own = found[found["variable"] == "F05"].set_index("place")["need"]
    pd.testing.assert_series_equal(own.sort_index(), areas.sort_index(), check_names=False, check_index_type=False)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('F09 = ["Gesundheit"]', 'F99 = ["Gesundheit"]', "F99"),
        ('too_far = "WEG"', 'too_far = "WEGG"', "WEGG"),
        ("[rules]", '[places]\n"999" = ["Hümme"]\n[rules]', "999"),
        ("[rules]", '[places]\n"013" = ["Baunatal"]\n[rules]', "Baunatal"),
        ('title = "Titel"', 'title = "Nr"', "two columns"),
        ('needs = "erwachsene"', 'needs = "konferenz1"', "no battery"),
    ],
)
def test_mistakes_in_offers_toml_are_named(project: Project, old: str, new: str, what: str) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        loaded = Study.load("bildungsbefragung", project)
        if problems := supply.offers_problems(loaded):
            raise ConfigError(problems)
    assert what in str(caught.value)


def test_what_nobody_said_has_a_row_of_its_own(provided: Wave) -> None:
    frame = supply.coverage(provided, "place").set_index("place")
    assert frame["offers"].sum() == 240
    assert frame.index[-1] == ""
    with pytest.raises(ConfigError, match="each thing once"):
        supply.coverage(provided, ["field", "field"])


def test_linked_data_as_it_is_also_written(tmp_path: Path) -> None:
    nodes = [
        {"@type": "Course", "name": "A", "hasCourseInstance": [{"@id": "i1"}, {"@type": "CourseInstance"}]},
        {
            "@type": "CourseInstance",
            "@id": "i1",
            "startDate": "2028-03-01",
            "eventStatus": "https://schema.org/EventScheduled",
        },
        {"@type": "Course", "name": {"@value": "B"}, "offers": [{"price": 30}, {"price": 10}], "hasCourseInstance": {}},
        {"@type": "Event", "name": "C", "eventStatus": "https://schema.org/EventCancelled"},
        {
            "@type": "Event",
            "name": "D",
            "location": [{"@type": "VirtualLocation"}, {"@type": "PostalAddress", "addressLocality": "Baunatal"}],
            "offers": {"@type": "AggregateOffer", "lowPrice": "5", "highPrice": "9"},
        },
    ]
    path = tmp_path / "kurse.jsonld"
    path.write_text(json.dumps(nodes), encoding="utf-8")
    table = OfferFiles().read(path)[0]["records"]
    assert table["id"].is_unique
    assert table["title"].tolist() == ["A", "A", "B", "D"]
    assert table["fee"].tolist() == ["", "", "30 / 10", "5 / 9"]
    assert table["place"].tolist()[-1] == "Baunatal"
    # what is held at a place too can be gone to
    assert table["format"].tolist()[-1] == ""


def test_instances_are_referred_to_by_name_or_stand_alone(tmp_path: Path) -> None:
    nodes = [
        {"@type": "Course", "name": "A", "hasCourseInstance": ["i1", 7]},
        {"@type": "CourseInstance", "@id": "i1", "startDate": "2028-03-01"},
        {"@type": "Course", "name": "B", "hasCourseInstance": [{"@type": "CourseInstance", "startDate": "2028-04-01"}]},
        {"@type": "CourseInstance", "name": "C"},
    ]
    path = tmp_path / "kurse.jsonld"
    path.write_text(json.dumps(nodes), encoding="utf-8")
    table = OfferFiles().read(path)[0]["records"]
    assert table["title"].tolist() == ["A", "B", "C"]
    assert table["start"].tolist() == ["2028-03-01", "2028-04-01", ""]


def test_a_column_called_as_one_of_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kurse.csv"
    path.write_text("id;Titel;title\n1;A;B\n", encoding="utf-8")
    with pytest.raises(DataError, match="called as one of ours"):
        OfferFiles({"title": "Titel"}).read(path)


ROWS = (
    "1;Kurs;A;EDV und Internet;Kurs;Bad Karlshafen;3.1.2028;09:00;5 €;ja;10;10;\n"
    "2;Yoga;A;Gesundheit;Kurs;Baunatal;3.1.2028;19:00;kostenlos;ja;10;10;\n"
)


def test_the_planted_digital_gap_of_older_people_is_found(study: Study, provided: Wave) -> None:
    found = findings.held_against_groups(provided, study.wave("2028")).set_index(["group", "variable"])
    row = found.loc[("65+", "F05")]
    assert row["diagnosis"] == "too_far"
    raw, places = supply.offers(provided).counted, supply.municipalities(provided)
    own = raw[(raw["field"] == "F05") & (raw["life_phase"] == "Nach dem Beruf")]
    assert row["offers"] == len(own)
    near = supply.distances(places) <= 10
    at = [places.index.get_loc(code) for code in own["place"].dropna().unique()]
    assert row["reached"] == pytest.approx(places["inhabitants"][near[:, at].any(axis=1)].sum() / 236_764)
    # people are the need times all who are of the group
    people = findings.asked_of_groups(study.wave("2028"), supply.offers(provided).rules)[2]
    assert row["people"] == pytest.approx(row["need"] * people["altersgruppe", "65+"])
    assert set(found.loc[found["need_low"] <= 0.2, "diagnosis"]) <= {"enough", "cannot_say"}


def of_group(low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "by": "altersgruppe",
            "group": "65+",
            "variable": ["F05", "F07"],
            "estimate": (low + high) / 2,
            "ci_low": low,
            "ci_high": high,
        }
    )


def named_by_group(*items: str) -> pd.DataFrame:
    return named(*items).assign(by="altersgruppe", group="65+")


def diagnosed(provided: Wave, low: float, high: float, *items: str) -> dict[str, str]:
    found = supply.diagnose_groups(provided, of_group(low, high), named_by_group(*items))
    return dict(zip(found["variable"], found["diagnosis"], strict=True))


def with_audience(project: Project, audience: str) -> Wave:
    return own_offers(project, ROWS, f'[columns]\naudience = "{audience}"\n')


def test_each_rule_of_groups_is_found_where_it_was_planted(project: Project) -> None:
    # the provider's heading "provider" stands for the target group: all offers are for "A"
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["Ältere Menschen"]', '["Ältere Menschen", "A"]'), encoding="utf-8")
    provided = with_audience(project, "provider")
    every = ("ZEIT", "GELD", "INFO", "BARRI", "WEG")
    assert diagnosed(provided, 0.4, 0.5, *every) == {"F05": "too_far", "F07": "no_offer"}
    assert diagnosed(provided, 0.4, 0.5, "ZEIT") == {"F05": "wrong_time", "F07": "no_offer"}
    assert diagnosed(provided, 0.4, 0.5, "INFO") == {"F05": "unknown_to_people", "F07": "no_offer"}
    assert diagnosed(provided, 0.4, 0.5, "GELD") == {"F05": "cannot_say", "F07": "no_offer"}
    assert diagnosed(provided, 0.15, 0.3, *every) == {"F05": "cannot_say", "F07": "cannot_say"}
    assert diagnosed(provided, 0.05, 0.1, *every) == {"F05": "enough", "F07": "enough"}


def test_offers_for_nobody_in_particular_could_be_for_anybody(project: Project) -> None:
    provided = own_offers(project, ROWS)
    # nothing was said of whom they are for: nothing is missing for anybody, of the field without offers it is
    assert diagnosed(provided, 0.4, 0.5, "ZEIT", "WEG") == {"F05": "cannot_say", "F07": "no_offer"}


def test_travel_times_stand_in_place_of_distances(project: Project) -> None:
    provided = own_offers(project, ROWS)
    codes = supply.municipalities(provided).index
    lines = [
        f"06633{one};06633{other};{5 if {one, other} == {'002', '003'} else 60}" for one in codes for other in codes
    ]
    (project.reference / "zeiten.csv").write_text("von;nach;min\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    text = path.read_text(encoding="utf-8")
    travel = '[travel]\nfile = "zeiten.csv"\ncolumns = {from = "von", to = "nach", minutes = "min"}\n'
    path.write_text(text.replace("reach_km = 10", "reach_minutes = 30") + travel, encoding="utf-8")
    travelled = Study.load("bildungsbefragung", project).wave("2028", "angebote")
    places = supply.municipalities(travelled)
    row = supply.reach(travelled).set_index("variable").loc["F05"]
    # 60 minutes stand on the diagonal too: who lives there has none within 30
    assert row["count"] == places.loc["003", "inhabitants"]
    told = findings.record(disclosure.release(supply.reach(travelled)), travelled)
    assert "höchstens 30 Minuten" in next(one for one in told if one.id == "reach.F05").statement["de"]
    frame = supply.diagnose(travelled, needed(travelled, "F05", 0.4, 0.5), named("ZEIT")).set_index("place")
    assert frame.loc["003", "nearest_minutes"] == 5
    assert frame.loc["003", "nearest_km"] > 30
    # a distance of one's own is one
    assert supply.reach(travelled, 1).set_index("variable").loc["F05", "count"] == places.loc["002", "inhabitants"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("", "a way without a travel time"),
        ("001;001;-1", "a travel time that is none"),
        ("001;001;x", "a travel time that is none"),
        ("001;001;1\n001;001;2", "two travel times"),
    ],
)
def test_what_is_wrong_with_travel_times_is_named(project: Project, line: str, what: str) -> None:
    own_offers(project, ROWS)
    (project.reference / "zeiten.csv").write_text(f"from;to;minutes\n{line}\n", encoding="utf-8")
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    text = path.read_text(encoding="utf-8").replace("reach_km = 10", "reach_minutes = 30")
    path.write_text(text + '[travel]\nfile = "zeiten.csv"\n', encoding="utf-8")
    with pytest.raises(DataError, match=what):
        supply.reach(Study.load("bildungsbefragung", project).wave("2028", "angebote"))


def test_travel_times_and_their_limit_belong_together(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("reach_km = 10", "reach_minutes = 30"), encoding="utf-8")
    with pytest.raises(ConfigError, match="belong together"):
        Study.load("bildungsbefragung", project)


@pytest.mark.parametrize(("old", "new"), [("=65+", "=66+"), ("altersgruppe=65+", "alter=65+")])
def test_a_group_that_there_is_not_is_named(project: Project, old: str, new: str) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    told = [str(problem) for problem in supply.offers_problems(loaded)]
    assert len(told) == 1
    assert "a group that there is not" in told[0]
    assert "65+" in told[0]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.001, 0.3)), min_size=1, max_size=12))
def test_rank_sets_hold_every_order_the_intervals_allow(rows: list[tuple[float, float]]) -> None:
    people = np.array([middle for middle, _ in rows])
    spread = np.array([half for _, half in rows])
    frame = pd.DataFrame({"people": people, "people_low": people - spread, "people_high": people + spread})
    ranked = _rank_sets(frame)
    order = people.argsort()[::-1].argsort(kind="stable") + 1
    assert ((ranked["rank_best"] <= order) & (order <= ranked["rank_worst"])).all()
    # values drawn inside the intervals keep to the sets
    drawn = np.random.default_rng(0).uniform(frame["people_low"], frame["people_high"])
    places = (drawn[None, :] > drawn[:, None]).sum(axis=1) + 1
    assert ((ranked["rank_best"] <= places) & (places <= ranked["rank_worst"])).all()


def test_a_plan_says_how_far_it_holds(provided: Wave) -> None:
    sure = needed(provided, "F05", 0.4, 0.4)
    frame = supply.diagnose(provided, sure, named("ZEIT", "WEG"))
    plan = supply.plan_offers(provided, frame, 1)
    assert plan.holds == 1.0
    assert plan.table["reached_low"].sum() == pytest.approx(plan.people)
    unsure = supply.diagnose(provided, needed(provided, "F05", 0.21, 0.95), named("ZEIT", "WEG"))
    wide = supply.plan_offers(provided, unsure, 1)
    assert 0 < wide.holds < 1
    assert wide.holds == supply.plan_offers(provided, unsure, 1).holds
    assert set(wide.table["answers"]) <= {"wrong_time", "too_far", "wrong_time, too_far", "too_far, wrong_time"}


def test_offers_are_read_once_for_a_wave(provided: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    first = supply.offers(provided)
    first.table["title"] = "changed"
    monkeypatch.setattr("bildungsbedarf.supply.reading._offers_of", None)
    assert "changed" not in set(supply.offers(provided).table["title"])


EVERY = ("ZEIT", "GELD", "INFO", "BARRI", "WEG")


def by_place(provided: Wave, *items: str) -> set[str]:
    return set(supply.diagnose(provided, needed(provided, "F05", 0.4, 0.5), named(*items))["diagnosis"])


@pytest.mark.parametrize(
    "row",
    [
        # nobody knows where
        "1;Kurs;A;EDV und Internet;Kurs;Bürgerhaus;3.1.2028;09:00;120 €;nein;10;10;\n",
        # nobody knows of what
        "1;Kurs;A;Computer;Kurs;Baunatal;3.1.2028;09:00;120 €;nein;10;10;\n",
        # everywhere
        "1;Kurs;A;EDV und Internet;Online;;3.1.2028;09:00;5 €;ja;10;10;\n",
    ],
)
def test_nothing_is_missing_where_somebody_did_not_say(project: Project, row: str) -> None:
    provided = own_offers(project, row)
    assert by_place(provided, *EVERY) <= {"cannot_say", "unknown_to_people"}
    assert set(diagnosed(provided, 0.4, 0.5, *EVERY).values()) <= {"cannot_say", "unknown_to_people", "no_offer"}
    assert diagnosed(provided, 0.4, 0.5, *EVERY)["F05"] in ("cannot_say", "unknown_to_people")


def test_a_partial_survey_reaches_nobody_knows_whom(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "offers.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"complete"', '"partial"'), encoding="utf-8")
    provided = own_offers(project, ROWS)
    found = supply.diagnose_groups(provided, of_group(0.4, 0.5), named_by_group("WEG"))
    assert found["reached"].isna().all()


def test_a_wave_after_an_import_has_the_new_offers(project: Project) -> None:
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    assert len(supply.offers(loaded.wave("2028", "angebote")).table) == 240
    path = project.root / "new.csv"
    path.write_text("Nr;Titel\n1;Kurs\n", encoding="utf-8")
    offers_toml = project.surveys / "bildungsbefragung" / "offers.toml"
    text = offers_toml.read_text(encoding="utf-8")
    start, end = text.index("[columns]"), text.index("# Categories of the providers")
    offers_toml.write_text(text[:start] + '[columns]\nid = "Nr"\ntitle = "Titel"\n' + text[end:], encoding="utf-8")
    again = Study.load("bildungsbefragung", project)
    assert len(again.wave("2028", "angebote").records) == 240
    again.import_file(path, "2028", "angebote")
    assert len(supply.offers(again.wave("2028", "angebote")).table) == 1


def test_no_offer_of_the_period_is_a_table_of_zeros(project: Project) -> None:
    provided = own_offers(project, "1;Kurs;A;Gesundheit;Kurs;Baunatal;3.1.2035;19:00;5 €;ja;1;1;\n")
    for by in ("field", "place", ["field", "place"]):
        assert supply.coverage(provided, by)["offers"].sum() == 0


def test_people_of_a_group_are_told_of_samples_alone(study: Study, provided: Wave) -> None:
    rules = supply.offers(provided).rules
    assert findings.asked_of_groups(study.wave("2028"), rules)[2]
    assert supply.diagnose(provided, needed(provided, "F05", 0.4, 0.5).head(0), named("ZEIT")).empty


@pytest.mark.parametrize(("count", "worst"), [(0, 0), (2.5, 0), (1, -1)])
def test_what_cannot_be_planned_is_refused(provided: Wave, count: int, worst: int) -> None:
    frame = supply.diagnose(provided, needed(provided, "F05", 0.4, 0.5), named("ZEIT"))
    with pytest.raises(ConfigError):
        supply.plan_offers(provided, frame, count, worst)
    with pytest.raises(ConfigError, match="lack a column"):
        supply.plan_offers(provided, frame.drop(columns="people"))
