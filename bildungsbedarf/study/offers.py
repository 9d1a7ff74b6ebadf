"""offers.toml: how a district's offers are read, and by which rules they are held against the needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bildungsbedarf.study.analyses import FILE_NAME
from bildungsbedarf.study.model import Code, Model

OfferColumn = Literal[
    "id",
    "title",
    "provider",
    "category",
    "audience",
    "format",
    "place",
    "start",
    "end",
    "time",
    "weekday",
    "hours",
    "fee",
    "language",
    "accessible",
    "childcare",
    "places",
    "booked",
    "url",
]
"""What is known of an offer; everything but ``id`` may be unknown."""
Format = Literal["online", "evening", "weekend", "onsite"]
"""``onsite``: at a place, and nothing is said of the time."""
Hindrance = Literal["too_far", "wrong_time", "too_expensive", "unknown_to_people", "not_accessible"]
"""Why people do not come although they want to: what a diagnosis may name."""


class TravelTimes(Model):
    """How long it takes from municipality to municipality, as somebody computed it: a table in data/reference."""

    file: Annotated[str, Field(pattern=FILE_NAME)]
    columns: dict[Literal["from", "to", "minutes"], str] = {}
    """Our column = heading of the table; default: its own name. Municipalities by their code."""


class OfferRules(Model):
    """By which rules supply is held against need: declared, and shown with every diagnosis."""

    reach_km: Annotated[float, Field(gt=0, le=200)] = 10.0
    """An offer within this distance (straight line between the municipalities' centres) is near enough."""
    reach_minutes: Annotated[float, Field(gt=0, le=600)] | None = None
    """With a table of travel times: an offer that takes at most this long is near enough, in place of ``reach_km``."""
    low_fee: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 20.0
    """Up to this many euros an offer costs little."""
    evening_from: Annotated[int, Field(ge=12, le=23)] = 17
    """An offer on a working day that begins at this hour or later is in the evening."""
    urgent_above: Annotated[float, Field(gt=0, lt=1)] = 0.25
    """A need whose whole interval lies above is urgent."""
    slight_below: Annotated[float, Field(gt=0, lt=1)] = 0.20
    """A need whose whole interval lies below is slight: there is enough."""
    reached_below: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Offers for a phase of life are too far where less than this share of the inhabitants have one within reach."""
    hindered_above: Annotated[float, Field(gt=0, lt=1)] = 0.10
    """A hindrance that more people than this name (whole interval) is one."""

    @model_validator(mode="after")
    def _fits(self) -> OfferRules:
        if self.slight_below > self.urgent_above:
            raise ValueError("a need would be slight and urgent: slight_below lies above urgent_above")
        return self


class OffersFile(Model):
    """offers.toml."""

    audience: Code
    """The audience of study.toml whose data are the offers (``data = "records"``)."""
    needs: str = ""
    """The audience whose battery's items are the fields of education; default: the first."""
    coverage: Literal["complete", "partial"] = "partial"
    """``complete``: what is not in the file does not exist. ``partial``: nothing follows from what is not there."""
    columns: dict[OfferColumn, str] = {}
    """Our column = heading in the providers' table; default: its own name."""
    fields: dict[Code, list[str]] = {}
    """Item of the battery = categories of the providers that a person assigned to it."""
    life_phases: dict[str, list[str]] = {}
    """Life phase = target groups of the providers that a person assigned to it."""
    groups: dict[str, list[Annotated[str, Field(pattern=r"^[^=]+=.+$")]]] = {}
    """Life phase = groups of the survey that stand in it, as ``altersgruppe=65+``."""
    formats: dict[Format, list[str]] = {}
    """Format = words of the providers for it."""
    actor_groups: dict[str, list[str]] = {}
    """Actor group = its providers."""
    places: dict[str, list[str]] = {}
    """Code of a municipality = other names for it: districts of a town, historic names."""
    postcodes: list[Annotated[str, Field(pattern=r"^\d{1,5}$")]] = []
    """How postcodes of the district begin; a place with a postcode is only found where it begins so."""
    hindrances: dict[Hindrance, Code] = {}
    """Hindrance = item of the battery's question about barriers."""
    travel: TravelTimes | None = None
    """Travel times in place of straight distances; with ``reach_minutes`` among the rules."""
    rules: OfferRules = OfferRules()

    @model_validator(mode="after")
    def _travels_by_both(self) -> OffersFile:
        if (self.travel is None) != (self.rules.reach_minutes is None):
            raise ValueError("travel times and rules.reach_minutes belong together: one of them is missing")
        return self

    @model_validator(mode="after")
    def _phases_are_known(self) -> OffersFile:
        for phase, names in self.groups.items():
            if phase not in self.life_phases:
                raise ValueError(f"groups names {phase!r}, which life_phases does not have")
            if doubled := [name for name in names if names.count(name) > 1]:
                raise ValueError(f"groups names {doubled[0]!r} twice in {phase!r}")
        return self

    @model_validator(mode="after")
    def _assigned_once(self) -> OffersFile:
        headings = list(self.columns.values())
        if doubled := [heading for heading in headings if headings.count(heading) > 1]:
            raise ValueError(f"columns reads {doubled[0]!r} as two columns")
        for name in ("fields", "life_phases", "formats", "actor_groups", "places"):
            seen: dict[str, str] = {}
            for key, words in getattr(self, name).items():
                for word in words:
                    if not word.strip():
                        raise ValueError(f"{name} assigns an empty word to {key!r}")
                    other = seen.setdefault(word.strip().casefold(), key)
                    if other != key:
                        raise ValueError(f"{name} assigns {word!r} to {other!r} and to {key!r}")
        return self
