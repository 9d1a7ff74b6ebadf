"""What all groups of a ballot support, where they part, and whether people voted in groups of opinion."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import DECLARED, item_labels
from bildungsbedarf.findings.common_ground import Divided, Shared
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.participation import Opinions
from bildungsbedarf.participation.opinions import LEAST_VOTES
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.tables.cells import Cell, share_or_dash
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Wave

_HEADINGS = ("Of all", "Each group one voice", "Lowest", "Highest", "Apart")


def common_ground(shared: Sequence[Shared], wave: Wave, by: str, *, title: str = "") -> Block:
    """A ballot's statements by what the groups have in common, and the ones they are furthest apart on.

    Parameters
    ----------
    shared
        What ``findings.common_ground`` returned.
    wave
        The ballot.
    by
        The variable the groups are of.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.common_ground([], conference, "bereich").kind
    'table'
    """
    language = wave.language
    texts = item_labels(DECLARED["agreement"], wave, language)
    groups = wave.labels(by, language)
    rows = []
    for one in shared:
        spread = "–"
        if one.spread is not None:
            spread = translate("{number} points", language, number=number(100 * one.spread, language, 0))
        ends = [
            Cell(share_or_dash(value, language), groups.get(name, name) if value is not None else "")
            for value, name in ((one.lowest, one.lowest_group), (one.highest, one.highest_group))
        ]
        whole = [Cell(share_or_dash(value, language)) for value in (one.whole, one.one_voice)]
        rows.append(Row(texts.get(one.item, one.item), [*whole, *ends, Cell(spread)]))
    name = wave.title(by, language)
    title = title or translate("What all groups support, and where they part: {groups}", language, groups=name)
    notes = [*_told(shared, texts, groups, language), translate(_READING, language), source_line(wave)]
    headings = [translate(heading, language) for heading in _HEADINGS]
    corner = translate("Statement", language)
    return plain_table(title, corner, headings, rows, notes, language=language)


def divided(found: Sequence[Divided], wave: Wave, *, title: str = "") -> Block:
    """A ballot's statements by how far those present are divided on them: shares, and a number from 0 to 1.

    Parameters
    ----------
    found
        What ``findings.divided`` returned.
    wave
        The ballot.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.divided([], conference).kind
    'table'
    """
    language = wave.language
    texts = item_labels(DECLARED["positions"], wave, language)
    rows = [
        Row(
            texts.get(one.item, one.item),
            [
                *(Cell(share_or_dash(value, language)) for value in (one.agree, one.disagree, one.passed)),
                Cell(number(one.divisiveness, language, 2)),
            ],
        )
        for one in found
        if one.divisiveness is not None
    ]
    untold = len(found) - len(rows)
    more = [translate(_UNTOLD, language, count=number(untold, language))] if untold else []
    headings = [translate(heading, language) for heading in ("Agree", "Disagree", "Pass", "Dissent")]
    title = title or translate("Where those present are divided", language)
    notes = [translate(_DISSENT, language), *more, source_line(wave)]
    return plain_table(title, translate("Statement", language), headings, rows, notes, language=language)


_DISSENT = "Dissent: 0 where all vote alike, 1 where half agrees and half disagrees."
_UNTOLD = "Statements on which too few took one of the positions to be told: {count}."
_READING = (
    "“Each group one voice”: mean of the groups' shares, as if as many people had come from each. Where one group may "
    "not be shown, nothing is said of the groups."
)


def _told(shared: Sequence[Shared], texts: dict[str, str], groups: dict[str, str], language: str) -> list[str]:
    """How many statements all groups support; where they are furthest apart; where one voice each turns a majority."""
    known = [one for one in shared if one.spread is not None]
    if not known:
        return []
    common = sum(one.is_common for one in known)
    told = [
        translate(
            "More than half agree in every group: {common} of {all} statements.",
            language,
            common=number(common, language),
            all=number(len(known), language),
        )
    ]
    widest = max(known, key=lambda one: one.spread or 0.0)
    told.append(
        translate(
            "Furthest apart are the groups on “{item}”: {low} ({lowest}) against {high} ({highest}).",
            language,
            item=texts.get(widest.item, widest.item),
            low=share_or_dash(widest.lowest, language),
            lowest=groups.get(widest.lowest_group, widest.lowest_group),
            high=share_or_dash(widest.highest, language),
            highest=groups.get(widest.highest_group, widest.highest_group),
        )
    )
    half = 0.5
    turned = [one for one in known if one.whole is not None and (one.whole > half) != ((one.one_voice or 0.0) > half)]
    told += [
        translate(
            "“{item}” has a majority either of all persons or of the groups with one voice each, not of both.",
            language,
            item=texts.get(one.item, one.item),
        )
        for one in turned
    ]
    return told


def opinion_groups(found: Opinions, wave: Wave) -> Block:
    """Whether people voted in groups of opinion, and how large these are; never who belongs to which.

    Parameters
    ----------
    found
        What ``participation.opinions`` returned.
    wave
        The ballot.

    Returns
    -------
    Block
        Sentences.

    Examples
    --------
    >>> show.opinion_groups(participation.opinions(conference), conference).kind
    'sentences'
    """
    language = wave.language
    voters = number(found.voters, language)
    if not found.k:
        text = translate("Too few people voted on enough statements to look for groups that voted alike.", language)
        return Block("sentences", render("opinions.html", text=text, method=""), text)
    if found.is_found:
        sizes = found.groups.value_counts().sort_index()
        text = translate(
            "The {voters} people who voted on enough statements fall into {k} groups that voted alike: {sizes}.",
            language,
            voters=voters,
            k=number(found.k, language),
            sizes=", ".join(f"{name} ({number(int(size), language)})" for name, size in sizes.items()),
        )
    else:
        text = translate(
            "Among the {voters} people who voted on enough statements no groups can be shown that voted alike: votes "
            "without groups would be divided as well by chance, or the division does not hold.",
            language,
            voters=voters,
        )
    method = translate(
        "Two principal components of the votes, k-means (silhouette {silhouette}, as good by chance {p}, stability "
        "{stability}); who voted on fewer than {least} statements is left out.",
        language,
        silhouette=number(found.silhouette, language, 2),
        p=percent(found.p, language, 0),
        stability=number(found.stability, language, 2),
        least=LEAST_VOTES,
    )
    return Block("sentences", render("opinions.html", text=text, method=method), f"{text}\n{method}")
