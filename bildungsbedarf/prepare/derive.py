"""Derived and renamed variables of study.toml."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.prepare.reasons import REASON_TYPE, UNKNOWN_CODE
from bildungsbedarf.study.config import VariableConfig


def derive_variables(
    answers: pd.DataFrame, reasons: pd.DataFrame, variables: dict[str, VariableConfig]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Columns for all variables and their missing reasons.

    Raises
    ------
    ConfigError
        A variable is made from a column that does not exist, has a code no answer can have, or
        cuts something that is no number.
    """
    problems = [
        Problem(
            f"variable {name!r} is made from an unknown column",
            f"study.toml, variables.{name}",
            rule.source,
            nearest(rule.source, map(str, answers.columns)),
        )
        for name, rule in variables.items()
        if rule.source not in answers.columns
    ]
    if problems:
        raise ConfigError(problems)
    values = {name: _derive(answers[rule.source], rule, name) for name, rule in variables.items()}
    why = {name: _why(values[name], reasons[rule.source]) for name, rule in variables.items()}
    return pd.DataFrame(values, index=answers.index), pd.DataFrame(why, index=answers.index)


def class_labels(rule: VariableConfig) -> list[str]:
    """Labels of a variable with ``cut``: as given, else ``18–29`` and ``65+`` from whole limits."""
    limits = rule.cut or []
    if rule.labels is not None:
        return rule.labels
    last = len(limits) - 2
    return [
        f"{low:g}+" if number == last else f"{low:g}–{limits[number + 1] - 1:g}"
        for number, low in enumerate(limits[:-1])
    ]


def cut_values(values: pd.Series, rule: VariableConfig) -> pd.Series:
    """Numbers → ordered classes, closed on the left."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    return pd.Series(
        pd.cut(numbers, rule.cut or [], right=False, labels=class_labels(rule), ordered=True), index=values.index
    )


def set_apart(
    table: pd.DataFrame, missing: pd.DataFrame, variables: dict[str, VariableConfig], least: int
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, list[str]]]:
    """Take the categories that study.toml sets apart out of the groups of their variable.

    Groups that stay and the whole would tell how the people set apart answered, unless these and those without a
    value are ``least`` persons or more: where they are fewer, the category stays a group, which is then hidden
    together with another one. The third value names the categories taken out, by variable.

    Raises
    ------
    ConfigError
        The variable has no such category.
    """
    table, missing, found = table.copy(), missing.copy(), {}
    for name, rule in variables.items():
        if not rule.apart:
            continue
        values = table[name]
        known = [str(level) for level in values.cat.categories] if hasattr(values, "cat") else []
        for category in rule.apart:
            if category not in known:
                where, expected = f"study.toml, variables.{name}, apart", nearest(category, known)
                raise ConfigError("no category to set apart", where=where, value=category, expected=expected)
        outside = values.isna() | values.isin(rule.apart)
        if outside.sum() >= least:
            table[name] = values.cat.set_categories([level for level in known if level not in rule.apart])
            missing[name] = missing[name].mask(outside & missing[name].isna(), UNKNOWN_CODE)
            found[name] = list(rule.apart)
    return table, missing, found


def _derive(source: pd.Series, rule: VariableConfig, name: str) -> pd.Series:
    where = f"study.toml, variables.{name}"
    if rule.cut is not None:
        if not pd.api.types.is_numeric_dtype(source.dtype):
            raise ConfigError("only numbers can be cut into classes", where=where, value=rule.source)
        return cut_values(source, rule)
    if not isinstance(source.dtype, pd.CategoricalDtype):
        if rule.merge or rule.unknown:
            raise ConfigError("merge and unknown need a single choice question", where=where, value=rule.source)
        return source.copy()
    codes = [str(code) for code in source.cat.categories]
    named = [*rule.unknown, *(code for merged in (rule.merge or {}).values() for code in merged)]
    for code in named:
        if code not in codes:
            raise ConfigError("no answer has this code", where=where, value=code, expected=nearest(code, codes))
    if rule.merge is not None:
        target = {code: label for label, merged in rule.merge.items() for code in merged}
        return source.astype("object").map(target).astype(pd.CategoricalDtype(list(rule.merge)))
    kept = [code for code in codes if code not in rule.unknown]
    return source.cat.set_categories(kept)


def _why(values: pd.Series, source_reason: pd.Series) -> pd.Series:
    """The source's reason; ``unknown_code`` where the source has a value that is none here."""
    reason = source_reason.astype("object").where(source_reason.notna(), UNKNOWN_CODE)
    return reason.where(values.isna()).astype(REASON_TYPE)
