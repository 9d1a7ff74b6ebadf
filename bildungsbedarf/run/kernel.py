"""The process a notebook runs in: guarded, limited, and never longer there than its run.

What it may do stands in the environment (``Orders``); ``run.launching`` starts it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from threading import Thread
from typing import Any

VARIABLE = "BILDUNGSBEDARF_KERNEL"
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""


@dataclass(frozen=True)
class Orders:
    """What a kernel is told.

    Parameters
    ----------
    root, inputs, library, record
        As in ``run.guard``.
    pid_file
        Where it writes its number.
    worker
        Number of the process that executes the notebook; the kernel ends with it.
    memory
        Bytes of data it may hold (Linux).
    printed
        Characters it may print.
    seal
        Key by which what it displays is sealed (``sealing``).
    """

    root: str
    inputs: tuple[str, ...]
    library: tuple[str, ...]
    record: str
    pid_file: str
    worker: int
    memory: int
    printed: int = 10_000_000
    seal: str = ""

    def to_environment(self) -> str:
        """As the value of ``VARIABLE``."""
        return json.dumps(asdict(self))

    @classmethod
    def from_environment(cls, text: str) -> Orders:
        """Read what ``to_environment`` made."""
        told: dict[str, Any] = json.loads(text)
        return cls(**{**told, "inputs": tuple(told["inputs"]), "library": tuple(told["library"])})


class PrintedTooMuchError(RuntimeError):
    """A notebook printed more than anybody reads."""


def die_with_parent() -> None:
    """End when the process that started this one ends, however it ends; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def end_with(worker: int) -> None:
    """Look every second whether the worker is there.

    A forked kernel's parent is the warm process, which ends with the last of its kernels.
    """
    import psutil

    while psutil.pid_exists(worker):
        time.sleep(1)
    os._exit(1)


def obey(orders: Orders) -> None:
    """Take the limits on, before anything of the notebook runs."""
    from bildungsbedarf.run.guard import Guard
    from bildungsbedarf.sealing import take_key

    take_key(orders.seal)

    with open(orders.pid_file, "w", encoding="ascii") as stream:  # noqa: PTH123 - before anything else is loaded
        stream.write(str(os.getpid()))
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (orders.memory, orders.memory))
    Thread(target=end_with, args=(orders.worker,), daemon=True).start()
    sys.addaudithook(Guard(orders.root, orders.inputs, orders.library, orders.record))


def limit_printing(characters: int) -> None:
    """Refuse more than so many characters on standard output and error."""
    from ipykernel.iostream import OutStream

    write, left = OutStream.write, [characters]

    def limited(stream: Any, text: str) -> int | None:
        left[0] -= len(text)
        if left[0] < 0:
            raise PrintedTooMuchError(f"a notebook prints at most {characters:,} characters")
        return write(stream, text)

    OutStream.write = limited  # type: ignore[assignment,method-assign]


def main() -> None:
    """Start the kernel."""
    die_with_parent()
    orders = Orders.from_environment(os.environ.pop(VARIABLE))
    obey(orders)
    from ipykernel.kernelapp import IPKernelApp

    limit_printing(orders.printed)
    IPKernelApp.launch_instance()
