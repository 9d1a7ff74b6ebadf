"""Hashes of files, read again only where size, place or time of a file say that it was written since."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from stat import S_ISREG

from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.sources.files import sha256

_SETTLED_NS = 2_000_000_000
"""A file written less than two seconds ago may be written again within one tick of its clock."""
_Known = tuple[int, int, int, str]


class Hashes:
    """SHA-256 of files. ``kept`` is where they are kept between runs; ``in_full`` trusts none of them."""

    def __init__(self, kept: Path, *, in_full: bool = False) -> None:
        self._kept = kept
        self._known: dict[str, _Known] = {} if in_full else _read(kept)
        self._changed = False

    def of(self, path: Path) -> str:
        """The file's hash; ``""`` where there is none, or something that is no file."""
        try:
            stat = path.stat()
        except OSError:
            return ""
        if not S_ISREG(stat.st_mode):
            return ""
        name, sign = str(path), (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        known = self._known.get(name)
        if known is not None and known[:3] == sign:
            return known[3]
        try:
            found = sha256(path.read_bytes())
        except OSError:
            return ""
        if time.time_ns() - stat.st_mtime_ns > _SETTLED_NS:
            self._known[name] = (*sign, found)
            self._changed = True
        return found

    def save(self) -> None:
        """Keep what is known of files that are still there."""
        if self._changed:
            kept = {name: known for name, known in sorted(self._known.items()) if os.path.exists(name)}  # noqa: PTH110
            write_atomic(self._kept, json.dumps(kept) + "\n")


def _read(path: Path) -> dict[str, _Known]:
    try:
        content = json.loads(path.read_bytes())
        return {name: (int(a), int(b), int(c), str(found)) for name, (a, b, c, found) in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        # lost or foreign: everything is hashed again
        return {}
