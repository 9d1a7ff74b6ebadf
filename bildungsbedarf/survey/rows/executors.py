"""Where the blocks of a scanned design are summed: here, or on a dask cluster; the numbers are the same.

Partitions are summed each for itself and merged in their order, whoever sums them: neither the number of
workers nor their speed changes the last bit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeVar

import pandas as pd

from bildungsbedarf.errors import ConfigError, DesignError
from bildungsbedarf.survey.rows.parquet import ParquetSource, ahead

T = TypeVar("T")
_PER_THREAD = 2
WAIT = "10s"
"""How long a scheduler may take to answer."""


class Task(Protocol[T]):
    """What is done with the rows; travels to the workers, so it holds no rows."""

    def of(self, frame: pd.DataFrame, first: int) -> T:
        """The result of a block whose first row has the number ``first``."""

    def merge(self, one: T, other: T) -> T:
        """The result of both."""


def check_executor(executor: str) -> None:
    """Refuse what is no executor.

    Raises
    ------
    ConfigError
        Neither ``local`` nor an address of a dask scheduler.
    """
    if executor != "local" and not executor.startswith("dask://"):
        raise ConfigError("unknown executor", value=executor, expected="local, or dask://HOST:PORT")


def gather(source: ParquetSource, columns: Sequence[str], task: Task[T], executor: str) -> T:
    """One pass over all partitions."""
    return _merged(task, (_here if executor == "local" else _on_cluster)(source, columns, task, executor))


def _here(source: ParquetSource, columns: Sequence[str], task: Task[T], _: str) -> Iterator[T]:
    frames = (
        (number, *found)
        for number, partition in enumerate(source.partitions)
        for found in source.frames(partition, columns)
    )
    for _, part in groupby(ahead(frames), key=lambda found: found[0]):
        yield _merged(task, (task.of(frame, first) for _, frame, first in part))


def _on_cluster(source: ParquetSource, columns: Sequence[str], task: Task[T], executor: str) -> Iterator[T]:
    """Results in the partitions' order; never more than a few a worker are kept waiting."""
    with _client(executor) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise DesignError("the cluster has no workers", where=executor, remedy="start one: dask worker HOST:PORT")
        shared = client.scatter((source, tuple(columns), task), broadcast=True)
        waiting: deque[Any] = deque()
        for number in range(len(source.partitions)):
            waiting.append(client.submit(_one, shared, number, pure=False))
            if len(waiting) >= _PER_THREAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _one(shared: tuple[ParquetSource, tuple[str, ...], Task[T]], number: int) -> T:
    """On a worker: one partition."""
    source, columns, task = shared
    frames = ahead(source.frames(source.partitions[number], columns))
    return _merged(task, (task.of(frame, first) for frame, first in frames))


def _merged(task: Task[T], parts: Iterable[T]) -> T:
    found: T | None = None
    for part in parts:
        found = part if found is None else task.merge(found, part)
    if found is None:
        raise DesignError("a file has lost its rows since it was opened")
    return found


def _client(executor: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ConfigError(
            "the executor needs dask.distributed", value=executor, remedy="pip install 'bildungsbedarf[cluster]'"
        ) from None
    try:
        connect: Any = Client
        return connect(executor.replace("dask://", "tcp://", 1), timeout=WAIT, set_as_default=False)
    except OSError:
        raise DesignError(
            "no dask scheduler answers", where=executor, remedy="start one: dask scheduler, dask worker HOST:PORT"
        ) from None
