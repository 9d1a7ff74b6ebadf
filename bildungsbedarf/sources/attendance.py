"""A list of those present at a conference, reduced to persons by group: no name is kept, printed or written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bildungsbedarf.errors import DataError, nearest
from bildungsbedarf.sources.files import read_bytes
from bildungsbedarf.sources.tables import read_csv_text, read_excel_text


def count_attendance(path: Path, column: str, groups: Mapping[str, str]) -> tuple[dict[str, int], int]:
    """Persons by what a column of the list says, as far as it is a group of the ballot.

    What is none is counted and not told: it may be a name.

    Parameters
    ----------
    path
        A table (``.csv``, ``.xlsx``), one line a person.
    column
        Heading of the column with their group.
    groups
        What the list may call a group → its category.

    Returns
    -------
    tuple of (dict, int)
        Category → persons, in alphabetical order; and how many lines say something else or nothing.

    Raises
    ------
    DataError
        The file cannot be read, has no such column, or no line of it names a group.
    """
    read = read_excel_text if path.suffix.lower() == ".xlsx" else read_csv_text
    table = read(read_bytes(path), path.name).astype("str")
    heads = {str(name).strip().casefold(): name for name in table.columns}
    if column.strip().casefold() not in heads:
        raise DataError(
            "the list has no such column",
            where=path.name,
            value=column,
            expected=nearest(column, [str(name).strip() for name in table.columns]),
        )
    known = {name.casefold(): category for name, category in groups.items()}
    said = table.loc[(table != "").any(axis=1), heads[column.strip().casefold()]].str.strip().str.casefold()
    counts = said.map(known).value_counts()
    if counts.empty:
        raise DataError(
            "no line names a group of the ballot",
            where=f"{path.name}, {column}",
            value=f"{len(said)} lines",
            expected=", ".join(dict.fromkeys(groups)),
        )
    return {str(name): int(counts[name]) for name in sorted(counts.index)}, len(said) - int(counts.sum())
