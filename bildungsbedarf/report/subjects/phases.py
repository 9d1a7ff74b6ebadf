"""A page a phase of life: what is lacking most, what keeps people away, and how that compares with all."""

from __future__ import annotations

from functools import partial

from bildungsbedarf.report.subjects.fields import NEED, field_path, not_compared
from bildungsbedarf.report.subjects.figures import Line, Words, barrier_words, figure, format_words
from bildungsbedarf.report.subjects.known import Known, said_of
from bildungsbedarf.report.subjects.parts import Figure, Link, Section, SubjectPage, Table, neighbours
from bildungsbedarf.report.subjects.planning import reached
from bildungsbedarf.report.subjects.takeaways import LACKING_MOST, first_title
from bildungsbedarf.show.evidence.offers import partial_note
from bildungsbedarf.show.evidence.supply import ASKED_IN_GENERAL, reach_of, why_words
from bildungsbedarf.study.pages import LifePhase

DOOR = "lebensphasen.html"


def phase_path(phase: LifePhase) -> str:
    """Where the page of a phase of life lies in the site."""
    return f"lebensphasen/{phase.id}.html"


def phase_pages(known: Known) -> list[SubjectPage]:
    """A page for each phase of life of pages.toml whose group has rows."""
    phases = [phase for phase in known.pages.life_phase if known.own("unmet_need", by=phase.by, group=phase.category)]
    links = [Link(phase.title.get(known.language), phase_path(phase)) for phase in phases]
    return [_page(known, phase, *beside) for phase, beside in zip(phases, neighbours(links), strict=True)]


def _page(known: Known, phase: LifePhase, previous: Link | None, following: Link | None) -> SubjectPage:
    title = phase.title.get(known.language)
    told = [known.over_waves(partial(make, phase=phase)) for make in (_needs, _barriers, _formats)]
    sections = [told[0], _own_fields(known, phase), *told[1:]]
    sections += [_offers(known, phase), _statistics(known, phase), _own_survey(known, phase)]
    return SubjectPage(
        phase_path(phase),
        known.say("Phase of life"),
        _title(known, phase, title),
        _lead(known, phase),
        [section for section in sections if not section.is_empty],
        title,
        waves=known.switch,
        door=DOOR,
        previous=previous,
        following=following,
    )


def _title(known: Known, phase: LifePhase, title: str) -> str:
    """A claim only where the register carries it for this group; else the two fields in front."""
    claim = known.finding(f"unmet_need.largest.{phase.by}-{phase.category}")
    if claim is not None and claim.wave == known.last:
        text = "{phase}: most is lacking in the field “{item}”"
        return known.say(text, phase=title, item=known.field_name(claim.item))
    rows = [row for row in known.own("unmet_need", by=phase.by, group=phase.category) if row["estimate"] is not None]
    if len(rows) < 2:
        return known.say("{phase}: no numbers can be shown", phase=title)
    first, second = (known.fields[row["item"]] for row in rows[:2])
    text = "{phase}: “{first}” and “{second}” lie in front"
    if known.compares:
        text = "{phase}: “{first}” and “{second}” lie in front; which is first cannot be said for certain"
    return known.say(text, phase=title, first=first, second=second)


def _whose(known: Known, phase: LifePhase) -> str:
    called = known.survey.called(phase.by, phase.category, known.language)
    return called or known.group_name(phase.by, phase.category)


def _lead(known: Known, phase: LifePhase) -> str:
    told = known.say("Answers of {people}, beside those of all.", people=_whose(known, phase))
    return told if phase.note is None else f"{phase.note.get(known.language)} {told}"


def _needs(known: Known, phase: LifePhase) -> Section:
    heading = known.say("What is lacking")
    if not known.own("unmet_need", by=phase.by, group=phase.category):
        return Section("bedarf", heading)
    claim = known.finding(f"unmet_need.largest.{phase.by}-{phase.category}")
    words = Words(
        first_title(known, claim, known.fields, LACKING_MOST, known.say("Where offers are lacking")),
        f"{known.say(NEED)}, {known.last}",
        known.say("Field"),
        known.group_name(phase.by, phase.category),
        known.say("All"),
        (known.say("Bold: fields about this phase itself."),) if phase.fields else (),
    )
    drawn = _beside_all(known, phase, "unmet_need", words)
    own = [one for one in known.group_claims("equity", "intersection") if one.groups == {phase.by: phase.category}]
    is_shown = any(row["estimate"] is not None for row in known.own("unmet_need", by=phase.by, group=phase.category))
    none = known.say("In no field is the need demonstrably larger or smaller than that of all others.")
    paragraphs = [none] if is_shown and known.compares and not own else not_compared(known)
    return Section("bedarf", heading, paragraphs, [said_of(known, one) for one in own], [drawn])


def _beside_all(known: Known, phase: LifePhase, measure: str, words: Words) -> Figure:
    labels = known.labels(measure)
    lines = [
        Line(
            labels.get(row["item"], str(row["item"])),
            row,
            known.row(measure, row["item"]),
            is_top=row["item"] in phase.fields,
        )
        for row in known.own(measure, by=phase.by, group=phase.category)
    ]
    return figure(known, f"{phase.id}-{measure}", lines, words)


def _own_fields(known: Known, phase: LifePhase) -> Section:
    there = [] if "fields" in known.pages.leave_out else [item for item in phase.fields if item in known.fields]
    links = [Link(known.fields[item], field_path(item)) for item in there]
    return Section("eigene-themen", known.say("Fields about this phase itself"), links=links)


def _barriers(known: Known, phase: LifePhase) -> Section:
    heading = known.say("What keeps people away")
    if not known.own("barrier", by=phase.by, group=phase.category):
        return Section("hindernisse", heading)
    first = known.finding(f"barrier.most_frequent.{phase.by}-{phase.category}")
    words = barrier_words(known, first, known.group_name(phase.by, phase.category), known.say("All"))
    found = [first] if first is not None and first.wave == known.last else []
    items = {row["item"] for row in known.own("barrier")}
    found += [
        one
        for one in known.group_claims("contrast")
        if one.groups == {phase.by: phase.category} and one.item.rpartition("_")[2] in items
    ]
    said = [said_of(known, one) for one in found]
    return Section("hindernisse", heading, said=said, figures=[_beside_all(known, phase, "barrier", words)])


def _formats(known: Known, phase: LifePhase) -> Section:
    heading = known.say("Which formats are wanted and not used")
    if not known.own("format_wanted_not_used", by=phase.by, group=phase.category):
        return Section("formate", heading)
    words = format_words(known, known.group_name(phase.by, phase.category), known.say("All"))
    return Section("formate", heading, figures=[_beside_all(known, phase, "format_wanted_not_used", words)])


def _offers(known: Known, phase: LifePhase) -> Section:
    """What providers reported for the people who speak here, and where to look for what they lack."""
    heading = known.say("What there is")
    own = [row for row in known.groups if (row["by"], row["group"]) == (phase.by, phase.category)]
    if not own or known.offers_wave is None:
        return Section("angebot", heading)
    reach = reach_of(known.offers_wave, known.language)
    rows = [
        [
            known.field_name(row["field"]),
            known.whole(row["offers"]),
            reached(known, row),
            why_words([row["diagnosis"], *row["also"]], reach, known.language, of_group=True),
        ]
        for row in own
    ]
    told = known.say(
        "Providers reported {offers} offers for “{phase}” ({wave}). Beside each field: how many of the inhabitants "
        "have one within reach, and where to look for the reason if much is lacking.",
        offers=known.whole(sum(row["offers"] for row in own)),
        phase=own[0]["life_phase"],
        wave=known.offers_wave.name,
    )
    heads = [known.say(text) for text in ("Field", "Offers", "Have one within reach", "Where to look")]
    notes = [told, known.say(ASKED_IN_GENERAL), *partial_note(known.offers_wave)]
    return Section("angebot", heading, notes, table=Table(heads, rows))


def _statistics(known: Known, phase: LifePhase) -> Section:
    """Indicators of this phase of life."""
    file = known.study.files.indicators
    own = {one.id for one in file.indicator if one.life_phase == phase.id} if file is not None else set()
    found = [one for one in known.newest if one.kind == "indicator" and one.item in own]
    return Section("statistik", known.say("What official statistics say"), said=[said_of(known, one) for one in found])


def _own_survey(known: Known, phase: LifePhase) -> Section:
    """Pages of an audience that is asked by itself: never in one figure with the survey."""
    links = [link for link in known.notebooks if phase.audience and link.href.split("/")[1] == phase.audience]
    return Section("eigene-befragung", known.say("A survey of its own"), links=links)
