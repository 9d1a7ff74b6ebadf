"""Compute findings again from the snapshots, by the method recorded with each, and say what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bildungsbedarf.disclosure import release
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, nearest
from bildungsbedarf.findings.indicators import FUNCTION as OF_INDICATORS
from bildungsbedarf.findings.indicators import of_indicators
from bildungsbedarf.findings.model import Finding, Recipe
from bildungsbedarf.findings.recording import record
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.recipes import recompute

Outcome = Literal["same", "differs", "gone", "cannot be computed", "no recipe"]
Again = dict[str, Finding] | BildungsbedarfError
_NOT_COMPARED = {"notebook", "goals"}
"""Where a finding is shown and which goals name it is not computed; the hash of the register guards both."""


@dataclass(frozen=True)
class Check:
    """What came of one finding: ``what`` names the first thing that differs, registered and computed again."""

    finding: Finding
    outcome: Outcome
    what: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing speaks against the finding."""
        return self.outcome in ("same", "no recipe")


def verify(study: Study, found: Sequence[Finding], tell: Callable[[int], None] = lambda done: None) -> list[Check]:
    """Each finding computed again without its notebook, and compared to the last digit.

    Parameters
    ----------
    study
        The study, with its snapshots, rules and weights as they are now.
    found
        Findings of the register.
    tell
        Told how many are done.

    Returns
    -------
    list of Check
        One a finding, in their order. Estimates that several findings rest on are computed once.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    >>> {check.outcome for check in findings.verify(study, found)}
    {'same'}
    """
    again: dict[str, Again] = {}
    checks = []
    for done, finding in enumerate(found, 1):
        if finding.recipe is None:
            checks.append(Check(finding, "no recipe", "it was not computed from the study's own waves as declared"))
        else:
            key = finding.recipe.model_dump_json()
            if key not in again:
                again[key] = _computed(study, finding.recipe)
            checks.append(_compared(finding, again[key]))
        tell(done)
    return checks


def _computed(study: Study, recipe: Recipe) -> Again:
    """Everything that can be said of the frame a recipe stands for, by id; or why there is none."""
    waves = [study.wave(*pair) for pair in recipe.waves]
    try:
        if recipe.function == OF_INDICATORS:
            return {finding.id: finding for finding in of_indicators(study)}
        released = release(recompute(recipe.model_dump(), study))
        earlier = waves[0] if len(waves) > 1 else None
        return {finding.id: finding for finding in record(released, waves[-1], earlier=earlier)}
    except BildungsbedarfError as error:
        return error


def _compared(finding: Finding, again: Again) -> Check:
    if isinstance(again, BildungsbedarfError):
        return Check(finding, "cannot be computed", str(again.problems[0].what))
    other = again.get(finding.id)
    if other is None:
        return Check(finding, "gone", "the data do not carry this sentence now")
    registered, computed = (one.model_dump(mode="json", exclude=_NOT_COMPARED) for one in (finding, other))
    for name, value in registered.items():
        if value != computed[name]:
            return Check(finding, "differs", f"{name}: registered {_short(value)}, computed {_short(computed[name])}")
    return Check(finding, "same")


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def one_finding(found: Sequence[Finding], name: str) -> list[Finding]:
    """The findings of an id, one a wave; ``2028/unmet_need.F05`` names the wave too.

    Parameters
    ----------
    found
        Findings of the register.
    name
        An id, with the wave and a slash before it where it is meant in one wave only; a change has either wave.

    Returns
    -------
    list of Finding
        One or more, as they stand in ``found``.

    Raises
    ------
    ConfigError
        There is none; the nearest is named.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    >>> [finding.wave for finding in findings.one_finding(found, "2026/unmet_need.F05")]
    ['2026']
    """
    wave, _, identifier = name.rpartition("/")
    own = [one for one in found if wave in ("", one.wave, *one.wave.split("–"))]
    matches = [one for one in own if one.id == identifier]
    if matches:
        return matches
    if wave and not own:
        waves = dict.fromkeys(part for one in found for part in one.wave.split("–"))
        what = "a finding is named by its wave and its id"
        raise ConfigError(what, value=name, expected=f"{', '.join(waves) or 'no wave'} before the slash")
    if others := dict.fromkeys(one.wave for one in found if one.id == identifier):
        what = "this wave has no such finding: what it says is not certain there, or was not asked"
        raise ConfigError(what, value=name, expected=f"{', '.join(others)} before the slash")
    raise ConfigError("there is no such finding", value=name, expected=nearest(identifier, [one.id for one in own]))
