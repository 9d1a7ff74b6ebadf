"""``Finding``: one statement with the estimate and the data it rests on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bildungsbedarf.displays import Display, Displayed

Kind = Literal[
    "level",
    "difference",
    "rank",
    "trend",
    "barrier",
    "group",
    "quality",
    "participation",
    "supply",
    "indicator",
]
"""``rank`` and ``group`` are claims: what a later wave no longer carries is not told any more. ``indicator`` is of
official statistics, and of no audience."""
EXACT: tuple[Kind, ...] = ("participation", "supply", "indicator")
"""Counts, without intervals: of those present, of what there is, or of everyone."""
CLAIMS: tuple[Kind, ...] = ("rank", "group")
Unit = Literal["share", "mean", "difference", "share_difference", "dots", "persons"]
Texts = dict[Literal["de", "en"], str]
SCHEMA = "bildungsbedarf/findings/2"


def slug(text: str) -> str:
    """A code, a group, a category as a part of a finding's id."""
    return "".join(letter if letter.isalnum() or letter in "+–-_" else "_" for letter in text)


class Record(BaseModel):
    """Base: unknown keys refused, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Recipe(Record):
    """How to compute the estimate again from the study's snapshots."""

    function: str
    """``needs.unmet``."""
    arguments: dict[str, Any] = {}
    waves: list[tuple[str, str]]
    """Wave and audience of each wave the function takes, in their order."""


class Finding(Displayed, Record):
    """A statement that its interval carries.

    ``id`` is the same in every wave. ``estimate``, ``se``, ``ci_low`` and ``ci_high`` are pointwise;
    ``sim_low`` and ``sim_high`` hold for the whole ``family`` at once. ``interval`` names the one that the sentence,
    its table and figure show and that verdicts look at: the joint one wherever something is compared. "Largest" rests
    on the ranks the confidence set contains.
    """

    id: str = Field(pattern=r"^[\w.+–-]+$")
    statement: Texts
    kind: Kind
    measure: str
    item: str
    """Code of what the estimate is of: a field, a barrier, a statement."""
    study: str
    wave: str
    audience: str
    """Who was asked; empty for official statistics."""
    questions: list[str]
    wording: Texts
    base: Texts
    """Whom the estimate speaks of."""
    n: int
    """Unweighted persons of the base."""
    count: int | None = None
    """Unweighted persons in the category; none for means."""
    left_out: dict[str, int] = {}
    """Counted persons who are not in the base, by reason; small reasons together, none where all are in it."""
    estimate: float
    se: float | None
    ci_low: float | None
    ci_high: float | None
    sim_low: float | None = None
    sim_high: float | None = None
    interval: Literal["pointwise", "joint"] = "pointwise"
    family: int = 1
    """Estimates the simultaneous interval holds for together."""
    unit: Unit
    groups: dict[str, str] = {}
    """Grouping variable → category; empty for the whole."""
    method: str
    recipe: Recipe | None = None
    """None where it was computed from something else than the study's own waves."""
    snapshot: list[str]
    """SHA-256 of the snapshots the estimate was computed from."""
    disclosure: str
    concept: str = ""
    goals: list[str] = []
    headline: bool = False
    """Belongs on the first page."""
    notebook: str = ""

    def _line(self) -> str:
        return f"Finding {self.id}, {self.wave}, {self.audience}"

    def _display(self) -> Display:
        low, high = self.ends
        of_all = f", at once for {self.family}" if self.interval == "joint" else ""
        told = {
            "statement": self.statement["de"],
            "in English": self.statement["en"],
            "kind": f"{self.kind}, {self.measure} of {self.item}",
            "estimate": f"{self.estimate:.4g} ({self.unit})",
            "interval": f"{low:.4g} to {high:.4g}{of_all}" if low < high else "",
            "of": self.base["de"],
            "persons": self.n,
            "groups": self.groups,
            "wave": f"{self.wave}, {self.audience}",
            "goals": self.goals,
            "notebook": self.notebook,
            "method": self.method,
            "snapshot": [one[:12] for one in self.snapshot],
        }
        return Display.of(self.id, told, "For work in the house: bildungsbedarf explain, or its page, says the rest.")

    @property
    def ends(self) -> tuple[float, float]:
        """The interval shown; the estimate twice where there is none (a count)."""
        low, high = (self.sim_low, self.sim_high) if self.interval == "joint" else (self.ci_low, self.ci_high)
        return (self.estimate if low is None else low), (self.estimate if high is None else high)


class Register(Record):
    """findings.json."""

    schema_: str = Field(SCHEMA, alias="schema")
    study: str
    wave: str
    findings: list[Finding]
