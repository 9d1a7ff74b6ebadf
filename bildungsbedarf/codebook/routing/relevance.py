"""Which conditions a question has, and how they are read; what cannot be evaluated is named, never guessed."""

from __future__ import annotations

from functools import lru_cache

from bildungsbedarf.codebook.routing.routing import Routing
from bildungsbedarf.errors import ConfigError

_ALWAYS = ("", "1")


def is_unconditional(text: str) -> bool:
    """Whether the condition always holds."""
    return text.strip() in _ALWAYS


@lru_cache(maxsize=2048)
def parse_relevance(text: str) -> Routing | None:
    """The condition, or ``None`` where it is beyond what is evaluated."""
    try:
        return Routing(text)
    except ConfigError:
        return None
