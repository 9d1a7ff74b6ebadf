"""What survey and conference say of the same subject: one frame, two numbers that are never made into one."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import pandas as pd

from bildungsbedarf.findings.model import Finding
from bildungsbedarf.wave import Study

NEED, DOTS, AGREEMENT = "unmet_need", "dots", "agreement"
BOTH, SURVEY_ONLY, CONFERENCE_ONLY, NEITHER, OPEN = "both", "survey", "conference", "neither", "open"
COLUMNS = (
    *("concept", "title", "survey", "survey_low", "survey_high", "survey_n", "survey_mean"),
    *("conference", "conference_count", "conference_n", "conference_even", "agreement", "agreement_n", "relation"),
)


def side_by_side(survey: Sequence[Finding], conference: Sequence[Finding], study: Study) -> pd.DataFrame:
    """For each concept both were asked about: the survey's need, the conference's dots and agreement, and what follows.

    The survey puts a subject *in front* where the whole interval of its unmet need (simultaneous over all fields) lies
    above the mean of all fields, which is taken as known, and *behind* where it lies below; else it is open. The
    conference puts it in front where its goal received more
    than an even share of the dots, else behind: those present were counted, there is no interval. ``relation`` is
    ``both`` (in front with both), ``survey`` or ``conference`` (in front with one, behind with the other), ``neither``,
    or ``open``.

    Parameters
    ----------
    survey
        Findings of a survey (``findings.of_survey``).
    conference
        Findings of a conference: its dots, and its agreement where there are statements.
    study
        The study, whose concepts say what belongs together.

    Returns
    -------
    pandas.DataFrame
        One row a concept with a need and a goal: ``survey`` with ``survey_low``, ``survey_high``, ``survey_n`` and the
        mean of all fields; ``conference`` (share of the dots), ``conference_count`` (dots), ``conference_n`` (persons,
        or dots where they were counted), the even share; ``agreement`` with the statement that most agree with, and
        ``agreement_n``; ``relation``.

    Examples
    --------
    >>> placed = findings.record(disclosure.release(participation.dots(conference)), conference)
    >>> found = findings.side_by_side(findings.of_survey(study, "2026"), placed, study)
    >>> found[["concept", "relation"]].head(2).to_numpy().tolist()
    [['digitale_kompetenzen', 'both'], ['demokratiebildung', 'open']]
    """
    needs = _plain(survey, NEED)
    dots, agreed = _plain(conference, DOTS), _plain(conference, AGREEMENT)
    mean = fmean(one.estimate for one in needs) if needs else float("nan")
    total = sum(one.estimate for one in dots)
    even = 1 / len(dots) if dots else float("nan")
    rows = []
    for name, concept in study.files.config.concept.items():
        own = [[one for one in found if one.concept == name] for found in (needs, dots, agreed)]
        if not (own[0] and own[1]):
            continue
        need = max(own[0], key=lambda one: one.estimate)
        goal = max(own[1], key=lambda one: one.estimate)
        said = max(own[2], key=lambda one: one.estimate, default=None)
        share = goal.estimate / total if total else float("nan")
        rows.append(
            {
                "concept": name,
                "title": concept.title.get(study.language),
                "survey": need.estimate,
                "survey_low": _ends(need)[0],
                "survey_high": _ends(need)[1],
                "survey_n": need.n,
                "survey_mean": mean,
                "conference": share,
                "conference_count": goal.estimate,
                "conference_n": goal.n,
                "conference_even": even,
                "agreement": None if said is None else said.estimate,
                "agreement_n": None if said is None else said.n,
                "relation": _relation(need, mean, is_in_front=share > even),
            }
        )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"agreement": "Float64", "agreement_n": "Int64"})


def _plain(found: Sequence[Finding], measure: str) -> list[Finding]:
    """A measure's own sentences of everybody, without claims and groups."""
    return [one for one in found if one.measure == measure and not one.groups and one.id == f"{measure}.{one.item}"]


def _ends(need: Finding) -> tuple[float | None, float | None]:
    """The interval that holds for all fields at once; without one none."""
    return (need.ci_low, need.ci_high) if need.sim_low is None else (need.sim_low, need.sim_high)


def _relation(need: Finding, mean: float, *, is_in_front: bool) -> str:
    low, high = _ends(need)
    if low is None or high is None or low <= mean <= high:
        return OPEN
    if low > mean:
        return BOTH if is_in_front else SURVEY_ONLY
    return CONFERENCE_ONLY if is_in_front else NEITHER
