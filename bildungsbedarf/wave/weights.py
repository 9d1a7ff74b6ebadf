"""From study.toml and the facts in data/reference to a weighted design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, DesignError, Problem
from bildungsbedarf.study import AudienceConfig
from bildungsbedarf.study.config import CROSS, MarginConfig, VariableConfig, WeightingConfig
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.survey.arrays import Mask
from bildungsbedarf.survey.weighting import WeightingReport, rake, rake_trimmed
from bildungsbedarf.wave.coarser import Target, coarser
from bildungsbedarf.wave.population import margin_table, margin_variable, refuse_unreachable

UNALLOCATED = "(unallocated)"
_BASE = "design_weight"
_POPULATION = "population_size"


@dataclass(frozen=True, repr=False)
class Weighting(Displayed):
    """What was done to the weights, for ``quality.json``."""

    method: str
    population: float | None = None
    unallocated: str = ""
    unallocated_persons: int = 0
    without_total: dict[str, list[str]] = field(default_factory=dict)
    """Values people have that the official tables do not know, by variable."""
    margins: list[dict[str, Any]] = field(default_factory=list)
    trim: tuple[float, float] | None = None
    coarser: list[str] = field(default_factory=list)
    """Steps of ``weighting.coarser`` that were needed."""
    result: WeightingReport | None = None

    def _display(self) -> Display:
        found = self.result
        own = {name: value for name, value in asdict(self).items() if name not in ("method", "margins", "result")}
        margins = {"margins": [" × ".join(margin["by"]) for margin in self.margins]}
        told = {
            **margins,
            **{name.replace("_", " "): value for name, value in own.items()},
            **(
                {}
                if found is None
                else {
                    "weights, as factors of their mean": f"{found.weight_min:.2f} to {found.weight_max:.2f}",
                    "worst margin": f"{found.worst_margin}, {found.worst_deviation:.1e} off"
                    if found.worst_margin
                    else "",
                    "effective persons": round(found.effective_n),
                    "design effect (Kish)": found.kish_deff,
                    "trimmed weights": found.trimmed or None,
                    "iterations": found.iterations,
                }
            ),
        }
        return Display.of(f"weights: {self.method}", told)

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
    responses: pd.DataFrame, config: AudienceConfig, reference: Path, present: int | None, smallest: int
) -> tuple[SurveyDesign, Weighting]:
    """The design of a wave, weighted as study.toml says.

    ``present`` is the size of a census' population (all present), where it was counted. Where the weights cannot be
    fitted to all margins, these are made coarser in the order of ``weighting.coarser``; categories of fewer persons
    than ``smallest`` are the ones merged.

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
    return _rake(design, config, reference, smallest)


def _rake(
    design: SurveyDesign, config: AudienceConfig, reference: Path, smallest: int
) -> tuple[SurveyDesign, Weighting]:
    rules = config.weighting
    tables = [margin_table(margin, config.variables, reference) for margin in rules.margin]
    totals = _scaled(rules.margin, tables)
    population = float(totals[0].sum())
    crossed = [margin_variable(design.data, margin) for margin in rules.margin]
    targets = [
        Target(tuple(margin.by), margin, v.where(v.isin(total.index[total > 0])), total[total > 0], float(table.sum()))
        for margin, v, total, table in zip(rules.margin, crossed, totals, tables, strict=True)
    ]
    for target, values in zip(targets, crossed, strict=True):
        if target.variable.notna().sum() * 2 < values.notna().sum():
            # the file does not speak of these people: no coarser margin would
            refuse_unreachable(target.margin, target.variable, target.total)
    outside = np.logical_or.reduce([target.variable.isna().to_numpy() for target in targets])
    steps = list(rules.coarser)
    while True:
        try:
            raked = _fitted(design, targets, rules, population, outside)
            break
        except (DataError, DesignError) as error:
            if not steps:
                raise _with_remedy(error, rules) from None
            targets = coarser(targets, steps.pop(0), smallest)
    # classes of weighting are the weighting's own: tables use the answers people gave
    weighted = design.with_weights(raked.weights, raked.calibrations[-1], report=raked.report)
    sources = [
        {
            "by": list(target.by),
            "file": target.margin.file,
            "where": target.margin.where,
            "total_in_file": target.in_file,
        }
        for target in targets
    ]
    return weighted, Weighting(
        method="rake",
        population=population,
        unallocated=rules.unallocated,
        unallocated_persons=int(outside.sum()),
        without_total=_unknown_values(design.data, config.variables, rules.margin, totals),
        margins=sources,
        trim=rules.trim,
        coarser=rules.coarser[: len(rules.coarser) - len(steps)],
        result=weighted.report,
    )


def _fitted(
    design: SurveyDesign, targets: Sequence[Target], rules: WeightingConfig, population: float, outside: Mask
) -> SurveyDesign:
    """The design raked to these margins; people without a value of one of them are a class of their own."""
    for target in targets:
        refuse_unreachable(target.margin, target.variable, target.total)
    mean_weight = population / len(design.data)
    weight = np.where(rules.unallocated == "mean_weight", mean_weight, design.weights)
    kept_out = float(weight[outside].sum())
    margins: dict[str, dict[str, float]] = {}
    columns: dict[str, pd.Series] = {}
    for target in targets:
        name = f"class of {target.name}" if target.name in design.columns.all else target.name
        share = target.total * (population - kept_out) / population
        extra = {UNALLOCATED: kept_out} if outside.any() else {}
        margins[name] = {**{str(category): float(value) for category, value in share.items()}, **extra}
        values = target.variable.mask(outside, UNALLOCATED)
        columns[name] = values.astype(pd.CategoricalDtype(list(margins[name])))
    wide = design.with_columns(pd.DataFrame(columns, index=design.data.index))
    return rake(wide, margins) if rules.trim is None else rake_trimmed(wide, margins, *rules.trim)


def _with_remedy(error: BildungsbedarfError, rules: WeightingConfig) -> BildungsbedarfError:
    """The same error, and what a study can declare for waves of few persons."""
    names = [CROSS.join(margin.by) for margin in rules.margin]
    text = f'declare coarser margins for waves of few persons in study.toml: coarser = ["merge {names[0]}"]'
    problems = [
        replace(problem, remedy=f"{problem.remedy}; or {text}" if problem.remedy else text)
        for problem in error.problems
    ]
    return type(error)(problems)


def _unknown_values(
    data: pd.DataFrame,
    variables: Mapping[str, VariableConfig],
    margins: list[MarginConfig],
    totals: list[pd.Series],
) -> dict[str, list[str]]:
    """Values people have that no category of the official tables contains ("divers"), by variable."""
    found: dict[str, list[str]] = {}
    for margin, total in zip(margins, totals, strict=True):
        for position, name in enumerate(margin.by):
            known = {str(category).split(" × ")[position] for category in total.index[total > 0]}
            apart = variables[name].apart if name in variables else []
            values = {*data[name].dropna().astype(str), *apart} - known
            if values:
                found[name] = sorted(values)
    return found


_MANY = 0.1
"""Share of the sample from which people without a total are worth a word."""


def weighting_notes(weighting: Weighting, persons: int, variables: Mapping[str, VariableConfig]) -> list[Problem]:
    """What the weights leave out that nobody may have meant: values without a total, many people of the mean weight.

    Parameters
    ----------
    weighting
        Of a wave.
    persons
        In its design.
    variables
        Of study.toml: values it names as ``apart`` have no total on purpose.

    Returns
    -------
    list of Problem
        None of them keeps the wave from being used.

    Examples
    --------
    >>> from bildungsbedarf.wave.weights import weighting_notes
    >>> weighting_notes(wave.weighting, len(wave.responses), wave.config.variables)
    []
    """
    notes = []
    for name, values in weighting.without_total.items():
        meant = variables[name].apart if name in variables else []
        if others := [value for value in values if value not in meant]:
            what = "people gave values that have no total in the margin's file, or one of 0"
            notes.append(Problem(what, f"margin {name}", ", ".join(others), remedy=_NO_TOTAL))
    if weighting.unallocated_persons > _MANY * persons:
        shown = f"{weighting.unallocated_persons} of {persons} ({weighting.unallocated_persons / persons:.0%})"
        where = ", ".join(CROSS.join(margin["by"]) for margin in weighting.margins)
        notes.append(
            Problem(
                f"people without a value of every margin are not weighted to it ({weighting.unallocated})",
                f"margins {where}",
                shown,
                remedy="see that file and answers have the same categories; leave out a margin few answered",
            )
        )
    return notes


_NO_TOTAL = "correct the file or 'recode'; if it is meant: apart = [...] in the variable of study.toml"


def _scaled(margins: list[MarginConfig], tables: list[pd.Series]) -> list[pd.Series]:
    """Totals by margin, those with ``scale_to`` brought to the named margin's sum."""
    by_name = {margin.name: table for margin, table in zip(margins, tables, strict=True) if margin.name}
    return [
        table * (by_name[margin.scale_to].sum() / table.sum()) if margin.scale_to else table
        for margin, table in zip(margins, tables, strict=True)
    ]
