"""The gate: the only way from an estimate to a page or a file.

``show`` and ``findings`` take nothing but what ``release`` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import rules
from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.study import StudyConfig
from bildungsbedarf.survey.frames import significant
from bildungsbedarf.wave import Wave

KEY_COLUMNS = ("variable", "category", "n", "count", "estimate")
_TOLD = ("variable", "category", "name", "note", "n", "prob", "by", "group")
"""What stays of a row whose numbers may not leave: which row it is, and its base where that is allowed."""


@dataclass(frozen=True)
class Released:
    """A tidy frame that passed the gate.

    ``frame`` has ``decision`` beside each row; numbers of suppressed rows are missing, the bases of
    those below the smallest base too. ``small`` marks bases that are shown but small.
    """

    frame: pd.DataFrame
    limits: Limits

    @property
    def decisions(self) -> pd.DataFrame:
        """Cell, decision and what it would take, of everything that was not shown."""
        labels = ["variable", "category", *self.frame.attrs.get("by", [])]
        hidden = self.frame.loc[self.frame["decision"] != rules.SHOWN, [*labels, "decision"]]
        return hidden.assign(remedy=hidden["decision"].map(rules.REMEDIES)).reset_index(drop=True)

    @property
    def attrs(self) -> dict[str, Any]:
        """What the frame says of itself: measure, unit, groups, level."""
        return {str(name): value for name, value in self.frame.attrs.items()}

    def only(self, items: Sequence[str]) -> Released:
        """The same of some items, in their order; decisions stay as they were made over all."""
        place = {item: number for number, item in enumerate(items)}
        kept = self.frame[self.frame["variable"].isin(list(items))]
        kept = kept.iloc[kept["variable"].map(place).argsort(kind="stable")].reset_index(drop=True)
        kept.attrs = dict(self.frame.attrs)
        return Released(kept, self.limits)

    def rows(self) -> pd.DataFrame:
        """Only what may be shown."""
        return self.frame[self.frame["decision"] == rules.SHOWN]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def limits_of(source: Wave | StudyConfig) -> Limits:
    """The study's limits: the defaults, or stricter."""
    config = source.files.config if isinstance(source, Wave) else source
    return Limits(minimum_base=config.disclosure.minimum_base, minimum_cell=config.disclosure.minimum_cell)


def release(frame: pd.DataFrame, limits: Limits | None = None) -> Released:
    """Decide row by row and hide what may not leave.

    Parameters
    ----------
    frame
        A tidy frame of ``estimate``, ``needs`` or ``participation``; a trend has the persons of
        both waves in ``n_before``, ``n_after``, ``count_before``, ``count_after``.
    limits
        Default: the house's.

    Raises
    ------
    DisclosureError
        The frame is not an estimate: it lacks the columns the rules look at.
    """
    lacking = [name for name in KEY_COLUMNS if name not in frame.columns]
    if lacking:
        raise DisclosureError(
            "this table cannot pass the gate: it is not a frame of estimates",
            where=f"columns {', '.join(map(str, frame.columns[:6]))}",
            expected="columns " + ", ".join(KEY_COLUMNS),
            remedy="release what bb.estimate, bb.needs or bb.participation returns",
        )
    limits = limits or Limits()
    decision = _decide_difference(frame, limits) if frame.attrs.get("is_difference") else rules.decide(frame, limits)
    decision = rules.add_secondary(frame, decision)
    published = frame.copy()
    for name in published.select_dtypes("float").columns:
        # What leaves is the same on every machine, whatever the last bits of a sum are.
        published[name] = published[name].map(significant, na_action="ignore")
    hidden = (decision != rules.SHOWN).to_numpy()
    for name in published.columns.difference([*_TOLD, *frame.attrs.get("by", [])]):
        published[name] = published[name].mask(hidden)
    if frame.attrs.get("modelled"):
        published = _without_small_direct(published, frame, limits)
    published["n"] = published["n"].mask(decision.isin([rules.SMALL_BASE, rules.NO_ESTIMATE]))
    published["decision"] = decision.astype("string")
    published["small"] = (published["n"] < limits.small_base).fillna(False).to_numpy(dtype=bool)
    published.attrs = dict(frame.attrs)
    return Released(published, limits)


_WAVES = tuple((side, f"se_{side}", f"n_{side}", f"count_{side}") for side in ("before", "after"))
_GROUPS = (("share", "share_se", "n", "count"), ("other", "other_se", "n_other", "count_other"))
_DIRECT = ("direct", "direct_se", "shrinkage", "synthetic", "n", "count")


def _without_small_direct(published: pd.DataFrame, frame: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Hide an area's direct estimate where it may not leave, and what it could be computed back from."""
    direct = frame.assign(ci_low=frame["direct"], ci_high=frame["direct"])
    direct.attrs = {**frame.attrs, "modelled": False}
    hidden = rules.add_secondary(direct, rules.decide(direct, limits)) != rules.SHOWN
    return published.assign(**{name: published[name].mask(hidden) for name in _DIRECT if name in published.columns})


def _decide_difference(frame: pd.DataFrame, limits: Limits) -> pd.Series:
    """Both sides of a difference must pass; the stricter decision counts."""
    decisions = []
    for estimate, se, n, count in _WAVES if "n_before" in frame.columns else _GROUPS:
        half = frame[se] * 2
        one = frame.assign(
            n=frame[n], count=frame[count], ci_low=frame[estimate] - half, ci_high=frame[estimate] + half
        )
        one.attrs = dict(frame.attrs)
        decisions.append(rules.decide(one, limits))
    first, second = decisions
    return first.where(first != rules.SHOWN, second)
