"""What the choices of an analysis do to its results: rules of response quality, and weighting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from bildungsbedarf.needs.fields import measures
from bildungsbedarf.wave import Wave

Measure = Literal["importance", "satisfaction", "gap", "unmet_need"]
Choice = Literal["reported", "nobody_left_out", "flagged_left_out", "unweighted"]
MEASURES: dict[str, Callable[..., pd.DataFrame]] = {
    "importance": measures.importance,
    "satisfaction": measures.satisfaction,
    "gap": measures.gap,
    "unmet_need": measures.unmet,
}


def sensitivity(wave: Wave, measure: Measure = "unmet_need") -> dict[Choice, pd.DataFrame]:
    """A measure as reported, and as it would be under other choices.

    Returns
    -------
    Choice → the family frame of the measure: ``reported``; ``nobody_left_out`` (all rules of response quality
    only flag); ``flagged_left_out`` (all exclude); ``unweighted``, where the audience is weighted. A choice
    under which nothing would change is left out, and so is one that differs by so few persons that their
    answers could be read from the difference.
    """
    compute = MEASURES[measure]
    found: dict[Choice, pd.DataFrame] = {"reported": compute(wave)}
    others: dict[Choice, Wave] = {
        "nobody_left_out": wave.with_rules("flag"),
        "flagged_left_out": wave.with_rules("exclude"),
    }
    minimum = wave.files.config.disclosure.minimum_cell
    for choice, other in others.items():
        if abs(other.quality.counted - wave.quality.counted) >= minimum:
            found[choice] = compute(other)
    if wave.config.weighting.method != "none":
        found["unweighted"] = compute(wave.unweighted())
    return found
