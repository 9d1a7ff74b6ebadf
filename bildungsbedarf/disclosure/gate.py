"""The gate: the only way from an estimate to a page or a file.

``show`` and ``findings`` take nothing but what ``release`` returns.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from bildungsbedarf.disclosure import rules
from bildungsbedarf.disclosure.released import SMALL, Released, sealed
from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.disclosure.unnamed import without_names
from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.estimates import KEY, Facts
from bildungsbedarf.study import StudyConfig
from bildungsbedarf.survey.frames import significant
from bildungsbedarf.wave import Wave

KEY_COLUMNS = ("variable", "category", "n", "count", "estimate")
_TOLD = ("variable", "category", "name", "note", "n", "prob", "by", "group")
"""What stays of a row whose numbers may not leave: which row it is, and its base where that is allowed."""


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
    published, facts = without_names(frame.copy(), facts, limits)
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
    facts = sealed(frame)
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
