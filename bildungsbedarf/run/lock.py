"""One run a study at a time; who holds it is told to the others."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bildungsbedarf.errors import StepError
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.names import HOLDER, LOCK


@contextmanager
def locked(results: Path, study: str) -> Iterator[None]:
    """Hold the study's results.

    Raises
    ------
    StepError
        Another run holds them; names its process, machine and start.
    """
    try:
        results.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StepError(f"results cannot be written: {error.strerror}", where=f"results/{study}") from None
    lock = FileLock(results / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StepError(
            "another run is working on this study",
            where=study,
            value=_holder(results),
            remedy="wait until it ends",
        ) from None
    try:
        holder = {
            "process": os.getpid(),
            "machine": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_atomic(results / HOLDER, json.dumps(holder) + "\n")
        yield
    finally:
        (results / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(results: Path) -> str | None:
    try:
        told = json.loads((results / HOLDER).read_bytes())
        return f"process {told['process']} on {told['machine']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        # it has only just begun, or is an older version
        return None
