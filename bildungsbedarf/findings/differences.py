"""What changed from one wave's register to another's: new, gone, other sentence, other number, other verdict.

Whether a number is another one than chance would make it is held against all numbers that are compared at once: of m
pairs, |x₂ − x₁| against z · √(se₁² + se₂²) with z the quantile of the normal distribution at 1 − 0.05 / (2m)
(Bonferroni; the waves are independent samples). Where the register has the change itself as a finding, with its own
simultaneous interval, that one decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

from scipy.stats import norm

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.findings.leitbild import ROLES, GoalEvidence, weigh_after
from bildungsbedarf.findings.model import CLAIMS, EXACT, Finding
from bildungsbedarf.wave import Study

Change = Literal[
    "new",
    "gone",
    "certain now",
    "not certain any more",
    "reworded",
    "higher",
    "lower",
    "other number",
    "within chance",
    "other verdict",
]
"""``higher`` and ``lower``: by more than chance; ``other number``: of an exact count, or one without an interval."""
_ORDER: tuple[Change, ...] = get_args(Change)
_LEVEL = 0.05


@dataclass(frozen=True)
class Difference:
    """One thing that is other in the later wave: ``about`` is a finding's id or a goal's."""

    change: Change
    about: str
    before: str
    after: str


def differences(study: Study, found: Sequence[Finding], earlier: str, later: str) -> list[Difference]:
    """What two waves say differently, of the same audiences.

    A sentence is *reworded* where it says something else (other text once its numbers are left out: "more than half"
    instead of a share, a question with another wording). A claim ("largest", a group above the others) that only one
    wave carries is *certain now* or *not certain any more*, which says nothing of a change. Numbers are *higher* or
    *lower* where the change is more than chance explains, and *within chance* else. Goals are told whose verdict in
    a role, or whose state, is another.

    Parameters
    ----------
    study
        The study.
    found
        Findings of the register.
    earlier
        Name of the wave.
    later
        Name of the wave.

    Returns
    -------
    list of Difference
        In the order of ``Change``, then by id; English sentences.

    Raises
    ------
    ConfigError
        There is no such wave, or the earlier one is not earlier.

    Examples
    --------
    >>> findings.differences(study, [], "2026", "2028")
    []
    """
    for name in (earlier, later):
        if name not in study.files.waves:
            raise ConfigError("there is no such wave", value=name, expected=f"known: {', '.join(study.files.waves)}")
    names = list(study.files.waves)
    if names.index(earlier) >= names.index(later):
        raise ConfigError(
            "the earlier wave comes first",
            value=f"{earlier} {later}",
            expected=f"{later} {earlier}" if earlier != later else "two waves that differ",
        )
    before, after = (
        {(one.audience, one.id): one for one in found if one.wave == name and one.kind != "trend"}
        for name in (earlier, later)
    )
    keys = sorted(key for key in before.keys() | after.keys() if key[0] in shared_audiences(study, earlier, later))
    changes = {(one.audience, one.id.removeprefix("trend_")): one for one in found if one.wave == f"{earlier}–{later}"}
    compared = sum(_is_compared(before.get(key), after.get(key)) for key in keys)
    z = float(norm.ppf(1 - _LEVEL / (2 * max(compared, 1))))
    told = []
    for key in keys:
        change = _change(before.get(key), after.get(key), changes.get(key), z)
        if change is not None:
            one, two = (side[key].statement["en"] if key in side else "" for side in (before, after))
            told.append(Difference(change, " ".join(key), one, two))
    return [
        *sorted(told, key=lambda one: (_ORDER.index(one.change), one.about)),
        *_verdicts(study, earlier, weigh_after(study, found, earlier), weigh_after(study, found, later)),
    ]


def shared_audiences(study: Study, earlier: str, later: str) -> list[str]:
    """Audiences that both waves asked: only these are compared."""
    return [name for name in study.files.waves[earlier].audience if name in study.files.waves[later].audience]


def _change(before: Finding | None, after: Finding | None, trend: Finding | None, z: float) -> Change | None:
    if before is None or after is None:
        known = before or after
        if known is not None and known.kind in CLAIMS:
            return "not certain any more" if after is None else "certain now"
        return "gone" if after is None else "new"
    if _words(before.statement["en"]) != _words(after.statement["en"]) or before.wording != after.wording:
        return "reworded"
    if before.estimate == after.estimate:
        return None
    if not _is_compared(before, after):
        return "other number"
    if trend is not None:
        low, high = trend.ends
    else:
        half = z * sqrt((before.se or 0.0) ** 2 + (after.se or 0.0) ** 2)
        low, high = after.estimate - before.estimate - half, after.estimate - before.estimate + half
    return "higher" if low > 0 else "lower" if high < 0 else "within chance"


def _is_compared(before: Finding | None, after: Finding | None) -> bool:
    """Both have an interval: a count is exact, and answers of people who chose themselves have none."""
    return all(one is not None and one.se is not None and one.kind not in EXACT for one in (before, after))


def _words(sentence: str) -> str:
    """A sentence without its numbers."""
    return "".join(letter for letter in sentence if not letter.isdigit())


def _verdicts(
    study: Study, earlier: str, before: Iterable[GoalEvidence], after: Iterable[GoalEvidence]
) -> list[Difference]:
    """Goals with another state or another verdict in a role, each with all roles that differ.

    Where all that a goal cites in a role is of audiences that nobody had asked until the earlier wave, there was no
    verdict: it says *not asked yet*.
    """
    names = list(study.files.waves)
    asked = {"", *(name for wave in names[: names.index(earlier) + 1] for name in study.files.waves[wave].audience)}
    changed = []
    for one, two in zip(before, after, strict=True):
        cited = {role: {entry.audience for entry in one.goal.evidence if entry.role == role} for role in ROLES}
        old = {role: one.roles[role].verdict for role in ROLES}
        new = {role: two.roles[role].verdict for role in ROLES}
        other = [role for role in ROLES if old[role] != new[role]]
        if not other and one.state == two.state:
            continue
        told = {role: "not asked yet" if cited[role] and not cited[role] & asked else old[role] for role in other}
        texts = [
            f"{state} ({', '.join(f'{role}: {verdicts[role]}' for role in other)})"
            for state, verdicts in ((one.state, told), (two.state, new))
        ]
        changed.append(Difference("other verdict", f"goal {one.goal.id}", *texts))
    return changed
