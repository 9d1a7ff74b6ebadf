"""A page a goal, with what speaks for and against it; and the list of all with their verdict."""

from __future__ import annotations

from typing import Any

from bildungsbedarf.findings import GoalEvidence, progress
from bildungsbedarf.findings.telling import course_words, state_words
from bildungsbedarf.report.subjects.fields import field_path
from bildungsbedarf.report.subjects.known import Known, goal_path, source_of
from bildungsbedarf.report.subjects.parts import Link, Said, Section, Source, SubjectPage, neighbours
from bildungsbedarf.show.evidence.leitbild import goal_words, mark_of
from bildungsbedarf.study.leitbild import Leitbild

DOOR = "ziele.html"


def goal_pages(known: Known) -> list[SubjectPage]:
    """The list of goals and a page for each; none where there is no leitbild.toml."""
    leitbild = known.study.files.leitbild
    if leitbild is None or not known.goals:
        return []
    links = [Link(one.goal.title.get(known.language), goal_path(one.goal.id)) for one in known.goals]
    pages = [_page(known, one, leitbild, *beside) for one, beside in zip(known.goals, neighbours(links), strict=True)]
    return [_door(known, leitbild), *pages]


def _door(known: Known, leitbild: Leitbild) -> SubjectPage:
    links = []
    for one in known.goals:
        course = progress(known.study, one.goal, known.findings, detects=False)
        words = state_words(one, known.language)
        note = words if course is None else f"{words} · {known.say('Target')}: {course_words(course, known.language)}"
        links.append(Link(one.goal.title.get(known.language), goal_path(one.goal.id), note, mark_of(one.state)))
    return SubjectPage(
        DOOR,
        known.say("Leitbild and goals"),
        known.say("{count} strategic goals and what speaks to them", count=len(links)),
        "" if leitbild.vision is None else leitbild.vision.get(known.language),
        [Section("ziele", known.say("The goals"), links=links), *_whole(known)],
        known.say("Goals"),
        door=DOOR,
    )


def _whole(known: Known) -> list[Section]:
    """The page of the Leitbild as it was computed, with the rulers."""
    page = "all/30_leitbild.html"
    if not any(link.href == page for link in known.notebooks):
        return []
    link = Link(known.say("All goals side by side, with rules, rulers and what is lacking"), page)
    return [Section("leitbild", known.say("Read on"), links=[link])]


def _page(
    known: Known, one: GoalEvidence, leitbild: Leitbild, previous: Link | None, following: Link | None
) -> SubjectPage:
    words = goal_words(one, known.study, leitbild, known.findings)
    facts = [(known.say("State"), words["state"]), (known.say("Principle"), words["principle"])]
    facts += [(known.say("Responsible"), words["responsible"]), (known.say("By"), str(words["by"]))]
    told = [*words["against"], *([words["needed"]] if words["needed"] else [])]
    sections = [
        Section("warum-so", known.say("Why this verdict"), told),
        *(_role(known, role) for role in words["roles"]),
        _target(known, words),
        _actions(known, words),
        _fields(known, one),
        _context(known, words),
    ]
    return SubjectPage(
        goal_path(one.goal.id),
        known.say("Strategic goal"),
        f"{words['title']}: {words['state']}",
        _lead(known, one, words),
        [section for section in sections if not section.is_empty],
        words["title"],
        [[(heading, text) for heading, text in facts if text]],
        door=DOOR,
        previous=previous,
        following=following,
    )


def _lead(known: Known, one: GoalEvidence, words: dict[str, Any]) -> str:
    """How many findings speak to it, from how many sources."""
    if not one.has_evidence:
        return known.say("No finding speaks to this goal yet.")
    text = (
        "{findings} findings from {sources} sources speak to this goal; each is held against a limit declared before."
    )
    return known.say(text, findings=len(one.pieces), sources=one.sources)


def _role(known: Known, role: dict[str, Any]) -> Section:
    """A question a goal is asked, with what answers it and what would change the answer."""
    said = []
    for piece in role["pieces"]:
        cautions = f" {known.say('To keep in mind')}: {'; '.join(piece['cautions'])}." if piece["cautions"] else ""
        finding = known.at(piece["of"])
        source: Source = "survey" if finding is None else source_of(known.study, finding)
        text = f"{piece['source']}: {piece['statement']} {piece['change']}{cautions}"
        said.append(Said(text, "" if finding is None else known.address(finding), source))
    lacking = [f"{known.say('Still missing')}: {name}" for name in role["lacking"]]
    heading = f"{role['question']} – {role['verdict']}"
    return Section(f"rolle-{_slug(role['title'])}", heading, lacking, said)


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())


def _target(known: Known, words: dict[str, Any]) -> Section:
    told = [words["target"], *words["detection"]] if words["target"] else []
    return Section("zielwert", known.say("Target"), told)


def _actions(known: Known, words: dict[str, Any]) -> Section:
    terms = [(action["title"], action["about"]) for action in words["actions"]]
    return Section("massnahmen", known.say("Actions"), terms=terms)


def _fields(known: Known, one: GoalEvidence) -> Section:
    """Fields of education it is about."""
    if "fields" in known.pages.leave_out:
        return Section("bereiche", known.say("Fields of education"))
    items = [item for item in known.fields if known.survey.concept_of(item) in one.goal.concepts]
    items += [
        piece.finding.item
        for piece in one.pieces
        if piece.finding.audience == known.survey.audience and piece.finding.item in known.fields
    ]
    links = [Link(known.fields[item], field_path(item)) for item in dict.fromkeys(items)]
    return Section("bereiche", known.say("Fields of education"), links=links)


def _context(known: Known, words: dict[str, Any]) -> Section:
    told = [f"{entry['source']}: {entry['statement']}" for entry in words["context"]]
    past = [known.say("History: {history}", history=words["history"])] if words["history"] else []
    return Section("zusammenhang", known.say("Other findings on this subject"), [*told, *past])
