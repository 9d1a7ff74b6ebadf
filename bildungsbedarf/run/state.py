"""run.json: what was done for each step, and the files it made; the only file with a clock."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.run.names import STATES

State = Literal["done", "failed"]


@dataclass(frozen=True)
class StepState:
    """How a step ended.

    ``inputs`` are hashes by what they are of, ``reads`` those of the files it opened (by path in the project),
    ``files`` those of the files it made (by path in the study's results).
    """

    state: State
    seconds: float
    inputs: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    reads: dict[str, str] = field(default_factory=dict)
    error: str = ""
    finished: str = ""


def read_states(folder: Path) -> dict[str, StepState]:
    """States by step; empty where there is none, or none that can be read."""
    try:
        content = json.loads((folder / STATES).read_bytes())
        states = {name: StepState(**entry) for name, entry in content["steps"].items()}
        return {name: state for name, state in states.items() if _is_sound(state)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A lost or foreign state only costs a rerun.
        return {}


def _is_sound(state: StepState) -> bool:
    """Whether it is one of ours: hashes by name, and files that lie where a run writes and reads."""
    tables = (state.inputs, state.files, state.reads)
    if not all(
        isinstance(table, dict) and all(isinstance(x, str) for x in (*table, *table.values())) for table in tables
    ):
        return False
    paths = [PurePosixPath(name) for name in (*state.files, *state.reads)]
    is_inside = not any(path.is_absolute() or ".." in path.parts or "\0" in str(path) for path in paths)
    return is_inside and isinstance(state.seconds, (int, float))


def write_state(folder: Path, name: str, state: StepState) -> None:
    """Keep the state of one step beside the others."""
    stamped = StepState(**{**asdict(state), "finished": datetime.now(UTC).isoformat(timespec="seconds")})
    _write(folder, {**read_states(folder), name: stamped})


def keep_states(folder: Path, names: Collection[str]) -> None:
    """Forget steps that there are no more."""
    states = read_states(folder)
    kept = {name: state for name, state in states.items() if name in names}
    if kept != states:
        _write(folder, kept)


def _write(folder: Path, states: dict[str, StepState]) -> None:
    ordered = {key: asdict(states[key]) for key in sorted(states)}
    write_atomic(folder / STATES, json.dumps({"steps": ordered}, indent=1) + "\n")
