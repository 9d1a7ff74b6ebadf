"""Measures of the importance × satisfaction battery, one row each."""

from __future__ import annotations

from bildungsbedarf.needs.about.model import Claim, Comparison, Measure, Says
from bildungsbedarf.wave import Wave

_ALL: frozenset[Comparison] = frozenset({"groups", "trend", "ranks", "sensitivity"})
_RANKED: frozenset[Comparison] = frozenset({"groups", "ranks"})
_ONE = "{people} who answered the question"
_BOTH = "{people} who answered both questions"
UNMET_READING = "Unmet need: importance {important_from} or more, satisfaction {dissatisfied_to} or less."
"""What counts as unmet; each end is a step of the scale with its words."""


def _importance(wave: Wave, item: str) -> list[str]:
    return [wave.needs.importance]


def _satisfaction(wave: Wave, item: str) -> list[str]:
    return [wave.needs.satisfaction]


def both(wave: Wave, item: str) -> list[str]:
    """Importance and satisfaction."""
    return [wave.needs.importance, wave.needs.satisfaction]


FIELDS = (
    Measure(
        "importance",
        "mean",
        "Importance",
        "Importance by field",
        _ONE,
        _importance,
        formula="Σ w · importance / Σ w",
        subject="Importance",
        compares=_ALL,
    ),
    Measure(
        "satisfaction",
        "mean",
        "Satisfaction",
        "Satisfaction with the offers by field",
        _ONE,
        _satisfaction,
        worse="less",
        subject="Satisfaction with the offers",
        compares=_ALL,
        formula="Σ w · satisfaction / Σ w",
        says=Says(
            rises="Satisfaction of {people} who answered with the offers in the field “{item}” rose from {before} to "
            "{after}: {change} points{interval}.",
            falls="Satisfaction of {people} who answered with the offers in the field “{item}” fell from {before} to "
            "{after}: {change} points{interval}.",
            stays="In the field “{item}”, no change of the satisfaction of {people} who answered can be shown from "
            "{before} to {after}{interval}.",
        ),
    ),
    Measure(
        "gap",
        "mean",
        "Gap",
        "Importance less satisfaction by field",
        _BOTH,
        both,
        reading=("Above 0: importance is higher than satisfaction.",),
        worse="more",
        subject="Importance less satisfaction",
        compares=_ALL,
        tells="difference",
        formula="Σ w · (importance − satisfaction) / Σ w, over persons with both answers",
        says=Says(
            above="In the field “{item}”, {people} who judged both rate importance {size} points above satisfaction "
            "on the scale {scale}{interval}.",
            below="In the field “{item}”, {people} who judged both rate importance {size} points below satisfaction "
            "on the scale {scale}{size_interval}.",
            level_with="In the field “{item}”, importance and satisfaction of {people} who judged both do not differ "
            "demonstrably{interval}.",
        ),
    ),
    Measure(
        "unmet_need",
        "share",
        "Unmet need",
        "Unmet need by field",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
        subject="Unmet need",
        compares=_ALL,
        formula="Σ w · [importance ≥ {important_from} and satisfaction ≤ {dissatisfied_to}] / Σ w, over persons with "
        "both answers",
        says=Says(
            level="Of {people} who judged both, {share} consider offers in the field “{item}” important and are "
            "dissatisfied with the offers near them{interval}.",
            rises="Unmet need in the field “{item}” grew from {before} to {after} among {people} who judged both: "
            "{change} percentage points{interval}.",
            falls="Unmet need in the field “{item}” shrank from {before} to {after} among {people} who judged both: "
            "{change} percentage points{interval}.",
            stays="In the field “{item}”, no change of unmet need from {before} to {after} can be shown among {people} "
            "who judged both{interval}.",
            claim=Claim(
                "largest",
                "Of all fields, unmet need is largest in “{item}”: {share} of {people} who judged both{interval}.",
                "Among {group}, unmet need in the field “{item}” is larger than in any other field: {share} of those "
                "who judged both{interval}.",
                "Of all fields, unmet need is largest in “{item}”: more than half of {people} who judged both, "
                "{share}{interval}.",
                "Among {group}, unmet need in the field “{item}” is larger than in any other field: more than half of "
                "those who judged both, {share}{interval}.",
            ),
        ),
    ),
    Measure(
        "unmet_need_of_important",
        "share",
        "Unmet need where important",
        "Unmet need of those to whom the field is important",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
        compares=_RANKED,
    ),
    Measure(
        "weighted_discrepancy",
        "points",
        "Weighted discrepancy",
        "Weighted discrepancy by field",
        _BOTH,
        both,
        worse="more",
        subject="Weighted discrepancy",
        compares=_RANKED,
    ),
    Measure(
        "ranked_discrepancy",
        "points",
        "Ranked discrepancy",
        "Ranked discrepancy by field",
        _BOTH,
        both,
        worse="less",
        subject="Ranked discrepancy",
        compares=_RANKED,
    ),
    Measure(
        "people",
        "total",
        "Persons (projected)",
        "Persons with unmet need",
        "{people}",
        both,
        reading=(UNMET_READING, "Who cannot judge both counts as without unmet need."),
        worse="more",
        formula="Σ w · [importance ≥ {important_from} and satisfaction ≤ {dissatisfied_to}], over all persons; those "
        "who cannot judge count as without need, those without an answer as those of their weighting cell",
        says=Says(
            level="In the field “{item}”, need is unmet for an estimated {rounded} of {judged} {people} who can judge "
            "both{interval}; that is {of_all} of all {all}.",
            needs_interval=True,
        ),
    ),
    Measure(
        "quadrant",
        "mean",
        "Importance",
        "Importance and satisfaction",
        _BOTH,
        both,
        tells="rank",
        formula="mean importance above the mean of all fields and mean satisfaction below it",
        says=Says(
            level="“{item}” is more important than the average field and satisfies less: here there is most to do "
            "(certainty {certainty}).",
            category="concentrate_here",
        ),
    ),
    Measure(
        "small_area",
        "share",
        "Modelled",
        "Unmet need by municipality",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
    ),
)
