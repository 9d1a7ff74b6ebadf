"""A page a municipality: what a model says beside the district, what is offered there, and who is alike; no rank."""

from __future__ import annotations

from functools import partial

from bildungsbedarf.report.subjects.fields import NEED, hollow_note, is_from_size_alone, is_same_everywhere
from bildungsbedarf.report.subjects.figures import Line, Words, figure
from bildungsbedarf.report.subjects.known import Entry, Known
from bildungsbedarf.report.subjects.parts import Link, Section, SubjectPage, Table, neighbours
from bildungsbedarf.show.evidence.supply import ASKED_IN_GENERAL, reach_of, why_words

DOOR = "gemeinden.html"


def area_path(code: str) -> str:
    """Where the page of a municipality lies in the site."""
    return f"gemeinden/{code}.html"


def area_pages(known: Known) -> list[SubjectPage]:
    """A page for each municipality of the district's table."""
    links = [Link(str(area["name"]), area_path(area["code"])) for area in known.areas]
    return [_page(known, area, *beside) for area, beside in zip(known.areas, neighbours(links), strict=True)]


def _page(known: Known, area: Entry, previous: Link | None, following: Link | None) -> SubjectPage:
    rows = _rows(known, area)
    sections = [
        known.over_waves(partial(_needs, area=area)),
        _offers(known, area),
        _reasons(known, area),
        _alike(known, area),
    ]
    return SubjectPage(
        area_path(area["code"]),
        known.say("Municipality"),
        known.say("{name}: need for education beside the district", name=area["name"]),
        _lead(known, area, rows),
        [section for section in sections if not section.is_empty],
        str(area["name"]),
        waves=known.switch,
        door=DOOR,
        previous=previous,
        following=following,
    )


def _rows(known: Known, area: Entry) -> dict[str, Entry]:
    """What the newest wave's model says of a municipality, by field."""
    rows = known.rows[known.last]
    return {row["item"]: row for row in rows if row["measure"] == "small_area" and row["group"] == area["code"]}


def _lead(known: Known, area: Entry, rows: dict[str, Entry]) -> str:
    """How many answered, and therefore whose number it is."""
    persons = [row["n"] for row in rows.values() if row["n"] is not None]
    if not persons:
        return known.say(
            "From {name} there are too few answers in the survey; there are no reliable numbers of its own.",
            name=area["name"],
        )
    return known.say(
        "Answers of up to {persons} people from {name} are in these values. A model weighs them against what size, "
        "density and make-up suggest.",
        name=area["name"],
        persons=known.whole(max(persons)),
    )


def _needs(known: Known, area: Entry) -> Section:
    rows = _rows(known, area)
    if not rows:
        return Section("bedarf", known.say("What is lacking"))
    lines = [
        Line(
            label,
            rows[item],
            known.row("unmet_need", item),
            is_open=is_from_size_alone(rows[item]) or is_same_everywhere(known, item),
        )
        for item, label in known.fields.items()
        if item in rows
    ]
    notes = [
        known.say("Modelled values, each by itself: no difference from the district follows from them, and no rank."),
        *hollow_note(known, rows.values()),
    ]
    words = Words(
        known.say("{name} beside the district", name=area["name"]),
        f"{known.say(NEED)}, {known.last}",
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
        [[known.field_name(item), known.whole(own[item])] for item in known.fields if item in own],
    )
    text = known.say(
        "Providers reported {offers} offers that take place here ({wave}).",
        offers=known.whole(sum(own.values())),
        wave=known.offers_wave.name,
    )
    return Section("angebot", heading, [text], table=table)


def _reasons(known: Known, area: Entry) -> Section:
    """Where a need is not met, and where to look for the reason."""
    heading = known.say("Where to look for the reason")
    own = [one for one in known.diagnoses if one["place"] == area["code"]]
    if not own or known.offers_wave is None:
        return Section("gruende", heading)
    reach = reach_of(known.offers_wave, known.language)
    told = [
        known.say(
            "{field}: {why}",
            field=known.field_name(one["field"]),
            why=why_words([one["diagnosis"], *one["also"]], reach, known.language),
        )
        for one in own
    ]
    note = known.say(ASKED_IN_GENERAL)
    return Section("gruende", heading, [*told, note])


def _alike(known: Known, area: Entry) -> Section:
    names = {one["code"]: str(one["name"]) for one in known.areas}
    links = [Link(names[code], area_path(code)) for code in area["alike"]]
    text = known.say("Nearest in size, density and make-up.")
    return Section("aehnliche", known.say("Similar municipalities"), [text] if links else [], links=links)
