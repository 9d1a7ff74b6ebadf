"""The page for planners: where a need is not met and why, for whom, and which further offers would reach most."""

from __future__ import annotations

from bildungsbedarf.report.subjects.known import Entry, Known
from bildungsbedarf.report.subjects.municipalities import DOOR
from bildungsbedarf.report.subjects.parts import Link, Section, SubjectPage, Table
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.show.evidence.offers import partial_note
from bildungsbedarf.show.evidence.supply import ASKED_IN_GENERAL, COUNTED_TWICE, about, plan_words, reach_of, why_words
from bildungsbedarf.supply import SILENT

PATH = "planung.html"
_LONGEST = 15
"""Rows of the ranked list: the whole is in the portal's ``diagnoses.json``."""


def planning_page(known: Known) -> SubjectPage | None:
    """Diagnoses in order of the people behind them, groups, and offers to add.

    Parameters
    ----------
    known
        What pages draw from.

    Returns
    -------
    SubjectPage or None
        None where offers are held against nothing.
    """
    if known.plan is None or known.offers_wave is None:
        return None
    sections = [_ranked(known), _groups(known), _added(known), _how(known)]
    name = known.say("For planning")
    return SubjectPage(
        PATH,
        name,
        _title(known, known.plan),
        known.say(
            "Needs of the survey beside the offers that providers reported. What follows says where to look; it is no "
            "decision, and it proves no reason."
        ),
        [section for section in sections if not section.is_empty],
        name,
        door=DOOR,
    )


def _title(known: Known, plan: Entry) -> str:
    offers = plan["offers"]
    if not offers:
        return known.say("There is no need here that a further offer within reach would answer")
    text = "{count} further offers would answer the need of about {people} people"
    if len(offers) == 1:
        text = "One further offer would answer the need of about {people} people"
    if len({row["field"] for row in offers}) > 1:
        text = "{count} further offers would answer about {people} needs"
    return known.say(text, count=known.whole(len(offers)), people=about(plan["people"], known.language))


def _between(known: Known, row: Entry, name: str) -> str:
    low, high = (about(row[f"{name}_{end}"], known.language) for end in ("low", "high"))
    return known.say("{value} ({low} to {high})", value=about(row[name], known.language), low=low, high=high)


def reached(known: Known, row: Entry) -> str:
    """How many of the inhabitants have an offer within reach; a dash where there is none, or it is not known."""
    return "–" if row["reached"] is None or not row["offers"] else known.share(row["reached"], 0)


def _why(known: Known, row: Entry, *, of_group: bool = False) -> str:
    reach = reach_of(known.offers_wave, known.language) if known.offers_wave is not None else ""
    names = (row["diagnosis"], *row["also"])
    return why_words(names, reach, known.language, of_group=of_group)


def _places(known: Known) -> dict[str, str]:
    return {area["code"]: str(area["name"]) for area in known.areas}


def _ranked(known: Known) -> Section:
    heading = known.say("Where a need is not met")
    names = _places(known)
    rows = [
        [
            str(names.get(row["place"], row["place"])),
            known.field_name(row["field"]),
            _between(known, row, "people"),
            known.say("{best} to {worst}", best=row["rank_best"], worst=row["rank_worst"]),
            _why(known, row),
        ]
        for row in known.diagnoses[:_LONGEST]
    ]
    if not rows:
        return Section("orte", heading)
    heads = [known.say(text) for text in ("Municipality", "Field", "People", "Place in the order", "Where to look")]
    told = [
        known.say(
            "Most people first. “Place in the order” are the places that each may have among all fields and "
            "municipalities that can be shown, for all at once: where they overlap, the order is not certain."
        ),
        known.say(COUNTED_TWICE),
    ]
    if known.plan is not None and known.plan["hidden"]:
        text = (
            "Of {hidden} of {all} fields and municipalities too few people answered for a number; nothing is said of "
            "them."
        )
        counts = {name: known.whole(known.plan[name]) for name in ("hidden", "all")}
        told.append(known.say(text, **counts))
    if len(known.diagnoses) > len(rows):
        text = "The first {shown} of {all}."
        told.append(known.say(text, shown=known.whole(len(rows)), all=known.whole(len(known.diagnoses))))
    return Section("orte", heading, told, table=Table(heads, rows))


def _groups(known: Known) -> Section:
    heading = known.say("For whom a need is not met")
    rows = [
        [
            known.group_name(row["by"], row["group"]),
            known.field_name(row["field"]),
            known.whole(row["offers"]),
            reached(known, row),
            _why(known, row, of_group=True),
        ]
        for row in known.groups
        if row["diagnosis"] not in SILENT
    ]
    if not rows:
        return Section("gruppen", heading)
    heads = ("Group", "Field", "Offers for this phase of life", "Have one within reach", "Where to look")
    note = known.say("“Have one within reach”: inhabitants of municipalities near enough to an offer for this phase.")
    return Section("gruppen", heading, [note], table=Table([known.say(text) for text in heads], rows))


def _added(known: Known) -> Section:
    heading = known.say("Which further offers would reach most people")
    plan = known.plan
    if plan is None or not plan["offers"]:
        return Section("angebote", heading)
    names, reach = _places(known), reach_of(known.offers_wave, known.language) if known.offers_wave else ""
    rows = [
        [
            str(names.get(row["place"], row["place"])),
            known.field_name(row["field"]),
            _between(known, row, "reached"),
            why_words(row["answers"], reach, known.language),
        ]
        for row in plan["offers"]
    ]
    heads = [known.say(text) for text in ("Municipality", "Field", "People it adds", "What it answers")]
    told = plan_words(plan["people"], plan["open"], plan["bound"], plan["holds"], known.language)
    return Section("angebote", heading, told, table=Table(heads, rows))


def _how(known: Known) -> Section:
    """The rules, and pages that say more."""
    rules = known.study.files.offers
    if rules is None or known.offers_wave is None:
        return Section("regeln", known.say("By which rules"))
    own = rules.rules
    told = known.say(
        "A need is urgent where its whole interval lies above {urgent}, slight where it lies below {slight}. A "
        "hindrance counts where the whole interval of those who name it lies above {hindered}. Near enough is {reach}; "
        "up to {fee} € costs little. “For many” means: fewer than {reached} of the inhabitants have one within reach.",
        reached=known.share(own.reached_below, 0),
        urgent=known.share(own.urgent_above, 0),
        slight=known.share(own.slight_below, 0),
        hindered=known.share(own.hindered_above, 0),
        reach=reach_of(known.offers_wave, known.language),
        fee=known.whole(own.low_fee),
    )
    asked = known.say(ASKED_IN_GENERAL)
    folder = f"{folder_of(known.offers_wave)}/"
    links = [Link(link.title, link.href) for link in known.notebooks if link.href.startswith(folder)]
    partial = partial_note(known.offers_wave)
    return Section("regeln", known.say("By which rules"), [told, asked, *partial], links=links)
