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
    consensus: float | None = None
    """Group-informed consensus (Small et al. 2021): product over the groups of (agree + 1) / (persons + 2)."""

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
                _consensus(shown),
            )
        )
    return sorted(found, key=lambda one: (one.lowest is None, -(one.lowest or 0.0), one.item))


def _consensus(groups: pd.DataFrame) -> float:
    agree, persons = (groups[name].to_numpy(dtype=float) for name in ("count", "n"))
    return float(((agree + 1) / (persons + 2)).prod())


@dataclass(frozen=True)
class Divided:
    """How those who voted divide on one statement: shares, and 0 (all alike) to 1 (half agrees, half disagrees).

    All three shares or none: agreement is told elsewhere, and with one more the third would follow.
    """

    item: str
    agree: float | None
    disagree: float | None
    passed: float | None

    @property
    def divisiveness(self) -> float | None:
        """Variance of the votes, with agreement as 1, a pass as 0, disagreement as −1; None where one is not shown."""
        if self.agree is None or self.disagree is None:
            return None
        return self.agree + self.disagree - (self.agree - self.disagree) ** 2


def divided(positions: Released) -> list[Divided]:
    """Statements by how far those present are divided on them, the most divided first.

    Parameters
    ----------
    positions
        Released ``participation.positions(wave)``, of all.

    Returns
    -------
    list of Divided
        One a statement; those of which a share may not be shown last.

    Raises
    ------
    ConfigError
        The frame is of another measure, or split by groups.

    Examples
    --------
    >>> findings.divided(disclosure.release(participation.positions(conference)))[0].item
    'Z07'
    """
    positions.check()
    if positions.facts.measure != "positions" or positions.facts.by:
        raise ConfigError(
            "how people divide is told of their positions, of all",
            value=f"{positions.facts.measure} by {', '.join(positions.facts.by) or 'nothing'}",
            expected="disclosure.release(participation.positions(wave))",
        )
    found = []
    for item, rows in _shown(positions.frame).groupby("variable", sort=False, observed=True):
        shares = rows.set_index("category")["estimate"].astype("Float64")
        known = {str(name): None if pd.isna(value) else float(value) for name, value in shares.items()}
        told = [known.get(name) for name in ("agree", "disagree", "pass")]
        found.append(Divided(str(item), *([None] * 3 if None in told else told)))
    return sorted(found, key=lambda one: (one.divisiveness is None, -(one.divisiveness or 0.0), one.item))


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with estimates only where they may be shown."""
    return rows.assign(estimate=rows["estimate"].where(rows["decision"] == SHOWN))
