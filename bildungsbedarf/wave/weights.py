"""From study.toml and the facts in data/reference to a weighted design."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import AudienceConfig
from bildungsbedarf.study.config import MarginConfig
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.survey.weighting import WeightingReport, rake, rake_trimmed
from bildungsbedarf.wave.population import margin_table, margin_variable, refuse_unreachable

UNALLOCATED = "(unallocated)"
_BASE = "design_weight"
_POPULATION = "population_size"


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
    tables = [margin_table(margin, config.variables, reference) for margin in rules.margin]
    totals = _scaled(rules.margin, tables)
    population = float(totals[0].sum())
    crossed = [margin_variable(design.data, margin) for margin in rules.margin]
    variables = [v.where(v.isin(total.index[total > 0])) for v, total in zip(crossed, totals, strict=True)]
    for margin, variable, total in zip(rules.margin, variables, totals, strict=True):
        refuse_unreachable(margin, variable, total[total > 0])
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
    raked = rake(wide, margins) if rules.trim is None else rake_trimmed(wide, margins, *rules.trim)
    # classes of weighting are the weighting's own: tables use the answers people gave
    weighted = design.with_weights(raked.weights, raked.calibrations[-1], report=raked.report)
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
