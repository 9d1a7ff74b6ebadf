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
from bildungsbedarf.prepare.reasons import REASONS
from bildungsbedarf.wave import Wave

MISSING = {reason: -(number + 1) for number, reason in enumerate(REASONS)}
WEIGHT = "weight"
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
        The wave cannot be used.
    """
    language = language or wave.language
    responses, missing = wave.responses, wave.missing
    kept = [str(name) for name in responses.columns if _is_kept(str(name), wave, with_text=with_text)]
    data = pd.DataFrame({name: _values(responses[name]) for name in kept})
    data[WEIGHT] = wave.design.weights
    variables = tuple(_variable(name, data[name], wave, language) for name in data.columns)
    reasons = missing.reindex(columns=data.columns)
    return Microdata(wave.codebook.title.get(language, wave.name), language, data, reasons, variables)


def _is_kept(name: str, wave: Wave, *, with_text: bool) -> bool:
    if name in _PERSONAL:
        return False
    asked = _asked(wave, name)
    is_text = asked is not None and (asked.role != "answer" or asked.values == "text")
    return with_text or not is_text


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
    if asked.values == "checkbox":
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


def check_codes(data: Microdata) -> None:
    """Refuse codes that stand for a missing reason too.

    Raises
    ------
    ConfigError
        A questionnaire's own code is one of those of ``MISSING``.
    """
    taken = {str(code) for code in MISSING.values()}
    for variable in data.variables:
        if clash := sorted(taken & set(variable.values)):
            raise ConfigError(
                "an answer's code is that of a missing reason", where=f"variable {variable.name}", value=clash[0]
            )
