"""What is to be computed: needs batteries, scales, municipalities, ballots, concepts, as typed models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Words, words_from_text

FILE_NAME = r"^[^/\\\\.][^/\\\\]*$"
"""A file in data/reference: no folders."""


class NeedsConfig(Model):
    """``[[needs]]``: an importance × satisfaction battery and what belongs to it."""

    id: Code
    audience: str = ""
    """Default: the first audience."""
    importance: Code
    satisfaction: Code
    ranking: str = ""
    barriers: str = ""
    groups: list[Code] = []
    focus: list[Code] = []
    important_from: int
    dissatisfied_to: int
    reversed: list[Code] = []
    """Questions whose scale runs from good to bad (1 = very important)."""
    formats: str = ""
    """Dual array: formats used and wanted."""
    participation: str = ""
    """Whether a person took part in further education."""
    hours: str = ""
    """For how many hours."""


class ScaleConfig(Model):
    """``[[scale]]``: several items that measure one thing."""

    id: Code
    audience: str = ""
    """Default: the first audience."""
    title: Words
    items: Annotated[list[Code], Field(min_length=2)]
    reversed: list[Code] = []
    """Items whose polarity is turned."""
    valid: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Smallest share of items that must be answered."""
    least_alpha: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Cronbach's α below which the scale is not interpreted: its items do not measure one thing."""
    reference: Words | None = None
    """Published values with their source, shown as context."""

    _words = field_validator("title", "reference", mode="before")(words_from_text)

    @model_validator(mode="after")
    def _reversed_known(self) -> ScaleConfig:
        if unknown := [item for item in self.reversed if item not in self.items]:
            raise ValueError(f"reversed names {unknown[0]!r}, which is no item of the scale")
        return self


class SmallAreaConfig(Model):
    """``[small_area]``: municipalities with what is known of them."""

    group: Code
    """Variable that holds the area."""
    file: Annotated[str, Field(pattern=FILE_NAME)]
    key: str = "ags"
    digits: Annotated[int, Field(ge=1)] = 3
    """Last digits of the key that are the variable's codes."""
    label: str = "name"
    covariates: list[str] = []
    """Arithmetic of the file's columns, such as ``log(population)``."""
    boundaries: Annotated[str, Field(pattern=f"^$|{FILE_NAME}")] = ""
    """GeoJSON in data/reference with true boundaries; empty: a map of tiles."""
    boundaries_key: str = "AGS"
    boundaries_source: str = ""
    """Its source note, shown under the map."""


class OutcomeConfig(Model):
    """``[[ballot.outcome]]``: what became of a statement after it was voted on."""

    statement: Code
    became: Literal["adopted", "merged", "reworded", "declined", "postponed"]
    into: str = ""
    """The later statement, or the goal of leitbild.toml, that it went into."""
    reason: Words | None = None

    _reason = field_validator("reason", mode="before")(words_from_text)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> OutcomeConfig:
        if self.became in ("merged", "reworded") and not self.into:
            raise ValueError(f"a statement that was {self.became} went into another: name it (into)")
        if self.became == "declined" and self.reason is None:
            raise ValueError("a statement that was declined has a reason: people wrote or voted on it")
        return self


class BallotConfig(Model):
    """``[[ballot]]``: a conference's ballot."""

    id: Code
    audience: Code
    title: Words
    statements: str = ""
    agree: Code = "A"
    disagree: Code = "D"
    points: str = ""
    ranking: str = ""
    group: str = ""
    outcome: list[OutcomeConfig] = []
    """What became of its statements: the open ledger of a conference."""

    _title = field_validator("title", mode="before")(words_from_text)

    @model_validator(mode="after")
    def _told_once(self) -> BallotConfig:
        told = [one.statement for one in self.outcome]
        if doubled := [name for name in told if told.count(name) > 1]:
            raise ValueError(f"outcome tells of {doubled[0]!r} twice")
        return self


class ConceptConfig(Model):
    """``[concept.<id>]``: what several audiences were asked about, each with its own items."""

    title: Words
    items: dict[str, list[Code]]

    _title = field_validator("title", mode="before")(words_from_text)


class TopicConfig(Model):
    """``[topic.<id>]``: further questions that a page on a subject reports."""

    title: Words
    questions: dict[str, list[Code]]
    """Audience → question codes."""

    _title = field_validator("title", mode="before")(words_from_text)
