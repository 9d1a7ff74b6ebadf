"""What survey and conference say of the same subject: one frame, two numbers that are never made into one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Wave

NEED, DOTS, AGREEMENT = "unmet_need", "dots", "agreement"
BOTH, SURVEY_ONLY, CONFERENCE_ONLY, NEITHER, OPEN = "both", "survey", "conference", "neither", "open"
COLUMNS = (
    *("concept", "title", "survey", "survey_low", "survey_high", "survey_n", "survey_mean"),
    *("conference", "conference_count", "conference_n", "conference_even", "agreement", "agreement_n", "relation"),
)


def side_by_side(
    need: Released, dots: Released, survey: Wave, conference: Wave, *, agreement: Released | None = None
) -> pd.DataFrame:
    """For each concept both were asked about: the survey's need, the conference's dots and agreement, and what follows.

    The survey puts a subject *in front* where the whole interval of its unmet need (simultaneous over all fields) lies
    above the mean of all fields, which is taken as known, and *behind* where it lies below; else it is open. The
    conference puts it in front where its goal received more than an even share of all dots, else behind: what was given
    is counted, there is no interval. ``relation`` is ``both`` (in front with both), ``survey`` or ``conference`` (in
    front with one, behind with the other), ``neither``, or ``open``, also where a number may not be shown.

    Parameters
    ----------
    need
        Released ``needs.unmet`` of the survey.
    dots
        Released ``participation.dots`` of the conference.
    survey, conference
        Their waves, whose concepts say what belongs together.
    agreement
        Released ``participation.agreement``, where there are statements.

    Returns
    -------
    pandas.DataFrame
        One row a concept with a need and a goal: ``survey`` with ``survey_low``, ``survey_high``, ``survey_n`` and the
        mean of all fields; ``conference`` (share of all dots), ``conference_count`` (dots), ``conference_n`` (persons,
        or dots where they were counted), the even share; ``agreement`` with the statement that most agree with, and
        ``agreement_n``; ``relation``. Missing is what may not be shown.

    Raises
    ------
    ConfigError
        The frames are of other measures, or split by groups.

    Examples
    --------
    >>> survey = study.wave("2026")
    >>> need, dots = disclosure.release(needs.unmet(survey)), disclosure.release(participation.dots(conference))
    >>> found = findings.side_by_side(need, dots, survey, conference)
    >>> found[["concept", "relation"]].head(2).to_numpy().tolist()
    [['digitale_kompetenzen', 'both'], ['demokratiebildung', 'open']]
    """
    for part, measure in ((need, NEED), (dots, DOTS), (agreement, AGREEMENT)):
        if part is not None and (part.facts.measure != measure or part.facts.by):
            raise ConfigError(
                "these numbers are of another measure, or split", value=part.facts.measure, expected=measure
            )
    tables = [_table(part, wave) for part, wave in ((need, survey), (dots, conference), (agreement, conference))]
    needed, placed = tables[:2]
    # a mean of what is shown alone would be another one
    mean = float(needed["estimate"].mean()) if needed["estimate"].notna().all() else float("nan")
    even = 1 / len(placed) if len(placed) else float("nan")
    rows = []
    for name, concept in survey.files.config.concept.items():
        own = [table[table["concept"] == name] for table in tables]
        if own[0].empty or own[1].empty:
            continue
        asked, goal = _largest(own[0]), _largest(own[1])
        said = _largest(own[2]) if len(own[2]) else {}
        low, high = asked["sim_low"], asked["sim_high"]
        rows.append(
            {
                "concept": name,
                "title": concept.title.get(survey.language),
                "survey": asked["estimate"],
                "survey_low": low,
                "survey_high": high,
                "survey_n": asked["n"],
                "survey_mean": mean,
                "conference": goal["share"],
                "conference_count": goal["estimate"],
                "conference_n": goal["n"],
                "conference_even": even,
                "agreement": said.get("estimate"),
                "agreement_n": said.get("n"),
                "relation": _relation(low, high, mean, goal["share"], even),
            }
        )
    numbers = [name for name in COLUMNS if name not in ("concept", "title", "relation")]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(numbers, "Float64"))


def _table(part: Released | None, wave: Wave) -> pd.DataFrame:
    """All rows with the concept of their item; what may not be shown is missing in released ones."""
    if part is None:
        return pd.DataFrame(columns=["variable", "estimate", "n", "concept"])
    return part.frame.assign(concept=[wave.concept_of(str(item)) for item in part.frame["variable"]])


def _largest(rows: pd.DataFrame) -> dict[str, Any]:
    """The item of a concept with the largest number; with one hidden it is not known which."""
    if len(rows) > 1 and rows["estimate"].isna().any():
        return {str(name): None for name in rows.columns}
    row = rows.sort_values("estimate", ascending=False, kind="stable").iloc[0]
    return {str(name): value for name, value in row.items()}


def _relation(low: Any, high: Any, mean: float, share: Any, even: float) -> str:
    if any(pd.isna(one) for one in (low, high, mean, share)) or low <= mean <= high:
        return OPEN
    is_in_front = share > even
    if low > mean:
        return BOTH if is_in_front else SURVEY_ONLY
    return CONFERENCE_ONLY if is_in_front else NEITHER
