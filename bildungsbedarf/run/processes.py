"""Processes and folders a run owns: marked, so that none outlives it and the next run clears what a killed one left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

_PREFIX = "bildungsbedarf-"
MARK = "BILDUNGSBEDARF_OWNER"
"""In the environment of all that a notebook starts: the folder of its execution."""
_LONGEST_SOCKET = 90
"""Characters of a socket's path that every system takes."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder named after this process."""
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def environment_is(environment: Mapping[str, str]) -> Iterator[None]:
    """Have this environment, and afterwards the one before."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def has_room_for_sockets(folder: Path) -> bool:
    """Whether a socket can lie in the folder: their paths are short on every system."""
    return os.name != "nt" and len(str(folder)) < _LONGEST_SOCKET


def clear_leftovers() -> None:
    """Remove folders, and end what runs in them, of processes that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not psutil.pid_exists(int(number)):
            end_all(folder)
            shutil.rmtree(folder, ignore_errors=True)


def end_all(folder: Path) -> None:
    """End every process that was started by the notebook executed in ``folder``, whatever session it is in."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK, "").startswith(str(folder)):
                process.kill()
        except (psutil.Error, OSError):
            # gone by itself, or another person's
            continue
