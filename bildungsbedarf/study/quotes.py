"""quotes.toml: which answers the education office released to be quoted, by the response's id; not what was written."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from bildungsbedarf.study.model import Code, Model, Shown

FILE = "quotes.toml"


class Quote(Model):
    """``[[quote]]``: one answer that may be shown, its names and addresses masked."""

    wave: str
    audience: str = ""
    """Default: the first audience."""
    question: Code
    """Column of an open question (``FEHLT``), or of a written "other" (``BARR_other``)."""
    response: str
    """The response's id, as LimeSurvey counts."""
    wording: Annotated[str, Field(pattern=r"^[0-9a-f]{4}$")]
    """Four signs that go with the text that was read (``disclosure.quotable`` has them): another text is not shown."""
    by: Shown
    """Who read and released it, in short."""
    on: date
    mask: list[Annotated[int, Field(ge=1, strict=True)]] = []
    """Words to be left out beside what is found by itself, counted from 1: a firm, an office, an illness."""

    @field_validator("response", mode="before")
    @classmethod
    def _id_is_text(cls, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError("the id of one response, such as 33")
        return str(value)

    @field_validator("wave", mode="before")
    @classmethod
    def _wave_is_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("mask", mode="before")
    @classmethod
    def _numbers_of_words(cls, value: object) -> object:
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            raise ValueError("numbers of words, counted from 1, such as [4]")
        return value


class QuotesFile(Model):
    """quotes.toml. A quote that is taken out is shown nowhere after the next run."""

    quote: list[Quote] = []
