"""What a person at a keyboard calls: names and arguments that do not fit are told in words, with what is near."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, wraps
from importlib import import_module
from numbers import Integral, Real
from types import FunctionType
from typing import Any, Literal, ParamSpec, TypeVar, get_args, get_origin

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DisclosureError, UnknownNameError, nearest

P = ParamSpec("P")
R = TypeVar("R")
_NEAR = 0.75
_TOLD = "_is_told_in_words"
_OWN = ("self", "cls")
_LANGUAGES = ("", "de", "en")
"""What every argument of this name knows: of a word that is none of them nothing would be found, or German."""


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
        known = _otherwise(name.rpartition(".")[2], key)
        told = f": it is {known}" if known else _near(key, public)
        raise UnknownNameError(f"module {name!r} has no attribute {key!r}{told}")

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
        raise UnknownNameError(f"a {cls.__name__} has no {key!r}{_as_key(self, key) or _elsewhere(cls, key)}")

    cls.__getattr__ = absent  # type: ignore[attr-defined]
    return cls


def _as_key(value: object, key: str) -> str:
    """Where a column or question is that somebody looks for as an attribute."""
    has_keys = hasattr(type(value), "__contains__") and hasattr(type(value), "__getitem__")
    if key.startswith("_") or not has_keys:
        return ""
    try:
        is_there = key in value  # type: ignore[operator]
    except BildungsbedarfError:
        # a wave without data has no columns yet
        return ""
    return f': it is {type(value).__name__.lower()}["{key}"]' if is_there else ""


def _elsewhere(cls: type, key: str) -> str:
    """Where a name is that somebody looks for in an object: in a room, or near it."""
    if key.startswith("_"):
        return ""
    design, table = import_module("bildungsbedarf").SurveyDesign, import_module("pandas").DataFrame
    # what an object holds may have it: a wave its design and answers, released rows their table
    before, rooms, after = {
        "Wave": ({"wave.design": design}, tuple(_HANDED_IN), {"wave.responses": table}),
        "Released": ({}, ("show",), {"released.rows()": table}),
        "Codebook": ({}, (), {"codebook.table()": table}),
    }.get(cls.__name__, ({}, tuple(_HANDED_IN), {}))
    found = [f"{place}.{key}" for place, inner in before.items() if hasattr(inner, key)]
    found += filter(None, (_in_room(room, key) for room in rooms))
    found += [f"{place}.{key}" for place, inner in after.items() if hasattr(inner, key)]
    return f": it is {found[0]}" if found else _near(key, [name for name in dir(cls) if not name.startswith("_")])


def _in_room(room: str, key: str) -> str:
    """How a function of a room is called, by its own name or what other programs call it."""
    is_there = key in getattr(import_module("bildungsbedarf"), room).__all__
    return f"bb.{room}.{key}({_HANDED_IN[room]}, …)" if is_there else _otherwise(room, key)


def _otherwise(room: str, key: str) -> str:
    return f"bb.estimate.{_ALIASES[key]}" if room == "estimate" and key in _ALIASES else ""


def _near(key: str, names: Iterable[str]) -> str:
    """The ending of a message that names what is near; nothing where nothing is."""
    match = get_close_matches(key, sorted(names), n=1, cutoff=0.6)
    return f"; did you mean {match[0]!r}?" if match else ""


_HANDED_IN = {
    "estimate": "wave",
    "needs": "wave",
    "disclosure": "frame",
    "show": "released",
    "weighting": "wave.design",
}
"""Rooms in the order they are looked through, and what their functions take first."""
_ALIASES = {
    "median": 'quantile(wave, "ALTER", 0.5)',
    "percentile": 'quantile(wave, "ALTER", 0.9)',
    "sum": 'total(wave, "STUND")',
    "count": 'total(wave, "TEILN"), and n of every frame',
    "share": 'proportion(wave, "TEILN")',
    "percentage": 'proportion(wave, "TEILN")',
    "frequencies": 'proportion(wave, "TEILN")',
    "value_counts": 'proportion(wave, "TEILN")',
    "tabulate": 'crosstab(wave, "TEILN", "altersgruppe")',
    "cross_tab": 'crosstab(wave, "TEILN", "altersgruppe")',
    "chi2": 'chisq(wave, "TEILN", "altersgruppe")',
    "regression": 'glm(wave, "GESAMT ~ ALTER")',
    "ols": 'glm(wave, "GESAMT ~ ALTER")',
    "lm": 'glm(wave, "GESAMT ~ ALTER")',
    "logit": 'glm(wave, "TEILN ~ ALTER", "binomial", category="Y")',
}
"""What other programs call it, and what it is here."""


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
    declared = Declared.of(function, name, has_choices=has_choices)

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        declared.check(declared.given(args, kwargs))
        return function(*args, **kwargs)

    return mark(told)


def mark(function: Callable[P, R]) -> Callable[P, R]:
    """The function, known to tell wrong arguments in words by itself."""
    setattr(function, _TOLD, True)
    return function


@dataclass(frozen=True)
class Declared:
    """What a function takes, read once from its signature: names, and of some arguments kinds and words.

    ``kinds`` are those asked for by the name of a class we know, with whether there may be none; ``choices`` are the
    words of arguments declared as ``Literal``, or by the name of one.
    """

    name: str
    signature: inspect.Signature
    kinds: Mapping[str, tuple[tuple[str, ...], bool]]
    choices: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, function: Callable[..., Any], name: str = "", *, has_choices: bool = True) -> Declared:
        """As the function's annotations say."""
        plain = inspect.unwrap(function)
        scope, signature = getattr(plain, "__globals__", {}), inspect.signature(plain)
        kinds, choices = {}, {}
        for key, parameter in signature.parameters.items():
            text = str(parameter.annotation)
            asked = tuple(kind for kind in text.split(" | ") if kind != "None")
            # who looks at words itself also says what a name is
            known = set(_KINDS) if has_choices else set(_KINDS) - {"str"}
            if set(asked) <= known:
                kinds[key] = (asked, "None" in text.split(" | "))
            if get_origin(scope.get(text)) is Literal:
                choices[key] = get_args(scope[text])
            elif key == "language":
                choices[key] = _LANGUAGES
            elif text.startswith("Literal["):
                choices[key] = tuple(ast.literal_eval(f"({text[len('Literal[') : -1]},)"))
        return cls(name or function.__name__, signature, kinds, choices if has_choices else {})

    @property
    def first(self) -> str:
        """Name of the first argument."""
        return next(iter(self.signature.parameters))

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Names of the arguments a caller may give."""
        written = self.signature.parameters.items()
        return tuple(key for key, one in written if key not in _OWN and one.kind is not inspect.Parameter.VAR_KEYWORD)

    def given(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call by name, told in words where they do not fit.

        Raises
        ------
        ConfigError
            One is lacking, unknown or given twice.
        """
        known = self.known
        unknown = [key for key in kwargs if key not in known]
        near = {key: get_close_matches(key, known, n=1, cutoff=_NEAR) for key in unknown}
        try:
            if any(near.values()):
                # further options are another function's: what looks like one of ours is a slip
                raise TypeError(f"got an unexpected keyword argument {next(key for key in near if near[key])!r}")
            return self.signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            told = next((nearest(key, known) for key in near if near[key]), "")
            named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
            written = self.signature.parameters
            shown = [f"{key}=…" if one.kind in named else key for key, one in written.items() if key not in _OWN]
            raise ConfigError(
                f"{self.name} cannot be called so: {error}", expected=told or f"{self.name}({', '.join(shown)})"
            ) from None

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse a study where a wave is asked for, and words that an argument does not know.

        Raises
        ------
        ConfigError
            An argument is of another kind than it is declared, or a word that is none of its own.
        DisclosureError
            It should have passed the gate.
        """
        self._check_kinds(given, self.kinds)
        self.check_choices(given)

    def check_texts(self, given: Mapping[str, Any]) -> None:
        """Refuse anything but a text where one is asked for.

        Raises
        ------
        ConfigError
            A list of names where one is taken, or something else.
        """
        self._check_kinds(given, {key: kind for key, kind in self.kinds.items() if kind[0] == ("str",)})

    def _check_kinds(self, given: Mapping[str, Any], kinds: Mapping[str, tuple[tuple[str, ...], bool]]) -> None:
        for key, (asked, may_be_none) in kinds.items():
            if key in given and not (may_be_none and given[key] is None):
                self._check_kind(key, asked, given[key])

    def _check_kind(self, key: str, kinds: Sequence[str], value: Any) -> None:
        is_many = self.signature.parameters[key].kind is inspect.Parameter.VAR_POSITIONAL
        wrong = [one for one in (value if is_many else [value]) if not any(_is_one(one, kind) for kind in kinds)]
        if not wrong:
            return
        told = {"value": type(wrong[0]).__name__, "expected": " or ".join(_KINDS[kind] for kind in kinds)}
        if "Released" in kinds:
            raise DisclosureError("only what passed the gate can be shown", **told)
        raise ConfigError(f"{self.name} takes something else as {key}", **told)

    def check_choices(self, given: Mapping[str, Any]) -> None:
        """Refuse a word that is none of those an argument knows: it would be taken for another one.

        Raises
        ------
        ConfigError
            It is none of them.
        """
        for key, choices in self.choices.items():
            if key in given and not any(given[key] is one or given[key] == one for one in choices):
                near = nearest(str(given[key]), [str(one) for one in choices if one != ""])
                raise ConfigError(f"unknown {key}", value=given[key], expected=near)


def _is_one(value: Any, kind: str) -> bool:
    if kind.startswith("Sequence["):
        return isinstance(value, (list, tuple)) and all(_is_one(one, kind[len("Sequence[") : -1]) for one in value)
    if kind in _PLAIN:
        # true and false are numbers to Python, and to nobody else
        return isinstance(value, _PLAIN[kind]) and not isinstance(value, bool)
    # by its class alone: asking a wave itself for its design would prepare all its data
    own = type(value)
    if kind == "Source":
        return hasattr(own, "weights") or (hasattr(own, "named") and hasattr(own, "design"))
    return any(cls.__name__ == kind for cls in own.__mro__)


_PLAIN: dict[str, type] = {"str": str, "float": Real, "int": Integral}
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
    "str": "one name or text in quotes",
    "float": "a number: 0.95",
    "int": "a whole number: 3",
    "Limits": "disclosure.Limits(minimum_base=20)",
    "Path": 'a path in quotes: "bedarf.docx"',
}
"""What is asked for by the name of its class, and where a person gets it."""
