"""Progress towards a goal's target: how far each wave has come, and whether the next one could tell.

With baseline b (wave t₀), a later wave x (wave t) and target T for the year t₁, the path is the straight line from b
to T: the level required at t is (1 − f) b + f T with f = (t − t₀) / (t₁ − t₀). A wave is *on track* where the whole
95 % interval of D = x − (1 − f) b − f T lies on the target's side of 0, *off track* where it lies wholly on the other,
and *cannot say* else; var D = var x + (1 − f)² var b, as the waves are independent samples (a panel's covariance is
left out of account: intervals are then rather too wide). *Reached*: the whole printed interval of x lies beyond T.
Once t₁ is over, or where b lies beyond T already, there is no path and the target itself decides: *missed* where the
whole printed interval of x in the year t₁ or later lies on the wrong side of T.

Power: that a next wave with the standard error s of the last one would show a change from b to T at 5 % is
Φ(|T − b| / √(var b + s²) − z₀.₉₇₅) (the other tail is below 0.001 where it matters). The sample size for a power of
80 % follows from s² ∝ 1/n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

from scipy.stats import norm

from bildungsbedarf.disclosure import release
from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.findings.leitbild import is_beyond, printed, wave_of, year_of
from bildungsbedarf.findings.model import EXACT, Finding
from bildungsbedarf.study.leitbild import OTHER_SIDE, Goal, Target
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.recipes import recompute

Course = Literal["reached", "missed", "on track", "off track", "cannot say", "baseline", "without data"]
_Z = float(norm.ppf(0.975))
_POWER = 0.8


@dataclass(frozen=True)
class Point:
    """What one wave says of a target; ``required`` is the level of the straight path in that year."""

    wave: str
    year: int
    finding: Finding
    required: float
    course: Course


@dataclass(frozen=True)
class Detection:
    """Whether the next wave would show that the target is reached.

    ``group`` is empty for all people. ``needed`` is the number of persons for a power of 80 %; none where no number
    would do, as the baseline alone is too uncertain.
    """

    group: str
    power: float
    n: int
    needed: int | None

    @property
    def is_enough(self) -> bool:
        """Whether the power is 80 % or more."""
        return self.power >= _POWER


@dataclass(frozen=True, repr=False)
class Progress:
    """The course of one goal; ``points`` by wave, the baseline first."""

    goal: Goal
    points: tuple[Point, ...]
    detection: tuple[Detection, ...] = ()

    @property
    def is_met_at_start(self) -> bool:
        """Whether the starting value lay beyond the target already: there is no path to it."""
        target = self.goal.target
        return target is not None and bool(self.points) and _began_beyond(self.points[0].finding, target)

    @property
    def course(self) -> str:
        """What the newest wave says, one of ``Course``."""
        return self.points[-1].course if self.points else "without data"

    def __repr__(self) -> str:
        values = ", ".join(f"{point.wave} {point.finding.estimate:.3g}" for point in self.points)
        return f"Progress({self.goal.id}: {self.course}; {values})"


def progress(study: Study, goal: Goal, found: Sequence[Finding], *, detects: bool = True) -> Progress | None:
    """How far a goal has come, and whether the next wave could tell.

    Parameters
    ----------
    study
        The study.
    goal
        A goal of leitbild.toml.
    found
        Findings of the register.
    detects
        Whether it is computed what a next wave could tell, which takes most of the time.

    Returns
    -------
    Progress or None
        None where the goal has no target.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    >>> findings.progress(study, study.files.leitbild.goal_of("digitale-teilhabe"), found).course
    'baseline'
    """
    target = goal.target
    if target is None:
        return None
    levels = _levels(study, target, found)
    first = next((place for place, (name, _, _) in enumerate(levels) if name == target.baseline), 0)
    levels = levels[first:]
    points = tuple(_point(one, levels[0], target, goal.by) for one in levels)
    return Progress(goal, points, _detections(study, goal, target, points) if detects else ())


_Level = tuple[str, int, Finding]


def _levels(study: Study, target: Target, found: Sequence[Finding]) -> list[_Level]:
    """The target's finding in each wave, with its year."""
    known = {wave_of(one): one for one in found if one.id == target.finding and target.audience in ("", one.audience)}
    levels = []
    for name in study.files.waves:
        if name in known and (year := year_of(study, known[name])) is not None:
            levels.append((name, year, known[name]))
    return levels


def _point(level: _Level, base: _Level, target: Target, by: int) -> Point:
    (name, year, finding), (_, start, baseline) = level, base
    done = min(1.0, (year - start) / (by - start)) if by > start else 1.0
    required = (1 - done) * baseline.estimate + done * target.value
    below = target.direction == "below"
    low, high = (printed(finding, end) for end in finding.ends)
    if is_beyond(low, high, target.direction, target.value):
        return Point(name, year, finding, required, "reached")
    if year == start:
        return Point(name, year, finding, required, "baseline")
    if year >= by or _began_beyond(baseline, target):
        # there is no path any more, or never was one: the target itself decides
        is_missed = year >= by and is_beyond(low, high, OTHER_SIDE[target.direction], target.value)
        return Point(name, year, finding, target.value, "missed" if is_missed else "cannot say")
    half = _Z * sqrt(_variance(finding) + (1 - done) ** 2 * _variance(baseline))
    ahead = (required - finding.estimate) if below else (finding.estimate - required)
    course: Course = "on track" if ahead - half > 0 else "off track" if ahead + half < 0 else "cannot say"
    return Point(name, year, finding, required, course)


def _began_beyond(baseline: Finding, target: Target) -> bool:
    """Whether the starting value lay where the target wants it."""
    return is_beyond(baseline.estimate, baseline.estimate, target.direction, target.value)


def _variance(finding: Finding) -> float:
    return (finding.se or 0.0) ** 2


def _detections(study: Study, goal: Goal, target: Target, points: Sequence[Point]) -> tuple[Detection, ...]:
    """For all people, and for each group the goal means; none once it is reached or over, or of a count."""
    if (
        not points
        or points[-1].course == "reached"
        or points[-1].year >= goal.by
        or _began_beyond(points[0].finding, target)
        or points[-1].finding.se is None
        or points[-1].finding.kind in EXACT
    ):
        return ()
    base, last = points[0].finding, points[-1].finding
    found = [detection("", base, last, target.value)]
    for group in goal.groups:
        variable, _, category = group.partition("=")
        both = [_in_group(study, one, variable, category) for one in (base, last)]
        if both[0] is not None and both[1] is not None:
            found.append(detection(group, both[0], both[1], target.value))
    return tuple(found)


def detection(group: str, base: Finding, last: Finding, target: float) -> Detection:
    """Power and needed persons of a next wave like the last; ``base`` and ``last`` give estimate, se and n."""
    change, before, after = abs(target - base.estimate), _variance(base), _variance(last)
    power = float(norm.cdf(change / sqrt(before + after) - _Z)) if before + after > 0 else 1.0
    allowed = (change / (_Z + float(norm.ppf(_POWER)))) ** 2 - before
    needed = ceil(last.n * after / allowed) if allowed > 0 else None
    return Detection(group, power, last.n, needed)


def _in_group(study: Study, finding: Finding, variable: str, category: str) -> Finding | None:
    """The same estimate of one group; none where it may not be shown, or cannot be computed."""
    if finding.recipe is None:
        return None
    recipe = finding.recipe.model_dump()
    recipe["arguments"] = {**recipe["arguments"], "by": variable}
    try:
        rows = release(recompute(recipe, study)).rows()
    except BildungsbedarfError:
        return None
    own = rows[(rows["variable"] == finding.item) & (rows[variable].astype("string") == category)]
    if own.empty:
        return None
    row = own.iloc[0]
    return finding.model_copy(update={"estimate": float(row["estimate"]), "se": float(row["se"]), "n": int(row["n"])})
