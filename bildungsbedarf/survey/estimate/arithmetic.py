"""Expressions over estimates, such as ``api00 / api99``: their value and gradient (delta method).

Parsed by a grammar, never evaluated as code; the gradient is exact (forward differentiation).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey.arrays import Floats

_GRAMMAR = r"""
?start: sum
?sum: product | sum "+" product -> add | sum "-" product -> subtract
?product: signed | product "*" signed -> multiply | product "/" signed -> divide
?signed: power | "-" signed -> negate
?power: atom | atom "**" signed -> raise_to
?atom: NUMBER -> number | NAME -> name | QUOTED -> quoted | FUNCTION "(" sum ")" -> apply | "(" sum ")"
FUNCTION.2: /(log|exp|sqrt)(?=\s*\()/
NAME: /[A-Za-z_][A-Za-z0-9_.]*/
QUOTED: /`[^`]+`/
NUMBER: /\d+(\.\d+)?([eE][+-]?\d+)?/
%ignore /\s+/
"""
_LONGEST = 1_000
Dual = tuple[float, Floats]


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


class Arithmetic:
    """A parsed expression.

    Raises
    ------
    ConfigError
        The text is not in the grammar.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = _parser().parse(text[:_LONGEST])
        except UnexpectedInput:
            raise ConfigError(
                "expression cannot be read",
                value=text,
                expected="names (in backquotes where they are not plain), numbers, + - * / **, log, exp, sqrt",
            ) from None

    @property
    def names(self) -> list[str]:
        """The labels the expression speaks of."""
        tokens = self._tree.scan_values(lambda token: isinstance(token, Token) and token.type in ("NAME", "QUOTED"))
        return list(dict.fromkeys(str(token).strip("`") for token in tokens))

    def evaluate(self, values: Mapping[str, tuple[float, int]], size: int) -> tuple[float, Floats]:
        """Value and gradient; ``values`` maps a label to its value and its place in the gradient.

        Raises
        ------
        ConfigError
            Division by zero, or a logarithm or root of a negative number.
        """
        try:
            with np.errstate(divide="raise", invalid="raise", over="raise"):
                value, gradient = _Forward(values, size).transform(self._tree)
        except VisitError as error:
            raise ConfigError(f"expression has no value: {error.orig_exc}", value=self.text) from None
        return float(value), gradient


@v_args(inline=True)
class _Forward(Transformer[Token, Dual]):
    """Value and gradient of each node from those below."""

    def __init__(self, values: Mapping[str, tuple[float, int]], size: int) -> None:
        super().__init__()
        self.values = values
        self.size = size

    def number(self, token: Token) -> Dual:
        return np.float64(token), np.zeros(self.size)

    def name(self, token: Token) -> Dual:
        value, place = self.values[str(token).strip("`")]
        gradient = np.zeros(self.size)
        gradient[place] = 1.0
        return np.float64(value), gradient

    quoted = name

    def add(self, left: Dual, right: Dual) -> Dual:
        return left[0] + right[0], left[1] + right[1]

    def subtract(self, left: Dual, right: Dual) -> Dual:
        return left[0] - right[0], left[1] - right[1]

    def negate(self, inner: Dual) -> Dual:
        return -inner[0], -inner[1]

    def multiply(self, left: Dual, right: Dual) -> Dual:
        return left[0] * right[0], left[0] * right[1] + right[0] * left[1]

    def divide(self, left: Dual, right: Dual) -> Dual:
        quotient = left[0] / right[0]
        return quotient, (left[1] - quotient * right[1]) / right[0]

    def raise_to(self, base: Dual, exponent: Dual) -> Dual:
        value = base[0] ** exponent[0]
        gradient = exponent[0] * base[0] ** (exponent[0] - 1) * base[1]
        if exponent[1].any():
            gradient = gradient + value * np.log(base[0]) * exponent[1]
        return value, gradient

    def apply(self, function: Token, inner: Dual) -> Dual:
        if function == "log":
            return np.log(inner[0]), inner[1] / inner[0]
        if function == "exp":
            return np.exp(inner[0]), np.exp(inner[0]) * inner[1]
        return np.sqrt(inner[0]), inner[1] / (2 * np.sqrt(inner[0]))
