"""Categories that nobody declared: named where enough persons share them and nobody wrote them, else numbered.

A row that is hidden still says which one it is. Where its category is a text that no codebook and no study.toml
knows, it may be what one person wrote, however it was changed on its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure.rules import Limits
from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.estimates import CHOSEN_ROWS, Facts
from bildungsbedarf.wave.written import is_written

UNNAMED = "… "
"""How a number stands for a category that is not named."""


def without_names(frame: pd.DataFrame, facts: Facts, limits: Limits) -> tuple[pd.DataFrame, Facts]:
    """Frame and facts in which undeclared categories of fewer persons than a cell needs, or written, are numbers.

    Raises
    ------
    DisclosureError
        A variable or group is itself named like what somebody wrote.
    """
    _refuse_written([*facts.by, *map(str, frame["variable"].dropna().unique())])
    made, hidden = frame, {}
    for column, rows, persons in _undeclared(frame, facts):
        names = frame.loc[rows, column].astype("str")
        few = [
            name
            for name in dict.fromkeys(names)
            if _is_text(name) and (persons.get(name, 0) < limits.minimum_cell or is_written(name))
        ]
        if not few:
            continue
        # in the order of the rows: another order would tell where a text stands in the alphabet
        numbered = {name: f"{UNNAMED}{number}" for number, name in enumerate(few, start=1)}
        hidden.update(numbered)
        texts = made[column].astype("string").astype("object")
        named = texts.where(~rows, texts.map(lambda name, numbered=numbered: numbered.get(name, name)))
        made = made.assign(**{column: named.astype("string")})
    part = CHOSEN_ROWS if facts.part and is_written(facts.part) else facts.part
    return made, facts.but(details=_renamed(facts.details, hidden), part=part)


def unnamed(frame: pd.DataFrame, facts: Facts) -> int:
    """How many categories and groups of a frame that passed are numbers."""
    return sum(
        frame.loc[rows, column].dropna().astype("str").loc[lambda names: names.str.startswith(UNNAMED)].nunique()
        for column, rows, _ in _undeclared(frame, facts)
    )


def _refuse_written(names: Sequence[str]) -> None:
    if any(map(is_written, names)):
        raise DisclosureError(
            "a variable of this table is named like what somebody wrote",
            expected="a name of your own",
            remedy="one column for each text names single persons: needs.words and needs.themes count what they wrote",
        )


def _renamed(told: Any, hidden: Mapping[str, str]) -> Any:
    """Facts' details with numbers in place of names."""
    if isinstance(told, Mapping):
        return {key: _renamed(value, hidden) for key, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [_renamed(value, hidden) for value in told]
    return hidden.get(told, told) if isinstance(told, str) else told


def _undeclared(frame: pd.DataFrame, facts: Facts) -> Iterator[tuple[str, pd.Series, dict[str, float]]]:
    """Columns that hold undeclared names, the rows in which they do, and the persons of each name."""
    if not facts.uncoded:
        return
    uncoded = set(facts.uncoded)
    count, base = (frame[name].astype("Float64").fillna(0) for name in ("count", "n"))
    every = pd.Series(True, index=frame.index)
    for name in facts.by:
        if name in uncoded:
            yield name, every, _persons(_of_groups(frame, facts, count, base), frame, ["variable", name])
    if (rows := frame["variable"].isin(uncoded)).any():
        yield "category", rows, _persons(count[rows], frame[rows], ["variable", "category"])
    if {"by", "group"} <= set(frame.columns) and (rows := frame["by"].isin(uncoded)).any():
        yield "group", rows, _by_name(base[rows].groupby(frame.loc[rows, "group"].astype("str")).max())


def _of_groups(frame: pd.DataFrame, facts: Facts, count: pd.Series, base: pd.Series) -> pd.Series:
    """Persons of each combination of groups, once: in the first of its rows, 0 in the others."""
    keys = [frame[name].astype("str") for name in ("variable", *facts.by)]
    largest = base.groupby(keys).transform("max")
    if frame["category"].notna().any():
        # shares of a whole table: the base is everybody's, and a group has the persons of its categories
        summed = count.groupby(keys).transform("sum")
        largest = largest.where(frame["category"].isna() | (largest < summed), summed)
    return largest.where(~pd.concat(keys, axis=1).duplicated(), 0)


def _persons(persons: pd.Series, frame: pd.DataFrame, keys: Sequence[str]) -> dict[str, float]:
    """Persons of each name over all its rows, of the variable in which it has most."""
    summed = persons.groupby([frame[name].astype("str") for name in keys]).sum()
    return _by_name(summed.groupby(level=1).max())


def _by_name(persons: pd.Series) -> dict[str, float]:
    return {str(name): float(count) for name, count in persons.items()}


def _is_text(name: str) -> bool:
    return name not in ("True", "False", "<NA>", "nan", "None")
