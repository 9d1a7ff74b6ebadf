"""What a frame of estimates says of itself: what is estimated, in which unit, of whom, from where.

The facts travel in the frame's ``attrs`` as plain JSON values. Selecting, sorting, ``assign``, pickling and Parquet
keep them; ``concat`` and ``merge`` keep them where both sides say the same, and drop them where they don't. Whoever
hands a frame on (gate, tables, figures, findings) asks ``facts_of``, which refuses a frame that lost them.

Beside the facts stands a seal of the rows they hold for (``seals``): pandas keeps ``attrs`` through arithmetic,
summaries and filters too, after which they would be untrue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import seals

Unit = Literal["share", "mean", "points", "total", "dots", "number", "index", "mixed"]
"""``share`` of persons; ``mean`` on an answer scale, ``points`` of a score, both with a ``span``; ``total`` persons or
a sum; ``dots`` given; ``number`` in the variable's own unit; ``index`` without one; ``mixed``: each row its own."""
Kind = Literal["level", "difference", "change", "quantile", "effect", "modelled", "test"]
"""``difference`` of groups, ``change`` between waves, ``effect`` in a regression, ``modelled`` small areas."""
Sampling = Literal["probability", "nonprobability", "census"]
KEY = "facts"
SEAL = "seal"
CHOSEN_ROWS = "chosen rows"
"""The part a domain is that was made by a mask, which says nothing in words."""


@dataclass(frozen=True)
class Origin:
    """Where estimates come from: how people were reached, who they stand for, the data behind them.

    ``part`` is the condition of a domain, where estimates speak of some of the people only. ``limits`` are the
    study's own limits of disclosure, where they are stricter than the house's. ``uncoded`` are columns whose texts
    nobody declared as categories: they may be what single persons wrote.
    """

    sampling: Sampling = "probability"
    people: str = ""
    source: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    part: str = ""
    uncoded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """The facts of one frame.

    ``measure`` is the key of a declared measure, or what ``bb.estimate`` computed; ``base`` says in words (an
    English text of the catalogue) of whom each row speaks, ``part`` by which condition only of some of them;
    ``span`` is the range of possible values; ``family`` counts the estimates whose simultaneous intervals hold
    together; ``sums`` names categories that are sums of others. ``details`` is whatever else a measure tells, as
    JSON values; ``limits`` are the study's limits of disclosure. ``recipe`` says how to compute the frame again
    (``wave.recipes``). ``joint``: what is shown, and decides, is the interval that holds for the whole family at
    once. ``passed``: the frame has been through the gate. ``uncoded``: variables and groups whose texts nobody
    declared as categories.

    Raises
    ------
    ConfigError
        A unit, kind or sampling that is none.
    """

    measure: str
    unit: Unit
    kind: Kind = "level"
    by: tuple[str, ...] = ()
    sampling: Sampling = "probability"
    level: float = 0.95
    family: int = 1
    base: str = ""
    source: str = ""
    part: str = ""
    span: float | None = None
    scale: tuple[int, int] | None = None
    question: str = ""
    layout: str = ""
    sums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    recipe: Mapping[str, Any] = field(default_factory=dict)
    joint: bool = False
    passed: bool = False
    uncoded: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, known in (("unit", Unit), ("kind", Kind), ("sampling", Sampling)):
            value, allowed = getattr(self, name), get_args(known)
            if value not in allowed:
                raise ConfigError(f"a frame cannot be of this {name}", value=value, expected=nearest(value, allowed))

    @property
    def ends(self) -> tuple[str, str]:
        """The columns of the one interval that sentences, tables, figures and verdicts look at and show."""
        return ("sim_low", "sim_high") if self.joint else ("ci_low", "ci_high")

    @property
    def is_difference(self) -> bool:
        """The estimates are differences of two sides."""
        return self.kind in ("difference", "change")

    @property
    def is_signed(self) -> bool:
        """The estimates are differences, or effects on a share, which are told in percentage points with their sign."""
        return self.is_difference or (self.kind == "effect" and self.unit == "share")

    @property
    def is_census(self) -> bool:
        """Everyone was asked: numbers are exact for those who answered."""
        return self.sampling == "census"

    @property
    def carries_inference(self) -> bool:
        """The sampling carries intervals, tests and ranks."""
        return self.sampling != "nonprobability"

    def but(self, **changes: Any) -> Facts:
        """The same facts, some of them other."""
        return replace(self, **changes)

    def on(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with these facts in it, and a seal of the rows they hold for."""
        own: dict[Any, Any] = {name: value for name, value in frame.attrs.items() if name == "call"}
        # pandas copies attrs with every column that is read
        frame.attrs = {}
        seal = seals.seal(frame, self.by)
        frame.attrs = {**own, "level": self.level, KEY: self._plain(), SEAL: seal}
        return frame

    def kept_on(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with these facts, its rows and their seal as they were."""
        frame.attrs = {**frame.attrs, KEY: self._plain()}
        return frame

    def _plain(self) -> _Stored:
        """JSON values."""
        plain = asdict(self)
        return _Stored(
            {
                **plain,
                "by": list(self.by),
                "uncoded": list(self.uncoded),
                "scale": None if self.scale is None else [int(end) for end in self.scale],
                "sums": {name: list(parts) for name, parts in self.sums.items()},
            }
        )


class _Stored(dict[str, Any]):
    """Facts in a frame's ``attrs``, never written to: pandas copies ``attrs`` in depth with every column it gives."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _Stored:
        return self


def facts_of(frame: pd.DataFrame) -> Facts:
    """What a frame says of itself.

    Raises
    ------
    ConfigError
        It says nothing (a merge with another table loses it), or speaks of groups it has no column for.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = Facts("unmet_need", "share").on(pd.DataFrame({"variable": ["F01"], "estimate": [0.3]}))
    >>> facts_of(frame[frame["estimate"] > 0.2]).unit
    'share'
    >>> facts_of(frame.merge(pd.DataFrame({"variable": ["F01"], "label": ["Reading"]})))
    Traceback (most recent call last):
    bildungsbedarf.errors.ConfigError: this frame does not say what it holds
      expected: a frame of bb.estimate, bb.needs or bb.participation
      what to do: give it the facts of the frame it was made from: bb.estimates.like(frame, original)
    """
    stored = frame.attrs.get(KEY)
    if not isinstance(stored, Mapping):
        raise ConfigError(
            "this frame does not say what it holds",
            expected="a frame of bb.estimate, bb.needs or bb.participation",
            remedy="give it the facts of the frame it was made from: bb.estimates.like(frame, original)",
        )
    known = {entry.name for entry in fields(Facts)}
    values = {str(name): value for name, value in stored.items() if name in known}
    scale = values.get("scale")
    lists = {name: tuple(values.get(name, ())) for name in ("by", "uncoded")}
    facts = Facts(**{**values, **lists, "scale": None if scale is None else tuple(scale)})
    if lacking := [name for name in facts.by if name not in frame.columns]:
        raise ConfigError(
            "this frame speaks of groups it has no column for",
            value=lacking[0],
            expected=", ".join(map(str, frame.columns[:8])),
            remedy="keep the columns of its groups, or reset an index made of them",
        )
    return facts


def like(frame: pd.DataFrame, original: pd.DataFrame) -> pd.DataFrame:
    """The frame with the facts of the one it was made from, after a merge or a step outside pandas.

    They hold for the rows and numbers of the original: the gate refuses the frame where these have changed.

    Examples
    --------
    >>> import pandas as pd
    >>> original = Facts("unmet_need", "share").on(pd.DataFrame({"variable": ["F01"], "estimate": [0.3]}))
    >>> merged = original.merge(pd.DataFrame({"variable": ["F01"], "label": ["Reading"]}))
    >>> facts_of(like(merged, original)).measure
    'unmet_need'
    """
    facts_of(original)
    made = frame.copy()
    made.attrs = dict(original.attrs)
    return made


def check_seal(frame: pd.DataFrame) -> None:
    """Refuse a frame whose rows are not those its facts hold for; further columns and another order are fine.

    Raises
    ------
    ConfigError
        Rows are lacking, stand in it twice, or hold other numbers than were computed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = Facts("unmet_need", "share").on(pd.DataFrame({"variable": ["F01"], "estimate": [0.3]}))
    >>> check_seal(frame.assign(label="Reading"))
    >>> check_seal(frame.assign(estimate=0.4))
    Traceback (most recent call last):
    bildungsbedarf.errors.ConfigError: numbers of this table are not those that were computed
      in column estimate
      what to do: release it as it was computed; needs.equity and needs.trend subtract, show.table rounds
    """
    facts, sealed = facts_of(frame), frame.attrs.get(SEAL)
    if not isinstance(sealed, str):
        raise ConfigError(
            "this frame does not say which rows its facts hold for",
            expected="a frame of bb.estimate, bb.needs or bb.participation",
        )
    seals.check(frame, facts.by, sealed)
