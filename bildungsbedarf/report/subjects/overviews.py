"""Pages over all of a kind: fields, phases of life, municipalities, hindrances, conferences."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import DECLARED, Finding, item_labels
from bildungsbedarf.findings.leitbild import wave_of
from bildungsbedarf.report.subjects.fields import all_fields, is_sure
from bildungsbedarf.report.subjects.figures import Line, Words, barrier_words, figure, format_words
from bildungsbedarf.report.subjects.known import Known, said_of
from bildungsbedarf.report.subjects.parts import Figure, Link, Section, SubjectPage
from bildungsbedarf.report.subjects.takeaways import LACKING_MOST, first_title

BARRIERS, PARTICIPATION = "hindernisse.html", "beteiligung.html"


def fields_door(known: Known, pages: Sequence[SubjectPage]) -> SubjectPage:
    """All fields: the figure, and a link each with what changed."""
    links = []
    for page in pages:
        item = page.path.rpartition("/")[2].removesuffix(".html")
        change = known.change(item)
        note = ""
        if change is not None and is_sure(change):
            note = known.say("less than before" if change.estimate < 0 else "more than before")
        links.append(Link(page.name, page.path, note))
    return SubjectPage(
        "themen.html",
        known.say("Fields of education"),
        known.say("Where offers are lacking: {count} fields of education", count=len(pages)),
        known.say("Each field has a page: how large the need is, for whom, what changed, and what follows."),
        [
            known.over_waves(_side_by_side),
            Section("seiten", known.say("The fields"), links=links),
        ],
        known.say("Fields of education"),
        waves=known.switch,
        door="themen.html",
    )


def _side_by_side(known: Known) -> Section:
    claim, neutral = known.finding("unmet_need.largest"), known.say("Unmet need by field")
    title = first_title(known, claim, known.fields, LACKING_MOST, neutral)
    drawn = all_fields(known, "felder", title)
    return Section("vergleich", known.say("All fields side by side"), figures=[drawn])


def phases_door(known: Known, pages: Sequence[SubjectPage]) -> SubjectPage:
    """All phases of life."""
    return SubjectPage(
        "lebensphasen.html",
        known.say("Phases of life"),
        known.say("What people lack in each phase of life"),
        known.say("Each page says who speaks."),
        [Section("seiten", known.say("The phases"), links=[Link(page.title, page.path) for page in pages])],
        known.say("Phases of life"),
        door="lebensphasen.html",
    )


def areas_door(known: Known, pages: Sequence[SubjectPage]) -> SubjectPage:
    """All municipalities, by name."""
    ordered = sorted(pages, key=lambda page: page.name.casefold())
    return SubjectPage(
        "gemeinden.html",
        known.say("Municipalities"),
        known.say("{count} municipalities, without a ranking", count=len(pages)),
        known.say(
            "Too few people were asked in most municipalities for numbers of their own. What a model says stands on "
            "each page with its uncertainty."
        ),
        [Section("seiten", known.say("The municipalities"), links=[Link(page.name, page.path) for page in ordered])],
        known.say("Municipalities"),
        door="gemeinden.html",
    )


def barriers_page(known: Known) -> SubjectPage | None:
    """What keeps people away, in all waves, and which formats they want."""
    rows = known.own("barrier")
    if not rows:
        return None
    first = known.finding("barrier.most_frequent")
    labels = known.labels("barrier")
    groups = [one for one in known.newest if one.id.startswith("barrier.most_frequent.") and one.wave == known.last]
    changed = [
        one for one in known.newest if one.measure == "trend_barrier" and is_sure(one) and wave_of(one) == known.last
    ]
    title = known.say("What keeps people from education")
    if first is not None:
        title = known.say("“{item}” is the most frequent barrier", item=labels.get(first.item, first.item))
    sections = [
        known.over_waves(_reasons),
        Section("gruppen", known.say("For whom"), said=[said_of(known, one) for one in groups]),
        Section("aenderung", known.say("What changed"), said=[said_of(known, one) for one in changed]),
        known.over_waves(_formats),
    ]
    return SubjectPage(
        BARRIERS,
        known.say("Barriers and formats"),
        title,
        known.say("Several answers were possible; everyone who was shown the question counts."),
        [section for section in sections if not section.is_empty],
        known.say("Barriers and formats"),
        waves=known.switch,
        door="themen.html",
    )


def _reasons(known: Known) -> Section:
    heading = known.say("The reasons")
    if not known.own("barrier"):
        return Section("gruende", heading)
    first = known.finding("barrier.most_frequent")
    drawn = figure(
        known, "hindernisse", _lines(known, "barrier"), barrier_words(known, first, known.last, known.before)
    )
    return Section("gruende", heading, said=[said_of(known, first)] if first else [], figures=[drawn])


def _lines(known: Known, measure: str) -> list[Line]:
    labels = known.labels(measure)
    return [
        Line(
            labels.get(row["item"], str(row["item"])),
            row,
            known.row(measure, row["item"], known.before) if known.before else None,
            is_top=place == 0,
        )
        for place, row in enumerate(known.own(measure))
    ]


def _formats(known: Known) -> Section:
    heading = known.say("Which formats are wanted and not used")
    if not known.own("format_wanted_not_used"):
        return Section("formate", heading)
    words = format_words(known, known.last, known.before)
    return Section(
        "formate", heading, figures=[figure(known, "formate", _lines(known, "format_wanted_not_used"), words)]
    )


def participation_page(known: Known) -> SubjectPage | None:
    """What each conference agreed to; it speaks of those present."""
    sections = []
    for ballot in reversed(known.study.files.config.ballot):
        own = [one for one in known.findings if one.audience == ballot.audience and one.kind == "participation"]
        own = [one for one in own if one.wave == max(each.wave for each in own)]
        levels = sorted((one for one in own if _is_level(one.id)), key=lambda one: (-one.estimate, one.item))
        if not levels:
            continue
        waves = sorted({one.wave for one in levels})
        most = [said_of(known, one) for one in own if one.id in ("agreement.most", "dots.most")]
        page = known.address(levels[0]).partition("#")[0]
        link = [Link(known.say("All results of this conference"), page)] if page else []
        heading = f"{ballot.title.get(known.language)} ({waves[-1]})"
        sections.append(
            Section(
                f"abstimmung-{ballot.id}",
                heading,
                said=most,
                figures=[_agreement(known, ballot.id, levels)],
                links=link,
            )
        )
    if not sections:
        return None
    return SubjectPage(
        PARTICIPATION,
        known.say("Participation"),
        known.say("What the conferences say"),
        known.say("These are the votes of those present, counted and not weighted; they stand for nobody else."),
        sections,
        known.say("Participation"),
        door="themen.html",
    )


def _is_level(name: str) -> bool:
    measure, _, item = name.partition(".")
    return measure == "agreement" and item != "most"


def _agreement(known: Known, ballot: str, levels: Sequence[Finding]) -> Figure:
    """Exact shares of those who voted: no intervals."""
    wave = known.study.wave(levels[0].wave, levels[0].audience)
    texts = item_labels(DECLARED["agreement"], wave, known.language)
    lines = [
        Line(
            texts.get(one.item, one.item),
            {"estimate": one.estimate, "low": None, "high": None, "n": one.n},
            is_top=not place,
        )
        for place, one in enumerate(levels)
    ]
    words = Words(
        known.say("What those present agree to"),
        known.say(
            "Share of {people} who agree, of those who voted on the statement", people=wave.people(known.language)
        ),
        known.say("Statement"),
        known.say("agree"),
    )
    return figure(known, f"abstimmung-{ballot}", lines, words)
