"""A finding on a ruler: the limit declared for a goal, the side that carries, and the interval as it is printed."""

from __future__ import annotations

import math
from typing import Any

from bildungsbedarf.findings import Finding, Piece
from bildungsbedarf.findings.telling import interval_words, limit_value, limit_words
from bildungsbedarf.language import signed, translate
from bildungsbedarf.study.model import Language

_LEFT, _RIGHT, HEIGHT = 8.0, 312.0, 48
_STEPS = 4


def ruler(piece: Piece, language: Language) -> dict[str, Any]:
    """Places on the ruler, its ticks, and what it shows in words."""
    entry, finding = piece.evidence, piece.finding
    named = [piece.low, piece.high, entry.limit, entry.turning]
    start, end, step = _scale(min(named), max(named), "difference" in finding.unit)

    def place(value: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (value - start) / (end - start), 1)

    limit = place(entry.limit)
    carry = (limit, round(_RIGHT - limit, 1)) if entry.direction == "above" else (_LEFT, round(limit - _LEFT, 1))
    count = round((end - start) / step)
    ticks = [start + number * step for number in range(count + 1)]
    anchors = ["start", *["middle"] * (count - 1), "end"]
    shown = [_label(tick, finding, language) for tick in ticks]
    alt = translate(
        "Ruler: the margin is {interval}; the finding {limits}.",
        language,
        interval=interval_words(piece.low, piece.high, finding, language),
        limits=limit_words(piece, language),
    )
    return {
        "height": HEIGHT,
        "alt": alt,
        "carry": carry,
        "limit": limit,
        "turning": None if entry.turning == entry.limit else place(entry.turning),
        "low": place(piece.low),
        "high": place(piece.high),
        "point": place(finding.estimate),
        "decided": piece.verdict != "open",
        "ticks": [
            {"x": place(tick), "label": label, "anchor": anchor}
            for tick, label, anchor in zip(ticks, shown, anchors, strict=True)
        ],
    }


def _label(value: float, finding: Finding, language: Language) -> str:
    """A tick: short, as the sentence names the unit."""
    if finding.unit == "share_difference":
        return signed(100 * value, language, 0)
    return signed(value, language, 1) if finding.unit == "difference" else limit_value(value, finding, language)


def _scale(low: float, high: float, is_difference: bool) -> tuple[float, float, float]:
    """Start, end and step of an axis with about four steps; a level's begins at 0."""
    low = min(low, 0.0)
    span = max(high, 0.0) - low or 1.0
    raw = span * 1.05 / _STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    start = math.floor(low / step) * step if is_difference else min(0.0, math.floor(low / step) * step)
    return start, start + math.ceil(max(high - start, step) / step) * step, step
