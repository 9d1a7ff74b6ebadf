"""A design in words, and what its weights cost: Kish's effective sample size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.rows.blocks import Block

_LONELY = {
    "fail": "refused",
    "remove": "add nothing",
    "certainty": "add nothing",
    "adjust": "add their distance from the grand mean",
    "average": "add the mean of the other strata",
}


def effective_n(d: SurveyDesign, by: Names | None = None) -> pd.DataFrame:
    """Kish's effective sample size (Σw)² / Σw², overall or by group (Kish 1965, section 11.7).

    It is what unequal weights leave of n for a mean of something that has nothing to do with them;
    ``deff`` of an estimate says what strata, clusters and weights did to that estimate.

    Parameters
    ----------
    d
        The design.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    One row a group: ``<by…>, n`` (persons with a positive weight), ``weighted_n`` (Σw), ``kish_deff``
    (n Σw² / (Σw)², NA without persons) and ``effective_n``.

    Raises
    ------
    DesignError
        An unknown name.

    Examples
    --------
    >>> estimate.effective_n(d).round(2)
        n  weighted_n  kish_deff  effective_n
    0  12       180.0       1.11         10.8
    """
    groups = as_list(by)
    domains = Domains.of(d.rows, groups)
    persons, total, squares = d.rows.gather(_Weights(domains))
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(persons > 0, total**2 / squares, np.nan)
        kish = np.where(persons > 0, persons / effective, np.nan)
    frame = pd.DataFrame(domains.labels(), columns=groups)
    return frame.assign(n=persons.astype("int64"), weighted_n=total, kish_deff=kish, effective_n=effective)


@of_source
def describe(d: SurveyDesign) -> str:
    """What the design is: rows, weights, stages, calibration, replicates, and how variances are made.

    Parameters
    ----------
    d
        The design.

    Returns
    -------
    A few lines of text.

    Examples
    --------
    >>> print(estimate.describe(d))
    12 rows.
    Weights: w; they sum to 180.0 over 12 persons. Kish's design effect 1.11, effective sample size 11.
    Stage 1: 12 rows, each a unit of its own, in 2 strata of stratum, without finite population correction.
    Variances by linearisation; strata with one PSU: refused.
    10 degrees of freedom.
    """
    whole = effective_n(d).iloc[0]
    inside = "" if len(d) == d.rows.count else f"; a domain of {len(d):,} of them"
    weights = d.columns.weights or ("from the population sizes" if d.columns.fpc else "all 1")
    lines = [
        f"{d.rows.count:,} rows{inside}{', read block by block' if d.rows.is_scanned else ''}.",
        f"Weights: {weights}; they sum to {whole['weighted_n']:,.1f} over {int(whole['n']):,} persons. "
        f"Kish's design effect {whole['kish_deff']:.2f}, effective sample size {whole['effective_n']:,.0f}.",
        *(f"Weights {label}; variances are those of the residuals." for label in d.rows.fitted_to),
    ]
    if d.replicates is None:
        lines += _stages(d)
    else:
        count = len(d.replicates.rscales)
        centre = "the full sample's estimate" if d.replicates.mse else "the replicates' mean"
        lines.append(f"Variances from {count} replicate weights ({d.replicates.kind}), around {centre}.")
    return "\n".join([*lines, f"{d.df:,} degrees of freedom."])


def _stages(d: SurveyDesign) -> list[str]:
    lines = []
    for number, (strata, units, has_fpc) in enumerate(d.rows.outline()):
        last = number == len(d.columns.clusters)
        what = "rows, each a unit of its own," if last else f"units of {d.columns.clusters[number]}"
        within = f" in {strata:,} strata of {d.columns.strata}" if number == 0 and d.columns.strata else ""
        correction = f"population sizes {d.columns.fpc[number]}" if has_fpc else "without finite population correction"
        lines.append(f"Stage {number + 1}: {units:,} {what}{within}, {correction}.".replace(",,", ","))
        if not has_fpc:
            break
    return [*lines, f"Variances by linearisation; strata with one PSU: {_LONELY[d.lonely_psu]}."]


@dataclass(frozen=True)
class _Weights:
    """Persons, Σw and Σw² by domain."""

    domains: Domains

    @property
    def columns(self) -> tuple[str, ...]:
        return self.domains.names

    def of(self, block: Block) -> Floats:
        domain = self.domains.codes(block.frame, len(block))
        used = block.inside & (block.weights > 0) & (domain >= 0)
        weights, size = block.weights[used], len(self.domains)
        sums = (np.bincount(domain[used], weights=each, minlength=size) for each in (None, weights, weights**2))
        return np.array([np.asarray(each, dtype=np.float64) for each in sums])

    def merge(self, one: Floats, other: Floats) -> Floats:
        return one + other
