"""Whether everything a study has published is still what its data, rules and notebooks give."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.run import warm
from bildungsbedarf.run.fingerprint import Inputs, of_step
from bildungsbedarf.run.launching import ONE_THREAD
from bildungsbedarf.run.ledger import Ledger, Product
from bildungsbedarf.run.names import FINDINGS, OPEN_DATA, QUALITY, STATES
from bildungsbedarf.run.processes import environment_is, own_folder
from bildungsbedarf.run.products import products_of_wave, registers, registers_there
from bildungsbedarf.run.state import read_states
from bildungsbedarf.run.steps import ALL, Step, plan
from bildungsbedarf.store.computed import VARIABLE as COMPUTED
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

if TYPE_CHECKING:
    from bildungsbedarf.findings import Check, Finding

_OTHER_CODE = "stale, changed: code"
_WORTH_PROCESSES = 8
"""Tables from which on starting processes takes less time than it saves."""
_LOADED = ("bildungsbedarf.findings", "pyarrow.parquet", "scipy.stats")
"""What processes that compute need; kernels need much more."""
_QUICKLY_MADE = (FINDINGS, QUALITY, OPEN_DATA)


@dataclass(frozen=True)
class Doubt:
    """Something that is not what it should be: a file or a finding, what is wrong, and since when (where known)."""

    about: str
    what: str
    since: str = ""


@dataclass(frozen=True)
class Verification:
    """What was looked at, and every doubt."""

    findings: int
    without_recipe: list[str]
    """Findings that were computed outside the library: nothing can be said of them."""
    files: int
    doubts: list[Doubt]
    computed: int = 0
    """Findings that could be computed again."""
    other_code: int = 0
    """Outputs made with another version of the library or its packages: their numbers were computed with this one."""
    uncovered: dict[str, int] = field(default_factory=dict)
    """Measure → findings that the second implementation does not cover; empty where it was not asked."""

    @property
    def independent(self) -> int:
        """Findings that the second implementation covers."""
        return self.findings - sum(self.uncovered.values())


Published = Callable[[Study, Sequence[Step], Sequence[Step], Ledger], list[Product]]
"""Pages, documents and data as what is made from finished steps (``report.publishing``)."""


def verify_study(
    study: Study,
    published: Published,
    tell: Callable[[int, int], None] = lambda done, of: None,
    jobs: int = 1,
    independent: bool = False,
    remake: bool = False,
) -> Verification:
    """Check hashes of snapshots, questionnaires and outputs, make them again, compute every registered finding again.

    Every file is read and hashed; registers, quality and open data are made again and compared byte by byte.
    ``remake``: so is everything else the library makes itself (numbers by subject, pages, documents, workbooks), so
    that a hash that was changed with its file helps nobody; it takes four times as long. ``tell`` is told how many
    of how many findings are done; ``jobs`` processes compute. ``independent``: the plain measures are computed by
    the second implementation too.
    """
    from bildungsbedarf.findings import check_consistency, readable_findings, second

    ledger = Ledger(study, in_full=True)
    steps = plan(study)
    found, unread = readable_findings(study.files.project, study.name)
    # findings are computed while the rest is looked at
    with _checking(study, found, tell, jobs) as checked:
        products = _all_products(study, steps, published, ledger)
        damaged = list(_snapshots(study, steps, ledger))
        doubts = [*damaged, *_outputs(study, steps, products, ledger), *_strays(ledger)]
        doubts += [Doubt(problem.where, problem.what) for problem in unread]
        try:
            check_consistency(found)
        except BildungsbedarfError as error:
            doubts += [Doubt(problem.where, f"{problem.what}: {problem.value}") for problem in error.problems]
        told_of = {doubt.about for doubt in doubts}
        # what is made of all waves at once would be made of fewer, and differ without anybody's doing
        whole = [product for product in products if not (damaged and product.folder == ALL)]
        doubts += [one for one in _remade(whole, ledger, remake) if one.about not in told_of]
        checks = checked()
    doubts += [
        Doubt(f"{check.finding.wave}/{check.finding.id}", f"{check.outcome}: {check.what}")
        for check in checks
        if not check.is_fine
    ]
    uncovered: Counter[str] = Counter()
    for one in found if independent else []:
        again = second(study, one)
        uncovered[one.measure] += again is None
        if again is not None and not again.agrees_with(one):
            what = f"the second implementation finds {again.estimate:.12g} (se {again.se:.6g})"
            doubts.append(Doubt(f"{one.wave}/{one.id}", f"{what}, registered {one.estimate:.12g} (se {one.se})"))
    files = sum(len(state.files) for folder in _folders(ledger) for state in read_states(folder).values())
    without = [f"{check.finding.wave}/{check.finding.id}" for check in checks if check.outcome == "no recipe"]
    told = [one for one in doubts if one.what != _OTHER_CODE]
    computed = sum(check.outcome not in ("cannot be computed", "no recipe") for check in checks)
    return Verification(len(found), without, files, told, computed, len(doubts) - len(told), dict(+uncovered))


@contextmanager
def _checking(
    study: Study, found: list[Finding], tell: Callable[[int, int], None], jobs: int
) -> Iterator[Callable[[], list[Check]]]:
    """Every finding computed again; in processes of their own where there is enough to do.

    What is given waits for them. What several findings rest on (tables, designs) is computed once, in a folder of
    this verification's own: nothing of an earlier run is in it.
    """
    from bildungsbedarf.findings import verify

    together: dict[object, list[Finding]] = {}
    for one in found:
        together.setdefault(one.recipe.model_dump_json() if one.recipe else None, []).append(one)
    if jobs < 2 or len(together) < _WORTH_PROCESSES:
        yield lambda: verify(study, found, lambda done: tell(done, len(found)))
        return
    # every process computes on one core: left alone, each would take all of them
    with own_folder() as computed, environment_is({**os.environ, **ONE_THREAD, COMPUTED: str(computed)}):
        warm.start(os.environ, _LOADED)
        begin = (study.name, study.files.project.root, computed)
        with ProcessPoolExecutor(
            jobs, get_context("forkserver" if warm.can_fork() else "spawn"), _begin, begin
        ) as pool:
            waiting = [pool.submit(_checked_there, part) for part in sorted(together.values(), key=_longest_first)]

            def wait() -> list[Check]:
                checks: list[Check] = []
                for done in as_completed(waiting):
                    checks += done.result()
                    tell(len(checks), len(found))
                return checks

            yield wait


def _longest_first(part: list[Finding]) -> int:
    """Many groups take long: begun last, one process would end long after the others."""
    recipe = part[0].recipe
    return 0 if recipe is None else -len(str(recipe.arguments.get("groups", "")))


_OWN: list[Study] = []
"""The study of a process that computes."""


def _begin(name: str, root: Path, computed: Path) -> None:
    # the process that this one is forked from may be older than the folder
    os.environ[COMPUTED] = str(computed)
    _OWN.append(Study.load(name, Project(root)))


def _checked_there(found: list[Finding]) -> list[Check]:
    from bildungsbedarf.findings import verify

    return verify(_OWN[0], found)


def _snapshots(study: Study, steps: list[Step], ledger: Ledger) -> Iterator[Doubt]:
    """Snapshots whose files or questionnaire are not those that were kept."""
    for pair in dict.fromkeys(pair for step in steps for pair in step.waves_read()):
        try:
            snapshot = study.wave(*pair).snapshot
            snapshot.check(ledger.hashes.of)
            kept = snapshot.questionnaire
            if kept is not None and read_codebook(kept).sha256 != snapshot.manifest.questionnaire_sha256:
                yield Doubt(
                    f"{' '.join(pair)}: questionnaire", "the one kept with the answers was changed", _written(kept)
                )
        except BildungsbedarfError as error:
            yield Doubt(f"{' '.join(pair)}: snapshot", f"{error.problems[0].where}: {error.problems[0].what}")


def _outputs(study: Study, steps: list[Step], products: Sequence[Product], ledger: Ledger) -> Iterator[Doubt]:
    """Files that are not those a step made, and steps whose inputs are others now."""
    inputs = _inputs(study, steps, products, ledger)
    for folder in _folders(ledger):
        place = folder.relative_to(ledger.results).as_posix()
        for name, state in read_states(folder).items():
            yield from _files(ledger, state.files)
            about = f"{place} · {name}"
            if state.state == "failed":
                yield Doubt(about, "failed the last time", state.finished)
            elif (place, name) in inputs:
                why = ledger.why_stale(place, name, inputs[place, name])
                if why.startswith("changed: "):
                    yield Doubt(about, f"stale, {why}", _since(study, why, state.finished))
    for place in dict.fromkeys(place for place, _ in inputs):
        folder = ledger.results / place
        if folder.is_dir() and not (folder / STATES).is_file():
            what = "is not there any more: nothing is known of the files beside it"
            yield Doubt((folder / STATES).relative_to(ledger.results).as_posix(), what)
            continue
        lacking = [name for where, name in inputs if where == place and name not in read_states(folder)]
        yield from (Doubt(f"{place} · {name}", "was never made") for name in lacking)


def _remade(products: Sequence[Product], ledger: Ledger, remake: bool) -> Iterator[Doubt]:
    """Files that the same inputs do not make, whatever run.json says of them."""
    for product in products:
        state = read_states(ledger.results / product.folder).get(product.name)
        if state is None or state.state != "done":
            continue
        if ledger.why_stale(product.folder, product.name, product.inputs).startswith("changed: "):
            continue
        if not remake and product.name not in _QUICKLY_MADE:
            continue
        try:
            contents = product.make()
        except BildungsbedarfError as error:
            yield Doubt(product.title, f"cannot be made again: {error.problems[0].what}")
            continue
        for path, content in contents.items():
            place = ledger.results / path
            wanted = content.encode() if isinstance(content, str) else content
            if place.is_file() and place.read_bytes() != wanted:
                yield Doubt(path, "is not what its inputs make", _written(place))


def _strays(ledger: Ledger) -> Iterator[Doubt]:
    """Files among the results that no step made."""
    folders = _folders(ledger)
    owned = {ledger.results / name for name in ledger.made()} | {folder / STATES for folder in folders}
    for place in ledger.strays(ledger.results, owned) if folders else []:
        yield Doubt(place.relative_to(ledger.results).as_posix(), "was made by no step", _written(place))


def _all_products(study: Study, steps: list[Step], published: Published, ledger: Ledger) -> list[Product]:
    """Everything the library makes itself, from notebooks that finished."""
    waves = [study.wave(*pair) for pair in dict.fromkeys(pair for step in steps for pair in step.waves_read())]
    unfinished = [step for step in steps if ledger.has_failed(step.folder, step.name)]
    finished = [step for step in steps if step not in unfinished]
    return [
        *(product for wave in waves for product in _products(wave, ledger)),
        *registers(study, [step for step in steps if step.needs.requires != "register"], ledger),
        *published(study, finished, unfinished, ledger),
    ]


def _inputs(
    study: Study, steps: list[Step], products: Sequence[Product], ledger: Ledger
) -> dict[tuple[str, str], Inputs]:
    """What every step would be made from now, by folder and name."""
    there = registers_there(ledger)
    inputs = {}
    for step in steps:
        try:
            inputs[step.folder, step.name] = of_step(step, study, ledger.hashes, there)
        except BildungsbedarfError:
            # said of its snapshot already
            continue
    return inputs | {(product.folder, product.name): product.inputs for product in products}


def _products(wave: Wave, ledger: Ledger) -> list[Product]:
    try:
        return products_of_wave(wave, ledger)
    except BildungsbedarfError:
        return []


def _files(ledger: Ledger, files: dict[str, str]) -> Iterator[Doubt]:
    for path, wanted in files.items():
        place = ledger.results / path
        if not place.is_file():
            yield Doubt(path, "is not there any more")
        elif ledger.hashes.of(place) != wanted:
            yield Doubt(path, "is not what was made", _written(place))


def _since(study: Study, why: str, finished: str) -> str:
    """When the newest of the files was written that a stale part is made of; else when the step was done."""
    project = study.files.project
    files: list[Path] = []
    if "configuration" in why:
        files += study.files.inputs()
    if "data" in why:
        files += project.snapshots(study.name).rglob("*")
        files += project.reference.rglob("*")
    if "notebook" in why:
        files += project.notebooks.glob("*.ipynb")
    there = [path for path in files if path.is_file()]
    return _written(max(there, key=lambda path: path.stat().st_mtime)) if there else f"after {finished}"


def _written(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _folders(ledger: Ledger) -> list[Path]:
    return sorted(path.parent for path in ledger.results.rglob(STATES))
