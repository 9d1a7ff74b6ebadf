"""What each measure of ``bb.participation`` is: one row a measure."""

from __future__ import annotations

from bildungsbedarf.needs.about.model import Claim, Measure, Says, by_key
from bildungsbedarf.study.model import Words
from bildungsbedarf.wave import Wave

COUNTED = "all dots that were counted"
"""The base where nobody knows any more who gave them: posters, live polls, supports."""


TURNOUT = "turnout"
_BALLOTS = Words(de="Abgegebene Stimmzettel", en="Ballots returned")


def _nothing_asked(wave: Wave, item: str) -> list[str]:
    return []


def _everyone(wave: Wave, language: str) -> dict[str, str]:
    return {TURNOUT: _BALLOTS.get(language)}


def _statements(wave: Wave, item: str) -> list[str]:
    return [wave.ballot.statements]


def _points(wave: Wave, item: str) -> list[str]:
    return [wave.ballot.points]


MEASURES = by_key(
    (
        Measure(
            "agreement",
            "share",
            "Share",
            "Agreement with the statements",
            "{people} who agreed, disagreed or passed on the statement",
            _statements,
            row="Statement",
            formula="agree / (agree + disagree + pass), persons counted one by one",
            compares=frozenset({"groups", "ranks", "conference"}),
            says=Says(
                level="{count} of {n} {people} ({share}) agree: “{item}”",
                claim=Claim("most", "Of all statements, {people} agree most with “{item}”: {count} of {n} ({share})."),
            ),
        ),
        Measure(
            "positions",
            "share",
            "Share",
            "Positions on the statements",
            "{people} who agreed, disagreed or passed on the statement",
            _statements,
            row="Statement",
            formula="agree, disagree or pass / (agree + disagree + pass), persons counted one by one",
        ),
        Measure(
            TURNOUT,
            "share",
            "Turnout",
            "Who was there, and who voted",
            "persons present",
            _nothing_asked,
            row="Ballot",
            formula="ballots returned / persons present",
            has_items=False,
            labels=_everyone,
            says=Says(level="Of {n} persons present {count} returned a ballot ({share})."),
        ),
        Measure(
            "quadratic",
            "number",
            "Votes",
            "Votes for the goals, where dots are their price",
            "{people} who placed at least one dot",
            _points,
            row="Goal",
            formula="sum of the roots of each person's dots",
        ),
        Measure(
            "dots",
            "dots",
            "Dots",
            "Dots for the goals",
            "{people} who placed at least one dot",
            _points,
            row="Goal",
            formula="sum of the dots",
            compares=frozenset({"ranks", "conference"}),
            says=Says(
                level="“{item}” received {value} of {total_dots} dots ({part}).",
                claim=Claim("most", "“{item}” received the most dots: {value} of {total_dots} ({part})."),
            ),
        ),
    )
)
