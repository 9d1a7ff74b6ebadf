"""What is computed once a run: several notebooks need the same table, design or family of estimates.

Only within a run, in a folder of its own that is gone afterwards; everywhere else everything is computed where it is
asked for. Keys are of content (snapshot, configuration, arguments), so that what is found is what would be computed.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

VARIABLE = "BILDUNGSBEDARF_COMPUTED"
"""Names the run's folder; it is readable by its owner only."""
T = TypeVar("T")


def computed_once(key: Sequence[str], make: Callable[[], T], opens: Sequence[Path] = ()) -> T:
    """What ``make`` gives, computed once a run.

    Parameters
    ----------
    key
        All that the value depends on.
    make
        Computes it.
    opens
        Files that ``make`` opens: they are opened here too where it is not called, so that who watches sees them.
    """
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        return make()
    path = Path(folder) / hashlib.sha256("\x1f".join(key).encode()).hexdigest()
    with FileLock(path.with_suffix(".lock")):
        if path.is_file():
            for file in opens:
                file.open("rb").close()
            found: T = pickle.loads(path.read_bytes())  # noqa: S301 - written by this run, in a folder of its own
            return found
        made = make()
        _write(path, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    return made


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    Path(name).replace(path)
