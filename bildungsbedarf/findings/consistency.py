"""Whether a register agrees with itself: one quantity, one number; no two sentences that cannot both hold."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from bildungsbedarf.errors import ConfigError, Problem
from bildungsbedarf.findings.model import Finding

_NUMBERS = ("estimate", "se", "n", "ci_low", "ci_high")
_LOOSE = 1e-9
"""Numbers are kept with twelve significant digits; a difference of two of them has fewer."""


def check_consistency(found: Sequence[Finding]) -> None:
    """Refuse a register that says two things of one quantity.

    Refused are two findings of one id, wave and audience that are not the same; two of one quantity (measure, item,
    group, wave, audience) with other numbers; two different "largest" of one table; and a change between waves that
    is not the difference of its two levels.

    Parameters
    ----------
    found
        Findings of a study.

    Returns
    -------
    None
        Where nothing contradicts.

    Raises
    ------
    ConfigError
        With every pair that does; both are named.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    >>> findings.check_consistency(found)
    >>> findings.check_consistency([*found, found[0].model_copy(update={"estimate": 0.5})])
    Traceback (most recent call last):
    bildungsbedarf.errors.ConfigError: two findings contradict each other
    """
    problems = [*_doubles(found), *_claims(found), *_changes(found)]
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))


def _doubles(found: Sequence[Finding]) -> list[Problem]:
    problems = []
    same: dict[Hashable, Finding] = {}
    quantity: dict[Hashable, Finding] = {}
    for one in found:
        other = same.setdefault((one.id, one.wave, one.audience), one)
        if other.model_dump(exclude={"notebook"}) != one.model_dump(exclude={"notebook"}):
            problems.append(_problem(other, one, "they have one id and are not the same"))
            continue
        other = quantity.setdefault(_quantity(one), one)
        if any(getattr(other, name) != getattr(one, name) for name in _NUMBERS):
            problems.append(_problem(other, one, "they are of one quantity and have other numbers"))
    return problems


def _claims(found: Sequence[Finding]) -> list[Problem]:
    problems = []
    first: dict[Hashable, Finding] = {}
    for one in found:
        place = one.id.split(".")[1]
        if one.kind != "rank" or place == one.item:
            continue
        other = first.setdefault((one.measure, place, _groups(one), one.wave, one.audience), one)
        if other.item != one.item:
            problems.append(_problem(other, one, "both cannot be the first"))
    return problems


def _changes(found: Sequence[Finding]) -> list[Problem]:
    """A change is that of its two levels, where those are registered too."""
    levels = {_quantity(one): one for one in found if one.kind != "trend"}
    problems = []
    for one in found:
        if one.kind != "trend" or one.recipe is None:
            continue
        measure = one.measure.removeprefix("trend_")
        both = [levels.get((measure, one.item, _groups(one), *pair)) for pair in one.recipe.waves]
        before, after = both if len(both) == 2 else (None, None)
        if before is not None and after is not None:
            gap = after.estimate - before.estimate - one.estimate
            if abs(gap) > _LOOSE * max(1.0, abs(after.estimate), abs(before.estimate)):
                problems.append(_problem(one, after, "the change is not the difference of its two levels"))
    return problems


def _quantity(one: Finding) -> tuple[Hashable, ...]:
    return (one.measure, one.item, _groups(one), one.wave, one.audience)


def _groups(one: Finding) -> Hashable:
    return tuple(sorted(one.groups.items()))


def _problem(one: Finding, other: Finding, why: str) -> Problem:
    named = [
        f"{finding.wave} {finding.audience} {finding.id} ({finding.notebook or 'no notebook'})"
        for finding in (one, other)
    ]
    return Problem(
        "two findings contradict each other",
        where=" and ".join(named),
        value=why,
        remedy="run the study again (--force); where it stays, register one of them only",
    )
