"""Goal × evidence: what speaks to each strategic goal in which role, and what follows by the rules of leitbild.toml.

Every verdict looks at the interval that is printed beside the sentence, with the digits it is printed with: whoever
reads the page can decide it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.findings.model import CLAIMS, EXACT, Finding
from bildungsbedarf.study.leitbild import OTHER_SIDE, Direction, Evidence, Goal, Leitbild, Role, Rules
from bildungsbedarf.survey.frames import rounded
from bildungsbedarf.wave import Study

Verdict = Literal["carries", "contradicts", "open", "met"]
"""``met``: a need that is smaller now than its goal's target: progress, which weakens nothing."""
RoleVerdict = Literal["carries", "contradicts", "contested", "open", "met", "missing"]
State = Literal["met", "well founded", "partly founded", "contested", "contradicted", "open", "without evidence"]
Caution = Literal["self_selected", "thin_base", "wide_interval", "old", "those_present"]
ROLES: tuple[Role, ...] = get_args(Role)
FOUNDING: tuple[Role, ...] = ("need", "consent", "supply")
"""Roles that found a goal, or speak against it; progress does neither."""
_DIGITS = {"share": 3, "share_difference": 3, "mean": 2, "difference": 2, "dots": 0}
_CENSUS_DIGITS = 2


@dataclass(frozen=True)
class Piece:
    """One finding that speaks to a goal, held against the limit declared for it."""

    finding: Finding
    evidence: Evidence
    verdict: Verdict
    low: float
    high: float
    """The interval as it is printed."""
    cautions: tuple[Caution, ...] = ()

    @property
    def distance(self) -> float:
        """How far the nearer end of the printed interval is from the limit; negative where it does not carry."""
        above = self.evidence.direction == "above"
        return self.low - self.evidence.limit if above else self.evidence.limit - self.high


@dataclass(frozen=True)
class Lacking:
    """A finding that a goal waits for, and the nearest there is."""

    finding: str
    audience: str
    nearest: str


@dataclass(frozen=True)
class RoleEvidence:
    """What speaks to a goal in one role."""

    role: Role
    pieces: tuple[Piece, ...] = ()
    lacking: tuple[Lacking, ...] = ()

    @property
    def verdict(self) -> str:
        """One of ``RoleVerdict``: ``contested`` where one piece carries and another contradicts: both are named."""
        found = {piece.verdict for piece in self.pieces}
        if {"carries", "contradicts"} <= found:
            return "contested"
        if not found:
            return "missing"
        return next((name for name in ("carries", "contradicts", "met") if name in found), "open")


@dataclass(frozen=True)
class GoalEvidence:
    """A goal with everything known about it."""

    goal: Goal
    rules: Rules
    roles: dict[Role, RoleEvidence]
    context: tuple[Finding, ...] = field(default_factory=tuple)
    """What else is known of the goal's concepts."""

    @property
    def pieces(self) -> list[Piece]:
        """All evidence, by role."""
        return [piece for role in self.roles.values() for piece in role.pieces]

    @property
    def has_evidence(self) -> bool:
        """Whether any finding speaks to the goal."""
        return bool(self.pieces)

    @property
    def lacking(self) -> list[Lacking]:
        """Findings the goal waits for."""
        return [one for role in self.roles.values() for one in role.lacking]

    @property
    def sources(self) -> int:
        """Independent sources: samples or ballots that pieces of evidence come from."""
        return len({sha for piece in self.pieces for sha in piece.finding.snapshot[-1:]})

    @property
    def state(self) -> str:
        """What follows by the rules, one of ``State``: progress founds nothing and weakens nothing."""
        found = {self.roles[role].verdict for role in FOUNDING}
        if found == {"missing"}:
            return "without evidence"
        if "contested" in found or {"carries", "contradicts"} <= found:
            return "contested"
        if "met" in found and "contradicts" not in found:
            return "met"
        if "contradicts" in found:
            return "contradicted"
        if all(self.roles[role].verdict == "carries" for role in self.rules.well_founded):
            return "well founded"
        return "partly founded" if "carries" in found else "open"

    @property
    def needed(self) -> list[Role]:
        """Roles that would have to carry for the goal to be well founded, and do not."""
        return [role for role in self.rules.well_founded if self.roles[role].verdict != "carries"]


def weigh(study: Study, found: Sequence[Finding]) -> list[GoalEvidence]:
    """Hold every goal against the register; of a finding in several waves the newest counts.

    Parameters
    ----------
    study
        The study with its leitbild.toml.
    found
        Findings of the register.

    Returns
    -------
    list of GoalEvidence
        One a goal; none where there is no leitbild.toml.

    Raises
    ------
    ConfigError
        A limit is in another unit than its finding: all of them at once.

    Examples
    --------
    >>> [goal.state for goal in findings.weigh(study, [])][:2]
    ['without evidence', 'without evidence']
    """
    leitbild = study.files.leitbild
    if leitbild is None:
        return []
    known = newest(found)
    _refuse_other_units(leitbild, known)
    last = max((year_of(study, one) or 0 for one in known), default=0)
    return [_weigh_goal(goal, leitbild.rules, known, study, last) for goal in leitbild.goal]


def newest(found: Sequence[Finding]) -> list[Finding]:
    """Each finding in its newest wave; a claim ("largest") only where the newest wave carries it.

    Of changes that end in the newest wave the one over the longest time counts.

    Parameters
    ----------
    found
        Findings of the register.

    Returns
    -------
    list of Finding
        Each once.

    Examples
    --------
    >>> findings.newest([])
    []
    """
    last: dict[tuple[str, bool], str] = {}
    latest: dict[tuple[str, str], Finding] = {}
    # of changes that end in the same wave the one over the longest time counts
    longest_last = sorted(found, key=lambda finding: finding.wave.partition("–")[0], reverse=True)
    for finding in sorted(longest_last, key=lambda finding: finding.wave.rpartition("–")[2]):
        last[(finding.audience, finding.kind == "trend")] = finding.wave
        latest[(finding.id, finding.audience)] = finding
    return [
        finding
        for finding in latest.values()
        if finding.kind not in CLAIMS or finding.wave == last[(finding.audience, False)]
    ]


def printed(finding: Finding, value: float) -> float:
    """A number as the finding's sentence prints it."""
    if finding.unit == "persons":
        return float(rounded(value, finding.se)) if finding.se else round(value)
    is_census = finding.kind in EXACT and finding.kind != "indicator" and finding.unit == "share"
    return round(value, _CENSUS_DIGITS if is_census else _DIGITS[finding.unit])


def verdict(finding: Finding, evidence: Evidence) -> Verdict:
    """Only a whole interval beyond a limit decides: as computed, and as printed, so that no reader finds otherwise.

    Answers of people who chose themselves carry no interval, and decide nothing.
    """
    if finding.ci_low is None and finding.kind not in EXACT:
        return "open"
    lows, highs = ([end, printed(finding, end)] for end in finding.ends)
    low, high = min(lows), max(highs)
    if is_beyond(low, high, evidence.direction, evidence.limit):
        return "carries"
    return "contradicts" if is_beyond(low, high, OTHER_SIDE[evidence.direction], evidence.turning) else "open"


def is_beyond(low: float, high: float, direction: Direction, value: float) -> bool:
    """Whether all between two ends lies above, or below, a value."""
    return low > value if direction == "above" else high < value


def _refuse_other_units(leitbild: Leitbild, known: Sequence[Finding]) -> None:
    cited = [(goal, entry) for goal in leitbild.goal for entry in (*goal.evidence, goal.target) if entry is not None]
    problems = [
        Problem(
            f"goal {goal.id!r} holds a finding against a limit in another unit",
            f"leitbild.toml, {entry.finding}",
            entry.unit,
            finding.unit,
        )
        for goal, entry in cited
        for finding in known
        if _is_cited(finding, entry.finding, entry.audience) and finding.unit != entry.unit
    ]
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))


def _is_cited(finding: Finding, name: str, audience: str) -> bool:
    return finding.id == name and audience in ("", finding.audience)


def _weigh_goal(goal: Goal, rules: Rules, known: Sequence[Finding], study: Study, last: int) -> GoalEvidence:
    roles = {}
    for role in ROLES:
        pieces: list[Piece] = []
        lacking: list[Lacking] = []
        for entry in (entry for entry in goal.evidence if entry.role == role):
            matches = [one for one in known if _is_cited(one, entry.finding, entry.audience)]
            pieces += [_piece(one, entry, goal, rules, study, last) for one in matches]
            if not matches:
                near = nearest(entry.finding, [one.id for one in known]) if known else ""
                lacking.append(Lacking(entry.finding, entry.audience, near))
        roles[role] = RoleEvidence(role, tuple(pieces), tuple(lacking))
    told = {id(piece.finding) for role in roles.values() for piece in role.pieces}
    context = tuple(
        one
        for one in known
        if one.concept and one.concept in goal.concepts and id(one) not in told and not one.id.endswith(f".{one.wave}")
    )
    return GoalEvidence(goal, rules, roles, context)


def _piece(finding: Finding, entry: Evidence, goal: Goal, rules: Rules, study: Study, last: int) -> Piece:
    low, high = (printed(finding, end) for end in finding.ends)
    year = year_of(study, finding)
    cautions: dict[Caution, bool] = {
        "self_selected": finding.ci_low is None and finding.kind not in EXACT,
        "those_present": finding.kind == "participation",
        "thin_base": finding.kind != "indicator" and finding.n < rules.smallest_base,
        "wide_interval": "share" in finding.unit and high - low > rules.widest_interval,
        "old": finding.kind != "indicator" and year is not None and last - year > rules.oldest_years,
    }
    given = tuple(name for name, holds in cautions.items() if holds)
    decided = verdict(finding, entry)
    if decided != "carries" and entry.role == "need" and _is_met(finding, goal):
        decided = "met"
    return Piece(finding, entry, decided, low, high, given)


def _is_met(finding: Finding, goal: Goal) -> bool:
    """Whether a goal's target is measured by this finding, and its whole printed interval lies beyond it."""
    target = goal.target
    if target is None or not _is_cited(finding, target.finding, target.audience):
        return False
    low, high = (printed(finding, end) for end in finding.ends)
    return is_beyond(low, high, target.direction, target.value)


def year_of(study: Study, finding: Finding) -> int | None:
    """The year in which the (last) wave of a finding was asked; none where the wave file has no days."""
    name = wave_of(finding)
    config = study.files.waves.get(name)
    entry = config.audience.get(finding.audience) if config is not None else None
    if entry is not None and entry.field is not None:
        return int(entry.field.end.year)
    return int(name) if name.isdecimal() and len(name) == len("2026") else None


def first_year(study: Study) -> int | None:
    """The year in which the study first asked anybody; none where no wave file has days."""
    fields = [entry.field for wave in study.files.waves.values() for entry in wave.audience.values()]
    return min((int(field.start.year) for field in fields if field is not None), default=None)


def wave_of(finding: Finding) -> str:
    """The wave a finding is of; the later one of a change."""
    if finding.recipe is not None and finding.recipe.waves:
        return finding.recipe.waves[-1][0]
    return finding.wave.rpartition("–")[2]


def history(study: Study, found: Sequence[Finding]) -> dict[str, list[tuple[str, str]]]:
    """The state of each goal as it would have been said after each wave.

    Parameters
    ----------
    study
        The study.
    found
        Findings of the register.

    Returns
    -------
    dict
        Goal id → (wave, state), in the order of the waves.

    Examples
    --------
    >>> findings.history(study, [])["information"]
    [('2026', 'without evidence'), ('2028', 'without evidence')]
    """
    told: dict[str, list[tuple[str, str]]] = {}
    for name in study.files.waves:
        for one in weigh_after(study, found, name):
            told.setdefault(one.goal.id, []).append((name, one.state))
    return told


def weigh_after(study: Study, found: Sequence[Finding], wave: str) -> list[GoalEvidence]:
    """Hold every goal against what was known after a wave: ``weigh`` without what later waves found.

    Parameters
    ----------
    study
        The study.
    found
        Findings of the register.
    wave
        Name of the wave.

    Returns
    -------
    list of GoalEvidence
        One a goal.

    Examples
    --------
    >>> [goal.state for goal in findings.weigh_after(study, [], "2026")][:1]
    ['without evidence']
    """
    names = list(study.files.waves)
    until = set(names[: names.index(wave) + 1])
    return weigh(study, [finding for finding in found if wave_of(finding) in until])
