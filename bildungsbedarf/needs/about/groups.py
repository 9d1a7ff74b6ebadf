"""Comparisons of groups, one row each."""

from __future__ import annotations

from bildungsbedarf.needs.about.fields import both
from bildungsbedarf.needs.about.model import Measure, Says

_BOTH = "{people} who answered both questions"
_AGAINST_OTHERS = Says(
    above="Among {group}, unmet need in the field “{item}” is larger than among all others: {share} against {other} "
    "of those who judged both{interval}.",
    below="Among {group}, unmet need in the field “{item}” is smaller than among all others: {share} against {other} "
    "of those who judged both{interval}.",
    needs_interval=True,
)

GROUPS = (
    Measure(
        "equity",
        "share",
        "Difference",
        "Differences by group",
        _BOTH,
        both,
        worse="more",
        is_comparison=True,
        says=_AGAINST_OTHERS,
    ),
    Measure(
        "intersection",
        "share",
        "Difference",
        "Groups with a larger unmet need",
        _BOTH,
        both,
        worse="more",
        is_comparison=True,
        says=_AGAINST_OTHERS,
    ),
    Measure("inequality", "index", "Index of inequality", "Inequality by field", _BOTH, both, worse="more"),
    Measure("adjusted", "index", "Adjusted difference", "Adjusted differences by group", _BOTH, both, worse="more"),
)
