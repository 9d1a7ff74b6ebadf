"""Variables of a researcher's own: a condition, a function or values, made into one value a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.expression import Expression
from bildungsbedarf.prepare import value_codes
from bildungsbedarf.wave.written import is_written, refuse_written

if TYPE_CHECKING:
    from bildungsbedarf.wave.wave import Wave


_LONGEST_NAME = 40


def _codes(name: str, wave: Wave) -> dict[str, str]:
    """Codes of a column that are answers, with their labels; none where it has no codes."""
    asked = next((column for column in wave.codebook.columns if column.name == name), None)
    if asked is None:
        return wave.labels(name) if name in wave.config.variables else {}
    if not asked.codes:
        return {}
    labels = wave.labels(name)
    return {code: labels.get(code, code) for code in value_codes(asked, wave.config)}


def variable(name: str, given: str | pd.Series | Callable[[pd.DataFrame], pd.Series], wave: Wave) -> pd.Series:
    """One variable for every person of the wave."""
    table = wave.responses
    if not re.fullmatch(r"\w+", name) or is_written(name):
        raise ConfigError(
            "a variable is not called so",
            value=name if len(name) <= _LONGEST_NAME and not is_written(name) else None,
            expected="one word: letters, digits and _",
            remedy="one column for each text names single persons: needs.words counts what they wrote",
        )
    if name in table.columns:
        raise ConfigError("there is a variable of this name", value=name, remedy="call yours otherwise")
    if isinstance(given, str):
        condition = Expression(given, name)
        condition.check_codes(table, lambda column: _codes(column, wave))
        return condition.evaluate(table).astype("boolean")
    try:
        found = given(table) if callable(given) else given
    except KeyError as error:
        key, known = str(error.args[0]), map(str, table)
        raise ConfigError("there is no such column", where=name, value=key, expected=nearest(key, known)) from None
    except (ArithmeticError, AttributeError, IndexError, NameError, TypeError, ValueError) as error:
        raise ConfigError(
            "your function cannot be computed",
            where=name,
            value=f"{type(error).__name__}: {error}",
            expected="a Series made of columns of wave.responses: lambda table: table['ALTER'] * 2",
            remedy="missing answers stay missing: 'Int64' and 'boolean' hold them, int and bool do not",
        ) from None
    if isinstance(found, pd.Series) and not found.index.is_unique:
        double = found.index[found.index.duplicated()][0]
        raise ConfigError("two values belong to one person", where=name, value=double, expected="one value a person")
    if not isinstance(found, pd.Series) or not table.index.isin(found.index).all():
        raise ConfigError(
            "the values do not belong to these persons",
            where=name,
            value=type(found).__name__,
            expected="a Series with the index of wave.responses",
            remedy="pd.Series(values, index=wave.responses.index)",
        )
    made = found.reindex(table.index)
    refuse_written(name, made, wave)
    return made
