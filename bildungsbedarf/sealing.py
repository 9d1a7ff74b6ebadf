"""The seal of what a notebook of a run displays: made by the library in the notebook's process, broken by any change.

The key is new for each notebook, handed to its process beside what the notebook can read, and known to the run alone.
At a keyboard nothing is sealed. Against mistakes and hand-made displays, not against somebody who takes the library
apart: names and keys of Python are a boundary of good faith.
"""

from __future__ import annotations

import hmac
import json
import sys
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

SEAL = "seal"
"""Key of a payload that holds it."""
_LIBRARY = "bildungsbedarf."
_KEY: list[bytes] = []


def take_key(key: str) -> None:
    """Seal from now on: this process runs a notebook of a run.

    Parameters
    ----------
    key
        What the run will check seals by.
    """
    _KEY[:] = [key.encode()]


def is_sealing() -> bool:
    """Whether this process runs a notebook of a run."""
    return bool(_KEY)


def sealed(payload: Mapping[str, Any], *texts: str) -> dict[str, Any]:
    """A payload with its seal; as it is where nothing is sealed."""
    return {**payload, SEAL: _seal(_KEY[0], payload, texts)} if _KEY else dict(payload)


def is_sealed(key: str, payload: Mapping[str, Any], *texts: str) -> bool:
    """Whether a payload with its seal, and the texts beside it, are as they were made."""
    bare = {name: value for name, value in payload.items() if name != SEAL}
    return hmac.compare_digest(str(payload.get(SEAL, "")), _seal(key.encode(), bare, texts))


def _seal(key: bytes, payload: Mapping[str, Any], texts: tuple[str, ...]) -> str:
    content = json.dumps([payload, texts], sort_keys=True, ensure_ascii=True)
    return hmac.new(key, content.encode(), sha256).hexdigest()


def is_made_by_library(skipped: str) -> bool:
    """Whether the nearest caller outside of ``skipped`` and the standard library's ``dataclasses`` is ours."""
    depth = 1
    while (name := str(sys._getframe(depth).f_globals.get("__name__", ""))) in (__name__, skipped, "dataclasses"):
        depth += 1
    return name.startswith(_LIBRARY)
