"""Offers of a wave held against what its survey released: the gate stands between the answers and the diagnosis."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf import needs
from bildungsbedarf.disclosure import release
from bildungsbedarf.study.offers import OffersFile
from bildungsbedarf.supply import diagnose, diagnose_groups, field_labels
from bildungsbedarf.supply.rules import rules_of
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


def held_against_groups(provided: Wave, surveyed: Wave) -> pd.DataFrame:
    """Why needs of groups are not met: ``supply.diagnose_groups`` for the groups that offers.toml assigns.

    Parameters
    ----------
    provided
        The audience of offers in one wave.
    surveyed
        The audience whose needs they are held against (``supply.asked_with``).

    Returns
    -------
    pandas.DataFrame
        As ``supply.diagnose_groups``; empty where offers.toml assigns no groups.

    Examples
    --------
    >>> frame = findings.held_against_groups(provided, later)
    >>> frame.groupby("group").size().tolist()
    [10, 10, 10, 10]
    """
    return diagnose_groups(provided, *asked_of_groups(surveyed, rules_of(provided)))


def asked_of_groups(
    surveyed: Wave, rules: OffersFile
) -> tuple[pd.DataFrame, pd.DataFrame, dict[tuple[str, str], float]]:
    """What ``supply.diagnose_groups`` takes: released needs and hindrances of groups, and how many people each has.

    Parameters
    ----------
    surveyed
        An audience with a battery.
    rules
        offers.toml; its ``[groups]`` say by what.

    Returns
    -------
    (needs, hindrances, people)
        Rows with ``by`` and ``group``; intervals hold for all groups and fields at once. People only where the sample
        stands for them.

    Examples
    --------
    >>> wanted, named, people = findings.asked_of_groups(later, provided.files.offers)
    >>> sorted(set(wanted["by"])), len(people)
    (['altersgruppe'], 4)
    """
    names = dict.fromkeys(group.partition("=")[0] for groups in rules.groups.values() for group in groups)
    wanted = [_of_group(needs.unmet(surveyed, by=by)) for by in names]
    named = [_of_group(needs.barriers(surveyed, by=by)) for by in names if surveyed.needs.barriers]
    weights = pd.Series(surveyed.design.weights, index=surveyed.responses.index)
    # without a sample the sum of weights would be the count of those who answered
    counted = names if surveyed.allows_inference else ()
    people = {
        (by, str(group)): float(total)
        for by in counted
        for group, total in weights.groupby(surveyed.responses[by], observed=True).sum().items()
    }
    return _joined(wanted), _joined(named), people


def _of_group(frame: pd.DataFrame) -> pd.DataFrame:
    """Released rows under names that do not depend on the group, with the interval that holds for all of them."""
    released = release(frame)
    by, shown = released.facts.by[0], released.frame
    low, high = ("sim_low", "sim_high") if "sim_low" in shown.columns else released.facts.ends
    return pd.DataFrame(
        {
            "by": by,
            "group": shown[by].astype("string"),
            "variable": shown["variable"].astype("string"),
            "estimate": shown["estimate"],
            "ci_low": shown[low],
            "ci_high": shown[high],
        }
    )


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    columns = ["by", "group", "variable", "estimate", "ci_low", "ci_high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
