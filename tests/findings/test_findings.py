from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf import disclosure, findings, needs, participation, show
from bildungsbedarf.errors import ConfigError, DataError, DesignError
from bildungsbedarf.estimates import Facts, facts_of
from bildungsbedarf.findings.declared import DECLARED
from bildungsbedarf.findings.phrasing import Context, direction, say
from bildungsbedarf.findings.sentences.claims import claim_text
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave

CONTEXT = Context(language="de", people="Erwachsenen", item="Digitales")
ROW = {
    "estimate": 0.6,
    "ci_low": 0.55,
    "ci_high": 0.65,
    "sim_low": 0.51,
    "sim_high": 0.69,
    "rank_best": 1,
    "rank_worst": 1,
}


FACTS = Facts("unmet_need", "share")


def _largest(row: dict[str, object]) -> str:
    claim = claim_text(row, FACTS, DECLARED["unmet_need"].says)
    return say(claim[1], row, FACTS, CONTEXT) if claim else ""


def test_claims_look_at_rank_sets_and_simultaneous_intervals() -> None:
    assert "mehr als die Hälfte" in _largest(ROW)
    assert "mehr als die Hälfte" not in _largest({**ROW, "sim_low": 0.49})
    assert _largest({**ROW, "rank_worst": 2}) == ""
    # what is printed as 0.0 lies over 0 for whoever reads it
    ends = ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0004, 0.2), (0.0006, 0.2))
    assert [direction({"sim_low": low, "sim_high": high}, FACTS) for low, high in ends] == [1, -1, 0, 0, 1]


def test_findings_of_a_wave(wave: Wave) -> None:
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    by_id = {finding.id: finding for finding in found}
    digital = by_id["unmet_need.F05"]
    assert digital.statement["de"].startswith(
        "Von den Erwachsenen im Landkreis, die beides beurteilt haben, finden 47,6"
    )
    assert digital.statement["en"].startswith("Of adults in the district who judged both, 47.6%")
    assert digital.questions == ["WICHT[F05]", "ZUFR[F05]"]
    assert digital.concept == "digitale_kompetenzen"
    assert digital.goals == ["digitale-teilhabe"]
    assert digital.snapshot == [wave.snapshot.sha256]
    assert by_id["unmet_need.largest"].headline
    levels = [finding.estimate for finding in found if finding.kind == "level"]
    assert levels == sorted(levels, reverse=True)


def test_hidden_rows_make_no_finding(wave: Wave) -> None:
    frame = needs.unmet(wave)
    frame.loc[4, "count"] = 3
    changed = facts_of(frame).on(frame)
    ids = {finding.id for finding in findings.record(disclosure.release(changed), wave)}
    assert "unmet_need.F05" not in ids
    assert "unmet_need.largest" not in ids


def test_ballot_findings_are_participation(conference: Wave) -> None:
    found = findings.record(disclosure.release(participation.dots(conference)), conference)
    assert {finding.kind for finding in found} == {"participation"}
    assert any("Die meisten Punkte" in finding.statement["de"] for finding in found)


def test_register_is_sorted_and_ids_are_unique(wave: Wave, tmp_path: Path) -> None:
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    text = findings.to_json("s", "2026", found)
    path = tmp_path / "findings.json"
    path.write_text(text, encoding="utf-8")
    register = findings.read_register(path)
    assert [finding.id for finding in register.findings] == sorted(finding.id for finding in found)
    with pytest.raises(ConfigError, match="same id"):
        findings.to_json("s", "2026", [*found, found[0]])
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="register cannot be read"):
        findings.read_register(path)


def test_a_claim_of_an_old_wave_is_not_repeated(wave: Wave, later: Wave) -> None:
    old = findings.record(disclosure.release(needs.unmet(wave)), wave)
    new = [f for f in findings.record(disclosure.release(needs.unmet(later)), later) if f.kind != "rank"]
    kept = findings.newest([*old, *new])
    assert not any(finding.kind == "rank" for finding in kept)
    assert {finding.wave for finding in kept} == {"2028"}


def test_a_sentence_is_of_the_waves_it_names(wave: Wave, later: Wave) -> None:
    change = disclosure.release(needs.trend(wave, later, "unmet_need"))
    assert findings.record(change, later, earlier=wave)
    with pytest.raises(ConfigError, match="a change is between two waves"):
        findings.record(change, later)
    with pytest.raises(ConfigError, match="of another wave") as caught:
        findings.record(change, wave, earlier=later)
    assert wave.source in str(caught.value)
    level = disclosure.release(needs.unmet(later))
    with pytest.raises(ConfigError, match="a change is between two waves"):
        findings.record(level, later, earlier=wave)
    with pytest.raises(ConfigError, match="of another wave"):
        findings.record(level, wave)


def test_a_part_of_the_people_says_so_and_makes_no_sentence_of_all(wave: Wave, later: Wave) -> None:
    columns = {"importance": ["WICHT_F05"], "satisfaction": ["ZUFR_F05"], "scale": (1, 5)}
    old = wave.design.where("altersgruppe == '65+'")
    for part, told in ((old, "Altersgruppe: 65+"), (old.where(wave.responses["kinder"].notna()), "ausgewählte")):
        released = disclosure.release(needs.unmet(part, **columns))
        assert told in show.table(released, wave, title="Bedarf").payload["title"]
        with pytest.raises(ConfigError, match="of part of the people only"):
            findings.record(released, wave)
    assert facts_of(needs.unmet(wave.design, **columns)).part == ""
    young = wave.design.where("altersgruppe != '65+'")
    told = disclosure.release(estimate.difference(old, young, "mean", "WICHT_F05")).facts.part
    assert told == "a: altersgruppe == '65+'; b: altersgruppe != '65+'"
    both = disclosure.release(estimate.difference(old, later.design, "mean", "WICHT_F05"))
    assert both.facts.part == "a: altersgruppe == '65+'"
    with pytest.raises(DesignError, match="cleaned or weighted otherwise"):
        estimate.difference(wave, wave.unweighted(), "mean", "WICHT_F05")


def test_what_nobody_named_is_not_the_most_frequent(wave: Wave) -> None:
    frame = needs.barriers(wave)
    nothing = frame.assign(estimate=0.0, count=0, rank_worst=1)
    found = findings.record(disclosure.release(facts_of(frame).on(nothing)), wave)
    assert not [finding for finding in found if finding.id == "barrier.most_frequent"]
    assert any(finding.id == "barrier.most_frequent" for finding in findings.record(disclosure.release(frame), wave))


def test_the_same_wave_under_other_rules_is_another_one(wave: Wave) -> None:
    for other in (wave.unweighted(), wave.with_rules("exclude"), wave.with_rules("flag")):
        with pytest.raises(ConfigError, match=r"of another wave(.|\n)*other (weighting|quality)"):
            findings.record(disclosure.release(needs.unmet(other)), wave)


def test_estimates_of_groups_make_no_sentence_of_all(wave: Wave) -> None:
    # a gap is told by whether it is above 0: the text knows no groups
    assert findings.record(disclosure.release(needs.gap(wave)), wave)
    assert findings.record(disclosure.release(needs.gap(wave, by="kinder")), wave) == []
    told = findings.record(disclosure.release(needs.unmet(wave, by="kinder")), wave)
    assert told
    assert all("Kinder" in one.statement["de"] for one in told)
