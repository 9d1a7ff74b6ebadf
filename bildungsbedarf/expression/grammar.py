"""The small grammar of conditions in study.toml: comparisons joined by and, or, not.

A name that is not plain stands in backquotes.

Nothing is ever executed: text is parsed into a tree, the tree is evaluated over columns.
Missing values give "unknown" (three-valued logic), never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn

import pandas as pd
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.expression import checks
from bildungsbedarf.expression.names import COMPARE, date_of, is_day, is_ordered, plain, resolved
from bildungsbedarf.expression.repairs import repair_of
from bildungsbedarf.expression.telling import Speaker, in_words

_GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction (_OR conjunction)*
?conjunction: factor (_AND factor)*
?factor: _NOT factor -> negation
       | condition
?condition: operand COMPARISON operand -> comparison
          | operand _IN "[" literal ("," literal)* "]" -> membership
          | "is_empty" "(" name ")" -> is_empty
          | "(" disjunction ")"
?operand: name | literal
name: NAME
?literal: NUMBER -> number
        | STRING -> string
_OR.2: "or" | "||"
_AND.2: "and" | "&&"
_NOT.2: "not" | /!(?!=)/
_IN.2: "in"
COMPARISON: "==" | "!=" | "<=" | ">=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*(\[\w+\](\[\w+\])?)?(\.NAOK)?/ | /`[^`]+`/
NUMBER: /-?(\d+(\.\d+)?|\.\d+)/
STRING: /'[^']*'/ | /"[^"]*"/
%ignore /\s+/
"""
_LONGEST = 2_000


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


class Expression:
    """A parsed condition, e.g. ``ALTER >= 18 and GEM != '999'``.

    Raises
    ------
    ConfigError
        The text is not in the grammar; the message shows the column.
    """

    def __init__(self, text: str, where: str = "") -> None:
        self.text = text
        self.where = where
        if len(text) > _LONGEST:
            raise ConfigError(f"condition longer than {_LONGEST} characters", where=where, value=text)
        try:
            self._tree = _parser().parse(text)
        except UnexpectedInput as error:
            raise ConfigError(
                f"condition cannot be read at column {getattr(error, 'column', '?')}",
                where=where,
                value=text,
                expected="comparisons (== != < <= > >=, in [..]) joined by and, or, not",
                remedy=repair_of(text),
            ) from None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns the condition speaks of, without ``.NAOK``."""
        return tuple(dict.fromkeys(plain(token) for token in _name_tokens(self._tree)))

    def among(self, columns: Iterable[str]) -> list[str]:
        """The columns the condition speaks of, as a table with ``columns`` calls them."""
        known = frozenset(columns)
        return list(dict.fromkeys(resolved(token, known) for token in _name_tokens(self._tree)))

    def evaluate(self, table: pd.DataFrame, *, empty_is_value: bool = False) -> pd.Series:
        """Evaluate for every row of ``table``.

        ``empty_is_value`` is LimeSurvey's reading: an empty answer is the text ``''`` and
        comparisons with it are false or true, not unknown.

        Returns
        -------
        Series of dtype ``boolean``; ``<NA>`` where a value needed is missing.
        """
        unknown = [name for name in self.among(table.columns) if name not in table.columns]
        if unknown:
            raise ConfigError(
                f"condition names an unknown column {unknown[0]!r}",
                where=self.where,
                value=self.text,
                expected=nearest(unknown[0], map(str, table.columns)),
                remedy="texts stand in quotes: GESCHL == 'w'; a box is ticked where BARR_ZEIT == 1",
            )
        result = _Evaluator(table, empty_is_value).visit(self._tree)
        return pd.Series(result, index=table.index, dtype="boolean")

    def check_codes(self, table: pd.DataFrame, labels: Callable[[str], Mapping[str, str]] | None = None) -> None:
        """Refuse comparisons with what a column cannot hold: nobody would fulfil them, and nobody would know.

        A column with categories is compared with one of them (with more or less only where they have an order), a box
        with 1 (ticked) or 0, a number with numbers, a date with a date (``'2026-02-03'``), a text with texts. ``''``
        is no answer, and has no order. ``labels`` gives what the categories of a column are called, so that a label
        leads to its code; with it, a scale or a few texts must have the value.

        Raises
        ------
        ConfigError
            A text or number that is no category of its column; a text beside a box or a number; an order of
            categories or texts that have none; two columns that have no value in common.

        Examples
        --------
        >>> from bildungsbedarf.expression import Expression
        >>> table = pd.DataFrame({"sex": pd.Categorical(["f", "m"])})
        >>> Expression("sex == 'women'").check_codes(table, lambda name: {"f": "women", "m": "men"})
        Traceback (most recent call last):
        bildungsbedarf.errors.ConfigError: sex has no code 'women'
          found: "sex == 'women'"
          expected: 'f' (women)
        """
        checks.check(self._tree, table, labels, self._refuse)

    def in_words(self, speaker: Speaker) -> str:
        """The condition in words, as somebody has them who knows the columns.

        Examples
        --------
        >>> from bildungsbedarf.expression import Expression
        >>> class Plain:
        ...     columns = ("age", "sex")
        ...     title = lambda self, column: column.title()
        ...     label = lambda self, column, text: {"f": "women"}.get(text, "")
        ...     plain = lambda self, text: text
        ...     say = lambda self, text, **named: text.format_map(named)
        >>> Expression("age >= 65 and (sex == 'f' or sex == '')").in_words(Plain())
        'Age ≥ 65 and (Sex: women or Sex: no answer)'
        """
        return in_words(self._tree, speaker)

    def _refuse(self, what: str, expected: str) -> NoReturn:
        raise ConfigError(what, where=self.where, value=self.text, expected=expected)


def holds(condition: str, where: str, table: pd.DataFrame) -> pd.Series:
    """Whether a condition of a file holds for every row; one that nobody could fulfil is refused.

    Parameters
    ----------
    condition, where
        The condition, and the file and key it stands in.
    table
        The columns it speaks of.

    Returns
    -------
    pandas.Series
        ``boolean``; missing where a value needed is.

    Raises
    ------
    ConfigError
        The condition cannot be read, names no column, or compares one with what it cannot hold.

    Examples
    --------
    >>> from bildungsbedarf.expression import holds
    >>> holds("age >= 18", "study.toml, eligible", pd.DataFrame({"age": [17, 18]})).tolist()
    [False, True]
    """
    expression = Expression(condition, where)
    expression.check_codes(table)
    return expression.evaluate(table)


class _Evaluator:
    """Walks the tree once; one method a kind of node."""

    def __init__(self, table: pd.DataFrame, empty_is_value: bool) -> None:
        self.table = table
        self.empty_is_value = empty_is_value

    def visit(self, node: Tree[Token]) -> Any:
        return getattr(self, str(node.data))(node.children)

    def disjunction(self, children: list[Any]) -> Any:
        result = self.visit(children[0])
        for child in children[1:]:
            result = result | self.visit(child)
        return result

    def conjunction(self, children: list[Any]) -> Any:
        result = self.visit(children[0])
        for child in children[1:]:
            result = result & self.visit(child)
        return result

    def negation(self, children: list[Any]) -> Any:
        return ~self.visit(children[0])

    def comparison(self, children: list[Any]) -> pd.Series:
        left, symbol, right = self.visit(children[0]), str(children[1]), self.visit(children[2])
        if not self.empty_is_value and symbol in ("==", "!="):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, pd.Series) and isinstance(other, str) and other == "":
                    # '' is no answer: whether there is one is known of everybody
                    empty = _is_empty(one)
                    return empty if symbol == "==" else ~empty
        left, right = self._comparable(left, right)
        result = COMPARE[symbol](left, right)
        if not isinstance(result, pd.Series):
            result = pd.Series(bool(result), index=self.table.index)
        result = result.astype("boolean")
        if self.empty_is_value:
            return result.fillna(symbol == "!=")
        known = pd.Series(True, index=self.table.index)
        for side in (left, right):
            if isinstance(side, pd.Series):
                known &= side.notna()
        return result.where(known, pd.NA)

    def membership(self, children: list[Any]) -> pd.Series:
        result = self.comparison([children[0], "==", children[1]])
        for literal in children[2:]:
            result = result | self.comparison([children[0], "==", literal])
        return result

    def is_empty(self, children: list[Any]) -> pd.Series:
        return _is_empty(self.visit(children[0]))

    def name(self, children: list[Any]) -> pd.Series:
        return pd.Series(self.table[resolved(children[0], self.table.columns)])

    def number(self, children: list[Any]) -> float:
        return float(children[0])

    def string(self, children: list[Any]) -> str:
        return str(children[0])[1:-1]

    def _comparable(self, left: Any, right: Any) -> tuple[Any, Any]:
        """Both as numbers where one side is a number, else both as text; categories with an order by their places."""
        if (
            all(isinstance(side, pd.Series) and is_ordered(side) for side in (left, right))
            and left.dtype == right.dtype
        ):
            return _places(left), _places(right)
        for one, other in ((left, right), (right, left)):
            if isinstance(one, pd.Series) and isinstance(other, str):
                if pd.api.types.is_bool_dtype(one.dtype):
                    # of a box 1 is ticked, 0 is not, in quotes too
                    return _numbers(left), _numbers(right)
                if pd.api.types.is_datetime64_any_dtype(one.dtype) and (date := date_of(other)) is not None:
                    # a day without a time is all of it
                    days = one.dt.normalize() if is_day(other) else one
                    return (days, date) if one is left else (date, days)
            if isinstance(one, pd.Series) and isinstance(one.dtype, pd.CategoricalDtype) and isinstance(other, str):
                codes = [str(code) for code in one.cat.categories]
                if one.cat.ordered and other in codes:
                    places, place = _places(one), float(codes.index(other))
                    return (places, place) if one is left else (place, places)
        numeric = any(
            isinstance(side, float) or (isinstance(side, pd.Series) and pd.api.types.is_numeric_dtype(side.dtype))
            for side in (left, right)
        )
        return (_numbers(left), _numbers(right)) if numeric else (self._texts(left), self._texts(right))

    def _texts(self, side: Any) -> Any:
        if not isinstance(side, pd.Series):
            return side
        text = side.astype("string")
        return text.fillna("") if self.empty_is_value else text.mask(text == "", pd.NA)


def _places(column: pd.Series) -> pd.Series:
    """Places of categories in their order."""
    return column.cat.codes.astype("Float64").mask(column.cat.codes < 0)


def _numbers(side: Any) -> Any:
    if isinstance(side, pd.Series):
        # of a box 1 is ticked, 0 is not
        if pd.api.types.is_numeric_dtype(side.dtype):
            return side.astype("Float64")
        return pd.to_numeric(side.astype("string"), errors="coerce").astype("Float64")
    return pd.to_numeric(side, errors="coerce")


def _is_empty(column: pd.Series) -> pd.Series:
    return pd.Series(column.isna() | (column.astype("string") == ""), dtype="boolean").fillna(value=True)


def _name_tokens(tree: Tree[Token]) -> Iterator[Token]:
    for child in tree.children:
        if isinstance(child, Tree):
            yield from _name_tokens(child)
        elif tree.data == "name":
            yield child
