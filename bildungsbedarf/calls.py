"""What a person at a keyboard calls: names and arguments that do not fit are told in words, with what is near."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import wraps
from importlib import import_module
from types import FunctionType
from typing import Any, Literal, ParamSpec, TypeVar, get_args, get_origin

from bildungsbedarf.errors import ConfigError, DisclosureError, nearest

P = ParamSpec("P")
R = TypeVar("R")
_NEAR = 0.75
_TOLD = "_is_told_in_words"


def opened(room: dict[str, Any], public: Sequence[str]) -> None:
    """Open a room to people: its functions tell wrong arguments in words, and names that are not there what is near.

    Parameters
    ----------
    room
        ``globals()`` of the package.
    public
        Its ``__all__``.
    """
    name = str(room["__name__"])
    for key in public:
        if isinstance(function := room[key], FunctionType):
            told: Any = told_in_words(function)
            room[key] = told
            # where it is defined too: what is pickled is found there by its name
            home = vars(sys.modules[str(function.__module__)])
            if home.get(key) is function:
                home[key] = told

    def absent(key: str) -> Any:
        match = get_close_matches(key, sorted(public), n=1, cutoff=0.6)
        told = f"; did you mean {match[0]!r}?" if match else ""
        raise AttributeError(f"module {name!r} has no attribute {key!r}{told}")

    room["__getattr__"] = absent


def with_words(cls: type[R]) -> type[R]:
    """The class, which tells in words how it and its public methods are not called, and what it has not."""
    for key, method in list(vars(cls).items()):
        if key == "__init__" or not key.startswith("_"):
            if isinstance(method, FunctionType):
                is_made = key == "__init__"
                setattr(cls, key, told_in_words(method, cls.__name__ if is_made else key, has_choices=not is_made))
            elif isinstance(method, (classmethod, staticmethod)):
                setattr(cls, key, type(method)(told_in_words(method.__func__, key, has_choices=False)))

    def absent(self: R, key: str) -> Any:
        if hasattr(type(self), key):
            # it is there, and what went wrong is within it: let that be told
            return object.__getattribute__(self, key)
        raise AttributeError(f"a {cls.__name__} has no {key!r}{_elsewhere(cls, key)}", name=key, obj=self)

    cls.__getattr__ = absent  # type: ignore[attr-defined]
    return cls


def _elsewhere(cls: type, key: str) -> str:
    """Where a name is that somebody looks for in an object: in a room, or near it."""
    if key.startswith("_"):
        return ""
    library = import_module("bildungsbedarf")
    for room in ("show",) if cls.__name__ == "Released" else ("estimate", "needs", "disclosure", "show", "weighting"):
        if key in getattr(library, room).__all__:
            return f": it is bb.{room}.{key}({_HANDED_IN.get(room, 'wave')}, …)"
    # what an object holds may have it: a wave its design, released rows their frame
    within = {
        "Wave": ("wave.design", library.SurveyDesign),
        "Released": ("released.frame", import_module("pandas").DataFrame),
    }
    place, inner = within.get(cls.__name__, ("", None))
    if inner is not None and hasattr(inner, key):
        return f": it is {place}.{key}"
    match = get_close_matches(key, [name for name in dir(cls) if not name.startswith("_")], n=1, cutoff=0.6)
    return f"; did you mean {match[0]!r}?" if match else ""


_HANDED_IN = {"disclosure": "frame", "show": "released", "weighting": "wave.design"}


def told_in_words(function: Callable[P, R], name: str = "", *, has_choices: bool = True) -> Callable[P, R]:
    """The function, whose caller is told in words which arguments do not fit.

    Without ``has_choices`` it looks itself at the words that an argument knows.

    Examples
    --------
    >>> from bildungsbedarf.calls import told_in_words
    >>> told_in_words(round)(2.5, digits=1)
    Traceback (most recent call last):
    bildungsbedarf.errors.ConfigError: round cannot be called so: got an unexpected keyword argument 'digits'
      expected: did you mean 'ndigits'?
    """
    if getattr(function, _TOLD, False):
        return function
    signature = inspect.signature(function)
    known = choices_of(function) if has_choices else {}
    name = name or function.__name__

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        given = bound(signature, name, args, kwargs)
        check_kinds(signature, name, given)
        check_choices(known, given)
        return function(*args, **kwargs)

    return mark(told)


def mark(function: Callable[P, R]) -> Callable[P, R]:
    """The function, known to tell wrong arguments in words by itself."""
    setattr(function, _TOLD, True)
    return function


def bound(signature: inspect.Signature, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by name, told in words where they do not fit.

    Raises
    ------
    ConfigError
        One is lacking, unknown or given twice.
    """
    parameters = {key: one for key, one in signature.parameters.items() if key not in ("self", "cls")}
    known = [key for key, one in parameters.items() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    unknown = [key for key in kwargs if key not in known]
    near = {key: get_close_matches(key, known, n=1, cutoff=_NEAR) for key in unknown}
    try:
        if any(near.values()):
            # further options are another function's: what looks like one of ours is a slip
            raise TypeError(f"got an unexpected keyword argument {next(key for key in near if near[key])!r}")
        return signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        told = next((nearest(key, known) for key in near if near[key]), "")
        named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
        shown = [f"{key}=…" if one.kind in named else key for key, one in parameters.items()]
        raise ConfigError(
            f"{name} cannot be called so: {error}", expected=told or f"{name}({', '.join(shown)})"
        ) from None


def check_kinds(signature: inspect.Signature, name: str, given: Mapping[str, Any]) -> None:
    """Refuse a study where a wave is asked for, and the like.

    Raises
    ------
    ConfigError
        An argument is of another kind than it is declared.
    DisclosureError
        It should have passed the gate.
    """
    for key, value in given.items():
        parameter = signature.parameters[key]
        declared = str(parameter.annotation).split(" | ")
        kinds = [kind for kind in declared if kind != "None"]
        values = value if parameter.kind is parameter.VAR_POSITIONAL else [value]
        if not set(kinds) <= set(_KINDS):
            continue
        wrong = [one for one in values if not any(_is_one(one, kind) for kind in kinds)]
        if not wrong or ("None" in declared and value is None):
            continue
        is_unreleased = "Released" in kinds
        what = "only what passed the gate can be shown" if is_unreleased else f"{name} takes something else as {key}"
        error = DisclosureError if is_unreleased else ConfigError
        raise error(what, value=type(wrong[0]).__name__, expected=" or ".join(_KINDS[kind] for kind in kinds))


def choices_of(function: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
    """Argument → what it may be, of those declared as ``Literal`` or by the name of one."""
    plain = inspect.unwrap(function)
    scope, found = getattr(plain, "__globals__", {}), {}
    for key, one in inspect.signature(plain).parameters.items():
        text = str(one.annotation)
        if get_origin(scope.get(text)) is Literal:
            found[key] = get_args(scope[text])
        elif text.startswith("Literal["):
            found[key] = tuple(ast.literal_eval(f"({text[len('Literal[') : -1]},)"))
    return found


def check_choices(known: Mapping[str, tuple[Any, ...]], given: Mapping[str, Any]) -> None:
    """Refuse a word that is none of those an argument knows: it would be taken for another one.

    Raises
    ------
    ConfigError
        It is none of them.
    """
    for key, choices in known.items():
        if key in given and not any(given[key] is one or given[key] == one for one in choices):
            near = nearest(str(given[key]), map(str, choices))
            raise ConfigError(f"unknown {key}", value=given[key], expected=near)


def _is_one(value: Any, kind: str) -> bool:
    if kind.startswith("Sequence["):
        return isinstance(value, (list, tuple)) and all(_is_one(one, kind[len("Sequence[") : -1]) for one in value)
    if kind == "Source":
        return hasattr(value, "weights") or (hasattr(value, "named") and hasattr(value, "design"))
    return any(cls.__name__ == kind for cls in type(value).__mro__)


_KINDS = {
    "Block": "a table or figure: show.table(disclosure.release(frame), wave)",
    "Project": "a project",
    "Released": "disclosure.release(frame)",
    "Source": 'study.wave("2026")',
    "Study": 'bb.Study.load("name")',
    "StudyFiles": 'by its name: bb.Study.load("name")',
    "SurveyDesign": "wave.design",
    "Sequence[Finding]": "findings: what findings.record(…) returned, or a list of them",
    "Wave": 'study.wave("2026")',
}
"""What is asked for by the name of its class, and where a person gets it."""
