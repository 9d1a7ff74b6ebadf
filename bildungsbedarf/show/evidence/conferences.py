"""How a conference ranked the goals, and what became of its statements."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings.carried_over import CarriedOver
from bildungsbedarf.language import number, signed, translate
from bildungsbedarf.participation import Preferences
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.tables.cells import Cell, share_or_dash
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Wave

_STATES = {
    "same": "voted on again",
    "reworded": "reworded",
    "merged": "merged with another",
    "adopted": "adopted",
    "declined": "declined",
    "postponed": "postponed",
    "dropped": "not voted on again",
    "new": "new",
}


def goal_order(found: Preferences, wave: Wave) -> Block:
    """Goals in the order a majority prefers, with their points.

    Parameters
    ----------
    found
        What ``participation.preferences`` returned.
    wave
        The ballot.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.goal_order(participation.preferences(conference), conference).kind
    'table'
    """
    language = wave.language
    if not found.persons:
        text = translate("Too few people put the goals in an order to tell of it.", language)
        return Block("sentences", render("opinions.html", text=text, method=""), text)
    labels = wave.codebook[wave.ballot.ranking].items(language)
    rows, place = [], 1
    for goals in found.order:
        last = place + len(goals) - 1
        told = number(place, language) if place == last else f"{place}–{last}"
        for goal in goals:
            cells = [Cell(f"{told}."), Cell(number(float(found.points[goal]), language, 1))]
            rows.append(Row(labels.get(goal, goal), cells))
        place = last + 1
    circles = [
        translate(
            "A majority goes round in a circle here, and gives no order: {goals}.", language, goals="; ".join(told)
        )
        for told in ([labels.get(goal, goal) for goal in circle] for circle in found.circles)
    ]
    text = (
        "A goal stands before another where more of the {persons} people who ranked prefer it. Points: mean, from "
        "{most} for the first place to 0 for the last."
    )
    most = number(len(found.points) - 1, language)
    how = translate(text, language, persons=number(found.persons, language), most=most)
    heads = [translate(head, language) for head in ("Rank", "Points")]
    title = translate("In which order the goals were put", language)
    return plain_table(
        title, translate("Goal", language), heads, rows, [*circles, how, source_line(wave)], language=language
    )


def ledger(rows: Sequence[CarriedOver], one: Wave, two: Wave) -> Block:
    """What became of every statement from one conference to the next.

    Parameters
    ----------
    rows
        What ``findings.carried_over`` returned.
    one, two
        The conferences.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.ledger([], *participation.ballots(study)).kind
    'table'
    """
    language = two.language
    made = []
    for row in rows:
        words = [translate(_STATES[row.state], language)]
        if row.later_text and row.later_text != row.text:
            words.append(translate("now: “{item}”", language, item=row.later_text))
        if row.reason:
            words.append(row.reason)
        change = "–" if row.change is None else signed(100 * row.change, language, 0)
        cells = [
            Cell(share_or_dash(row.before, language)),
            Cell(share_or_dash(row.after, language)),
            Cell(change),
            Cell(" – ".join(words)),
        ]
        made.append(Row(row.text, cells))
    # narrow heads: what became of a statement needs the room, and the source names the conferences
    heads = [
        one.name,
        two.name,
        *(translate(head, language) for head in ("Change in percentage points", "What became of it")),
    ]
    note = translate(
        "Different people were present: a change is no change of anybody's mind. Reworded statements are not compared.",
        language,
    )
    title = translate("What became of the statements", language)
    return plain_table(
        title, translate("Statement", language), heads, made, [note, source_line(one, two)], language=language
    )
