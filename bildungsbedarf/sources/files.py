"""Bytes of a source file: decompressed within limits, hashed, with a name a person recognises."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bildungsbedarf.errors import DataError

_LARGEST = 2 * 1024**3
_LARGEST_RATIO = 200
_SMALL = 10 * 1024**2


@dataclass(frozen=True)
class Provenance:
    """Where a table came from.

    ``sha256`` is of the content, decompressed; ``left_out`` names columns not taken, and whatever else did not come in
    or does not add up.
    """

    name: str
    sha256: str
    format: str
    rows: int
    left_out: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """Content of ``path``, decompressed where it ends in ``.gz``.

    Raises
    ------
    DataError
        Missing, a folder, empty, truncated or oversized.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DataError("file is missing", where=path.name, remedy="check the path") from None
    except IsADirectoryError:
        raise DataError("a folder, not a file", where=path.name) from None
    except PermissionError:
        raise DataError("file may not be read", where=path.name, remedy="check its permissions") from None
    if path.suffix == ".gz":
        raw = _decompress(raw, path.name)
    if not raw.strip():
        raise DataError("file is empty", where=path.name, remedy="export the responses again")
    return raw


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_all(contents: Mapping[str, bytes]) -> str:
    """One hash of several files, whatever their order."""
    return sha256("\n".join(f"{name} {sha256(content)}" for name, content in sorted(contents.items())).encode())


def _decompress(raw: bytes, name: str) -> bytes:
    limit = min(_LARGEST, max(_SMALL, len(raw) * _LARGEST_RATIO))
    try:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as stream:
            content = stream.read(limit + 1)
    except EOFError:
        raise DataError("compressed file ends too early", where=name, remedy="copy or export it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"not a readable gzip file ({error})", where=name) from None
    if len(content) > limit:
        raise DataError(
            "compressed file is suspiciously large when unpacked", where=name, expected=f"at most {limit} bytes"
        )
    return content
