"""A second implementation of the plain measures, from the analysis table and the official totals alone.

Nothing of ``survey`` is used: weights are raked here by going round the margins, trimmed in turn, and standard errors
are those of linearised, residualised values. Covered: means and shares of the battery, barriers and participation, of
all people and of groups, groups against all others, and changes between independent waves, under raking without
coarser margins or without weights. Everything else is "not covered".

Formulas: ȳ = Σ w y / Σ w over the base; zᵢ = wᵢ (yᵢ − ȳ) / Σ w, 0 outside the base; a group against all others has
the difference of both; eᵢ = wᵢ times the residual of zᵢ / wᵢ in its regression on the margins' categories, as raking
fixes them (unweighted, as in R's ``rake``); var ȳ = Σ_h n_h / (n_h − 1) Σ (eᵢ − ē_h)² over strata h, a stratum of one
person centred at the mean of all (Lumley 2010, Complex Surveys, ch. 7; R's ``lonely.psu = "adjust"``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bildungsbedarf.findings.model import Finding
from bildungsbedarf.study.config import WeightingConfig
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.population import margin_table, margin_variable

Numbers = NDArray[np.float64]
_TOLERANCE = 1e-12
_ROUNDS = 500
_ELSEWHERE = "(no value of a margin)"
_YES = "Y"
TOLERANCE = 1e-7
"""Two implementations agree where estimate and standard error differ by less, relative to the standard error."""


@dataclass(frozen=True)
class Second:
    """What the second implementation finds."""

    estimate: float
    se: float

    def agrees_with(self, finding: Finding) -> bool:
        """Whether both differ by less than ``TOLERANCE`` standard errors."""
        known = finding.se or 0.0
        return max(abs(self.estimate - finding.estimate), abs(self.se - known)) <= TOLERANCE * max(known, 1e-9)


def second(study: Study, finding: Finding) -> Second | None:
    """Estimate and standard error of a finding by other code; None where it is not covered.

    Parameters
    ----------
    study
        The study.
    finding
        A finding of the register.

    Returns
    -------
    Second or None
        None where the measure, the sampling or the weighting is not covered.

    Examples
    --------
    >>> found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    >>> all(findings.second(study, one).agrees_with(one) for one in found)
    True
    """
    if finding.recipe is None or not finding.recipe.waves:
        # official statistics: nobody was asked, and nothing is estimated
        return None
    waves = [study.wave(*pair) for pair in finding.recipe.waves]
    parts = [_of_wave(wave, finding.measure.removeprefix("trend_"), finding) for wave in waves]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or (len(known) > 1 and _is_panel(waves)):
        return None
    if len(known) == 1:
        return known[0]
    before, after = known
    return Second(after.estimate - before.estimate, float(np.hypot(before.se, after.se)))


def _is_panel(waves: Sequence[Wave]) -> bool:
    return all("panel" in wave.responses.columns for wave in waves)


def _of_wave(wave: Wave, measure: str, finding: Finding) -> Second | None:
    config = wave.config
    is_plain = config.sampling == "probability" and not (config.clusters or config.fpc or config.weighting.base)
    if not is_plain or set(finding.groups) - set(wave.responses.columns):
        return None
    values = _values(wave, "unmet_need" if measure == "equity" else measure, finding.item)
    if values is None or (config.weighting.coarser and wave.weighting.coarser):
        return None
    margins = [] if config.weighting.method == "none" else _margins(wave)
    weights = _raked(margins, config.weighting) if margins else np.ones(len(values))
    inside, known = np.ones(len(values), dtype=bool), np.ones(len(values), dtype=bool)
    for name, category in finding.groups.items():
        own = wave.responses[name].astype("string")
        inside &= own.eq(category).fillna(False).to_numpy(dtype=bool)
        known &= own.notna().to_numpy(dtype=bool)
    estimate, scores = _scores(np.where(inside, values, np.nan), weights)
    if measure == "equity":
        others, theirs = _scores(np.where(known & ~inside, values, np.nan), weights)
        estimate, scores = estimate - others, scores - theirs
    return Second(estimate, _error(scores, weights, [codes for codes, _ in margins], wave))


def _values(wave: Wave, measure: str, item: str) -> Numbers | None:
    """What the measure is the mean of, by person; NaN outside the base."""
    needs = wave.needs
    if measure in ("importance", "satisfaction", "gap", "unmet_need"):
        if needs.reversed:
            return None
        rated, content = (_number(wave, f"{question}_{item}") for question in (needs.importance, needs.satisfaction))
        both = np.isfinite(rated) & np.isfinite(content)
        unmet = (rated >= needs.important_from) & (content <= needs.dissatisfied_to)
        found = {
            "importance": rated,
            "satisfaction": content,
            "gap": rated - content,
            "unmet_need": np.where(both, unmet.astype(float), np.nan),
        }
        return found[measure]
    if measure == "barrier" and f"{needs.barriers}_{item}" in wave.responses.columns:
        column = wave.responses[f"{needs.barriers}_{item}"]
        return _number(wave, str(column.name)) if str(column.dtype) == "boolean" else None
    if measure == "participation":
        answer = wave.responses[needs.participation].astype("string")
        return np.where(answer.notna(), answer.eq(_YES).fillna(False).astype(float), np.nan)
    return None


def _number(wave: Wave, column: str) -> Numbers:
    return wave.responses[column].to_numpy(dtype=float, na_value=np.nan)


def _margins(wave: Wave) -> list[tuple[NDArray[np.intp], Numbers]]:
    """By margin: each person's category, and the categories' totals; people without a value are one of their own."""
    rules, variables = wave.config.weighting, wave.config.variables
    tables = [margin_table(margin, variables, wave.files.project.reference) for margin in rules.margin]
    named = {margin.name: table for margin, table in zip(rules.margin, tables, strict=True)}
    tables = [
        table * (named[margin.scale_to].sum() / table.sum()) if margin.scale_to else table
        for margin, table in zip(rules.margin, tables, strict=True)
    ]
    values = [
        margin_variable(wave.responses, margin).where(lambda v, t=table: v.isin(t.index[t > 0]))
        for margin, table in zip(rules.margin, tables, strict=True)
    ]
    outside = np.logical_or.reduce([value.isna().to_numpy() for value in values])
    population, persons = float(tables[0].sum()), len(outside)
    apart = float(outside.sum()) * (population / persons if rules.unallocated == "mean_weight" else 1.0)
    found = []
    for table, value in zip(tables, values, strict=True):
        told = table[table > 0] * (population - apart) / population
        if outside.any():
            told = pd.concat([told, pd.Series({_ELSEWHERE: apart})])
        codes = pd.Categorical(value.mask(outside, _ELSEWHERE), categories=list(told.index)).codes
        found.append((codes.astype(np.intp), told.to_numpy(dtype=float)))
    return found


def _raked(margins: Sequence[tuple[NDArray[np.intp], Numbers]], rules: WeightingConfig) -> Numbers:
    """Weights that meet every margin: round after round, and trimmed in turn where study.toml says so."""
    start = np.ones(len(margins[0][0]))
    for _ in range(_ROUNDS):
        weights = start.copy()
        for _ in range(_ROUNDS):
            before = weights.copy()
            for codes, totals in margins:
                weights = weights * (totals / np.bincount(codes, weights, len(totals)))[codes]
            if np.abs(weights / before - 1).max() < _TOLERANCE:
                break
        if rules.trim is None:
            return weights
        low, high = (limit * weights.mean() for limit in rules.trim)
        if (weights >= low * (1 - 1e-9)).all() and (weights <= high * (1 + 1e-9)).all():
            return weights
        start = np.clip(weights, low, high)
    return weights


def _scores(values: Numbers, weights: Numbers) -> tuple[float, Numbers]:
    """The weighted mean over the base, and what each person contributes to its error."""
    base = np.isfinite(values)
    total = weights[base].sum()
    estimate = float((weights[base] * values[base]).sum() / total)
    return estimate, np.where(base, weights * (np.nan_to_num(values) - estimate) / total, 0.0)


def _error(scores: Numbers, weights: Numbers, margins: Sequence[NDArray[np.intp]], wave: Wave) -> float:
    """Standard error: scores less what the margins fix, over strata."""
    if margins:
        dummies = np.hstack([np.eye(codes.max() + 1)[codes] for codes in margins])
        fitted, *_ = np.linalg.lstsq(dummies, scores / weights, rcond=None)
        scores = scores - weights * (dummies @ fitted)
    name = wave.config.strata
    strata = wave.responses[name].astype("string") if name else pd.Series("", index=range(len(scores)))
    variance = 0.0
    for members in pd.Series(np.arange(len(scores))).groupby(strata.to_numpy()).groups.values():
        own = scores[np.asarray(members)]
        if len(own) > 1:
            variance += len(own) / (len(own) - 1) * float(((own - own.mean()) ** 2).sum())
        else:
            variance += float((own[0] - scores.mean()) ** 2)
    return float(np.sqrt(variance))
