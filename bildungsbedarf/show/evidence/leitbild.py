"""Goal × evidence as a table and as sentences, for the page *Leitbild*."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import GoalEvidence
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Study

_VERDICTS = ("supports", "weakens", "open")
_HEADINGS = {"supports": "supports it", "weakens": "weakens it", "open": "leaves it open"}


def goal_matrix(evidence: Sequence[GoalEvidence], study: Study, *, title: str = "") -> Block:
    """How many findings support, weaken or leave open each goal; goals without evidence say so.

    Parameters
    ----------
    evidence
        What ``findings.weigh`` returned.
    study
        The study.
    title
        Default: what the measure is called.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.goal_matrix(findings.weigh(study.files.leitbild, []), study).kind
    'leitbild'
    """
    language = study.language
    title = title or translate("Strategic goals and their findings", language)
    rows = []
    for entry in evidence:
        counts = [sum(piece.verdict == verdict for piece in entry.pieces) for verdict in _VERDICTS]
        state = "decided by evidence" if entry.has_evidence else "no evidence yet"
        cells = [Cell(str(count)) for count in counts] + [Cell(translate(state, language))]
        rows.append(Row(entry.goal.title.get(language), cells))
    headings = [*(translate(_HEADINGS[verdict], language) for verdict in _VERDICTS), translate("State", language)]
    note = translate(
        "A finding decides only where its whole interval lies beyond the limit declared for the goal.", language
    )
    return plain_table(title, translate("Goal", language), headings, rows, [note], kind="leitbild")


def goal_details(evidence: Sequence[GoalEvidence], study: Study) -> Block:
    """Each goal with responsible office, date, and the statements that speak to it.

    Parameters
    ----------
    evidence
        What ``findings.weigh`` returned.
    study
        The study.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.goal_details(findings.weigh(study.files.leitbild, []), study).kind
    'leitbild'
    """
    language = study.language
    leitbild = study.files.leitbild
    principles = {entry.id: entry.title.get(language) for entry in leitbild.principle} if leitbild else {}
    goals = [
        {
            "title": entry.goal.title.get(language),
            "principle": principles.get(entry.goal.principle, ""),
            "responsible": entry.goal.responsible,
            "by": entry.goal.by,
            "pieces": [
                {
                    "verdict": translate(_HEADINGS[piece.verdict], language),
                    "mark": piece.verdict,
                    "statement": piece.finding.statement[language],
                    "wave": piece.finding.wave,
                }
                for verdict in _VERDICTS
                for piece in entry.pieces
                if piece.verdict == verdict
            ],
            "context": [
                {"statement": piece.finding.statement[language], "wave": piece.finding.wave}
                for piece in entry.pieces
                if piece.verdict == "context"
            ],
            "missing": entry.missing,
        }
        for entry in evidence
    ]
    words = {
        word: translate(word, language)
        for word in (
            "Principle",
            "Responsible",
            "By",
            "no evidence yet",
            "Findings still missing",
            "Other findings on this subject",
        )
    }
    html = render("goals.html", goals=goals, words=words)
    text = "\n".join(str(goal["title"]) for goal in goals)
    return Block("leitbild", html, text, {})
