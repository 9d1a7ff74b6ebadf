"""The draft for the council, the concept of action, and the two-page summary: from goals and register."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import Finding, GoalEvidence, lacks, newest, progress, weigh
from bildungsbedarf.findings.leitbild import ROLES
from bildungsbedarf.findings.telling import (
    ROLE_WORDS,
    against_words,
    caution_words,
    change_words,
    course_words,
    detection_words,
    group_words,
    lack_words,
    needed_words,
    state_words,
    target_words,
    verdict_words,
)
from bildungsbedarf.language import number, translate
from bildungsbedarf.report.documents.frame import framed
from bildungsbedarf.report.documents.model import Bullets, Document, Heading, Paragraph, Part, Table
from bildungsbedarf.show.evidence.leitbild import action_words, source_words
from bildungsbedarf.study.leitbild import Leitbild
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study


class References:
    """Numbers of the findings a document cites, in the order they are first cited."""

    def __init__(self) -> None:
        self.cited: list[Finding] = []

    def mark(self, finding: Finding) -> str:
        """``[3]``."""
        if finding not in self.cited:
            self.cited.append(finding)
        return f"[{self.cited.index(finding) + 1}]"

    def table(self, study: Study, language: Language) -> Table:
        """Every cited finding with what leads back to it: ``bildungsbedarf explain`` takes the id."""
        rows = [
            [
                f"[{place}] {one.id}",
                source_words(one, study),
                number(one.n, language) if one.n else "–",
                ", ".join(one.questions) or "–",
                ", ".join(sha[:12] for sha in one.snapshot),
            ]
            for place, one in enumerate(self.cited, start=1)
        ]
        heads = [translate(head, language) for head in ("Finding", "Source", "Persons", "Question", "Data")]
        return Table(translate("Findings cited", language), heads, rows, is_cited=True)


def council_draft(study: Study, leitbild: Leitbild, found: Sequence[Finding]) -> Document:
    """Vision, principles, goals with their evidence in plain words, actions, and what the next conference decides."""
    language, cited = study.language, References()
    goals = weigh(study, found)
    parts: list[Part] = []
    if leitbild.vision:
        parts += [Heading(1, translate("Vision", language)), Paragraph(leitbild.vision.get(language))]
    parts.append(Heading(1, translate("Guiding principles", language)))
    for principle in leitbild.principle:
        parts += [Heading(2, principle.title.get(language)), Paragraph(principle.text.get(language))]
    parts.append(Heading(1, translate("Strategic goals", language)))
    parts.append(goals_table(study, goals, found))
    for one in goals:
        parts += _goal(study, one, found, cited)
    parts += _actions(study, leitbild)
    parts += _lacking(study, found)
    questions = open_questions(study, goals, found)
    parts += [
        Heading(1, translate("Open questions for the next conference", language)),
        Bullets(questions) if questions else Paragraph(translate("None.", language)),
        Heading(1, translate("Evidence", language)),
        Paragraph(
            translate("Each number in this draft leads to the register: bildungsbedarf explain FINDING.", language)
        ),
        cited.table(study, language),
    ]
    return framed(study, "Draft of the guiding principles and strategic goals", parts)


def goals_table(study: Study, goals: Sequence[GoalEvidence], found: Sequence[Finding]) -> Table:
    """Every goal with its state, year and course."""
    language = study.language
    rows = []
    for one in goals:
        course = progress(study, one.goal, found)
        rows.append(
            [
                one.goal.title.get(language),
                state_words(one, language),
                str(one.goal.by),
                "–" if course is None else course_words(course, language),
            ]
        )
    heads = [translate(head, language) for head in ("Goal", "State", "By", "Target")]
    return Table(translate("Strategic goals and what speaks to them", language), heads, rows)


def _goal(study: Study, one: GoalEvidence, found: Sequence[Finding], cited: References) -> list[Part]:
    language = study.language
    goal = one.goal
    parts: list[Part] = [Heading(2, goal.title.get(language))]
    about = [
        f"{translate('State', language)}: {state_words(one, language)}",
        f"{translate('Responsible', language)}: {goal.responsible}",
        f"{translate('By', language)}: {goal.by}",
    ]
    if goal.groups:
        groups = ", ".join(group_words(study, group, language) for group in goal.groups)
        about.append(f"{translate('In particular for', language)}: {groups}")
    parts.append(Paragraph(" · ".join(about)))
    parts += [Paragraph(text) for text in (*against_words(one, language), needed_words(one, language)) if text]
    for role in ROLES:
        evidence = one.roles[role]
        if not evidence.pieces:
            continue
        parts.append(
            Paragraph(f"{translate(ROLE_WORDS[role], language)}: {verdict_words(evidence, language)}.", quiet=True)
        )
        texts = []
        for piece in evidence.pieces:
            cautions = "; ".join(caution_words(piece, language))
            told = [piece.finding.statement[language], cited.mark(piece.finding), change_words(piece, language)]
            told += [f"{translate('To keep in mind', language)}: {cautions}."] if cautions else []
            texts.append(" ".join(told))
        parts.append(Bullets(texts, cites=True))
    if (course := progress(study, goal, found)) is not None:
        parts.append(Paragraph(target_words(course, language)))
        parts += [Paragraph(detection_words(each, study, language), quiet=True) for each in course.detection]
    if not one.has_evidence:
        parts.append(Paragraph(translate("No finding is assigned to this goal yet.", language)))
    return parts


def _actions(study: Study, leitbild: Leitbild) -> list[Part]:
    language = study.language
    if not leitbild.action:
        return []
    goals = {goal.id: goal.title.get(language) for goal in leitbild.goal}
    rows = [[one.title.get(language), goals[one.goal], *action_words(one, language)] for one in leitbild.action]
    heads = [translate(head, language) for head in ("Action", "Goal", "Actors", "Status", "Cost", "By")]
    title = translate("Actions", language)
    return [Heading(1, title), Table(title, heads, rows)]


def _lacking(study: Study, found: Sequence[Finding]) -> list[Part]:
    language = study.language
    groups: dict[str, list[str]] = {}
    for one in lacks(study, found):
        title, texts = lack_words(one, study, language)
        groups.setdefault(title, []).append(" ".join(texts))
    parts: list[Part] = [Heading(1, translate("What the goals do not see", language))]
    for title, texts in groups.items():
        parts += [Heading(2, title), Bullets(texts)]
    return parts if groups else [*parts, Paragraph(translate("Nothing is lacking by these rules.", language))]


def open_questions(study: Study, goals: Sequence[GoalEvidence], found: Sequence[Finding]) -> list[str]:
    """What the evidence leaves to people: contested and unfounded goals, open roles, targets off track."""
    language = study.language
    questions = []
    for one in goals:
        title = one.goal.title.get(language)
        if one.state == "contested":
            questions.append(
                translate(
                    "“{goal}”: evidence speaks for it and against it. Keep, change or drop it?", language, goal=title
                )
            )
        elif one.state == "contradicted":
            questions.append(translate("“{goal}”: the evidence speaks against it. Keep it?", language, goal=title))
        elif one.state == "without evidence":
            questions.append(translate("“{goal}”: which findings show whether it is needed?", language, goal=title))
        elif one.needed:
            roles = translate(" and ", language).join(translate(ROLE_WORDS[role], language) for role in one.needed)
            questions.append(
                translate("“{goal}”: {roles} is not founded yet. What is missing?", language, goal=title, roles=roles)
            )
        course = progress(study, one.goal, found)
        if course is not None and course.course in ("off track", "missed"):
            questions.append(translate("“{goal}”: not on track. What has to change?", language, goal=title))
        if course is not None and course.course == "reached":
            questions.append(translate("“{goal}”: the target is reached. What comes next?", language, goal=title))
    return questions


def concept_of_action(study: Study, leitbild: Leitbild, found: Sequence[Finding]) -> Document:
    """Fields of action with their goals, targets and actions; goals and actions without a field last."""
    language = study.language
    states = {one.goal.id: one for one in weigh(study, found)}
    parts: list[Part] = []
    fields = [(one.id, one.title.get(language)) for one in leitbild.field_of_action]
    known = {name for name, _ in fields}
    if any(goal.field_of_action not in known for goal in leitbild.goal):
        fields.append(("", translate("Further goals", language)))
    for name, title in fields:
        own = [goal for goal in leitbild.goal if goal.field_of_action == name]
        if not own:
            continue
        parts.append(Heading(1, title))
        for goal in own:
            course = progress(study, goal, found)
            parts += [
                Heading(2, goal.title.get(language)),
                Paragraph(
                    f"{translate('State', language)}: {state_words(states[goal.id], language)}. "
                    f"{translate('Responsible', language)}: {goal.responsible}."
                ),
            ]
            parts += [] if course is None else [Paragraph(target_words(course, language))]
            actions = [one for one in leitbild.action if one.goal == goal.id]
            rows = [[one.title.get(language), *action_words(one, language)] for one in actions]
            heads = [translate(head, language) for head in ("Action", "Actors", "Status", "Cost", "By")]
            parts.append(
                Table(translate("Actions", language), heads, rows)
                if rows
                else Paragraph(translate("No action has been agreed yet.", language), quiet=True)
            )
    return framed(study, "Concept of action", parts)


def summary(study: Study, found: Sequence[Finding]) -> Document:
    """Two pages for the council's information system: what is lacking, for whom, what changed, what follows."""
    language, cited = study.language, References()
    first = sorted((one for one in newest(found) if one.headline), key=lambda one: one.measure != "unmet_need")
    ballots = [one.wave for one in first if one.kind == "participation"]
    # an older conference is not told beside the newest one
    first = [one for one in first if one.kind != "participation" or one.wave == max(ballots)]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("What is lacking most", ("rank", "level", "barrier", "difference")),
        ("For whom", ("group",)),
        ("What has changed", ("trend",)),
        ("What the conferences say", ("participation",)),
    )
    parts: list[Part] = []
    for title, kinds in groups:
        told = [one for one in first if one.kind in kinds][:_MOST]
        if told:
            texts = [f"{one.statement[language]} ({source_words(one, study)}) {cited.mark(one)}" for one in told]
            parts += [Heading(1, translate(title, language)), Bullets(texts)]
    goals = weigh(study, found)
    if goals:
        parts += [Heading(1, translate("What follows for the goals", language)), goals_table(study, goals, found)]
    sources = "; ".join(f"[{place}] {one.id}, {source_words(one, study)}" for place, one in enumerate(cited.cited, 1))
    parts.append(Paragraph(sources, quiet=True))
    return framed(study, "Summary", parts, contents=False)


_MOST = 3
"""Sentences a heading of the summary has at most."""
