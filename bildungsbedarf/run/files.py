"""Write files whole or not at all, and leave alone what has not changed."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from bildungsbedarf.errors import StepError


def write_atomic(path: Path, text: str | bytes) -> bool:
    """Write ``text`` beside ``path`` and rename; ``False`` where it stands there already.

    Raises
    ------
    StepError
        The disk is full, or the folder cannot be written.
    """
    content = text.encode() if isinstance(text, str) else text
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            # mkstemp makes private files; results are for everyone who may read the folder.
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        what = "disk is full" if error.errno == errno.ENOSPC else f"file cannot be written: {error.strerror}"
        raise StepError(what, where="/".join(path.parts[-4:])) from None
    return True
