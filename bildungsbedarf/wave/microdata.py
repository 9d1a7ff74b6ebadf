"""The analysis table of one wave with its labels, missing reasons and weights, ready for other programs.

Missing reasons are numbers from −1 in SPSS and Stata (``MISSING``), and a table of their own in CSV. Free
texts, access codes and times to the second are left out unless asked for: they can point to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.codebook import Column
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.language import translate
from bildungsbedarf.prepare import ticked_items
from bildungsbedarf.prepare.reasons import REASONS
from bildungsbedarf.wave.wave import Wave
from bildungsbedarf.wave.written import is_written

MISSING = {reason: -(number + 1) for number, reason in enumerate(REASONS)}
WEIGHT = "weight"
_SHIFT = 990
_PERSONAL = ("token", "panel", "startdate", "submitdate", "datestamp", "seed")


@dataclass(frozen=True)
class Described:
    """A column as other programs need it: its label, and its codes' labels where it has codes."""

    name: str
    label: str
    question: str
    values: dict[str, str]
    is_number: bool


@dataclass(frozen=True)
class Microdata:
    """``data`` (one row a counted person; codes as text, numbers as float), ``missing`` (reasons), variables."""

    title: str
    language: str
    data: pd.DataFrame
    missing: pd.DataFrame
    variables: tuple[Described, ...]


def microdata(wave: Wave, language: str = "", *, with_text: bool = False) -> Microdata:
    """The microdata of one audience in one wave.

    Parameters
    ----------
    with_text
        Free texts too; a person answers for what they hold.

    Raises
    ------
    ConfigError, DataError
        The wave cannot be used. A variable added to it may hold what single persons wrote.
    """
    language = language or wave.language
    if not with_text:
        _refuse_texts(wave)
    responses, missing = wave.responses, wave.missing
    kept = [str(name) for name in responses.columns if _is_kept(str(name), wave, with_text=with_text)]
    boxes = {} if with_text else _others(wave)
    data = pd.DataFrame({name: _values(boxes.get(name, responses[name])) for name in [*kept, *boxes]})
    data[WEIGHT] = wave.design.weights
    variables = tuple(_variable(name, data[name], wave, language) for name in data.columns)
    reasons = missing.reindex(columns=data.columns)
    for name in boxes:
        reasons[name] = reasons[name].mask(data[name].notna())
    return Microdata(wave.codebook.title.get(language, wave.name), language, data, reasons, variables)


def _others(wave: Wave) -> dict[str, pd.Series]:
    """Whether "other" was ticked in a multiple choice, where its text is left out."""
    book, found = wave.codebook, {}
    for question in book.questions:
        if question.type.values == "checkbox" and question.other:
            (column,) = book.columns_of(question.code, "other")
            found[column.name] = ticked_items(wave.responses, book, question.code)["other"]
    return found


def _is_kept(name: str, wave: Wave, *, with_text: bool) -> bool:
    if name in _PERSONAL:
        return False
    asked = _asked(wave, name)
    return with_text or (name not in wave.open_answers and (asked is None or not asked.is_open))


def _refuse_texts(wave: Wave) -> None:
    """Refuse texts that nobody declared as categories and that fewer persons share than a cell needs."""
    fewest = wave.files.config.disclosure.minimum_cell
    for name in wave.design.origin.uncoded:
        persons = wave.responses[name].astype("string").value_counts()
        if few := sum(count < fewest or is_written(str(text)) for text, count in persons.items()):
            raise ConfigError(
                "this variable may hold what single persons wrote",
                where=name,
                value=f"{few} of its values have fewer than {fewest} persons, or stand in an open answer",
                expected="codes of your own, each of enough persons; true or false; numbers",
                remedy="write the wave without it: answers of single persons are in the snapshot",
            )


def _asked(wave: Wave, name: str) -> Column | None:
    """The questionnaire's column of this name; ``None`` for derived variables and paradata."""
    return next((column for column in wave.codebook.columns if column.name == name), None)


def _values(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return pd.Series(column.dt.strftime("%Y-%m-%d").astype("object"))
    return column.astype("object").where(column.notna(), None)


def _variable(name: str, column: pd.Series, wave: Wave, language: str) -> Described:
    is_number = pd.api.types.is_float_dtype(column.dtype)
    book = wave.codebook
    asked = _asked(wave, name)
    if asked is None:
        derived = wave.config.variables.get(name)
        labels = wave.labels(name, language) if derived is not None else {}
        title = wave.title(name, language) if derived is not None else name
        return Described(name, title, "", labels if not is_number else _numbers(labels), is_number)
    question = book[asked.question]
    item = question.items(language).get(asked.item, "")
    text = question.text(language)
    labels = question.labels(language, asked.scale) if asked.role == "answer" and asked.codes else {}
    if asked.role == "other":
        item = translate("Other", language)
    if asked.values == "checkbox" or (asked.role == "other" and is_number):
        labels = {"0": "nein", "1": "ja"} if language == "de" else {"0": "no", "1": "yes"}
    label = f"{text} – {item}" if item else text
    return Described(name, label, text, _numbers(labels) if is_number else labels, is_number)


def _numbers(labels: dict[str, str]) -> dict[str, str]:
    """Labels of a scale kept as numbers: codes that are none have no place in it."""
    return {code: label for code, label in labels.items() if code.lstrip("-").isdigit()}


def numbered(data: Microdata) -> tuple[pd.DataFrame, dict[str, dict[float, str]]]:
    """All codes as numbers with their labels, as Stata wants them: ``B1`` becomes 1 with the label ``B1 …``."""
    table, labels = data.data.copy(), {}
    for variable in data.variables:
        if variable.is_number:
            labels[variable.name] = {float(code): text for code, text in variable.values.items()}
        elif variable.values:
            places = {code: float(number) for number, code in enumerate(variable.values, start=1)}
            table[variable.name] = table[variable.name].map(places).astype("float64")
            labels[variable.name] = {places[code]: f"{code} {text}" for code, text in variable.values.items()}
    return table, {name: each for name, each in labels.items() if each}


def reason_codes(data: Microdata, variable: Described) -> dict[str, int]:
    """The numbers of the missing reasons for one variable: those of ``MISSING``, or lower ones.

    Where answers or codes of the variable lie among those, its reasons are −991, −992, … (or ten times as low).
    """
    taken = {float(code) for code in variable.values if code.lstrip("-").isdigit()}
    if variable.is_number:
        taken |= set(data.data[variable.name].dropna().astype(float))
    lowest, shift = min(MISSING.values()), 0
    while any(lowest - shift <= value <= max(MISSING.values()) - shift for value in taken):
        shift = _SHIFT if not shift else shift * 10
    return {reason: code - shift for reason, code in MISSING.items()}
