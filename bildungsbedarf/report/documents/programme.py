"""The yearly report of the funding programme: participation, milestones, outputs and goals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from bildungsbedarf.findings import Finding, weigh
from bildungsbedarf.language import day, number, percent, translate
from bildungsbedarf.report.documents.council import goals_table
from bildungsbedarf.report.documents.frame import framed, last_day
from bildungsbedarf.report.documents.model import Document, Heading, Paragraph, Part, Table
from bildungsbedarf.run.names import QUALITY
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.study.programme import Counted, Milestone, Output, ProgrammeFile
from bildungsbedarf.wave import Study, Wave


def programme_report(study: Study, programme: ProgrammeFile, found: Sequence[Finding]) -> Document:
    """A skeleton of the yearly report; what only people can say is left as a heading with the question."""
    language = study.language
    about = programme.programme
    goals = weigh(study, found)
    rows = _participation(study)
    period = f"{day(about.start, language)} – {day(about.end, language)}"
    parts: list[Part] = [
        Paragraph(about.funding.get(language)),
        Paragraph(" · ".join(text for text in (about.title.get(language), about.project, period) if text), quiet=True),
        Heading(1, translate("Who took part", language)),
        Table(
            translate("Surveys and conferences", language),
            [translate(head, language) for head in ("Wave", "Invited or present", "Counted persons", "Share of them")],
            rows,
            numbers=True,
        ),
        Heading(1, translate("Milestones", language)),
        Table(
            translate("Milestones", language),
            [translate(head, language) for head in ("Milestone", "Due", "Done", "Status")],
            [_milestone(one, last_day(study), study) for one in programme.milestone],
        ),
        Heading(1, translate("Outputs", language)),
        Table(
            translate("Outputs", language),
            [translate(head, language) for head in ("Output", "Target", "Reached")],
            [_output(one, study, found) for one in programme.output],
            numbers=True,
        ),
    ]
    if goals:
        parts += [Heading(1, translate("Strategic goals", language)), goals_table(study, goals, found)]
    for heading, question in (
        ("What worked, what did not", "To be written: what helped, what hindered, what was changed."),
        ("Outlook", "To be written: what is planned for the coming year."),
    ):
        parts += [Heading(1, translate(heading, language)), Paragraph(translate(question, language), quiet=True)]
    return framed(study, "Yearly report of the programme", parts)


def _participation(study: Study) -> list[list[str]]:
    language = study.language
    rows = []
    for wave in _waves(study):
        # nobody is invited to fill in a ballot by name: who was there could have
        counted, invited = _counted(wave), wave.wave_config.invited or sum(wave.wave_config.attended.values())
        title = wave.config.called(wave.audience, language)
        share = percent(counted / invited, language) if invited else "–"
        invited_words = number(invited, language) if invited else "–"
        rows.append([f"{title} {wave.name}", invited_words, number(counted, language), share])
    return rows


def _waves(study: Study) -> list[Wave]:
    """Waves and audiences whose counting was published."""
    return [wave for wave in study.of_all_audiences if _published(wave)]


def _published(wave: Wave) -> dict[str, Any]:
    path = wave.files.project.results(wave.study_name) / folder_of(wave) / QUALITY
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def _counted(wave: Wave) -> int:
    return int(_published(wave)["counted"])


def _milestone(one: Milestone, today: date, study: Study) -> list[str]:
    """Done, late or due, as seen on the day of the newest data: a document has no clock."""
    language = study.language
    state = "done" if one.done is not None else "late" if one.due < today else "due"
    title = one.title.get(language)
    note = f" ({one.note.get(language)})" if one.note else ""
    return [
        f"{title}{note}",
        day(one.due, language),
        day(one.done, language) if one.done else "–",
        translate(state, language),
    ]


def _output(one: Output, study: Study, found: Sequence[Finding]) -> list[str]:
    language = study.language
    value = one.value if one.counted is None else _count(one.counted, study, found)
    return [one.title.get(language), number(one.target, language), number(value or 0, language)]


def _count(what: Counted, study: Study, found: Sequence[Finding]) -> int:
    ballots = {entry.audience for entry in study.files.config.ballot}
    waves = _waves(study)
    leitbild = study.files.leitbild
    counts = {
        "responses": sum(_counted(wave) for wave in waves if wave.audience not in ballots),
        "ballots": sum(_counted(wave) for wave in waves if wave.audience in ballots),
        "findings": len(found),
        "goals": sum(goal.has_evidence for goal in weigh(study, found)),
        "actions_done": 0 if leitbild is None else sum(one.status == "done" for one in leitbild.action),
    }
    return counts[what]
