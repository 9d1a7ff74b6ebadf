"""Comparisons of groups, one row each."""

from __future__ import annotations

from bildungsbedarf.needs.about.fields import UNMET_READING, both
from bildungsbedarf.needs.about.model import Measure, Says
from bildungsbedarf.wave import Wave

_BOTH = "{people} who answered both questions"
_AGAINST_OTHERS = Says(
    above="Among {group}, unmet need in the field “{item}” is larger than among all others: {share} against {other} "
    "of those who judged both, {points} percentage points more{interval}.",
    below="Among {group}, unmet need in the field “{item}” is smaller than among all others: {share} against {other} "
    "of those who judged both, {points} percentage points less{size_interval}.",
    needs_interval=True,
)

OPTION = "="
"""Between a column and the option it is asked about."""
OPTIONS = "Answer"
"""Heading of rows that are options of any closed question."""


def _of_option(wave: Wave, item: str) -> list[str]:
    """The question an option or box belongs to; those of any where none is named."""
    if not item:
        return [question.code for question in wave.codebook.questions if question.type.values == "choice"]
    return [wave.codebook.column(item.split(OPTION, 1)[0]).question]


GROUPS = (
    Measure(
        "equity",
        "share",
        "Difference",
        "Differences in unmet need",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
        tells="group",
        formula="share in the group − share of all others",
        says=_AGAINST_OTHERS,
    ),
    Measure(
        "intersection",
        "share",
        "Difference",
        "Groups with a larger unmet need",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
        tells="group",
        formula="share in the group − share of all others",
        says=_AGAINST_OTHERS,
    ),
    Measure(
        "contrast",
        "share",
        "Difference",
        "Answers that differ between groups",
        "{people} who answered the question",
        _of_option,
        row=OPTIONS,
        has_items=False,
        tells="group",
        formula="share in the group − share of all others",
        says=Says(
            above="Among {group}, “{item}” is more frequent than among all others: {share} against {other} of those "
            "who answered, {points} percentage points more{interval}.",
            needs_interval=True,
        ),
    ),
    Measure(
        "inequality",
        "index",
        "Index of inequality",
        "Inequality of unmet need by field",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
    ),
    Measure(
        "adjusted",
        "share",
        "Adjusted difference",
        "Adjusted differences in unmet need",
        _BOTH,
        both,
        reading=(UNMET_READING,),
        worse="more",
    ),
)
