"""bildungsbedarf: from survey answers to findings a council can trust.

``import bildungsbedarf as bb`` is light: rooms load when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bildungsbedarf import disclosure, findings, monitoring, needs, participation, show, supply
    from bildungsbedarf.codebook import Codebook
    from bildungsbedarf.survey import SurveyDesign, estimate, weighting
    from bildungsbedarf.wave import Study, Wave

__version__ = "0.1.0"

_LAZY = {
    "Codebook": "bildungsbedarf.codebook",
    "Study": "bildungsbedarf.wave",
    "SurveyDesign": "bildungsbedarf.survey",
    "Wave": "bildungsbedarf.wave",
    "disclosure": "bildungsbedarf",
    "estimate": "bildungsbedarf.survey",
    "findings": "bildungsbedarf",
    "monitoring": "bildungsbedarf",
    "needs": "bildungsbedarf",
    "participation": "bildungsbedarf",
    "show": "bildungsbedarf",
    "supply": "bildungsbedarf",
    "weighting": "bildungsbedarf.survey",
}

__all__ = [
    "Codebook",
    "Study",
    "SurveyDesign",
    "Wave",
    "disclosure",
    "estimate",
    "findings",
    "monitoring",
    "needs",
    "participation",
    "show",
    "supply",
    "weighting",
]


def __getattr__(name: str) -> Any:
    """Load a room or class when it is first used."""
    if name not in _LAZY:
        from bildungsbedarf.errors import UnknownNameError, nearest

        raise UnknownNameError(f"module {__name__!r} has no attribute {name!r}", expected=nearest(name, _LAZY))
    home = _LAZY[name]
    if name[0].isupper():
        return getattr(import_module(home), name)
    return import_module(f"{home}.{name}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext bildungsbedarf``: say beneath each output whether it could be published."""
    import_module("bildungsbedarf.show.extension").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext bildungsbedarf``."""
    import_module("bildungsbedarf.show.extension").unload(ipython)
