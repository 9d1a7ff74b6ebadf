"""Tab-separated structures: a code given twice would vanish, and its answers with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import DataError
from tests.codebook.made import tsv

_ROWS = [
    ["Q", "M", "K", "Was?", "de", "1", "N", "N"],
    ["SQ", "", "a", "Kurs", "de", "1"],
    ["SQ", "", "b", "Vortrag", "de", "1"],
    ["Q", "L", "L", "Wie oft?", "de", "1", "N", "N"],
    ["A", "0", "1", "nie", "de"],
    ["A", "0", "2", "oft", "de"],
]


def _written(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "q.txt"
    path.write_text(tsv(rows), encoding="utf-8")
    return path


def test_each_code_once_is_read(tmp_path: Path) -> None:
    book = read_codebook(_written(tmp_path, _ROWS))
    assert (book["K"].items("de"), book["L"].labels("de")) == (
        {"a": "Kurs", "b": "Vortrag"},
        {"1": "nie", "2": "oft"},
    )


@pytest.mark.parametrize(("row", "of"), [(2, "items"), (5, "answers")])
def test_a_code_given_twice_is_named(tmp_path: Path, row: int, of: str) -> None:
    rows = [list(one) for one in _ROWS]
    rows[row][2] = rows[row - 1][2]
    with pytest.raises(DataError, match=f"stands twice among the {of} of a question") as caught:
        read_codebook(_written(tmp_path, rows))
    assert rows[row][2] in str(caught.value)
