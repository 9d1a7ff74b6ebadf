"""The official totals weights are fitted to: from a table in data/reference to categories and counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, combine, nearest
from bildungsbedarf.expression import holds
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.prepare.derive import cut_values
from bildungsbedarf.sources import read_reference
from bildungsbedarf.sources.labels import is_thousands
from bildungsbedarf.study import AudienceConfig
from bildungsbedarf.study.config import MarginConfig, VariableConfig

_AGE_COLUMNS = ["age_from", "age_to"]


def margin_variable(data: pd.DataFrame, margin: MarginConfig) -> pd.Series:
    """The margin's variable by person as text, crossed with ×; missing where any part is.

    A value the official table does not have ("divers") is made missing by the caller: both kinds
    of people are the unallocated ones.
    """
    parts = []
    for name in margin.by:
        if name not in data.columns:
            known = nearest(name, map(str, data.columns))
            raise ConfigError(
                "margin names an unknown variable", where="study.toml, weighting.margin", value=name, expected=known
            )
        parts.append(data[name].astype("string"))
    crossed = parts[0]
    for part in parts[1:]:
        crossed = crossed + " × " + part
    return crossed


def margin_table(margin: MarginConfig, variables: dict[str, VariableConfig], reference: Path) -> pd.Series:
    """Totals of one margin by category (crossed with ×), from its file."""
    where = f"data/reference/{margin.file}"
    table, _ = read_reference(reference / margin.file)
    if margin.where:
        told = holds(margin.where, f"study.toml, weighting.margin.where ({margin.file})", table)
        table = table[told.fillna(False).to_numpy(dtype=bool)]
    if table.empty:
        raise DataError("no row of the margin's file fits the condition", where=where, value=margin.where)
    total_column = str(margin.columns.get("total", "total"))
    totals = _column(table, total_column, where)
    counts = to_numbers(totals)
    if is_thousands(totals.dropna()):
        raise DataError(
            "totals can be read as decimals and as thousands",
            where=f"{where}, column {total_column}",
            value=next(value for value in totals.dropna() if "." in value or "," in value),
            expected="persons, such as 12345",
            remedy="write totals without points",
        )
    if counts.isna().any() or (counts < 0).any():
        bad = totals[counts.isna() | (counts < 0)]
        raise DataError("total is not a count", where=f"{where}, column {total_column}", value=bad.iloc[0])
    _refuse_doubles(table, margin, variables, where)
    keys = [_category(table, name, margin, variables.get(name), where) for name in margin.by]
    crossed = keys[0]
    for key in keys[1:]:
        crossed = crossed + " × " + key
    return counts.astype(float).groupby(crossed.to_numpy(), sort=True).sum()


def _columns_of(table: pd.DataFrame, name: str, margin: MarginConfig, variable: VariableConfig | None) -> list[str]:
    """The file's columns a variable is read from."""
    columns = margin.columns.get(name)
    if columns is None:
        is_cut = variable is not None and variable.cut is not None
        columns = _AGE_COLUMNS if is_cut and set(_AGE_COLUMNS) <= set(table.columns) else name
    return [columns] if isinstance(columns, str) else columns


def _refuse_doubles(
    table: pd.DataFrame, margin: MarginConfig, variables: dict[str, VariableConfig], where: str
) -> None:
    """Two rows for the same people, such as those of two years, would be added up."""
    columns = [column for name in margin.by for column in _columns_of(table, name, margin, variables.get(name))]
    for column in columns:
        _column(table, column, where)
    double = table[table.duplicated(columns)]
    if not double.empty:
        raise DataError(
            "margin's file has two rows for the same category",
            where=where,
            value=", ".join(f"{column} = {double[column].iloc[0]}" for column in columns),
            remedy="leave one out with 'where' (another year?), or correct the file",
        )


def _category(
    table: pd.DataFrame, name: str, margin: MarginConfig, variable: VariableConfig | None, where: str
) -> pd.Series:
    columns = _columns_of(table, name, margin, variable)
    if variable is not None and variable.cut is not None:
        return _classes(table, columns, variable, where)
    values = _column(table, columns[0], where)
    rule = margin.recode.get(name)
    if rule is None:
        return values
    side, digits, _ = rule.split()
    return values.str[-int(digits) :] if side == "last" else values.str[: int(digits)]


def _classes(table: pd.DataFrame, columns: list[str], variable: VariableConfig, where: str) -> pd.Series:
    """The file's classes in the variable's classes; a class that lies in two is an error."""
    start = cut_values(_column(table, columns[0], where), variable).astype("string")
    if len(columns) > 1:
        ends = _column(table, columns[1], where)
        end = cut_values(ends.where(ends.notna(), _column(table, columns[0], where)), variable).astype("string")
        for row in table.index[(start != end).fillna(True)]:
            raise DataError(
                "class of the margin's file lies in two classes of the variable, or outside all",
                where=where,
                value=f"{table.at[row, columns[0]]!s}–{table.at[row, columns[1]]!s}",
                expected=f"limits {variable.cut}",
                remedy="choose limits of the variable that the file's classes respect",
            )
    if start.isna().any():
        raise DataError(
            "value of the margin's file lies outside the variable's classes",
            where=f"{where}, column {columns[0]}",
            value=table.loc[start.isna(), columns[0]].iloc[0],
            remedy="leave the rows out with 'where'",
        )
    return start


def _column(table: pd.DataFrame, name: str, where: str) -> pd.Series:
    if name not in table.columns:
        raise ConfigError(
            "margin names a column its file does not have",
            where=where,
            value=name,
            expected=nearest(name, map(str, table.columns)),
        )
    return table[name]


def check_margins(config: AudienceConfig, reference: Path) -> None:
    """Read an audience's margins, without responses.

    Raises
    ------
    ConfigError, DataError
        With everything wrong in any of them.
    """
    errors: list[BildungsbedarfError] = []
    for margin in config.weighting.margin:
        try:
            margin_table(margin, config.variables, reference)
        except (ConfigError, DataError) as error:
            errors.append(error)
    if errors:
        raise combine(errors)


def refuse_unreachable(margin: MarginConfig, variable: pd.Series, total: pd.Series) -> None:
    """Every category of the official table needs persons, else the weights cannot reach its total."""
    absent = sorted(set(total.index) - set(variable.dropna()))
    if absent:
        raise DataError(
            "nobody is in a category of the margin's file",
            where=f"data/reference/{margin.file}, {' × '.join(margin.by)}",
            value=", ".join(absent[:5]),
            expected=f"categories such as {', '.join(sorted(set(variable.dropna()))[:3]) or '(none fits)'}",
            remedy="merge the category with another, leave it out with 'where', or correct 'columns' and 'recode'",
        )
