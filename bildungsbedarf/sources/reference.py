"""Read tables of official statistics from data/reference, as text with their hash."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256


def read_reference(path: Path) -> tuple[pd.DataFrame, Provenance]:
    """A CSV of facts, all columns as text (keys keep their leading zeros), empty cells missing.

    Raises
    ------
    DataError
        Missing or unreadable.
    """
    content = read_bytes(path)
    try:
        table = pd.read_csv(BytesIO(content), dtype="string", encoding="utf-8-sig")
    except (ValueError, UnicodeDecodeError) as error:
        raise DataError(f"table cannot be read: {error}", where=path.name) from None
    return table, Provenance(path.name, sha256(content), "csv", len(table))
