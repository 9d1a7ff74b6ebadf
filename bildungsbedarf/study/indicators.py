"""indicators.toml: official series along the guideline of municipal education monitoring, and where they come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.model import Code, Model, Shown, Words, words_from_text

Theme = Literal["context", "input", "process", "output", "outcome"]
"""In the order of the guideline: what surrounds education, what goes into it, how it runs, what comes out of it
at once, and what in the long run."""
IndicatorUnit = Literal["percent", "persons", "number"]
Layout = Literal["csv", "genesis"]


class Break(Model):
    """From this period on a series is counted otherwise: it is not compared across it."""

    period: int
    reason: Words

    _words = field_validator("reason", mode="before")(words_from_text)


class Columns(Model):
    """Columns of the file; of the layout ``genesis`` as their heads, the parts of one joined by `` / ``."""

    period: str = "year"
    region: str = ""
    """Default: the file has one region."""
    value: Code


class Indicator(Model):
    """One series, of the district and of regions it is compared with."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    theme: Theme
    life_phase: str = ""
    """Id of a phase of life of pages.toml."""
    definition: Words
    unit: IndicatorUnit
    """``percent``: the file has 5.5 for 5.5%, or ``share_of`` makes it a share."""
    better: Literal["higher", "lower", ""] = ""
    """The side that is wanted; nothing where neither is."""
    file: Annotated[str, Field(pattern=r"^\w[\w.-]*\.(csv|txt)$")]
    """In data/reference; its source stands in study.toml's ``[sources]``."""
    table: Shown
    """Number of the table, where it was published."""
    layout: Layout = "csv"
    columns: Columns
    where: str = ""
    """Rows that count, in the grammar of study.toml; their values are summed."""
    share_of: str = ""
    """Rows whose sum is the whole: the value is the share of the rows that count."""
    region: str = ""
    """Key of the district; default: study.toml's ``region``."""
    compared_with: list[str] = []
    """Keys of regions beside it."""
    names: dict[str, Words] = {}
    """What regions are called in sentences, by key."""
    breaks: list[Break] = []
    concept: str = ""
    """A ``[concept.…]`` of study.toml it speaks to."""

    _words = field_validator("title", "definition", mode="before")(words_from_text)

    @field_validator("names", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return {key: words_from_text(words) for key, words in value.items()} if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _of_shares(self) -> Indicator:
        if self.share_of and self.unit != "percent":
            raise ValueError("share_of makes a share: the unit is percent")
        if self.compared_with and not self.columns.region:
            raise ValueError("regions can only be compared where columns.region names their column")
        return self


class IndicatorsFile(Model):
    """indicators.toml."""

    indicator: list[Indicator] = []
    findings: dict[Theme, list[Code]] = {}
    """Theme = findings of the study that stand on its page: by their id, or all of a measure (``reach``)."""

    @model_validator(mode="after")
    def _ids(self) -> IndicatorsFile:
        ids = [one.id for one in self.indicator]
        if double := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"indicator {double[0]!r} is defined twice")
        return self
