"""LimeSurvey's archive (``.lsa``): a zip of structure, responses and timings, read within limits."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from bildungsbedarf.errors import DataError

_LARGEST = 2 * 1024**3
_LARGEST_RATIO = 200
_SMALL = 10 * 1024**2
_MOST_MEMBERS = 100
PARTS = {"structure": ".lss", "responses": "_responses.lsr", "timings": "_timings.lsi"}


def read_part(path: Path, part: str) -> bytes | None:
    """One part of an archive (``structure``, ``responses`` or ``timings``); ``None`` where it has none.

    The names of other members are never used as paths: nothing is unpacked to disk.

    Raises
    ------
    DataError
        No zip, encrypted, too many members, or suspiciously large when unpacked.
    """
    try:
        with ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > _MOST_MEMBERS:
                raise DataError("archive has too many members", where=path.name, value=len(members))
            found = [member for member in members if member.filename.endswith(PARTS[part])]
            if not found:
                return None
            if len(found) > 1:
                raise DataError(f"archive holds more than one survey's {part}", where=path.name, value=len(found))
            limit = min(_LARGEST, max(_SMALL, found[0].compress_size * _LARGEST_RATIO))
            with archive.open(found[0]) as stream:
                content = stream.read(limit + 1)
    except (BadZipFile, EOFError, NotImplementedError) as error:
        raise DataError(f"not a readable archive ({error})", where=path.name, remedy="export it again") from None
    except RuntimeError:
        raise DataError("archive is encrypted", where=path.name, remedy="export it without a password") from None
    except OSError as error:
        raise DataError("archive cannot be read", where=path.name, value=error.strerror) from None
    if len(content) > limit:
        raise DataError("archive is suspiciously large when unpacked", where=path.name, expected=f"{limit} bytes")
    return content
