"""A page a municipality: what a model says beside the district, what is offered there, and who is alike; no rank."""

from __future__ import annotations

from bildungsbedarf.report.subjects.fields import measure_words
from bildungsbedarf.report.subjects.figures import Line, Words, figure
from bildungsbedarf.report.subjects.known import Entry, Known
from bildungsbedarf.report.subjects.parts import Link, Section, SubjectPage, Table

DOOR = "gemeinden.html"
_FEW = 0.1
"""Weight of its own answers up to which a value is told to be estimated from size and density."""


def area_path(code: str) -> str:
    """Where the page of a municipality lies in the site."""
    return f"gemeinden/{code}.html"


def area_pages(known: Known) -> list[SubjectPage]:
    """A page for each municipality of the district's table."""
    links = [Link(str(area["name"]), area_path(area["code"])) for area in known.areas]
    return [
        _page(known, area, links[place - 1] if place else None, links[place + 1] if place + 1 < len(links) else None)
        for place, area in enumerate(known.areas)
    ]


def _page(known: Known, area: Entry, previous: Link | None, following: Link | None) -> SubjectPage:
    rows = {row["item"]: row for row in known.rows[known.last] if _is_of(row, area["code"])}
    sections = [_needs(known, area, rows), _offers(known, area), _alike(known, area)]
    return SubjectPage(
        area_path(area["code"]),
        known.say("Municipality"),
        known.say("{name}: need for education beside the district", name=area["name"]),
        _lead(known, area, rows),
        [section for section in sections if not section.is_empty],
        str(area["name"]),
        door=DOOR,
        previous=previous,
        following=following,
    )


def _is_of(row: Entry, code: str) -> bool:
    return bool(row["measure"] == "small_area" and row["group"] == code)


def _lead(known: Known, area: Entry, rows: dict[str, Entry]) -> str:
    """How many answered, and therefore whose number it is."""
    persons = [row["n"] for row in rows.values() if row["n"] is not None]
    if not persons:
        return known.say(
            "From {name} there are too few answers in the survey; there are no reliable numbers of its own.",
            name=area["name"],
        )
    few, most = min(persons), max(persons)
    told = known.whole(few) if few == most else known.say("{low} to {high}", low=few, high=most)
    return known.say(
        "In {name}, {persons} persons could judge a field. That is too few for numbers of its own; a model weighs "
        "their answers against what size, density and make-up suggest.",
        name=area["name"],
        persons=told,
    )


def _needs(known: Known, area: Entry, rows: dict[str, Entry]) -> Section:
    if not rows:
        return Section("bedarf", known.say("What is lacking"))
    lines = [
        Line(label, rows[item], known.row("unmet_need", item), is_open=not (rows[item].get("weight") or 0) > _FEW)
        for item, label in known.fields.items()
        if item in rows
    ]
    notes = [
        known.say("Modelled values, each by itself: no difference from the district follows from them, and no rank."),
        known.say("Hollow: estimated almost only from size and density."),
    ]
    words = Words(
        known.say("{name} beside the district", name=area["name"]),
        f"{measure_words(known)}, {known.last}",
        known.say("Field"),
        str(area["name"]),
        known.say("District"),
        tuple(notes),
    )
    drawn = figure(known, f"gemeinde-{area['code']}", lines, words)
    return Section("bedarf", known.say("What is lacking"), figures=[drawn])


def _offers(known: Known, area: Entry) -> Section:
    heading = known.say("What there is")
    if known.offers_wave is None:
        return Section("angebot", heading)
    own = {entry["field"]: entry["offers"] for entry in known.offers if entry["place"] == area["code"]}
    if not own:
        text = "Providers reported no offer that takes place here ({wave}); offers nearby and online are not counted."
        return Section("angebot", heading, [known.say(text, wave=known.offers_wave.name)])
    table = Table(
        [known.say("Field"), known.say("Offers")],
        [[known.fields.get(item, item), known.whole(own[item])] for item in known.fields if item in own],
    )
    text = known.say(
        "Providers reported {offers} offers that take place here ({wave}).",
        offers=known.whole(sum(own.values())),
        wave=known.offers_wave.name,
    )
    return Section("angebot", heading, [text], table=table)


def _alike(known: Known, area: Entry) -> Section:
    names = {one["code"]: str(one["name"]) for one in known.areas}
    links = [Link(names[code], area_path(code)) for code in area["alike"]]
    text = known.say("Nearest in size, density and make-up.")
    return Section("aehnliche", known.say("Similar municipalities"), [text] if links else [], links=links)
