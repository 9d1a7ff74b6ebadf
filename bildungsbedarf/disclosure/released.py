"""What passed the gate: the rows that may be shown, and why the others may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.disclosure import rules
from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.disclosure.unnamed import unnamed
from bildungsbedarf.displays import Display
from bildungsbedarf.errors import ConfigError, DisclosureError, nearest
from bildungsbedarf.estimates import KEY, Facts, check_seal, facts_of
from bildungsbedarf.survey.frames import as_list
from bildungsbedarf.survey.reading.sources import WAVE

SMALL = "small"
"""Column of a released frame that says whether a base is shown but small."""
_SEEN = 12
_PASSED = "Passed the gate: show.table(…) or a figure makes something a page can show of it."


@with_words
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
        labels = ["variable", "category", *self.facts.by]
        hidden = self.frame.loc[self.frame["decision"] != rules.SHOWN, [*labels, "decision"]]
        return hidden.assign(remedy=hidden["decision"].map(rules.REMEDIES)).reset_index(drop=True)

    @cached_property
    def facts(self) -> Facts:
        """What the frame says of itself: measure, unit, groups, level."""
        return facts_of(self.frame)

    def only(self, items: Sequence[str] | None = None, **groups: Sequence[object]) -> Released:
        """The same of some items, in their order, and of some groups; decisions stay as they were made over all.

        ``groups`` names columns and the values kept, ``altersgruppe=["65+"]``; ``category`` is one too.

        Raises
        ------
        ConfigError
            A column, item or group the frame does not have.

        Examples
        --------
        >>> released = disclosure.release(needs.unmet(wave, by="altersgruppe"))
        >>> released.only(["F01", "F02"], altersgruppe=["65+"]).frame["variable"].tolist()
        ['F01', 'F02']
        """
        kept = self.frame
        for name, values in groups.items():
            if name not in kept.columns:
                known = ["category", *self.facts.by] if kept["category"].notna().any() else list(self.facts.by)
                told = nearest(name, known) if known else "a frame that is split: needs.unmet(wave, by=…)"
                raise ConfigError("no such group", value=name, expected=told)
            wanted = list(values) if isinstance(values, (list, tuple, set, pd.Index)) else [values]
            if name == "category":
                # categories are texts, whatever they were before
                wanted = [str(one) for one in wanted]
            _known(wanted, kept[name].dropna().unique(), name)
            kept = kept[kept[name].isin(wanted)]
        if items is not None:
            items = as_list(items)
            _known(items, kept["variable"].unique(), "variable")
            place = {item: number for number, item in enumerate(items)}
            kept = kept[kept["variable"].isin(list(items))]
            kept = kept.iloc[kept["variable"].map(place).argsort(kind="stable")]
        return Released(self.facts.on(kept.reset_index(drop=True)), self.limits)

    def largest(self, count: int = 1) -> Released:
        """The rows with the largest estimates of each group of which all rows may be shown.

        Of any other group it is not known: what is hidden may be larger.

        Parameters
        ----------
        count
            How many of each group; of a frame that is not split, of all.

        Returns
        -------
        Released
            Largest first in each group; decisions stay as they were made over all.

        Raises
        ------
        ConfigError
            Fewer than one; of no group all may be shown.

        Examples
        --------
        >>> first = disclosure.release(needs.unmet(wave, by="altersgruppe")).largest()
        >>> first.frame[["altersgruppe", "variable"]].to_numpy().tolist()
        [['30–44', 'F05'], ['45–64', 'F05']]
        """
        if count < 1:
            raise ConfigError("nothing would be left", where="count", value=count, expected="1 or more")
        by, is_told = list(self.facts.by), (self.frame["decision"] == rules.SHOWN) & self.frame["estimate"].notna()
        groups = [own for _, own in self.frame.groupby(by, sort=False, observed=True)] if by else [self.frame]
        parts = [own for own in groups if is_told[own.index].all()]
        if not parts:
            raise ConfigError(
                "what is largest is not known: something is hidden everywhere",
                remedy="released.decisions says why; wider groups have fewer cells to hide",
            )
        rows = pd.concat([part.sort_values("estimate", ascending=False, kind="stable").head(count) for part in parts])
        return Released(self.facts.on(rows.reset_index(drop=True)), self.limits)

    def check(self) -> None:
        """Refuse what was changed after it passed.

        Raises
        ------
        DisclosureError
            Rows, numbers or decisions are not those that were released.
        """
        sealed(self.frame)

    def __getitem__(self, key: object) -> Any:
        raise ConfigError(
            "released rows are chosen by what they are of",
            value=key,
            expected="released.only([items], group=[…]); released.rows() is a table to look at",
        )

    def __iter__(self) -> Iterator[Any]:
        raise ConfigError("released rows have no order to go through", expected="released.rows() is a table to look at")

    def rows(self) -> pd.DataFrame:
        """Only what may be shown."""
        return self.frame[self.frame["decision"] == rules.SHOWN]

    def describe(self) -> str:
        """What it is of, what was hidden and by which rule, and the first rows shown, as text.

        Returns
        -------
        str
            Lines.

        Examples
        --------
        >>> print(disclosure.release(needs.unmet(wave)).describe().splitlines()[0])
        unmet_need: 10 of 10 rows may be shown
        """
        return "\n".join([self._facts.text, self._seen.to_string(index=False), *self._unseen])

    def __repr__(self) -> str:
        return self.describe()

    def _repr_html_(self) -> str:
        rows = str(self._seen.to_html(index=False, border=0))
        lines = "".join(f"<p><small>{line}</small></p>" for line in [*self._unseen, _PASSED])
        return self._facts.html + rows + lines

    @property
    def _facts(self) -> Display:
        """What it is of, how much of it may be shown, and which rules hide the rest."""
        facts, hidden = self.facts, self.frame["decision"].value_counts().drop(rules.SHOWN, errors="ignore")
        by = f" by {', '.join(facts.by)}" if facts.by else ""
        title = f"{facts.measure}{by}: {len(self.rows()):,} of {len(self.frame):,} rows may be shown"
        of = {"unit": facts.unit, "kind": facts.kind, "part": facts.part, "from": facts.source}
        told = {**of, "hidden": {str(rule): int(count) for rule, count in hidden.items()}}
        return Display.of(title, told, "")

    @property
    def _unseen(self) -> list[str]:
        """Where the rest is: further rows, and why some may not be shown."""
        shown, hidden = len(self.rows()), len(self.frame) - len(self.rows())
        more = [f"… {shown - _SEEN:,} more rows: released.rows()"] if shown > _SEEN else []
        lines = [*more, *([f"{hidden:,} hidden: released.decisions says why"] if hidden else [])]
        if numbered := unnamed(self.frame, self.facts):
            lines.append(
                f"{numbered:,} categories are not named: nobody declared them, and each is of fewer than "
                f"{self.limits.minimum_cell} persons or stands in what somebody wrote. A study.toml declares "
                "categories; merge small ones, call others otherwise"
            )
        return lines

    @property
    def _seen(self) -> pd.DataFrame:
        """The first rows that may be shown, and of them what people read."""
        rows, (low, high) = self.rows(), self.facts.ends
        wanted = ("variable", "category", *self.facts.by, "estimate", low, high, "n")
        names = [name for name in wanted if name in rows.columns and rows[name].notna().any()]
        return rows[names].head(_SEEN)


def _known(wanted: Sequence[object], there: Iterable[object], name: str) -> None:
    """Refuse what is not among the values of a column: nothing would be left, and nobody would know."""
    values = list(there)
    for one in wanted:
        if one not in values:
            raise ConfigError(
                "the frame has no such row", where=str(name), value=one, expected=nearest(str(one), map(str, values))
            )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries by column name.

    Parameters
    ----------
    frame
        A tidy frame.

    Returns
    -------
    list of dict
        One a row.

    Examples
    --------
    >>> disclosure.records(pd.DataFrame({"variable": ["F01"]}))
    [{'variable': 'F01'}]
    """
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def sealed(frame: pd.DataFrame) -> Facts:
    """The facts of a frame whose rows are those they hold for.

    Raises
    ------
    DisclosureError
        They hold for other rows, or it says nothing.
    """
    if KEY not in frame.attrs and WAVE in frame.columns:
        raise DisclosureError(
            "this table holds several waves, to look at",
            where=f"column {WAVE}",
            remedy="release each wave's own: needs.unmet(wave); needs.trend compares two",
        )
    try:
        check_seal(frame)
        return facts_of(frame)
    except ConfigError as error:
        raise DisclosureError(error.problems) from None
