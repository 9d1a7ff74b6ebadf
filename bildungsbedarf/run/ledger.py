"""What a study's results rest on: which step made which file, of which inputs; nothing else is trusted."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.fingerprint import Inputs
from bildungsbedarf.run.hashes import Hashes
from bildungsbedarf.run.names import HASHES, HOLDER, LOCK, STATES
from bildungsbedarf.run.state import StepState, keep_states, read_states, write_state
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.wave import Study

_OF_OTHERS = ("codebook",)
"""Folders that other commands write."""
_NOT_WHOLE = "its files were changed or removed"
Event = Literal["current", "started", "done", "failed", "held", "restored", "changed", "removed"]
Contents = Mapping[str, str | bytes]


class Titled(Protocol):
    """What an event is about."""

    @property
    def title(self) -> str:
        """For people."""


Listener = Callable[[Event, Titled], None]


def silent(event: Event, about: Titled) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Product:
    """A step of the library's own: files made from others. ``folder`` is relative to ``results/<study>``."""

    folder: str
    name: str
    inputs: Inputs
    make: Callable[[], Contents]
    """Contents by path below ``results/<study>``."""

    @property
    def title(self) -> str:
        """For people: ``2026 · quality.json``."""
        return f"{self.folder} · {self.name}"


@dataclass(frozen=True)
class Stray:
    """A file that no step made."""

    title: str


class Ledger:
    """The states of all steps of a study, and whether their files are still those that were made."""

    def __init__(self, study: Study, *, in_full: bool = False) -> None:
        project = study.files.project
        self.root = project.root
        self.results = project.results(study.name)
        self.hashes = Hashes(project.snapshots(study.name) / HASHES, in_full=in_full)

    def is_current(self, folder: str, name: str, inputs: Inputs) -> bool:
        """Whether a step was done with these inputs, and its files are those it made then."""
        return not self.why_stale(folder, name, inputs)

    def was_changed(self, folder: str, name: str, inputs: Inputs) -> bool:
        """Whether a step was done with these inputs, and somebody else changed or removed its files."""
        return self.why_stale(folder, name, inputs) == _NOT_WHOLE

    def why_stale(self, folder: str, name: str, inputs: Inputs) -> str:
        """Why a step is to be done, in words; nothing where it is current."""
        state = read_states(self.results / folder).get(name)
        if state is None:
            return "was never run"
        if state.state != "done":
            return "failed the last time"
        parts = dict.fromkeys([*inputs, *state.inputs])
        other = [part for part in parts if state.inputs.get(part) != inputs.get(part)]
        other += [path for path, found in state.reads.items() if self.hashes.of(self.root / path) != found]
        if other:
            return f"changed: {', '.join(other)}"
        return "" if self._is_whole(state) else _NOT_WHOLE

    def _is_whole(self, state: StepState) -> bool:
        return bool(state.files) and all(
            self.hashes.of(self.results / path) == found for path, found in state.files.items()
        )

    def files_of(self, folder: str, name: str) -> dict[str, str]:
        """Hashes of the files a step made, by path; none where it is not done, or they are not those it made."""
        state = read_states(self.results / folder).get(name)
        is_made = state is not None and state.state == "done" and self._is_whole(state)
        return dict(state.files) if state is not None and is_made else {}

    def made(self) -> dict[str, str]:
        """Hashes of all files that steps say they made, by path."""
        states = [state for path in sorted(self.results.rglob(STATES)) for state in read_states(path.parent).values()]
        return {path: found for state in states for path, found in state.files.items()}

    def has_failed(self, folder: str, name: str) -> bool:
        """Whether a step failed the last time."""
        state = read_states(self.results / folder).get(name)
        return state is not None and state.state == "failed"

    def drop(self, folder: str, name: str) -> None:
        """Remove what a step made, and that it was done."""
        state = read_states(self.results / folder).get(name)
        for path in state.files if state is not None else ():
            (self.results / path).unlink(missing_ok=True)
        keep_states(self.results / folder, set(read_states(self.results / folder)) - {name})

    def seconds_of(self, folder: str, name: str) -> float:
        """What a step took when it was last done; infinity where it never was."""
        state = read_states(self.results / folder).get(name)
        return state.seconds if state is not None and state.state == "done" else float("inf")

    def keep(
        self,
        folder: str,
        name: str,
        inputs: Inputs,
        contents: Contents,
        seconds: float = 0.0,
        reads: Mapping[str, str] | None = None,
    ) -> None:
        """Write what a step made, and then that it is done."""
        made = {}
        for path, content in contents.items():
            write_atomic(self.results / path, content)
            made[path] = sha256(content.encode() if isinstance(content, str) else content)
        write_state(self.results / folder, name, StepState("done", round(seconds, 2), inputs, made, dict(reads or {})))

    def failed(self, folder: str, name: str, inputs: Inputs, where: str) -> None:
        """Remove what a step made before, and keep that it failed and where.

        What the error says may hold an answer, and stays out of every file.
        """
        self.drop(folder, name)
        write_state(self.results / folder, name, StepState("failed", 0.0, inputs, error=where))

    def bring(self, product: Product, listen: Listener, *, force: bool = False) -> None:
        """Make a product where it is not that of these inputs."""
        if not force and self.is_current(product.folder, product.name, product.inputs):
            return
        is_restored = self.was_changed(product.folder, product.name, product.inputs)
        self.keep(product.folder, product.name, product.inputs, product.make())
        if is_restored:
            listen("restored", product)

    def remove_strays(self, owners: Mapping[str, set[str]], listen: Listener) -> None:
        """Forget steps that there are no more; remove files that no other made, or that were changed since.

        ``owners`` are the names of the study's steps by folder.
        """
        self._remove_links(listen)
        owned: set[Path] = set()
        for path in self.results.rglob(STATES):
            folder = path.parent.relative_to(self.results).as_posix()
            keep_states(path.parent, owners.get(folder, set()))
            states = read_states(path.parent)
            made = {name: found for state in states.values() for name, found in state.files.items()}
            for name, found in made.items():
                if self.hashes.of(self.results / name) == found:
                    owned.add(self.results / name)
                elif (self.results / name).is_file():
                    (self.results / name).unlink()
                    listen("changed", Stray(name))
            owned |= {path} if states else set()
        self._remove(self.results, owned, listen)

    def _remove_links(self, listen: Listener) -> None:
        """Remove what is neither file nor folder, and links, which could lead out of the results."""
        for place, folders, files in os.walk(self.results):
            for name in [*folders, *files]:
                path = Path(place, name)
                if path.is_symlink() or not (path.is_dir() or path.is_file()):
                    path.unlink()
                    listen("removed", Stray(path.relative_to(self.results).as_posix()))

    def remove_strays_in(self, folder: str, files: Mapping[str, str], listen: Listener) -> None:
        """Remove what lies in a folder of the results and is none of ``files``."""
        self._remove(self.results / folder, {self.results / name for name in files}, listen)

    def strays(self, below: Path, owned: set[Path]) -> list[Path]:
        """Files below a folder of the results that are not owned, and not what a run keeps for itself."""
        found = []
        for path in sorted(below.rglob("*")):
            parts = path.relative_to(self.results).parts
            is_ours = (len(parts) == 1 and path.name in (LOCK, HOLDER)) or parts[0] in _OF_OTHERS
            if path.is_file() and path not in owned and not is_ours:
                found.append(path)
        return found

    def _remove(self, below: Path, owned: set[Path], listen: Listener) -> None:
        for path in self.strays(below, owned):
            path.unlink()
            listen("removed", Stray(path.relative_to(self.results).as_posix()))
        for path in sorted(below.rglob("*"), reverse=True):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
