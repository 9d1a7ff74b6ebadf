"""Shapes of the feed's files; their JSON Schemas go out with them.

Within a version keys are only added, and optional ones: who reads version 1 today reads it tomorrow.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION: Final = "bildungsbedarf/portal/1"
Texts = dict[Literal["de", "en"], str]


class Shape(BaseModel):
    """Base: frozen; what a key means stands in the schema."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class FeedFile(Shape):
    """Head of every file."""

    version: Literal["bildungsbedarf/portal/1"] = VERSION
    study: str


class Named(Shape):
    """A field of education, a municipality, or a phase of life."""

    id: str
    title: Texts
    page: str
    """Address of its page below the site's root; empty where it has none."""


class Published(Shape):
    """A file of the feed."""

    path: str
    sha256: str
    """Of its content: an unchanged file has an unchanged hash."""
    schema_path: str = ""


class Index(FeedFile):
    """``index.json``: what there is, and in which state."""

    title: Texts
    region: str
    licence: str
    contact: str
    example: bool
    """The data are made up."""
    released: bool
    """A person has released the newest wave; otherwise the feed is a draft."""
    waves: list[str]
    fields: list[Named]
    places: list[Named]
    life_phases: list[Named]
    files: list[Published]


class Need(Shape):
    """Share of people with an unmet need in a field."""

    wave: str
    field: str
    place: str | None = None
    """A municipality; none for the district."""
    life_phase: str | None = None
    n: int | None
    """Persons it rests on; none where too few."""
    share: float | None = Field(ge=0, le=1)
    """None where it may not be told."""
    low: float | None
    high: float | None
    modelled: bool
    """Estimated with a model from few answers, not measured."""


class Needs(FeedFile):
    """``needs.json``."""

    measure: Texts
    population: Texts
    needs: list[Need]


class Offered(Shape):
    """Offers of a field that take place in a municipality."""

    field: str
    place: str
    offers: int


class Offers(FeedFile):
    """``offers.json``."""

    wave: str
    complete: bool
    """A complete survey of offers; otherwise nothing follows from what is not there."""
    offers: list[Offered]


class Diagnosed(Shape):
    """A need that is not met, and where to look for the reason."""

    field: str
    place: str
    diagnosis: str
    also: list[str]
    people: float | None
    people_low: float | None
    people_high: float | None


class Diagnoses(FeedFile):
    """``diagnoses.json``: fields and municipalities with something to look for; of all others nothing is said."""

    wave: str
    diagnoses: list[Diagnosed]
