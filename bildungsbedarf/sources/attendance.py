"""A list of those present at a conference, reduced to persons by group: no name is kept, printed or written."""

from __future__ import annotations

from pathlib import Path

from bildungsbedarf.errors import DataError, nearest
from bildungsbedarf.sources.files import read_bytes
from bildungsbedarf.sources.tables import read_csv_text, read_excel_text


def count_attendance(path: Path, column: str) -> tuple[dict[str, int], int]:
    """Persons by what a column of the list says.

    Parameters
    ----------
    path
        A table (``.csv``, ``.xlsx``), one line a person.
    column
        Heading of the column with their group.

    Returns
    -------
    tuple of (dict, int)
        Group → persons, in alphabetical order; and how many lines have none.

    Raises
    ------
    DataError
        The file cannot be read, has no such column, or what stands there are addresses or the names of single persons.
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
    groups = table.loc[(table != "").any(axis=1), heads[column.strip().casefold()]].str.strip()
    named = groups[groups != ""]
    if named.str.contains("@", regex=False).any():
        raise DataError("this column holds addresses, no groups", where=f"{path.name}, {column}")
    if len(named) > _FEW and named.nunique() > len(named) / 2:
        raise DataError(
            "this column tells persons apart, it does not group them",
            where=f"{path.name}, {column}",
            value=f"{named.nunique()} different entries of {len(named)}",
            expected="a column in which many lines say the same",
        )
    counts = named.value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index)}, len(groups) - len(named)


_FEW = 6
