"""What changed from one wave's register to another's: new, gone, other sentence, other verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.findings.leitbild import history
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.wave import Study

Change = Literal["new", "gone", "reworded", "other number", "other verdict"]


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
    instead of a share, a question with another wording), and has another *number* where its estimate is another one.
    Goals are told whose state is another.

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
        New and gone ones first, then by id; English sentences.

    Raises
    ------
    ConfigError
        There is no such wave.

    Examples
    --------
    >>> findings.differences(study, [], "2026", "2028")
    []
    """
    for name in (earlier, later):
        if name not in study.files.waves:
            raise ConfigError("there is no such wave", value=name, expected=nearest(name, study.files.waves))
    before, after = (
        {(one.audience, one.id): one for one in found if one.wave == name and one.kind != "trend"}
        for name in (earlier, later)
    )
    shared = set(study.files.waves[earlier].audience) & set(study.files.waves[later].audience)
    keys = sorted(key for key in before.keys() | after.keys() if key[0] in shared)
    told = [one for key in keys if (one := _difference(key, before.get(key), after.get(key))) is not None]
    order = ("new", "gone", "reworded", "other number")
    return [
        *sorted(told, key=lambda one: (order.index(one.change), one.about)),
        *_verdicts(study, found, earlier, later),
    ]


def _difference(key: tuple[str, str], before: Finding | None, after: Finding | None) -> Difference | None:
    audience, identifier = key
    about = f"{audience} {identifier}"
    one, two = (finding.statement["en"] if finding is not None else "" for finding in (before, after))
    if before is None or after is None:
        return Difference("gone" if after is None else "new", about, one, two)
    if _words(one) != _words(two) or before.wording != after.wording:
        return Difference("reworded", about, one, two)
    return Difference("other number", about, one, two) if before.estimate != after.estimate else None


def _words(sentence: str) -> str:
    """A sentence without its numbers."""
    return "".join(letter for letter in sentence if not letter.isdigit())


def _verdicts(study: Study, found: Sequence[Finding], earlier: str, later: str) -> list[Difference]:
    changed = []
    for goal, states in history(study, found).items():
        known = dict(states)
        if known[earlier] != known[later]:
            changed.append(Difference("other verdict", f"goal {goal}", known[earlier], known[later]))
    return changed
