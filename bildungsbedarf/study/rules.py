"""Rules of response quality in study.toml: what is flagged, and what is left out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bildungsbedarf.study.model import Action, Code, Model


class StraightliningConfig(Model):
    """Same answer to every item of a battery."""

    batteries: list[Code]
    action: Action = "flag"


class DuplicatesConfig(Model):
    """Entries that may come from one person; the first finished one of each is kept."""

    rules: Annotated[list[Literal["token", "device", "seconds", "answers"]], Field(min_length=1)] = ["token", "seconds"]
    """Same access code; same device; same answers begun within ``seconds`` of the first one's end; same
    answers at any time."""
    seconds: Annotated[int, Field(ge=0)] = 600
    minimum_answers: Annotated[int, Field(ge=5)] = 10
    """Fewer answers than this are the same by chance."""
    device: str = ""
    """Column that tells devices apart, where one is collected."""
    action: Action = "flag"


class QualityConfig(Model):
    """Rules of response quality."""

    def all_at(self, action: Action) -> QualityConfig:
        """The same rules, each with this action."""
        nested = {
            name: rule.model_copy(update={"action": action})
            for name in ("duplicates", "straightlining")
            if (rule := getattr(self, name)) is not None
        }
        return self.model_copy(update={"speeding": action, "out_of_range": action, **nested})

    duplicates: DuplicatesConfig | None = None
    ranges: dict[Code, tuple[float, float]] = {}
    """Smallest and largest possible answer to a question about a number."""
    out_of_range: Action = "flag"

    minimum_share_of_median_duration: Annotated[float, Field(ge=0, lt=1)] = 0.0
    maximum_speed: Annotated[float, Field(ge=0)] = 0.0
    """Largest mean over pages of the median time by one's own, where pages are timed; 0: no limit.

    Leiner (2019) takes 2.0 for conspicuous."""
    speeding: Action = "flag"
    straightlining: StraightliningConfig | None = None
