"""Regression with design-based standard errors: generalised linear models and the ordered logit.

Weighted maximum likelihood by Newton's method, one pass over the rows an iteration; covariance of the
linearised estimates (Binder 1983), or from replicate weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy import special

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.survey.models.formulas import INTERCEPT, ModelFormula, response_levels
from bildungsbedarf.survey.models.likelihoods import FAMILIES, Family, Likelihood, Linear, OrderedLogit
from bildungsbedarf.survey.models.model_sums import (
    Derivatives,
    LevelSums,
    LikelihoodSums,
    ModelMeasure,
    ModelRows,
    ModelScores,
    OpeningSums,
    UsedRows,
)
from bildungsbedarf.survey.reading.sources import of_source
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.variance.basis import Basis
from bildungsbedarf.survey.variance.scores import cross_products

_ITERATIONS = 50
_SMALLEST_STEP = 1e-6
_SINGULAR = 1e-12
T = TypeVar("T")


@dataclass(frozen=True)
class Fit:
    """The coefficients, and those of the step before with the information there, for the covariance."""

    at: Floats
    before: Floats
    information: Floats


@dataclass
class Model:
    """A likelihood over the rows of a design; ``scale`` is the mean weight of the domain."""

    d: SurveyDesign
    rows: ModelRows
    likelihood: Likelihood
    scale: float = 1.0
    persons: int = 0
    _block: Block | None = None
    _kept: UsedRows | None = None

    @property
    def formula(self) -> ModelFormula:
        """The formula."""
        return self.rows.formula

    def gather(self, measure: ModelMeasure[T]) -> T:
        """A pass over the complete rows: in memory they are read once."""
        if self.d.rows.is_scanned:
            return self.d.rows.gather(measure)
        if self._block is None or self._kept is None:
            self._block = self.d.rows.block(self.formula.columns)
            self._kept = self.rows.of(self._block)
        return measure.of_rows(self._kept)

    def sums(self, coefficients: Floats, replicate: Floats | None = None) -> Derivatives:
        """Weighted log-likelihood, gradient and information; with other weights for a replicate."""
        return self.gather(LikelihoodSums(self.rows, self.likelihood, coefficients, replicate))

    def level_weights(self) -> Floats:
        """Weights of the response's levels (of the complete rows, where it is a number); finds ``scale``."""
        found, counts = self.gather(LevelSums(self.rows))
        if not found.any():
            raise DesignError("nobody has all variables of the formula", where=self.formula.text)
        self.scale = float(counts[0] / counts[1])
        self.persons = int(counts[2])
        return found


@of_source
def glm(
    d: SurveyDesign, formula: str, family: Family = "gaussian", level: float = 0.95, category: object = None
) -> pd.DataFrame:
    """Generalised linear model with the canonical link (R's ``svyglm``, quasi-families).

    Parameters
    ----------
    d
        The design.
    formula
        ``"response ~ terms"`` as formulaic reads it: ``C(x)``, ``x:z``, ``x*z``, ``log(x)``; categories as
        treatment contrasts against the first; names that are not plain in backquotes.
    family
        ``gaussian`` (identity), ``binomial`` (logit; response 0 to 1, boolean, or categories), ``poisson`` (log).
    level
        Confidence level of the intervals, between 0 and 1.
    category
        Of a response with categories: the one whose probability ``binomial`` models, against all others. Of two
        it is the second, as in R, where none is named.

    Returns
    -------
    One row a term: ``response, term, estimate, se, statistic, df, p, ci_low, ci_high``; ``response`` names what is
    modelled, with its category (``kinder = ohne Kinder``); ``attrs["covariance"]`` is their covariance matrix,
    ``attrs["n"]`` the persons with all variables. df = design df + 1 − terms.

    Raises
    ------
    ConfigError
        Unknown family or category, a formula that cannot be read, or unknown variables.
    DesignError
        A response that does not fit, terms that repeat each other, no convergence.

    Examples
    --------
    >>> estimate.glm(d, "y ~ x")[["term", "estimate", "se"]].round(3)
              term  estimate     se
    0  (Intercept)     0.153  0.617
    1            x     2.005  0.167
    >>> estimate.glm(wave, "kinder ~ ALTER", "binomial", category="mit Kindern")["response"].iloc[0]
    'kinder = mit Kindern'
    """
    if family not in FAMILIES:
        raise ConfigError("unknown family", value=family, expected=nearest(family, FAMILIES))
    parsed = ModelFormula(d.rows, formula)
    family_of = Linear(family)
    levels = response_levels(parsed, family, category)
    modelled = None if levels is None else levels[-1] if category is None else category
    model = Model(d, ModelRows(parsed, levels, intercept=True, modelled=modelled), family_of)
    found = model.level_weights()
    if modelled is not None and not found[:2].all():
        raise DesignError(
            "there is nothing to model: " + ("everybody has the category" if found[1] else "nobody has the category"),
            where=f"variable {parsed.response}",
            value=modelled,
        )
    value, right, left = model.gather(OpeningSums(model.rows, family_of, model.scale))
    fit = _maximum(model, _solve(left, right, parsed.terms), value, parsed.terms)
    return _table(model, fit, parsed.terms, len(parsed.terms), level, f"glm, {family}: {formula}")


@of_source
def ordinal(d: SurveyDesign, formula: str, level: float = 0.95) -> pd.DataFrame:
    """Ordered logit P(y ≤ k) = expit(θ_k − x'β) (R's ``svyolr``; McCullagh 1980).

    The response's categories count in their order, numbers by size. Terms are those of the formula, then
    the thresholds ``lower|upper``. df as R: design df − terms of the formula. Raises as ``glm``.

    Parameters
    ----------
    d
        The design.
    formula
        ``"response ~ terms"``.
    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row a term, as ``glm``.

    Examples
    --------
    >>> list(estimate.ordinal(wave.design, "ZUFR_F05 ~ WICHT_F05")["term"])
    ['WICHT_F05', '1|2', '2|3', '3|4', '4|5']
    """
    parsed = ModelFormula(d.rows, formula)
    levels = response_levels(parsed, "ordinal") or []
    occurring = [known for known in levels if known in d.rows.occurring(parsed.response, parsed.response)]
    model = Model(d, ModelRows(parsed, occurring, intercept=False), OrderedLogit(len(occurring)))
    weights = model.level_weights()
    names = [term for term in parsed.terms if term != INTERCEPT]
    start = np.concatenate([np.zeros(len(names)), special.logit(np.cumsum(weights)[:-1] / weights.sum())])
    thresholds = [f"{low}|{high}" for low, high in pairwise(occurring)]
    terms = [*names, *thresholds]
    return _table(model, _maximum(model, start, -np.inf, terms), terms, len(names) + 1, level, f"ordinal: {formula}")


def _table(model: Model, fit: Fit, terms: list[str], counted: int, level: float, call: str) -> pd.DataFrame:
    """The fitted model; ``counted`` terms cost degrees of freedom."""
    pointwise.check_level(level)
    estimate = fit.at
    covariance = _covariance(model, fit, terms)
    df = float(_with_all(model).df + 1 - counted)
    se = np.sqrt(np.diag(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    low, high = pointwise.symmetric(estimate, se, df, level)
    p = 2 * special.stdtr(df, -np.abs(statistic)) if df >= 1 else np.full(len(terms), np.nan)
    frame = pd.DataFrame({"response": model.rows.response, "term": terms, "estimate": estimate, "se": se})
    frame = frame.assign(statistic=statistic, df=df, p=p, ci_low=low, ci_high=high)
    frame = frame.astype({"response": "string", "term": "string"})
    told = Basis.of(model.d).facts(call.partition(",")[0].partition(":")[0], "number", level, "effect")
    frame = told.on(frame)
    frame.attrs |= {"call": call, "n": model.persons, "covariance": covariance.tolist()}
    return frame


def _with_all(model: Model) -> SurveyDesign:
    """The domain of persons with all variables of the formula."""
    conditions = " and ".join(f"not is_empty(`{name}`)" for name in model.formula.columns)
    return model.d.where(conditions)


def _maximum(model: Model, start: Floats, last: float, terms: list[str], replicate: Floats | None = None) -> Fit:
    """Newton's method with halved steps; ``last`` is the value before the start.

    Near the maximum steps shrink quadratically; where a term separates the response they stay large
    while the value settles, so both must be small.

    Raises
    ------
    DesignError
        Terms repeat each other, or the likelihood has no maximum.
    """
    at = before = start
    value, gradient, information = model.sums(at, replicate)
    used, step = information, np.zeros_like(at)
    rule = model.likelihood
    for _ in range(_ITERATIONS):
        is_flat = abs(value - last) <= rule.tolerance * (abs(value) + model.scale / 20)
        if is_flat and (np.abs(step) <= rule.step * (1 + np.abs(at))).all():
            return Fit(at, before, used)
        step = _solve(information, gradient, terms)
        size = 1.0
        found = model.sums(at + step, replicate)
        while not found[0] >= value - 1e-9 * abs(value) and size > _SMALLEST_STEP:
            size /= 2
            found = model.sums(at + size * step, replicate)
        before, used, last = at, information, value
        at = at + size * step
        value, gradient, information = found
    worst = int(np.argmax(np.abs(step)))
    raise DesignError(
        f"model does not converge after {_ITERATIONS} iterations",
        where=f"term {terms[worst]}",
        value=f"coefficient {at[worst]:.3g}",
        remedy="the term may separate the response perfectly: merge its categories, or leave it out",
    )


def _solve(information: Floats, right: Floats, terms: list[str]) -> Floats:
    """information⁻¹ · right, after scaling to a unit diagonal."""
    scale = np.sqrt(np.diag(information))
    scaled = information / np.outer(np.where(scale > 0, scale, 1.0), np.where(scale > 0, scale, 1.0))
    values, vectors = np.linalg.eigh(scaled)
    if not scale.all() or values[0] < _SINGULAR:
        worst = int(np.argmin(scale)) if not scale.all() else int(np.argmax(np.abs(vectors[:, 0])))
        raise DesignError(
            "terms of the formula repeat each other, or the response is separated by one",
            where=f"term {terms[worst]}",
            remedy="leave the term out, or merge its categories",
        )
    return np.asarray((np.linalg.solve(scaled, (right.T / scale).T).T / scale).T)


def _covariance(model: Model, fit: Fit, terms: list[str]) -> Floats:
    """Covariance of the coefficients: of the linearised estimates, or from refitting each replicate."""
    d, size = model.d, len(fit.at)
    if d.replicates is not None:
        fitted = np.array([_maximum(model, fit.at, -np.inf, terms, made).at for made in d.replicates.weights.T])
        deviations = d.replicates.deviations(fitted, fit.at)
        return np.asarray(deviations.T @ deviations)
    inverse = _solve(fit.information, np.eye(size), terms)
    return cross_products(Basis.of(d), ModelScores(model.rows, model.likelihood, fit.at, fit.before, inverse))
