"""What the choices of an analysis do to its results: rules of response quality, and weighting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.about import MEASURES as ABOUT
from bildungsbedarf.needs.about.model import Comparison
from bildungsbedarf.needs.answers.barrier import barriers
from bildungsbedarf.needs.fields.measures import MEASURES
from bildungsbedarf.wave import Wave

Choice = Literal["reported", "nobody_left_out", "flagged_left_out", "unweighted"]


def _computed() -> dict[str, Callable[..., pd.DataFrame]]:
    return {**MEASURES, "barrier": barriers}


_ANY_COLUMN = 'any other column changes by estimate.difference(later, earlier, "mean", column)'


def key_of(measure: str | Callable[..., pd.DataFrame]) -> str:
    """A measure's declared key, of its key or of the function that computes it.

    Raises
    ------
    ConfigError
        The function computes no measure of the battery or of barriers.
    """
    if isinstance(measure, str):
        named = {function.__name__: key for key, function in _computed().items()}
        return named.get(measure, measure)
    found = next((key for key, function in _computed().items() if function is measure), "")
    if not found:
        name = getattr(measure, "__name__", type(measure).__name__)
        raise ConfigError(
            "this computes no measure that is compared",
            value=name,
            expected=nearest(name, [function.__name__ for function in _computed().values()]),
            remedy=_ANY_COLUMN,
        )
    return found


def comparable(measure: str, comparison: Comparison) -> Callable[..., pd.DataFrame]:
    """How a measure is computed, where it takes part in a comparison.

    Raises
    ------
    ConfigError
        It is no measure of the battery or of barriers, or not meant for this comparison.
    """
    fitting = [key for key, row in ABOUT.items() if comparison in row.compares and key in _computed()]
    if measure not in fitting:
        raise ConfigError(
            f"no measure {measure!r} is compared in this way",
            expected=nearest(measure, fitting),
            remedy=_ANY_COLUMN if comparison == "trend" else "",
        )
    return _computed()[measure]


def sensitivity(wave: Wave, measure: str = "unmet_need") -> dict[Choice, pd.DataFrame]:
    """A measure as reported, and as it would be under other choices.

    Parameters
    ----------
    wave
        One audience in one wave.
    measure
        Key of a declared measure.

    Returns
    -------
    Choice → the family frame of the measure: ``reported``; ``nobody_left_out`` (all rules of response quality
    only flag); ``flagged_left_out`` (all exclude); ``unweighted``, where the audience is weighted. A choice
    under which nothing would change is left out, and so is one that differs by so few persons that their
    answers could be read from the difference.

    Examples
    --------
    >>> list(needs.sensitivity(wave))
    ['reported', 'flagged_left_out', 'unweighted']
    """
    compute = comparable(measure, "sensitivity")
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
