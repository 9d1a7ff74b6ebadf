"""Offers in calendars, course lists and schedules: hand-written files, each value as it stands there."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.offers import OfferFiles
from bildungsbedarf.sources.offers.calendars import calendar_offers
from bildungsbedarf.sources.offers.catalogues import catalogue_offers
from bildungsbedarf.sources.offers.linked import linked_offers
from bildungsbedarf.sources.offers.rows import table_of
from bildungsbedarf.study import Project
from bildungsbedarf.supply import offers
from bildungsbedarf.wave import Study

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Muster//DE
BEGIN:VEVENT
UID:a1@example.org
SUMMARY:Smartphone\\, Tablet und Co.
DTSTART;TZID=Europe/Berlin:20280306T183000
DTEND;TZID=Europe/Berlin:20280306T200000
RRULE:FREQ=WEEKLY;UNTIL=20280410T220000Z;BYDAY=MO
LOCATION:Rathaus\\, Marktplatz 1\\, 34369 Hofgeismar
CATEGORIES:EDV und Internet
ORGANIZER;CN="Volkshochschule Muster":mailto:vhs@example.org
URL:https://example.org/a1
END:VEVENT
BEGIN:VEVENT
UID:a1@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20280313T183000
SUMMARY:Smartphone (verschoben)
DTSTART;TZID=Europe/Berlin:20280314T183000
END:VEVENT
BEGIN:VEVENT
UID:a2@example.org
SUMMARY:Ein sehr langer Titel, der nach fünfundsiebzig Zeichen umgebr
 ochen wird
DTSTART:20280701T160000Z
DURATION:PT2H
LOCATION:https://meet.example.org/a2
END:VEVENT
BEGIN:VEVENT
UID:a3@example.org
SUMMARY:Familienwochenende
DTSTART;VALUE=DATE:20280708
DTEND;VALUE=DATE:20280710
LOCATION:Baunatal
CATEGORIES:Familienbildung,Freizeit
END:VEVENT
BEGIN:VEVENT
UID:a4@example.org
SUMMARY:Fällt aus
STATUS:CANCELLED
DTSTART:20280701T160000Z
END:VEVENT
END:VCALENDAR
"""

CATALOGUE = """<?xml version="1.0" encoding="UTF-8"?>
<OPENQCAT VERSION="1.1" xmlns="http://example.org/openqcat">
 <HEADER>
  <CATALOG><LANGUAGE>deu</LANGUAGE><CATALOG_ID>1</CATALOG_ID></CATALOG>
  <SUPPLIER><SUPPLIER_ID type="supplier_specific">77</SUPPLIER_ID><NAME>Kammer Muster</NAME></SUPPLIER>
 </HEADER>
 <NEW_CATALOG FULLCATALOG="true">
  <SERVICE mode="new">
   <PRODUCT_ID>K-1</PRODUCT_ID><COURSE_TYPE>0</COURSE_TYPE>
   <SUPPLIER_ID_REF type="supplier_specific">77</SUPPLIER_ID_REF>
   <SERVICE_DETAILS>
    <TITLE>Buchführung für Betriebe</TITLE>
    <SERVICE_DATE><START_DATE>2028-03-01T00:00:00.000+01:00</START_DATE><END_DATE>2028-05-31</END_DATE></SERVICE_DATE>
    <KEYWORD>Rechnung</KEYWORD>
    <TARGET_GROUP><TARGET_GROUP_TEXT>Erwachsene</TARGET_GROUP_TEXT></TARGET_GROUP>
    <SERVICE_MODULE><EDUCATION type="true">
     <EXTENDED_INFO><INSTRUCTION_FORM type="1">Vollzeit</INSTRUCTION_FORM></EXTENDED_INFO>
     <MODULE_COURSE>
      <MAX_PARTICIPANTS>15</MAX_PARTICIPANTS>
      <LOCATION><NAME>Haus A</NAME><ZIP>34225</ZIP><CITY>Baunatal</CITY>
       <BARRIER_FREE_LOCATION>true</BARRIER_FREE_LOCATION></LOCATION>
     </MODULE_COURSE>
     <MODULE_COURSE><LOCATION><ZIP>34369</ZIP><CITY>Hofgeismar</CITY></LOCATION></MODULE_COURSE>
    </EDUCATION></SERVICE_MODULE>
   </SERVICE_DETAILS>
   <SERVICE_CLASSIFICATION>
    <FEATURE><FNAME>CategoryID</FNAME><FVALUE>C 1212-10</FVALUE></FEATURE></SERVICE_CLASSIFICATION>
   <SERVICE_PRICE_DETAILS>
    <SERVICE_PRICE><PRICE_AMOUNT>120.00</PRICE_AMOUNT><PRICE_CURRENCY>EUR</PRICE_CURRENCY></SERVICE_PRICE>
   </SERVICE_PRICE_DETAILS>
  </SERVICE>
  <SERVICE mode="new">
   <PRODUCT_ID>K-2</PRODUCT_ID><SUPPLIER_ID_REF>99</SUPPLIER_ID_REF>
   <SERVICE_DETAILS><TITLE>Bewerben</TITLE><KEYWORD>Beruf</KEYWORD><KEYWORD>Brief</KEYWORD>
    <SERVICE_MODULE><EDUCATION>
     <EXTENDED_INFO><INSTRUCTION_FORM type="5">Fernunterricht/E-Learning</INSTRUCTION_FORM></EXTENDED_INFO>
    </EDUCATION></SERVICE_MODULE></SERVICE_DETAILS>
  </SERVICE>
  <SERVICE mode="delete"><PRODUCT_ID>K-3</PRODUCT_ID></SERVICE>
 </NEW_CATALOG>
</OPENQCAT>
"""


def read(folder: Path, name: str, text: str) -> pd.DataFrame:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert OfferFiles().recognises(path)
    return OfferFiles().read(path)[0]["records"].set_index("id")


def test_a_calendar_has_one_offer_an_event(tmp_path: Path) -> None:
    table = read(tmp_path, "vhs.ics", CALENDAR)
    assert table.index.tolist() == ["a1/example.org", "a2/example.org", "a3/example.org"]
    weekly = table.loc["a1/example.org"]
    assert weekly["title"] == "Smartphone, Tablet und Co."
    assert weekly[["provider", "category"]].tolist() == ["Volkshochschule Muster", "EDV und Internet"]
    assert weekly[["place", "start", "end"]].tolist() == ["34369 Hofgeismar", "2028-03-06", "2028-04-10"]
    assert weekly[["time", "weekday", "hours"]].tolist() == ["18:30", "Mo", ""]
    online = table.loc["a2/example.org"]
    assert online["title"].endswith("umgebrochen wird")
    # 16:00 in UTC is 18:00 on the wall in July
    assert online[["format", "place", "start", "time", "hours"]].tolist() == ["online", "", "2028-07-01", "18:00", "2"]
    days = table.loc["a3/example.org"]
    # the day after the last is the end of whole days
    assert days[["start", "end", "time", "category"]].tolist() == [
        "2028-07-08",
        "2028-07-09",
        "",
        "Familienbildung, Freizeit",
    ]


def test_a_course_list_in_open_qcat(tmp_path: Path) -> None:
    table = read(tmp_path, "kammer.xml", CATALOGUE)
    assert table.index.tolist() == ["K-1#1", "K-1#2", "K-2"]
    first = table.loc["K-1#1"]
    assert first[["title", "provider", "category"]].tolist() == [
        "Buchführung für Betriebe",
        "Kammer Muster",
        "C 1212-10",
    ]
    assert first[["place", "start", "end"]].tolist() == ["34225 Baunatal", "2028-03-01", "2028-05-31"]
    assert first[["fee", "accessible", "places", "audience"]].tolist() == ["120.00", "ja", "15", "Erwachsene"]
    assert table.loc["K-1#2", "place"] == "34369 Hofgeismar"
    assert table.loc["K-1#2", "accessible"] == ""
    online = table.loc["K-2"]
    assert online[["provider", "category", "format", "place"]].tolist() == ["99", "Beruf, Brief", "online", ""]


def test_times_in_a_schedule(tmp_path: Path) -> None:
    node = {
        "@type": "Course",
        "name": "Debattieren",
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "@id": "d1",
            "maximumAttendeeCapacity": 12,
            "remainingAttendeeCapacity": 5,
            "courseSchedule": {
                "@type": "Schedule",
                "startDate": "2028-03-04",
                "endDate": "2028-04-01",
                "startTime": "10:00:00",
                "byDay": ["https://schema.org/Saturday", {"@id": "schema:SU"}, "Sunday"],
                "duration": "PT1H30M",
                "repeatCount": 5,
            },
        },
    }
    row = read(tmp_path, "kurse.jsonld", json.dumps(node)).loc["d1"]
    assert row[["start", "end", "time", "weekday", "hours"]].tolist() == [
        "2028-03-04",
        "2028-04-01",
        "10:00",
        "Sa, So",
        "7.5",
    ]
    assert row[["places", "booked"]].tolist() == ["12", "7"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no events"),
        ("a.ics", "BEGIN:VEVENT\nSUMMARY", "no events"),
        ("a.ics", "<html>", "no calendar"),
        ("a.xml", "<courses><course/></courses>", "no list of courses that is known"),
        ("a.xml", "<OPENQCAT/>", "no courses"),
        ("a.xml", "<OPENQCAT", "not readable XML"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><OPENQCAT>&b;</OPENQCAT>', "document type"),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, name: str, content: str, what: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=what) as caught:
        OfferFiles().read(path)
    assert name in str(caught.value)
    assert ".lss" not in str(caught.value)


@given(st.text(max_size=60))
def test_nothing_in_an_event_is_more_than_an_error(text: str) -> None:
    content = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:{text}\nEND:VEVENT\nEND:VCALENDAR\n"
    try:
        assert len(calendar_offers(content.encode(), "a.ics"))
    except DataError as error:
        assert "a.ics" in str(error)


@given(st.binary(max_size=60))
def test_nothing_in_a_catalogue_is_more_than_an_error(content: bytes) -> None:
    with pytest.raises(DataError):
        catalogue_offers(content, "a.xml")


def test_a_calendar_becomes_offers(project: Project) -> None:
    path = project.root / "vhs.ics"
    path.write_text(CALENDAR, encoding="utf-8")
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_file(path, "2028", "angebote")
    table = offers(loaded.wave("2028", "angebote")).table
    names = loaded.wave("2028").labels("gemeinde")
    assert [names.get(code) for code in table["place"].dropna()] == ["Hofgeismar", "Baunatal"]
    assert table["evening"].tolist()[:2] == [True, False]
    assert table["weekend"].tolist() == [False, True, True]
    assert table["field"].tolist()[0] == "F05"


def event(*lines: str) -> pd.Series:
    content = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", *lines, "END:VEVENT", "END:VCALENDAR"])
    return calendar_offers(content.encode(), "a.ics").iloc[0]


@pytest.mark.parametrize(
    ("lines", "end", "weekday"),
    [
        (("DTSTART:20270105T150000", "RRULE:FREQ=WEEKLY;BYDAY=TU"), "2099-12-31", "Di"),
        (("DTSTART:20280306T090000", "RRULE:FREQ=WEEKLY;COUNT=8;BYDAY=MO,WE"), "2028-03-29", "Mo, Mi"),
        (("DTSTART:20280405T170000", "RDATE:20280412T170000,20280503T170000"), "2028-05-03", ""),
        (("DTSTART:20280306", "RRULE:FREQ=DAILY;COUNT=14"), "2028-03-19", "täglich"),
        (
            (
                "DTSTART:20280306T090000",
                "RRULE:FREQ=WEEKLY;UNTIL=20280401T000000Z;BYDAY=MO",
                "RRULE:FREQ=WEEKLY;UNTIL=20280601T000000Z;BYDAY=SA",
            ),
            "2028-05-27",
            "Mo, Sa",
        ),
    ],
)
def test_when_a_repeated_event_ends(lines: tuple[str, ...], end: str, weekday: str) -> None:
    row = event(*lines)
    assert row[["end", "weekday", "hours"]].tolist() == [end, weekday, ""]


def test_one_value_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    row = event("SUMMARY:T", "DTSTART:20280230T090000", "RRULE:FREQ=MANCHMAL", "DURATION:2 Stunden")
    assert row[["title", "start", "end", "hours"]].tolist() == ["T", "20280230T090000", "", ""]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("DTSTART;TZID=Europe/Berlin:20280306T090000", "DTEND;VALUE=DATE:20280307"), "2028-03-06"),
        (("DTSTART:20280306T090000", "DURATION:P99999999D"), ""),
        (("DTSTART:99991231T235959Z",), ""),
    ],
)
def test_odd_ends_are_no_traceback(lines: tuple[str, ...], end: str) -> None:
    assert event(*lines)["end"] == end


@pytest.mark.parametrize(
    ("location", "place", "form"),
    [
        ("Online", "", "online"),
        ("Zoom https://example.org/j/1", "", "online"),
        ("D-34225 Baunatal", "34225 Baunatal", ""),
        ("34225 Baunatal (Raum 3)", "34225 Baunatal", ""),
        ("Rathaus\\nMarktplatz 1\\n34225 Baunatal\\nDeutschland", "34225 Baunatal", ""),
        ("Calden", "Calden", ""),
    ],
)
def test_where_an_event_is(location: str, place: str, form: str) -> None:
    assert event(f"LOCATION:{location}")[["place", "format"]].tolist() == [place, form]


def test_events_that_were_cancelled_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="all of them cancelled"):
        event("STATUS:Cancelled")


def linked(node: object) -> pd.DataFrame:
    return linked_offers(json.dumps(node).encode(), "a.jsonld")


def test_references_of_a_graph_are_followed() -> None:
    node = {"@type": "Event", "name": "A", "location": {"@id": "#h"}, "organizer": {"@id": "#vhs"}}
    graph = {
        "@graph": [
            node,
            {"@type": "Place", "@id": "#h", "name": "Calden"},
            {"@type": "Organization", "@id": "#vhs", "name": "VHS"},
        ]
    }
    assert linked(graph).loc[0, ["place", "provider"]].tolist() == ["Calden", "VHS"]


def test_of_several_values_none_is_chosen() -> None:
    node = {
        "@type": "Event",
        "name": "A",
        "keywords": ["Kultur", "Gesundheit"],
        "audience": [{"audienceType": "Jugendliche"}, {"audienceType": "Ältere"}],
        "location": ["Calden", "Marktplatz 1, 34369 Hofgeismar"],
        "offers": {"priceCurrency": "CHF", "priceSpecification": {"price": 15}},
        "eventSchedule": [
            {"startDate": "2028-02-01", "startTime": "10:00", "byDay": "Saturday,1MO"},
            {"startDate": "2028-01-01", "endDate": "2028-03-01", "startTime": "18:00:00", "byDay": "Montag"},
        ],
    }
    row = linked(node).iloc[0]
    assert row[["category", "audience"]].tolist() == ["Kultur, Gesundheit", "Jugendliche, Ältere"]
    assert row["place"] == "Calden / 34369 Hofgeismar"
    assert row["fee"] == "15 CHF"
    assert row[["start", "end", "time", "weekday"]].tolist() == ["2028-01-01", "", "10:00 / 18:00", "Sa, Mo, Montag"]


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("https://schema.org/OnlineEventAttendanceMode", "online"),
        ("https://schema.org/MixedEventAttendanceMode", ""),
        ("https://schema.org/OfflineEventAttendanceMode", ""),
    ],
)
def test_what_can_be_gone_to_is_not_online(mode: str, form: str) -> None:
    row = linked({"@type": "Event", "name": "A", "eventAttendanceMode": mode, "location": "Baunatal"}).iloc[0]
    assert row[["format", "place"]].tolist() == [form, "Baunatal"]


def test_forms_of_a_catalogue_with_presence_keep_their_place() -> None:
    text = CATALOGUE.replace("Vollzeit", "Präsenz mit Online-Anteilen")
    text = text.replace("2028-03-01T00:00:00.000+01:00", "2028-02-29T23:00:00Z")
    row = catalogue_offers(text.encode(), "a.xml").iloc[0]
    assert row[["format", "place"]].tolist() == ["Präsenz mit Online-Anteilen", "34225 Baunatal"]
    # midnight in Germany
    assert row["start"] == "2028-03-01"


def test_a_folder_with_a_file_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "d.xls").write_bytes(b"x")
    with pytest.raises(DataError, match=r"d\.xls"):
        OfferFiles().read(tmp_path)


def test_files_of_one_name_keep_their_ids_apart(tmp_path: Path) -> None:
    node = json.dumps({"@type": "Event", "name": "A", "@id": "1"})
    for name in ("kurse.json", "kurse.jsonld"):
        (tmp_path / name).write_text(node, encoding="utf-8")
    assert OfferFiles().read(tmp_path)[0]["records"]["id"].tolist() == ["kurse.json:1", "kurse.jsonld:1"]


def test_what_is_not_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(CALENDAR.replace("Titel", "Märchen").encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8"):
        OfferFiles().read(tmp_path / "a.ics")


def test_ids_are_made_once() -> None:
    assert table_of([{"id": ""}, {"id": "1"}, {"id": "#1"}])["id"].tolist() == ["##1", "1", "#1"]
