"""Take a person out of every snapshot: the right to erasure, after the fact and for what is brought in later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError

FILE = "forgotten.json"
"""Beside an audience's snapshots: ids that are taken out of whatever is brought in again."""
_ID = "id"
_REFERENCES = "participant"


def forgotten(folder: Path) -> tuple[str, ...]:
    """Ids that were forgotten in an audience's folder.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return tuple(str(one) for one in json.loads(path.read_bytes())["responses"])
    except (ValueError, KeyError, TypeError):
        raise DataError(
            "list of forgotten responses cannot be read",
            where="/".join(path.parts[-4:]),
            expected='{"responses": ["225"]}',
            remedy="mend it: without it forgotten people could come back",
        ) from None


def listed(known: tuple[str, ...], response: str) -> bytes:
    """The file's content with one more."""
    return (json.dumps({"responses": sorted({*known, response})}) + "\n").encode()


def without(tables: Mapping[str, pd.DataFrame], responses: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Tables without the rows of these people: their response, or the participant and all of their votes."""
    if not responses:
        return dict(tables)
    kept = {}
    for name, table in tables.items():
        column = _REFERENCES if _REFERENCES in table.columns else _ID
        is_about_people = name != "statements" and column in table.columns
        kept[name] = table[~table[column].isin(responses)].reset_index(drop=True) if is_about_people else table
    return kept
