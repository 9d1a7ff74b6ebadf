"""quotes.toml: which answers a person released to be quoted, by the response's id; what was written is not in it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, PositiveInt, field_validator, model_validator

from bildungsbedarf.study.model import Model

FILE = "quotes.toml"


class Quote(Model):
    """``[[quote]]``: one answer that may be shown, its names and addresses masked."""

    wave: str
    audience: str = ""
    """Default: the first audience."""
    question: Annotated[str, Field(min_length=1)]
    """Code of an open question, or the column of a written "other" (``BARR_other``)."""
    response: str
    """The response's id, as LimeSurvey counts."""
    by: Annotated[str, Field(min_length=1)]
    """Who released it, in short."""
    on: date
    mask: list[PositiveInt] = []
    """Words to be masked beside what is found by itself, counted from 1: a firm, an office, an illness."""

    @field_validator("response", mode="before")
    @classmethod
    def _id_is_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class QuotesFile(Model):
    """quotes.toml. A quote that is taken out is shown nowhere after the next run."""

    quote: list[Quote] = []

    @model_validator(mode="after")
    def _each_once(self) -> QuotesFile:
        told = [(one.wave, one.audience, one.question, one.response) for one in self.quote]
        if doubled := [one for one in told if told.count(one) > 1]:
            raise ValueError(f"response {doubled[0][3]!r} is quoted twice for {doubled[0][2]}")
        return self
