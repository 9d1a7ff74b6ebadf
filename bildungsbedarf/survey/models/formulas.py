"""A model's formula: which columns it needs, and its response and model matrix block by block."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.rows.blocks import Block

if TYPE_CHECKING:
    # loaded where a formula is read: a tenth of a second that most questions need not wait for
    from formulaic import Formula, ModelMatrix, ModelSpec

INTERCEPT = "(Intercept)"


@dataclass
class ModelFormula:
    """A formula such as ``"trust ~ age + C(education)"`` over the rows of a design.

    Names that are not plain stand in backquotes. ``response`` is the left side's column, or the text of
    an expression of columns.

    Raises
    ------
    ConfigError
        The formula cannot be read, has not two sides, or names an unknown variable.
    """

    rows: Rows
    text: str
    columns: list[str] = field(init=False)
    response: str = field(init=False)
    predictors: Formula = field(init=False)
    _spec: ModelSpec = field(init=False)
    _levels: dict[str, list[object]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        from formulaic import Formula
        from formulaic.errors import FormulaicError

        sides = self.text.split("~")
        if len(sides) != 2 or not all(side.strip() for side in sides):
            names = [name for name in re.split(r"[\s,~]+", self.text) if name]
            expected = f"{names[0]} ~ {' + '.join(names[1:])}" if len(names) > 1 else "UNMET ~ age + sex"
            raise ConfigError("formula of a model is 'response ~ terms'", value=self.text, expected=expected)
        try:
            self.predictors = Formula(sides[1].strip())
            left = Formula(f"{sides[0].strip()} - 1")
        except FormulaicError as error:
            # the parser colours what it quotes, for a terminal
            plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
            raise ConfigError(f"formula cannot be read: {plain}", value=self.text) from None
        self.response = sides[0].strip().strip("`")
        needed = sorted(_variables(left) | _variables(self.predictors))
        for name in needed:
            if name not in self.rows.names:
                raise ConfigError(
                    "formula names an unknown variable",
                    where=self.text,
                    value=name,
                    expected=nearest(name, self.rows.names),
                )
        if self.response not in needed:
            raise ConfigError("left side of a formula is a variable", value=self.response)
        self.columns = needed
        self.rows.look_at(needed)
        categories, others = _names_in_calls(self.predictors)
        for name in needed:
            is_numeric = self.rows.profile(name).is_numeric
            if is_numeric and name in categories and name in others:
                raise ConfigError(
                    "variable stands in the formula as a number and as categories",
                    where=self.text,
                    value=name,
                    remedy="use a second column for one of them",
                )
            if name != self.response and (name in categories or not is_numeric):
                self._levels[name] = list(self.rows.occurring(name, self.response))
        self._spec = self._specification()

    def _specification(self) -> ModelSpec:
        """The columns of the model matrix, from one made-up row a category: any block of rows gives the same."""
        empty = [name for name, levels in self._levels.items() if not levels]
        if empty:
            raise DesignError("nobody has all variables of the formula", where=self.text, value=empty[0])
        rows = max((len(levels) for levels in self._levels.values()), default=1)
        columns = {
            name: [self._levels[name][row % len(self._levels[name])] for row in range(rows)]
            if name in self._levels
            else np.ones(rows)
            for name in self.columns
        }
        return self._made(self.predictors, pd.DataFrame(columns)).model_spec

    def used(self, block: Block) -> Ints:
        """Rows of the domain with a weight and all variables."""
        complete = block.frame[self.columns].notna().to_numpy().all(axis=1)
        return np.flatnonzero(block.inside & (block.weights > 0) & complete)

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """The model matrix of rows without missing values.

        Raises
        ------
        ConfigError
            A term cannot be computed.
        """
        return np.asarray(self._made(self._spec, frame), dtype=np.float64)

    def _made(self, source: Formula | ModelSpec, frame: pd.DataFrame) -> ModelMatrix:
        from formulaic.errors import FormulaicError

        columns = {}
        for name in self.columns:
            if name in self._levels:
                columns[name] = pd.Series(pd.Categorical(frame[name], categories=self._levels[name]), index=frame.index)
            elif name != self.response:
                columns[name] = frame[name].astype("float64")
        try:
            return source.get_model_matrix(pd.DataFrame(columns, index=frame.index), context={})
        except FormulaicError as error:
            raise ConfigError(f"term cannot be computed: {error}", value=self.text) from None

    @property
    def terms(self) -> list[str]:
        """Names of the matrix' columns."""
        return [INTERCEPT if name == "Intercept" else str(name) for name in self._spec.column_names]


def _variables(formula: Formula) -> set[str]:
    """Names a formula looks up.

    Raises
    ------
    ConfigError
        A term calls something that is no transformation of numbers: formulas are never run as code.
    """
    found: set[str] = set()
    for term in formula:
        for factor in term.factors:
            kind = factor.eval_method.name
            if kind == "LOOKUP":
                found.add(str(factor.expr))
            elif kind == "PYTHON":
                _refuse_code(str(factor.expr))
                found |= _looked_up(factor.expr)
    return found


def _looked_up(expression: object) -> set[str]:
    """Names in a part of a formula that calls something."""
    from formulaic import Formula

    return {str(name) for name in Formula(expression).required_variables}


def _names_in_calls(formula: Formula) -> tuple[set[str], set[str]]:
    """Names that stand in ``C(…)``, and those that stand anywhere else."""
    inside: set[str] = set()
    outside: set[str] = set()
    for term in formula:
        for factor in term.factors:
            if factor.eval_method.name == "LOOKUP":
                outside.add(str(factor.expr))
            elif factor.eval_method.name == "PYTHON":
                tree = ast.parse(str(factor.expr), mode="eval").body
                is_category = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "C"
                (inside if is_category else outside).update(_looked_up(factor.expr))
    return inside, outside


def _refuse_code(text: str) -> None:
    allowed = (ast.Expression, ast.Call, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    for node in ast.walk(ast.parse(text, mode="eval")):
        called = isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _TRANSFORMS)
        if called or not isinstance(node, (*allowed, ast.Load)):
            item = re.fullmatch(r"(\w+)\[(\w+)\]", text)
            raise ConfigError(
                "term is not allowed in a formula",
                value=text,
                expected=f"{item[1]}_{item[2]}" if item else ", ".join(sorted(_TRANSFORMS)),
            )


def response_levels(formula: ModelFormula, family: str, category: object = None) -> list[object] | None:
    """The levels of a response that is not a number (for ``binomial`` two, or one of them is the ``category``).

    Raises
    ------
    DesignError
        The response does not fit the family.
    ConfigError
        The category is none of the response's, or the response has none.
    """
    name, profile = formula.response, formula.rows.profile(formula.response)
    where = f"variable {name}"
    if family == "ordinal":
        levels = formula.rows.levels(name)
        if len(levels) < 3:
            raise DesignError("ordered response needs three levels", where=where, value=f"{len(levels)} levels")
        return levels
    if isinstance(category, bool) and family == "binomial" and formula.rows.levels(name) == [False, True]:
        return [False, True]
    if category is not None and (profile.is_numeric or family != "binomial"):
        found = "a number" if profile.is_numeric else f"family {family}"
        raise ConfigError("category is for a response with categories", where=where, value=found, expected="binomial")
    if not profile.is_numeric:
        levels = formula.rows.levels(name)
        if family != "binomial":
            raise DesignError(
                f"response of the family {family} is a number",
                where=where,
                value=profile.kind,
                expected=f'"binomial" and category="…", one of {", ".join(map(str, levels))}',
            )
        if category is not None and category not in levels:
            raise ConfigError(
                "unknown category", where=where, value=category, expected=nearest(str(category), map(str, levels))
            )
        if category is None and len(levels) != 2:
            raise DesignError(
                "binomial models one category",
                where=where,
                value=f"{len(levels)} categories",
                expected=f'category="…": one of {", ".join(map(str, levels))}',
            )
        return levels
    low, high = _RANGES[family]
    if profile.low < low or profile.high > high:
        raise DesignError(
            f"response does not fit the family {family}",
            where=f"variable {name}",
            value=f"{profile.low:g} to {profile.high:g}",
            expected=f"{low:g} to {high:g}",
        )
    return None


_TRANSFORMS = {"C", "I", "exp", "log", "log10", "log2", "sqrt"}
_RANGES = {"gaussian": (-np.inf, np.inf), "binomial": (0.0, 1.0), "poisson": (0.0, np.inf)}
