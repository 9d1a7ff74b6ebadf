"""Answers of several waves in one long table: only items that were asked the same way in all of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.codebook import Codebook, Column, compare_books
from bildungsbedarf.codebook.compare import SAME
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave.wave import Wave

COLUMNS = ("wave", "audience", "id", "weight", "question", "item", "variable", "value")


def harmonised(waves: Sequence[Wave]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The comparable answers of waves of one audience, and why the others are not.

    Returns
    -------
    (answers, left out): ``answers`` with ``COLUMNS``, one row a person and item, missing answers left out,
    values as text (codes); ``left out`` with ``question, item, wave, state, before, after``: each item that
    was reworded, rescaled, refiltered, or is new or gone, with the wave in which it differs from the first.

    Raises
    ------
    ConfigError
        Fewer than two waves.
    """
    if len(waves) < 2:
        raise ConfigError("there is no second wave to compare with", value=", ".join(wave.name for wave in waves))
    first = waves[0]
    differing = []
    for wave in waves[1:]:
        compared = compare_books(first.codebook, wave.codebook)
        differing.append(compared[compared["state"] != SAME].assign(wave=wave.name))
    left_out = pd.concat(differing, ignore_index=True)[["question", "item", "wave", "state", "before", "after"]]
    dropped = set(zip(left_out["question"], left_out["item"], strict=True))
    kept = [
        column
        for column in first.codebook.columns
        if column.role == "answer" and column.values != "text" and not _is_lost(column, first.codebook, dropped)
    ]
    parts = []
    for wave in waves:
        head = pd.DataFrame(
            {"wave": wave.name, "audience": wave.audience, "id": wave.responses["id"], "weight": wave.design.weights}
        )
        for column in kept:
            values = wave.responses[column.name]
            known = values.notna().to_numpy()
            named = {"question": column.question, "item": column.item, "variable": column.name}
            parts.append(head[known].assign(**named, value=values[known].astype("string").to_numpy()))
    answers = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return answers[list(COLUMNS)], left_out


def _is_lost(column: Column, book: Codebook, dropped: set[tuple[str, str]]) -> bool:
    """An item is lost when it differs; the places of a ranking when any of what was ranked does."""
    if book[column.question].type.axes == "ranking":
        return any(question == column.question for question, _ in dropped)
    return bool(dropped & {(column.question, column.item), (column.question, "")})
