"""What a regression reads of the rows: model matrix and response, and sums of a likelihood over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.models.formulas import INTERCEPT, ModelFormula
from bildungsbedarf.survey.models.likelihoods import Likelihood, Linear
from bildungsbedarf.survey.rows.blocks import Block
from bildungsbedarf.survey.sample.levels import level_codes

Derivatives = tuple[float, Floats, Floats]
T = TypeVar("T")


@dataclass(frozen=True)
class UsedRows:
    """One block's complete rows: their places, model matrix, response and weights.

    ``whole`` are the weights and the persons of the domain, complete or not.
    """

    used: Ints
    matrix: Floats
    response: Floats
    weights: Floats
    whole: tuple[float, int]


@dataclass(frozen=True)
class ModelRows:
    """How rows are read; ``levels`` are those of a response that is not a number, ``modelled`` counts against all."""

    formula: ModelFormula
    levels: list[object] | None
    intercept: bool
    modelled: object = None

    @property
    def response(self) -> str:
        """What is modelled, in a name: the response, with the category that counts."""
        name = self.formula.response
        return name if self.modelled is None else f"{name} = {self.modelled}"

    def _response(self, column: pd.Series) -> Floats:
        """Values, places among the levels, or 1 for the category that counts."""
        if self.levels is None:
            return column.to_numpy(dtype=np.float64)
        codes = level_codes(column, self.levels)
        if self.modelled is not None:
            codes = codes == self.levels.index(self.modelled)
        return np.asarray(codes, dtype=np.float64)

    def of(self, block: Block) -> UsedRows:
        """The complete rows of a block."""
        used = self.formula.used(block)
        frame = block.frame.iloc[used]
        matrix = self.formula.matrix(frame)
        if not self.intercept:
            matrix = matrix[:, [term != INTERCEPT for term in self.formula.terms]]
        inside = block.weights[block.inside]
        whole = float(inside.sum()), int((inside > 0).sum())
        return UsedRows(used, matrix, self._response(frame[self.formula.response]), block.weights[used], whole)


class ModelMeasure(Protocol[T]):
    """A measure over complete rows."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The formula's columns."""

    def of(self, block: Block) -> T:
        """The result of one block."""

    def of_rows(self, rows: UsedRows) -> T:
        """The result of rows read before."""

    def merge(self, one: T, other: T) -> T:
        """The result of both."""


@dataclass(frozen=True)
class _OverRows:
    rows: ModelRows

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows.formula.columns)


def _added(one: Derivatives, other: Derivatives) -> Derivatives:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


@dataclass(frozen=True)
class LikelihoodSums(_OverRows):
    """Weighted log-likelihood, gradient and information; ``replicate`` are other weights of all rows."""

    likelihood: Likelihood
    coefficients: Floats
    replicate: Floats | None = None

    def of(self, block: Block) -> Derivatives:
        """Of one block."""
        return self.of_rows(self.rows.of(block))

    def of_rows(self, rows: UsedRows) -> Derivatives:
        """Of rows with a weight."""
        weights = rows.weights if self.replicate is None else self.replicate[rows.used]
        kept = weights > 0
        matrix, response, weights = rows.matrix[kept], rows.response[kept], weights[kept]
        likelihood, at = self.likelihood, self.coefficients
        return (
            float(weights @ likelihood.value(matrix, response, at)),
            weights @ likelihood.scores(matrix, response, at),
            likelihood.information(matrix, response, weights, at),
        )

    def merge(self, one: Derivatives, other: Derivatives) -> Derivatives:
        """Sums."""
        return _added(one, other)


@dataclass(frozen=True)
class OpeningSums(_OverRows):
    """The value where R's search starts, and the right and left side of its first step."""

    family: Linear
    scale: float

    def of(self, block: Block) -> Derivatives:
        """Of one block."""
        return self.of_rows(self.rows.of(block))

    def of_rows(self, rows: UsedRows) -> Derivatives:
        """Weights enter as multiples of their mean, as R's ``svyglm`` scales them."""
        at, spread, goal = self.family.opening(rows.response, rows.weights / self.scale)
        weighted = rows.matrix * (rows.weights * spread)[:, None]
        value = float(rows.weights @ self.family.value(at[:, None], rows.response, np.ones(1)))
        return value, goal @ weighted, rows.matrix.T @ weighted

    def merge(self, one: Derivatives, other: Derivatives) -> Derivatives:
        """Sums."""
        return _added(one, other)


@dataclass(frozen=True)
class LevelSums(_OverRows):
    """Weights by level of the response; weights and persons of the domain, and complete persons."""

    def of(self, block: Block) -> tuple[Floats, Floats]:
        """Of one block."""
        return self.of_rows(self.rows.of(block))

    def of_rows(self, rows: UsedRows) -> tuple[Floats, Floats]:
        """All as numbers that add up."""
        levels = self.rows.levels
        codes = np.zeros(len(rows.used)) if levels is None else rows.response
        count = 1 if levels is None else len(levels)
        found = np.bincount(codes.astype(np.int64), weights=rows.weights, minlength=count)
        return np.asarray(found, dtype=np.float64), np.array([*rows.whole, len(rows.used)], dtype=np.float64)

    def merge(self, one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """Sums."""
        return one[0] + other[0], one[1] + other[1]


@dataclass(frozen=True)
class ModelScores(_OverRows):
    """Linearised values of the coefficients (Binder 1983): inverse information · score, by row."""

    likelihood: Likelihood
    at: Floats
    before: Floats
    inverse: Floats

    @property
    def width(self) -> int:
        """How many coefficients."""
        return len(self.at)

    def of(self, block: Block) -> Floats:
        """0 for rows that are not complete."""
        rows = self.rows.of(block)
        found = np.zeros((len(block), self.width))
        scores = self.likelihood.scores(rows.matrix, rows.response, self.at)
        by = self.likelihood.working(rows.matrix, self.at, self.before)
        found[rows.used] = (scores * by[:, None]) @ self.inverse
        return found
