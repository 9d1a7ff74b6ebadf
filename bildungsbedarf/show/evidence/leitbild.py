"""Goals with their evidence in roles, targets, actions, and what the Leitbild lacks, for the page *Leitbild*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bildungsbedarf.findings import Finding, GoalEvidence, history, lacks, progress
from bildungsbedarf.findings.leitbild import ROLES, RoleEvidence
from bildungsbedarf.findings.telling import (
    ROLE_QUESTIONS,
    ROLE_WORDS,
    STATE_WORDS,
    against_words,
    caution_words,
    change_words,
    course_words,
    detection_words,
    lack_words,
    needed_words,
    state_words,
    target_words,
    verdict_words,
)
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.evidence.rulers import ruler
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.study.leitbild import Leitbild, PlannedAction
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study

_STATUS = {"planned": "planned", "running": "running", "done": "done", "stopped": "stopped"}
_COST = {"low": "low cost", "medium": "medium cost", "high": "high cost", "open": "cost not estimated"}
_RULER = (
    "How to read the rulers: the point is the estimate, the bar its margin of uncertainty. The tinted side of the "
    "vertical line speaks for the goal; beyond a dashed line the finding would speak against it. A hollow point: the "
    "margin crosses a limit, nothing is decided."
)
_WORDS = (
    "Principle",
    "Responsible",
    "By",
    "Still missing",
    "Other findings on this subject",
    "Target",
    "Actions",
    "History",
    "To keep in mind",
)


def goal_matrix(evidence: Sequence[GoalEvidence], study: Study, found: Sequence[Finding], *, title: str = "") -> Block:
    """What speaks to each goal in each role, and what follows.

    Parameters
    ----------
    evidence
        What ``findings.weigh`` returned.
    study
        The study.
    found
        Findings of the register: for the progress of goals with a target.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.goal_matrix(findings.weigh(study, []), study, []).kind
    'leitbild'
    """
    language = study.language
    title = title or translate("Strategic goals and what speaks to them", language)
    rows = []
    for entry in evidence:
        verdicts = [Cell(verdict_words(entry.roles[role], language)) for role in ROLES]
        course = progress(study, entry.goal, found, detects=False)
        target = Cell("–" if course is None else course_words(course, language))
        rows.append(Row(entry.goal.title.get(language), [Cell(state_words(entry, language)), *verdicts, target]))
    roles = [translate(ROLE_WORDS[role], language) for role in ROLES]
    headings = [translate("State", language), *roles, translate("Target", language)]
    leitbild = study.files.leitbild
    notes = [] if leitbild is None else [_rules(leitbild, study)]
    return plain_table(title, translate("Goal", language), headings, rows, notes, kind="leitbild", language=language)


def _rules(leitbild: Leitbild, study: Study) -> str:
    language = study.language
    roles = translate(" and ", language).join(
        translate(ROLE_WORDS[role], language) for role in leitbild.rules.well_founded
    )
    return translate(
        "A finding decides only where its whole printed margin lies beyond the limit declared for the goal. Well "
        "founded is a goal carried by {roles} and contradicted by nothing; contested, where something carries it and "
        "something else speaks against it. Progress neither founds nor weakens a goal.",
        language,
        roles=roles,
    )


def goal_details(evidence: Sequence[GoalEvidence], study: Study, found: Sequence[Finding]) -> Block:
    """Each goal: its evidence by role with limit and ruler, what would change the verdict, target, actions, history.

    Parameters
    ----------
    evidence
        What ``findings.weigh`` returned.
    study
        The study.
    found
        Findings of the register.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.goal_details(findings.weigh(study, []), study, []).kind
    'leitbild'
    """
    language = study.language
    leitbild = study.files.leitbild
    goals = [] if leitbild is None else [goal_words(entry, study, leitbild, found) for entry in evidence]
    words = {word: translate(word, language) for word in _WORDS}
    html = render("goals.html", goals=goals, words=words, legend=translate(_RULER, language))
    text = "\n".join(f"{goal['title']}: {goal['state']}" for goal in goals)
    return Block("leitbild", html, text, {})


def goal_words(entry: GoalEvidence, study: Study, leitbild: Leitbild, found: Sequence[Finding]) -> dict[str, Any]:
    """Everything that is said of one goal, in the report's language: what the template ``goals.html`` draws."""
    language = study.language
    principles = {one.id: one.title.get(language) for one in leitbild.principle}
    course = progress(study, entry.goal, found)
    past = history(study, found).get(entry.goal.id, [])
    past = past if len(past) > 1 else []
    return {
        "anchor": f"ziel-{entry.goal.id}",
        "title": entry.goal.title.get(language),
        "state": state_words(entry, language),
        "mark": mark_of(entry.state),
        "principle": principles.get(entry.goal.principle, ""),
        "responsible": entry.goal.responsible,
        "by": entry.goal.by,
        "against": against_words(entry, language),
        "needed": needed_words(entry, language),
        "roles": [_role(entry.roles[role], study) for role in ROLES if entry.roles[role].verdict != "missing"]
        + [_role(entry.roles[role], study) for role in ROLES if _is_lacking(entry.roles[role])],
        "target": "" if course is None else target_words(course, language),
        "detection": [] if course is None else [detection_words(one, study, language) for one in course.detection],
        "actions": [_action(one, study) for one in leitbild.action if one.goal == entry.goal.id],
        "history": ", ".join(f"{wave} {translate(STATE_WORDS[state], language)}" for wave, state in past),
        "context": [
            {"statement": one.statement[language], "source": source_words(one, study)} for one in entry.context
        ],
    }


def _is_lacking(role: RoleEvidence) -> bool:
    return role.verdict == "missing" and bool(role.lacking)


def mark_of(verdict: str) -> str:
    """The class of a verdict or state in the pages' colours."""
    return {
        "met": "carries",
        "well founded": "carries",
        "partly founded": "carries",
        "contradicted": "contradicts",
    }.get(verdict, verdict.split()[0])


def _role(role: RoleEvidence, study: Study) -> dict[str, Any]:
    language = study.language
    return {
        "title": translate(ROLE_WORDS[role.role], language),
        "question": translate(ROLE_QUESTIONS[role.role], language),
        "verdict": verdict_words(role, language),
        "mark": mark_of(role.verdict),
        "pieces": [
            {
                "mark": piece.verdict,
                "of": f"{piece.finding.wave}/{piece.finding.audience}/{piece.finding.id}",
                "statement": piece.finding.statement[language],
                "source": source_words(piece.finding, study),
                "change": change_words(piece, language),
                "cautions": caution_words(piece, language),
                **ruler(piece, language),
            }
            for piece in role.pieces
        ],
        "lacking": [" ".join([one.finding, one.audience]).strip() for one in role.lacking],
    }


def _action(action: PlannedAction, study: Study) -> dict[str, str]:
    about = [text for text in action_words(action, study.language) if text != "–"]
    return {"title": action.title.get(study.language), "about": " · ".join(about)}


def action_words(action: PlannedAction, language: Language) -> list[str]:
    """Actors, status, cost and year of an action."""
    status, cost = translate(_STATUS[action.status], language), translate(_COST[action.cost], language)
    return [", ".join(action.actors), status, cost, str(action.by or "–")]


def source_words(finding: Finding, study: Study) -> str:
    """``Befragung der Erwachsenen 2028``: which survey or conference a finding is of."""
    if not finding.audience:
        return f"{translate('Official statistics', study.language)} {finding.wave}"
    audience = study.files.config.audience[finding.audience]
    return f"{audience.called(finding.audience, study.language)} {finding.wave}"


def goal_lacks(found: Sequence[Finding], study: Study) -> Block:
    """Urgent needs without a goal, groups no goal names, goals without evidence, survey against conference.

    Parameters
    ----------
    found
        Findings of the register.
    study
        The study.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.goal_lacks([], study).kind
    'leitbild'
    """
    language = study.language
    groups: dict[str, list[list[str]]] = {}
    for one in lacks(study, found):
        title, texts = lack_words(one, study, language)
        groups.setdefault(title, []).append(texts)
    shown = [{"title": title, "entries": entries} for title, entries in groups.items()]
    nothing = translate("Nothing is lacking by these rules.", language)
    text = "\n".join(f"{group['title']}: {len(group['entries'])}" for group in shown) or nothing
    return Block("leitbild", render("lacks.html", groups=shown, nothing=nothing), text, {})
