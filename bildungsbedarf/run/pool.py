"""Execute notebooks in worker processes; what is finished is kept at once, whatever becomes of the others."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.errors import BildungsbedarfError, StepError
from bildungsbedarf.run.fingerprint import Inputs
from bildungsbedarf.run.kernel import die_with_parent
from bildungsbedarf.run.ledger import Ledger, Listener
from bildungsbedarf.run.notebooks import Executed, execute
from bildungsbedarf.run.processes import clear_leftovers
from bildungsbedarf.run.steps import Step
from bildungsbedarf.sources.credentials import PASSWORD
from bildungsbedarf.study.config import RunConfig


@dataclass(frozen=True)
class Failure:
    """A step that was not finished, and why.

    ``where`` says where it stopped, without a word of the data; empty where its wave cannot be used at all.
    """

    step: Step
    error: BildungsbedarfError
    where: str


@dataclass
class Pool:
    """Where notebooks of one study run: its ledger, how many at a time, what they may take, and who listens.

    Workers are started when they are needed, and kept until the pool is left: each has a warm process of its own.
    """

    ledger: Ledger
    failed: Path
    jobs: int
    limits: RunConfig
    listen: Listener
    _workers: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._workers is not None:
            self._workers.shutdown(wait=True, cancel_futures=True)
            self._workers = None

    def _started(self, jobs: int) -> ProcessPoolExecutor:
        if self._workers is None:
            context = multiprocessing.get_context("spawn")
            self._workers = ProcessPoolExecutor(max_workers=max(1, jobs), mp_context=context, initializer=_begin)
        return self._workers

    def execute(self, steps: list[Step], inputs: dict[str, Inputs]) -> list[Failure]:
        """Execute ``steps``; ``inputs`` are what they depend on, by title.

        Where a worker dies (out of memory, killed), what it took down with it runs once more, each step in a process
        of its own, so that only the one that dies again has failed.
        """
        failures: list[Failure] = []
        for step in steps:
            self.listen("started", step)
        for step in self._together(steps, inputs, self.jobs, failures):
            self._leave()
            if self._together([step], inputs, 1, failures):
                error = StepError(
                    "the process of this notebook was killed",
                    where=f"notebooks/{step.notebook.name}",
                    value=step.title,
                    remedy="it may have taken more memory than there is; run with --jobs 1",
                )
                self._fail(step, error, inputs[step.title], failures)
        return failures

    def _together(self, steps: list[Step], inputs: dict[str, Inputs], jobs: int, failures: list[Failure]) -> list[Step]:
        """One round of workers; the steps that were lost with one of them."""
        root = self.ledger.root
        lost: list[Step] = []
        workers = self._started(jobs)
        try:
            started = {
                workers.submit(_timed, step, root, self.failed / step.folder, self.limits): step
                for step in self._longest_first(steps)
            }
            for future in as_completed(started):
                step = started[future]
                try:
                    done, began, seconds = future.result()
                except BildungsbedarfError as error:
                    self._fail(step, error, inputs[step.title], failures)
                    continue
                except BrokenProcessPool:
                    lost.append(step)
                    continue
                self._keep(step, inputs[step.title], done, began, seconds)
        except BaseException:
            # interrupted, or told to end
            workers.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                child.terminate()
                child.join()
            self._workers = None
            clear_leftovers()
            raise
        if lost:
            self._leave()
        return lost

    def _longest_first(self, steps: list[Step]) -> list[Step]:
        """By what each took the last time, so that none begins when all others have ended; new ones first."""
        return sorted(steps, key=lambda step: -self.ledger.seconds_of(step.folder, step.name))

    def _keep(self, step: Step, inputs: Inputs, done: Executed, began: float, seconds: float) -> None:
        root = self.ledger.root
        # of a file written while the notebook ran nobody knows which content it read
        reads = {
            path: _UNKNOWN if _written_after(root / path, began) else self.ledger.hashes.of(root / path)
            for path in done.reads
        }
        self.ledger.keep(step.folder, step.name, inputs, {step.made: done.text}, seconds, reads)
        (self.failed / step.folder / step.notebook.name).unlink(missing_ok=True)
        self.listen("done", step)

    def _fail(self, step: Step, error: BildungsbedarfError, inputs: Inputs, failures: list[Failure]) -> None:
        where = error.problems[0].where
        failures.append(Failure(step, error, where))
        self.ledger.failed(step.folder, step.name, inputs, where)
        self.listen("failed", step)


def _begin() -> None:
    """A worker ends with the run, and knows no password."""
    die_with_parent()
    os.environ.pop(PASSWORD, None)


_UNKNOWN = "written while the notebook ran"


def _written_after(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime >= moment
    except OSError:
        return True


def _timed(step: Step, root: Path, failed: Path, limits: RunConfig) -> tuple[Executed, float, float]:
    """What was executed, when that began, and the seconds it took."""
    began, start = time.time(), time.perf_counter()
    inputs = [root / folder for folder in step.inputs]
    done = execute(step.notebook, step.parameters, root, failed, inputs=inputs, limits=limits)
    return done, began, time.perf_counter() - start
