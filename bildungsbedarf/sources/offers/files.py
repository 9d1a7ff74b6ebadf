"""Offers as providers and portals hand them over: a table, JSON-LD, a calendar, a course list, or a folder of these.

Nothing is interpreted here: every value stays the text it was, under our name of its column; ``supply`` reads it by
the rules of offers.toml, and says what it cannot read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256_of_all
from bildungsbedarf.sources.offers.calendars import calendar_offers
from bildungsbedarf.sources.offers.catalogues import catalogue_offers
from bildungsbedarf.sources.offers.linked import linked_offers
from bildungsbedarf.sources.tables import read_csv_text, read_excel_text

_TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
_STANDARDS: Mapping[str, Callable[[bytes, str], pd.DataFrame]] = {
    ".json": linked_offers,
    ".jsonld": linked_offers,
    ".ics": calendar_offers,
    ".xml": catalogue_offers,
}
"""Ending of a file → reader of a format that says itself what each value is."""
SOURCE = "source"
"""Column that says which file of a folder an offer came from."""


@dataclass(frozen=True)
class OfferFiles:
    """One file of offers, or a folder with several; ``columns`` are our names → headings of the tables."""

    columns: Mapping[str, str] = field(default_factory=dict)
    kind: str = "records"

    def recognises(self, path: Path) -> bool:
        """A file of offers, or a folder with at least one."""
        return bool(_files(path))

    def read(self, path: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
        """All offers, as text.

        Raises
        ------
        DataError
            A file cannot be read, holds no offers, or lacks a column that offers.toml names.
        """
        contents = {file.name: read_bytes(file) for file in _files(path)}
        if left := _unread(path):
            raise DataError(
                "the folder holds what no reader of offers knows",
                where=path.name,
                value=", ".join(left),
                expected=", ".join((*_TABLES, *_STANDARDS)),
                remedy="save it as a table, or take it out of the folder",
            )
        stems = Counter(_stem(name) for name in contents)
        parts = []
        for name, content in contents.items():
            part = _STANDARDS.get(_suffix(name), self._table)(content, name)
            if len(contents) > 1:
                stem = _stem(name) if stems[_stem(name)] == 1 else name
                part = part.assign(**{SOURCE: name})
                if "id" in part.columns:
                    part["id"] = stem + ":" + part["id"]
            parts.append(part)
        joined = pd.concat(parts, ignore_index=True).fillna("") if len(parts) > 1 else parts[0]
        return {"records": joined}, Provenance(path.name, sha256_of_all(contents), "offers", len(joined))

    def _table(self, content: bytes, name: str) -> pd.DataFrame:
        is_book = _suffix(name) in (".xlsx", ".xlsm")
        table = read_excel_text(content, name) if is_book else read_csv_text(content, name)
        headings = {str(heading).strip(): str(heading) for heading in table.columns}
        lacking = [heading for heading in self.columns.values() if heading not in headings]
        if lacking:
            raise DataError(
                "offers.toml names a column that the table does not have",
                where=name,
                value=lacking[0],
                expected=", ".join(headings),
            )
        named = {headings[heading]: own for own, heading in self.columns.items()}
        others = [str(name) for name in table.columns if name not in named]
        if taken := [own for own in named.values() if own in others]:
            raise DataError(
                "a column of the table is called as one of ours that is read from another",
                where=name,
                value=taken[0],
                remedy=f"rename it, or take {taken[0]!r} out of [columns] in offers.toml",
            )
        return table.rename(columns=named)


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz")).suffix


def _stem(name: str) -> str:
    return name.removesuffix(".gz").rpartition(".")[0]


def _unread(path: Path) -> list[str]:
    """What lies in a folder beside the files of offers; hidden files are nobody's."""
    if not path.is_dir():
        return []
    known = set(_files(path))
    return sorted(one.name for one in path.iterdir() if one not in known and not one.name.startswith("."))


def _files(path: Path) -> list[Path]:
    candidates = sorted(path.iterdir()) if path.is_dir() else [path]
    return [one for one in candidates if one.is_file() and _suffix(one.name) in (*_TABLES, *_STANDARDS)]
