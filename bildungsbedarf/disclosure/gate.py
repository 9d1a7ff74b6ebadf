"""The gate: the only way from an estimate to a page or a file.

``show`` and ``findings`` take nothing but what ``release`` returns.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.disclosure import rules
from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.disclosure.unnamed import unnamed, without_names
from bildungsbedarf.displays import Display
from bildungsbedarf.errors import ConfigError, DisclosureError, nearest
from bildungsbedarf.estimates import KEY, Facts, check_seal, facts_of
from bildungsbedarf.study import StudyConfig
from bildungsbedarf.survey.frames import as_list, significant
from bildungsbedarf.survey.reading.sources import WAVE
from bildungsbedarf.wave import Wave

KEY_COLUMNS = ("variable", "category", "n", "count", "estimate")
_TOLD = ("variable", "category", "name", "note", "n", "prob", "by", "group")
"""What stays of a row whose numbers may not leave: which row it is, and its base where that is allowed."""

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
                raise ConfigError("no such group", value=name, expected=nearest(name, map(str, kept.columns)))
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
        _sealed(self.frame)

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
                f"{self.limits.minimum_cell} persons or stands in what somebody wrote"
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


def limits_of(source: Wave | StudyConfig) -> Limits:
    """The study's limits: the defaults, or stricter.

    Parameters
    ----------
    source
        A wave, or a design with columns.

    Returns
    -------
    Limits
        The house's, or stricter.

    Examples
    --------
    >>> disclosure.limits_of(wave).minimum_base
    10
    """
    config = source.files.config if isinstance(source, Wave) else source
    return Limits(**config.disclosure.model_dump())


def release(frame: pd.DataFrame, limits: Limits | None = None) -> Released:
    """Decide row by row and hide what may not leave.

    Parameters
    ----------
    frame
        A tidy frame of ``estimate``, ``needs`` or ``participation``; a trend has the persons of
        both waves in ``n_before``, ``n_after``, ``count_before``, ``count_after``.
    limits
        Limits to keep beside those of the house and of the study the frame comes from: the strictest of each holds.

    Returns
    -------
    Released
        The frame with a ``decision`` a row; hidden numbers are missing; modelled values are in whole percent.

    Raises
    ------
    DisclosureError
        The frame is not an estimate: it lacks the columns the rules look at, or does not say what it holds. Its
        rows are not those that were computed: some are lacking or doubled, numbers were changed, or it passed before.

    Examples
    --------
    >>> released = disclosure.release(needs.unmet(wave, by="gemeinde"))
    >>> released.frame["decision"].value_counts().index[0]
    'cell_too_small'
    """
    if not isinstance(frame, pd.DataFrame):
        raise DisclosureError(
            "only a table of estimates can be released",
            value=type(frame).__name__,
            expected="a frame of bb.estimate, bb.needs or bb.participation",
        )
    _refuse_models(frame)
    lacking = [name for name in KEY_COLUMNS if name not in frame.columns]
    if lacking:
        raise DisclosureError(
            "this table cannot pass the gate: it is not a frame of estimates",
            where=f"columns {', '.join(map(str, frame.columns[:6]))}",
            expected="columns " + ", ".join(KEY_COLUMNS),
            remedy="release what bb.estimate, bb.needs or bb.participation returns",
        )
    facts = _facts_of(frame)
    if not frame.index.is_unique:
        # cells are hidden beside others by their label: one label, one row
        frame = frame.reset_index(drop=True)
    limits = Limits().stricter(Limits(**facts.limits)).stricter(limits or Limits())
    decision, no_base = _decided(frame, facts, limits)
    if facts.details.get("bases_tell"):
        no_base |= decision != rules.SHOWN
    published = without_names(frame.copy(), facts, limits)
    for name in published.select_dtypes("float").columns:
        # What leaves is the same on every machine, whatever the last bits of a sum are.
        published[name] = published[name].map(significant, na_action="ignore")
    published = _without_numbers(published, facts, (decision != rules.SHOWN).to_numpy())
    if facts.kind == "modelled":
        published = _coarse(_without_small_direct(published, frame, facts, limits))
        facts = facts.but(details={**facts.details, "district": _district(facts, limits)})
    published["n"] = published["n"].mask(no_base.to_numpy())
    published["decision"] = decision.astype("string")
    published[SMALL] = (published["n"] < limits.small_base).fillna(False).to_numpy(dtype=bool)
    return Released(facts.but(passed=True).on(published), limits)


def agreed(tables: Sequence[tuple[Released, Sequence[Hashable]]]) -> list[Released]:
    """Several tables in which what is hidden in one is shown in no other.

    Parameters
    ----------
    tables
        Each with a key a row that says whom the number is of: the same persons, the same key. Tables of women by age
        and of ages by sex have cells in common.

    Returns
    -------
    list of Released
        In the same order; cells hidden for another table's sake are ``secondary``.

    Examples
    --------
    >>> released = disclosure.release(needs.unmet(wave, by="altersgruppe"))
    >>> one = disclosure.agreed([(released, range(len(released.frame)))])[0]
    >>> bool((one.frame["decision"] == released.frame["decision"]).all())
    True
    """
    hidden = {
        key
        for released, keys in tables
        for key, needed in zip(keys, rules.needed_hidden(released.frame), strict=True)
        if needed
    }
    return [_hiding(released, [key in hidden for key in keys]) for released, keys in tables]


def _hiding(released: Released, more: Sequence[bool]) -> Released:
    """The same with further rows hidden."""
    released.check()
    frame, facts = released.frame, released.facts
    added = np.asarray(more, dtype=bool) & (frame["decision"] == rules.SHOWN).to_numpy(dtype=bool)
    if not added.any():
        return released
    made = _without_numbers(frame.copy(), facts, added)
    made["decision"] = made["decision"].mask(added, rules.SECONDARY)
    return Released(facts.on(made), released.limits)


def _without_numbers(frame: pd.DataFrame, facts: Facts, hidden: np.ndarray) -> pd.DataFrame:
    """The frame in which rows say only which they are, and their base."""
    kept = [*_TOLD, *facts.by, "decision", SMALL]
    for name in frame.columns.difference(kept):
        frame[name] = frame[name].mask(hidden)
    return frame


def _facts_of(frame: pd.DataFrame) -> Facts:
    """What the frame says of itself; one that lost it, or says what no longer holds, does not pass."""
    facts = _sealed(frame)
    if facts.passed:
        raise DisclosureError(
            "this table has passed the gate before: its decisions were made over what is hidden now",
            remedy="choose rows with released.only(…), and show what was released",
        )
    if facts.unit == "mixed":
        raise DisclosureError(
            "this table holds several statistics at once, each with rules of its own",
            value=facts.measure,
            remedy="release means and shares apart: bb.estimate.mean, bb.estimate.proportion",
        )
    return facts


def _sealed(frame: pd.DataFrame) -> Facts:
    """The facts of a frame whose rows are those they hold for."""
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


def _refuse_models(frame: pd.DataFrame) -> None:
    """A regression or a test has no row of persons the rules could look at."""
    facts = frame.attrs.get(KEY, {})
    if facts.get("kind") in ("effect", "test") and not set(KEY_COLUMNS) <= set(frame.columns):
        raise DisclosureError(
            "the coefficients of a model and the values of a test cannot pass the gate: no rule decides on them",
            value=facts.get("measure"),
            expected="estimates of groups, with the persons behind each",
            remedy="publish the groups: needs.equity says where they differ, needs.inequality by how much",
        )


_WAVES = tuple((side, f"se_{side}", f"n_{side}", f"count_{side}") for side in ("before", "after"))
_GROUPS = (("share", "share_se", "n", "count"), ("other", "other_se", "n_other", "count_other"))
_SAMPLES = tuple((side, f"se_{side}", f"n_{side}", f"count_{side}") for side in ("a", "b"))
_DIRECT = ("direct", "direct_se", "shrinkage", "synthetic", "n", "count")


def _without_small_direct(published: pd.DataFrame, frame: pd.DataFrame, facts: Facts, limits: Limits) -> pd.DataFrame:
    """Hide an area's direct estimate where it may not leave, and what it could be computed back from."""
    direct, level = frame.assign(ci_low=frame["direct"], ci_high=frame["direct"]), facts.but(kind="level")
    hidden = rules.add_secondary(direct, level, rules.decide(direct, level, limits), limits) != rules.SHOWN
    return published.assign(**{name: published[name].mask(hidden) for name in _DIRECT if name in published.columns})


_WHOLE_PERCENT = 2
_MODELLED = ("estimate", "se", "ci_low", "ci_high", "synthetic", "shrinkage")


def _coarse(published: pd.DataFrame) -> pd.DataFrame:
    """Modelled values in whole percent, which is how they are told.

    A model is a known function of every area's answers: with all their digits its values and the widths of their
    intervals would give back bases and answers that are hidden.
    """
    there = [name for name in _MODELLED if name in published.columns]
    return published.assign(**{name: published[name].round(_WHOLE_PERCENT) for name in there})


def _district(facts: Facts, limits: Limits) -> float | None:
    """The share of the whole district beside modelled ones, in whole percent as they are; none where it is hidden."""
    told = facts.details.get("district")
    if not told:
        return None
    row = pd.DataFrame([told])
    is_shown = rules.decide(row, facts.but(kind="level", by=()), limits).iloc[0] == rules.SHOWN
    return round(float(told["estimate"]), 2) if is_shown else None


def _decided(frame: pd.DataFrame, facts: Facts, limits: Limits) -> tuple[pd.Series, pd.Series]:
    """What forbids each row, and whether its base may not be told."""
    if not facts.is_difference:
        return _decided_table(frame, rules.decide(frame, facts, limits), facts, limits)
    sides = _sides(frame)
    decisions = [rules.decide(side, facts, limits) for side in sides]
    if facts.by and (facts.kind == "change" or {"a", "b"} <= set(frame)):
        # each side is a table of its own that may be told beside this one: what it hides is not shown here
        tables = [_decided_table(*pair, facts, limits) for pair in zip(sides, decisions, strict=True)]
        decisions, no_bases = [made for made, _ in tables], [no_base for _, no_base in tables]
        return _stricter(decisions), no_bases[0] | no_bases[1]
    decision = rules.add_secondary(frame, facts, _stricter(decisions), limits)
    return decision, rules.hidden_bases(frame, facts, decision, limits)


def _decided_table(
    frame: pd.DataFrame, decision: pd.Series, facts: Facts, limits: Limits
) -> tuple[pd.Series, pd.Series]:
    decision = rules.add_secondary(frame, facts, decision, limits)
    no_base = rules.hidden_bases(frame, facts, decision, limits)
    return decision if facts.kind == "modelled" else rules.add_linked(frame, facts, decision, limits), no_base


def _stricter(decisions: Sequence[pd.Series]) -> pd.Series:
    first, second = decisions
    return first.where(first != rules.SHOWN, second)


def _sides(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The two sides of a difference as tables of their own; both must pass.

    Raises
    ------
    DisclosureError
        The frame lacks what its sides rest on.
    """
    known = [sides for sides in (_WAVES, _GROUPS, _SAMPLES) if {name for side in sides for name in side} <= set(frame)]
    if not known:
        raise DisclosureError(
            "this difference does not say what its two sides rest on",
            where=f"columns {', '.join(map(str, frame.columns[:6]))}",
            expected="estimate, se, n and count of either side",
            remedy="compare waves with needs.trend, groups with needs.equity, two designs with bb.estimate.difference, "
            "which keep both sides",
        )
    made = []
    for estimate, se, n, count in known[0]:
        half = frame[se] * 2
        low, high = frame[estimate] - half, frame[estimate] + half
        if f"ci_low_{estimate}" in frame:
            low, high = frame[f"ci_low_{estimate}"], frame[f"ci_high_{estimate}"]
        made.append(
            frame.assign(
                estimate=frame[estimate], se=frame[se], n=frame[n], count=frame[count], ci_low=low, ci_high=high
            )
        )
    return made
