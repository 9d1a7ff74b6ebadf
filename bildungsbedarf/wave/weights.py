"""From study.toml and the facts in data/reference to a weighted design."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, combine, nearest
from bildungsbedarf.prepare.derive import cut_values
from bildungsbedarf.sources import read_reference
from bildungsbedarf.study import AudienceConfig, Expression
from bildungsbedarf.study.config import MarginConfig, VariableConfig
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.survey.weighting import WeightingReport, rake, rake_trimmed

UNALLOCATED = "(unallocated)"
_BASE = "design_weight"
_POPULATION = "population_size"
_AGE_COLUMNS = ["age_from", "age_to"]


@dataclass(frozen=True)
class Weighting:
    """What was done to the weights, for ``quality.json``."""

    method: str
    population: float | None = None
    unallocated: str = ""
    unallocated_persons: int = 0
    without_total: dict[str, list[str]] = field(default_factory=dict)
    """Values people have that the official tables do not know, by variable."""
    margins: list[dict[str, Any]] = field(default_factory=list)
    trim: tuple[float, float] | None = None
    result: WeightingReport | None = None

    def published(self, minimum: int) -> dict[str, Any]:
        """As JSON values; a number of persons under ``minimum`` is not told."""
        record = asdict(self)
        if 0 < self.unallocated_persons < minimum:
            record["unallocated_persons"] = None
        if self.result is not None:
            record["result"].pop("margins")
            if 0 < self.result.trimmed < minimum:
                record["result"]["trimmed"] = None
        return record


def build_design(
    responses: pd.DataFrame, config: AudienceConfig, reference: Path, present: int | None
) -> tuple[SurveyDesign, Weighting]:
    """The design of a wave, weighted as study.toml says.

    ``present`` is the size of a census' population (all present), where it was counted.

    Raises
    ------
    ConfigError
        study.toml names columns, files or categories that do not exist.
    DataError
        A margin cannot be used; weights cannot be fitted.
    """
    data = responses
    fpc = config.fpc or None
    if config.sampling == "census" and fpc is None:
        if present is not None and present < len(responses):
            raise ConfigError(
                "fewer people present than answered", value=present, expected=f"at least {len(responses)}"
            )
        data = responses.assign(**{_POPULATION: float(present or len(responses))})
        fpc = _POPULATION
    weights = config.weighting.base or None
    if config.weighting.method == "rake" and weights is None:
        data, weights = data.assign(**{_BASE: 1.0}), _BASE
    design = SurveyDesign(
        data,
        weights=weights,
        strata=config.strata or None,
        clusters=config.clusters or None,
        fpc=fpc,
        lonely_psu=config.lonely_psu,
    )
    if config.weighting.method == "none":
        return design, Weighting("none")
    return _rake(design, config, reference)


def _rake(design: SurveyDesign, config: AudienceConfig, reference: Path) -> tuple[SurveyDesign, Weighting]:
    rules = config.weighting
    tables = [_margin_table(margin, config.variables, reference) for margin in rules.margin]
    totals = _scaled(rules.margin, tables)
    population = float(totals[0].sum())
    crossed = [_margin_variable(design.data, margin) for margin in rules.margin]
    variables = [v.where(v.isin(total.index[total > 0])) for v, total in zip(crossed, totals, strict=True)]
    for margin, variable, total in zip(rules.margin, variables, totals, strict=True):
        _refuse_unreachable(margin, variable, total[total > 0])
    outside = np.logical_or.reduce([variable.isna().to_numpy() for variable in variables])
    mean_weight = population / len(design.data)
    weight = np.where(rules.unallocated == "mean_weight", mean_weight, design.weights)
    kept_out = float(weight[outside].sum())
    margins: dict[str, dict[str, float]] = {}
    columns: dict[str, pd.Series] = {}
    for margin, variable, total in zip(rules.margin, variables, totals, strict=True):
        name = " × ".join(margin.by)
        share = total * (population - kept_out) / population
        extra = {UNALLOCATED: kept_out} if outside.any() else {}
        margins[name] = {**{str(category): float(value) for category, value in share.items() if value > 0}, **extra}
        columns[name] = variable.mask(outside, UNALLOCATED).astype(pd.CategoricalDtype(list(margins[name])))
    wide = design.with_columns(pd.DataFrame(columns, index=design.data.index))
    weighted = rake(wide, margins) if rules.trim is None else rake_trimmed(wide, margins, *rules.trim)
    sources = [
        {"by": margin.by, "file": margin.file, "where": margin.where, "total_in_file": float(table.sum())}
        for margin, table in zip(rules.margin, tables, strict=True)
    ]
    return weighted, Weighting(
        method="rake",
        population=population,
        unallocated=rules.unallocated,
        unallocated_persons=int(outside.sum()),
        without_total=_unknown_values(design.data, rules.margin, totals),
        margins=sources,
        trim=rules.trim,
        result=weighted.report,
    )


def _refuse_unreachable(margin: MarginConfig, variable: pd.Series, total: pd.Series) -> None:
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


def _unknown_values(data: pd.DataFrame, margins: list[MarginConfig], totals: list[pd.Series]) -> dict[str, list[str]]:
    """Values people have that no category of the official tables contains ("divers"), by variable."""
    found: dict[str, list[str]] = {}
    for margin, total in zip(margins, totals, strict=True):
        for position, name in enumerate(margin.by):
            known = {str(category).split(" × ")[position] for category in total.index[total > 0]}
            values = set(data[name].dropna().astype(str)) - known
            if values:
                found[name] = sorted(values)
    return found


def _scaled(margins: list[MarginConfig], tables: list[pd.Series]) -> list[pd.Series]:
    """Totals by margin, those with ``scale_to`` brought to the named margin's sum."""
    by_name = {margin.name: table for margin, table in zip(margins, tables, strict=True) if margin.name}
    return [
        table * (by_name[margin.scale_to].sum() / table.sum()) if margin.scale_to else table
        for margin, table in zip(margins, tables, strict=True)
    ]


def _margin_variable(data: pd.DataFrame, margin: MarginConfig) -> pd.Series:
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


def _margin_table(margin: MarginConfig, variables: dict[str, VariableConfig], reference: Path) -> pd.Series:
    """Totals of one margin by category (crossed with ×), from its file."""
    where = f"data/reference/{margin.file}"
    table, _ = read_reference(reference / margin.file)
    if margin.where:
        condition = Expression(margin.where, "study.toml, weighting.margin.where")
        table = table[condition.evaluate(table).fillna(False).to_numpy(dtype=bool)]
    if table.empty:
        raise DataError("no row of the margin's file fits the condition", where=where, value=margin.where)
    total_column = str(margin.columns.get("total", "total"))
    totals = _column(table, total_column, where)
    counts = pd.to_numeric(totals, errors="coerce")
    if counts.isna().any() or (counts < 0).any():
        bad = totals[counts.isna() | (counts < 0)]
        raise DataError("total is not a count", where=f"{where}, column {total_column}", value=bad.iloc[0])
    keys = [_category(table, name, margin, variables.get(name), where) for name in margin.by]
    crossed = keys[0]
    for key in keys[1:]:
        crossed = crossed + " × " + key
    return counts.astype(float).groupby(crossed.to_numpy(), sort=True).sum()


def _category(
    table: pd.DataFrame, name: str, margin: MarginConfig, variable: VariableConfig | None, where: str
) -> pd.Series:
    columns = margin.columns.get(name)
    if columns is None:
        is_cut = variable is not None and variable.cut is not None
        columns = _AGE_COLUMNS if is_cut and set(_AGE_COLUMNS) <= set(table.columns) else name
    if variable is not None and variable.cut is not None:
        return _classes(table, [columns] if isinstance(columns, str) else columns, variable, where)
    values = _column(table, columns if isinstance(columns, str) else columns[0], where)
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
            _margin_table(margin, config.variables, reference)
        except (ConfigError, DataError) as error:
            errors.append(error)
    if errors:
        raise combine(errors)
