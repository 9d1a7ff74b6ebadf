"""What became of a conference's statements, against the questionnaires and plain counts."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, findings, participation, show
from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave


@pytest.fixture(scope="module")
def conferences(study: Study) -> list[Wave]:
    return participation.ballots(study)


@pytest.fixture(scope="module")
def released(conferences: list[Wave]) -> list[Released]:
    return [disclosure.release(participation.agreement(wave)) for wave in conferences]


def test_nine_statements_are_carried_over_and_one_is_reworded(
    conferences: list[Wave], released: list[Released]
) -> None:
    rows = {row.item: row for row in findings.carried_over(*released, *conferences)}
    states = [row.state for row in rows.values()]
    assert states.count("same") == 9
    assert {item for item, row in rows.items() if row.state == "new"} == {"Z14", "Z15"}
    assert (rows["Z05"].state, rows["Z05"].later, rows["Z05"].change) == ("reworded", "Z13", None)
    assert rows["Z08"].state == "declined"
    assert "ausschließen" in rows["Z08"].reason


def test_changes_are_those_of_plain_counts(conferences: list[Wave], released: list[Released]) -> None:
    for row in findings.carried_over(*released, *conferences):
        if row.change is None:
            continue
        shares = []
        for wave in conferences:
            answers = wave.responses[f"ZUST_{row.item}"].dropna()
            shares.append((answers == "A").mean())
        assert row.change == pytest.approx(shares[1] - shares[0])


def test_frames_of_other_conferences_are_refused(conferences: list[Wave], released: list[Released]) -> None:
    with pytest.raises(ConfigError, match="not the agreement"):
        findings.carried_over(released[1], released[0], *conferences)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('statement = "Z08"', 'statement = "Z99"', "nobody voted on"),
        ('statement = "Z08"', 'statement = "Z05"', "twice"),
        ('into = "Z13"\n', "", "went into another"),
        ('became = "adopted"', 'became = "forgotten"', "forgotten"),
    ],
)
def test_outcomes_that_cannot_be(project: Project, old: str, new: str, what: str) -> None:
    path = project.surveys / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        loaded = Study.load("bildungsbefragung", project)
        loaded.import_declared()
        waves = participation.ballots(loaded)
        findings.carried_over(*(disclosure.release(participation.agreement(wave)) for wave in waves), *waves)
    assert what in str(caught.value)


def test_the_ledger_says_what_became_of_each(conferences: list[Wave], released: list[Released]) -> None:
    text = show.ledger(findings.carried_over(*released, *conferences), *conferences).text
    assert "abgelehnt – Höhere Gebühren würden Menschen mit wenig Geld ausschließen." in text
    assert "umformuliert – jetzt: „Schulen sollen ihre Räume abends öffnen, wenn" in text
    assert text.count("erneut abgestimmt") == 9
