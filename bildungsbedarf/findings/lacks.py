"""What a Leitbild does not see: urgent needs without a goal, groups no goal reaches, survey against conference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bildungsbedarf.findings.leitbild import newest, printed, weigh
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.study.leitbild import Goal, Leitbild
from bildungsbedarf.wave import Study

Lack = Literal[
    "urgent_without_goal", "group_without_goal", "goal_without_evidence", "wanted_not_needed", "needed_not_wanted"
]


@dataclass(frozen=True)
class Lacked:
    """One thing, by name: ``about`` is a goal's id, or "" where it is a finding's matter; ``findings`` show it."""

    kind: Lack
    about: str
    findings: tuple[Finding, ...] = ()


def lacks(study: Study, found: Sequence[Finding]) -> list[Lacked]:
    """Everything the goals and the findings do not say of each other.

    Urgent is an unmet need whose whole printed interval lies above ``urgent_above``; a goal speaks to it that cites
    it or is about its concept. A group is one whose unmet need is demonstrably larger than that of all others, and
    whom no goal on that subject names (a goal without concepts is on every subject). Survey and conference disagree
    on a concept where the conference wants all its statements (``wanted_above``) and the need is slight (whole
    interval below ``slight_below``), or it wants none of them (``unwanted_below``) and the need is urgent.

    Parameters
    ----------
    study
        The study with its leitbild.toml.
    found
        Findings of the register.

    Returns
    -------
    list of Lacked
        By kind; empty where there is no leitbild.toml.

    Examples
    --------
    >>> [one.about for one in findings.lacks(study, [])][:2]
    ['digitale-teilhabe', 'demokratie-ueberall']
    """
    leitbild = study.files.leitbild
    if leitbild is None:
        return []
    known = newest(found)
    return [
        *(
            Lacked("urgent_without_goal", "", (one,))
            for one in known
            if _is_urgent(one, leitbild) and not _has_goal(one, leitbild)
        ),
        *(Lacked("group_without_goal", "", (one,)) for one in known if _is_unreached(one, leitbild)),
        *(Lacked("goal_without_evidence", goal.goal.id) for goal in weigh(study, found) if not goal.has_evidence),
        *_conflicts(known, leitbild),
    ]


def _is_need(one: Finding) -> bool:
    return one.measure == "unmet_need" and one.kind == "level" and not one.groups and one.ci_low is not None


def _is_urgent(one: Finding, leitbild: Leitbild) -> bool:
    return _is_need(one) and printed(one, one.ends[0]) > leitbild.rules.urgent_above


def _has_goal(one: Finding, leitbild: Leitbild) -> bool:
    return any(
        (one.concept and one.concept in goal.concepts) or one.id in {entry.finding for entry in goal.evidence}
        for goal in leitbild.goal
    )


def _is_about(goal: Goal, one: Finding) -> bool:
    """Whether a goal is about what a finding is of: by its concepts, or what it cites; without concepts about all."""
    cited = {entry.finding.partition(".")[2] for entry in goal.evidence}
    return not goal.concepts or one.concept in goal.concepts or one.item in cited


def _is_unreached(one: Finding, leitbild: Leitbild) -> bool:
    """A group with demonstrably more unmet need whom no goal on that subject names."""
    named = {group for goal in leitbild.goal if _is_about(goal, one) for group in goal.groups}
    own = {f"{variable}={category}" for variable, category in one.groups.items()}
    is_needier = one.measure in ("equity", "intersection") and one.estimate > 0
    return one.kind == "group" and is_needier and not own & named


def _conflicts(known: Sequence[Finding], leitbild: Leitbild) -> list[Lacked]:
    found = []
    for concept in dict.fromkeys(one.concept for one in known if one.concept):
        own = [one for one in known if one.concept == concept]
        asked = [one for one in own if _is_need(one)]
        voted = [one for one in own if one.measure == "agreement" and one.item == one.id.split(".")[1]]
        last = max((one.wave for one in voted), default="")
        voted = [one for one in voted if one.wave == last]
        if not asked or not voted:
            continue
        rules = leitbild.rules
        is_slight = all(printed(one, one.ends[1]) < rules.slight_below for one in asked)
        is_urgent = all(_is_urgent(one, leitbild) for one in asked)
        if is_slight and all(one.estimate > rules.wanted_above for one in voted):
            found.append(Lacked("wanted_not_needed", "", (*asked, *voted)))
        if is_urgent and all(one.estimate < rules.unwanted_below for one in voted):
            found.append(Lacked("needed_not_wanted", "", (*asked, *voted)))
    return found
