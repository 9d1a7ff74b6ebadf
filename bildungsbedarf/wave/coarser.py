"""Margins of a weighting made coarser, step by step, where there are too few persons for the finer ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from bildungsbedarf.study.config import CROSS, LEAVE_OUT, MERGE, MarginConfig, step_parts

MERGED = "(merged)"
"""The class of all categories that have too few persons for one of their own."""


@dataclass(frozen=True)
class Target:
    """One margin as it is fitted: its variables, each person's category, and the totals by category."""

    by: tuple[str, ...]
    margin: MarginConfig
    variable: pd.Series
    total: pd.Series
    in_file: float
    """All persons of the margin's file."""

    @property
    def name(self) -> str:
        """``altersgruppe × geschlecht``."""
        return CROSS.join(self.by)


def coarser(targets: Sequence[Target], step: str, smallest: int) -> list[Target]:
    """The margins after one step of ``weighting.coarser``.

    Parameters
    ----------
    targets
        The margins as they are.
    step
        ``merge NAME`` (categories of fewer persons than ``smallest`` become one), ``split NAME`` (of crossed variables
        each alone), ``leave out NAME``. Of a margin that an earlier step took away nothing is left to do.
    smallest
        Persons a category needs for itself.

    Returns
    -------
    list of Target
        At least one: the last margin is never left out.
    """
    verb, name = step_parts(step)
    found: list[Target] = []
    for target in targets:
        if target.name != name:
            found.append(target)
        elif verb == MERGE:
            found.append(_merged(target, smallest))
        elif verb != LEAVE_OUT:
            found += [_alone(target, place) for place in range(len(target.by))]
    return found or list(targets)


def _merged(target: Target, smallest: int) -> Target:
    persons = target.variable.value_counts().reindex(target.total.index).fillna(0).sort_values(kind="stable")
    rising = persons.cumsum()
    # the rest takes in further categories until it is no small one itself
    small = persons.index[(persons < smallest) | (rising.shift(fill_value=0) < smallest)]
    if (persons >= smallest).all():
        return target
    total = target.total.rename(dict.fromkeys(small, MERGED)).groupby(level=0, sort=True).sum()
    known = target.variable.isin(small)
    return replace(target, variable=target.variable.mask(known, MERGED), total=total)


def _alone(target: Target, place: int) -> Target:
    total = target.total.groupby(lambda category: str(category).split(CROSS)[place], sort=True).sum()
    part = target.variable.str.split(CROSS, regex=False).str[place].astype("string")
    return replace(target, by=(target.by[place],), variable=part, total=total)
