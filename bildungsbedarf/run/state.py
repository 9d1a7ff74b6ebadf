"""run.json: what was done for each step; the only file with a clock."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bildungsbedarf.run.files import write_atomic

FILE = "run.json"
State = Literal["done", "failed"]


@dataclass(frozen=True)
class StepState:
    """How a step ended. ``inputs`` is its fingerprint, ``output`` the hash of its notebook."""

    state: State
    seconds: float
    inputs: str
    output: str = ""
    error: str = ""
    finished: str = ""


def read_states(folder: Path) -> dict[str, StepState]:
    """States by notebook; empty where there is none, or none that can be read."""
    try:
        content = json.loads((folder / FILE).read_bytes())
        return {name: StepState(**entry) for name, entry in content["steps"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        # A lost or foreign state only costs a rerun.
        return {}


def write_state(folder: Path, name: str, state: StepState) -> None:
    """Keep the state of one step beside the others."""
    stamped = StepState(**{**asdict(state), "finished": datetime.now(UTC).isoformat(timespec="seconds")})
    states = {**read_states(folder), name: stamped}
    ordered = {key: asdict(states[key]) for key in sorted(states)}
    write_atomic(folder / FILE, json.dumps({"steps": ordered}, indent=1) + "\n")
