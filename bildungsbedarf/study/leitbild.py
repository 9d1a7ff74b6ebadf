"""leitbild.toml: guiding principles, strategic goals, and which findings speak to each goal."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Words, words_from_text


class Principle(Model):
    """A guiding principle of the *Bildungsleitbild*."""

    id: Code
    title: Words
    text: Words

    _words = field_validator("title", "text", mode="before")(words_from_text)


class Evidence(Model):
    """What speaks to a goal: one finding with the limits that decide, or a concept.

    A finding supports the goal where its whole interval is above ``supports_above`` (or below
    ``supports_below``), weakens it where the whole interval is beyond ``weakens_below`` (or
    ``weakens_above``), and leaves it open otherwise. A concept alone lists what is known, and decides nothing.
    """

    finding: str = ""
    concept: str = ""
    supports_above: float | None = None
    supports_below: float | None = None
    weakens_above: float | None = None
    weakens_below: float | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Evidence:
        limits = (self.supports_above, self.supports_below, self.weakens_above, self.weakens_below)
        if bool(self.finding) == bool(self.concept):
            raise ValueError("evidence names either a finding or a concept")
        if self.concept and any(limit is not None for limit in limits):
            raise ValueError("limits belong to a finding, not to a concept")
        if self.finding and all(limit is None for limit in limits):
            raise ValueError("a finding needs at least one limit (supports_above, weakens_below, …)")
        return self


class Goal(Model):
    """A strategic goal the council decides on."""

    id: Code
    title: Words
    principle: Code
    responsible: str
    by: Annotated[int, Field(ge=2000, le=2100)]
    evidence: tuple[Evidence, ...] = ()

    _title = field_validator("title", mode="before")(words_from_text)


class Leitbild(Model):
    """leitbild.toml."""

    principle: list[Principle]
    goal: list[Goal]

    @model_validator(mode="after")
    def _references(self) -> Leitbild:
        principles = [principle.id for principle in self.principle]
        for ids, kind in ((principles, "principle"), ([goal.id for goal in self.goal], "goal")):
            double = {name for name in ids if ids.count(name) > 1}
            if double:
                raise ValueError(f"{kind} {sorted(double)[0]!r} is defined twice")
        for goal in self.goal:
            if goal.principle not in principles:
                raise ValueError(f"goal {goal.id!r} names the principle {goal.principle!r}, which is not defined")
        return self
