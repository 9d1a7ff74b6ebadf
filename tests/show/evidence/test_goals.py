from __future__ import annotations

import re

import pytest

from bildungsbedarf import disclosure, findings, needs, participation, show
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.findings.telling import change_words, detection_words, interval_words, limit_words, side_words
from bildungsbedarf.show.evidence.rulers import ruler
from bildungsbedarf.wave import Study, Wave
from tests.show.cells import cells_of


@pytest.fixture(scope="module")
def everything(study: Study, wave: Wave, later: Wave) -> list[Finding]:
    found = [
        one
        for each in (wave, later)
        for frame in (needs.unmet(each), needs.barriers(each))
        for one in findings.record(disclosure.release(frame), each)
    ]
    votes = study.wave("2028", "konferenz2")
    return [*found, *findings.record(disclosure.release(participation.agreement(votes)), votes)]


def test_the_ruler_shows_the_limit_and_the_printed_interval(study: Study, everything: list[Finding]) -> None:
    piece = findings.weigh(study, everything)[0].roles["need"].pieces[0]
    drawn = ruler(piece, "de")
    first, last = drawn["ticks"][0], drawn["ticks"][-1]
    assert (first["label"], last["label"]) == ("0\u202f%", "40\u202f%")

    def value(x: float) -> float:
        return (x - first["x"]) / (last["x"] - first["x"]) * 0.4

    assert value(drawn["limit"]) == pytest.approx(0.25, abs=1e-3)
    assert (value(drawn["low"]), value(drawn["high"])) == pytest.approx((piece.low, piece.high), abs=1e-3)
    # what carries lies right of the limit
    assert drawn["carry"] == (drawn["limit"], pytest.approx(312 - drawn["limit"]))
    assert drawn["alt"].startswith("Maßstab: Der Unsicherheitsbereich ist 30,3 bis 36,1\u202f%")


def test_what_would_change_a_verdict(study: Study, everything: list[Finding]) -> None:
    goals = {one.goal.id: one for one in findings.weigh(study, everything)}
    carries = goals["digitale-teilhabe"].roles["need"].pieces[0]
    assert change_words(carries, "en") == (
        "It carries as long as the whole margin lies above 25% (now: 30.3 to 36.1%). "
        "It would speak against the goal if the whole margin lay below 10%."
    )
    opened = goals["gute-uebergaenge"].roles["need"].pieces[0]
    assert change_words(opened, "en").startswith("It would carry if the whole margin lay above 15% (now: 13.8 to 18")
    against = goals["sprache-und-ankommen"].roles["need"].pieces[0]
    assert change_words(against, "en") == (
        "It would carry if the whole margin lay above 20% (now: 11.1 to 15.3%). "
        "It speaks against the goal as long as the whole margin lies below 20%."
    )
    assert limit_words(against, "en") == "carries above 20%, speaks against it below 20%"
    vote = goals["information"].roles["consent"].pieces[0]
    assert change_words(vote, "en") == "It carries as long as it lies above 50% (now: 84%)."
    assert interval_words(0.2, 0.2, vote.finding, "en") == "20%"


def test_the_page_says_states_targets_and_what_is_lacking(study: Study, everything: list[Finding]) -> None:
    goals = findings.weigh(study, everything)
    matrix = cells_of(show.goal_matrix(goals, study, everything))
    assert matrix["Digitale Teilhabe für alle"][:4] == ["gut begründet", *["stützt das Ziel"] * 3]
    assert matrix["Sprache und Ankommen"][:3] == ["umstritten", "spricht dagegen", "stützt das Ziel"]
    html = show.goal_details(goals, study, everything).html
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ")
    digital, democracy = (
        f"Zielwert (Ungedeckter Bedarf: „{field}“): unter"
        for field in ("Digitale Kompetenzen", "Politische Bildung und Demokratiebildung")
    )
    assert f"{digital} 20 % bis 2032. Ausgangswert 47,6 % (2026), jetzt 33,1 % (2028): auf Kurs." in text
    assert f"{democracy} 15 % bis 2030. Ausgangswert 17,4 % (2026), jetzt 11,9 % (2028): Ziel erreicht." in text
    assert "könnte diese Veränderung" in text
    assert "Dafür: " in text and "Dagegen: " in text
    assert "Fehlt noch: trend_unmet_need.F05" in text
    lacks = show.goal_lacks(everything, study).text
    assert "Ziel ohne Beleg: 1" in lacks
    assert "Die Konferenz will es, die Befragung zeigt wenig Bedarf: 1" in lacks


def test_power_in_words(study: Study, everything: list[Finding]) -> None:
    leitbild = study.files.leitbild
    assert leitbild is not None
    course = findings.progress(study, leitbild.goal_of("information"), everything)
    assert course is not None
    assert "No next survey could show this change reliably" in detection_words(course.detection[0], study, "en")
    course = findings.progress(study, leitbild.goal_of("digitale-teilhabe"), everything)
    assert course is not None
    assert "people aged 65 and over; power" in detection_words(course.detection[1], study, "en")


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("share", 0.25, "über 25 %"),
        ("share_difference", 0.01, "über 1 Prozentpunkt"),
        ("share_difference", -0.05, "über −5 Prozentpunkten"),
        ("share_difference", 0.0, "über null"),
        ("mean", 0.4, "über 0,4 Punkten"),
        ("difference", 1.0, "über 1 Punkt"),
        ("dots", 73, "über 73 Klebepunkten"),
        ("persons", 12_000, "über 12.000 Personen"),
    ],
)
def test_a_limit_stands_in_the_case_its_sentence_asks_for(
    everything: list[Finding], unit: str, value: float, told: str
) -> None:
    finding = everything[0].model_copy(update={"unit": unit})
    assert side_words("above", value, finding, "de").replace("\u202f", " ") == told
