"""What a notebook's process may open: its inputs, which are recorded, and the system's files; nothing else.

A notebook that reads a file nobody declared would be up to date after the file has changed, and one that writes into
results could publish what no gate has seen. Python tells every opening through an audit hook; libraries in other
languages that open a file by its name (``pandas.read_parquet`` with a path) don't tell.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_CACHE, _COMPILED = "__pycache__", ".pyc"
_SYSTEM = (
    *("/usr", "/etc", "/lib", "/lib64", "/bin", "/opt", "/proc", "/sys", "/dev", "/run", "/var", "/nix"),
    *("/System", "/Library", "/private/var"),
)
_CHANGES = {"os.rename": 1, "os.link": 1, "os.symlink": 1, "os.mkdir": 0, "os.remove": 0, "os.rmdir": 0}
_CHANGES |= {"os.truncate": 0, "os.chmod": 0, "os.chown": 0, "os.utime": 0}
"""Events that change a path, and where it stands among their arguments."""


class UndeclaredFileError(RuntimeError):
    """A notebook opened a file that is no input of it, or wrote one."""


@dataclass
class Guard:
    """Sees every opening of a file in this process.

    Parameters
    ----------
    root
        The project: what is read of it must lie in one of ``inputs`` (files or folders), and nothing is written.
    inputs
        Their files may be read, and are listed in ``record``.
    library
        Folders of code.
    record
        File that gets one line for each input that was opened, by its path in the project.
    """

    root: str
    inputs: Sequence[str]
    library: Sequence[str]
    record: str
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        scratch = _real(tempfile.gettempdir())
        self._scratch = [scratch, _real("/dev"), _real("/proc"), *_personal()]
        self._system = [*map(_real, (*_SYSTEM, sys.prefix, sys.base_prefix)), *self._scratch]
        # the project may lie among temporary files, or they in it
        self._free = [*self.library, scratch] if _is_in(scratch, [self.root]) else list(self.library)
        self._record = os.open(self.record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook (``sys.addaudithook``)."""
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _FOLDER and _FOLDER:
                return
            self._opened(path, bool(isinstance(flags, int) and flags & _WRITES))
        elif event in _CHANGES:
            # with a folder's handle beside it, the path is one of a temporary folder that is being emptied
            if event in ("os.remove", "os.rmdir") and arguments[-1] not in (-1, None):
                return
            self._opened(arguments[_CHANGES[event]], writes=True)
            if event == "os.rename":
                self._opened(arguments[0], writes=True)

    def _opened(self, path: object, writes: bool) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        real = _real(os.fsdecode(path))
        is_compiled = Path(real).parent.name == _CACHE and _COMPILED in Path(real).name
        if is_compiled or _is_in(real, self._free) or real == os.devnull:
            return
        if _is_in(real, [self.root]):
            if writes:
                raise UndeclaredFileError(f"a notebook writes no file: {self._shown(real)}")
            if not _is_in(real, self.inputs):
                raise UndeclaredFileError(f"{self._shown(real)} is no input of this notebook{_REMEDY}")
            self._note(real)
        elif not _is_in(real, self._scratch if writes else self._system):
            what = "a notebook writes no file" if writes else f"a file outside the project is no input{_REMEDY}"
            raise UndeclaredFileError(f"{what}: {Path(real).name}")

    def _note(self, real: str) -> None:
        if real not in self.seen and Path(real).is_file():
            self.seen.add(real)
            os.write(self._record, f"{self._shown(real)}\n".encode())

    def _shown(self, real: str) -> str:
        return Path(os.path.relpath(real, self.root)).as_posix()


_REMEDY = "; put it into data/reference, or bring it in with 'bildungsbedarf import'"


def _real(path: str) -> str:
    return os.path.realpath(path)


_CACHES = (
    *(".cache", ".config/matplotlib", ".config/fontconfig", ".ipython", ".jupyter", ".local/share/jupyter"),
    *(".local/lib", ".matplotlib", ".fonts", "Library/Caches"),
)


def _personal() -> list[str]:
    """Settings and caches of the libraries, not what else a person keeps."""
    places = [os.environ.get(name, "") for name in ("XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT")]
    places += [os.environ.get(name, "") for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR")]
    return [_real(place) for place in (*places, *(str(Path.home() / name) for name in _CACHES)) if place]


def _is_in(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
