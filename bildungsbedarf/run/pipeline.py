"""Run what is out of date: notebooks → quality, tables, register → pages; with a state the next run goes on from."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, DisclosureError, combine
from bildungsbedarf.run.fingerprint import of_step
from bildungsbedarf.run.ledger import Ledger, Listener, Product, silent
from bildungsbedarf.run.lock import locked
from bildungsbedarf.run.names import (
    CRATE,
    DOCUMENTS,
    FAILED,
    FINDINGS,
    OPEN_DATA,
    PORTAL,
    QUALITY,
    REPORT,
    SITE,
    SUBJECTS,
    TABLES,
)
from bildungsbedarf.run.pool import Failure, Pool
from bildungsbedarf.run.processes import clear_leftovers, environment_is, own_folder
from bildungsbedarf.run.products import products_of_wave, registers, registers_there
from bildungsbedarf.run.republishing import Pair, why_held
from bildungsbedarf.run.steps import ALL, Step, folder_of, plan
from bildungsbedarf.store.computed import VARIABLE as COMPUTED
from bildungsbedarf.wave import Study, Wave

Publish = Callable[[Study, Sequence[Step], Sequence[Step], Ledger, Listener], Path]
"""Makes the pages of steps that are finished, naming those that are not; returns the first page."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: steps of the plan, steps run, steps that were not finished, and the first page."""

    steps: list[Step]
    executed: list[Step]
    failures: list[Failure] = field(default_factory=list)
    index: Path | None = None
    held: list[DisclosureError] = field(default_factory=list)
    """Waves that are not published anew, and why; what was published of them stays."""

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
    in_full: bool = False,
    listen: Listener = silent,
    publish: Publish | None = None,
) -> Outcome:
    """Bring a study's results up to date.

    One failure stops nothing that does not depend on it: a notebook that fails, or a wave whose data cannot be used,
    is in the outcome's ``failures``, its old results are removed, and everything else is finished and registered.
    Nothing found in the results is trusted: files that are not those that were made are made again, files that no
    step made are removed (``listen`` is told).

    Parameters
    ----------
    study
        What to run.
    waves, audience, only
        Only these waves, this audience, this notebook.
    force
        Run what is up to date too.
    jobs
        Notebooks at a time.
    in_full
        Hash every file again, also where size, place and time say that nobody wrote it.
    listen
        Told of every event.
    publish
        Makes the pages (``report.build_site``).

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
    with locked(results, study.name):
        clear_leftovers()
        ledger = Ledger(study, in_full=in_full)
        with own_folder() as computed, environment_is({**os.environ, COMPUTED: str(computed), "TMPDIR": str(computed)}):
            failed = study.files.project.snapshots(study.name) / FAILED
            pool = Pool(ledger, failed, min(jobs, len(steps)), study.files.config.run, listen)
            try:
                with pool:
                    return _Run(study, ledger, force, pool, listen).of(steps, publish)
            finally:
                ledger.hashes.save()


@dataclass(frozen=True)
class _Run:
    study: Study
    ledger: Ledger
    force: bool
    pool: Pool
    listen: Listener
    held: dict[Pair, DisclosureError | None] = field(default_factory=dict)
    """Whether a wave may be published anew: looked up where something of it is not up to date."""

    def of(self, steps: list[Step], publish: Publish | None) -> Outcome:
        whole = plan(self.study)
        self.ledger.remove_strays(owners_of(self.study, whole), self.listen)
        failures = self._unusable(steps, self._check_snapshot)
        lost = {failure.step.title for failure in failures}
        usable = [step for step in steps if step.title not in lost]
        if not usable:
            raise combine([failure.error for failure in failures])
        first = [step for step in usable if step.needs.requires != "register"]
        executed = self._stage(first, failures)
        for failure in failures:
            # what was made of other inputs is not shown as if it were of these
            self.ledger.failed(failure.step.folder, failure.step.name, {}, failure.where)
            self.ledger.drop(failure.step.folder, FINDINGS)
        broken = {failure.step.title for failure in failures if not failure.where}
        for folder in {failure.step.folder for failure in failures if not failure.where}:
            for name in (QUALITY, SUBJECTS, TABLES):
                self.ledger.drop(folder, name)
        for wave in self._waves_of([step for step in first if step.title not in broken]):
            for product in products_of_wave(wave, self.ledger):
                self._bring(wave, product)
        # of a run of one notebook too the register is that of the whole folder
        for product in registers(self.study, [s for s in whole if s.needs.requires != "register"], self.ledger):
            self.ledger.bring(product, self.listen, force=self.force)
        executed += self._stage([step for step in usable if step.needs.requires == "register"], failures)
        index = None
        if publish is not None:
            lost = {failure.step.title for failure in failures}
            unfinished = [s for s in whole if s.title in lost or self.ledger.has_failed(s.folder, s.name)]
            index = publish(
                self.study, [step for step in whole if step not in unfinished], unfinished, self.ledger, self.listen
            )
        return Outcome(steps, executed, failures, index, [error for error in self.held.values() if error is not None])

    def _check_snapshot(self, wave: Wave) -> None:
        wave.snapshot.check(self.ledger.hashes.of)
        made = [product for product in products_of_wave(wave, self.ledger) if not self._is_whole(product)]
        if made and (error := self._held([(wave.name, wave.audience)])) is not None:
            # what was published cannot be shown any more, and what would be made instead may not be
            raise error

    def _held(self, pairs: Sequence[Pair]) -> DisclosureError | None:
        """Why the first of these waves that is held back is."""
        for pair in pairs:
            if pair not in self.held:
                self.held[pair] = why_held(self.study.wave(*pair))
        return next((self.held[pair] for pair in pairs if self.held[pair] is not None), None)

    def _is_whole(self, made: Product | Step) -> bool:
        return bool(self.ledger.files_of(made.folder, made.name))

    def _bring(self, wave: Wave, product: Product) -> None:
        is_current = self.ledger.is_current(product.folder, product.name, product.inputs)
        if (self.force or not is_current) and self._held([(wave.name, wave.audience)]) is not None:
            self.listen("held", product)
        else:
            self.ledger.bring(product, self.listen, force=self.force)

    def _unusable(self, steps: list[Step], look: Callable[[Wave], None]) -> list[Failure]:
        """Steps whose wave cannot be used; what ``look`` reads of it tells."""
        found: dict[tuple[str, str], BildungsbedarfError] = {}
        for pair in dict.fromkeys(pair for step in steps for pair in step.waves_read()):
            try:
                look(self.study.wave(*pair))
            except (ConfigError, DataError, DisclosureError) as error:
                found[pair] = error
        return [Failure(step, found[pair], "") for step in steps for pair in step.waves_read() if pair in found]

    def _stage(self, steps: list[Step], failures: list[Failure]) -> list[Step]:
        """Run what is not current; the steps run, failed ones among them. ``failures`` are added to."""
        there = registers_there(self.ledger)
        inputs = {step.title: of_step(step, self.study, self.ledger.hashes, there) for step in steps}
        stale = []
        for step in steps:
            told = (step.folder, step.name, inputs[step.title])
            if not self.force and self.ledger.is_current(*told):
                self.listen("current", step)
                continue
            if (error := self._held(step.waves_told(self.study))) is not None:
                if self._is_whole(step):
                    self.listen("held", step)
                else:
                    failures.append(Failure(step, error, f"notebooks/{step.notebook.name}"))
                    self.listen("failed", step)
                continue
            if self.ledger.was_changed(*told):
                self.listen("restored", step)
            stale.append(step)
        unusable = self._unusable(stale, lambda wave: wave.require())
        lost = {failure.step.title for failure in unusable}
        stale = [step for step in stale if step.title not in lost]
        failures += unusable
        if stale:
            failures += self.pool.execute(stale, inputs)
        return stale

    def _waves_of(self, steps: list[Step]) -> list[Wave]:
        """The waves and audiences that steps of one wave read."""
        pairs = {pair for step in steps for pair in step.waves_read()}
        return [self.study.wave(*pair) for pair in sorted(pairs)]


def owners_of(study: Study, steps: Sequence[Step]) -> dict[str, set[str]]:
    """Names of everything that makes files, by folder: notebooks, the products of each folder, the pages."""
    owners: dict[str, set[str]] = {ALL: {SITE, DOCUMENTS, PORTAL, CRATE}}
    for step in steps:
        owners.setdefault(step.folder, set()).update({step.name, FINDINGS, REPORT, OPEN_DATA})
    for name, config in study.files.waves.items():
        for audience in config.audience:
            folder = folder_of(study.wave(name, audience))
            if folder in owners:
                owners[folder].update({QUALITY, SUBJECTS, TABLES})
    return owners
