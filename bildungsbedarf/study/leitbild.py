"""leitbild.toml: vision, guiding principles, strategic goals with their evidence and targets, and actions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Shown, Words, words_from_text

Role = Literal["need", "consent", "supply", "progress"]
"""``need``: why the goal. ``consent``: who wants it. ``supply``: what there is. ``progress``: is it getting better."""
Direction = Literal["above", "below"]
LimitUnit = Literal["share", "mean", "difference", "share_difference", "dots", "persons"]
OTHER_SIDE: dict[Direction, Direction] = {"above": "below", "below": "above"}
"""The side that does not speak for the goal."""
Year = Annotated[int, Field(ge=2000, le=2100, strict=True)]
Id = Annotated[str, Field(pattern=r"^\w[\w-]*$", max_length=100)]
"""Names a page and an anchor: letters, digits, - and _."""
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Principle(Model):
    """A guiding principle of the *Bildungsleitbild*."""

    id: Id
    title: Words
    text: Words

    _words = field_validator("title", "text", mode="before")(words_from_text)


class FieldOfAction(Model):
    """What goals and actions are grouped by in a *Handlungskonzept*."""

    id: Id
    title: Words

    _words = field_validator("title", mode="before")(words_from_text)


class _Cited(Model):
    """A finding of the register, in the audience it is of (where several have the id)."""

    finding: Code
    audience: str = ""
    unit: LimitUnit
    """Unit of the limit: that of the finding."""
    direction: Direction
    """The side of the limit that speaks for the goal."""

    def _in_unit(self, value: float, name: str) -> None:
        lowest, highest = {"share": (0.0, 1.0), "share_difference": (-1.0, 1.0)}.get(self.unit, (None, None))
        if lowest is None and self.unit in ("dots", "persons"):
            lowest = 0.0
        never = {"above": highest, "below": lowest}[self.direction]
        if value == never and name != "against":
            raise ValueError(f"{name} = {value:g}: nothing ever lies {self.direction} it")
        if (lowest is not None and value < lowest) or (highest is not None and value > highest):
            raise ValueError(f"{name} = {value:g} lies outside the scale of a {self.unit} (a share is 0.25, not 25)")


class Evidence(_Cited):
    """A finding that speaks to a goal in one role, and the limit it is held against.

    It carries the goal where its whole printed interval lies beyond ``limit`` in ``direction``, contradicts it where
    the whole interval lies beyond ``against`` on the other side, and leaves it open otherwise.
    """

    role: Role
    limit: Number
    against: Number | None = None
    """Where the finding begins to contradict; default: the limit itself."""

    @model_validator(mode="after")
    def _fits(self) -> Evidence:
        self._in_unit(self.limit, "limit")
        if self.against is not None:
            self._in_unit(self.against, "against")
            if (self.against > self.limit) if self.direction == "above" else (self.against < self.limit):
                raise ValueError("against lies on the carrying side of the limit")
        if self.finding.startswith("trend_") and self.role != "progress":
            raise ValueError("a change between waves is progress: it neither founds nor weakens a goal")
        return self

    @property
    def turning(self) -> float:
        """Where the finding begins to contradict."""
        return self.limit if self.against is None else self.against


class Target(_Cited):
    """What a goal wants to have reached by its year; measured by one finding in every wave."""

    value: Number
    baseline: str = ""
    """Wave that progress is counted from; default: the first that has the finding."""

    @model_validator(mode="after")
    def _fits(self) -> Target:
        self._in_unit(self.value, "value")
        if self.finding.startswith("trend_"):
            raise ValueError("a target is a level in a wave, not a change: name the level's finding")
        return self


class Goal(Model):
    """A strategic goal the council decides on."""

    id: Id
    title: Words
    principle: Code
    field_of_action: str = ""
    part_of: str = ""
    """The goal this one is a part of."""
    responsible: str
    by: Year
    concepts: tuple[str, ...] = ()
    """Concepts of study.toml it is about: what else is known of them is listed with it."""
    groups: tuple[str, ...] = ()
    """Whom it means in particular: ``altersgruppe=65+``."""
    target: Target | None = None
    evidence: tuple[Evidence, ...] = ()

    _title = field_validator("title", mode="before")(words_from_text)


class PlannedAction(Model):
    """What is done for a goal, by whom, at which cost."""

    id: Id
    title: Words
    goal: Code
    actors: Annotated[tuple[Shown, ...], Field(min_length=1)]
    status: Literal["planned", "running", "done", "stopped"] = "planned"
    cost: Literal["low", "medium", "high", "open"] = "open"
    by: Year | None = None

    _title = field_validator("title", mode="before")(words_from_text)


class Rules(Model):
    """By which rules evidence is weighed: declared, never a score."""

    well_founded: Annotated[tuple[Role, ...], Field(min_length=1)] = ("need", "consent")
    """Roles that must carry a goal."""
    smallest_base: Annotated[int, Field(ge=1)] = 100
    """Findings on fewer persons are told as thin."""
    widest_interval: Annotated[float, Field(gt=0, le=1)] = 0.15
    """Shares whose interval is wider are told as thin."""
    oldest_years: Annotated[int, Field(ge=1)] = 4
    """Findings more years than this before the newest wave are told as old."""
    least_sources: Annotated[int, Field(ge=1)] = 2
    """Fewer independent sources (audiences, waves) are told."""
    urgent_above: Annotated[float, Field(gt=0, lt=1)] = 0.25
    """An unmet need whose whole interval lies above is urgent."""
    slight_below: Annotated[float, Field(gt=0, lt=1)] = 0.20
    """An unmet need whose whole interval lies below is slight."""
    wanted_above: Annotated[float, Field(gt=0, lt=1)] = 2 / 3
    """A conference wants what more than this share of those present agree with."""
    unwanted_below: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """A conference does not want what less than this share of those present agree with."""

    @model_validator(mode="after")
    def _fits(self) -> Rules:
        if "progress" in self.well_founded:
            raise ValueError("well_founded names progress, which founds nothing")
        if len(set(self.well_founded)) < len(self.well_founded):
            raise ValueError("well_founded names a role twice")
        if self.slight_below > self.urgent_above:
            raise ValueError("a need would be slight and urgent: slight_below lies above urgent_above")
        if self.unwanted_below > self.wanted_above:
            raise ValueError("a conference would want it and not: unwanted_below lies above wanted_above")
        return self


class Leitbild(Model):
    """leitbild.toml."""

    vision: Words | None = None
    rules: Rules = Rules()
    principle: list[Principle]
    field_of_action: list[FieldOfAction] = []
    goal: list[Goal]
    action: list[PlannedAction] = []

    _vision = field_validator("vision", mode="before")(words_from_text)

    def goal_of(self, name: str) -> Goal:
        """The goal of an id."""
        return next(goal for goal in self.goal if goal.id == name)
