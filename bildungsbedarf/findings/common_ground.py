"""Where groups of a ballot agree and where they part: computed from what passed the gate, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.disclosure.rules import SHOWN
from bildungsbedarf.errors import ConfigError

_MAJORITY = 0.5


@dataclass(frozen=True)
class Shared:
    """One statement over all groups; shares of those in each group who took part.

    ``whole`` is the share of all persons, ``one_voice`` the mean of the groups' shares: each group counts once, however
    many came. Nothing is known (None) where the share of any group may not be shown.
    """

    item: str
    whole: float | None
    one_voice: float | None = None
    lowest: float | None = None
    lowest_group: str = ""
    highest: float | None = None
    highest_group: str = ""

    @property
    def spread(self) -> float | None:
        """How far the groups are apart."""
        return None if self.highest is None or self.lowest is None else self.highest - self.lowest

    @property
    def is_common(self) -> bool:
        """Whether more than half agree in every group."""
        return self.lowest is not None and self.lowest > _MAJORITY


def common_ground(whole: Released, by_group: Released) -> list[Shared]:
    """What all groups of a ballot support, and where they part.

    Parameters
    ----------
    whole
        Released ``participation.agreement(wave)``.
    by_group
        The same with ``by`` one variable.

    Returns
    -------
    list of Shared
        One a statement, the one with the largest smallest share first; those with a group that may not be shown last.

    Raises
    ------
    ConfigError
        The frames are not of one measure, or not split by exactly one variable.

    Examples
    --------
    >>> both = [disclosure.release(participation.agreement(conference, by=by)) for by in (None, "bereich")]
    >>> findings.common_ground(*both)[0].is_common
    True
    """
    whole.check()
    by_group.check()
    if len(by_group.facts.by) != 1 or whole.facts.by or whole.facts.measure != by_group.facts.measure:
        raise ConfigError(
            "common ground is of one measure, as a whole and by one variable",
            value=f"{whole.facts.measure}, {by_group.facts.measure} by {', '.join(by_group.facts.by) or 'nothing'}",
            remedy='release participation.agreement(wave) and participation.agreement(wave, by="…")',
        )
    name = by_group.facts.by[0]
    known = _shown(whole.frame).set_index("variable")["estimate"]
    found = []
    for item, rows in by_group.frame.groupby("variable", sort=False, observed=True):
        share = None if pd.isna(known[item]) else float(known[item])
        shown = _shown(rows)
        if shown["estimate"].isna().any() or len(rows) < 2:
            found.append(Shared(str(item), share))
            continue
        ordered = shown.sort_values("estimate", kind="stable")
        low, high = ordered.iloc[0], ordered.iloc[-1]
        found.append(
            Shared(
                str(item),
                share,
                float(ordered["estimate"].mean()),
                float(low["estimate"]),
                str(low[name]),
                float(high["estimate"]),
                str(high[name]),
            )
        )
    return sorted(found, key=lambda one: (one.lowest is None, -(one.lowest or 0.0), one.item))


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with estimates only where they may be shown."""
    return rows.assign(estimate=rows["estimate"].where(rows["decision"] == SHOWN))
