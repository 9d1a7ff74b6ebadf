"""Kernels forked from a process that has loaded everything: a notebook starts in a tenth of the time.

The warm process (multiprocessing's fork server) runs nothing but imports: it has no threads of ours, no sockets, no
random numbers drawn, and the environment of each kernel is set when it is forked. Where forking is not safe (macOS,
Windows) kernels start by themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from bildungsbedarf.run.processes import environment_is, has_room_for_sockets

NAME = "bildungsbedarf-warm"
"""The entry point of ``jupyter_client.kernel_provisioners``."""
_SOCKET = "pymp-00000000/listener-00000000"
"""What multiprocessing calls its own."""
_LOADED = "bildungsbedarf.run.loaded"


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking it from the warm process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork; ``cmd`` ends in the arguments of the kernel, after Python's own."""
        arguments = cmd[cmd.index("-f") :]
        folder = str(kwargs.get("cwd") or Path.cwd())
        process = _warm().Process(target=serve, args=(arguments, dict(kwargs["env"]), folder))
        process.start()
        self.process = _Forked(process)  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = folder
        return self.connection_info


class _Forked:
    """A forked process as ``subprocess.Popen`` shows one."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """Its exit code; nothing while it runs."""
        code: int | None = self._process.exitcode
        return code

    def wait(self) -> int | None:
        """Its exit code, once it has ended."""
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


def _warm() -> ForkServerContext:
    return multiprocessing.get_context("forkserver")


def can_fork() -> bool:
    """Whether kernels can be forked: on Linux, where sockets can lie in the folder for temporary files."""
    return sys.platform == "linux" and has_room_for_sockets(Path(tempfile.gettempdir()) / _SOCKET)


def start(environment: Mapping[str, str], loaded: Sequence[str] = (_LOADED,)) -> None:
    """Start the warm process with this environment and these modules, where there is none yet and one can be."""
    if not can_fork():
        return
    _warm().set_forkserver_preload(list(loaded))
    with environment_is(environment):
        resource_tracker.ensure_running()
        forkserver.ensure_running()


def serve(arguments: Sequence[str], environment: dict[str, str], folder: str) -> None:
    """Be a kernel: in a session, environment and folder of its own, with random numbers of its own."""
    import numpy as np

    from bildungsbedarf.run.kernel import main

    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    random.seed()
    np.random.seed()  # the state a notebook would share with others
    sys.argv = ["kernel", *arguments]
    main()
