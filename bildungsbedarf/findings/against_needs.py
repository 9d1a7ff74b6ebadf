"""Offers of a wave held against what its survey released: the gate stands between the answers and the diagnosis."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf import needs
from bildungsbedarf.disclosure import release
from bildungsbedarf.supply import diagnose, field_labels
from bildungsbedarf.wave import Wave


def held_against_needs(provided: Wave, surveyed: Wave) -> pd.DataFrame:
    """Why needs are not met, by field and municipality: ``supply.diagnose`` over all fields.

    Parameters
    ----------
    provided
        The audience of offers in one wave.
    surveyed
        The audience whose needs they are held against (``supply.asked_with``).

    Returns
    -------
    pandas.DataFrame
        As ``supply.diagnose``; what may not be shown of a municipality is not diagnosed.

    Examples
    --------
    >>> frame = findings.held_against_needs(provided, later)
    >>> frame["variable"].nunique()
    10
    """
    fields = field_labels(provided, provided.language)
    areas = pd.concat([release(needs.small_areas(surveyed, item)).frame for item in fields], ignore_index=True)
    named = release(needs.barriers(surveyed)).frame
    return diagnose(provided, areas, named, float(surveyed.design.weights.sum()))
