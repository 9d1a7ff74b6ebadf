"""Which column a person means: by its name, as in the questionnaire, or by what it is called in a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study.model import Words

if TYPE_CHECKING:
    from bildungsbedarf.wave.wave import Wave

_OF_ITEM = re.compile(r"^(?P<question>\w+)\[(?P<item>\w+)\](?:\[(?P<scale>\d+)\])?$")


def column_named(wave: Wave, name: str) -> str:
    """The column of ``responses`` that a name stands for.

    ``WICHT_F05``, ``WICHT[F05]``, ``altersgruppe``, ``Altersgruppe``, or the text of a question without items; the
    label of an item where it stands in one question only.

    Parameters
    ----------
    wave
        One audience in one wave.
    name
        What a person wrote.

    Returns
    -------
    str
        A column.

    Raises
    ------
    ConfigError
        Nothing is called so, and the nearest is named; or several are, and all of them are.

    Examples
    --------
    >>> [column_named(wave, name) for name in ("WICHT[F05]", "Altersgruppe", "ALTER")]
    ['WICHT_F05', 'altersgruppe', 'ALTER']
    """
    columns = wave.responses.columns
    if name in columns:
        return name
    if found := _OF_ITEM.match(name):
        parts = [found["question"], found["item"], *([found["scale"]] if found["scale"] else [])]
        if (column := "_".join(parts)) in columns:
            return column
    if name in wave.codebook and (items := [one.name for one in wave.codebook.columns_of(name) if one.name in columns]):
        raise ConfigError(
            "a question of several items has a column for each",
            value=name,
            expected=", ".join(items if len(items) <= _ITEMS else [*items[:_ITEMS], f"… {items[-1]}"]),
            remedy=f'needs.answers(wave, "{name}") has the answers to all of them',
        )
    wanted = _bare(name)
    matches = list(dict.fromkeys(column for label, column in _labels(wave) if _bare(label) == wanted))
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ConfigError("several columns are called so", value=name, expected=", ".join(matches[:6]))
    known = [*map(str, columns), *(label for label, _ in _labels(wave) if len(label) < _LONG)]
    near = _nearest(name, known) or f"groups: {', '.join(wave.groups)}; wave.codebook has all questions"
    raise ConfigError("there is no such question, item or group", value=name, expected=near)


_LONG, _ITEMS = 60, 6


def _nearest(name: str, known: list[str]) -> str:
    """What lies near, in capitals or not, with or without leading zeros, or as its beginning; else nothing."""
    wanted = _key(name)
    same = [one for one in known if _key(one) == wanted]
    begins = [one for one in known if one.casefold().startswith(name.casefold()) and len(name) >= _SHORTEST]
    close = get_close_matches(name, known, n=_SHOWN, cutoff=0.6)
    found = list(dict.fromkeys([*same, *begins, *close]))[:_SHOWN]
    return f"did you mean {' or '.join(map(repr, found))}?" if found else ""


_SHORTEST, _SHOWN = 3, 3


def _key(name: str) -> str:
    return re.sub(r"(?<=[a-z_])0+(?=\d)", "", name.casefold())


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())


def _labels(wave: Wave) -> Iterator[tuple[str, str]]:
    """What columns are called, in both languages: derived variables, items, questions without items."""
    there = set(map(str, wave.responses.columns))
    for name in wave.config.variables:
        if name in there:
            yield from ((wave.title(name, language), name) for language in ("de", "en"))
    for column in wave.codebook.columns:
        if column.name not in there or column.role != "answer":
            continue
        question = wave.codebook[column.question]
        for language in ("de", "en"):
            label = question.items(language).get(column.item, "") if column.item else question.text(language)
            if label:
                yield label, column.name


def added_labels(wave: Wave, variable: str, language: str) -> dict[str, str]:
    """What the categories of a variable are called that a person added: as they are, of a condition yes and no.

    Parameters
    ----------
    wave
        One audience in one wave, with the variable.
    variable
        Its name.
    language
        ``de`` or ``en``.

    Returns
    -------
    dict
        Category → label.

    Examples
    --------
    >>> added_labels(wave.with_variables(alt="ALTER >= 65"), "alt", "de")
    {'False': 'nein', 'True': 'ja'}
    """
    levels = [str(level) for level in wave.design.levels(variable)]
    if set(levels) <= set(_TRUTH):
        return {level: word for level, word in truth(language).items() if level in levels}
    return {level: level for level in levels}


def truth(language: str) -> dict[str, str]:
    """What a condition and a box are called where they hold and where not."""
    return {level: words.get(language) for level, words in _TRUTH.items()}


TECHNICAL = {
    "mode": Words(de="Weg der Antwort", en="Way of answering"),
    "startlanguage": Words(de="Sprache des Fragebogens", en="Language of the questionnaire"),
    "lastpage": Words(de="Letzte Seite", en="Last page"),
    "duration_minutes": Words(de="Dauer in Minuten", en="Duration in minutes"),
    "speeding": Words(de="Sehr schnell geantwortet", en="Answered very fast"),
    "straightlining": Words(de="Überall dasselbe angekreuzt", en="Gave the same answer everywhere"),
    "duplicate": Words(de="Doppelt geantwortet", en="Answered twice"),
    "out_of_range": Words(de="Unmögliche Angabe", en="Impossible value"),
}
"""Columns of a wave that nobody was asked for: how an answer came about, and what its quality is."""
_WAYS = {"online": Words(de="online", en="online"), "paper": Words(de="auf Papier", en="on paper")}


def technical_labels(wave: Wave, variable: str, language: str) -> dict[str, str]:
    """What the categories of a column are called that nobody was asked for."""
    if pd.api.types.is_bool_dtype(wave.responses[variable].dtype):
        return truth(language)
    return {way: words.get(language) for way, words in _WAYS.items()} if variable == "mode" else {}


_TRUTH = {"False": Words(de="nein", en="no"), "True": Words(de="ja", en="yes")}


def completions(wave: Wave) -> list[str]:
    """Names that complete at the keyboard after ``wave["``.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Columns of the table.

    Examples
    --------
    >>> "WICHT_F05" in completions(wave)
    True
    """
    return [str(name) for name in wave.responses.columns]
