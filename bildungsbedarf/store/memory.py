"""Who was counted when a wave was last released: beside its snapshots, for its owner alone, never in git.

Of people who are forgotten only their number is kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bildungsbedarf.errors import DataError

FILE = "released.json"


@dataclass(frozen=True)
class Memory:
    """The last release of a wave and audience."""

    snapshot: str
    """Hash of the data it was made of."""
    counted: tuple[str, ...]
    """Ids of those counted in it."""
    forgotten: int = 0
    """How many of them were taken out since."""

    def without(self, response: str) -> Memory:
        """The same, where somebody is forgotten."""
        left = tuple(one for one in self.counted if one != response)
        return replace(self, counted=left, forgotten=self.forgotten + 1)

    @property
    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self)) + "\n"


def read_memory(folder: Path) -> Memory | None:
    """What is remembered in an audience's folder; nothing where nothing was released on this machine.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_bytes())
        return Memory(str(told["snapshot"]), tuple(str(one) for one in told["counted"]), int(told["forgotten"]))
    except (ValueError, KeyError, TypeError, OSError):
        raise DataError(
            "who was counted at the last release cannot be read",
            where="/".join(path.parts[-4:]),
            expected='{"snapshot": "…", "counted": ["1"], "forgotten": 0}',
            remedy="take it from the last copy of data/, or delete it: the released snapshot is compared then",
        ) from None
