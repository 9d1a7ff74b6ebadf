"""Findings and goals in a researcher's hand: ``study.findings`` and ``study.goals``, as tables that show themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import ValidationError

from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.findings.leitbild import ROLES, GoalEvidence, weigh
from bildungsbedarf.findings.model import Finding, Kind
from bildungsbedarf.findings.register import all_findings
from bildungsbedarf.findings.telling import ROLE_WORDS, change_words, state_words, verdict_words
from bildungsbedarf.findings.verifying import one_finding
from bildungsbedarf.study.leitbild import Evidence, Goal, Role
from bildungsbedarf.study.values import in_words
from bildungsbedarf.wave import Study

_NOTE = "For work in the house; what is published passes the gate on its pages."
_SHOWN = 40


class Findings(Displayed, Sequence[Finding]):
    """What a study has registered. ``found["unmet_need.F05"]`` gives those of an id, ``found[0]`` the first.

    ``where(kind="trend", wave="2028")`` chooses by any field.
    """

    def __init__(self, found: Sequence[Finding], study: Study) -> None:
        self._found = list(found)
        self._study = study

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return Findings(one_finding(self._found, key), self._study)
        return Findings(self._found[key], self._study) if isinstance(key, slice) else self._found[key]

    def _ipython_key_completions_(self) -> list[str]:
        return list(dict.fromkeys(one.id for one in self._found))

    def where(self, **fields: Any) -> Findings:
        """Those whose fields have these values."""
        for name in fields:
            if name not in Finding.model_fields:
                raise ConfigError(
                    "a finding has no such field", value=name, expected=nearest(name, Finding.model_fields)
                )
        if (kind := fields.get("kind")) is not None and kind not in get_args(Kind):
            raise ConfigError("there is no such kind of finding", value=kind, expected=nearest(kind, get_args(Kind)))
        kept = [one for one in self._found if all(getattr(one, name) == value for name, value in fields.items())]
        return Findings(kept, self._study)

    def _display(self) -> Display:
        language = self._study.language
        rows = [[one.id, one.wave, one.audience, one.statement[language]] for one in self._found[:_SHOWN]]
        more = len(self._found) - len(rows)
        title = f"{len(self._found)} findings of {self._study.name}"
        note = f"{more} more: .where(kind=…, wave=…)." if more else ""
        return Display(title, ["id", "wave", "audience", "statement"], rows, f"{note} {_NOTE}".strip())

    def __repr__(self) -> str:
        return self.describe()


@dataclass(frozen=True, repr=False)
class HeldGoal(Displayed):
    """One goal with its evidence; ``with_evidence`` tries another piece, ``toml`` is what to write down."""

    study: Study
    evidence: GoalEvidence
    tried: tuple[Evidence, ...] = ()

    @property
    def state(self) -> str:
        """What follows by the rules: ``well founded``, ``contested``, …."""
        return self.evidence.state

    def with_evidence(
        self,
        finding: str,
        role: Role,
        limit: float,
        direction: str = "above",
        against: float | None = None,
        audience: str = "",
    ) -> HeldGoal:
        """The goal with one more finding that speaks to it; nothing is written."""
        known = one_finding(all_findings(self.study.files.project, self.study.name), finding)
        declared = {
            "role": role,
            "finding": known[0].id,
            "audience": audience,
            "unit": known[0].unit,
            "direction": direction,
            "limit": limit,
            "against": against,
        }
        try:
            added = Evidence.model_validate(declared)
        except ValidationError as error:
            first = error.errors()[0]
            what, expected = in_words(first)
            name = ".".join(map(str, first["loc"]))
            said = f"{name} {what}" if what else str(first["msg"]).removeprefix("Value error, ")
            value = declared.get(name)
            raise ConfigError(said, where="with_evidence", value=value, expected=expected) from None
        goal = self.evidence.goal.model_copy(update={"evidence": (*self.evidence.goal.evidence, added)})
        return HeldGoal(self.study, _weighed(self.study, goal), (*self.tried, added))

    @property
    def toml(self) -> str:
        """What was tried, as lines of leitbild.toml below its goal."""
        blocks = []
        for one in self.tried:
            values = one.model_dump(exclude_none=True)
            lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value != ""]
            blocks.append("\n".join(["[[goal.evidence]]", *lines]))
        return "\n\n".join(blocks)

    def _display(self) -> Display:
        language = self.study.language
        rows = [
            [
                ROLE_WORDS[role],
                piece.finding.id,
                piece.finding.wave,
                verdict_words(piece, language),
                change_words(piece, language),
            ]
            for role in ROLES
            for piece in self.evidence.roles[role].pieces
        ]
        title = f"{self.evidence.goal.title.get(language)}: {state_words(self.evidence, language)}"
        lacking = ", ".join(one.finding for one in self.evidence.lacking)
        note = f"Not registered: {lacking}." if lacking else ""
        return Display(title, ["role", "finding", "wave", "verdict", "why"], rows, f"{note} {_NOTE}".strip())

    def __repr__(self) -> str:
        return self.describe()


class Goals(Displayed, Mapping[str, HeldGoal]):
    """The strategic goals of leitbild.toml by id, each with what speaks to it."""

    def __init__(self, study: Study, evidence: Sequence[GoalEvidence]) -> None:
        self._study = study
        self._goals = {one.goal.id: HeldGoal(study, one) for one in evidence}

    def __getitem__(self, name: str) -> HeldGoal:
        if name not in self._goals:
            raise ConfigError("there is no such goal", value=name, expected=nearest(name, self._goals))
        return self._goals[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._goals)

    def __len__(self) -> int:
        return len(self._goals)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._goals)

    def _display(self) -> Display:
        language = self._study.language
        rows = []
        for one in self._goals.values():
            verdicts = [verdict_words(one.evidence.roles[role], language) for role in ROLES]
            rows.append([one.evidence.goal.id, state_words(one.evidence, language), *verdicts])
        heads = ["goal", "state", *(ROLE_WORDS[role].lower() for role in ROLES)]
        title = f"{len(rows)} strategic goals of {self._study.name}"
        tried = 'study.goals["id"].with_evidence("finding", role="need", limit=0.2) tries one.'
        return Display(title, heads, rows, f"{tried} {_NOTE}")

    def __repr__(self) -> str:
        return self.describe()


def findings_of(study: Study) -> Findings:
    """What the last run registered.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    Findings
        Of all waves and audiences.

    Examples
    --------
    >>> len(findings.findings_of(study).where(kind="trend")) > 0
    True
    """
    return Findings(all_findings(study.files.project, study.name), study)


def goals_of(study: Study) -> Goals:
    """The goals of leitbild.toml, weighed by what the last run registered.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    Goals
        By id; empty where there is no leitbild.toml.

    Examples
    --------
    >>> findings.goals_of(study)["sprache-und-ankommen"].state
    'contested'
    """
    return Goals(study, weigh(study, all_findings(study.files.project, study.name)))


def _weighed(study: Study, goal: Goal) -> GoalEvidence:
    """One goal as if leitbild.toml had it so."""
    leitbild = study.files.leitbild
    if leitbild is None:
        raise ConfigError("the study has no leitbild.toml", where=study.name)
    goals = [goal if one.id == goal.id else one for one in leitbild.goal]
    other = Study(replace(study.files, leitbild=leitbild.model_copy(update={"goal": goals})))
    found = weigh(other, all_findings(study.files.project, study.name))
    return next(one for one in found if one.goal.id == goal.id)


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)
