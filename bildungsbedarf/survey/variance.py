"""Design-based covariance of linearised totals (Binder 1983; Särndal, Swensson & Wretman 1992, ch. 4).

Every estimator hands over scores: one column an estimate, one row an element, weights included,
so that the estimate's variance is the variance of the column's total.
"""

from __future__ import annotations

import numpy as np

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey.design import Calibration, LonelyPsu, SurveyDesign
from bildungsbedarf.survey.stages import Floats, Ints, Stage


def covariance(design: SurveyDesign, scores: Floats) -> Floats:
    """Covariance matrix (k × k) of the column totals of ``scores`` (rows × k; replicates × k)."""
    if design.replicates is not None:
        return np.asarray(scores.T @ scores)
    scores = _residuals(scores, design.calibrations)
    return _over_stages(design, scores, full=True)


def variances(design: SurveyDesign, scores: Floats) -> Floats:
    """Only the diagonal (k) of ``covariance``."""
    if design.replicates is not None:
        return np.asarray(np.einsum("ij,ij->j", scores, scores))
    scores = _residuals(scores, design.calibrations)
    return _over_stages(design, scores, full=False)


def _over_stages(design: SurveyDesign, scores: Floats, *, full: bool) -> Floats:
    """Sum over stages; later stages count with the sampling fractions of the earlier ones."""
    width = scores.shape[1]
    total = np.zeros((width, width) if full else width)
    fraction = np.ones(len(scores))
    for stage in design.stages:
        total = total + _one_stage(scores, stage, fraction, design.lonely_psu, full=full)
        if not np.isfinite(stage.population).all():
            break
        fraction = fraction * stage.sampled / stage.population
    return total


def _one_stage(scores: Floats, stage: Stage, fraction: Floats, lonely: LonelyPsu, *, full: bool) -> Floats:
    """Between-unit part of one stage: Σ_h f_h (1 − n_h/N_h) n_h/(n_h − 1) Σ_i (z_hi − z̄_h)²."""
    first = np.unique(stage.unit, return_index=True)[1]
    stratum, sampled = stage.stratum[first], stage.sampled[first]
    own_unit = len(first) == len(scores)
    sums = scores[first] if own_unit else _group_sums(scores, stage.unit, len(first))
    correction = 1 - np.where(np.isfinite(stage.population[first]), sampled / stage.population[first], 0.0)
    means = _group_sums(sums, stratum, int(stratum.max()) + 1) / np.maximum(np.bincount(stratum), 1)[:, None]
    alone = (sampled == 1) & (correction > 1e-12)
    if alone.any() and lonely == "fail":
        raise DesignError(
            f"{int(alone.sum())} strata have only one PSU",
            remedy="merge strata, or choose lonely_psu: remove, adjust, average or certainty",
        )
    centred = sums - means[stratum]
    if lonely == "adjust":
        centred = np.where(alone[:, None], sums, centred)
    scale = fraction[first] * correction * np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1), 1.0)
    weighted = centred * np.sqrt(scale)[:, None]
    result = weighted.T @ weighted if full else np.einsum("ij,ij->j", weighted, weighted)
    if lonely == "average" and alone.any():
        strata = int(np.unique(stratum).size)
        result = result * strata / (strata - int(np.unique(stratum[alone]).size))
    return np.asarray(result)


def _group_sums(values: Floats, codes: Ints, groups: int) -> Floats:
    """Sums of rows by code: (groups × columns)."""
    sums = np.zeros((groups, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = np.bincount(codes, weights=values[:, column], minlength=groups)
    return sums


def _residuals(scores: Floats, calibrations: tuple[Calibration, ...]) -> Floats:
    """Scores less what the calibrations explain, the last one first (Deville & Särndal 1992).

    A calibrated estimate varies only with the residuals of score / weight on the variables whose
    totals are known. The last calibration's totals hold exactly, so its residuals come first (R takes
    them in the order of application). After raking R approaches them in ten sweeps, here they are
    solved exactly.
    """
    for calibration in reversed(calibrations):
        weights = np.where(calibration.weights > 0, calibration.weights, 1.0)[:, None]
        auxiliary, values = calibration.auxiliary, scores / weights
        weighted = auxiliary * calibration.regression[:, None]
        coefficients = np.linalg.pinv(auxiliary.T @ weighted, hermitian=True) @ (weighted.T @ values)
        scores = scores - weights * (auxiliary @ coefficients)
    return scores
