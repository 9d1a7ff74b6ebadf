"""Every error a person can see: what is wrong, where, with which value, what was expected, what to do.

The exit code of each class is the contract's. A traceback reaches a person only with ``--debug``.
"""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

DEBUG = "BILDUNGSBEDARF_DEBUG"
"""Environment variable that makes a notebook show our whole way to an error."""
_PACKAGE = Path(__file__).parent
_LONGEST_VALUE = 80
_LONGEST_LIST = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    ``where`` names file, line, question code or cell; ``value`` is what stood there.
    """

    what: str
    where: str = ""
    value: object = None
    expected: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.value is not None:
            parts.append(f"  found: {shorten(self.value)}")
        if self.expected:
            parts.append(f"  expected: {self.expected}")
        if self.remedy:
            parts.append(f"  what to do: {self.remedy}")
        return "\n".join(parts)


class BildungsbedarfError(Exception):
    """Base of all errors a person can see; holds one or more problems."""

    exit_code = 1

    def __init__(
        self,
        what: str | Sequence[Problem],
        *,
        where: str = "",
        value: object = None,
        expected: str = "",
        remedy: str = "",
    ) -> None:
        if isinstance(what, str):
            self.problems: tuple[Problem, ...] = (Problem(what, where, value, expected, remedy),)
        else:
            self.problems = tuple(what)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the line of the person's own that led here, and the message; not our way there.

        With ``BILDUNGSBEDARF_DEBUG`` set it shows everything.
        """
        if os.environ.get(DEBUG):
            # IPython shows its own traceback, with every frame, where an error has none to show
            raise NotImplementedError
        own = [frame for frame in traceback.extract_tb(self.__traceback__) if _is_a_persons(Path(frame.filename))]
        line = next((frame.line for frame in reversed(own) if frame.line), "")
        return [*([f"→ {line.strip()}"] if line else []), f"{type(self).__name__}: {self}"]

    def __reduce__(self) -> tuple[type[BildungsbedarfError], tuple[tuple[Problem, ...]]]:
        # Errors cross process borders in parallel runs; keep the problems, not only the text.
        return (type(self), (self.problems,))


class StepError(BildungsbedarfError):
    """A notebook or step failed, the study is locked, or the disk is full."""

    exit_code = 1


class ConfigError(BildungsbedarfError):
    """Wrong usage or configuration: a flag, a file of the study, a notebook's parameters."""

    exit_code = 2


class UnknownNameError(ConfigError, AttributeError):
    """An object or a room has nothing of this name.

    Python asks for an ``AttributeError`` here; at a keyboard it shows itself in words like any other error of ours.
    """


class DataError(BildungsbedarfError):
    """Data cannot be used: a broken or wrong export, an unusable snapshot or margin."""

    exit_code = 3


class DesignError(DataError):
    """A survey design or an estimate cannot be built from the data given."""


class DisclosureError(BildungsbedarfError):
    """The disclosure gate refused to let something out."""

    exit_code = 4


class ServerError(BildungsbedarfError):
    """The LimeSurvey server is unreachable or refused us."""

    exit_code = 5


def _is_a_persons(path: Path) -> bool:
    """Whether a line is neither of this library nor of Python's or another one."""
    return not any(place in path.parents for place in (_PACKAGE, *_LIBRARIES))


_LIBRARIES = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))


def combine(errors: Sequence[BildungsbedarfError]) -> BildungsbedarfError:
    """All problems in one error, each once, with the exit code of the contract: the lowest of 2 to 5, else 1."""
    ranked = sorted(errors, key=lambda error: (error.exit_code < ConfigError.exit_code, error.exit_code))
    problems = dict.fromkeys(problem for error in ranked for problem in error.problems)
    return type(ranked[0])(tuple(problems))


def shorten(value: object) -> str:
    """A value as one short line, so that a whole file never ends up in a message."""
    text = repr(value) if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest known name, else a list of the known ones."""
    names = sorted(set(known))
    folded = {one.casefold(): one for one in names}
    match = get_close_matches(name, names, n=1, cutoff=0.6) or get_close_matches(name.casefold(), folded, n=1)
    if match:
        return f"did you mean {folded.get(match[0], match[0])!r}?"
    if len(names) > _LONGEST_LIST:
        names = [*names[:_LONGEST_LIST], f"… ({len(names)} in all)"]
    return "known: " + ", ".join(names) if names else "nothing is known here"
