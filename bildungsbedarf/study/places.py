"""Where in a TOML file a key stands: its line, also in tables within lists of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_TABLE = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r'^\s*((?:"[^"]*"|[\w+–-]+)(?:\s*\.\s*(?:"[^"]*"|[\w+–-]+))*)\s*=')
_PART = re.compile(r'"([^"]*)"|([^\s.]+)')

Place = tuple[str | int, ...]


def line_of(text: str, location: Sequence[str | int]) -> int:
    r"""Line of the key at ``location`` (names, and numbers within lists), or of the table it belongs to; 0 if neither.

    Examples
    --------
    >>> line_of("[[goal]]\nid = 1\n[[goal]]\nid = 2", ("goal", 1, "id"))
    4
    """
    lines = lines_by_place(text)
    place = tuple(location)
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 0)


class Written:
    """A file of a study that a person wrote: says where in it something stands."""

    def __init__(self, path: Path, root: Path) -> None:
        self._text = path.read_text(encoding="utf-8-sig")
        self._shown = path.relative_to(root).as_posix()

    def at(self, *place: str | int) -> str:
        """``surveys/study/pages.toml, line 12``: the file and the line of a key."""
        return f"{self._shown}, line {line_of(self._text, place)}"


def lines_by_place(text: str) -> dict[Place, int]:
    """Every table and key with its line; of a list of tables the first stands for the list."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.match(line):
            *above, last = _parts(found[2])
            table = ()
            for name in above:
                table = (*table, name)
                table = (*table, counts[table] - 1) if table in counts else table
            table = (*table, last)
            if found[1] == "[[":
                lines.setdefault(table, number)
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            lines.setdefault(table, number)
        elif found := _KEY.match(line):
            place = table
            for name in _parts(found[1]):
                place = (*place, name)
                lines.setdefault(place, number)
    return lines


def _parts(name: str) -> list[str]:
    return [quoted or plain for quoted, plain in _PART.findall(name)]
