"""The start page in a minute: what is lacking most, how sure, what changed, for whom, what follows; from registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bildungsbedarf.findings import DECLARED, Finding, GoalEvidence, newest, progress
from bildungsbedarf.findings.telling import course_words, state_words
from bildungsbedarf.language import number, percent, points, signed, translate
from bildungsbedarf.report.drawing import Bar, PlotRow, plots
from bildungsbedarf.report.sentences import short
from bildungsbedarf.report.subjects.fields import is_sure
from bildungsbedarf.show.evidence.leitbild import mark_of
from bildungsbedarf.study.model import Language
from bildungsbedarf.survey.frames import rounded
from bildungsbedarf.wave import Study

_GROUPS, _GOALS = 3, 4


@dataclass(frozen=True)
class Levels:
    """Unmet need by field in the newest wave and the one before, largest first."""

    now: list[Finding]
    before: dict[str, Finding]
    largest: Finding
    """The claim, where one field is certain to be first; else the level that lies in front."""

    @property
    def is_certain(self) -> bool:
        """Whether one field is certain to be first."""
        return self.largest.kind == "rank"


def start(
    study: Study,
    found: Sequence[Finding],
    goals: Sequence[GoalEvidence],
    address: Any,
    labels: dict[str, str],
    of_field: Callable[[str], str] = lambda item: "",
    of_goal: Callable[[str], str] = lambda goal: "",
) -> dict[str, Any] | None:
    """What the start page shows; nothing where the first audience has no battery, or no intervals.

    Where no field is certain to come first, the two that lie in front are named, and that it is not certain.

    ``address`` gives the page and place of a finding, ``labels`` what fields are called, ``of_field`` the page of a
    field where it has one, ``of_goal`` where a goal stands.
    """
    levels = _levels(study, found)
    if levels is None:
        return None
    language = study.language
    top = levels.largest
    known = newest(found)
    change = next((one for one in known if one.id == f"trend_unmet_need.{top.item}"), None)
    people = next((one for one in found if one.id == f"people.{top.item}" and one.wave == top.wave), None)
    groups = _groups(known, top)
    barrier = next((one for one in known if one.id == "barrier.most_frequent"), None)

    def is_behind(one: GoalEvidence) -> bool:
        course = progress(study, one.goal, found, detects=False)
        return course is not None and course.course in ("off track", "missed")

    votes = [one for one in known if one.id in ("agreement.most", "dots.most")]
    last = max((one.wave for one in votes), default="")
    return {
        "title": _title(levels, change, labels, language),
        "lead": _lead(top, levels, labels, language),
        "tiles": _tiles(top, people, change, lambda one: of_field(top.item) or address(one), language),
        "plots": _plots(levels, labels, language),
        "rows": [_row(one, levels, labels, language) for one in levels.now],
        "waves": [levels.largest.wave, *({one.wave for one in levels.before.values()})],
        "groups": [
            {
                "text": _group(one, study, labels),
                "href": of_field(one.item) or address(one),
                "about": labels.get(one.item, one.item),
            }
            for one in groups
        ],
        "barrier": None if barrier is None else _said(barrier, short(barrier, language), address, language),
        "votes": [_said(one, one.statement[language], address, language) for one in votes if one.wave == last],
        "goals": [_goal(one, study, found, of_goal) for one in _foremost(goals, is_behind)],
        "more_goals": len(goals) - _GOALS if len(goals) > _GOALS else 0,
    }


def _said(one: Finding, text: str, address: Any, language: Language) -> dict[str, str]:
    """A sentence and its link; ``about`` tells the links of a list apart where they are read by themselves."""
    return {"text": text, "href": address(one), "about": translate(DECLARED[one.measure].title, language)}


def _foremost(goals: Sequence[GoalEvidence], is_behind: Callable[[GoalEvidence], bool]) -> list[GoalEvidence]:
    """As many as a start page has room for, in the Leitbild's order: before others what is doubtful or off track."""
    doubtful = [one for one in goals if one.state in ("contested", "contradicted") or is_behind(one)][:_GOALS]
    rest = [one for one in goals if one not in doubtful][: _GOALS - len(doubtful)]
    return [one for one in goals if one in doubtful or one in rest]


def _group(one: Finding, study: Study, labels: dict[str, str]) -> str:
    """Who, where, by how much; the whole sentence stands on the field's page."""
    language = study.language
    wave = study.wave(one.wave, one.audience)
    people = [wave.called(by, category, language) for by, category in one.groups.items()]
    if one.unit != "share_difference" or len(people) != 1 or not people[0]:
        return short(one, language)
    return translate(
        "Among {people}: “{item}”, {points}",
        language,
        people=people[0],
        item=labels.get(one.item, one.item),
        points=points(one.estimate, language),
    )


def _groups(known: Sequence[Finding], top: Finding) -> list[Finding]:
    """Groups with more unmet need: of all compared at once, else of each variable by itself; never of both."""
    own = [one for one in known if one.kind == "group" and (one.wave, one.audience) == (top.wave, top.audience)]
    more = [one for one in own if one.estimate > 0]
    families = ([one for one in more if one.measure == measure] for measure in ("intersection", "equity"))
    return next((family for family in families if family), [])[:_GROUPS]


def _levels(study: Study, found: Sequence[Finding]) -> Levels | None:
    first = study.files.config.first_audience
    own = [one for one in found if one.measure == "unmet_need" and one.audience == first and not one.groups]
    waves = [name for name in study.files.waves if any(one.wave == name for one in own)]
    if not waves:
        return None
    now = [one for one in own if one.wave == waves[-1] and one.kind == "level"]
    largest = next((one for one in own if one.wave == waves[-1] and one.id == "unmet_need.largest"), None)
    before = {one.item: one for one in own if len(waves) > 1 and one.wave == waves[-2] and one.kind == "level"}
    now.sort(key=lambda one: (-one.estimate, one.item))
    if not now or now[0].ci_low is None:
        return None
    return Levels(now, before, largest or now[0])


def _title(levels: Levels, change: Finding | None, labels: dict[str, str], language: Language) -> str:
    top = levels.largest
    if not levels.is_certain and len(levels.now) > 1:
        first, second = (labels.get(one.item, one.item) for one in levels.now[:2])
        return translate(
            "Where most is lacking cannot be said for certain: “{first}” and “{second}” lie in front",
            language,
            first=first,
            second=second,
        )
    text = "What is lacking most are offers in the field “{item}”"
    if change is not None and is_sure(change):
        less = "What is lacking most are offers in the field “{item}” – less than before"
        more = "What is lacking most are offers in the field “{item}” – more than before"
        text = less if change.estimate < 0 else more
    return translate(text, language, item=labels.get(top.item, top.item))


def _lead(top: Finding, levels: Levels, labels: dict[str, str], language: Language) -> str:
    """In no other field is the need as large; the one that follows, and its distance."""
    second = next((one for one in levels.now if one.item != top.item), None)
    text = "{share} of 100 people who can judge it find offers important there and are dissatisfied with those nearby."
    if not levels.is_certain:
        text = (
            "In the field “{item}” {share} of 100 people who can judge it find offers important and are dissatisfied "
            "with those nearby."
        )
    named = {"item": labels.get(top.item, top.item), "share": number(100 * top.estimate, language)}
    told = translate(text, language, **named)
    if second is None:
        return told
    following = translate(
        "“{item}” follows with {share} of 100.",
        language,
        item=labels.get(second.item, second.item),
        share=number(100 * second.estimate, language),
    )
    return f"{told} {following}"


def _tiles(
    top: Finding, people: Finding | None, change: Finding | None, address: Any, language: Language
) -> list[dict[str, Any]]:
    tiles = [
        _tile(
            translate("{share} of 100", language, share=number(100 * top.estimate, language)),
            translate("who can judge both lack offers there", language),
            top,
            (0.0, 1.0),
            address,
            language,
        )
    ]
    if people is not None and people.se:
        tiles.append(
            _tile(
                translate("about {count}", language, count=number(rounded(people.estimate, people.se), language)),
                translate("people stand behind it", language),
                people,
                (0.0, 2 * people.estimate),
                address,
                language,
            )
        )
    if change is not None:
        before = change.wave.split("–")[0]
        tiles.append(
            _tile(
                points(change.estimate, language),
                translate("since {wave}", language, wave=before),
                change,
                (-0.4, 0.4),
                address,
                language,
            )
        )
    return tiles


def _tile(
    value: str, text: str, one: Finding, span: tuple[float, float], address: Any, language: Language
) -> dict[str, Any]:
    """A number with its bar: where its interval lies on the span."""
    is_change = one.kind == "trend"
    sure = is_sure(one) if is_change else True
    start, end = span

    def place(x: float) -> float:
        return round(100 * min(max((x - start) / (end - start), 0.0), 1.0), 1)

    low, high = one.ends
    ends = [number(100 * end if one.unit == "share" else rounded(end, one.se or 1.0), language) for end in (low, high)]
    if is_change:
        ends = [signed(100 * end, language, 0) for end in (low, high)]
    interval = translate("margin {low} to {high}", language, low=ends[0], high=ends[1])
    return {
        "value": value,
        "text": text,
        "sure": f"{translate('certain' if sure else 'cannot be said for certain', language)}, {interval}"
        if is_change
        else interval,
        "mark": "sure" if sure else "open",
        "low": place(low),
        "width": round(max(place(high) - place(low), 1.0), 1),
        "zero": place(0.0) if is_change else None,
        "href": address(one),
    }


def _goal(one: GoalEvidence, study: Study, found: Sequence[Finding], of_goal: Callable[[str], str]) -> dict[str, str]:
    language = study.language
    course = progress(study, one.goal, found, detects=False)
    return {
        "title": one.goal.title.get(language),
        "state": state_words(one, language),
        "mark": mark_of(one.state),
        "course": "" if course is None else course_words(course, language),
        "href": of_goal(one.goal.id),
    }


def _row(one: Finding, levels: Levels, labels: dict[str, str], language: Language) -> dict[str, Any]:
    """A line of the table beneath the drawing: exactly what is drawn."""
    both = [one, *([levels.before[one.item]] if one.item in levels.before else [])]
    cells = []
    for each in both:
        ends = [percent(end, language, sign=False) for end in each.ends]
        cells.append(
            f"{percent(each.estimate, language)} ({translate('{low} to {high}', language, low=ends[0], high=ends[1])})"
        )
    return {"label": labels.get(one.item, one.item), "cells": cells}


def _plots(levels: Levels, labels: dict[str, str], language: Language) -> list[dict[str, Any]]:
    """A row a field, the wave before light, the newest dark."""
    rows = [
        PlotRow(
            labels.get(one.item, one.item),
            _bar(one),
            _bar(levels.before[one.item]) if one.item in levels.before else None,
            is_top=one.item == levels.largest.item,
            value=percent(one.estimate, language, 0),
        )
        for one in levels.now
    ]
    return plots(rows, language, levels.largest.wave)


def _bar(one: Finding) -> Bar:
    return Bar(one.estimate, *one.ends)
