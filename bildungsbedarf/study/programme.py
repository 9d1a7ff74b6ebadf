"""programme.toml: what the funding programme wants to know each year, beside what surveys and conferences say."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Words, words_from_text

Counted = Literal["responses", "ballots", "findings", "goals", "actions_done"]
"""What is counted from the study itself."""


class Programme(Model):
    """The programme and the project in it."""

    title: Words
    funding: Words
    """Who funds it, as the programme wants it to be said."""
    project: str = ""
    """Number of the project."""
    start: date
    end: date

    _words = field_validator("title", "funding", mode="before")(words_from_text)

    @model_validator(mode="after")
    def _in_order(self) -> Programme:
        if self.end < self.start:
            raise ValueError("end lies before start")
        return self


class Milestone(Model):
    """Something that is to be done by a day."""

    id: Code
    title: Words
    due: date
    done: date | None = None
    note: Words | None = None

    _words = field_validator("title", "note", mode="before")(words_from_text)


class Output(Model):
    """A number the programme asks for: counted from the study, or given."""

    id: Code
    title: Words
    target: Annotated[float, Field(ge=0)]
    counted: Counted | None = None
    value: Annotated[float, Field(ge=0)] | None = None

    _title = field_validator("title", mode="before")(words_from_text)

    @model_validator(mode="after")
    def _one_of_both(self) -> Output:
        if (self.counted is None) == (self.value is None):
            raise ValueError("an output is either counted from the study or has a value")
        return self


class ProgrammeFile(Model):
    """programme.toml."""

    programme: Programme
    milestone: list[Milestone] = []
    output: list[Output] = []

    @model_validator(mode="after")
    def _ids(self) -> ProgrammeFile:
        for kind, ids in (("milestone", [m.id for m in self.milestone]), ("output", [o.id for o in self.output])):
            if double := sorted({name for name in ids if ids.count(name) > 1}):
                raise ValueError(f"{kind} {double[0]!r} is defined twice")
        return self
