"""A page a field of education: how large the need is, for whom, what changed, where, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from bildungsbedarf.findings import Finding
from bildungsbedarf.findings.telling import state_words
from bildungsbedarf.language import points, signed
from bildungsbedarf.report.subjects.figures import Line, Words, figure
from bildungsbedarf.report.subjects.known import Entry, Known, goal_path, said_of, since
from bildungsbedarf.report.subjects.parts import Facts, Figure, Link, Section, SubjectPage, neighbours
from bildungsbedarf.report.subjects.takeaways import areas_title, groups_title, rank_title
from bildungsbedarf.show.evidence.leitbild import mark_of
from bildungsbedarf.survey.frames import rounded

DOOR = "themen.html"
NEED = "Share who find offers important and are dissatisfied with those nearby, of all who can judge both"
_FEW = 0.1
"""Weight of a municipality's own answers up to which the model says next to nothing of them."""


def field_path(item: str) -> str:
    """Where the page of a field lies in the site."""
    return f"themen/{item}.html"


def field_pages(known: Known) -> list[SubjectPage]:
    """A page for each field that was asked about in the newest wave."""
    items = [item for item in known.fields if known.row("unmet_need", item) is not None]
    links = [Link(known.fields[item], field_path(item)) for item in items]
    return [_page(known, item, *beside) for item, beside in zip(items, neighbours(links), strict=True)]


def _page(known: Known, item: str, previous: Link | None, following: Link | None) -> SubjectPage:
    label = known.fields[item]
    row = known.row("unmet_need", item)
    assert row is not None  # pages are made of fields with a row
    change = known.change(item)
    sections = [
        known.over_waves(partial(_how_large, item=item)),
        known.over_waves(partial(_for_whom, item=item)),
        _changes(known, item, change),
        known.over_waves(partial(_where, item=item)),
        _conferences(known, item),
        _supply(known, item),
        _statistics(known, item),
        _goals(known, item),
        _asked(known, item),
    ]
    return SubjectPage(
        field_path(item),
        known.say("Field of education"),
        _title(known, label, row, change),
        _lead(known, label, row, change),
        [section for section in sections if not section.is_empty],
        label,
        [_facts(each, item) for each in (known, *known.earlier)],
        known.switch,
        door=DOOR,
        previous=previous,
        following=following,
    )


def is_sure(change: Finding | None) -> bool:
    """Whether a change is certain: its interval leaves zero out."""
    return change is not None and not (change.ends[0] <= 0 <= change.ends[1])


def _title(known: Known, label: str, row: Entry, change: Finding | None) -> str:
    if row["estimate"] is None:
        return known.say("{item}: no number can be shown", item=label)
    text = "{item}: {share} of 100 lack suitable offers"
    if change is not None and is_sure(change):
        text = "{item}: {share} of 100 lack suitable offers – fewer than in {wave}"
        if change.estimate > 0:
            text = "{item}: {share} of 100 lack suitable offers – more than in {wave}"
    share = known.whole(100 * row["estimate"])
    return known.say(text, item=label, share=share, wave=since(change) if change is not None else "")


def _lead(known: Known, label: str, row: Entry, change: Finding | None) -> str:
    if row["estimate"] is None:
        return known.say("Too few people stand behind it, or it is too imprecise.")
    told = known.say(
        "Of 100 {people} who can judge both, {share} find offers in the field “{item}” important and are dissatisfied "
        "with those nearby.",
        people=known.people,
        share=known.whole(100 * row["estimate"]),
        item=label,
    )
    if change is None:
        return told
    text = "Whether this is more or less than in {wave} cannot be said for certain."
    if is_sure(change):
        text = (
            "That is certainly less than in {wave}."
            if change.estimate < 0
            else "That is certainly more than in {wave}."
        )
    return f"{told} {known.say(text, wave=since(change))}"


def _facts(known: Known, item: str) -> Facts:
    row, change = known.row("unmet_need", item), known.change(item)
    if row is None or row["estimate"] is None:
        return []
    facts = [(known.say("How large"), _with_interval(known, row))]
    people = known.finding(f"people.{item}")
    if people is not None and people.se and people.wave == known.last:
        count = known.whole(rounded(people.estimate, people.se))
        facts.append((known.say("How many people"), known.say("about {count}", count=count)))
    if change is not None:
        low, high = (signed(100 * end, known.language, 0) for end in change.ends)
        told = points(change.estimate, known.language)
        sure = known.say("certain" if is_sure(change) else "cannot be said for certain")
        heading = known.say("Change since {wave}", wave=since(change))
        facts.append((heading, f"{told} ({known.say('{low} to {high}', low=low, high=high)}), {sure}"))
    if row.get("rank_best") is not None:
        best, worst = int(row["rank_best"]), int(row["rank_worst"])
        places = len(known.own("unmet_need"))
        text = "{best} of {count}" if best == worst else "{best} to {worst} of {count}"
        facts.append((known.say("Rank"), known.say(text, best=best, worst=worst, count=places)))
    facts.append((known.say("Rests on"), known.say("{persons} persons who judged both", persons=known.whole(row["n"]))))
    return facts


def _with_interval(known: Known, row: Entry) -> str:
    told = known.of_100(row["estimate"])
    if row["low"] is None or row["high"] is None:
        return told
    low, high = (known.whole(100 * row[end]) for end in ("low", "high"))
    return f"{told} ({known.say('{low} to {high}', low=low, high=high)})"


def _how_large(known: Known, item: str) -> Section:
    heading = known.say("How large the need is")
    row, label = known.row("unmet_need", item), known.fields[item]
    if row is None:
        return Section("wie-gross", heading)
    title = rank_title(known, row, label, known.say("“{item}” among all fields", item=label))
    drawn = all_fields(known, f"felder-{item}", title, item)
    said = [said_of(known, one) for one in (known.finding(f"gap.{item}"), known.finding(f"quadrant.{item}")) if one]
    return Section("wie-gross", heading, said=said, figures=[drawn])


def all_fields(known: Known, name: str, title: str, item: str = "") -> Figure:
    """All fields of the newest wave, the one before light beside them; ``item`` stands out."""
    lines = [
        Line(
            known.fields.get(row["item"], str(row["item"])),
            row,
            known.row("unmet_need", row["item"], known.before) if known.before else None,
            is_top=row["item"] == item,
        )
        for row in known.own("unmet_need")
    ]
    return figure(known, name, lines, Words(title, measure_words(known), known.say("Field"), known.last, known.before))


def measure_words(known: Known) -> str:
    """What is measured, of whom."""
    return known.say(
        "Share who find offers important and are dissatisfied with those nearby, of all {people} who can judge both",
        people=known.people,
    )


def _for_whom(known: Known, item: str) -> Section:
    """All compared groups in one figure; claims are those of the register, larger and smaller."""
    heading = known.say("For whom")
    if known.row("unmet_need", item) is None:
        return Section("fuer-wen", heading)
    claims = [one for one in known.group_claims("equity", "intersection") if one.item == item]
    proven = {pair for one in claims for pair in one.groups.items()}
    lines = []
    for by, groups in known.groups_of("unmet_need").items():
        for group in groups:
            label = known.survey.labels(by, known.language).get(group, group)
            row = known.row("unmet_need", item, by=by, group=group)
            sure = (by, group) in proven
            lines.append(
                Line(
                    f"{known.survey.title(by, known.language)}: {label}",
                    row,
                    is_top=sure,
                    is_open=known.compares and not sure,
                )
            )
    said = [said_of(known, one) for one in claims]
    if not lines:
        return Section("fuer-wen", heading, said=said)
    words = Words(
        groups_title(known, claims, known.fields[item], known.say("“{item}” by groups", item=known.fields[item])),
        known.say(NEED),
        known.say("Group"),
        known.last,
        notes=(known.say(_FILLED),) if known.compares else (),
    )
    drawn = figure(known, f"gruppen-{item}", lines, words)
    none = [known.say("No group's need is demonstrably larger or smaller than that of all others.")]
    paragraphs = none if known.compares and not said else not_compared(known)
    return Section("fuer-wen", heading, paragraphs, said, [drawn])


_FILLED = "Filled: the need is certainly larger or smaller than that of all others. Hollow: that cannot be said."


def not_compared(known: Known) -> list[str]:
    """Why nothing is said of differences, where the answers are self-selected."""
    text = "Those who answered chose themselves: their answers are shown, and not compared."
    return [] if known.compares else [known.say(text)]


def _changes(known: Known, item: str, change: Finding | None) -> Section:
    both = (change, known.finding(f"trend_satisfaction.{item}"))
    return Section(
        "aenderung", known.say("What changed"), said=[said_of(known, one) for one in both if one is not None]
    )


def _where(known: Known, item: str) -> Section:
    """The municipalities by name, as modelled; nothing drawn where the model knows next to nothing of them."""
    heading = known.say("Where")
    names = {area["code"]: area["name"] for area in known.areas}
    by = next((row["by"] for row in known.rows[known.last] if row["measure"] == "small_area"), "")
    rows = [(code, known.row("small_area", item, by=by, group=code)) for code in names]
    if all(row is None or row["weight"] is None for _, row in rows):
        return Section("wo", heading)
    if is_same_everywhere(known, item):
        text = (
            "The answers hardly differ between municipalities more than chance would have it: the district's value "
            "holds."
        )
        return Section("wo", heading, [known.say(text)])
    district = known.row("unmet_need", item)
    lines = [Line(names[code], row, is_open=is_from_size_alone(row)) for code, row in rows]
    notes = [known.say("Modelled from the answers there and from size, density and make-up; this is no ranking.")]
    notes += hollow_note(known, [row for _, row in rows])
    if district is not None and district["estimate"] is not None:
        notes.append(known.say("District: {share}.", share=known.share(district["estimate"])))
    neutral = known.say("“{item}” by municipality", item=known.fields[item])
    title = areas_title(known, [(names[code], row) for code, row in rows], known.fields[item], neutral)
    drawn = figure(
        known,
        f"gemeinden-{item}",
        lines,
        Words(title, known.say(NEED), known.say("Municipality"), known.last, notes=tuple(notes)),
    )
    return Section("wo", heading, figures=[drawn])


def is_same_everywhere(known: Known, item: str) -> bool:
    """Whether answers hardly differ between municipalities: nowhere do a municipality's own have a weight."""
    weights = [row["weight"] for row in known.rows[known.last] if (row["measure"], row["item"]) == ("small_area", item)]
    told = [weight for weight in weights if weight is not None]
    return bool(told) and max(told) < _FEW


def is_from_size_alone(row: Entry | None) -> bool:
    """Whether a municipality's own answers have next to no weight; unknown where the weight may not be told."""
    return row is not None and row["weight"] is not None and row["weight"] <= _FEW


def hollow_note(known: Known, rows: Iterable[Entry | None]) -> list[str]:
    """What hollow marks mean, where there are any; and that modelled values are rounded, and why."""
    hollow = [known.say("Hollow: estimated almost only from size and density.")]
    rounded_ = known.say("Modelled values are in whole percent, so that nobody's answers can be computed from them.")
    return [*(hollow if any(is_from_size_alone(row) for row in rows) else []), rounded_]


def _concept(known: Known, item: str) -> str:
    return known.survey.concept_of(item)


def _conferences(known: Known, item: str) -> Section:
    found = [one for one in known.speaking_to(_concept(known, item)) if one.kind == "participation"]
    return Section(
        "konferenz",
        known.say("What the conferences say"),
        said=[said_of(known, one, with_source=True) for one in found if "most" not in one.id.split(".")],
    )


def _supply(known: Known, item: str) -> Section:
    heading = known.say("What there is")
    reach = next((one for one in known.newest if one.id == f"reach.{item}" and one.kind == "supply"), None)
    said = [] if reach is None else [said_of(known, reach)]
    there = [entry for entry in known.offers if entry["field"] == item]
    if known.offers_wave is None:
        return Section("angebot", heading)
    text = known.say(
        "Providers reported {offers} offers that take place in {places} municipalities ({wave}); further ones may name "
        "no place.",
        offers=known.whole(sum(entry["offers"] for entry in there)),
        places=known.whole(len({entry["place"] for entry in there})),
        wave=known.offers_wave.name,
    )
    return Section("angebot", heading, [text], said)


def _statistics(known: Known, item: str) -> Section:
    found = [one for one in known.speaking_to(_concept(known, item)) if one.kind == "indicator"]
    return Section("statistik", known.say("What official statistics say"), said=[said_of(known, one) for one in found])


def _goals(known: Known, item: str) -> Section:
    concept = _concept(known, item)
    links = [
        Link(
            one.goal.title.get(known.language),
            goal_path(one.goal.id),
            state_words(one, known.language),
            mark_of(one.state),
        )
        for one in known.goals
        if (concept and concept in one.goal.concepts) or any(_is_of(known, piece.finding, item) for piece in one.pieces)
    ]
    return Section("ziele", known.say("Goals it speaks to"), links=links)


def _is_of(known: Known, one: Finding, item: str) -> bool:
    return one.item == item and one.audience == known.survey.audience


def _asked(known: Known, item: str) -> Section:
    level = known.finding(f"unmet_need.{item}")
    if level is None:
        return Section("wortlaut", known.say("How it was asked"))
    return Section(
        "wortlaut",
        known.say("How it was asked"),
        [level.wording[known.language]],
        links=[Link(known.say("From the sentence back to the answers"), _evidence(level))],
    )


def _evidence(one: Finding) -> str:
    return f"{one.wave}/nachweise.html#{one.id}"
