"""How a frame of estimates was computed, so that anybody can compute it again: function, arguments, waves."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from bildungsbedarf.calls import Declared, mark
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.survey.reading.sources import beneath_each_other
from bildungsbedarf.wave.study import Study
from bildungsbedarf.wave.wave import Wave

P = ParamSpec("P")
S = TypeVar("S")
Recipe = Mapping[str, Any]
"""``{"function": "needs.unmet", "arguments": {"by": "kinder"}, "waves": [["2026", "erwachsene"]]}``; empty where a
frame cannot be computed again from a study's own files."""

_KNOWN: dict[str, Callable[..., pd.DataFrame]] = {}


def recomputable(
    function: Callable[Concatenate[S, P], pd.DataFrame],
) -> Callable[Concatenate[S | Sequence[S], P], pd.DataFrame]:
    """The function, whose frames say how to compute them again.

    Only what was computed from waves as they are declared has a recipe: not a design of one's own, and not a wave
    under other rules or without weights. Of functions that call each other the outermost stands in the recipe. A list
    of waves gives their frames one beneath the other (``survey.reading.sources.beneath_each_other``), without a recipe.

    Examples
    --------
    >>> bb.estimates.facts_of(needs.unmet(wave, by="kinder")).recipe["arguments"]
    {'by': 'kinder'}
    """
    return _with_recipe(function, takes_several=True)


def recomputable_of_two(function: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
    """The same of a function that compares two waves: a list in place of one of them would say nothing."""
    return _with_recipe(function, takes_several=False)


def _with_recipe(function: Callable[..., pd.DataFrame], *, takes_several: bool) -> Callable[..., pd.DataFrame]:
    declared = Declared.of(function)
    name = f"{function.__module__.split('.')[1]}.{function.__name__}"
    optional = {key: parameter.default for key, parameter in declared.signature.parameters.items()}

    @wraps(function)
    def computed(*args: Any, **kwargs: Any) -> pd.DataFrame:
        named = declared.given(args, kwargs)
        several = named.get(declared.first)
        if takes_several and isinstance(several, (list, tuple)):
            rest = {key: value for key, value in _flat(named).items() if key != declared.first}
            return beneath_each_other([(computed(one, **rest), one) for one in several])
        declared.check(named)
        waves = [value for value in named.values() if isinstance(value, Wave)]
        if waves and named.get("by") is not None:
            named["by"] = _columns(waves[0], named["by"])
        flat = _flat(named)
        frame = function(flat.pop(declared.first), **flat)
        facts = facts_of(frame)
        # a measure may be named by the function that computes it: the recipe has its key
        words = {key: facts.measure if callable(value) else value for key, value in flat.items()}
        given = {key: value for key, value in words.items() if not _is_left_out(value, optional.get(key))}
        given = {key: value for key, value in given.items() if not _is_declared(name, key, value, waves)}
        if not waves or any(wave.is_changed for wave in waves) or not _is_plain(given):
            return facts.but(recipe={}).kept_on(frame)
        recipe = {"function": name, "arguments": given, "waves": [[wave.name, wave.audience] for wave in waves]}
        return facts.but(recipe=json.loads(json.dumps(recipe))).kept_on(frame)

    _KNOWN[name] = told = mark(computed)
    return told


def _flat(named: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by name, further options among them."""
    options: dict[str, Any] = named.get("options", {})
    return {key: value for key, value in named.items() if key != "options"} | options


def _columns(wave: Wave, by: Any) -> Any:
    """Grouping variables as columns: people write what a report calls them too."""
    if isinstance(by, str):
        return wave.named(by) if by else by
    if not isinstance(by, Iterable):
        raise ConfigError(
            "groups are named by their columns", value=type(by).__name__, expected='by="kinder", or a list'
        )
    names = [wave.named(one) if isinstance(one, str) else one for one in by]
    if doubled := [one for place, one in enumerate(names) if one in names[:place]]:
        raise ConfigError("a group is named twice", where="by", value=doubled[0], expected="each once")
    return names


def _is_left_out(value: object, default: object) -> bool:
    """Whether an argument need not stand in the recipe: a wave, or what it is anyway."""
    return isinstance(value, Wave) or value is default or (isinstance(value, (str, int, float)) and value == default)


_DECLARED = {
    "needs.ranking": "ranking",
    "needs.barriers": "barriers",
    "needs.formats": "formats",
    "needs.took_part": "participation",
    "needs.hours": "hours",
}
"""Functions that are of a question study.toml names, and what it is called there."""
_OF_THE_BATTERY = ("importance", "satisfaction", "important_from", "dissatisfied_to")


def _is_declared(function: str, key: str, value: object, waves: Sequence[Wave]) -> bool:
    """Whether an argument says what study.toml says anyway."""
    name = key if key in _OF_THE_BATTERY else _DECLARED.get(function, "") if key == "question" else ""
    return bool(name) and all(wave.has_needs and getattr(wave.needs, name) == value for wave in waves)


def _is_plain(arguments: Mapping[str, Any]) -> bool:
    """Whether arguments are words and numbers only."""
    try:
        json.dumps(arguments)
    except TypeError:
        return False
    return True


def recompute(recipe: Recipe, study: Study) -> pd.DataFrame:
    """The frame a recipe stands for, from the study's snapshots as they are now.

    Raises
    ------
    ConfigError
        There is no such function, or wave, or it takes other arguments now.

    Examples
    --------
    >>> from bildungsbedarf.wave.recipes import recompute
    >>> recipe = bb.estimates.facts_of(needs.unmet(wave)).recipe
    >>> round(float(recompute(recipe, study)["estimate"].iloc[4]), 3)
    0.476
    """
    function = _KNOWN.get(recipe["function"])
    if function is None:
        raise ConfigError(
            "what this was computed with is not there any more",
            value=recipe["function"],
            expected=nearest(recipe["function"], _KNOWN),
        )
    waves = [study.wave(*pair) for pair in recipe["waves"]]
    try:
        inspect.signature(function).bind(*waves, **recipe["arguments"])
    except TypeError as error:
        raise ConfigError(
            "what this was computed with takes other arguments now", where=recipe["function"], value=str(error)
        ) from None
    return function(*waves, **recipe["arguments"])
