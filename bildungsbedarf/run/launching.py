"""How a notebook's kernel is started: with our own interpreter, its orders, and no word of the survey server."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import psutil

import bildungsbedarf
from bildungsbedarf.run.kernel import VARIABLE, Orders
from bildungsbedarf.run.processes import MARK
from bildungsbedarf.sources.credentials import PASSWORD, USER
from bildungsbedarf.study.config import RunConfig
from bildungsbedarf.study.project import HOME_VARIABLE

KERNEL = "bildungsbedarf-run"
"""A specification of our own: "python3" may be another person's interpreter."""
_RECORD, _PID = "opened.txt", "kernel.pid"
_MEGABYTE = 1 << 20


@contextmanager
def environment_of(folder: Path, root: Path, inputs: Sequence[Path], limits: RunConfig) -> Iterator[None]:
    """The environment a kernel inherits while one is started; afterwards it is as before."""
    spec = folder / "kernels" / KERNEL
    spec.mkdir(parents=True)
    start = "from bildungsbedarf.run.kernel import main; main()"
    command = [sys.executable, "-c", start, "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": KERNEL, "language": "python"}))
    real = root.resolve()
    opened = inputs or [real / "surveys", real / "data" / "reference", real / "data" / "waves"]
    orders = Orders(
        root=str(real),
        inputs=tuple(str(path.resolve()) for path in opened),
        library=(str(Path(bildungsbedarf.__file__).resolve().parent), str(Path(sys.prefix).resolve())),
        record=str(folder / _RECORD),
        pid_file=str(folder / _PID),
        memory=limits.memory_mb * _MEGABYTE or psutil.virtual_memory().total,
    )
    told = {
        HOME_VARIABLE: str(root),
        VARIABLE: orders.to_environment(),
        MARK: str(folder),
        "JUPYTER_PATH": str(folder),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    before = dict(os.environ)
    os.environ.update(told)
    for secret in (PASSWORD, USER):
        os.environ.pop(secret, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def files_opened(folder: Path) -> tuple[str, ...]:
    """The inputs that the kernel started with ``folder`` has opened, sorted."""
    record = folder / _RECORD
    return tuple(sorted(set(record.read_text(encoding="utf-8").splitlines()))) if record.is_file() else ()


class Watch:
    """Ends the kernel started with ``folder`` after so many seconds; ``ended`` says whether it had to."""

    def __init__(self, folder: Path, seconds: int) -> None:
        self.ended = False
        self._pid = folder / _PID
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        try:
            psutil.Process(int(self._pid.read_text())).kill()
            self.ended = True
        except (OSError, ValueError, psutil.Error):
            # it has ended by itself in the same moment
            return
