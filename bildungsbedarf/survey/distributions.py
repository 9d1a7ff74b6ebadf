"""The weighted distribution of a number by domain: rows in memory, distinct values of a scanned design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bildungsbedarf.survey.design import SurveyDesign
from bildungsbedarf.survey.domains import Domains
from bildungsbedarf.survey.features import Variable
from bildungsbedarf.survey.quantile_rules import Rule
from bildungsbedarf.survey.quantile_rules import quantile as by_rule
from bildungsbedarf.survey.stages import Floats, Mask


@dataclass(frozen=True)
class Distribution:
    """The values of one variable in one domain, ascending, with their weights and numbers of persons."""

    values: Floats
    weights: Floats
    persons: Floats

    def quantile(self, rule: Rule, prob: float) -> float:
        """The quantile; NaN where nobody is in the domain or ``prob`` is none."""
        if not self.values.size or not 0 <= prob <= 1:
            return float("nan")
        return by_rule(rule, self.values, self.weights, prob)


def distributions(d: SurveyDesign, variable: Variable, domains: Domains) -> list[Distribution]:
    """The distribution of a numeric variable in each domain, over persons with a positive weight."""
    columns = list(dict.fromkeys([*domains.names, *variable.needed]))
    parts: list[list[Distribution]] = [[] for _ in range(len(domains))]
    for block in d.blocks(columns):
        numbers = block.frame[variable.columns[0]].to_numpy(dtype=float, na_value=np.nan)
        base = block.inside & (block.weights > 0) & ~np.isnan(numbers)
        if variable.others:
            base &= block.frame[list(variable.others)].notna().to_numpy().all(axis=1)
        domain = np.where(base, domains.codes(block.frame, len(numbers)), -1)
        for number, found in enumerate(parts):
            found.append(_of_rows(numbers, block.weights, domain == number))
            if d.is_scanned:
                parts[number] = [_merged(found)]
    return [_sorted(found[0]) for found in parts]


def _of_rows(numbers: Floats, weights: Floats, rows: Mask) -> Distribution:
    return Distribution(numbers[rows], weights[rows], np.ones(int(rows.sum())))


def _merged(parts: list[Distribution]) -> Distribution:
    """Equal values together."""
    values, place = np.unique(np.concatenate([part.values for part in parts]), return_inverse=True)
    weights, persons = (
        np.asarray(np.bincount(place, weights=np.concatenate(numbers), minlength=len(values)), dtype=np.float64)
        for numbers in ([part.weights for part in parts], [part.persons for part in parts])
    )
    return Distribution(values, weights, persons)


def _sorted(part: Distribution) -> Distribution:
    order = np.argsort(part.values, kind="stable")
    return Distribution(part.values[order], part.weights[order], part.persons[order])
