"""What an estimate is of: a design, or whatever has one and knows what its columns are called (a wave)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from bildungsbedarf.survey.design import SurveyDesign

P = ParamSpec("P")
R = TypeVar("R")
_NAMES = ("vars", "by", "num", "den", "row", "col")


class Source(Protocol):
    """Something with a design, such as a wave."""

    @property
    def design(self) -> SurveyDesign:
        """The survey design."""

    def named(self, name: str) -> str:
        """The column a name stands for."""


def of_source(
    function: Callable[Concatenate[SurveyDesign, P], R],
) -> Callable[Concatenate[SurveyDesign | Source, P], R]:
    """The function, which takes a wave too: its design, and columns as the questionnaire or a report calls them.

    Examples
    --------
    >>> bb.estimate.mean(wave, "ALTER")["estimate"].equals(bb.estimate.mean(wave.design, "ALTER")["estimate"])
    True
    """
    signature = inspect.signature(function)
    first = next(iter(signature.parameters))

    @wraps(function)
    def taking(*args: Any, **kwargs: Any) -> R:
        source = args[0] if args else kwargs.get(first)
        if isinstance(source, SurveyDesign) or not hasattr(source, "named"):
            return function(*args, **kwargs)
        given = signature.bind(*args, **kwargs).arguments
        for name, value in given.items():
            if name in _NAMES:
                given[name] = _named(cast(Source, source), value)
            elif hasattr(value, "named") and hasattr(value, "design"):
                given[name] = value.design
        return cast(Callable[..., R], function)(**given)

    return cast(Callable[Concatenate[SurveyDesign | Source, P], R], taking)


def _named(source: Source, value: Any) -> Any:
    """Columns by name, one or several; what is no name is left to the function."""
    if isinstance(value, str):
        return source.named(value)
    if isinstance(value, (list, tuple)):
        return [source.named(one) if isinstance(one, str) else one for one in value]
    return value
