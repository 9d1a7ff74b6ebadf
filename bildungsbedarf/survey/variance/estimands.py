"""What is estimated, as a function of the features' totals; and the scores, linear in the features.

Shapes: ``totals`` and ``counts`` (… × variables × domains × features), points (… × variables × domains ×
estimates), coefficients (variables × domains × estimates × features). An estimate's variance is that of
the total of its scores w Σ_f c_f φ_f (linearisation; Binder 1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.reading.features import Variable


class Estimand(Protocol):
    """One kind of estimate of several variables with equally many features."""

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The estimates; NaN where nobody is in the domain."""

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """The scores' coefficients; 0 where nobody is in the domain."""


@dataclass(frozen=True)
class Functionals:
    """Linear functions of the features: base Σw, value Σw(y − centre), square Σw(y − centre)².

    ``value`` and ``square`` (variables × features) are 0 where levels are not numbers.
    """

    base: Floats
    value: Floats
    square: Floats
    centre: Floats

    @staticmethod
    def of(variables: Sequence[Variable]) -> Functionals:
        """Of variables with equally many features."""
        width = variables[0].width
        centre = np.array([variable.centre for variable in variables])
        if not variables[0].is_discrete:
            unit = np.eye(3)
            many = np.ones((len(variables), 1))
            return Functionals(unit[0], many * unit[1], many * unit[2], centre)
        values = np.array([variable.values or (0.0,) * width for variable in variables])
        return Functionals(np.ones(width), values, values**2, centre)

    def means(self, totals: Floats) -> tuple[Floats, Floats, Floats]:
        """Σw, and the weighted means of value and square (… × variables × domains)."""
        weight = totals @ self.base
        return weight, _divide(_along(totals, self.value), weight), _divide(_along(totals, self.square), weight)


@dataclass(frozen=True)
class Mean:
    """Σwy / Σw; score w (y − ȳ) / Σw."""

    functionals: Functionals

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The means."""
        return np.asarray((self.functionals.means(totals)[1] + self.functionals.centre[:, None])[..., None])

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """(y − ȳ) / Σw."""
        weight, mean, _ = self.functionals.means(totals)
        centred = self.functionals.value[:, None, :] - mean[..., None] * self.functionals.base
        return _finite(_divide(centred, weight[..., None]))[..., None, :]


@dataclass(frozen=True)
class Share:
    """Σw1[y = k] / Σw for every level k; score w (1[y = k] − p) / Σw."""

    functionals: Functionals

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The shares."""
        return _divide(totals, (totals @ self.functionals.base)[..., None])

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """(1[y = k] − p) / Σw."""
        weight = totals @ self.functionals.base
        points = self.points(totals, counts)
        centred = np.eye(totals.shape[-1]) - points[..., None]
        return _finite(_divide(centred, weight[..., None, None]))


@dataclass(frozen=True)
class UpTo:
    """Share of persons whose value is not above a limit, which differs between domains; as ``Share``.

    ``values`` are the numbers behind the features, ``limits`` one a domain.
    """

    functionals: Functionals
    values: Floats
    limits: Floats

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The shares."""
        below = np.einsum("...gf,gf->...g", totals, self._below())
        return _divide(below, totals @ self.functionals.base)[..., None]

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """(1[y ≤ limit] − p) / Σw."""
        weight = totals @ self.functionals.base
        centred = self._below() - self.points(totals, counts)
        return _finite(_divide(centred, weight[..., None]))[..., None, :]

    def _below(self) -> Floats:
        return (self.values <= self.limits[:, None]).astype(np.float64)


@dataclass(frozen=True)
class Total:
    """Σwy, or Σw1[y = k] for every level; score w y."""

    functionals: Functionals
    of: Literal["values", "levels"]

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The totals."""
        found = totals if self.of == "levels" else _along(totals, self._numbers())[..., None]
        empty = (counts @ self.functionals.base == 0)[..., None]
        return np.where(empty, np.nan, found)

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """The numbers themselves."""
        shape = totals.shape[-3:]
        if self.of == "levels":
            return np.broadcast_to(np.eye(shape[2]), (*shape[:2], shape[2], shape[2]))
        return np.broadcast_to(self._numbers()[:, None, None, :], (*shape[:2], 1, shape[2]))

    def _numbers(self) -> Floats:
        return self.functionals.value + self.functionals.centre[:, None] * self.functionals.base


@dataclass(frozen=True)
class Ratio:
    """Σwy / Σwx; score w (y − R x) / Σwx (Särndal, Swensson & Wretman 1992, ch. 5.6)."""

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The ratios."""
        return _divide(totals[..., 1], totals[..., 2])[..., None]

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """(y − R x) / Σwx."""
        ratio = self.points(totals, counts)[..., 0]
        unit = np.eye(3)
        centred = unit[1] - ratio[..., None] * unit[2]
        return _finite(_divide(centred, totals[..., 2, None]))[..., None, :]


@dataclass(frozen=True)
class Variance:
    """Σw(y − ȳ)² / Σw · n / (n − 1), as R's ``svyvar``; score w ((y − ȳ)² n/(n − 1) − s²) / Σw."""

    functionals: Functionals

    def points(self, totals: Floats, counts: Floats) -> Floats:
        """The variances; NaN for one person."""
        _, mean, square = self.functionals.means(totals)
        return np.asarray(((square - mean**2) * self._correction(counts))[..., None])

    def coefficients(self, totals: Floats, counts: Floats) -> Floats:
        """((y − ȳ)² n/(n − 1) − s²) / Σw."""
        parts = self.functionals
        weight, mean, _ = parts.means(totals)
        distance = parts.square[:, None, :] - 2 * mean[..., None] * parts.value[:, None, :]
        distance = distance + mean[..., None] ** 2 * parts.base
        scaled = distance * self._correction(counts)[..., None] - self.points(totals, counts) * parts.base
        return _finite(_divide(scaled, weight[..., None]))[..., None, :]

    def _correction(self, counts: Floats) -> Floats:
        return corrected(counts @ self.functionals.base)


def corrected(persons: Floats) -> Floats:
    """N / (n − 1); NaN for one person."""
    factor: Floats = np.full(persons.shape, np.nan)
    np.divide(persons, persons - 1, out=factor, where=persons > 1)
    return factor


def _along(totals: Floats, functional: Floats) -> Floats:
    """Each variable's own functional of its totals (… × variables × domains)."""
    return np.asarray(np.einsum("...igf,if->...ig", totals, functional))


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient; NaN where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator != 0, numerator / denominator, np.nan)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)
