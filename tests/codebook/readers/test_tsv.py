"""Tab-separated structures: a code given twice would vanish, and its answers with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import DataError

_HEAD = ["class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "other"]
_ROWS = [
    ["S", "", "sid", "", "4711", "", "", "", "", ""],
    ["S", "", "language", "", "de", "", "", "", "", ""],
    ["G", "0", "Eins", "1", "", "", "de", "", "", ""],
    ["Q", "M", "K", "1", "Was?", "", "de", "", "N", "N"],
    ["SQ", "", "a", "1", "Kurs", "", "de", "", "", ""],
    ["SQ", "", "b", "1", "Vortrag", "", "de", "", "", ""],
    ["Q", "L", "L", "1", "Wie oft?", "", "de", "", "N", "N"],
    ["A", "0", "1", "", "nie", "", "de", "", "", ""],
    ["A", "0", "2", "", "oft", "", "de", "", "", ""],
]


def _written(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "q.txt"
    path.write_text("\n".join("\t".join(row) for row in [_HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_each_code_once_is_read(tmp_path: Path) -> None:
    book = read_codebook(_written(tmp_path, _ROWS))
    assert (book["K"].items("de"), book["L"].labels("de")) == (
        {"a": "Kurs", "b": "Vortrag"},
        {"1": "nie", "2": "oft"},
    )


@pytest.mark.parametrize(("row", "of"), [(5, "items"), (8, "answers")])
def test_a_code_given_twice_is_named(tmp_path: Path, row: int, of: str) -> None:
    rows = [list(one) for one in _ROWS]
    rows[row][2] = rows[row - 1][2]
    with pytest.raises(DataError, match=f"stands twice among the {of} of a question") as caught:
        read_codebook(_written(tmp_path, rows))
    assert rows[row][2] in str(caught.value)
