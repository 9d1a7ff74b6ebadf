"""Findings just made show their sentences, or why there are none."""

from __future__ import annotations

import pickle

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.wave import Wave


def test_findings_show_their_sentences(wave: Wave) -> None:
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    lines = repr(found).splitlines()
    assert lines[0] == f"{len(found)} findings"
    for one, line in zip(found, lines[2:-1], strict=True):
        assert one.id in line and one.statement["de"] in line
    assert found[0].statement["de"].split("„")[0] in found._repr_html_()


def test_no_finding_says_why(wave: Wave) -> None:
    frame = needs.unmet(wave)
    level = facts_of(frame).on(frame.assign(estimate=0.3, rank_best=1, rank_worst=10, sim_low=0.2, sim_high=0.4))
    assert "no rank, majority or change is certain" in repr(
        findings.record(disclosure.release(level), wave, claims_only=True)
    )
    small = needs.unmet(wave, by=["gemeinde", "altersgruppe", "geschlecht"])
    nothing = disclosure.release(small).only(gemeinde=["004"])
    assert nothing.rows().empty
    assert "no row may be shown" in repr(findings.record(nothing, wave))


def test_they_are_a_list_like_any_other(wave: Wave) -> None:
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    assert isinstance(found, list) and found[:2] + found[2:] == list(found)
    assert pickle.loads(pickle.dumps(found)) == found
