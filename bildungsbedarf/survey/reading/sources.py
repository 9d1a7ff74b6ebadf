"""What an estimate is of: a design, or whatever has one and knows what its columns are called (a wave)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import pandas as pd

from bildungsbedarf.calls import Declared, mark
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
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
) -> Callable[Concatenate[SurveyDesign | Source | Sequence[SurveyDesign | Source], P], R]:
    """The function, which takes a wave too: its design, and columns as the questionnaire or a report calls them.

    Of a list of waves the frames stand beneath each other (``beneath_each_other``).

    Examples
    --------
    >>> bb.estimate.mean(wave, "ALTER")["estimate"].equals(bb.estimate.mean(wave.design, "ALTER")["estimate"])
    True
    """
    declared = Declared.of(function)
    first = declared.first

    @wraps(function)
    def taking(*args: Any, **kwargs: Any) -> R:
        given = declared.given(args, kwargs)
        source = given[first]
        # the first argument may be a wave too, whatever it is declared as
        declared.check_choices(given)
        declared.check_texts(given)
        if isinstance(source, (list, tuple)):
            del given[first]
            return cast(R, beneath_each_other([(taking(one, **given), one) for one in source]))
        if isinstance(source, SurveyDesign):
            return function(*args, **kwargs)
        if not (hasattr(source, "named") and hasattr(source, "design")):
            raise ConfigError(
                f"{function.__name__} is of a wave or a design", value=type(source).__name__, expected=_A_WAVE
            )
        for name, value in given.items():
            if name in _NAMES:
                _require_once(name, value)
                given[name] = _named(cast(Source, source), value)
            elif hasattr(value, "named") and hasattr(value, "design"):
                given[name] = value.design
        return cast(Callable[..., R], function)(**given)

    return cast(Callable[Concatenate[SurveyDesign | Source | Sequence[SurveyDesign | Source], P], R], mark(taking))


_A_WAVE = 'study.wave("2026"), its design, or several of them in a list'


def _require_once(name: str, value: Any) -> None:
    doubled = [one for one in value if list(value).count(one) > 1] if isinstance(value, (list, tuple)) else []
    if doubled:
        raise ConfigError("a column is named twice", where=name, value=doubled[0], expected="each once")


def _named(source: Source, value: Any) -> Any:
    """Columns by name, one or several; what is no name is left to the function."""
    if isinstance(value, str):
        return source.named(value)
    if isinstance(value, (list, tuple)):
        return [source.named(one) if isinstance(one, str) else one for one in value]
    return value


WAVE = "wave"
"""Column that says which wave a row is of, where several were handed in."""


OF_WAVES = "of_waves"
"""Under which ``attrs`` of such a frame say what is estimated: nothing that opens a gate."""


def beneath_each_other(parts: Sequence[tuple[Any, Any]]) -> pd.DataFrame:
    """Frames of several waves in one, to look at and to draw: ``wave`` comes first.

    Each wave is a family of its own, so nothing says here what changed, and the gate takes the frame of each wave.

    Parameters
    ----------
    parts
        A frame and what it is of (a wave, or a design, which is called by its place in the list).

    Returns
    -------
    pandas.DataFrame
        The frames' columns after ``wave``.

    Raises
    ------
    ConfigError
        The list is empty, or what was asked for gives no frame.
    """
    if not parts or not all(isinstance(frame, pd.DataFrame) and WAVE not in frame.columns for frame, _ in parts):
        found = type(parts[0][0]).__name__ if parts else "an empty list"
        raise ConfigError("a list of waves gives frames one beneath the other", value=found, expected="one wave")
    names = _told_apart([one for _, one in parts])
    frames = []
    for name, (frame, _) in zip(names, parts, strict=True):
        plain = frame.copy()
        plain.attrs = {}
        plain.insert(0, WAVE, name)
        frames.append(plain)
    whole: pd.DataFrame = pd.concat(frames, ignore_index=True)
    facts = facts_of(parts[0][0])
    told = {"measure": facts.measure, "unit": facts.unit, "kind": facts.kind, "joint": facts.joint}
    whole.attrs = {OF_WAVES: {**told, "sampling": facts.sampling, "family": facts.family}}
    return whole


def _told_apart(sources: Sequence[Any]) -> list[str]:
    """Names of waves; with audiences, changes and places in the list where they need them."""
    names = [str(getattr(one, "name", place)) for place, one in enumerate(sources, start=1)]
    audiences = {getattr(one, "audience", "") for one in sources}
    if len(audiences) > 1 or len(set(names)) < len(names):
        names = [f"{name} {getattr(one, 'audience', '')}".strip() for name, one in zip(names, sources, strict=True)]
    if len(set(names)) < len(names):
        changed = [getattr(one, "is_changed", False) for one in sources]
        names = [f"{name} (changed)" if other else name for name, other in zip(names, changed, strict=True)]
    if len(set(names)) < len(names):
        names = [f"{name} ({place})" for place, name in enumerate(names, start=1)]
    return names
