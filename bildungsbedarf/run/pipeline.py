"""Run what is out of date: notebooks → findings → quality.json, with a state the next run goes on from."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, StepError, combine
from bildungsbedarf.findings import Finding, to_json
from bildungsbedarf.findings.register import FILE as FINDINGS
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.fingerprint import fingerprint
from bildungsbedarf.run.notebooks import blocks, execute, read_notebook
from bildungsbedarf.run.state import StepState, read_states, write_state
from bildungsbedarf.run.steps import Step, folder_of, plan
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.survey.frames import significant
from bildungsbedarf.wave import Study, Wave

QUALITY = "quality.json"
FAILED = ".failed"
"""Folder beside a study's snapshots that keeps notebooks that failed: they may show data."""
Event = Literal["current", "started", "done", "failed"]
Listener = Callable[[Event, Step], None]


@dataclass(frozen=True)
class Failure:
    """A step that was not finished, and why.

    ``where`` says where it stopped, without a word of the data; empty where its wave cannot be used at all.
    """

    step: Step
    error: BildungsbedarfError
    where: str


@dataclass(frozen=True)
class Outcome:
    """What a run did: steps of the plan, steps run, and steps that were not finished."""

    steps: list[Step]
    executed: list[Step]
    failures: list[Failure] = field(default_factory=list)

    @property
    def finished(self) -> list[Step]:
        """Steps whose results are those of this run's inputs."""
        failed = {failure.step.title for failure in self.failures}
        return [step for step in self.steps if step.title not in failed]

    def raise_failures(self) -> None:
        """One error for all that was not finished.

        Raises
        ------
        BildungsbedarfError
            With every problem once, and the exit code of the contract.
        """
        if self.failures:
            raise combine([failure.error for failure in self.failures])


def run(
    study: Study,
    *,
    waves: Sequence[str] = (),
    audience: str = "",
    only: str = "",
    force: bool = False,
    jobs: int = 1,
    listen: Listener = lambda event, step: None,
) -> Outcome:
    """Bring a study's results up to date.

    One failure stops nothing that does not depend on it: a notebook that fails, or a wave whose data cannot be used,
    is in the outcome's ``failures``, its old results are removed, and everything else is finished and registered.

    Raises
    ------
    ConfigError, DataError
        No step can be run.
    StepError
        The study is locked by another run.
    """
    steps = plan(study, waves=waves, audience=audience, only=only)
    if not steps:
        raise ConfigError(
            "there is nothing to run",
            where=study.name,
            expected="a notebook for the data of an audience (votes and records have none yet)",
            remedy="check notebooks/ and the waves named",
        )
    results = study.files.project.results(study.name)
    results.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(results / ".lock", timeout=0):
            return _run(study, results, steps, force, jobs, listen)
    except Timeout:
        raise StepError("another run is working on this study", where=study.name, remedy="wait until it ends") from None


def _run(study: Study, results: Path, steps: list[Step], force: bool, jobs: int, listen: Listener) -> Outcome:
    failures = _unusable(study, steps, lambda wave: wave.snapshot)
    lost = {failure.step.title for failure in failures}
    usable = [step for step in steps if step.title not in lost]
    if not usable:
        raise combine([failure.error for failure in failures])
    first = [step for step in usable if step.needs.requires != "register"]
    executed = _execute_stage(study, results, first, force, jobs, listen, failures)
    for failure in failures:
        # what was made of other inputs is not shown as if it were of these
        failure.step.executed(results).unlink(missing_ok=True)
    broken = {failure.step.title for failure in failures if not failure.where}
    for wave in _waves_of(study, [step for step in first if step.title not in broken]):
        folder = results / folder_of(wave)
        if not (folder / QUALITY).is_file() or any(step.folder == folder_of(wave) for step in executed):
            _write_quality(wave, folder)
    _write_registers(study, results, first)
    last = [step for step in usable if step.needs.requires == "register"]
    executed += _execute_stage(study, results, last, force, jobs, listen, failures)
    return Outcome(steps, executed, failures)


def _unusable(study: Study, steps: list[Step], look: Callable[[Wave], object]) -> list[Failure]:
    """Steps whose wave cannot be used; what ``look`` reads of it tells."""
    found: dict[tuple[str, str], BildungsbedarfError] = {}
    for pair in dict.fromkeys(pair for step in steps for pair in step.waves_read()):
        try:
            look(study.wave(*pair))
        except (ConfigError, DataError) as error:
            found[pair] = error
    return [Failure(step, found[pair], "") for step in steps for pair in step.waves_read() if pair in found]


def _execute_stage(
    study: Study,
    results: Path,
    steps: list[Step],
    force: bool,
    jobs: int,
    listen: Listener,
    failures: list[Failure],
) -> list[Step]:
    """Run what is not current; the steps run, failed ones among them. ``failures`` are added to."""
    registers = sorted(results.glob(f"**/{FINDINGS}"))
    inputs = {step.title: fingerprint(step, study, registers) for step in steps}
    stale = []
    for step in steps:
        if not force and is_current(step, results, inputs[step.title]):
            listen("current", step)
        else:
            stale.append(step)
    unusable = _unusable(study, stale, lambda wave: wave.require())
    lost = {failure.step.title for failure in unusable}
    stale = [step for step in stale if step.title not in lost]
    failures += unusable
    if stale:
        failures += _execute_all(study, results, stale, inputs, jobs, listen)
    return stale


def _execute_all(
    study: Study, results: Path, steps: list[Step], inputs: dict[str, str], jobs: int, listen: Listener
) -> list[Failure]:
    """Execute in worker processes; a finished step is kept at once, whatever becomes of the others.

    Where a worker dies (out of memory, killed), what it took down with it runs once more, each step in a process of
    its own, so that only the one that dies again has failed.
    """
    failures: list[Failure] = []
    for step in steps:
        listen("started", step)
    lost = _execute_pool(study, results, steps, inputs, jobs, listen, failures)
    for step in lost:
        if _execute_pool(study, results, [step], inputs, 1, listen, failures):
            error = StepError(
                "the process of this notebook was killed",
                where=f"notebooks/{step.notebook.name}",
                value=step.title,
                remedy="it may have taken more memory than there is; run with --jobs 1",
            )
            _failed(step, error, results, inputs[step.title], listen, failures)
    return failures


def _execute_pool(
    study: Study,
    results: Path,
    steps: list[Step],
    inputs: dict[str, str],
    jobs: int,
    listen: Listener,
    failures: list[Failure],
) -> list[Step]:
    """One pool of workers; the steps that were lost with one of them."""
    root = study.files.project.root
    kept = study.files.project.snapshots(study.name) / FAILED
    context = multiprocessing.get_context("spawn")
    lost: list[Step] = []
    with ProcessPoolExecutor(max_workers=max(1, min(jobs, len(steps))), mp_context=context) as pool:
        try:
            started = {
                pool.submit(_timed, step.notebook, step.parameters, root, kept / step.folder): step for step in steps
            }
            for future in as_completed(started):
                step = started[future]
                try:
                    text, seconds = future.result()
                except BildungsbedarfError as error:
                    _failed(step, error, results, inputs[step.title], listen, failures)
                    continue
                except BrokenProcessPool:
                    lost.append(step)
                    continue
                write_atomic(step.executed(results), text)
                (kept / step.folder / step.notebook.name).unlink(missing_ok=True)
                state = StepState("done", round(seconds, 2), inputs[step.title], sha256(text.encode()))
                write_state(results / step.folder, step.name, state)
                listen("done", step)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                child.terminate()
            raise
    return lost


def _failed(
    step: Step,
    error: BildungsbedarfError,
    results: Path,
    inputs: str,
    listen: Listener,
    failures: list[Failure],
) -> None:
    """Keep that a step failed and where: what the error says may hold an answer, and stays out of every file."""
    where = error.problems[0].where
    failures.append(Failure(step, error, where))
    write_state(results / step.folder, step.name, StepState("failed", 0.0, inputs, error=where))
    listen("failed", step)


def _timed(source: Path, parameters: dict[str, str], root: Path, failed: Path) -> tuple[str, float]:
    start = time.perf_counter()
    return execute(source, parameters, root, failed), time.perf_counter() - start


def is_current(step: Step, results: Path, inputs: str) -> bool:
    """Whether a step was done with these inputs and its notebook is the one written then."""
    state = read_states(results / step.folder).get(step.name)
    target = step.executed(results)
    if state is None or state.state != "done" or state.inputs != inputs or not target.is_file():
        return False
    return sha256(target.read_bytes()) == state.output


def _waves_of(study: Study, steps: list[Step]) -> list[Wave]:
    """The waves and audiences that steps of one wave read."""
    pairs = {pair for step in steps for pair in step.waves_read()}
    return [study.wave(*pair) for pair in sorted(pairs)]


def _write_quality(wave: Wave, folder: Path) -> None:
    """Counts that may leave into results; the exact ones beside the snapshot."""
    minimum = limits_of(wave).minimum_cell
    head = {"study": wave.study_name, "wave": wave.name, "audience": wave.audience, "snapshot": wave.snapshot.sha256}
    published = {**head, **wave.quality.published(minimum), "weighting": wave.weighting.published(minimum)}
    write_atomic(folder / QUALITY, _json(published))
    exact = {**head, **vars(wave.quality), "weighting": wave.weighting.published(0)}
    write_atomic(wave.snapshot.folder.parent / f"quality-{wave.snapshot.short}.json", _json(exact))


def _write_registers(study: Study, results: Path, steps: list[Step]) -> None:
    """findings.json of every folder, collected from its notebooks' blocks."""
    for folder in sorted({step.folder for step in steps}):
        found: list[Finding] = []
        told: set[str] = set()
        for path in sorted((results / folder / "notebooks").glob("*.ipynb")):
            for block in blocks(read_notebook(path)):
                for entry in block.get("findings", []):
                    # a summary tells again what another notebook found: the same finding is registered once
                    text = json.dumps({**entry, "notebook": ""}, sort_keys=True)
                    if text not in told:
                        told.add(text)
                        found.append(Finding.model_validate({**entry, "notebook": path.stem}))
        write_atomic(results / folder / FINDINGS, to_json(study.name, folder, found))


def _json(content: object) -> str:
    return json.dumps(_rounded(content), ensure_ascii=False, indent=1, default=str) + "\n"


def _rounded(content: object) -> object:
    """Statistics with twelve significant digits: the same on every machine."""
    if isinstance(content, float):
        return significant(content)
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_rounded(value) for value in content]
    return content
