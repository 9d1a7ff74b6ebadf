"""What is told of a calibration: how it went, and what it costs in precision."""

from __future__ import annotations

from dataclasses import dataclass, field

from bildungsbedarf.survey.arrays import Floats


@dataclass(frozen=True)
class WeightingReport:
    """How a calibration went.

    ``worst_margin`` names the category farthest from its total and ``worst_deviation`` by how much
    (relative); ``kish_deff`` is 1 + cv²(weights), ``effective_n`` the persons divided by it.
    """

    iterations: int
    worst_margin: str
    worst_deviation: float
    weight_min: float
    weight_max: float
    kish_deff: float
    effective_n: float
    trimmed: int = 0
    rounds: int = 1
    margins: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class WeightSums:
    """What a report needs to know of weights."""

    persons: float
    total: float
    squares: float
    low: float
    high: float

    @staticmethod
    def of(weights: Floats) -> WeightSums:
        """Of weights in memory."""
        squares = float((weights**2).sum())
        return WeightSums(len(weights), float(weights.sum()), squares, float(weights.min()), float(weights.max()))


def build_report(
    weights: WeightSums,
    trimmed: int,
    *,
    iterations: int = 0,
    worst: tuple[str, float] = ("", 0.0),
    rounds: int = 1,
    margins: dict[str, dict[str, float]] | None = None,
) -> WeightingReport:
    """The report of fitted weights; ``worst`` is the category farthest from its total and by how much."""
    mean = weights.total / weights.persons
    kish = weights.persons * weights.squares / weights.total**2
    return WeightingReport(
        iterations=iterations,
        worst_margin=worst[0],
        worst_deviation=worst[1],
        weight_min=weights.low / mean,
        weight_max=weights.high / mean,
        kish_deff=kish,
        effective_n=weights.persons / kish,
        trimmed=trimmed,
        rounds=rounds,
        margins=margins or {},
    )
