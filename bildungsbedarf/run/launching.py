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
from bildungsbedarf.run.processes import MARK, environment_is
from bildungsbedarf.sources.credentials import PASSWORD, USER
from bildungsbedarf.study.config import RunConfig
from bildungsbedarf.study.project import HOME_VARIABLE

KERNEL = "bildungsbedarf-run"
"""A specification of our own: "python3" may be another person's interpreter."""
_RECORD, _PID = "opened.txt", "kernel.pid"
_MEGABYTE = 1 << 20
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Several notebooks run beside each other: threads of each would only wait for those of the others."""


@contextmanager
def environment_of(folder: Path, root: Path, inputs: Sequence[Path], limits: RunConfig, seal: str) -> Iterator[None]:
    """The environment a kernel inherits while one is started; afterwards it is as before."""
    # what talks to kernels is loaded where one is started only
    from bildungsbedarf.run.warm import NAME, can_fork, start

    spec = folder / "kernels" / KERNEL
    spec.mkdir(parents=True)
    begin = "from bildungsbedarf.run.kernel import main; main()"
    command = [sys.executable, "-c", begin, "-f", "{connection_file}"]
    metadata = {"kernel_provisioner": {"provisioner_name": NAME}} if can_fork() else {}
    told = {"argv": command, "display_name": KERNEL, "language": "python", "metadata": metadata}
    (spec / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    real = root.resolve()
    opened = inputs or [real / "surveys", real / "data" / "reference", real / "data" / "waves"]
    orders = Orders(
        root=str(real),
        inputs=tuple(str(path.resolve()) for path in opened),
        library=(str(Path(bildungsbedarf.__file__).resolve().parent), str(Path(sys.prefix).resolve())),
        record=str(folder / _RECORD),
        pid_file=str(folder / _PID),
        worker=os.getpid(),
        memory=limits.memory_mb * _MEGABYTE or psutil.virtual_memory().total,
        seal=seal,
    )
    variables = {
        HOME_VARIABLE: str(root),
        VARIABLE: orders.to_environment(),
        MARK: str(folder),
        "JUPYTER_PATH": str(folder),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    public = {name: value for name, value in os.environ.items() if name not in (PASSWORD, USER)} | ONE_THREAD
    start(public)
    with environment_is({**public, **variables}):
        yield


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
