"""LimeSurvey's conditions as far as our grammar reaches; what it cannot express is named, never guessed."""

from __future__ import annotations

from functools import lru_cache

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study.expression import Expression

_ALWAYS = ("", "1")


def is_unconditional(text: str) -> bool:
    """Whether the condition always holds."""
    return text.strip() in _ALWAYS


@lru_cache(maxsize=512)
def parse_relevance(text: str) -> Expression | None:
    """The condition as an expression, or ``None`` where our grammar cannot express it."""
    try:
        return Expression(text, where="relevance")
    except ConfigError:
        return None
