"""Run what is out of date: notebooks → findings → quality.json, with a state the next run goes on from."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, StepError, combine
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
Event = Literal["current", "started", "done", "failed"]
Listener = Callable[[Event, Step], None]


@dataclass(frozen=True)
class Outcome:
    """What a run did: steps run and steps that were up to date."""

    steps: list[Step]
    executed: list[Step]


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

    Raises
    ------
    ConfigError, DataError
        Before anything is executed, where a wave cannot be used.
    StepError
        The study is locked by another run, or steps failed (all others were finished).
    DisclosureError
        A notebook displays what did not pass the gate.
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
    first = [step for step in steps if step.needs.requires != "register"]
    executed = _execute_stage(study, results, first, force, jobs, listen)
    for wave in _waves_of(study, first):
        folder = results / folder_of(wave)
        if not (folder / QUALITY).is_file() or any(step.folder == folder_of(wave) for step in executed):
            _write_quality(wave, folder)
    _write_registers(study, results, first)
    last = [step for step in steps if step.needs.requires == "register"]
    executed += _execute_stage(study, results, last, force, jobs, listen)
    return Outcome(steps, executed)


def _execute_stage(
    study: Study, results: Path, steps: list[Step], force: bool, jobs: int, listen: Listener
) -> list[Step]:
    registers = sorted(results.glob(f"**/{FINDINGS}"))
    inputs = {step.title: fingerprint(step, study, registers) for step in steps}
    stale = []
    for step in steps:
        if not force and is_current(step, results, inputs[step.title]):
            listen("current", step)
        else:
            stale.append(step)
    for wave in _waves_of(study, stale):
        wave.require()
    failures = _execute_all(study, results, stale, inputs, jobs, listen)
    if failures:
        raise combine(failures)
    return stale


def _execute_all(
    study: Study, results: Path, steps: list[Step], inputs: dict[str, str], jobs: int, listen: Listener
) -> list[BildungsbedarfError]:
    """Execute in worker processes; a finished step is kept at once, whatever becomes of the others."""
    if not steps:
        return []
    failures: list[BildungsbedarfError] = []
    root = study.files.project.root
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=max(1, min(jobs, len(steps))), mp_context=context) as pool:
        started: dict[Future[tuple[str, float]], Step] = {}
        try:
            for step in steps:
                listen("started", step)
                started[pool.submit(_timed, step.notebook, step.parameters, root)] = step
            for future in as_completed(started):
                step = started[future]
                folder = results / step.folder
                try:
                    text, seconds = future.result()
                except BildungsbedarfError as error:
                    failures.append(error)
                    write_state(folder, step.name, StepState("failed", 0.0, inputs[step.title], error=str(error)))
                    listen("failed", step)
                    continue
                write_atomic(step.executed(results), text)
                state = StepState("done", round(seconds, 2), inputs[step.title], sha256(text.encode()))
                write_state(folder, step.name, state)
                listen("done", step)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                child.terminate()
            raise
    return failures


def _timed(source: Path, parameters: dict[str, str], root: Path) -> tuple[str, float]:
    start = time.perf_counter()
    return execute(source, parameters, root), time.perf_counter() - start


def is_current(step: Step, results: Path, inputs: str) -> bool:
    """Whether a step was done with these inputs and its notebook is the one written then."""
    state = read_states(results / step.folder).get(step.name)
    target = step.executed(results)
    if state is None or state.state != "done" or state.inputs != inputs or not target.is_file():
        return False
    return sha256(target.read_bytes()) == state.output


def _waves_of(study: Study, steps: list[Step]) -> list[Wave]:
    """The waves and audiences that steps of one wave read."""
    pairs = {(step.parameters["wave"], step.parameters["audience"]) for step in steps if step.needs.scope == "wave"}
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
