"""What a person writes in study.toml and waves/<wave>.toml, as typed models; unknown keys are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.study.analyses import (
    BallotConfig,
    ConceptConfig,
    NeedsConfig,
    ScaleConfig,
    SmallAreaConfig,
    TopicConfig,
)
from bildungsbedarf.study.model import Code, Language, Model, Sampling, Words, words_from_text
from bildungsbedarf.study.rules import QualityConfig


class StudySection(Model):
    """``[study]``."""

    title: Words
    language: Language = "de"
    """Language of the reports."""
    region: Annotated[str, Field(pattern=r"^\d{5}$")]
    """Official key of the district (five digits)."""
    contact: str
    """Who answers questions about the report."""
    example: bool = False
    """The data are made up: every page, table, figure and file says so."""

    _title = field_validator("title", mode="before")(words_from_text)


class VariableConfig(Model):
    """A derived or renamed variable."""

    source: Annotated[str, Field(alias="from")]
    """Question code it is made from."""
    title: Words | None = None
    cut: list[float] | None = None
    """Class limits, closed on the left."""
    labels: list[str] | None = None
    """One label a class of ``cut``."""
    merge: dict[str, list[Code]] | None = None
    """New category = list of codes; codes not named become missing."""
    unknown: list[Code] = []
    """Codes that are no value of this variable."""
    apart: list[str] = []
    """Categories of too few people for a group of their own: these count everywhere but in groups by this variable."""
    words: dict[str, Words] = {}
    """Category = what it is called in tables, in each language; default: the category's own label."""
    people: dict[str, Words] = {}
    """Category = what its people are called in a sentence ("Menschen ab 65"); default: the label."""

    _title = field_validator("title", mode="before")(words_from_text)

    @field_validator("words", "people", mode="before")
    @classmethod
    def _plain_words(cls, value: Any) -> Any:
        return {key: words_from_text(text) for key, text in value.items()} if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _classes_fit(self) -> VariableConfig:
        if self.cut is not None:
            if sorted(set(self.cut)) != self.cut or len(self.cut) < 2:
                raise ValueError("cut needs at least two limits in rising order")
            if self.labels is not None and len(self.labels) != len(self.cut) - 1:
                raise ValueError(f"{len(self.cut) - 1} classes need as many labels, found {len(self.labels)}")
        elif self.labels is not None:
            raise ValueError("labels belong to cut; name categories with merge")
        if self.cut is not None and self.merge is not None:
            raise ValueError("cut and merge exclude each other")
        return self


class MissingCodes(Model):
    """Codes that are answers but not values."""

    questions: list[Code]
    codes: list[Code]


def listed(value: Any) -> Any:
    """One rule where several may stand."""
    return {key: rule if isinstance(rule, list) else [rule] for key, rule in value.items()} if value else value


class MarginConfig(Model):
    """One margin the weights are raked to, from a table in data/reference."""

    by: Annotated[list[Code], Field(min_length=1)]
    name: str = ""
    file: str
    columns: dict[str, str | list[str]] = {}
    """Variable = column of the file; ``total`` = the counts. A variable with ``cut`` may name two
    columns (from, to); without a name, ``age_from`` and ``age_to`` are taken where the file has them."""
    recode: dict[str, str] = {}
    """Variable = ``last N digits`` | ``first N digits`` of the file's key."""
    where: str = ""
    """Condition on the file's rows."""
    scale_to: str = ""
    """Name of the margin whose total this one is scaled to."""

    @field_validator("file")
    @classmethod
    def _stays_in_reference(cls, value: str) -> str:
        if "/" in value or "\\" in value or value.startswith("."):
            raise ValueError("a file name in data/reference, without folders")
        return value

    @field_validator("recode")
    @classmethod
    def _recode_known(cls, value: dict[str, str]) -> dict[str, str]:
        for rule in value.values():
            words = rule.split()
            if len(words) != 3 or words[0] not in ("last", "first") or not words[1].isdigit() or words[2] != "digits":
                raise ValueError(f"recode is 'last N digits' or 'first N digits', found {rule!r}")
        return value


CROSS = " × "
MERGE, SPLIT, LEAVE_OUT = "merge", "split", "leave out"


def step_parts(step: str) -> tuple[str, str]:
    """Verb and margin of a step of ``coarser``; no verb where it is none of the three."""
    verb = next((verb for verb in (MERGE, SPLIT, LEAVE_OUT) if step.startswith(f"{verb} ")), "")
    return verb, step.removeprefix(f"{verb} ")


class WeightingConfig(Model):
    """How the weights are made."""

    method: Literal["none", "rake"] = "none"
    base: str = ""
    """Question or column that holds the design weight; empty: 1 for everyone."""
    trim: tuple[float, float] | None = None
    """Smallest and largest weight in multiples of the mean weight."""
    unallocated: Literal["mean_weight", "design_weight"] = "mean_weight"
    """People without a margin's value (no answer, "divers")."""
    margin: list[MarginConfig] = []
    coarser: list[str] = []
    """What is done, one after the other, where the weights cannot be fitted to all margins: ``merge NAME`` (categories
    of few persons become one), ``split A × B`` (each variable alone), ``leave out NAME``. NAME is a margin's
    variables."""

    @model_validator(mode="after")
    def _steps_known(self) -> WeightingConfig:
        named = {CROSS.join(margin.by): len(margin.by) for margin in self.margin}
        for step in self.coarser:
            verb, name = step_parts(step)
            if not verb or name not in named or (verb == SPLIT and named[name] < 2):
                known = "; ".join(named)
                raise ValueError(
                    f"coarser is 'merge …', 'split …' or 'leave out …' of a margin ({known}), found {step!r}"
                )
        return self

    @model_validator(mode="after")
    def _consistent(self) -> WeightingConfig:
        if self.method == "rake" and not self.margin:
            raise ValueError("method 'rake' needs at least one [[…weighting.margin]]")
        if self.trim is not None and not 0 <= self.trim[0] < 1 < self.trim[1]:
            raise ValueError("trim needs a lower limit in [0, 1) and an upper limit above 1")
        names = {margin.name for margin in self.margin if margin.name}
        for margin in self.margin:
            if margin.scale_to and margin.scale_to not in names:
                raise ValueError(f"scale_to names {margin.scale_to!r}, but no margin has that name")
        return self


class AudienceConfig(Model):
    """``[audience.<name>]``: who was asked, and how."""

    title: Words | None = None
    data: Literal["responses", "votes", "records"] = "responses"
    """Answers to a questionnaire; votes on statements and goals; or records of things (offers, actors)."""
    questionnaire: str = ""
    """The structure file; audiences with responses need one."""
    sampling: Sampling
    population: str
    population_en: str = ""
    people: Words = Words(de="Befragten", en="respondents")
    """Whom sentences speak of, in the plural: "der *Erwachsenen im Landkreis*". Nonprobability
    samples always say "Befragten"."""
    eligible: str = ""
    """Condition; rows where it is false or unknown are not counted (and are counted as such)."""
    strata: str = ""
    clusters: str = ""
    fpc: str = ""
    lonely_psu: Literal["fail", "remove", "adjust", "average", "certainty"] = "adjust"
    panel: str = ""
    """Column of the export that is the same for a person in every wave (``token``): waves are then a panel.
    It is kept as a hash only."""
    absent: list[str] = []
    """Questions or columns that were asked but not handed on (published microdata); treated as never asked."""
    paper: str = ""
    """Condition; answers for which it is true came on paper and were keyed in (``mode`` is ``paper``)."""
    core: list[Code] = []
    """Questions whose page a person must have passed to be counted; default: the needs batteries."""
    variables: dict[str, VariableConfig] = {}
    groups: list[Code] = []
    """Questions or variables to compare groups by, where no battery names some."""
    missing: dict[Literal["dont_know", "refused", "not_answered"], list[MissingCodes]] = {}
    """Codes by reason; several rules where batteries have other codes."""
    weighting: WeightingConfig = WeightingConfig()
    quality: QualityConfig = QualityConfig()

    _words = field_validator("title", "people", mode="before")(words_from_text)

    _missing = field_validator("missing", mode="before")(listed)

    def missing_codes(self, question: str) -> dict[str, str]:
        """Codes of a question that are no values → the reason each stands for."""
        return {
            code: reason
            for reason, rules in self.missing.items()
            for rule in rules
            if question in rule.questions
            for code in rule.codes
        }

    def called(self, name: str, language: str) -> str:
        """What pages call the audience: its title, else its name."""
        return self.title.get(language) if self.title else name

    @model_validator(mode="after")
    def _has_questionnaire(self) -> AudienceConfig:
        if self.data == "responses" and not self.questionnaire:
            raise ValueError("an audience with responses needs a questionnaire (the .lss file beside study.toml)")
        return self


class DisclosureConfig(Model):
    """``[disclosure]``: may only be stricter than the defaults."""

    minimum_base: Annotated[int, Field(ge=10)] = 10
    """Unweighted persons a shown estimate rests on."""
    small_base: Annotated[int, Field(ge=30)] = 30
    """Bases under this are shown as small; self-selected answers under it are not shown."""
    minimum_cell: Annotated[int, Field(ge=5)] = 5
    """Persons behind a shown share or total, and behind its rest."""


class AnalysisConfig(Model):
    """``[analysis]``: from when on something is computed or said; may only be stricter than the defaults."""

    most_categories: Annotated[int, Field(ge=2, le=8)] = 8
    """Groups with more categories (municipalities) are not compared with each other."""
    most_differences: Annotated[int, Field(ge=1, le=12)] = 12
    """How many of the differences over all closed questions are told, the largest first."""
    smallest_crossed_group: Annotated[int, Field(ge=30)] = 30
    """Persons a crossed group needs to take part in the comparison of all."""
    smallest_model_category: Annotated[int, Field(ge=10)] = 10
    """Persons a category needs to take part in a regression."""
    smallest_weighting_cell: Annotated[int, Field(ge=10)] = 10
    """Answers a weighting cell needs to stand for those who gave none."""
    quadrant_certainty: Annotated[float, Field(ge=0.8, lt=1)] = 0.8
    """Probability from which on a field is called a quadrant."""
    urgent: Annotated[int, Field(ge=1, le=10)] = 5
    """How many fields the summary names."""
    in_focus: Annotated[int, Field(ge=0, le=5)] = 2
    """How many of the most urgent fields stand beside the study's focus where groups are compared."""
    overview_groups: Annotated[int, Field(ge=0)] = 1
    """How many groupings, in study.toml's order, stand on the pages that are not about groups."""
    wide_groups: Annotated[int, Field(ge=2, le=12)] = 6
    """A grouping with more categories is left out of the table of the sample's composition."""


class ServerConfig(Model):
    """``[server]``: the LimeSurvey server; its password is never written here."""

    url: str
    """Address of RemoteControl, ``https://…/index.php/admin/remotecontrol``."""
    user: str = ""
    """User name; else LIMESURVEY_USER."""


class RunConfig(Model):
    """``[run]``: what a notebook may take."""

    cell_seconds: Annotated[int, Field(ge=1)] = 600
    notebook_seconds: Annotated[int, Field(ge=1)] = 3600
    memory_mb: Annotated[int, Field(ge=0)] = 0
    """Megabytes of data a notebook may hold; 0: as many as the machine has (Linux)."""


class StudyConfig(Model):
    """study.toml."""

    study: StudySection
    audience: Annotated[dict[str, AudienceConfig], Field(min_length=1)]
    needs: list[NeedsConfig] = []
    ballot: list[BallotConfig] = []
    scale: list[ScaleConfig] = []
    small_area: SmallAreaConfig | None = None
    concept: dict[str, ConceptConfig] = {}
    topic: dict[str, TopicConfig] = {}
    analysis: AnalysisConfig = AnalysisConfig()
    disclosure: DisclosureConfig = DisclosureConfig()
    sources: dict[str, Words] = {}
    """File of data/reference = whose data these are and under which licence; pages that rest on it say so."""
    server: ServerConfig | None = None
    run: RunConfig = RunConfig()

    @model_validator(mode="after")
    def _audiences_known(self) -> StudyConfig:
        for kind, named in (("needs", self.needs), ("ballot", self.ballot), ("scale", self.scale)):
            for entry in named:
                if entry.audience and entry.audience not in self.audience:
                    raise ValueError(f"{kind} {entry.id!r} names the audience {entry.audience!r}, which is not defined")
        return self

    @field_validator("sources", mode="before")
    @classmethod
    def _plain_sources(cls, value: Any) -> Any:
        return {key: words_from_text(text) for key, text in value.items()} if isinstance(value, dict) else value

    @property
    def first_audience(self) -> str:
        """The audience whose results lie directly in the wave's folder."""
        return next(iter(self.audience))


class FieldPeriod(Model):
    """First and last day of the field phase, or of the time that records are of."""

    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]

    @model_validator(mode="after")
    def _forwards(self) -> FieldPeriod:
        if self.end < self.start:
            raise ValueError(f"it ends ({self.end}) before it begins ({self.start})")
        return self


class WaveAudienceConfig(Model):
    """``[audience.<name>]`` in waves/<wave>.toml: how one audience was reached in this wave."""

    survey_id: int | None = None
    """Survey on the LimeSurvey server."""
    questionnaire: str = ""
    """Where this wave's questionnaire is another than the audience's."""
    field: FieldPeriod | None = None
    period: FieldPeriod | None = None
    """Of records: first and last day of the time they are of (offers held in it count)."""
    invited: Annotated[int, Field(ge=1)] | None = None
    """Invitations sent, or persons present at a conference."""
    returned: Annotated[int, Field(ge=0)] = 0
    """Of these, letters that came back: they reached nobody and do not count in response rates."""
    attended: dict[str, Annotated[int, Field(ge=0, le=100_000, strict=True)]] = {}
    """Of a conference: persons present by group of the ballot, as a list of those present has them."""
    export: str = ""
    """Export brought in by ``run`` while there is no snapshot, relative to the project."""
    snapshot: str = "latest"
    """``latest`` or the beginning of a snapshot's hash; only a person changes it."""
    republish: str = ""
    """Who decided, and why, that this wave is published anew although so few persons changed since its release that
    both publications together could show their answers; empty: it is held back."""

    @property
    def reached(self) -> int | None:
        """Invitations that arrived; none where they were not counted."""
        return None if self.invited is None else self.invited - self.returned

    @model_validator(mode="after")
    def _some_arrived(self) -> WaveAudienceConfig:
        if self.returned and (self.invited is None or self.returned >= self.invited):
            raise ValueError(f"returned counts letters of those invited, found {self.returned} of {self.invited}")
        return self


class WaveConfig(Model):
    """waves/<wave>.toml."""

    title: Words | None = None
    audience: Annotated[dict[str, WaveAudienceConfig], Field(min_length=1)]

    _title = field_validator("title", mode="before")(words_from_text)
