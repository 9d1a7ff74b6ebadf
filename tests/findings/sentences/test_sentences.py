"""Sentences about persons, rankings, groups, quadrants and scales look at the interval."""

from __future__ import annotations

import re

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.findings.sentences.chosen import chosen
from bildungsbedarf.findings.wording import group_words
from bildungsbedarf.wave import Study, Wave


def _statements(frame: object, wave: Wave, **options: bool) -> list[str]:
    released = disclosure.release(frame)  # type: ignore[arg-type]
    return [finding.statement["de"] for finding in findings.record(released, wave, **options)]


def test_persons_are_rounded_to_what_the_interval_carries(wave: Wave) -> None:
    first = _statements(needs.people(wave), wave)[0]
    assert first.replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "Im Bereich „Digitale Kompetenzen“ ist der Bedarf hochgerechnet bei rund 76.000 von 160.000 Erwachsenen im "
        "Landkreis ungedeckt, die beides beurteilen können (zwischen 71.000 und 82.000; Sicherheit 95 %); das sind "
        "38 % aller 199.571."
    )


def test_only_a_certain_quadrant_is_called(wave: Wave) -> None:
    assert len(_statements(needs.quadrants(wave), wave)) == 1
    unsure = needs.quadrants(wave).assign(category=None)
    assert _statements(facts_of(unsure).on(unsure), wave) == []


def test_a_group_is_named_only_where_its_interval_is_off_zero(wave: Wave) -> None:
    frame = needs.equity(wave, "altersgruppe")
    told = _statements(frame, wave)
    clear = frame[(frame["sim_low"] > 0) | (frame["sim_high"] < 0)]
    assert len(told) == len(clear) == 1
    assert told[0].startswith("Bei Menschen ab 65 Jahren ist der ungedeckte Bedarf im Bereich „Digitale Kompetenzen“")
    space = "\N{NARROW NO-BREAK SPACE}"
    assert f"größer als bei allen anderen: 61,9{space}% gegenüber 41,8{space}% derer, die beides beurteilt" in told[0]


def test_first_place_of_a_ranking(wave: Wave) -> None:
    claims = _statements(needs.ranking(wave), wave, claims_only=True)
    frame = needs.ranking(wave)
    assert len(claims) == int((frame["rank_worst"] == 1).sum())
    assert len(_statements(needs.ranking(wave), wave)) == 10 + len(claims)


def test_intersections_name_both_variables(wave: Wave) -> None:
    found = findings.record(disclosure.release(needs.intersections(wave, ["altersgruppe", "geschlecht"])), wave)
    assert {"altersgruppe": "65+"} in [finding.groups for finding in found]
    assert len({finding.id for finding in found}) == len(found)
    assert all(finding.headline == (len(finding.groups) == 1) for finding in found)


@pytest.mark.parametrize("measure", ["took_part", "formats"])
def test_measures_of_single_questions(wave: Wave, measure: str) -> None:
    options = {"statistic": "wanted_not_used"} if measure == "formats" else {}
    found = findings.record(disclosure.release(getattr(needs, measure)(wave, **options)), wave)
    assert found
    assert all(finding.questions and finding.wording["de"] and finding.base["en"] for finding in found)


def test_self_selected_answers_make_no_claim(study: Study) -> None:
    pupils = study.wave("2026", "schule")
    frame = needs.importance(pupils, "WICHT")
    assert not facts_of(frame).carries_inference
    assert frame[["sim_low", "rank_best"]].isna().all(axis=None)


def _printed(statement: str) -> list[float]:
    """The two ends a German sentence prints."""
    found = re.search(r"zwischen (−?[\d.]+(?:,\d+)?) und (−?[\d.]+(?:,\d+)?)", statement)
    assert found, statement
    return [float(end.replace("−", "-").replace(".", "").replace(",", ".")) for end in found.groups()]


def test_every_sentence_prints_the_interval_it_was_decided_on(wave: Wave, later: Wave) -> None:
    """Recomputed from the frames: levels their own interval, comparisons the one of the family."""
    frames = [
        (needs.unmet(wave), wave, None),
        (needs.gap(wave), wave, None),
        (needs.barriers(wave), wave, None),
        (needs.people(wave), wave, None),
        (needs.equity(wave, "altersgruppe"), wave, None),
        (needs.unmet(wave, by="altersgruppe"), wave, None),
        (needs.trend(wave, later, "unmet_need"), later, wave),
        (needs.trend(wave, later, "satisfaction"), later, wave),
    ]
    for frame, of, earlier in frames:
        facts = facts_of(frame)
        released = disclosure.release(frame)
        for finding in findings.record(released, of, earlier=earlier):
            told = finding.statement["de"]
            low, high = finding.ends
            if "unter der Zufriedenheit" in told or "Prozentpunkte weniger" in told:
                # the sentence names the side in words: its numbers are sizes
                low, high = -high, -low
            scale, digits = {"share": (100, 1), "total": (1, -3)}.get(facts.unit, (1, 2))
            assert _printed(told) == pytest.approx([scale * low, scale * high], abs=0.51 * 10.0**-digits), told
            is_compared = facts.is_difference or facts.measure == "gap"
            assert ("für alle Vergleiche zugleich" in told) == (finding.interval == "joint") == is_compared
            claims_nothing = "nachweisbar" in told
            if is_compared:
                assert claims_nothing == (low <= 0 <= high), told


def test_headline_share_and_head_count_agree_with_a_pencil(wave: Wave, later: Wave) -> None:
    """54.000 of 163.000 is the 33 % of those who judged both, in every field of both waves."""
    for each in (wave, later):
        people, share = needs.people(each), needs.unmet(each)
        assert ((people["estimate"] / people["judged"]) - share["estimate"]).abs().max() < 0.002
        for told in _statements(people, each):
            count, judged = re.search(r"rund ([\d.]+) von ([\d.]+) ", told).groups()  # type: ignore[union-attr]
            of_all, everyone = re.search(r"das sind (\d+)\D+([\d.]+)\.$", told).groups()  # type: ignore[union-attr]
            count, judged, everyone = (int(text.replace(".", "")) for text in (count, judged, everyone))
            labels = each.codebook["WICHT"].items("de")
            item = next(row.estimate for row in share.itertuples() if f"„{labels[row.variable]}“" in told)
            assert count / judged == pytest.approx(item, abs=0.01)
            assert count / everyone == pytest.approx(int(of_all) / 100, abs=0.006)


def test_persons_by_group_are_those_of_the_group(wave: Wave) -> None:
    frame = needs.people(wave, by="kinder")
    whole = needs.people(wave).set_index("variable")
    assert (frame["estimate"] <= frame["judged"]).all()
    assert (frame["judged"] + frame["dont_know"] <= frame["weighted_n"] * 1.02).all()
    assert (frame.groupby("variable")["dont_know"].sum() <= whole["dont_know"] + 1e-6).all()


def test_of_two_mirrored_groups_one_is_named(wave: Wave, later: Wave) -> None:
    found = findings.record(disclosure.release(needs.equity(later, "kinder")), later)
    assert [finding.id for finding in found] == ["equity.F10.kinder-mit_Kindern"]
    # the interval begins at 0.004 points, which is printed as 0.0
    frame = needs.equity(wave, "kinder")
    assert (frame["sim_low"] > 0).sum() == 1
    assert findings.record(disclosure.release(frame), wave) == []
    several = needs.equity(wave, "altersgruppe")
    below = several.assign(estimate=-several["estimate"], sim_low=-several["sim_high"], sim_high=-several["sim_low"])
    assert "kleiner" in _statements(facts_of(below).on(below), wave)[0]


def test_a_crossed_group_is_named_only_where_it_says_more(wave: Wave) -> None:
    facts = facts_of(needs.intersections(wave, ["altersgruppe", "kinder"]))
    row = {"variable": "F05", "share": 0.6, "other": 0.4}
    old = {**row, "by": "altersgruppe", "group": "65+", "estimate": 0.2, "sim_low": 0.1, "sim_high": 0.3}
    both = {**row, "by": "altersgruppe × kinder", "group": "65+ × ohne Kinder"}
    same = {**both, "estimate": 0.22, "sim_low": 0.11, "sim_high": 0.33}
    more = {**both, "estimate": 0.45, "sim_low": 0.25, "sim_high": 0.65}
    assert chosen([same, old], facts) == [old]
    assert chosen([more, old], facts) == [more, old]
    assert chosen([same], facts) == [same]
    elsewhere = {**same, "variable": "F01"}
    assert chosen([elsewhere, old], facts) == [elsewhere, old]


def test_groups_are_people(wave: Wave) -> None:
    groups = {"altersgruppe": "65+", "geschlecht": "w"}
    assert group_words(groups, wave, "de") == "Frauen ab 65 Jahren"
    assert group_words(groups, wave, "en") == "women aged 65 and over"
    took_part = {"altersgruppe": "65+", "teilnahme": "hat nicht teilgenommen"}
    assert group_words(took_part, wave, "de") == "Menschen ab 65 Jahren, die nicht an Bildung teilgenommen haben,"
    assert group_words({"gemeinde": "001"}, wave, "de") == "der Gruppe „Ahnatal“ (Gemeinde)"
    assert group_words({}, wave, "de") == ""
