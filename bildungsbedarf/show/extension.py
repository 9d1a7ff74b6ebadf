"""``%load_ext bildungsbedarf``: whether an output could be published, and ``%bildungsbedarf`` for commands."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.prepare import Quality
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.weights import Weighting

COULD = "could be published: it passed the gate"
SHOWN_LATER = "passed the gate: show.table(…) or a figure makes something a page can show of it"
OWN_EYES = "not for publication: it has not passed the gate (disclosure.release, then show)"


def verdict(value: object) -> str:
    """Whether an output could be published; ``""`` for what is none of ours.

    Parameters
    ----------
    value
        What a cell gave back.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> verdict(needs.unmet(wave))
    'not for publication: it has not passed the gate (disclosure.release, then show)'
    >>> verdict(show.table(disclosure.release(needs.unmet(wave)), wave))
    'could be published: it passed the gate'
    """
    if isinstance(value, Block):
        return COULD
    if isinstance(value, Released):
        return SHOWN_LATER
    is_drawn = hasattr(value, "get_figure") or type(value).__module__.startswith("seaborn.")
    return OWN_EYES if isinstance(value, _OWN) or is_drawn else ""


_OWN = (pd.DataFrame, pd.Series, Study, Wave, SurveyDesign, Quality, Weighting)
"""Beside what pandas draws, which has a ``get_figure``, and what seaborn does."""


def load(ipython: Any) -> None:
    """Say it after every cell from now on; ``%bildungsbedarf check`` is the command ``bildungsbedarf check``."""
    ipython.events.register("post_run_cell", _tell)
    ipython.register_magic_function(command, "line", COMMAND)


def unload(ipython: Any) -> None:
    """Say it no longer."""
    ipython.events.unregister("post_run_cell", _tell)
    ipython.magics_manager.magics["line"].pop(COMMAND, None)


def command(line: str) -> None:
    """A command of the terminal, with this kernel's own interpreter, in the notebook's folder; prints what it says.

    Parameters
    ----------
    line
        What stands after ``bildungsbedarf``: ``check musterland``.
    """
    try:
        given = shlex.split(line, posix=os.name != "nt")
    except ValueError as error:
        raise ConfigError("the command cannot be read", value=line, expected=f"closed quotes ({error})") from None
    if given[:1] and given[0] in _ENDLESS:
        raise ConfigError("this command goes on until it is ended", value=given[0], remedy="use a terminal")
    words = [sys.executable, "-m", "bildungsbedarf", *given]
    plain = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | {"NO_COLOR": "1"}
    together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(words, check=False, env=plain, **together)  # type: ignore[call-overload]  # noqa: S603
    sys.stdout.write(done.stdout)
    if done.returncode:
        sys.stdout.write(f"exit code {done.returncode}\n")


COMMAND = "bildungsbedarf"
_ENDLESS = ("lab", "serve", "watch")


def _tell(result: Any) -> None:
    is_shown = not result.info.raw_cell.rstrip().endswith(";")
    if is_shown and (told := verdict(result.result)):
        sys.stdout.write(f"[{told}]\n")
