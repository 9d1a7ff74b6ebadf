"""Which proposal a majority judges best, where people grade each one (Balinski & Laraki 2010, *Majority Judgment*).

A proposal's majority grade is its median; of an even number the lower one in the middle: that is what a majority agrees
on. Equal grades are told apart by taking one majority grade away from each at a time, until the grades differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Wave


@dataclass(frozen=True)
class Judgement:
    """Proposals in the order of the judgement: ``order`` are places, several on one where nothing tells them apart.

    ``grades`` are the majority grades by proposal, ``persons`` how many graded each. Nothing where fewer people graded
    than may be told of.
    """

    order: tuple[tuple[str, ...], ...]
    grades: pd.Series
    persons: pd.Series


def majority_judgement(source: Wave | pd.DataFrame, question: str = "", *, higher_is_better: bool = True) -> Judgement:
    """Order of proposals that people graded one by one.

    Parameters
    ----------
    source
        A wave, or one row a person and one column a proposal with grades as numbers; missing where none was given.
    question
        Of a wave: the array question with the grades.
    higher_is_better
        Whether a higher number is a better grade (of school marks it is not).

    Returns
    -------
    Judgement
        A count of those who graded: nothing is concluded for others.

    Raises
    ------
    ConfigError
        The question has no items with numbers.

    Examples
    --------
    >>> grades = pd.DataFrame({"A": [5, 4, 2], "B": [4, 4, 4], "C": [1, 2, 5]})
    >>> participation.majority_judgement(grades).order
    (('B',), ('A',), ('C',))
    """
    table, least = (source, 1) if isinstance(source, pd.DataFrame) else _of_wave(source, question)
    given = {str(name): sorted(map(float, table[name].dropna())) for name in table.columns}
    given = {name: grades for name, grades in given.items() if len(grades) >= least}
    sign = 1 if higher_is_better else -1
    keys = {name: _taken_away([sign * grade for grade in grades]) for name, grades in given.items()}
    places: dict[tuple[float, ...], list[str]] = {}
    for name in sorted(keys, key=keys.__getitem__, reverse=True):
        places.setdefault(keys[name], []).append(name)
    grades = pd.Series({name: sign * key[0] for name, key in keys.items()}, dtype="float64", name="grade")
    persons = pd.Series({name: len(own) for name, own in given.items()}, dtype="Int64", name="n")
    return Judgement(tuple(map(tuple, places.values())), grades, persons)


def _of_wave(wave: Wave, question: str) -> tuple[pd.DataFrame, int]:
    columns = {
        column.item: column.name for column in wave.codebook.columns if column.question == question and column.item
    }
    table = wave.responses[[name for name in columns.values() if name in wave.responses.columns]]
    if table.empty or not all(pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes):
        raise ConfigError("this question has no items graded in numbers", value=question, expected="an array question")
    names = {name: item for item, name in columns.items()}
    return table.rename(columns=names), wave.files.config.disclosure.minimum_base


def _taken_away(grades: list[float]) -> tuple[float, ...]:
    """The majority grade, then the one that is left when it is taken away, and so on."""
    left, found = sorted(grades), []
    while left:
        found.append(left.pop((len(left) - 1) // 2))
    return tuple(found)
