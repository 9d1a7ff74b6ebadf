"""Categories that nobody declared: named where enough persons share them and nobody wrote them, else numbered.

A row that is hidden still says which one it is. Where its category is a text that no codebook and no study.toml
knows, it may be what one person wrote, however it was changed on its way.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.estimates import Facts
from bildungsbedarf.wave.written import is_written

UNNAMED = "… "
"""How a number stands for a category that is not named."""


def without_names(frame: pd.DataFrame, facts: Facts, limits: Limits) -> pd.DataFrame:
    """The frame in which undeclared categories of fewer persons than a cell needs, or of open answers, are numbers."""
    made, persons_of = frame, _persons(frame, facts)
    for column, rows in _undeclared(frame, facts):
        persons = persons_of["category" if column == "category" else "group"][rows]
        # the same name in several rows: it is told where one of them has enough persons
        most = persons.groupby(frame.loc[rows, column].astype("str")).max()
        few = [
            name
            for name, persons in zip(most.index.astype("str"), most, strict=True)
            if _is_text(name) and (persons < limits.minimum_cell or is_written(name))
        ]
        if not few:
            continue
        numbered = {name: f"{UNNAMED}{number}" for number, name in enumerate(sorted(few), start=1)}
        texts = made[column].astype("string").astype("object")
        named = texts.where(~rows, texts.map(lambda name, numbered=numbered: numbered.get(name, name)))
        made = made.assign(**{column: named.astype("string")})
    return made


def unnamed(frame: pd.DataFrame, facts: Facts) -> int:
    """How many categories and groups of a frame that passed are numbers."""
    return sum(
        frame.loc[rows, column].dropna().astype("str").loc[lambda names: names.str.startswith(UNNAMED)].nunique()
        for column, rows in _undeclared(frame, facts)
    )


def _persons(frame: pd.DataFrame, facts: Facts) -> dict[str, pd.Series]:
    """The persons of each row's category, and of its group."""
    count, base = (frame[name].astype("Float64").fillna(0) for name in ("count", "n"))
    within = frame["category"].notna()
    if not facts.by or not within.any():
        return {"category": count, "group": base}
    # shares of a whole table: the base is everybody's, and a group has the persons of its categories
    summed = count.groupby([frame[name].astype("str") for name in ("variable", *facts.by)]).transform("sum")
    return {"category": count, "group": base.where(~within | (base < summed), summed)}


def _undeclared(frame: pd.DataFrame, facts: Facts) -> Iterator[tuple[str, pd.Series]]:
    """Columns that hold undeclared names, and the rows in which they do."""
    if not facts.uncoded:
        return
    uncoded = set(facts.uncoded)
    every = pd.Series(True, index=frame.index)
    for name in facts.by:
        if name in uncoded:
            yield name, every
    if (rows := frame["variable"].isin(uncoded)).any():
        yield "category", rows
    if {"by", "group"} <= set(frame.columns) and (rows := frame["by"].isin(uncoded)).any():
        yield "group", rows


def _is_text(name: str) -> bool:
    return name not in ("True", "False", "<NA>", "nan", "None")
